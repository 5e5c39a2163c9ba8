"""The example of each framework, started as a user would."""

from __future__ import annotations

import os
import selectors
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = ("fastapi", "django")
NODE = ("express", "fastify", "hono")
NAMES = (*PYTHON, *NODE, "axum")


@contextmanager
def running(name: str, store: Path, **environment: str) -> Iterator[int]:
    """Start an example on a free port; stop it at the end."""
    port = free_port()
    if name in PYTHON:
        environment.setdefault("KEYWRIGHT_PACKAGE", os.environ["E2E_WHEEL"])
    elif name in NODE:
        environment.setdefault("KEYWRIGHT_PACKAGE", os.environ["E2E_TARBALL"])
    process = subprocess.Popen(
        [EXAMPLES / name / "run"],
        env={**os.environ, "PORT": str(port), "KEYWRIGHT_STORE": str(store), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        wait_until_it_listens(name, process)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_listens(name: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for the line with which every example says that it is ready."""
    told = b""
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + 300
        while b"listening on http://127.0.0.1:" not in told:
            ready = selector.select(timeout=max(0.0, deadline - time.monotonic()))
            more = os.read(process.stdout.fileno(), 65536) if ready else b""
            told += more
            assert more, f"{name} does not listen; it said: {told.decode(errors='replace')}"
