"""AsyncKeyManager: real coroutines, on any event loop, that can be cancelled."""

from __future__ import annotations

import asyncio
import gc
import inspect
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest

from keywright import AsyncKeyManager, ClosedError, InvalidArgumentError, KeyManager, _call

T = TypeVar("T")


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run as programs do, and complain of what is left over."""
    return asyncio.run(coroutine, debug=True)


def test_the_main_job(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            made = await keys.create("billing")
            assert (await keys.verify(made.secret)).valid
            await keys.revoke(made.key.id)
            assert (await keys.verify(made.secret)).code == "revoked"
        with pytest.raises(ClosedError):
            await keys.create("a")

    run(main())


def test_it_opens_by_await_too() -> None:
    async def main() -> None:
        keys = await AsyncKeyManager.open("memory:")
        assert keys.brand == "kw"
        async with keys as same:
            assert same is keys
        await keys.aclose()
        with pytest.raises(InvalidArgumentError):
            await AsyncKeyManager.open("memory:", brand="?")

    run(main())


def test_methods_are_real_coroutines() -> None:
    async def main() -> None:
        async with AsyncKeyManager.open("memory:") as keys:
            coroutine = keys.create("a")
            assert inspect.iscoroutine(coroutine)
            made = await asyncio.create_task(coroutine)
            async with asyncio.timeout(10) if sys.version_info >= (3, 11) else keys.acting_as("a"):
                assert await keys.verify(made.secret)

    run(main())


def test_many_at_once(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            made = await asyncio.gather(*(keys.create(f"key {n}") for n in range(200)))
            answers = await asyncio.gather(*(keys.verify(it.secret) for it in made))
            assert all(answers)
            page = await keys.list(limit=50)
            assert len([key async for key in page.iter_all()]) == 200
            events = await keys.audit(limit=1000)
            assert len(events) == 201
            assert len([line async for line in keys.export_keys()]) == 403
            assert await keys.verify_audit() is None

    run(main())


def test_groups() -> None:
    async def main() -> None:
        async with AsyncKeyManager.open("memory:") as keys:
            project = await keys.projects.create("web", default_lifetime=60)
            assert await keys.projects.get("web") == project
            assert len(await keys.projects.list()) == 2
            assert (await keys.projects.archive("web")).status == "archived"
            robot = await keys.service_accounts.create("robot")
            assert robot in await keys.service_accounts.list()
            assert await keys.service_accounts.delete(robot.id) == 0
            person = await keys.users.create("Ada")
            assert await keys.users.list() == [person]
            assert await keys.users.delete(person.id) == 0
            admin = await keys.admin_keys.create("root")
            assert (await keys.admin_keys.verify(admin.secret)).valid
            assert (await keys.admin_keys.get(admin.key.id)).id == admin.key.id
            assert [key.id async for key in (await keys.admin_keys.list()).iter_all()] == [admin.key.id]
            assert (await keys.admin_keys.revoke(admin.key.id)).status == "revoked"

    run(main())


def test_a_limited_key_waits_for_the_store(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            made = await keys.create("a", credits=10)
            answers = await asyncio.gather(*(keys.verify(made.secret) for _ in range(30)))
            assert sorted(it.code for it in answers) == ["usage_exceeded"] * 20 + ["valid"] * 10

    run(main())


SLOW = "$2b$11$"


def slow_hash() -> str:
    """Give a bcrypt hash that no secret here has."""
    return f"{SLOW}{'.' * 53}"


def test_the_loop_goes_on_meanwhile(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            await keys.import_keys(
                [{"name": "old", "hash_format": "bcrypt", "hash": slow_hash(), "prefix": "sk-old-"}]
            )
            ticks = 0

            async def tick() -> None:
                nonlocal ticks
                while True:
                    await asyncio.sleep(0.001)
                    ticks += 1

            ticking = asyncio.create_task(tick())
            assert (await keys.verify("sk-old-guess")).code == "not_found"
            ticking.cancel()
            assert ticks > 3

    asyncio.run(main())


def test_a_time_limit_ends_the_waiting(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            await keys.import_keys(
                [{"name": "old", "hash_format": "bcrypt", "hash": slow_hash(), "prefix": "sk-old-"}]
            )
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(keys.verify("sk-old-guess"), 0.005)
            assert (await keys.create("a")).key.name == "a"

    run(main())


def test_cancelled_tasks_leave_nothing_behind(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            tasks = [asyncio.create_task(keys.create(f"key {n}")) for n in range(100)]
            await asyncio.sleep(0)
            for task in tasks[::2]:
                task.cancel()
            done = await asyncio.gather(*tasks, return_exceptions=True)
            cancelled = [it for it in done if isinstance(it, asyncio.CancelledError)]
            assert len(cancelled) == 50
            # What was submitted may still take place.
            there = len([key async for key in (await keys.list(limit=1000)).iter_all()])
            assert 50 <= there <= 100
            waiting = _call._loops[asyncio.get_running_loop()]
            assert not waiting._calls

    run(main())


def test_one_manager_serves_several_loops(path: str) -> None:
    with KeyManager.open(path) as keys:
        manager = AsyncKeyManager(keys._store)

        async def main() -> None:
            await asyncio.gather(*(manager.create("a") for _ in range(20)))

        run(main())
        threads = [threading.Thread(target=lambda: run(main())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(list(keys.list(limit=1000))) == 100


def test_a_loop_that_is_gone_is_forgotten(path: str) -> None:
    with KeyManager.open(path) as keys:
        manager = AsyncKeyManager(keys._store)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(manager.create("a"))
        bell = weakref.ref(_call._loops[loop])
        loop.close()
        del loop
        gc.collect()
        assert bell() is None


class Blind(asyncio.SelectorEventLoop):
    """A loop that watches no files for others, like the one of Windows."""

    def add_reader(self, *args: Any) -> None:  # type: ignore[override]
        raise NotImplementedError


def test_a_loop_that_can_not_watch_lends_a_thread(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            made = await asyncio.gather(*(keys.create("a", credits=1) for _ in range(20)))
            assert (await keys.verify(made[0].secret)).valid
            with pytest.raises(InvalidArgumentError):
                await keys.create("")

    loop = Blind()
    try:
        loop.run_until_complete(main())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


def test_errors_come_out_of_await(path: str) -> None:
    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            with pytest.raises(InvalidArgumentError):
                await keys.get("x")
            with pytest.raises(TypeError):
                await keys.get(3)  # type: ignore[arg-type]

    run(main())


def test_outside_of_a_loop() -> None:
    keys = run(opened())
    coroutine = keys.create("a")
    with pytest.raises(RuntimeError, match="no running event loop"):
        coroutine.send(None)


async def opened() -> AsyncKeyManager:
    return await AsyncKeyManager.open("memory:")


def test_ctrl_c_ends_a_wait() -> None:
    program = """
import _thread, threading, time
from keywright import KeyManager
keys = KeyManager.open("memory:")
keys.import_keys([{"name": "old", "hash_format": "bcrypt", "hash": "$2b$15$" + "." * 53,
                   "prefix": "sk-old-"}])
threading.Timer(0.3, _thread.interrupt_main).start()
begin = time.monotonic()
try:
    keys.verify("sk-old-guess")
except KeyboardInterrupt:
    print("interrupted", time.monotonic() - begin)
"""
    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("interrupted"), (done.stdout, done.stderr)
    assert float(done.stdout.split()[1]) < 1
    assert time.monotonic() - begin < 60
