"""`keywright serve`, by plain HTTP: a key is created, copied once, listed, used and revoked; what was
acknowledged outlives a kill; slow visitors keep nobody waiting.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from typing import TYPE_CHECKING

import pytest
from _server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SLOW = 1000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path / "keys.db")
    yield started
    started.kill()


def test_create_copy_once_list_use_revoke(server: Server) -> None:
    admin = server.admin_key()
    wanted = {"name": "billing", "owner": "cust_42", "scopes": ["invoices.read"]}
    status, made = server.ask("POST", "/v1/keys", admin, wanted)
    assert status == 200
    secret = made["value"]

    _, listed = server.ask("GET", "/v1/keys", admin)
    assert [key["id"] for key in listed["data"]] == [made["id"]]
    for path in ["/v1/keys", f"/v1/keys/{made['id']}", "/v1/organization/audit_logs"]:
        _, told = server.ask("GET", path, admin)
        assert secret not in json.dumps(told), path

    assert server.ask("GET", "/v1/keys/self", secret)[1]["name"] == "billing"
    question = {"secret": secret, "scopes": ["invoices.read"]}
    assert server.ask("POST", "/v1/keys/verify", admin, question)[1]["code"] == "valid"
    # The data key manages nothing.
    assert server.ask("GET", "/v1/keys", secret)[0] == 403

    status, revoked = server.ask("POST", f"/v1/keys/{made['id']}/revoke", admin, {"reason": "superseded"})
    assert (status, revoked["status"]) == (200, "revoked")
    assert server.ask("POST", "/v1/keys/verify", admin, question)[1]["code"] == "revoked"
    assert server.ask("GET", "/v1/keys/self", secret)[0] == 401


def test_whoever_finds_a_secret_ends_it(server: Server) -> None:
    admin = server.admin_key()
    _, made = server.ask("POST", "/v1/keys", admin, {"name": "leaked"})
    found = server.ask("POST", "/v1/leaks", None, {"secret": made["value"]})
    nothing = server.ask("POST", "/v1/leaks", None, {"secret": "nothing"})
    assert found == nothing == (200, {"object": "leak_report", "received": True})
    question = {"secret": made["value"]}
    assert server.ask("POST", "/v1/keys/verify", admin, question)[1]["code"] == "compromised"


def test_the_command_line_and_the_server_see_each_other_at_once(server: Server) -> None:
    admin = server.admin_key()
    for round_ in range(20):
        made = server.store.run("create", f"round {round_}")
        question = {"secret": made["value"]}
        assert server.ask("POST", "/v1/keys/verify", admin, question)[1]["code"] == "valid"
        server.store.run("revoke", str(made["id"]), "--yes")
        assert server.ask("POST", "/v1/keys/verify", admin, question)[1]["code"] == "revoked"


def test_killed_under_load_it_has_lost_nothing_that_it_acknowledged(server: Server) -> None:
    admin = server.admin_key()
    created: dict[str, str] = {}
    revoked: set[str] = set()
    enough = threading.Event()

    def work(name: str) -> None:
        # The server goes away in the middle of it.
        with contextlib.suppress(OSError, http.client.HTTPException, json.JSONDecodeError):
            for number in range(10_000):
                _, made = server.ask("POST", "/v1/keys", admin, {"name": f"{name} {number}"})
                created[made["id"]] = made["value"]
                if number % 2:
                    server.ask("POST", f"/v1/keys/{made['id']}/revoke", admin, {})
                    revoked.add(made["id"])
                if len(revoked) >= 100:
                    enough.set()

    workers = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for worker in workers:
        worker.start()
    assert enough.wait(timeout=120)
    server.kill()
    for worker in workers:
        worker.join(timeout=60)

    server.start()
    assert len(created) >= 200
    ids = list(created)
    for place in range(0, len(ids), 100):
        some = ids[place : place + 100]
        batch = {"batch": [{"secret": created[id_]} for id_ in some]}
        _, told = server.ask("POST", "/v1/keys/verify", admin, batch)
        for id_, answer in zip(some, told["data"], strict=True):
            # One whose revoke was on its way may be either.
            expected = {"revoked"} if id_ in revoked else {"valid", "revoked"}
            assert answer["code"] in expected
            assert answer["key"]["id"] == id_
    assert sum(1 for _ in revoked) >= 100
    assert server.end() == 0
    server.start()


def test_slow_visitors_keep_nobody_waiting(server: Server) -> None:
    admin = server.admin_key()
    with contextlib.ExitStack() as visitors:
        for _ in range(SLOW):
            visitor = visitors.enter_context(socket.create_connection(server.address, timeout=60))
            visitor.sendall(b"GET /v1/keys HTTP/1.1\r\nhost: ")
        for _ in range(20):
            assert server.ask("GET", "/v1/keys", admin)[0] == 200


def test_what_is_no_request_ends_its_own_connection_and_no_other(server: Server) -> None:
    for noise in [b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 100, b"A" * 300_000]:
        with socket.create_connection(server.address, timeout=60) as visitor:
            # It may be gone before all of it was sent.
            with contextlib.suppress(OSError):
                visitor.sendall(noise)
                visitor.shutdown(socket.SHUT_WR)
            with contextlib.suppress(OSError):
                while visitor.recv(65536):
                    pass
        assert server.ask("GET", "/healthz")[0] == 200
