"""Programs as users write them, for the type checker alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from keywright import (
    UNSET,
    ApiKey,
    AsyncKeyManager,
    AsyncPage,
    AuditEvent,
    Created,
    ImportReport,
    KeyClass,
    KeyManager,
    KeyStatus,
    LogRecord,
    Page,
    Project,
    Secret,
    Unset,
    Verification,
    VerifyCode,
)

if TYPE_CHECKING:
    from typing_extensions import assert_type


def waiting(name: str | Unset = UNSET) -> None:
    """Use the manager that waits."""
    with KeyManager.open(log=lambda record: print(record.level)) as keys:
        assert_type(keys, KeyManager)
        made = keys.create("a", expires_in=timedelta(1), class_="test", limits=[{"name": "x"}])
        assert_type(made, Created)
        assert_type(made.secret, Secret)
        assert_type(made.secret.reveal(), str)
        answer = keys.verify(made.secret, scopes={"a"}, ip=None, cost=2)
        assert_type(answer, Verification)
        assert_type(answer.code, VerifyCode)
        assert_type(answer.key, ApiKey | None)
        assert_type(answer.retry_after, timedelta | None)
        page = keys.list(status="active")
        assert_type(page, Page[ApiKey])
        assert_type(page.iter_all(), Iterator[ApiKey])
        for key in page:
            assert_type(key.created_at, datetime)
            assert_type(key.expires_at, datetime | None)
            assert_type(key.class_, KeyClass)
            assert_type(key.status, KeyStatus)
            assert_type(key.scopes, list[str] | None)
            assert_type(key.to_dict(), dict[str, Any])
        keys.update(made.key.id, name=name, expires_at=None)
        assert_type(keys.projects.list(), list[Project])
        assert_type(keys.acting_as("a"), KeyManager)
        assert_type(keys.audit(), Page[AuditEvent])
        assert_type(keys.import_keys([{"name": "a"}]), ImportReport)
        keys.verify(3)  # type: ignore[arg-type]
        keys.list(status="gone")  # type: ignore[arg-type]
        keys.create("a", "b")  # type: ignore[call-arg]
        keys.create("a", class_="best")  # type: ignore[arg-type]
        keys.update("a", name=None)  # type: ignore[arg-type]


async def asynchronous() -> None:
    """Use the manager for asyncio."""
    keys = await AsyncKeyManager.open("memory:", log=heard)
    assert_type(keys, AsyncKeyManager)
    async with AsyncKeyManager.open() as same:
        assert_type(same, AsyncKeyManager)
    assert_type(await keys.create("a"), Created)
    assert_type(await keys.verify("a"), Verification)
    page = await keys.list()
    assert_type(page, AsyncPage[ApiKey])
    assert_type(page.iter_all(), AsyncIterator[ApiKey])
    assert_type(await keys.identify("a"), ApiKey | None)
    async for line in keys.export_keys():
        assert_type(line, str)
    assert_type(await keys.users.delete("a"), int)
    keys.create("a").key  # type: ignore[attr-defined]  # noqa: B018


def heard(record: LogRecord) -> None:
    """Hear."""
    print(record.message)
