"""One file shared by four languages at once: Kotlin creates, Swift verifies, Python rotates, Node revokes,
and all of them refuse both secrets from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _peers import Peer, kotlin_peer, node_peer, python_peer, swift_peer

ROUNDS = 100


@pytest.fixture
def peers(tmp_path: Path) -> Iterator[dict[str, Peer]]:
    store = tmp_path / "keywright.db"
    folder = tmp_path / "node"
    folder.mkdir()
    # One after the other: whoever comes first makes the store.
    all_ = {"kotlin": kotlin_peer(store)}
    all_["kotlin"].ask(verify="whether it is there")
    all_ |= {"swift": swift_peer(store), "python": python_peer(store), "node": node_peer(store, folder)}
    yield all_
    for peer in all_.values():
        peer.kill()


def test_what_one_does_holds_for_all(peers: dict[str, Peer]) -> None:
    kotlin, swift, python, node = (peers[name] for name in ("kotlin", "swift", "python", "node"))
    for round_ in range(ROUNDS):
        made = kotlin.ask(create=f"round {round_}")
        old = made["secret"]
        assert swift.ask(verify=old) == "valid"
        fresh = python.ask(rotate=made["id"])
        for name, peer in peers.items():
            assert peer.ask(verify=fresh) == "valid", f"{name} in round {round_}"
        assert swift.ask(verify=old) == "valid", "it overlaps"
        assert node.ask(revoke=made["id"]) == "revoked"
        for name, peer in peers.items():
            for secret in (old, fresh):
                assert peer.ask(verify=secret) == "revoked", f"{name} in round {round_}"
    for peer in peers.values():
        peer.close()


def test_each_can_do_all(peers: dict[str, Peer]) -> None:
    for maker in peers.values():
        made = maker.ask(create="made")
        for other in peers.values():
            assert other.ask(verify=made["secret"]) == "valid"
        fresh = maker.ask(rotate=made["id"])
        assert maker.ask(revoke=made["id"]) == "revoked"
        for other in peers.values():
            assert other.ask(verify=fresh) == "revoked"
