"""One manager for many threads."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from keywright import KeyManager

from .test_async import slow_hash


def together(count: int, work: Callable[[int], object]) -> None:
    """Do something on many threads at once; the first error counts."""
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work, number) for number in range(count)]:
            done.result(timeout=120)


def test_all_kinds_of_calls_at_once(path: str) -> None:
    with KeyManager.open(path) as keys:
        shared = keys.create("shared")

        def work(number: int) -> None:
            acting = keys.acting_as(f"thread {number}")
            for _ in range(10):
                made = acting.create(f"key {number}", credits=2)
                assert keys.verify(shared.secret).valid
                assert keys.verify(made.secret).valid
                acting.update(made.key.id, name="other")
                rotated = acting.rotate(made.key.id, overlap=0)
                assert keys.verify(made.secret).code == "revoked"
                assert keys.verify(rotated.secret).valid
                acting.revoke(made.key.id)
                assert keys.verify(rotated.secret).code == "revoked"

        together(8, work)
        assert keys.verify_audit() is None
        assert len(list(keys.list(include_revoked=True, limit=1000))) == 81


def test_credits_are_never_granted_twice(path: str) -> None:
    with KeyManager.open(path) as keys:
        made = keys.create("a", credits=50)
        granted: list[bool] = []

        def work(_number: int) -> None:
            granted.extend(keys.verify(made.secret).valid for _ in range(20))

        together(8, work)
        assert granted.count(True) == 50


def test_others_run_while_one_waits(path: str) -> None:
    with KeyManager.open(path) as keys:
        keys.import_keys([{"name": "old", "hash_format": "bcrypt", "hash": slow_hash(), "prefix": "sk-old-"}])
        ticks = 0
        over = threading.Event()

        def tick() -> None:
            nonlocal ticks
            while not over.is_set():
                ticks += 1
                time.sleep(0.001)

        ticking = threading.Thread(target=tick)
        ticking.start()
        assert keys.verify("sk-old-guess").code == "not_found"
        over.set()
        ticking.join()
        assert ticks > 3


def test_a_log_handler_may_use_the_store(path: str) -> None:
    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            assert record
            keys.list()
            keys.create("from the handler")

    logger = logging.Logger("test", logging.DEBUG)
    logger.addHandler(Handler())
    with KeyManager.open(path, log=logger) as keys:
        together(4, lambda _: [keys.verify("x") for _ in range(5)])
        assert len(list(keys.list(limit=1000))) == 20


def test_closing_while_others_work(path: str) -> None:
    keys = KeyManager.open(path)
    made = keys.create("a")
    outcomes: list[str] = []

    def work(_number: int) -> None:
        try:
            while True:
                keys.create("b")
                keys.verify(made.secret)
        except Exception as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.05)
    keys.close()
    for thread in threads:
        thread.join(30)
    assert outcomes == ["ClosedError"] * 4
