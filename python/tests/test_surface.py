"""The two managers have the same methods, and what is public is documented."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import keywright
from keywright import (
    AdminKeys,
    AsyncAdminKeys,
    AsyncKeyManager,
    AsyncProjects,
    AsyncServiceAccounts,
    AsyncUsers,
    KeyManager,
    Projects,
    ServiceAccounts,
    Users,
)

PAIRS: list[tuple[Any, Any]] = [
    (KeyManager, AsyncKeyManager),
    (Projects, AsyncProjects),
    (ServiceAccounts, AsyncServiceAccounts),
    (Users, AsyncUsers),
    (AdminKeys, AsyncAdminKeys),
]
AT_ONCE = {"open", "acting_as"}


def methods(cls: Any) -> dict[str, Any]:
    return {
        name: member
        for name, member in inspect.getmembers(cls)
        if not name.startswith("_") and callable(member)
    }


@pytest.mark.parametrize(("waiting", "asynchronous"), PAIRS)
def test_both_have_the_same_methods(waiting: Any, asynchronous: Any) -> None:
    one, other = methods(waiting), methods(asynchronous)
    other.pop("aclose", None)
    assert one.keys() == other.keys()
    for name, method in one.items():
        assert inspect.signature(method).parameters == inspect.signature(other[name]).parameters, name
        is_async = inspect.iscoroutinefunction(other[name]) or inspect.isasyncgenfunction(other[name])
        assert is_async == (name not in AT_ONCE), name


@pytest.mark.parametrize(("waiting", "asynchronous"), PAIRS)
def test_both_say_the_same_of_them(waiting: Any, asynchronous: Any) -> None:
    other = methods(asynchronous)
    for name, method in methods(waiting).items():
        if name != "open":
            said = inspect.getdoc(other[name]) or ""
            assert said.replace("AsyncKeyManager", "KeyManager") == inspect.getdoc(method), name


def test_all_that_is_public_is_documented() -> None:
    for name in keywright.__all__:
        member = getattr(keywright, name)
        if not inspect.isclass(member):
            continue
        assert inspect.getdoc(member), name
        for inner in vars(member):
            if not inner.startswith("_"):
                assert inspect.getdoc(getattr(member, inner)), f"{name}.{inner}"


def test_all_is_complete() -> None:
    public = {
        name
        for name, it in vars(keywright).items()
        if not name.startswith("_") and not inspect.ismodule(it) and name != "VERSION"
    }
    assert public == set(keywright.__all__) - {"__version__"}


def test_the_version_is_told() -> None:
    assert keywright.__version__.count(".") == 2
