"""After a fork both processes go on, and what one of them does the other sees."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keywright import AsyncKeyManager, ClosedError, KeyManager, Secret, UnsupportedError

pytestmark = pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")


class Child:
    """Runs a function in a child of a fork."""

    def __init__(self, work: Callable[[], Any]) -> None:
        """Fork."""
        self._reads, writes = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writes)
            return
        try:
            outcome: Any = work()
        except BaseException as error:
            outcome = repr(error)
        os.write(writes, pickle.dumps(outcome))
        os._exit(0)

    def result(self) -> Any:
        """Wait for its end."""
        with os.fdopen(self._reads, "rb") as reads:
            outcome = pickle.loads(reads.read() or pickle.dumps("the child said nothing"))
        assert os.waitpid(self.pid, 0)[1] == 0
        return outcome


@pytest.fixture(autouse=True)
def no_fork_hangs() -> Iterator[None]:
    """End a test that hangs."""
    timer = threading.Timer(120, os._exit, [1])
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()


def test_both_go_on(path: str) -> None:
    with KeyManager.open(path) as keys:
        made = keys.create("before")

        def work() -> list[str]:
            codes = [keys.verify(made.secret).code, keys.create("child").key.name]
            keys.revoke(made.key.id)
            return [*codes, keys.verify(made.secret).code]

        assert Child(work).result() == ["valid", "child", "revoked"]
        assert keys.verify(made.secret).code == "revoked"
        assert [key.name for key in keys.list()] == ["child"]
        assert keys.create("after").key.name == "after"
        assert keys.verify_audit() is None


def test_both_work_at_once(path: str) -> None:
    with KeyManager.open(path) as keys:
        keys.create("before")

        def work() -> int:
            return len([keys.create("child") for _ in range(30)])

        children = [Child(work) for _ in range(4)]
        for _ in range(30):
            keys.create("parent")
        assert [child.result() for child in children] == [30] * 4
        assert len(list(keys.list(limit=1000))) == 151
        assert keys.verify_audit() is None


def test_a_child_s_store_outlives_the_parent_s(path: str) -> None:
    """SQLite must know that the child has the file open: else it would clear its log away."""
    keys = KeyManager.open(path)
    keys.create("before")
    reads, writes = os.pipe()

    def work() -> list[str]:
        keys.create("one")
        os.write(writes, b".")
        time.sleep(0.2)
        there = sorted(it.name for it in Path(path).parent.iterdir())
        keys.create("two")
        return there

    child = Child(work)
    os.read(reads, 1)
    keys.close()
    with KeyManager.open(path) as other:
        other.create("three")
        assert "keywright.db-wal" in child.result()
        assert {key.name for key in other.list()} == {"before", "one", "two", "three"}


def test_preloaded_in_the_manner_of_gunicorn(path: str) -> None:
    """The master opens the store, and only workers use it; a revocation reaches all of them."""
    keys = KeyManager.open(path)
    made = [keys.create(f"key {n}") for n in range(4)]
    starts, finishes = os.pipe(), os.pipe()

    def work() -> Any:
        first = [keys.verify(it.secret).code for it in made]
        os.write(finishes[1], b".")
        os.read(starts[0], 1)
        second = [keys.verify(it.secret).code for it in made]
        return first + second

    workers = [Child(work) for _ in range(3)]
    for _ in workers:
        os.read(finishes[0], 1)
    keys.revoke(made[0].key.id)
    os.write(starts[1], b"...")
    for worker in workers:
        assert worker.result() == ["valid"] * 4 + ["revoked"] + ["valid"] * 3
    keys.close()


def test_forks_while_threads_work(path: str) -> None:
    with KeyManager.open(path) as keys:
        made = keys.create("before", credits=1_000_000)
        over = threading.Event()
        failures: list[Exception] = []

        def work() -> None:
            try:
                while not over.is_set():
                    assert keys.verify(made.secret).valid
                    keys.projects.list()
                    keys.acting_as("thread").create("thread")
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            assert Child(lambda: keys.verify(made.secret).code).result() == "valid"
        over.set()
        for thread in threads:
            thread.join(60)
        assert failures == []


def test_asyncio_in_the_child(path: str) -> None:
    async def main() -> Any:
        keys = await AsyncKeyManager.open(path)
        await asyncio.gather(*(keys.create("before") for _ in range(10)))
        return keys

    keys = asyncio.run(main())

    async def work() -> int:
        made = await asyncio.gather(*(keys.create("after", credits=1) for _ in range(10)))
        assert all([await keys.verify(it.secret) for it in made])
        return len([key async for key in (await keys.list()).iter_all()])

    assert Child(lambda: asyncio.run(work())).result() == 20
    assert asyncio.run(work()) == 30
    asyncio.run(keys.close())


def test_a_fork_inside_of_a_loop(path: str) -> None:
    async def work(keys: AsyncKeyManager) -> int:
        await keys.create("child")
        return len(await keys.list())

    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            waiting = [asyncio.create_task(keys.create("parent")) for _ in range(20)]
            await asyncio.sleep(0)

            def in_child() -> Any:
                asyncio._set_running_loop(None)
                loop = asyncio.new_event_loop()
                return loop.run_until_complete(work(keys))

            child = Child(in_child)
            made = await asyncio.gather(*waiting)
            assert len({it.key.id for it in made}) == 20
            assert child.result() >= 1

    asyncio.run(main())


def test_grandchildren(path: str) -> None:
    with KeyManager.open(path) as keys:
        made = keys.create("before")

        def work() -> Any:
            return keys.verify(made.secret).code, Child(lambda: keys.verify(made.secret).code).result()

        assert Child(work).result() == ("valid", "valid")
        # The child has not used it itself.
        assert Child(lambda: Child(lambda: keys.verify(made.secret).code).result()).result() == "valid"


def test_whoever_acts_goes_on_acting(path: str) -> None:
    with KeyManager.open(path) as keys:
        alice = keys.acting_as("alice")
        assert Child(lambda: alice.create("child").key.name).result() == "child"
        bob = keys.acting_as("bob")
        bob.create("parent")
        assert [it.actor for it in keys.audit(event_types=["api_key.created"])] == ["alice", "bob"]


def test_a_process_that_goes_elsewhere(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(path).parent)
    with KeyManager.open(Path(path).name) as keys:
        made = keys.create("before")

        def work() -> str:
            os.chdir("/")
            return keys.verify(made.secret).code

        assert Child(work).result() == "valid"


def test_a_closed_store_stays_closed(path: str) -> None:
    keys = KeyManager.open(path)
    keys.close()

    def work() -> str:
        with pytest.raises(ClosedError):
            keys.create("child")
        return "refused"

    assert Child(work).result() == "refused"


def test_a_store_in_memory_stays_the_parent_s(keys: KeyManager) -> None:
    made = keys.create("before")

    def work() -> str:
        with pytest.raises(UnsupportedError, match="memory"):
            keys.verify(made.secret)
        assert repr(keys) == "<KeyManager memory:>"
        with KeyManager.open("memory:") as own:
            return own.verify(own.create("child").secret).code

    assert Child(work).result() == "valid"
    assert keys.verify(made.secret).valid


def test_what_nobody_needs_can_go(path: str) -> None:
    def work(keys: list[KeyManager]) -> str:
        keys.clear()
        gc.collect()
        return "gone"

    keys = [KeyManager.open(path)]
    keys[0].create("before")
    assert Child(lambda: work(keys)).result() == "gone"
    keys[0].close()


def test_a_fork_that_fails(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from keywright import _store

    with KeyManager.open(path) as keys:
        made = keys.create("before")
        _store._before_fork()
        _store._after_in_parent()
        assert keys.verify(made.secret).valid
    assert monkeypatch


def worker(secret: str) -> str:
    """Verify with the manager of the parent."""
    return shared[0].verify(secret).code


shared: list[KeyManager] = []


def test_multiprocessing(path: str) -> None:
    context = multiprocessing.get_context("fork")
    with KeyManager.open(path) as keys, warnings.catch_warnings():
        shared[:] = [keys]
        secrets = [keys.create(f"key {n}").secret.reveal() for n in range(8)]
        with context.Pool(3) as pool:
            assert pool.map(worker, secrets * 10) == ["valid"] * 80
            keys.revoke_all(keys.list().data[0].owner.id)
            assert set(pool.map(worker, secrets * 10)) == {"revoked"}
        shared.clear()


def test_a_child_may_end_like_any_program(path: str) -> None:
    """The child ends by itself: atexit, threads, garbage."""
    program = f"""
import os, sys
from keywright import KeyManager
keys = KeyManager.open({path!r})
secret = keys.create("a").secret
pid = os.fork()
assert keys.verify(secret).valid
if pid:
    status = os.waitpid(pid, 0)[1]
    assert keys.verify(secret).valid
    sys.exit(status)
"""
    for _ in range(10):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program], capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_secret_goes_along() -> None:
    secret = Secret("hunter2")
    assert Child(secret.reveal).result() == "hunter2"


def test_how_long_it_takes(path: str) -> None:
    """A fork waits for the store to close, and the next use for it to open: not long."""
    with KeyManager.open(path) as keys:
        made = keys.create("before")
        begin = time.monotonic()
        for _ in range(10):
            Child(lambda: None).result()
            assert keys.verify(made.secret).valid
        assert (time.monotonic() - begin) / 10 < 1


def test_forks_while_threads_open_and_act(path: str) -> None:
    """Nothing is opened, and nobody begins to act, half before a fork and half after it."""
    over = threading.Event()
    failures: list[Exception] = []
    with KeyManager.open(path) as keys:
        made = keys.create("before")

        def work() -> None:
            try:
                while not over.is_set():
                    with KeyManager.open(path) as own:
                        assert own.verify(made.secret).valid
                    keys.acting_as("thread").projects.list()
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            assert Child(lambda: keys.create("child").key.name).result() == "child"
        over.set()
        for thread in threads:
            thread.join(60)
        assert failures == []
        assert len(list(keys.list(limit=1000))) == 21
