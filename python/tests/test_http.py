"""What is special to Python of `authorize`: its types, and what they show. The rules are scenarios."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from keywright import (
    AsyncKeyManager,
    Authorization,
    HttpPolicy,
    InvalidArgumentError,
    KeyManager,
    RequestParts,
)

MARK = "do-not-show-me"


def bearer(secret: str) -> RequestParts:
    return RequestParts("GET", "/", [("Authorization", f"Bearer {secret}")])


def test_an_answer_is_true_where_the_request_may_pass(keys: KeyManager) -> None:
    created = keys.create("a")
    answer = keys.authorize(bearer(created.secret.reveal()))
    assert answer
    assert answer.allowed
    assert answer.key is not None
    assert answer.key.id == answer.key_id == created.key.id
    assert (answer.status, answer.headers, answer.body) == (200, [], b"")
    refused = keys.authorize(bearer(MARK))
    assert not refused
    assert refused.key is None
    assert repr(refused) == "Authorization(code='malformed', status=401)"


def test_there_is_no_answer_without_a_request() -> None:
    made: Any = Authorization
    with pytest.raises(TypeError):
        made()


def test_headers_are_bytes_or_text_as_servers_give_them(keys: KeyManager) -> None:
    report = keys.import_keys([{"name": "old", "secret": "clé ü 🔑"}])
    assert not report.refused
    exact = "Bearer clé ü 🔑".encode()
    for value in (exact, exact.decode("latin-1"), "Bearer clé ü 🔑"):
        for name in ("authorization", b"Authorization"):
            assert keys.authorize(RequestParts("GET", "/", [(name, value)]))


def test_parts_show_no_value() -> None:
    parts = RequestParts("POST", f"/?q={MARK}", [("authorization", MARK)], peer="192.0.2.1", body=MARK)
    assert (parts.method, parts.peer) == ("POST", "192.0.2.1")
    for shown in (repr(parts), str(parts), f"{parts}", repr(vars) if not hasattr(parts, "__dict__") else ""):
        assert MARK not in shown


@pytest.mark.parametrize(
    "headers",
    [None, 3, "authorization", b"x", [3], ["ab"], [("a",)], [("a", "b", "c")], [("a", 3)], [(None, "b")]],
)
def test_headers_are_pairs(headers: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        RequestParts("GET", "/", headers)


@pytest.mark.parametrize("options", [{"header": "cookie"}, {"trusted_proxies": [MARK]}, {"error_form": MARK}])
def test_a_policy_that_can_not_be_is_refused_without_repeating_it(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgumentError) as refusal:
        HttpPolicy(**options)
    assert MARK not in f"{refusal.value} {refusal.value.hint}"


def test_asyncio_gives_the_same_answers() -> None:
    async def run() -> None:
        async with AsyncKeyManager.open("memory:") as keys:
            created = await keys.create("a", rate_limit="1/60s", idempotency_key="once")
            request = bearer(created.secret.reveal())
            assert (await keys.authorize(request)).status == 200
            limited = await keys.authorize(request)
            assert (limited.status, limited.code) == (429, "rate_limited")
        assert (await keys.authorize(request)).status == 503

    asyncio.run(run())
