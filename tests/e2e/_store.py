"""A store, and the command line on it."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Store:
    """A store, and the command line on it."""

    def __init__(self, path: Path) -> None:
        """Name it; the first command makes it."""
        self.path = path

    def run(self, *words: str) -> dict[str, object]:
        """Run a command that must succeed."""
        command = [os.environ["E2E_CLI"], "--store", self.path, "--output", "json", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def issue(self, *words: str) -> tuple[str, str]:
        """Give the id and the bearer of a new key."""
        made = self.run("create", "example", "--scopes", "hello.read", *words)
        return str(made["id"]), f"Bearer {made['value']}"
