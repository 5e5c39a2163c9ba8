"""Every framework's adapter answers the same requests with the same bytes, over real HTTP."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest
from _apps import NAMES, Answer, ask, running
from _store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class World(NamedTuple):
    """All apps on one store."""

    store: Store
    ports: dict[str, int]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Start every example on one store."""
    store = Store(tmp_path_factory.mktemp("apps") / "keys.db")
    store.issue()
    with ExitStack() as stack:
        yield World(store, {name: stack.enter_context(running(name, store.path)) for name in NAMES})


def everywhere(world: World, *credentials: str, path: str = "/hello") -> Answer:
    """Ask every app, and give the one answer that all of them gave."""
    answers = {name: ask(port, *credentials, path=path) for name, port in world.ports.items()}
    first = next(iter(answers.values()))
    assert answers == dict.fromkeys(answers, first)
    return first


def test_a_good_key_reaches_the_handler(world: World) -> None:
    _, bearer = world.store.issue()
    for port in world.ports.values():
        answer = ask(port, bearer)
        assert (answer.status, json.loads(answer.body)) == (200, {"hello": "example"})
        assert ask(port, bearer.replace("Bearer", "bearer")).status == 200


def test_all_refusals_with_401_are_the_same_bytes(world: World, tmp_path: Path) -> None:
    store = world.store
    (disabled, off), (revoked, dead), (leaked, out) = store.issue(), store.issue(), store.issue()
    store.run("disable", disabled)
    store.run("revoke", revoked, "--yes")
    store.run("revoke", leaked, "--reason", "key_compromise", "--yes")
    admin = store.run("admin-key", "create", "root")["value"]
    _, unknown = Store(tmp_path / "other.db").issue()
    none = everywhere(world)
    assert (none.status, none.code) == (401, "invalid_api_key")
    assert none.headers["www-authenticate"] == 'Bearer realm="api"'
    tries = ["Bearer x", "Basic dTpw", "Bearer ", unknown, off, dead, out, f"Bearer {admin}"]
    for credential in tries:
        assert everywhere(world, credential) == none, credential[:9]


def test_an_expired_key_is_told_so(world: World) -> None:
    _, bearer = world.store.issue("--expires-in", "1s")
    port = next(iter(world.ports.values()))
    while ask(port, bearer).status == 200:
        time.sleep(0.05)
    answer = everywhere(world, bearer)
    assert (answer.status, answer.code) == (401, "expired_api_key")


def test_exactly_one_credential_counts(world: World) -> None:
    _, bearer = world.store.issue()
    for credentials in [(bearer, bearer), (bearer, "Basic dTpw"), (f"{bearer}, {bearer}",)]:
        answer = everywhere(world, *credentials)
        assert (answer.status, answer.code) == (400, "multiple_credentials")


def test_a_key_in_the_url_is_refused_even_beside_a_good_one(world: World) -> None:
    _, bearer = world.store.issue()
    secret = bearer.removeprefix("Bearer ")
    for path in [f"/hello?q={secret}", f"/hello?q={secret.replace('_', '%5F')}"]:
        answer = everywhere(world, bearer, path=path)
        assert (answer.status, answer.code) == (400, "key_in_url")
    assert everywhere(world, path="/hello?api_key=whatever").code == "key_in_url"


def test_what_a_key_may_not_do_is_403(world: World) -> None:
    made = world.store.run("create", "narrow", "--scopes", "other.read")
    answer = everywhere(world, f"Bearer {made['value']}")
    assert (answer.status, answer.code) == (403, "insufficient_permissions")
    assert answer.headers["www-authenticate"].endswith('error="insufficient_scope", scope="hello.read"')
    _, elsewhere = world.store.issue("--allow-ip", "192.0.2.0/24")
    answer = everywhere(world, elsewhere)
    assert (answer.status, answer.code) == (403, "ip_not_allowed")


def test_limits_are_told_and_held(world: World) -> None:
    answers = []
    for port in world.ports.values():
        _, bearer = world.store.issue("--rate-limit", "1/1h", "--credits", "5")
        passed, refused = ask(port, bearer), ask(port, bearer)
        assert passed.headers["ratelimit"] == '"rate_limit";r=0, "credits";r=4'
        assert passed.headers["ratelimit-policy"] == '"rate_limit";q=1;w=3600, "credits";q=5'
        assert (refused.status, refused.code) == (429, "rate_limit_exceeded")
        assert 3500 <= int(refused.headers["retry-after"]) <= 3660
        _, spent = world.store.issue("--credits", "0")
        answers.append(ask(port, spent))
    assert (answers[0].status, answers[0].code) == (429, "insufficient_quota")
    assert "retry-after" not in answers[0].headers
    assert answers == [answers[0]] * len(answers)


def test_a_revoked_key_is_refused_by_all_at_once(world: World) -> None:
    key, bearer = world.store.issue()
    assert all(ask(port, bearer).status == 200 for port in world.ports.values())
    world.store.run("revoke", key, "--yes")
    assert everywhere(world, bearer).status == 401


def test_without_its_store_an_app_says_503(world: World) -> None:
    _, bearer = world.store.issue()
    path = world.store.path
    path.rename(path.with_suffix(".away"))
    for port in world.ports.values():
        deadline = time.monotonic() + 20
        while ask(port, bearer).status != 503:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    answer = everywhere(world, bearer)
    assert (answer.status, answer.code) == (503, "service_unavailable")
