"""The example of each framework, started as a user would, and asked as a client would."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[2] / "examples"
PYTHON = ("fastapi", "django")
NODE = ("express", "fastify", "hono")
NAMES = (*PYTHON, *NODE, "axum")
COMPARED = (
    "content-type",
    "content-length",
    "cache-control",
    "www-authenticate",
    "retry-after",
    "ratelimit",
    "ratelimit-policy",
)


@contextmanager
def running(name: str, store: Path, **environment: str) -> Iterator[int]:
    """Start an example on a free port; stop it at the end. What it says is kept beside the store."""
    port = free_port()
    if name in PYTHON:
        environment.setdefault("KEYWRIGHT_PACKAGE", os.environ["E2E_WHEEL"])
    elif name in NODE:
        environment.setdefault("KEYWRIGHT_PACKAGE", os.environ["E2E_TARBALL"])
    log = store.with_suffix(f".{name}.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [EXAMPLES / name / "run"],
            env={**os.environ, "PORT": str(port), "KEYWRIGHT_STORE": str(store), **environment},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_it_listens(name, process, port, log)
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


def wait_until_it_listens(name: str, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until it answers; installing what it needs comes first."""
    deadline = time.monotonic() + 300
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            said = log.read_text(errors="replace")
            assert process.poll() is None, f"{name} ended; it said: {said}"
            assert time.monotonic() < deadline, f"{name} does not listen; it said: {said}"
            time.sleep(0.05)
        else:
            return


class Answer(NamedTuple):
    """What of a response must be the same everywhere."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        """The wire's code."""
        return str(json.loads(self.body)["error"]["code"])


def ask(port: int, *credentials: str, path: str = "/hello", name: str = "Authorization") -> Answer:
    """Send a request with these values of one header."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest("GET", path)
        for credential in credentials:
            connection.putheader(name, credential)
        connection.endheaders()
        response = connection.getresponse()
        headers = {name: value for name in COMPARED if (value := response.getheader(name)) is not None}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()
