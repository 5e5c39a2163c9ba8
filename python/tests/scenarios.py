"""The conformance runner, without logic of its own: arguments to calls, results to their wire form.

`tests/conformance/README.md` in the repository says what a scenario is.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from keywright import (
    AsyncPage,
    Authorization,
    Created,
    HttpPolicy,
    KeywrightError,
    Page,
    RequestParts,
    _native,
)
from keywright._async import Opening

from .conftest import SHARED, START, shared

SEED = 1
MUST_FAIL = "must_fail.json"
STORES = ("memory", "sqlite")
REFERENCE = re.compile(r"\$([a-z][a-z0-9_.]*)")
MOMENTS = {"expires_at", "since"}
SPANS = {"expires_in", "overlap", "default_lifetime", "max_lifetime"}
CLEARED = {"scopes", "allowed_ips", "expires_at"}
STEP = {"call", "args", "save", "expect", "error", "error_contains", "error_key_id"}
OPTIONS = {"brand", "accepted_classes", "actor", "must_exist", "pepper"}
ABOUT = {"hint", "message", "error_contains", "error_key_id"}
CALLS = {
    "acting_as",
    "close",
    "flush",
    "create",
    "get",
    "list",
    "update",
    "rotate",
    "finish_rotation",
    "cancel_rotation",
    "disable",
    "enable",
    "revoke",
    "revoke_all",
    "usage",
    "verify",
    "authorize",
    "identify",
    "import_keys",
    "export_keys",
    "audit",
    "verify_audit",
    "projects.create",
    "projects.get",
    "projects.list",
    "projects.archive",
    "service_accounts.create",
    "service_accounts.list",
    "service_accounts.delete",
    "users.create",
    "users.list",
    "users.delete",
    "admin_keys.create",
    "admin_keys.get",
    "admin_keys.list",
    "admin_keys.revoke",
    "admin_keys.verify",
}


class Unreadable(Exception):  # noqa: N818
    """The scenario says what the runner doesn't know."""


class Mismatch(Exception):  # noqa: N818
    """Something is not as the scenario expects."""

    in_last_step = False


@dataclass
class Scenario:
    """One scenario."""

    file: str
    id: str
    stores: list[str]
    open: dict[str, Any]
    steps: list[dict[str, Any]]


def scenarios() -> list[Scenario]:
    """Read all scenarios."""
    return [
        Scenario(path.name, it["id"], it.get("stores", list(STORES)), it.get("open", {}), it["steps"])
        for path in sorted((SHARED / "conformance").glob("*.json"))
        for it in shared(f"conformance/{path.name}")
    ]


def run(scenario: Scenario, kind: str, manager: Any, folder: str) -> None:
    """Run a scenario on a fresh store; raise Unreadable or Mismatch."""
    world = World(manager, "memory:" if kind == "memory" else f"{folder}/keys.db")
    try:
        world.open(world.store, scenario.open)
        saved: dict[str, Any] = {}
        for number, step in enumerate(scenario.steps):
            try:
                world.step(step, saved)
            except (Mismatch, Unreadable) as failure:
                told = type(failure)(f"step {number} ({step.get('call')}): {failure}")
                if isinstance(told, Mismatch):
                    told.in_last_step = number == len(scenario.steps) - 1
                raise told from None
    finally:
        world.end()


class World:
    """What a scenario runs in: one store, a clock that moves when told to, seeded randomness."""

    def __init__(self, manager: Any, store: str) -> None:
        """Begin at the start of time."""
        native: Any = _native
        self.manager = manager
        self.store = store
        self.keys: Any = None
        self.now_ms = START * 1000
        self.clock = native.TestClock(START)
        self.random = native.TestRandom(SEED)
        self.loop = asyncio.new_event_loop()

    def open(self, store: str, options: dict[str, Any]) -> None:
        """Open the store."""
        if unknown := options.keys() - OPTIONS:
            raise Unreadable(f"unknown options {unknown}")
        native: Any = _native
        usual = native.open_store
        native.open_store = lambda *args: native.open_for_tests(args, self.clock, self.random)
        try:
            self.keys = self.given(self.manager.open(store, **options))
        finally:
            native.open_store = usual

    def end(self) -> None:
        """Leave nothing behind."""
        if self.keys is not None:
            self.given(self.keys.close())
        self.loop.close()

    def given(self, result: Any) -> Any:
        """Wait for what a method of either manager gives."""
        if inspect.isasyncgen(result):
            return self.loop.run_until_complete(collect(result))
        if inspect.isawaitable(result) or isinstance(result, Opening):
            return self.loop.run_until_complete(awaited(result))
        return result

    def step(self, step: dict[str, Any], saved: dict[str, Any]) -> None:
        """Carry out a step and compare what comes of it."""
        if (unknown := step.keys() - STEP) or ("error" not in step and step.keys() & ABOUT):
            raise Unreadable(f"unknown fields {unknown}")
        args = {name: resolve(value, saved, argument=True) for name, value in step.get("args", {}).items()}
        try:
            result = self.call(step["call"], args)
        except KeywrightError as error:
            self.compare_error(error, step, saved)
            return
        except TypeError as error:
            raise Unreadable(str(error)) from error
        if "error" in step:
            raise Mismatch(f"it gave {short(result)}, and not the error {step['error']}")
        for path, wanted in step.get("expect", {}).items():
            wanted = resolve(wanted, saved, argument=False)
            if not holds(there := at(result, path), wanted):
                raise Mismatch(f"{path or 'the result'} is {short(there)}, not {short(wanted)}")
        if "save" in step:
            saved[step["save"]] = result

    def compare_error(self, error: KeywrightError, step: dict[str, Any], saved: dict[str, Any]) -> None:
        """Compare an error with the step's."""
        told = f"{error.code}: {error}"
        if error.code != step.get("error"):
            raise Mismatch(f"it failed with {told}")
        if step.get("error_contains", "") not in f"{error.message}\n{error.hint or ''}":
            raise Mismatch(f"the error does not say so: {told}")
        if "error_key_id" in step and error.key_id != resolve(step["error_key_id"], saved, argument=True):
            raise Mismatch(f"the error is about {error.key_id}")

    def call(self, name: str, args: dict[str, Any]) -> Any:
        """Make a call and give its result's wire form."""
        if name == "advance":
            self.move(self.now_ms + args.pop("seconds", 0) * 1000 + args.pop("ms", 0))
        elif name == "set_clock":
            self.move(args.pop("seconds") * 1000)
        elif name == "reopen":
            self.given(self.keys.close())
            store = args.pop("store", self.store)
            self.open(store, args)
            return None
        elif name == "brand":
            return self.keys.brand
        else:
            return self.method(name, args)
        if args:
            raise Unreadable(f"unknown arguments {args.keys()}")
        return None

    def move(self, ms: int) -> None:
        """Set the clock."""
        self.now_ms = ms
        self.clock.set_ms(ms)

    def method(self, name: str, args: dict[str, Any]) -> Any:
        """Call a method of the manager's."""
        if name not in CALLS:
            raise Unreadable(f"unknown call {name}")
        function = self.keys
        for part in name.split("."):
            function = getattr(function, part)
        given = {
            {"class": "class_"}.get(key, key): argument(key, value)
            for key, value in args.items()
            if value is not None or (name == "update" and key in CLEARED)
        }
        if name == "authorize":
            given = request(given)
        result = self.given(function(**given))
        if name == "acting_as":
            self.keys = result
            return None
        if name == "export_keys":
            return {"data": [json.loads(line) for line in result], "has_more": False}
        return wire(result)


def argument(name: str, value: Any) -> Any:
    """Convert an argument by its name."""
    if value is None:
        return None
    if name in MOMENTS:
        return datetime.fromtimestamp(value, timezone.utc)
    if name in SPANS:
        return timedelta(seconds=value)
    if isinstance(value, dict) and value.keys() == {"$bytes"}:
        return bytes.fromhex(value["$bytes"])
    return value


def request(given: dict[str, Any]) -> dict[str, Any]:
    """Put together what `authorize` takes."""
    headers = [(name, value.encode()) for name, value in given.pop("headers", ())]
    parts = RequestParts(
        given.pop("method", "GET"), given.pop("target", "/"), headers, peer=given.pop("peer", None)
    )
    policy = {name: given.pop(name) for name in ("header", "trusted_proxies", "error_form") if name in given}
    return {"request": parts, "policy": HttpPolicy(**policy), **given}


def wire(result: Any) -> Any:
    """Give the wire form of a result."""
    if isinstance(result, Authorization):
        return {
            "allowed": result.allowed,
            "code": result.code,
            "status": result.status,
            "headers": dict(result.headers),
            "body": json.loads(result.body) if result.body else None,
            "key": None if result.key is None else result.key.to_dict(),
            "key_id": result.key_id,
        }
    if isinstance(result, Created):
        return {"key": result.key.to_dict(), "secret": result.secret.reveal()}
    if isinstance(result, Page | AsyncPage):
        return {"data": [it.to_dict() for it in result], "has_more": result.has_more}
    if isinstance(result, list | tuple):
        return {"data": [it.to_dict() for it in result], "has_more": False}
    return result if result is None or isinstance(result, int | str) else result.to_dict()


async def awaited(result: Any) -> Any:
    """Wait."""
    return await result


async def collect(generator: Any) -> list[Any]:
    """Take all items of an asynchronous generator."""
    return [item async for item in generator]


def resolve(value: Any, saved: dict[str, Any], *, argument: bool) -> Any:
    """Carry out references and operators. What compares is left."""
    match value:
        case str() if (found := REFERENCE.fullmatch(value)) is not None:
            there = at(saved, found[1])
            if there is None and argument:
                raise Unreadable(f"nothing was saved as {value}")
            return there
        case list():
            return [resolve(item, saved, argument=argument) for item in value]
        case {"$concat": list(parts)}:
            return "".join(resolve(part, saved, argument=argument) for part in parts)
        case {"$repeat": [str(text), int(count)]}:
            return text * count
        case {"$vector": str(path)}:
            there = at(shared("vectors/key_format.json"), path)
            if there is None:
                raise Unreadable(f"there is no vector {path}")
            return there
        case {"$not": operand}:
            return {"$not": resolve(operand, saved, argument=argument)}
        case {"$bytes": _} | {"$exists": _} | {"$matches": _} | {"$contains": _}:
            return value
        case dict():
            if any(name.startswith("$") for name in value):
                raise Unreadable(f"unknown operator in {value}")
            return {name: resolve(item, saved, argument=argument) for name, item in value.items()}
        case _:
            return value


def at(value: Any, path: str) -> Any:
    """Look up a path; None where there is nothing."""
    for part in path.split(".") if path else []:
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif isinstance(value, list) and part == "length":
            value = len(value)
        elif isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value


def holds(there: Any, wanted: Any) -> bool:
    """Compare a value with what is wanted of it."""
    match wanted:
        case {"$exists": bool(exists)}:
            return (there is not None) == exists
        case {"$not": operand}:
            return not same(there, operand)
        case {"$matches": str(pattern)}:
            return isinstance(there, str) and re.fullmatch(pattern, there) is not None
        case {"$contains": str(part)}:
            return isinstance(there, str) and part in there
        case dict() if any(name.startswith("$") for name in wanted):
            raise Unreadable(f"unknown comparison in {wanted}")
    return same(there, wanted)


def same(one: Any, other: Any) -> bool:
    """Compare as JSON does: 1 is not true."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def short(value: Any) -> str:
    """Show a value without its end."""
    text = json.dumps(value, default=repr)
    return text if len(text) < 300 else f"{text[:300]}…"
