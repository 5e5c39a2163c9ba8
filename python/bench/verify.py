"""What verify and create cost from Python, each beside its floor in the same run.

    python bench/verify.py [KEYS]          (1,000,000, or what KEYWRIGHT_BENCH_KEYS says, if absent)

Uses the store that `cargo bench -p keywright` fills, in target/bench. Prints a Markdown table for
`docs/performance.md`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from keywright import AsyncKeyManager, KeyManager

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TIMED = 20_000


def prepared(count: int) -> tuple[Path, list[str]]:
    """Give the filled store, and the secrets in it."""
    ask = ["cargo", "metadata", "--no-deps", "--format-version", "1"]
    told = subprocess.run(ask, cwd=Path(__file__).parent, capture_output=True, check=True)  # noqa: S603
    store = Path(json.loads(told.stdout)["target_directory"]) / "bench" / f"keys-{count}.db"
    try:
        return store, store.with_suffix(".secrets").read_text(encoding="ascii").split("\n")
    except FileNotFoundError:
        raise SystemExit(f"{store} is not filled: run `cargo bench -p keywright` first") from None


def show(what: str, cpu: float, walls: list[float]) -> None:
    """Print a row of the table; times in seconds."""
    walls.sort()
    middle, late = walls[len(walls) // 2], walls[len(walls) * 99 // 100]
    print(f"| {what} | {cpu * 1e6:.2f} µs | {middle * 1e6:.2f} µs | {late * 1e6:.2f} µs |", flush=True)


def measure(what: str, run: Callable[[str], object], picks: list[str]) -> None:
    """CPU time of this process for each call, and how long some of them took."""
    for pick in picks[: len(picks) // 4]:
        run(pick)
    before = time.process_time()
    for pick in picks:
        run(pick)
    cpu = (time.process_time() - before) / len(picks)
    walls = []
    for pick in picks[:TIMED]:
        begin = time.perf_counter()
        run(pick)
        walls.append(time.perf_counter() - begin)
    show(what, cpu, walls)


async def measure_async(what: str, run: Callable[[str], Awaitable[object]], picks: list[str]) -> None:
    """Likewise, of what is awaited."""
    before = time.process_time()
    for pick in picks:
        await run(pick)
    cpu = (time.process_time() - before) / len(picks)
    walls = []
    for pick in picks[:TIMED]:
        begin = time.perf_counter()
        await run(pick)
        walls.append(time.perf_counter() - begin)
    show(what, cpu, walls)


def verify(store: Path, secrets: list[str]) -> None:
    """Measure verify."""
    picks = random.Random(1).choices(secrets, k=100_000)  # noqa: S311
    key = b"k" * 32
    table = {one[11:27]: hmac.digest(key, one.encode(), "sha256") for one in picks}
    measure(
        "floor: `hmac.digest` and a look-up in a `dict`",
        lambda one: hmac.compare_digest(table[one[11:27]], hmac.digest(key, one.encode(), "sha256")),
        picks,
    )
    with KeyManager.open(store, must_exist=True) as keys:
        measure("`verify`, a random valid key, `.valid` read", lambda one: keys.verify(one).valid, picks)
        measure("`verify`, and `.key` read", lambda one: keys.verify(one).key, picks)
        asynchronous = AsyncKeyManager(keys._store)
        asyncio.run(measure_async("`await verify`, a random valid key", asynchronous.verify, picks))
        malformed = [hashlib.sha256(one.encode()).hexdigest() for one in picks]
        measure("`verify`, malformed", keys.verify, malformed)


def create(folder: Path) -> None:
    """Measure create."""
    database = sqlite3.connect(folder / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE keys (text TEXT)")
    names = [f"key {number}" for number in range(2000)]
    insert = "INSERT INTO keys VALUES (?)"
    measure("floor: one durable row of SQLite's", lambda name: database.execute(insert, (name,)), names)
    database.close()
    with KeyManager.open(folder / "created.db") as keys:
        measure("`create`, one after the other, durable", keys.create, names)


def main() -> None:
    """Print the table."""
    count = int((sys.argv[1:] or [os.environ.get("KEYWRIGHT_BENCH_KEYS", "1000000")])[0])
    store, secrets = prepared(count)
    version = "{}.{}.{}".format(*sys.version_info)
    print(f"\n{count} keys, Python {version}, one thread, warm; CPU time per operation\n")
    print("| what | CPU per operation | wall p50 | wall p99 |\n|---|---|---|---|")
    verify(store, secrets)
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        create(Path(folder))


if __name__ == "__main__":
    main()
