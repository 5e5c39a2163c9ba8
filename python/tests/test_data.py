"""What is told is data: it can be compared, hashed, copied and pickled, and its types can be asked for."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
import typing
from typing import Any

import pytest

import keywright
from keywright import (
    ApiKey,
    AsyncKeyManager,
    InvalidArgumentError,
    KeyManager,
    Limit,
    Projects,
    RefusedRecord,
)

GROUPS = ("projects", "service_accounts", "users", "admin_keys")


def told(keys: KeyManager) -> list[Any]:
    """One object of each class."""
    made = keys.create(
        "a", scopes=["read"], rate_limit="5/60s", metadata={"a": "b"}, allowed_ips=["10.0.0.0/8"]
    )
    keys.rotate(made.key.id)
    keys.revoke(made.key.id, reason="superseded")
    key = keys.get(made.key.id)
    return [
        key,
        key.owner,
        key.versions[0],
        key.limits[0],
        keys.users.create("Ada"),
        keys.projects.get("default"),
        keys.service_accounts.create("batch"),
        keys.audit().data[1],
        RefusedRecord(1, "invalid_argument", "no"),
    ]


@pytest.mark.parametrize(
    "transfer",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda it, n=n: pickle.loads(pickle.dumps(it, n)) for n in range(2, pickle.HIGHEST_PROTOCOL + 1)),
    ],
)
def test_it_is_copied_and_pickled(keys: KeyManager, transfer: Any) -> None:
    for it in told(keys):
        other = transfer(it)
        assert type(other) is type(it)
        assert (other, hash(other), repr(other)) == (it, hash(it), repr(it))
        assert other.to_dict() == it.to_dict()


def test_it_is_hashed_by_what_it_says(keys: KeyManager) -> None:
    objects = told(keys)
    assert len({*objects, *objects}) == len(objects)
    assert {Limit.credits(1): "one"}[Limit.credits(1)] == "one"


def test_a_dataclass_of_the_application_s_may_hold_it(keys: KeyManager) -> None:
    @dataclasses.dataclass
    class Customer:
        key: ApiKey

    key = keys.create("a").key
    assert dataclasses.asdict(Customer(key)) == {"key": key}


def test_what_was_not_pickled_here_is_refused() -> None:
    for wire in ("", "{}", "[]", '{"name":"do-not-repeat-me"}'):
        with pytest.raises(InvalidArgumentError) as caught:
            ApiKey._of_wire(wire)
        assert "do-not-repeat-me" not in str(caught.value)


def test_its_types_can_be_asked_for(keys: KeyManager) -> None:
    owners = [KeyManager, AsyncKeyManager, *(type(getattr(keys, group)) for group in GROUPS)]
    owners += [getattr(keywright, f"Async{type(getattr(keys, group)).__name__}") for group in GROUPS]
    for owner in owners:
        for name, method in inspect.getmembers(owner, inspect.isfunction):
            if not name.startswith("_"):
                assert "return" in typing.get_type_hints(method), (owner, name)


@pytest.mark.parametrize("kind", [KeyManager, AsyncKeyManager, Projects, keywright.AsyncUsers])
def test_what_is_made_by_hand_says_how_it_is_made(kind: Any) -> None:
    for argument in ("keywright.db", None, 3):
        with pytest.raises(TypeError, match="open"):
            kind(argument)
