"""What is Python's own about keys: times, mappings, pages, objects. The rules are in the scenarios."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta, timezone
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from keywright import (
    UNSET,
    ClosedError,
    ImportRecord,
    InvalidArgumentError,
    KeyManager,
    Limit,
    NotFoundError,
    PepperError,
    UnavailableError,
    UnsupportedError,
)

from .conftest import START


def test_the_main_job(keys: KeyManager) -> None:
    made = keys.create("billing")
    assert keys.verify(made.secret.reveal()).valid
    assert keys.revoke(made.key.id).status == "revoked"
    assert keys.verify(made.secret.reveal()).code == "revoked"


def test_a_verification_is_as_true_as_the_key_is_good(keys: KeyManager) -> None:
    made = keys.create("a")
    assert keys.verify(made.secret)
    assert not keys.verify("no key at all")


@pytest.mark.parametrize("form", [lambda it: it, lambda it: it.reveal(), lambda it: it.reveal().encode()])
def test_a_secret_comes_as_text_bytes_or_secret(keys: KeyManager, form: Any) -> None:
    made = keys.create("a")
    assert keys.verify(form(made.secret)).code == "valid"
    assert keys.identify(form(made.secret)) == keys.get(made.key.id)


@pytest.mark.usefixtures("clock")
def test_uses_are_told_day_by_day() -> None:
    with KeyManager.open("memory:") as keys:
        made = keys.create("a")
        keys.verify(made.secret)
        keys.verify(made.secret)
        keys.flush()
        midnight = START - START % 86_400
        (today,) = keys.usage(made.key.id, days=1)
        assert today == keys.usage(made.key.id)[-1]
        assert (today.day, today.count) == (datetime.fromtimestamp(midnight, timezone.utc), 2)
        assert today.to_dict() == {"day": midnight, "count": 2}
        assert repr(today) == f"DailyUse(day={today.day!r}, count=2)"
        assert len(keys.usage(made.key.id)) == 30


def test_what_is_told_of_a_verification(keys: KeyManager) -> None:
    made = keys.create("a", scopes=["read"], limits=[Limit.credits(1)])
    answer = keys.verify(made.secret, scopes=["read"])
    assert (answer.code, answer.valid, answer.key_id, answer.limit) == ("valid", True, made.key.id, None)
    assert answer.key is not None
    assert answer.key.name == "a"
    assert answer.retry_after is None
    assert repr(answer) == f"Verification(code='valid', key_id='{made.key.id}')"
    assert keys.verify(made.secret, scopes=("write",)).code == "insufficient_scope"
    spent = keys.verify(made.secret)
    assert (spent.code, spent.limit) == ("usage_exceeded", "credits")
    assert repr(keys.verify("x")) == "Verification(code='malformed')"


def test_times_are_aware(clock: Any, keys: KeyManager) -> None:
    made = keys.create("a", expires_in=timedelta(days=1))
    assert made.key.created_at == datetime.fromtimestamp(START, timezone.utc)
    assert made.key.created_at.tzinfo is timezone.utc
    assert made.key.expires_at == made.key.created_at + timedelta(days=1)
    clock.advance(24 * 3600 - 1)
    assert keys.verify(made.secret).code == "valid"
    clock.advance(1)
    assert keys.verify(made.secret).code == "expired"


@pytest.mark.parametrize("span", [60, timedelta(minutes=1)])
def test_spans_are_timedeltas_or_seconds(clock: Any, keys: KeyManager, span: Any) -> None:
    assert clock
    made = keys.create("a", expires_in=span)
    assert made.key.expires_at == datetime.fromtimestamp(START + 60, timezone.utc)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2030, 1, 1, 12, tzinfo=timezone.utc),
        datetime(2030, 1, 1, 13, 30, tzinfo=timezone(timedelta(hours=1, minutes=30))),
        datetime(2030, 1, 1, 12, 0, 0, 999_999, tzinfo=timezone.utc),
    ],
)
def test_any_zone_will_do(keys: KeyManager, moment: datetime) -> None:
    made = keys.create("a", expires_at=moment)
    assert made.key.expires_at == datetime(2030, 1, 1, 12, tzinfo=timezone.utc)


def test_the_last_moment_of_all(keys: KeyManager) -> None:
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert keys.create("a", expires_at=last).key.expires_at == last


def test_a_time_without_a_zone_is_refused(keys: KeyManager) -> None:
    with pytest.raises(InvalidArgumentError, match="zone"):
        keys.create("a", expires_at=datetime(2030, 1, 1))


def test_how_long_to_wait_is_a_timedelta(clock: Any, keys: KeyManager) -> None:
    assert clock
    made = keys.create("a", rate_limit="1/60s")
    assert keys.verify(made.secret)
    answer = keys.verify(made.secret)
    assert answer.code == "rate_limited"
    assert answer.retry_after is not None
    assert timedelta(0) < answer.retry_after <= timedelta(seconds=61)
    assert answer.limit == "rate_limit"


def test_all_that_a_key_can_be(keys: KeyManager) -> None:
    project = keys.projects.create("web")
    made = keys.create(
        "a",
        project="web",
        owner="cust_42",
        scopes={"read"},
        allowed_ips=[str(ip_network("10.0.0.0/8"))],
        metadata={"plan": "pro"},
        class_="test",
        credits=5,
        limits=[
            Limit("bulk", "credits", 100, refill_amount=10, refill_seconds=60),
            {"name": "burst", "unit": "requests", "capacity": 3, "window_seconds": 1},
        ],
    )
    key = keys.get(made.key.id)
    assert (key.name, key.class_, key.status) == ("a", "test", "active")
    assert (key.owner.kind, key.owner.id) == ("external", "cust_42")
    assert key.project_id == project.id
    assert (key.scopes, key.allowed_ips) == (["read"], ["10.0.0.0/8"])
    assert key.metadata == {"plan": "pro"}
    assert [(it.name, it.capacity, it.remaining) for it in key.limits] == [
        ("credits", 5, 5),
        ("bulk", 100, 100),
        ("burst", 3, 3),
    ]
    assert key.versions[0].status == "current"
    assert key.versions[0].number == 1
    assert made.secret.redacted_value == key.redacted_value
    assert key.redacted_value.startswith("acme_test_kw1")


def test_no_scopes_is_everything_and_empty_is_nothing(keys: KeyManager) -> None:
    assert keys.create("a").key.scopes is None
    assert keys.create("a", scopes=()).key.scopes == []


def test_update_changes_what_it_is_given(keys: KeyManager) -> None:
    made = keys.create("a", scopes=["read"], allowed_ips=["10.0.0.0/8"], metadata={"a": "1"})
    assert keys.update(made.key.id, name="b").name == "b"
    assert keys.update(made.key.id).scopes == ["read"]
    assert keys.update(made.key.id, scopes=None, name=UNSET).scopes is None
    assert keys.update(made.key.id, metadata={}).metadata == {}
    assert keys.update(made.key.id, allowed_ips=None).allowed_ips is None
    assert repr(UNSET) == "UNSET"


def test_pages_go_on_by_themselves(keys: KeyManager) -> None:
    ids = [keys.create(f"key {number}").key.id for number in range(7)]
    page = keys.list(limit=3)
    assert (len(page), page.has_more) == (3, True)
    assert [key.id for key in page] == ids[:3:-1]
    assert [key.id for key in page.iter_all()] == ids[::-1]
    assert [key.id for key in keys.list(after=ids[2], limit=1).iter_all()] == ids[1::-1]
    assert [event.seq for event in keys.audit(limit=2).iter_all()] == list(range(1, 9))
    assert list(keys.list(search="nothing").iter_all()) == []


def test_objects_are_equal_by_what_they_say(keys: KeyManager) -> None:
    made = keys.create("a")
    assert keys.get(made.key.id) == keys.get(made.key.id)
    assert keys.get(made.key.id) != keys.create("a").key
    assert keys.get(made.key.id) != "a"
    assert Limit.rate("100/60s") == Limit("rate_limit", "requests", 100, window_seconds=60)


def test_objects_can_not_be_changed(keys: KeyManager) -> None:
    key: Any = keys.create("a", metadata={"a": "1"}).key
    with pytest.raises(AttributeError):
        key.name = "b"
    key.metadata["a"] = "2"
    assert key.metadata == {"a": "1"}


def test_objects_show_what_they_hold(keys: KeyManager) -> None:
    key = keys.create("a").key
    assert repr(key).startswith(f"ApiKey(id='{key.id}', name='a', class_='live', status='active', ")
    assert repr(key.owner) == f"KeyOwner(kind='service_account', id='{key.owner.id}')"


def test_the_wire_form_is_json(keys: KeyManager) -> None:
    made = keys.create("a", expires_in=60, metadata={"a": "1"})
    wire = made.key.to_dict()
    assert json.loads(json.dumps(wire)) == wire
    assert wire["object"] == "api_key"
    assert wire["class"] == "live"
    assert wire["expires_at"] - wire["created_at"] == 60
    answer = keys.verify(made.secret).to_dict()
    assert answer.keys() == {"valid", "code", "key", "retry_after_ms", "limit"}
    assert [event.to_dict()["type"] for event in keys.audit()] == ["project.created", "api_key.created"]
    assert keys.audit().data[1].after["name"] == "a"


def test_groups(keys: KeyManager) -> None:
    assert [it.name for it in keys.projects.list()] == ["default"]
    robot = keys.service_accounts.create("robot", project="default")
    person = keys.users.create("Ada")
    keys.create("a", owner=robot.id)
    keys.create("b", owner=person.id)
    assert [it.name for it in keys.users.list()] == ["Ada"]
    assert keys.users.delete(person.id) == 1
    assert keys.service_accounts.delete(robot.id) == 1
    admin = keys.admin_keys.create("root", expires_in=timedelta(hours=1))
    assert keys.admin_keys.verify(admin.secret).valid
    assert keys.verify(admin.secret).code == "wrong_class"
    assert [it.id for it in keys.admin_keys.list().iter_all()] == [admin.key.id]
    assert keys.admin_keys.get(admin.key.id).class_ == "admin"
    assert keys.admin_keys.revoke(admin.key.id, reason="superseded").revocation_reason == "superseded"


def test_somebody_acts(keys: KeyManager) -> None:
    made = keys.acting_as("alice", ip="10.1.2.3").create("a")
    event = keys.audit(object_id=made.key.id).data[0]
    assert (event.actor, event.ip, event.event_type) == ("alice", "10.1.2.3", "api_key.created")
    keys.disable(made.key.id)
    assert keys.audit(actor="library", object_id=made.key.id).data[0].event_type == "api_key.disabled"
    assert keys.verify_audit() is None


def test_import_takes_records_and_dicts(keys: KeyManager) -> None:
    report = keys.import_keys(
        [
            ImportRecord("one", secret="sk-one-of-the-old-ones", scopes=["read"]),
            {"name": "two", "secret": "sk-two-of-the-old-ones", "class": "test", "expires_at": 1_900_000_000},
            {"name": "three"},
            {"name": "four", "secret": "s", "colour": "red"},
            {"name": 5, "secret": "s"},
            {"name": "six", "secret": "s", "limits": 3},
            {"name": "seven", "secret": "sk-seven-of-the-old-ones", "limits": [{"name": "x"}]},
        ]
    )
    assert len(report.imported) == 2
    assert [(it.index, it.code) for it in report.refused] == [(n, "invalid_argument") for n in range(2, 7)]
    assert keys.verify("sk-one-of-the-old-ones").code == "valid"
    assert keys.get(report.imported[1]).class_ == "test"
    assert report.to_dict()["imported"] == report.imported


def test_the_key_of_an_hmac_is_any_bytes(keys: KeyManager) -> None:
    key, secret = b"\xff" * 32, "sk-one-of-the-old-ones"
    digest = hmac.new(key, secret.encode(), "sha256").hexdigest()
    records = [{"name": "one", "hash_format": "hmac-sha256", "hash": digest, "hash_key": key}]
    assert keys.import_keys(records).refused == []
    assert keys.verify(secret).code == "valid"
    broken = {"name": "two", "hash_format": "hmac-sha256", "hash": digest, "hash_key": "\ud800"}
    assert len(keys.import_keys([broken]).refused) == 1


def test_import_reads_any_iterable_some_at_a_time(keys: KeyManager) -> None:
    records = ({"name": f"key {n}", "secret": f"old secret {n // 2}"} for n in range(1200))
    report = keys.import_keys(records)
    assert len(report.imported) == 600
    assert [it.index for it in report.refused] == list(range(1, 1200, 2))
    assert {it.code for it in report.refused} == {"already_exists"}


def test_export_is_lines_of_json_without_secrets(keys: KeyManager) -> None:
    made = keys.create("a")
    lines = list(keys.export_keys())
    assert {json.loads(line)["object"] for line in lines} >= {"project", "api_key", "audit_event"}
    assert made.secret.reveal() not in "".join(lines)


def test_a_closed_store_refuses(keys: KeyManager) -> None:
    other = keys.acting_as("alice")
    with keys as same:
        assert same is keys
    keys.close()
    for manager in (keys, other):
        with pytest.raises(ClosedError):
            manager.create("a")


def test_a_store_in_a_file(path: str) -> None:
    with KeyManager.open(Path(path), brand="acme") as keys:
        made = keys.create("a")
        assert keys.path == path
        assert keys.brand == "acme"
        assert repr(keys) == f"<KeyManager {path}>"
    with KeyManager.open(f"sqlite:{path}", must_exist=True) as keys:
        assert keys.verify(made.secret).valid
        keys.flush()
        assert keys.get(made.key.id).last_used_at is not None
    with pytest.raises(PepperError):
        KeyManager.open(path, pepper="00" * 32)


def test_where_a_store_is_not(path: str) -> None:
    with pytest.raises(UnavailableError, match="no store") as caught:
        KeyManager.open(path, must_exist=True)
    assert caught.value.hint
    assert "--" not in caught.value.hint, "that is the command's own language"
    with pytest.raises(UnsupportedError):
        KeyManager.open("https://localhost/keys")
    with pytest.raises(PepperError, match="no place for its pepper"):
        KeyManager.open("postgres://localhost/keys")
    with pytest.raises(InvalidArgumentError, match="not both"):
        KeyManager.open(path, pepper="00" * 32, pepper_file=path)


def test_the_environment_counts_where_nothing_is_given(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYWRIGHT_STORE", path)
    monkeypatch.setenv("KEYWRIGHT_BRAND", "zed")
    monkeypatch.setenv("KEYWRIGHT_PEPPER", "11" * 32)
    with KeyManager.open() as keys:
        assert (keys.path, keys.brand) == (path, "zed")
    assert not Path(f"{path}.pepper").exists()


def test_a_pepper_can_lie_elsewhere(path: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "pepper"
    elsewhere.write_text("22" * 32)
    elsewhere.chmod(0o600)
    with KeyManager.open(path, pepper_file=elsewhere) as keys:
        made = keys.create("a")
    with KeyManager.open(path, pepper="22" * 32) as keys:
        assert keys.verify(made.secret).valid


def test_accepted_classes(path: str) -> None:
    with KeyManager.open(path, accepted_classes=["live"]) as keys:
        assert keys.verify(keys.create("a").secret).valid
        assert keys.verify(keys.create("a", class_="test").secret).code == "wrong_class"


def test_what_is_not_there(keys: KeyManager) -> None:
    with pytest.raises(NotFoundError) as caught:
        keys.get("key_" + "0" * 24)
    assert caught.value.hint
