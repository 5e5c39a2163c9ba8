"""Of 1,000 secrets none is left behind: in files, logs, errors, or what objects show."""

from __future__ import annotations

import asyncio
import logging
import re
import traceback
from pathlib import Path
from typing import Any

import pytest

from keywright import AsyncKeyManager, Created, KeywrightError

COUNT = 1000
# So many characters of a secret are a leak.
PART = 16


def test_none_is_left_behind(path: str, caplog: pytest.LogCaptureFixture) -> None:
    shown: list[str] = []
    secrets: list[str] = []
    wrong: list[str] = []

    async def one(keys: AsyncKeyManager, number: int) -> None:
        made = await keys.create(f"key {number}", idempotency_key=f"order {number}", credits=1)
        rotated = await keys.rotate(made.key.id, overlap=60)
        see(made, rotated)
        for answer in [await keys.verify(made.secret), await keys.verify(made.secret)]:
            see(answer, answer.key, answer.to_dict())
        guess = rotated.secret.reveal()[:-8] + "deadbeef"
        wrong.append(guess)
        see(await keys.verify(guess), await keys.identify(guess))
        for call in (
            keys.create(f"key {number}", idempotency_key=f"order {number}", credits=1),
            keys.get(rotated.secret.reveal()),
            keys.create(rotated.secret.reveal() * 3),
            keys.create("a", owner=rotated.secret.reveal() + "\0"),
            keys.create("a", scopes=[rotated.secret.reveal()]),
            keys.create("a", rate_limit=rotated.secret.reveal()),
            keys.projects.get(rotated.secret.reveal()),
            keys.verify("x", ip=rotated.secret.reveal()),
        ):
            try:
                see(await call)
            except KeywrightError as error:
                see(error, error.args, error.hint, "".join(traceback.format_exception_only(error)))

    def see(*objects: Any) -> None:
        for it in objects:
            if isinstance(it, Created):
                secrets.append(it.secret.reveal())
            shown.append(f"{it!r} {it}")

    async def main() -> None:
        async with AsyncKeyManager.open(path) as keys:
            await asyncio.gather(*(one(keys, number) for number in range(COUNT)))
            # While it is in use, its log among the files.
            found.extend(it.read_bytes() for it in Path(path).parent.iterdir())
            shown.extend([line async for line in keys.export_keys()])

    found: list[bytes] = []
    with caplog.at_level(logging.DEBUG):
        asyncio.run(main())
    found.extend(it.read_bytes() for it in Path(path).parent.iterdir())
    shown.extend(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert len(secrets) >= 2 * COUNT
    assert len(caplog.records) >= 2 * COUNT
    everything = b"\0".join([*found, *(text.encode() for text in shown)])
    parts = {
        run[place : place + PART]
        for run in set(re.findall(rb"[0-9A-Za-z]{%d,}" % PART, everything))
        for place in range(len(run) - PART + 1)
    }
    for secret in [*secrets, *wrong]:
        # What follows the public part: 43 letters and digits by chance, and the checksum.
        assert secret.rpartition("_")[2][:PART].encode() not in parts
