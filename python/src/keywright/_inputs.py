"""What comes in as plain dicts, for example from lines of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from keywright._native import ImportRecord, Limit, RefusedRecord
from keywright.errors import InvalidArgumentError, KeywrightError

if TYPE_CHECKING:
    from collections.abc import Iterator

LimitLike = Limit | Mapping[str, Any]
"""A limit, or its wire form."""

RecordLike = ImportRecord | Mapping[str, Any]
"""A record to import, or its form in a file."""

_AT_ONCE = 500


def to_limits(limits: Iterable[LimitLike]) -> list[Limit]:
    """Read limits."""
    if isinstance(limits, str | bytes | Mapping):
        raise TypeError("a list of limits is wanted here")
    return [to_limit(limit) for limit in limits]


def to_limit(limit: LimitLike) -> Limit:
    """Read a limit."""
    if isinstance(limit, Limit):
        return limit
    if not isinstance(limit, Mapping):
        raise TypeError("a limit is a Limit or a dict")
    try:
        return Limit(**limit)
    except TypeError:
        raise InvalidArgumentError(
            "a limit is not understood",
            "its fields are name, unit, capacity, window_seconds, refill_amount, refill_seconds",
        ) from None


def to_record(record: RecordLike) -> ImportRecord:
    """Read a record to import."""
    if isinstance(record, ImportRecord):
        return record
    fields = dict(record)
    if "class" in fields:
        fields["class_"] = fields.pop("class")
    if fields.get("limits") is not None:
        fields["limits"] = to_limits(fields["limits"])
    try:
        return ImportRecord(**fields)
    except TypeError:
        raise InvalidArgumentError(
            "a record is not understood",
            "docs/import.md lists its fields and their types",
        ) from None


@dataclass(frozen=True)
class Batch:
    """Some records of an import."""

    records: list[ImportRecord]
    places: list[int]
    refused: list[RefusedRecord]


def batches(records: Iterable[RecordLike]) -> Iterator[Batch]:
    """Read records, some at a time. What can't be read is refused, like what can't be taken over."""
    if isinstance(records, str | bytes | Mapping):
        raise TypeError("a list of records is wanted here")
    numbered = enumerate(records)
    while some := list(islice(numbered, _AT_ONCE)):
        batch = Batch([], [], [])
        for index, record in some:
            if not isinstance(record, ImportRecord | Mapping):
                raise TypeError("a record is an ImportRecord or a dict")
            try:
                batch.records.append(to_record(record))
                batch.places.append(index)
            except KeywrightError as error:
                batch.refused.append(RefusedRecord(index, error.code, error.message))
            except TypeError:
                message = "a record is not understood"
                batch.refused.append(RefusedRecord(index, InvalidArgumentError.code, message))
        yield batch


class Importing:
    """Puts the answers of an import together."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._imported: list[str] = []
        self._refused: list[RefusedRecord] = []

    def add(self, batch: Batch, answer: tuple[list[str], list[RefusedRecord]]) -> None:
        """Take in what came of a batch."""
        imported, refused = answer
        self._imported += imported
        moved = [RefusedRecord(batch.places[it.index], it.code, it.message) for it in refused]
        self._refused += sorted([*batch.refused, *moved], key=lambda it: it.index)

    def report(self) -> ImportReport:
        """Say what came of it all."""
        return ImportReport(self._imported, self._refused)


@dataclass(frozen=True)
class ImportReport:
    """What came of an import."""

    imported: list[str]
    """The ids of the keys that were taken over, in the order of their records."""

    refused: list[RefusedRecord]
    """The records that were refused; the others were taken over all the same."""

    def to_dict(self) -> dict[str, Any]:
        """Give the wire form."""
        return {"imported": list(self.imported), "refused": [it.to_dict() for it in self.refused]}
