"""How long verify and create take, beside what the same work costs at least in this very process.

    python bench/verify.py [--keys 1000000] [--store FILE] [--seconds 1.0]

The floor of verify is a look-up in a dict and an HMAC; that of create is a row that SQLite writes
durably. A store that is there (made by this program before) is used again.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import random
import sqlite3
import statistics
import string
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from keywright import AsyncKeyManager, ImportRecord, KeyManager, __version__

if TYPE_CHECKING:
    from collections.abc import Callable

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PEPPER = "5a" * 32
SEED = b"keywright bench "


def base62(number: int, length: int) -> str:
    """Write a number with so many digits."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(BASE62[digit])
    return "".join(reversed(digits))


def secret(number: int) -> str:
    """Give the secret of that number: the same one every time."""
    chance = int.from_bytes(hashlib.sha512(SEED + str(number).encode()).digest(), "big")
    locator, rest = base62(chance, 16), base62(chance >> 128, 43)
    body = f"bench_live_kw1{locator}_{rest}"
    return body + base62(zlib.crc32(body.encode()), 6)


def prepare(store: Path, keys: int) -> KeyManager:
    """Open the store, and fill it if it is new."""
    opened = KeyManager.open(store, pepper=PEPPER, brand="bench")
    there = opened.identify(secret(keys - 1))
    if there is not None:
        return opened
    print(f"filling {store} with {keys:,} keys", file=sys.stderr)
    begin = time.perf_counter()
    for first in range(0, keys, 50_000):
        numbers = range(first, min(first + 50_000, keys))
        report = opened.import_keys(
            ImportRecord(f"key {number}", secret=secret(number), owner=f"cust_{number % 1000}")
            for number in numbers
        )
        if report.refused:
            print(report.refused[0], file=sys.stderr)
            raise SystemExit(1)
        rate = numbers.stop / (time.perf_counter() - begin)
        print(f"  {numbers.stop:,} ({rate:,.0f} in a second)", file=sys.stderr)
    return opened


def measure(call: Callable[[str], object], presented: list[str], seconds: float) -> tuple[float, float]:
    """Give the median and the 99th percentile of a call, in microseconds."""
    clock = time.perf_counter_ns
    taken: list[int] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for one in presented:
            begin = clock()
            call(one)
            taken.append(clock() - begin)
    taken.sort()
    return statistics.median(taken) / 1000, taken[len(taken) * 99 // 100] / 1000


async def measure_async(keys: AsyncKeyManager, presented: list[str], seconds: float) -> tuple[float, float]:
    """Likewise, of `await keys.verify`."""
    clock = time.perf_counter_ns
    taken: list[int] = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for one in presented:
            begin = clock()
            await keys.verify(one)
            taken.append(clock() - begin)
    taken.sort()
    return statistics.median(taken) / 1000, taken[len(taken) * 99 // 100] / 1000


def row(what: str, times: tuple[float, float], floor: tuple[float, float]) -> None:
    """Print a row of the table."""
    print(f"{what:<44}{times[0]:>10.2f}{times[1]:>10.2f}{times[0] / floor[0]:>9.1f}")


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each row is measured")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store: Path = chosen.store or Path(folder) / "bench.db"
        keys = prepare(store, chosen.keys)
        sample = random.Random(1).sample(range(chosen.keys), min(20_000, chosen.keys))  # noqa: S311
        presented = [secret(number) for number in sample]
        unknown = [secret(chosen.keys + number) for number in range(20_000)]

        pepper = bytes.fromhex(PEPPER)
        table = {one[14:30]: hmac.digest(pepper, one.encode(), "sha256") for one in presented}

        def at_least(one: str) -> bool:
            return hmac.compare_digest(table[one[14:30]], hmac.digest(pepper, one.encode(), "sha256"))

        version = "{}.{}.{}".format(*sys.version_info)
        print(f"keywright {__version__}, Python {version}, {chosen.keys:,} keys, microseconds")
        print(f"{'':<44}{'median':>10}{'99 %':>10}{'× floor':>9}")
        measure(keys.verify, presented, chosen.seconds)
        floor = measure(at_least, presented, chosen.seconds)
        row("floor: dict and HMAC", floor, floor)
        row("verify", measure(keys.verify, presented, chosen.seconds), floor)
        reading = measure(lambda one: keys.verify(one).key, presented, chosen.seconds)
        row("verify, and read the key", reading, floor)
        row("verify an unknown secret", measure(keys.verify, unknown, chosen.seconds), floor)
        malformed = measure(keys.verify, [one[:-1] for one in presented], chosen.seconds)
        row("verify what is malformed", malformed, floor)
        asynchronous = AsyncKeyManager(keys._store)
        row("await verify", asyncio.run(measure_async(asynchronous, presented, chosen.seconds)), floor)

        with sqlite3.connect(f"{store}.floor", isolation_level=None) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("CREATE TABLE IF NOT EXISTS keys (text TEXT)")
            insert = measure(
                lambda one: database.execute("INSERT INTO keys VALUES (?)", (one,)),
                unknown[:50],
                chosen.seconds,
            )
        database.close()
        for path in store.parent.glob(f"{store.name}.floor*"):
            path.unlink()
        row("floor: a durable row of SQLite's", insert, insert)
        made = KeyManager.open(Path(folder) / "created.db", pepper=PEPPER)
        row("create", measure(made.create, ["a"] * 50, chosen.seconds), insert)
        made.close()
        keys.close()


if __name__ == "__main__":
    main()
