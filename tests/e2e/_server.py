"""`keywright serve` as a process, and plain HTTP to it."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from _peers import clean_environment
from _store import Store

if TYPE_CHECKING:
    from pathlib import Path


def _allow_files(count: int) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    fewer = count if most == resource.RLIM_INFINITY else min(count, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (fewer, most))


def _few_files() -> None:
    """As a login shell usually sets it: the server has to raise it itself."""
    _allow_files(1024)


class Server:
    """A server on a file; it can be killed and started again."""

    def __init__(self, path: Path) -> None:
        """Start it on any free port."""
        self.store = Store(path)
        self.start()

    def start(self) -> None:
        """Start it, and read where it is."""
        # A test opens many connections; the server sees to its own share.
        _allow_files(10_000)
        command = [os.environ["E2E_CLI"], "--store", self.store.path, "--output", "json"]
        self._process = subprocess.Popen(
            [*command, "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(),
            preexec_fn=_few_files,
        )
        assert self._process.stdout is not None
        self.url = str(json.loads(self._process.stdout.readline())["url"])

    @property
    def address(self) -> tuple[str, int]:
        """Give host and port."""
        host, port = self.url.removeprefix("http://").rsplit(":", 1)
        return host, int(port)

    def admin_key(self, name: str = "tests") -> str:
        """Make an admin key by the command line, as whoever runs the server does."""
        return str(self.store.run("admin-key", "create", name)["value"])

    def end(self) -> int:
        """Ask it to end, and wait."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """End it as a power cut does."""
        self._process.kill()
        self._process.wait(timeout=60)

    def ask(self, method: str, path: str, key: str | None = None, body: Any = None) -> tuple[int, Any]:
        """Send a request; give the status and what the body says."""
        request = urllib.request.Request(self.url + path, method=method)  # noqa: S310
        if key is not None:
            request.add_header("Authorization", f"Bearer {key}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
