"""`KeyManager`: an opened store, for programs that wait."""

from __future__ import annotations

import builtins
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import TracebackType

from keywright._groups import AdminKeys, Projects, ServiceAccounts, Users
from keywright._inputs import Importing, ImportReport, LimitLike, RecordLike, batches, to_limits
from keywright._log import Log
from keywright._native import (
    ApiKey,
    AuditEvent,
    Authorization,
    BrokenLink,
    Created,
    DailyUse,
    HttpPolicy,
    KeysPage,
    PageResponse,
    RequestParts,
    Secret,
    Unset,
    Verification,
)
from keywright._pages import Page
from keywright._self import Self
from keywright._store import _View, opened, opening
from keywright._words import KeyClass, KeyStatus, RevocationReason

UNSET = Unset()
"""What `update` leaves as it is."""


class KeyManager(_View):
    """Issues keys, shows each secret once, verifies, rotates and revokes them.

    Open one with `KeyManager.open` and share it between threads. It goes on working in the child
    of a fork.
    """

    @classmethod
    def open(
        cls,
        store: str | os.PathLike[str] | None = None,
        *,
        pepper: str | Secret | None = None,
        pepper_file: str | os.PathLike[str] | None = None,
        brand: str | None = None,
        accepted_classes: Iterable[KeyClass] | None = None,
        must_exist: bool = False,
        actor: str | None = None,
        log: Log | None = None,
    ) -> Self:
        """Open a store, and make it (and its pepper) if it isn't there.

        Args:
            store: A path, `sqlite:PATH`, `postgres://…` or `memory:`. If absent `KEYWRIGHT_STORE` counts,
                then `./keywright.db`.
            pepper: 64 hexadecimal digits, or `NUMBER:DIGITS` for each of several. If neither this
                nor `pepper_file` is given, `KEYWRIGHT_PEPPER` and `KEYWRIGHT_PEPPER_FILE` count,
                then the file `STORE.pepper` beside the store.
            pepper_file: The file with the pepper.
            brand: What the secrets of a store that is made now begin with (`KEYWRIGHT_BRAND`).
            accepted_classes: The classes that `verify` accepts; all but `admin` if absent.
            must_exist: Refuse to make a store that isn't there.
            actor: Who acts, in the audit trail.
            log: A `logging.Logger`, or what takes a `LogRecord`; the logger `keywright` if absent.

        Raises:
            PepperError: The pepper is missing or not this store's.
            SchemaVersionError: A newer program wrote the file.
            TamperedError: The revocation log was cut.
            UnavailableError: The file can't be read or written, or isn't there and must be.
            UnsupportedError: This version has no store of that kind.
        """
        call = opening(store, pepper, pepper_file, brand, accepted_classes, must_exist, actor, log)
        return cls(opened(call))

    def flush(self) -> None:
        """Store what is held back (last uses) now."""
        self._native.flush().wait()

    def close(self) -> None:
        """Let go of the store. Later calls raise `ClosedError`; closing twice is fine."""
        self._native.close().wait()
        self._store.closed = True

    def __enter__(self) -> Self:
        """Close it at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let go of the store."""
        self.close()

    def create(
        self,
        name: str,
        *,
        project: str | None = None,
        owner: str | None = None,
        scopes: Iterable[str] | None = None,
        expires_in: timedelta | int | None = None,
        expires_at: datetime | None = None,
        allowed_ips: Iterable[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        class_: KeyClass | None = None,
        rate_limit: str | None = None,
        credits: int | None = None,
        limits: Iterable[LimitLike] | None = None,
        idempotency_key: str | None = None,
    ) -> Created:
        """Issue a key and show its secret, this once.

        Args:
            name: What people call it: 1 to 128 characters.
            project: Its project, by id or name; `default` if absent.
            owner: `user_…`, `svc_…` or any string of your own (`cust_42`).
            scopes: What it may do: everything if absent, nothing if empty.
            expires_in: How long it lives: a timedelta or whole seconds.
            expires_at: When it stops being good. Not together with `expires_in`.
            allowed_ips: CIDR blocks or addresses that it may be used from; anywhere if absent.
            metadata: What you keep with it: up to 32 pairs.
            class_: `live` (if absent), `test` or `temp`.
            rate_limit: `100/60s` is at most 100 requests in any 60 seconds.
            credits: So many usage credits, once and for all.
            limits: Limits in full.
            idempotency_key: Makes a retry safe for 24 hours: 1 to 255 characters.

        Raises:
            InvalidArgumentError: An argument is no good.
            NotFoundError: There is no such project or owner.
            InvalidStateError: The project is archived.
            AlreadyIssuedError: The key of this idempotency key has been used.
            IdempotencyConflictError: The idempotency key was used with other arguments.
        """
        return self._native.create(
            name,
            project,
            owner,
            scopes,
            expires_in,
            expires_at,
            allowed_ips,
            metadata,
            class_,
            rate_limit,
            credits,
            None if limits is None else to_limits(limits),
            idempotency_key,
        ).wait()

    def get(self, id: str) -> ApiKey:
        """Give the key of that id."""
        return self._native.get(id).wait()

    def list(
        self,
        *,
        project: str | None = None,
        owner: str | None = None,
        status: KeyStatus | None = None,
        search: str | None = None,
        include_revoked: bool = False,
        after: str | None = None,
        limit: int | None = None,
    ) -> Page[ApiKey]:
        """Give keys, newest first.

        Args:
            project: Only in this project, by id or name.
            owner: Only of this owner.
            status: Only with this status.
            search: Only where name, id, owner or redacted value contains this.
            include_revoked: Also revoked keys.
            after: Only what stands behind the key of this id.
            limit: At most so many on a page: 1 to 1000; 20 if absent.
        """

        def page(after: str | None) -> Page[ApiKey]:
            data, has_more = self._native.list(
                project, owner, status, search, include_revoked, after, limit
            ).wait()
            return Page(data, has_more, lambda last: page(last.id))

        return page(after)

    def update(
        self,
        id: str,
        *,
        name: str | Unset = UNSET,
        metadata: Mapping[str, str] | Unset = UNSET,
        scopes: Iterable[str] | Unset | None = UNSET,
        allowed_ips: Iterable[str] | Unset | None = UNSET,
        expires_at: datetime | Unset | None = UNSET,
        limits: Iterable[LimitLike] | Unset = UNSET,
    ) -> ApiKey:
        """Change some fields of a key. The rest stays as it is, also under concurrent changes.

        Args:
            id: Which key.
            name: A new name.
            metadata: New metadata, in place of all of the old.
            scopes: New scopes; None is everything.
            allowed_ips: New networks; None is anywhere.
            expires_at: A new expiry; None is never.
            limits: New limits, in place of all of the old. What was used of a limit of the same
                name stays used.

        Raises:
            InvalidStateError: The key is revoked or expired.
        """
        return self._native.update(
            id,
            name,
            metadata,
            scopes,
            allowed_ips,
            expires_at,
            limits if isinstance(limits, Unset) else to_limits(limits),
        ).wait()

    def rotate(self, id: str, *, overlap: timedelta | int | None = None) -> Created:
        """Give a key a new secret. Id, name, limits and history stay.

        Args:
            id: Which key.
            overlap: How long the old secret stays good: 24 hours if absent, at most 366 days; zero
                for a leak.

        Raises:
            InvalidStateError: Only an active key rotates.
            RotationInProgressError: Two versions live already.
        """
        return self._native.rotate(id, overlap).wait()

    def finish_rotation(self, id: str) -> ApiKey:
        """End the old version of a rotation now."""
        return self._native.finish_rotation(id).wait()

    def cancel_rotation(self, id: str) -> ApiKey:
        """End the new version of a rotation now; the old one is current again."""
        return self._native.cancel_rotation(id).wait()

    def disable(self, id: str) -> ApiKey:
        """Switch a key off. Doing it twice changes nothing."""
        return self._native.disable(id).wait()

    def enable(self, id: str) -> ApiKey:
        """Switch a key on again. Doing it twice changes nothing."""
        return self._native.enable(id).wait()

    def revoke(self, id: str, *, reason: RevocationReason = "unspecified") -> ApiKey:
        """Kill a key for good.

        When this returns, no verify that starts later succeeds with it, in this process or any
        other. Doing it twice changes nothing.
        """
        return self._native.revoke(id, reason).wait()

    def revoke_all(self, owner: str, *, reason: RevocationReason = "unspecified") -> int:
        """Revoke every key of an owner; say how many that were."""
        return self._native.revoke_all(owner, reason).wait()

    def usage(self, id: str, *, days: int = 30) -> builtins.list[DailyUse]:
        """Give how often a key was used on each of the last days, today included, oldest first.

        A use is a verify that was answered `valid`, whichever of the key's secrets it was for; it is
        counted at most a second later.

        Args:
            id: Which key.
            days: How many days, in UTC: 1 to 90.
        """
        return self._native.daily_uses(id, days).wait()

    def verify(
        self,
        secret: str | bytes | Secret,
        *,
        scopes: Iterable[str] = (),
        ip: str | None = None,
        cost: int = 1,
    ) -> Verification:
        """Say whether a presented secret is good for a use. Nothing of it is trimmed.

        Any kind of bad key is an answer and no error, and so is `unavailable` (no answer could be
        had: deny). The answer is true where the key may be used, and false otherwise.

        Args:
            secret: What was presented.
            scopes: All that the use requires.
            ip: The address that the use comes from.
            cost: How many usage credits it costs.

        Raises:
            InvalidArgumentError: `scopes`, `ip` or `cost` is no good.
            ClosedError: The manager was closed.
        """
        return self._native.verify(secret, scopes, ip, cost)

    def authorize(
        self,
        request: RequestParts,
        *,
        scopes: Iterable[str] = (),
        cost: int = 1,
        policy: HttpPolicy | None = None,
    ) -> Authorization:
        """Say whether an HTTP request may pass, and if not, what to answer.

        The key stands in `Authorization: Bearer`, or in the one header that `policy` names. Two
        credentials are a 400, and so is a key in the URL. All refusals with 401 are the same bytes,
        but for `expired_api_key`. A store that can't be asked, a closed one too, is an answer: 503.

        Args:
            request: What of the request counts.
            scopes: All that it requires.
            cost: How many usage credits it costs.
            policy: How keys are presented, and how a refusal is told.

        Raises:
            InvalidArgumentError: `scopes` or `cost` is no good.
        """
        return self._native.authorize(request, scopes, cost, policy)

    def keys_page(self, owner: str, request: RequestParts, *, page: KeysPage | None = None) -> PageResponse:
        """Give the response of the page on which that owner manages their own keys.

        Only that owner's keys are ever seen or touched. Make sure of who they are before. Whatever
        goes wrong is a response too.

        Args:
            owner: Whose keys they are: what your application calls them.
            request: The whole request, with its body.
            page: What the page looks like, and what keys may be given; made once.
        """
        return self._native.keys_page(owner, request, page).wait()

    def identify(self, secret: str | bytes | Secret) -> ApiKey | None:
        """Say which key this is. Gives no access: it may be revoked, expired or for another use."""
        return self._native.identify(secret).wait()

    def import_keys(self, records: Iterable[RecordLike]) -> ImportReport:
        """Take over keys that another system issued.

        A record that is refused does not keep the others from being taken over. Records are read
        and taken over some hundred at a time; if that breaks off, those before are there.

        Args:
            records: ImportRecords, or dicts as they stand in files (`docs/import.md`).
        """
        importing = Importing()
        for batch in batches(records):
            importing.add(batch, self._native.import_keys(batch.records).wait())
        return importing.report()

    def export_keys(self) -> Iterator[str]:
        """Give everything that the store knows, without secrets: lines of JSON."""
        export = self._native.export_keys()
        while lines := export.next_lines().wait():
            yield from lines

    def audit(
        self,
        *,
        object_id: str | None = None,
        project: str | None = None,
        event_types: Iterable[str] = (),
        actor: str | None = None,
        since: datetime | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> Page[AuditEvent]:
        """Give events, oldest first.

        Args:
            object_id: Only about this key, project or account.
            project: Only in this project, by id or name.
            event_types: Only of these types (`api_key.created`); all if empty.
            actor: Only of this actor.
            since: Only from this moment on.
            after: Only behind this place in the chain.
            limit: At most so many on a page: 1 to 1000; 100 if absent.
        """
        event_types = list(event_types) if not isinstance(event_types, str) else event_types

        def page(after: int | None) -> Page[AuditEvent]:
            data, has_more = self._native.audit(
                object_id, project, event_types, actor, since, after, limit
            ).wait()
            return Page(data, has_more, lambda last: page(last.seq))

        return page(after)

    def verify_audit(self) -> BrokenLink | None:
        """Walk the whole chain of events; give the first broken link, or None."""
        return self._native.verify_audit().wait()

    @property
    def projects(self) -> Projects:
        """Projects: every key is in one; the one called `default` is always there."""
        return Projects(self)

    @property
    def service_accounts(self) -> ServiceAccounts:
        """Service accounts: programs that own keys of one project."""
        return ServiceAccounts(self)

    @property
    def users(self) -> Users:
        """Users: people that own keys."""
        return Users(self)

    @property
    def admin_keys(self) -> AdminKeys:
        """Admin keys: for whoever manages keys from outside. Never accepted as data keys."""
        return AdminKeys(self)
