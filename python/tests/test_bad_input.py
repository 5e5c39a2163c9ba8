"""Bad input to every public function: the documented error, no crash, nothing changed, no echo."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest

from keywright import (
    AsyncKeyManager,
    ImportRecord,
    InvalidArgumentError,
    InvalidStateError,
    KeyManager,
    KeywrightError,
    Limit,
    LogRecord,
    NotFoundError,
    RefusedRecord,
    RequestParts,
    Secret,
    UnavailableError,
    UnsupportedError,
)

MARK = "do-not-repeat-me"
HUGE = 1 << 20
ID = "key_" + "0" * 24


class Hostile:
    """Fails whatever is done with it."""

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("hostile")

    def __index__(self) -> int:
        raise RuntimeError("hostile")


@dataclass
class Kind:
    """A kind of argument: what is no such thing, and what is one but no good."""

    wrong: list[Any]
    bad: list[Any]
    odd: tuple[Any, ...] = ()


NOT_TEXT = [3, 1.5, True, b"bytes", ["a"], object(), date(2030, 1, 1)]
BAD_TEXT = ["\ud800", "a\udfffb"]
ODD_TEXT = ["", "\0", MARK, MARK * (HUGE // len(MARK)), "\x7f", "'; DROP TABLE keys --", "\u202e"]
NOT_NUMBER = ["3", True, False, 1.5, float("nan"), float("inf"), b"3", object(), [3], timedelta(1)]
BAD_NUMBER = [-1, 2**64, -(2**63), 10**400]
NOT_SPAN = ["60", True, False, 1.5, float("nan"), float("inf"), object(), [60], date(2030, 1, 1)]
BAD_SPAN = [-1, timedelta(milliseconds=500), timedelta(seconds=-1), timedelta.min, 2**64, 10**400]
NOT_MOMENT = ["2030-01-01", 1_900_000_000, 1.5, date(2030, 1, 1), timedelta(1), object()]
BAD_MOMENT = [
    datetime(2030, 1, 1),
    datetime.min,
    datetime.min.replace(tzinfo=timezone.utc),
    datetime(1969, 12, 31, tzinfo=timezone.utc),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=23))),
]
NOT_LIST = ["read", b"read", 3, 1.5, object(), [3], [None], [b"a"], ["a", ["b"]]]
ODD_LIST = [["a"] * 100_000, [MARK, ""], ["a" * HUGE], ["A B"], ["\0"], {"a": "b"}]
NOT_MAPPING = ["a", 3, [("a", "b")], {"a": 3}, {3: "a"}, {"a": None}, {"a": b"b"}, object()]
ODD_MAPPING = [{"a": MARK * (HUGE // 16)}, {"": ""}, {str(n): MARK for n in range(10_000)}, {"a\0": "b"}]

KINDS: dict[str, Kind] = {
    "text": Kind([None, *NOT_TEXT], BAD_TEXT, (*ODD_TEXT,)),
    "text?": Kind(NOT_TEXT, BAD_TEXT, (*ODD_TEXT,)),
    "word": Kind([3, b"live", ["live"], object()], [*BAD_TEXT, *ODD_TEXT, "LIVE", "live "]),
    "number": Kind([None, *NOT_NUMBER], BAD_NUMBER, (2**32, 2**53 + 1, 2**64 - 1)),
    "number?": Kind(NOT_NUMBER, BAD_NUMBER, (2**32, 2**53 + 1, 2**64 - 1)),
    "span?": Kind(NOT_SPAN, BAD_SPAN, (0, 2**63, timedelta.max, timedelta(0))),
    "moment?": Kind(NOT_MOMENT, BAD_MOMENT, (datetime(1970, 1, 1, tzinfo=timezone.utc),)),
    "list": Kind([None, *NOT_LIST], [["\ud800"]], (*ODD_LIST,)),
    "list?": Kind(NOT_LIST, [["\ud800"]], (*ODD_LIST,)),
    "mapping?": Kind(NOT_MAPPING, [{"\ud800": "a"}, {"a": "\ud800"}], (*ODD_MAPPING,)),
    "mapping": Kind([None, *NOT_MAPPING], [{"\ud800": "a"}], (*ODD_MAPPING,)),
    "limits?": Kind(
        ["a", 3, [3], ["a"], {"name": "a"}, object()],
        [[{}], [{"name": 3}], [{"name": "a", "unit": "requests", "capacity": -1}], [{"colour": MARK}]],
        ([Limit.credits(1)] * 100_000, [Limit("", "", 0)], [{"name": MARK, "unit": MARK, "capacity": 1}]),
    ),
    "limits": Kind(["a", 3, [3], None], [[{}]]),
    "bool": Kind(["yes", 3, None, object()], []),
    "secret": Kind(
        [None, 3, 1.5, ["a"], object(), bytearray(b"a")],
        [],
        ("", b"", "\ud800", "\0", b"\xff\xfe", MARK * (HUGE // 16), b"a" * HUGE, "é" * 77, Secret(MARK)),
    ),
}

KINDS["request"] = Kind([None, 3, "GET", b"GET", {}, [], object()], [])
KINDS["policy?"] = Kind([3, "openai", {}, object()], [])

EXPIRY = {"expires_in": "span?", "expires_at": "moment?"}
LISTING = {
    "status": "word",
    "search": "text?",
    "include_revoked": "bool",
    "after": "text?",
    "limit": "number?",
}
CREATE = {
    "name": "text",
    "project": "text?",
    "owner": "text?",
    "scopes": "list?",
    "allowed_ips": "list?",
    "metadata": "mapping?",
    "class_": "word",
    "rate_limit": "text?",
    "credits": "number?",
    "limits": "limits?",
    "idempotency_key": "text?",
    **EXPIRY,
}
# Each function with its good arguments, and the kind of each of its arguments.
FUNCTIONS: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "create": ({"name": "a"}, CREATE),
    "get": ({"id": ID}, {"id": "text"}),
    "list": ({}, {"project": "text?", "owner": "text?", **LISTING}),
    "update": (
        {"id": ID},
        {
            "id": "text",
            "name": "text",
            "metadata": "mapping",
            "scopes": "list?",
            "allowed_ips": "list?",
            "expires_at": "moment?",
            "limits": "limits",
        },
    ),
    "rotate": ({"id": ID}, {"id": "text", "overlap": "span?"}),
    "finish_rotation": ({"id": ID}, {"id": "text"}),
    "cancel_rotation": ({"id": ID}, {"id": "text"}),
    "disable": ({"id": ID}, {"id": "text"}),
    "enable": ({"id": ID}, {"id": "text"}),
    "revoke": ({"id": ID}, {"id": "text", "reason": "word"}),
    "revoke_all": ({"owner": "nobody"}, {"owner": "text", "reason": "word"}),
    "usage": ({"id": ID}, {"id": "text", "days": "number"}),
    "verify": (
        {"secret": "x"},
        {"secret": "secret", "scopes": "list", "ip": "text?", "cost": "number"},
    ),
    "authorize": (
        {"request": RequestParts("GET", "/", [])},
        {"request": "request", "scopes": "list", "cost": "number", "policy": "policy?"},
    ),
    "keys_page": (
        {"owner": "a", "request": RequestParts("GET", "/", [])},
        {"owner": "text", "request": "request", "page": "policy?"},
    ),
    "identify": ({"secret": "x"}, {"secret": "secret"}),
    "audit": (
        {},
        {
            "object_id": "text?",
            "project": "text?",
            "event_types": "list",
            "actor": "text?",
            "since": "moment?",
            "after": "number?",
            "limit": "number?",
        },
    ),
    "acting_as": ({"actor": "a"}, {"actor": "text", "ip": "text?"}),
    "projects.create": (
        {"name": "b"},
        {"name": "text", "default_lifetime": "span?", "max_lifetime": "span?"},
    ),
    "projects.get": ({"project": "x"}, {"project": "text"}),
    "projects.list": ({}, {"include_archived": "bool"}),
    "projects.archive": ({"project": "x"}, {"project": "text"}),
    "service_accounts.create": ({"name": "b"}, {"name": "text", "project": "text?"}),
    "service_accounts.list": ({}, {"project": "text?"}),
    "service_accounts.delete": ({"id": "x"}, {"id": "text"}),
    "users.create": ({"name": "b"}, {"name": "text"}),
    "users.delete": ({"id": "x"}, {"id": "text"}),
    "admin_keys.create": ({"name": "b"}, {"name": "text", **EXPIRY}),
    "admin_keys.get": ({"id": ID}, {"id": "text"}),
    "admin_keys.list": ({}, LISTING),
    "admin_keys.revoke": ({"id": ID}, {"id": "text", "reason": "word"}),
    "admin_keys.verify": ({"secret": "x"}, {"secret": "secret"}),
}
WITHOUT_ARGUMENTS = {"close", "flush", "verify_audit", "export_keys", "users.list"}
ELSEWHERE = {"open", "import_keys"}
GROUPS = ("projects", "service_accounts", "users", "admin_keys")


def resolve(keys: Any, name: str) -> Any:
    for part in name.split("."):
        keys = getattr(keys, part)
    return keys


def no_crash(call: Callable[[], Any]) -> Exception | None:
    try:
        call()
    except (KeywrightError, TypeError) as error:
        return error
    return None


def state(keys: KeyManager) -> list[str]:
    return [line for line in keys.export_keys() if '"object":"audit_event"' not in line]


def test_every_function_is_here(keys: KeyManager) -> None:
    found = {
        name for name, _ in inspect.getmembers(KeyManager, inspect.isroutine) if not name.startswith("_")
    }
    for group in GROUPS:
        members = inspect.getmembers(type(getattr(keys, group)), inspect.isroutine)
        found |= {f"{group}.{name}" for name, _ in members if not name.startswith("_")}
    assert found == FUNCTIONS.keys() | WITHOUT_ARGUMENTS | ELSEWHERE


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_here(keys: KeyManager, name: str) -> None:
    assert set(inspect.signature(resolve(keys, name)).parameters) == set(FUNCTIONS[name][1])


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name, (_, kinds) in FUNCTIONS.items() for argument in kinds]
)
def test_bad_input(keys: KeyManager, name: str, argument: str) -> None:
    keys.create("there")
    function, (good, kinds) = resolve(keys, name), FUNCTIONS[name]
    kind = KINDS[kinds[argument]]
    before = state(keys)
    for value in kind.wrong:
        error = no_crash(partial(function, **{**good, argument: value}))
        assert isinstance(error, TypeError), (value, error)
    for value in kind.bad:
        error = no_crash(partial(function, **{**good, argument: value}))
        assert isinstance(error, InvalidArgumentError), (value, error)
        assert MARK not in str(error)
    assert state(keys) == before
    for value in kind.odd:
        before = state(keys)
        error = no_crash(partial(function, **{**good, argument: value}))
        if error is not None:
            assert MARK not in f"{error} {error.args}", "an error repeats its input"
            allowed = (InvalidArgumentError, NotFoundError, InvalidStateError, TypeError)
            assert isinstance(error, allowed), (short(value), error)
            assert state(keys) == before
    assert keys.verify_audit() is None


def short(value: Any) -> str:
    return repr(value)[:100]


@pytest.mark.parametrize("name", [*FUNCTIONS, *WITHOUT_ARGUMENTS])
def test_the_wrong_arguments(keys: KeyManager, name: str) -> None:
    function = resolve(keys, name)
    for args, kwargs in (((1,) * 20, {}), ((), {"nonsense": 1})):
        with pytest.raises(TypeError):
            function(*args, **kwargs)


@pytest.mark.parametrize(
    ("name", "argument"), [(name, argument) for name, (_, kinds) in FUNCTIONS.items() for argument in kinds]
)
def test_also_in_asyncio(name: str, argument: str) -> None:
    good, kinds = FUNCTIONS[name]
    kind = KINDS[kinds[argument]]

    async def main() -> None:
        async with AsyncKeyManager.open("memory:") as keys:
            function = resolve(keys, name)
            for values, expected in ((kind.wrong, TypeError), (kind.bad, InvalidArgumentError)):
                for value in values:
                    with pytest.raises(expected):
                        result = function(**{**good, argument: value})
                        await result

    asyncio.run(main())


@pytest.mark.parametrize(
    "use", [lambda it: it.create("a", scopes=it_fails()), lambda it: it.list(limit=Hostile())]
)
def test_errors_of_the_caller_s_own_come_through(keys: KeyManager, use: Any) -> None:
    with pytest.raises(RuntimeError, match="hostile"):
        use(keys)
    with pytest.raises(RuntimeError, match="hostile"):
        keys.create("a", metadata=None, scopes=Hostile())
    assert keys.create("a").key.name == "a"


def it_fails() -> Iterator[str]:
    """Fail half way."""
    yield "read"
    raise RuntimeError("hostile")


OPEN: dict[str, tuple[list[Any], list[Any]]] = {
    "store": (
        [3, b"x", ["x"], object()],
        ["", "\0", "a\0b", "\ud800", "sqlite:", "postgres://x", "https://x"],
    ),
    "pepper": (
        [3, ["x"], object()],
        [
            "",
            "x",
            MARK,
            "0" * 63,
            "0" * 66,
            "\ud800",
            b"\xff" * 32,
            MARK * (HUGE // 16),
            "1:",
            "x:" + "0" * 64,
        ],
    ),
    "pepper_file": ([3, b"x", object()], ["", "\0", "\ud800", "/nonexistent/pepper", "/"]),
    "brand": ([3, b"acme"], ["", "a", "Acme", "a" * 11, "1a", "a_b", "\ud800", "é" * 3, MARK * (HUGE // 16)]),
    "accepted_classes": (["live", 3, [3]], [[], ["LIVE"], [""], ["\ud800"]]),
    "must_exist": ([3, "yes", None], []),
    "actor": ([3, b"x"], ["", "\0", "a" * 129, "\ud800", MARK * (HUGE // 16)]),
    "log": ([3, "x", object()], []),
}


@pytest.mark.parametrize("argument", OPEN)
def test_bad_input_to_open(path: str, argument: str) -> None:
    assert set(inspect.signature(KeyManager.open).parameters) == set(OPEN)
    wrong, bad = OPEN[argument]
    good = {} if argument == "store" else {"store": path}
    for value in wrong:
        with pytest.raises(TypeError):
            KeyManager.open(**{**good, argument: value})
    for value in bad:
        error = no_crash(partial(KeyManager.open, **{**good, argument: value}))
        assert isinstance(error, KeywrightError), (value, error)
        assert not isinstance(error, UnavailableError) or argument in {"store", "pepper_file"}, error
        assert isinstance(error, UnsupportedError) == str(value).startswith("https:"), error
        assert MARK not in f"{error} {error.args}"


def test_bad_input_to_objects() -> None:
    makes: Any = (KeyManager, LogRecord, Secret)
    calls: list[Callable[[], Any]] = [
        *makes,
        *[lambda value=value: Limit(value, "requests", 1) for value in NOT_TEXT],
        *[lambda value=value: Limit("a", "requests", value) for value in NOT_NUMBER],
        *[lambda value=value: Limit.rate(value) for value in NOT_TEXT],
        *[lambda value=value: Limit.credits(value) for value in NOT_NUMBER],
        *[lambda value=value: ImportRecord(value) for value in NOT_TEXT],
        *[lambda value=value: ImportRecord("a", metadata=value) for value in NOT_MAPPING],
        *[lambda value=value: RefusedRecord(0, value, "a") for value in NOT_TEXT],
    ]
    for call in calls:
        with pytest.raises(TypeError):
            call()
    records: Any = ImportRecord
    refused: list[Callable[[], Any]] = [
        *[lambda value=value: Limit("a", "requests", value) for value in BAD_NUMBER],
        *[
            lambda value=value: Limit.rate(value)
            for value in ["", "x", "1/0s", "1", "1/1y", MARK, "9" * HUGE]
        ],
        *[lambda value=value: Limit.credits(value) for value in [*BAD_NUMBER, 2**53 + 1]],
        *[lambda value=value: ImportRecord("a", expires_at=value) for value in [-1, 2**63, 10**400]],
        *[lambda value=value: ImportRecord("a", expires_at=value) for value in BAD_MOMENT],
        lambda: records("\ud800"),
        lambda: ImportRecord("a", secret=b"\xff"),
        lambda: records("a", class_=MARK),
    ]
    for call in refused:
        with pytest.raises(InvalidArgumentError) as caught:
            call()
        assert MARK not in str(caught.value)


@pytest.mark.parametrize("records", ["abc", b"abc", 3, {"name": "a"}, [3], ["a"], [None], None])
def test_what_is_no_list_of_records(keys: KeyManager, records: Any) -> None:
    before = state(keys)
    with pytest.raises(TypeError):
        keys.import_keys(records)
    assert state(keys) == before


def test_records_that_are_refused(keys: KeyManager) -> None:
    records: list[Any] = [
        {},
        {"name": None},
        {"name": "a", MARK: MARK},
        {"name": "a", "secret": ""},
        {"name": "a", "secret": MARK * 100},
        {"name": "a", "secret": b"\xff"},
        {"name": "a", "secret": "\ud800"},
        {"name": "a", "hash": MARK},
        {"name": "a", "hash": MARK, "hash_format": MARK},
        {"name": "a", "hash": "00" * 31, "hash_format": "sha256"},
        {"name": "a", "hash": "$2b$31$" + "." * 53, "hash_format": "bcrypt", "prefix": "abcd"},
        {"name": "a", "secret": "s", "class": "admin"},
        {"name": "a", "secret": "s", "expires_at": float("nan")},
        {"name": "a", "secret": "s", "expires_at": -1},
        {"name": "a", "secret": "s", "expires_at": True},
        {"name": "a", "secret": "s", "limits": [{"name": "a", "unit": "credits", "capacity": True}]},
        {"name": "a", "secret": "s", "expires_at": "2030-01-01"},
        {"name": "a", "secret": "s", "limits": "x"},
        {"name": "a", "secret": "s", "limits": [None]},
        {"name": "a", "secret": "s", "metadata": {"a": 1}},
        {3: 4},
        ImportRecord(""),
    ]
    before = state(keys)
    report = keys.import_keys(records)
    assert report.imported == []
    assert [it.index for it in report.refused] == list(range(len(records)))
    assert {it.code for it in report.refused} == {"invalid_argument"}
    assert MARK not in repr(report)
    assert state(keys) == before


def test_a_broken_text_is_no_secret_of_any_form(keys: KeyManager) -> None:
    for foreign in (False, True):
        if foreign:
            keys.import_keys([{"name": "a", "secret": "some old secret"}])
        for presented in ("\ud800", "a" * 80 + "\udc00", "\udcff" * 77):
            assert keys.verify(presented).code == "malformed"
            assert keys.identify(presented) is None
            assert keys.admin_keys.verify(presented).code == "malformed"
