"""What can go wrong: one class for each code, all of them a `KeywrightError`.

A bad key is no error: see `Verification.code`.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AlreadyExistsError",
    "AlreadyIssuedError",
    "CancelledError",
    "ClosedError",
    "IdempotencyConflictError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidStateError",
    "KeywrightError",
    "NotFoundError",
    "PepperError",
    "RotationInProgressError",
    "SchemaVersionError",
    "TamperedError",
    "UnavailableError",
    "UnsupportedError",
]


class KeywrightError(Exception):
    """Something went wrong. Branch on the class or on `code`, never on the text."""

    code: ClassVar[str] = "internal"
    """The stable name of what went wrong, the same in every language."""

    # Making one runs no Python: it happens inside the library, where no other thread may take over.

    @property
    def message(self) -> str:
        """One sentence that says what happened. It never repeats what could be a secret."""
        return str(self._told(0) or "")

    @property
    def hint(self) -> str | None:
        """What to do next, where there is something to say."""
        return self._told(1)

    @property
    def key_id(self) -> str | None:
        """The key that the error is about, where it is known."""
        return self._told(2)

    def __str__(self) -> str:
        """Give the sentence, and what to do next."""
        return f"{self.message}; {self.hint}" if self.hint else self.message

    def _told(self, place: int) -> str | None:
        return self.args[place] if place < len(self.args) else None


class InvalidArgumentError(KeywrightError, ValueError):
    """An argument has the wrong form, type or range; nothing was done."""

    code = "invalid_argument"


class NotFoundError(KeywrightError):
    """There is no such key, project, service account or user."""

    code = "not_found"


class AlreadyExistsError(KeywrightError):
    """Something of that name is there already."""

    code = "already_exists"


class InvalidStateError(KeywrightError):
    """The object's state does not allow it: revoked and expired are final."""

    code = "invalid_state"


class RotationInProgressError(KeywrightError):
    """Two versions live already: finish or cancel that rotation first."""

    code = "rotation_in_progress"


class AlreadyIssuedError(KeywrightError):
    """The key of this idempotency key was issued and has been used; its secret is not shown again."""

    code = "already_issued"


class IdempotencyConflictError(KeywrightError):
    """The idempotency key was used with other parameters."""

    code = "idempotency_conflict"


class UnsupportedError(KeywrightError):
    """This build or this kind of store cannot do it."""

    code = "unsupported"


class PepperError(KeywrightError):
    """The pepper is not the one that the store was made with, or is missing or unreadable."""

    code = "wrong_pepper"


class SchemaVersionError(KeywrightError):
    """The store was written by a newer program, or needs `keywright upgrade`."""

    code = "schema_version"


class TamperedError(KeywrightError):
    """A row, the audit chain or the revocation log was changed by someone without the pepper."""

    code = "tampered"


class UnavailableError(KeywrightError):
    """The store could not be read or written; whether a write took effect is unknown only if the
    message says so.
    """  # noqa: D205

    code = "unavailable"


class ClosedError(KeywrightError):
    """The manager has been closed, or refuses to work after an internal failure: open it anew."""

    code = "closed"


class CancelledError(KeywrightError):
    """The call was cancelled by its caller."""

    code = "cancelled"


class InternalError(KeywrightError):
    """A fault in this library; please report it."""

    code = "internal"
