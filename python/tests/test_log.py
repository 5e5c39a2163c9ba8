"""The library's log goes to Python's logging, or to a callable."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from keywright import KeyManager, LogRecord


def test_a_callable_hears_of_refusals() -> None:
    heard: list[LogRecord] = []
    with KeyManager.open("memory:", log=heard.append) as keys:
        made = keys.create("a")
        keys.verify(made.secret)
        assert heard == []
        keys.disable(made.key.id)
        keys.verify(made.secret)
    assert len(heard) == 1
    assert (heard[0].level, heard[0].code, heard[0].key_id) == ("debug", "disabled", made.key.id)
    assert heard[0].message
    assert made.secret.reveal()[-40:] not in repr(heard)


def test_python_s_logging_hears_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "keywright"), KeyManager.open("memory:") as keys:
        keys.verify("x")
    record: Any = caplog.records[0]
    assert (record.name, record.levelname, record.code, record.key_id) == (
        "keywright",
        "DEBUG",
        "malformed",
        None,
    )
    assert record.getMessage() == "a key was refused (malformed)"


def test_another_logger_can_be_given(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("my.app")
    with caplog.at_level(logging.DEBUG, "my.app"):
        for log in (logger, logging.LoggerAdapter(logger, {})):
            with KeyManager.open("memory:", log=log) as keys:
                keys.verify("x")
    assert [record.name for record in caplog.records] == ["my.app", "my.app"]


def test_a_listener_that_fails_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr("sys.unraisablehook", told.append)

    def listen(record: LogRecord) -> None:
        raise ValueError(record.message)

    with KeyManager.open("memory:", log=listen) as keys:
        assert keys.verify("x").code == "malformed"
    assert [it.exc_type for it in told] == [ValueError]


@pytest.mark.parametrize("log", [3, "keywright", object()])
def test_what_can_not_listen(log: Any) -> None:
    with pytest.raises(TypeError):
        KeyManager.open("memory:", log=log)
