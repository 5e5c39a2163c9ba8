"""A fault inside the library is an InternalError, and the store is closed after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from keywright import AsyncKeyManager, ClosedError, InternalError, KeyManager, Limit

ID = "key_" + "0" * 24
SECRET = "acme_live_kw1FSNtYRlXbBKw4la0_pmpG6Gl3HdXa9Z8qjQq5EpWJkiecEEe5Err7m7aPspa0CS6J9"

# Each of these asks for the time.
CALLS: dict[str, Callable[[Any], Any]] = {
    "create": lambda keys: keys.create("a"),
    "get": lambda keys: keys.get(ID),
    "list": lambda keys: keys.list(),
    "update": lambda keys: keys.update(ID, name="b"),
    "rotate": lambda keys: keys.rotate(ID),
    "finish_rotation": lambda keys: keys.finish_rotation(ID),
    "cancel_rotation": lambda keys: keys.cancel_rotation(ID),
    "disable": lambda keys: keys.disable(ID),
    "enable": lambda keys: keys.enable(ID),
    "revoke": lambda keys: keys.revoke(ID),
    "revoke_all": lambda keys: keys.revoke_all("cust_42"),
    "verify": lambda keys: keys.verify(SECRET),
    "import_keys": lambda keys: keys.import_keys([{"name": "a", "secret": "some old secret"}]),
    "projects.create": lambda keys: keys.projects.create("web"),
    "projects.archive": lambda keys: keys.projects.archive("web"),
    "service_accounts.create": lambda keys: keys.service_accounts.create("robot"),
    "service_accounts.delete": lambda keys: keys.service_accounts.delete("svc_" + "0" * 24),
    "users.create": lambda keys: keys.users.create("Ada"),
    "users.delete": lambda keys: keys.users.delete("user_" + "0" * 24),
    "admin_keys.create": lambda keys: keys.admin_keys.create("root"),
    "admin_keys.get": lambda keys: keys.admin_keys.get(ID),
    "admin_keys.list": lambda keys: keys.admin_keys.list(),
    "admin_keys.revoke": lambda keys: keys.admin_keys.revoke(ID),
    "admin_keys.verify": lambda keys: keys.admin_keys.verify(SECRET),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_panic_is_an_internal_error(call: Callable[[Any], Any], clock: Any) -> None:
    keys = KeyManager.open("memory:")
    clock.panics(True)
    with pytest.raises(InternalError) as caught:
        call(keys)
    assert isinstance(caught.value, Exception)
    clock.panics(False)
    with pytest.raises(ClosedError, match="failure"):
        keys.create("a")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_also_in_asyncio(call: Callable[[Any], Any], clock: Any) -> None:
    async def main() -> None:
        keys = await AsyncKeyManager.open("memory:")
        clock.panics(True)
        with pytest.raises(InternalError):
            await call(keys)
        clock.panics(False)
        with pytest.raises(ClosedError, match="failure"):
            await keys.create("a")

    asyncio.run(main())


def test_all_that_share_the_store_refuse(clock: Any, path: str) -> None:
    keys = KeyManager.open(path)
    other = keys.acting_as("alice")
    made = keys.create("a", limits=[Limit.credits(1)])
    clock.panics(True)
    with pytest.raises(InternalError):
        keys.verify(made.secret)
    clock.panics(False)
    for use in (lambda: other.create("a"), lambda: keys.verify(made.secret), lambda: other.projects.list()):
        with pytest.raises(ClosedError):
            use()
    keys.close()
    with KeyManager.open(path) as anew:
        assert anew.verify(made.secret).valid


def test_a_panic_while_opening(clock: Any, path: str) -> None:
    clock.panics(True)
    with pytest.raises(InternalError):
        KeyManager.open(path)
