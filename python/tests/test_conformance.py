"""The scenarios that hold in every language, on both managers and both kinds of stores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keywright import AsyncKeyManager, KeyManager

from .scenarios import MUST_FAIL, STORES, Mismatch, Scenario, Unreadable, World, run, scenarios

ALL = scenarios()


@pytest.mark.parametrize("manager", [AsyncKeyManager, KeyManager])
def test_every_scenario_holds_on_every_store(manager: Any, tmp_path: Path) -> None:
    passed, failed, seen_failing = 0, 0, 0
    for number, scenario in enumerate(ALL):
        for store in scenario.stores:
            folder = tmp_path / f"{number}-{store}"
            folder.mkdir()
            failure = outcome(scenario, store, manager, folder)
            good = failure is None
            if scenario.file == MUST_FAIL:
                good = isinstance(failure, Mismatch) and failure.in_last_step
                seen_failing += good
            passed += good
            failed += not good
            if not good:
                told = repr(failure) if failure else "it passed"
                print(f"FAILED {scenario.id} on {store}, {manager.__name__}: {told}")
    name = "conformance" if manager is KeyManager else "with asyncio"
    print(f"\n{name}: {len(ALL)} scenarios × {len(STORES)} stores, {passed} passed, {failed} failed")
    assert failed == 0
    assert seen_failing == len(STORES)


def outcome(scenario: Scenario, store: str, manager: Any, folder: Path) -> Exception | None:
    try:
        run(scenario, store, manager, str(folder))
    except Exception as failure:
        return failure
    return None


def test_each_scenario_has_an_id_of_its_own() -> None:
    assert len({scenario.id for scenario in ALL}) == len(ALL)


def one_step(step: dict[str, Any]) -> None:
    run(Scenario("", "runner", ["memory"], {}, [step]), "memory", KeyManager, "")


@pytest.mark.parametrize(
    "step",
    [
        {"call": "conjure"},
        {"call": "__class__"},
        {"call": "projects.conjure"},
        {"call": "create", "args": {"name": "a", "colour": "red"}},
        {"call": "create", "args": {"name": 1}},
        {"call": "create"},
        {"call": "create", "args": {"name": "$nobody.id"}},
        {"call": "create", "args": {"name": {"$guess": 1}}},
        {"call": "create", "args": {"name": {"$vector": "valid.99.token"}}},
        {"call": "create", "args": {"name": "a"}, "expect": {"key.name": {"$like": "a"}}},
        {"call": "create", "args": {"name": "a"}, "expects": {}},
        {"call": "create", "args": {"name": "a"}, "error_contains": "a"},
        {"call": "advance", "args": {"hours": 1}},
    ],
)
def test_what_the_runner_does_not_know_is_a_failure(step: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        one_step(step)


@pytest.mark.parametrize(
    "step",
    [
        {"expect": {"key.name": "b"}},
        {"expect": {"key.nothing": "b"}},
        {"expect": {"key.name": {"$not": "a"}}},
        {"expect": {"key.name": {"$exists": False}}},
        {"expect": {"key.expires_at": {"$exists": True}}},
        {"expect": {"key.name": {"$matches": ""}}},
        {"expect": {"key.name": {"$contains": "c"}}},
        {"expect": {"key.versions.length": 2}},
        {"expect": {"key.versions.0.number": True}},
        {"error": "invalid_argument"},
        {"args": {"name": ""}},
        {"args": {"name": ""}, "error": "not_found"},
        {"args": {"name": ""}, "error": "invalid_argument", "error_contains": "pink"},
        {"args": {"name": ""}, "error": "invalid_argument", "error_key_id": "key_0"},
    ],
)
def test_what_differs_is_a_failure(step: dict[str, Any]) -> None:
    with pytest.raises(Mismatch):
        one_step({"call": "create", "args": {"name": "a"}, **step})


def test_a_world_begins_where_all_begin() -> None:
    world = World(KeyManager, "memory:")
    world.open("memory:", {})
    assert world.call("create", {"name": "a"})["key"]["created_at"] == 1_800_000_000
    world.end()
