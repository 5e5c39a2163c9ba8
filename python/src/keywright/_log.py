"""Where the library's log goes: Python's logging, or a callable."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Union

from keywright._native import LogRecord

Log = Union[logging.Logger, "logging.LoggerAdapter[Any]", Callable[[LogRecord], object]]
"""A logger, or whatever takes a `LogRecord`."""

_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def listener(log: Log | None) -> Callable[[LogRecord], object]:
    """Give what the library tells its records to."""
    if log is None:
        log = logging.getLogger("keywright")
    if not isinstance(log, logging.Logger | logging.LoggerAdapter):
        if not callable(log):
            raise TypeError("log is a logging.Logger or a callable")
        return log
    logger = log

    def tell(record: LogRecord) -> None:
        level = _LEVELS[record.level]
        if not logger.isEnabledFor(level):
            return
        about = [text for text in (record.code, record.key_id) if text]
        text = f"{record.message} ({', '.join(about)})" if about else record.message
        logger.log(level, "%s", text, extra={"code": record.code, "key_id": record.key_id})

    return tell
