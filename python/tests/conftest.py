"""What the tests share: stores with a clock of their own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keywright import KeyManager, _native

START = 1_800_000_000
SHARED = Path(__file__).parents[2] / "tests"

if not hasattr(_native, "open_for_tests"):
    pytest.exit("build the package with: maturin develop --features test-support", 4)

for name in ("KEYWRIGHT_STORE", "KEYWRIGHT_PEPPER", "KEYWRIGHT_PEPPER_FILE", "KEYWRIGHT_BRAND"):
    os.environ.pop(name, None)


def shared(path: str) -> Any:
    """Read a file that all languages are tested with."""
    return json.loads((SHARED / path).read_text(encoding="utf-8"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a clock that stands still, for all stores that the test opens."""
    native: Any = _native
    made = native.TestClock(START)
    monkeypatch.setattr(_native, "open_store", lambda *args: native.open_for_tests(args, made, None))
    return made


@pytest.fixture
def keys() -> Iterator[KeyManager]:
    """Give a store in memory."""
    with KeyManager.open("memory:", brand="acme") as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Give a place for a store."""
    return str(tmp_path / "keywright.db")
