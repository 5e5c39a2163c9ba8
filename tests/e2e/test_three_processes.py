"""Three processes of different languages on one file at once: the command line creates, Python
verifies, Node revokes, and Python's next verify says `revoked`. A thousand times.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from _peers import Peer, clean_environment, node_peer, python_peer

ROUNDS = 1000


def create(store: Path, name: str) -> tuple[str, str]:
    command = [os.environ["E2E_CLI"], "--store", str(store), "--output", "json", "create", name]
    done = subprocess.run(command, check=True, capture_output=True, env=clean_environment())
    made = json.loads(done.stdout)
    return made["id"], made["value"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "keywright.db"
    create(path, "first")
    return path


@pytest.fixture
def peers(store: Path, tmp_path: Path) -> Iterator[tuple[Peer, Peer]]:
    folder = tmp_path / "node"
    folder.mkdir()
    both = (python_peer(store), node_peer(store, folder))
    yield both
    for peer in both:
        peer.kill()


def test_a_revoked_key_is_dead_everywhere_at_once(store: Path, peers: tuple[Peer, Peer]) -> None:
    python, node = peers
    for round_ in range(ROUNDS):
        key, secret = create(store, f"round {round_}")
        assert python.ask(verify=secret) == "valid"
        assert node.ask(revoke=key) == "revoked"
        assert python.ask(verify=secret) == "revoked", f"in round {round_}"
        assert node.ask(verify=secret) == "revoked", f"in round {round_}"
    python.close()
    node.close()
