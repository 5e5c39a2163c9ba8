"""
The native half of `keywright`.
"""

from _typeshed import SupportsGetItem
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from keywright._call import Call
from keywright._words import AuthorizeCode, ColorScheme, ErrorForm, KeyClass, KeyStatus, Language, LogLevel, OwnerKind, RevocationReason, VerifyCode, VersionStatus
from typing import Any, Final, final

__all__ = ["VERSION", "AdminKeys", "ApiKey", "AuditEvent", "Authorization", "Bell", "BrokenLink", "Created", "DailyUse", "Export", "HttpPolicy", "ImportRecord", "KeyOwner", "KeyVersion", "KeysPage", "Limit", "LogRecord", "Logo", "Manager", "PageResponse", "Permission", "Project", "Projects", "RefusedRecord", "RequestParts", "Secret", "ServiceAccount", "ServiceAccounts", "Unset", "User", "Users", "Verification", "begin_anew", "end", "is_quiet", "open_store", "run_cli"]

VERSION: Final[str]
"""
The package's version.
"""

@final
class AdminKeys:
    """
    The admin keys of a store.
    """
    def create(self, /, name: str, expires_in: timedelta | int | None, expires_at: datetime | None) -> Call[Created]:
        """
        Issues an admin key.
        """
    def get(self, /, id: str) -> Call[ApiKey]:
        """
        The admin key of that id.
        """
    def list(self, /, status: KeyStatus | None, search: str | None, include_revoked: bool, after: str | None, limit: int | None) -> Call[tuple[list[ApiKey], bool]]:
        """
        Admin keys, newest first.
        """
    def revoke(self, /, id: str, reason: RevocationReason) -> Call[ApiKey]:
        """
        Kills an admin key for good.
        """
    def verify(self, /, secret: str | bytes | Secret) -> Call[Verification]:
        """
        Whether a presented secret is that of an admin key in good standing.
        """

@final
class ApiKey:
    """
    An API key. There is never a secret in it.
    """
    def __copy__(self, /) -> ApiKey:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> ApiKey:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> ApiKey: ...
    @property
    def allowed_ips(self, /) -> list[str] | None:
        """
        The networks that it may be used from: anywhere if `None`.
        """
    @property
    def class_(self, /) -> KeyClass:
        """
        What it is for.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was issued.
        """
    @property
    def expires_at(self, /) -> datetime | None:
        """
        It is good while `now < expires_at`; forever if `None`.
        """
    @property
    def id(self, /) -> str:
        """
        `key_…`: stable for its whole life.
        """
    @property
    def last_used_at(self, /) -> datetime | None:
        """
        When any of its secrets was last used, at most a second behind.
        """
    @property
    def limits(self, /) -> list[Limit]:
        """
        The bounds on its use.
        """
    @property
    def metadata(self, /) -> dict[str, str]:
        """
        What the application keeps with it.
        """
    @property
    def name(self, /) -> str:
        """
        What people call it.
        """
    @property
    def owner(self, /) -> KeyOwner:
        """
        Who it belongs to.
        """
    @property
    def project_id(self, /) -> str:
        """
        `proj_…`: the project that it is in.
        """
    @property
    def redacted_value(self, /) -> str:
        """
        What may be shown of its current secret.
        """
    @property
    def revocation_reason(self, /) -> RevocationReason | None:
        """
        Why it was revoked.
        """
    @property
    def revoked_at(self, /) -> datetime | None:
        """
        When it was revoked.
        """
    @property
    def scopes(self, /) -> list[str] | None:
        """
        What it may do: everything if `None`, nothing if empty.
        """
    @property
    def status(self, /) -> KeyStatus:
        """
        Whether it is in use.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form: what the command line prints and a server sends.
        """
    @property
    def versions(self, /) -> list[KeyVersion]:
        """
        Its versions, oldest first. A key that comes from `verify` has the presented one alone.
        """

@final
class AuditEvent:
    """
    An event of the audit trail.
    """
    def __copy__(self, /) -> AuditEvent:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> AuditEvent:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> AuditEvent: ...
    @property
    def actor(self, /) -> str:
        """
        Who.
        """
    @property
    def after(self, /) -> dict[str, Any]:
        """
        The fields that changed, as they are.
        """
    @property
    def before(self, /) -> dict[str, Any]:
        """
        The fields that changed, as they were.
        """
    @property
    def event_type(self, /) -> str:
        """
        What, for example `api_key.created`.
        """
    @property
    def ip(self, /) -> str | None:
        """
        The address that the request came from, if any.
        """
    @property
    def mac(self, /) -> str:
        """
        The MAC over the event and the MAC before, in hexadecimal.
        """
    @property
    def object_id(self, /) -> str:
        """
        The id of the key, project or account.
        """
    @property
    def outcome(self, /) -> str:
        """
        `done`, or the code of the refusal.
        """
    @property
    def project_id(self, /) -> str | None:
        """
        The project that it happened in.
        """
    @property
    def seq(self, /) -> int:
        """
        Its place in the chain, from 1 and without gaps.
        """
    @property
    def time(self, /) -> datetime:
        """
        When.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class Authorization:
    """
    Whether a request may pass, and if not, the whole response to send. True where it may.
    """
    def __bool__(self, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowed(self, /) -> bool:
        """
        Whether the request may pass.
        """
    @property
    def body(self, /) -> bytes:
        """
        JSON; empty where the request may pass.
        """
    @property
    def code(self, /) -> AuthorizeCode:
        """
        The precise reason, for the application and its log. It is not for the wire.
        """
    @property
    def headers(self, /) -> list[tuple[str, str]]:
        """
        Names in lower case, and values. Where the request may pass: what its limits say, to be added
        to the application's own.
        """
    @property
    def key(self, /) -> ApiKey | None:
        """
        The key, if and only if the request may pass. Of its versions it has the presented one alone.
        """
    @property
    def key_id(self, /) -> str | None:
        """
        The key's id, wherever the secret was right.
        """
    @property
    def status(self, /) -> int:
        """
        200, 400, 401, 403, 429 or 503.
        """

@final
class Bell:
    """
    What an event loop watches.
    """
    def __new__(cls, /) -> Bell:
        """
        `UnsupportedError` where the system has no pipe that an event loop could watch.
        """
    def fileno(self, /) -> int:
        """
        What to watch for reading.
        """
    def ready(self, /) -> list[int]:
        """
        The tokens of the calls that can go on.
        """

@final
class BrokenLink:
    """
    Where the audit chain is broken.
    """
    def __copy__(self, /) -> BrokenLink:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> BrokenLink:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> BrokenLink: ...
    @property
    def problem(self, /) -> str:
        """
        What is wrong there.
        """
    @property
    def seq(self, /) -> int:
        """
        The first place that doesn't follow from the one before.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class Created:
    """
    A key and its new secret. The secret is nowhere else and can't be had again.
    """
    def __repr__(self, /) -> str: ...
    @property
    def key(self, /) -> ApiKey:
        """
        The key.
        """
    @property
    def secret(self, /) -> Secret:
        """
        Its secret: `secret.reveal()` shows it.
        """

@final
class DailyUse:
    """
    How often a key was used on one day.
    """
    def __copy__(self, /) -> DailyUse:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> DailyUse:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> DailyUse: ...
    @property
    def count(self, /) -> int:
        """
        How often it was used.
        """
    @property
    def day(self, /) -> datetime:
        """
        The day: its midnight in UTC.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class Export:
    """
    A running export: ask it for the next lines until there are none.
    """
    def next_lines(self, /) -> Call[list[str]]:
        """
        The next lines, each one JSON object; empty at the end.
        """

@final
class HttpPolicy:
    """
    How keys are presented over HTTP, and in which form a refusal is told. Made once.
    """
    def __new__(cls, /, *, header: str | None = None, trusted_proxies: Iterable[str] = ..., error_form: ErrorForm = ...) -> HttpPolicy:
        """
        `header` holds the key alone (`x-api-key`), besides `Authorization: Bearer`. `trusted_proxies`
        are CIDR blocks or addresses of the proxies whose `X-Forwarded-For` counts, and `unix` for
        whoever connects without an address. `error_form` is `openai`, or `problem` for RFC 9457's.
        """

@final
class ImportRecord:
    """
    One key of another system. Either `secret`, or `hash_format` and `hash`.
    """
    def __new__(cls, /, name: str, *, secret: str | bytes | Secret | None = None, hash_format: str | None = None, hash: str | None = None, hash_key: str | bytes | Secret | None = None, hash_key_hex: str | bytes | Secret | None = None, prefix: str | None = None, redacted_value: str | None = None, project: str | None = None, owner: str | None = None, class_: KeyClass | None = None, scopes: Iterable[str] | None = None, expires_at: datetime | int | None = None, allowed_ips: Iterable[str] | None = None, metadata: Mapping[str, str] | None = None, limits: Iterable[Limit] | None = None) -> ImportRecord:
        """
        A record; `docs/import.md` describes its fields. Times may be Unix seconds, as in files.
        """
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        What people call it.
        """

@final
class KeyOwner:
    """
    Who a key belongs to.
    """
    def __copy__(self, /) -> KeyOwner:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> KeyOwner:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> KeyOwner: ...
    @property
    def id(self, /) -> str:
        """
        `user_…`, `svc_…`, or the application's own string.
        """
    @property
    def kind(self, /) -> OwnerKind:
        """
        Which sort of owner.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class KeyVersion:
    """
    One secret of a key.
    """
    def __copy__(self, /) -> KeyVersion:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> KeyVersion:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> KeyVersion: ...
    @property
    def created_at(self, /) -> datetime:
        """
        When it was made.
        """
    @property
    def ends_at(self, /) -> datetime | None:
        """
        When it ends or ended; `None` while it is current.
        """
    @property
    def id(self, /) -> str:
        """
        `ver_…`.
        """
    @property
    def last_used_at(self, /) -> datetime | None:
        """
        When its secret was last used, at most a second behind.
        """
    @property
    def number(self, /) -> int:
        """
        1 for the first, and one more at each rotation.
        """
    @property
    def redacted_value(self, /) -> str:
        """
        What may be shown of its secret.
        """
    @property
    def status(self, /) -> VersionStatus:
        """
        Whether its secret counts.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class KeysPage:
    """
    The page on which an owner manages their own keys. Made once.
    """
    LARGEST_BODY: Final[int]
    """
    The largest body that is read; a larger one is a 413.
    """
    def __new__(cls, /, *, title: str | None = None, language: Language | None = None, permissions: Iterable[Permission] = ..., allow_all: bool = True, expiries: Iterable[timedelta | int | None] | None = None, allow_date: bool = True, project: str | None = None, class_: KeyClass | None = None, rate_limit: str | None = None, credits: int | None = None, limits: Iterable[Limit] | None = None, allowed_ips: Iterable[str] | None = None, metadata: Mapping[str, str] | None = None, show_metadata: bool = False, accent: str | None = None, logo: Logo | None = None, variables: Mapping[str, str] | None = None, dark_variables: Mapping[str, str] | None = None, color_scheme: ColorScheme = ..., trusted_proxies: Iterable[str] = ..., page_size: int = ...) -> KeysPage:
        """
        `permissions` is what keys can be permitted, and whether one may be given `all`. `expiries` are
        how long keys may live, in whole days, with None for ever. `project`, `class_`, `rate_limit`,
        `credits`, `limits`, `allowed_ips` and `metadata` are true of all keys that are made here.
        """

@final
class Limit:
    """
    A bound on use: so much of a unit, in a window, or refilled at intervals, or once and for
    all.
    """
    def __copy__(self, /) -> Limit:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> Limit:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, name: str, unit: str, capacity: int, *, window_seconds: int | None = None, refill_amount: int | None = None, refill_seconds: int | None = None, remaining: int | None = None) -> Limit:
        """
        A limit for `create` or `update`.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> Limit: ...
    @property
    def capacity(self, /) -> int:
        """
        How much: 0 to 2**53 (1 at least where there is a window).
        """
    @staticmethod
    def credits(count: int) -> Limit:
        """
        So many usage credits, once and for all.
        """
    @property
    def name(self, /) -> str:
        """
        `[a-z0-9_.:-]{1,64}`, unique on its key.
        """
    @staticmethod
    def rate(text: str) -> Limit:
        """
        At most so many requests in any window: `100/60s`, `5/1m`, `1000/1h`, `1/1d`.
        """
    @property
    def refill_amount(self, /) -> int | None:
        """
        How much comes back every `refill_seconds`, up to `capacity`.
        """
    @property
    def refill_seconds(self, /) -> int | None:
        """
        See `refill_amount`.
        """
    @property
    def remaining(self, /) -> int | None:
        """
        How much is left now. Only told, never set; `None` where it was not looked up.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """
    @property
    def unit(self, /) -> str:
        """
        `requests` or `credits`.
        """
    @property
    def window_seconds(self, /) -> int | None:
        """
        At most `capacity` in any window of so many seconds.
        """

@final
class LogRecord:
    """
    One thing that the library has to tell.
    """
    def __copy__(self, /) -> LogRecord:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> LogRecord:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> LogRecord: ...
    @property
    def code(self, /) -> str | None:
        """
        The precise code of a verification, where it is about one.
        """
    @property
    def key_id(self, /) -> str | None:
        """
        The key that it is about, where it is known.
        """
    @property
    def level(self, /) -> LogLevel:
        """
        How grave it is.
        """
    @property
    def message(self, /) -> str:
        """
        A sentence.
        """

@final
class Logo:
    """
    A picture beside the page's title.
    """
    def __new__(cls, /, data: str | bytes, media_type: str, alt: str) -> Logo:
        """
        `data` is the file, up to 256 KiB; `alt` what it says, for who can't see it.
        """

@final
class Manager:
    """
    An opened store.
    """
    def abandon(self, /) -> None:
        """
        Never lets go of the store, not even when nobody knows it any more: its threads belong to
        another process, and waiting for them would never end.
        """
    def acting_as(self, /, actor: str, ip: str | None) -> Manager:
        """
        The same store, with someone else acting in the audit trail.
        """
    @property
    def admin_keys(self, /) -> AdminKeys:
        """
        The admin keys.
        """
    def audit(self, /, object_id: str | None, project: str | None, event_types: Iterable[str], actor: str | None, since: datetime | None, after: int | None, limit: int | None) -> Call[tuple[list[AuditEvent], bool]]:
        """
        Events, oldest first.
        """
    def authorize(self, /, request: RequestParts, scopes: Iterable[str], cost: int, by: HttpPolicy | None) -> Authorization:
        """
        The answer of `authorize`; waits for it where it is not at hand.
        """
    def authorize_later(self, /, request: RequestParts, scopes: Iterable[str], cost: int, by: HttpPolicy | None) -> Call[Authorization]:
        """
        Begins to find the answer of `authorize`.
        """
    def authorize_now(self, /, request: RequestParts, scopes: Iterable[str], cost: int, by: HttpPolicy | None) -> Authorization | None:
        """
        The answer of `authorize` if it is at hand.
        """
    @property
    def brand(self, /) -> str:
        """
        The mark that this store's secrets begin with.
        """
    def cancel_rotation(self, /, id: str) -> Call[ApiKey]:
        """
        Ends the new version of a rotation.
        """
    def close(self, /) -> Call[None]:
        """
        Lets go of the store.
        """
    def create(self, /, name: str, project: str | None, owner: str | None, scopes: Iterable[str] | None, expires_in: timedelta | int | None, expires_at: datetime | None, allowed_ips: Iterable[str] | None, metadata: Mapping[str, str] | None, class_: KeyClass | None, rate_limit: str | None, credits: int | None, limits: Iterable[Limit] | None, idempotency_key: str | None) -> Call[Created]:
        """
        Issues a key.
        """
    def daily_uses(self, /, id: str, days: int) -> Call[list[DailyUse]]:
        """
        How often a key was used, day by day. (Behind a method `list`, a list is no type in a stub:
        so this name comes before it.)
        """
    def disable(self, /, id: str) -> Call[ApiKey]:
        """
        Switches a key off.
        """
    def enable(self, /, id: str) -> Call[ApiKey]:
        """
        Switches a key on again.
        """
    def export_keys(self, /) -> Export:
        """
        Begins an export.
        """
    def finish_rotation(self, /, id: str) -> Call[ApiKey]:
        """
        Ends the old version of a rotation.
        """
    def flush(self, /) -> Call[None]:
        """
        Stores what is held back.
        """
    def get(self, /, id: str) -> Call[ApiKey]:
        """
        The key of that id.
        """
    def identify(self, /, secret: str | bytes | Secret) -> Call[ApiKey | None]:
        """
        Which key is this?
        """
    def import_keys(self, /, records: Iterable[ImportRecord]) -> Call[tuple[list[str], list[RefusedRecord]]]:
        """
        Takes over keys of another system: the ids, and the refused records.
        """
    def keys_page(self, /, owner: str, request: RequestParts, page: KeysPage | None) -> Call[PageResponse]:
        """
        The response of the page on which that owner manages their own keys.
        """
    def list(self, /, project: str | None, owner: str | None, status: KeyStatus | None, search: str | None, include_revoked: bool, after: str | None, limit: int | None) -> Call[tuple[list[ApiKey], bool]]:
        """
        Keys, newest first.
        """
    @property
    def path(self, /) -> str | None:
        """
        The SQLite file, if the store is one.
        """
    @property
    def projects(self, /) -> Projects:
        """
        The projects.
        """
    def reopen(self, /) -> Manager:
        """
        Opens the same store anew, in the child of a fork.
        """
    def revoke(self, /, id: str, reason: RevocationReason) -> Call[ApiKey]:
        """
        Kills a key for good.
        """
    def revoke_all(self, /, owner: str, reason: RevocationReason) -> Call[int]:
        """
        Revokes every key of an owner.
        """
    def rotate(self, /, id: str, overlap: timedelta | int | None) -> Call[Created]:
        """
        Gives a key a new secret.
        """
    @property
    def service_accounts(self, /) -> ServiceAccounts:
        """
        The service accounts.
        """
    def update(self, /, id: str, name: str | Unset, metadata: Mapping[str, str] | Unset, scopes: Iterable[str] | None | Unset, allowed_ips: Iterable[str] | None | Unset, expires_at: datetime | None | Unset, limits: Iterable[Limit] | Unset) -> Call[ApiKey]:
        """
        Changes some fields of a key.
        """
    @property
    def users(self, /) -> Users:
        """
        The users.
        """
    def verify(self, /, secret: str | bytes | Secret, scopes: Iterable[str], ip: str | None, cost: int) -> Verification:
        """
        The answer of `verify`; waits for it where it is not at hand.
        """
    def verify_audit(self, /) -> Call[BrokenLink | None]:
        """
        The first broken link of the audit chain, or none.
        """
    def verify_later(self, /, secret: str | bytes | Secret, scopes: Iterable[str], ip: str | None, cost: int) -> Call[Verification]:
        """
        Begins to find the answer of `verify`.
        """
    def verify_now(self, /, secret: str | bytes | Secret, scopes: Iterable[str], ip: str | None, cost: int) -> Verification | None:
        """
        The answer of `verify` if it is at hand.
        """

@final
class PageResponse:
    """
    A whole response.
    """
    def __repr__(self, /) -> str: ...
    @property
    def body(self, /) -> bytes:
        """
        The body. One of them holds a new secret.
        """
    @property
    def headers(self, /) -> list[tuple[str, str]]:
        """
        Names in lower case, and values.
        """
    @property
    def status(self, /) -> int:
        """
        The status.
        """

@final
class Permission:
    """
    One thing that a key can be permitted.
    """
    def __new__(cls, /, scope: str, label: str, *, read_only: bool = False) -> Permission:
        """
        `label` is what people read; what is `read_only` only lets one see things, and *Read only* is
        all of these.
        """
    def __repr__(self, /) -> str: ...

@final
class Project:
    """
    A project: every key is in one.
    """
    def __copy__(self, /) -> Project:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> Project:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> Project: ...
    @property
    def archived_at(self, /) -> datetime | None:
        """
        When it was archived.
        """
    @property
    def created_at(self, /) -> datetime:
        """
        When it was made.
        """
    @property
    def default_lifetime_seconds(self, /) -> int | None:
        """
        How long a key lives if nothing is said, in seconds.
        """
    @property
    def default_service_account_id(self, /) -> str:
        """
        `svc_…`: the owner of its keys where none is named.
        """
    @property
    def id(self, /) -> str:
        """
        `proj_…`.
        """
    @property
    def max_lifetime_seconds(self, /) -> int | None:
        """
        The longest that a key may live, in seconds.
        """
    @property
    def name(self, /) -> str:
        """
        What people call it.
        """
    @property
    def status(self, /) -> str:
        """
        `active` or `archived`.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class Projects:
    """
    The projects of a store.
    """
    def archive(self, /, project: str) -> Call[Project]:
        """
        Archives a project for good.
        """
    def create(self, /, name: str, default_lifetime: timedelta | int | None, max_lifetime: timedelta | int | None) -> Call[Project]:
        """
        Makes a project.
        """
    def get(self, /, project: str) -> Call[Project]:
        """
        The project of that id or name.
        """
    def list(self, /, include_archived: bool) -> Call[list[Project]]:
        """
        All projects, oldest first.
        """

@final
class RefusedRecord:
    """
    A record that was not taken over by an import.
    """
    def __copy__(self, /) -> RefusedRecord:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> RefusedRecord:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, index: int, code: str, message: str) -> RefusedRecord:
        """
        Says that a record was refused.
        """
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> RefusedRecord: ...
    @property
    def code(self, /) -> str:
        """
        The error's code.
        """
    @property
    def index(self, /) -> int:
        """
        Which record, counted from 0.
        """
    @property
    def message(self, /) -> str:
        """
        What was wrong with it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class RequestParts:
    """
    What of an HTTP request counts. It shows no values: one of them is a secret.
    """
    def __new__(cls, /, method: str, target: str, headers: Iterable[tuple[str | bytes, str | bytes]], *, peer: str | None = None, body: str | bytes = ...) -> RequestParts:
        """
        `target` is the path and the query as they were received, still percent-encoded. `headers` are
        names and values in the order in which they came; one that was sent twice stands twice. `peer`
        is the address at the other end of the connection; None where it has none (a Unix socket).
        """
    def __repr__(self, /) -> str: ...
    @property
    def method(self, /) -> str:
        """
        `GET`, `POST`, ….
        """
    @property
    def peer(self, /) -> str | None:
        """
        The address at the other end of the connection.
        """

@final
class Secret:
    """
    A secret that doesn't show itself: not in `repr`, `str`, formatting, logs, pickles or JSON.

    `reveal()` gives it out, as a string that Python can't wipe. `close()`, or the end of a `with`
    block, wipes the object's own copy at once; else that happens when the object goes away.
    """
    def __copy__(self, /) -> None: ...
    def __deepcopy__(self, /, _memo: Any) -> None: ...
    def __enter__(self, /) -> Secret: ...
    def __exit__(self, /, _kind: Any, _error: Any, _traceback: Any) -> None: ...
    def __format__(self, /, _spec: Any) -> str: ...
    def __new__(cls, /, value: str | bytes | Secret) -> Secret:
        """
        Takes a string over, for example from the environment. The caller's own copy stays.
        """
    def __reduce_ex__(self, /, _protocol: Any) -> str: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def close(self, /) -> None:
        """
        Wipes it at once: `reveal()` is a `ClosedError` from now on. Closing twice is fine.
        """
    @property
    def redacted_value(self, /) -> str:
        """
        What may be shown of it.
        """
    def reveal(self, /) -> str:
        """
        The secret itself. `ClosedError` once it is closed.
        """

@final
class ServiceAccount:
    """
    A service account of a project.
    """
    def __copy__(self, /) -> ServiceAccount:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> ServiceAccount:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> ServiceAccount: ...
    @property
    def created_at(self, /) -> datetime:
        """
        When it was made.
        """
    @property
    def id(self, /) -> str:
        """
        `svc_…`.
        """
    @property
    def name(self, /) -> str:
        """
        What people call it.
        """
    @property
    def project_id(self, /) -> str:
        """
        The project that it is in.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class ServiceAccounts:
    """
    The service accounts of a store.
    """
    def create(self, /, name: str, project: str | None) -> Call[ServiceAccount]:
        """
        Makes a service account in a project.
        """
    def delete(self, /, id: str) -> Call[int]:
        """
        Deletes a service account and revokes its keys.
        """
    def list(self, /, project: str | None) -> Call[list[ServiceAccount]]:
        """
        All service accounts (of one project), oldest first.
        """

@final
class Unset:
    """
    What `update` is given for a field that stays as it is.
    """
    def __new__(cls, /) -> Unset: ...
    def __repr__(self, /) -> str: ...

@final
class User:
    """
    A user of the store.
    """
    def __copy__(self, /) -> User:
        """
        It never changes, so that it is its own copy.
        """
    def __deepcopy__(self, /, _memo: Any) -> User:
        """
        Likewise.
        """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]:
        """
        Pickled as its wire form.
        """
    def __repr__(self, /) -> str: ...
    @staticmethod
    def _of_wire(wire: str) -> User: ...
    @property
    def created_at(self, /) -> datetime:
        """
        When they were added.
        """
    @property
    def id(self, /) -> str:
        """
        `user_…`.
        """
    @property
    def name(self, /) -> str:
        """
        What people call them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """

@final
class Users:
    """
    The users of a store.
    """
    def create(self, /, name: str) -> Call[User]:
        """
        Adds a user.
        """
    def delete(self, /, id: str) -> Call[int]:
        """
        Deletes a user and revokes their keys.
        """
    def list(self, /) -> Call[list[User]]:
        """
        All users, oldest first.
        """

@final
class Verification:
    """
    Whether a presented secret is good for a use, and why not. True where it is.
    """
    def __bool__(self, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> VerifyCode:
        """
        Why the key is good or not.
        """
    @property
    def http_status(self, /) -> int:
        """
        The HTTP status that stands for the code.
        """
    @property
    def key(self, /) -> ApiKey | None:
        """
        The key, wherever the secret was right; also if it may not be used. Of its versions it has
        the presented one alone.
        """
    @property
    def key_id(self, /) -> str | None:
        """
        The key's id, without making the rest.
        """
    @property
    def limit(self, /) -> str | None:
        """
        The name of the limit that refused.
        """
    @property
    def retry_after(self, /) -> timedelta | None:
        """
        How long to wait where waiting helps.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The wire form.
        """
    @property
    def valid(self, /) -> bool:
        """
        Whether the key may be used.
        """
    @property
    def wire_code(self, /) -> str | None:
        """
        What a public wire says in `error.code`: less than `code`, which is for you. None if valid.
        """

def begin_anew() -> None:
    """
    In the child of a fork: the other threads are not there.
    """

def end() -> None:
    """
    From now on no thread lets go of the interpreter.
    """

def is_quiet(wholly: bool) -> bool:
    """
    Whether no thread is inside with the interpreter let go; `wholly`: nor with it held.
    """

def open_store(store: str | None, pepper: str | bytes | Secret | None, pepper_file: str | None, brand: str | None, accepted_classes: Iterable[KeyClass] | None, must_exist: bool, actor: str | None, listener: Any | None) -> Call[Manager]:
    """
    Opens a store.
    """

def run_cli(arguments: SupportsGetItem[int, str], called: str | None = None) -> int:
    """
    Runs the command with the program's name as the first of its arguments, or called in another way;
    gives its exit status.
    """
