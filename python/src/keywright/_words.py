"""The words of the surface, as types."""

from __future__ import annotations

from typing import Literal

KeyClass = Literal["live", "test", "temp", "admin"]
"""What a key is for."""

KeyStatus = Literal["active", "disabled", "expired", "revoked"]
"""Whether a key is in use."""

VersionStatus = Literal["current", "overlapping", "ended"]
"""Whether a secret of a key counts."""

OwnerKind = Literal["user", "service_account", "external"]
"""Who a key belongs to."""

RevocationReason = Literal[
    "unspecified",
    "key_compromise",
    "superseded",
    "affiliation_changed",
    "privilege_withdrawn",
]
"""Why a key was revoked (RFC 5280, section 5.3.1)."""

VerifyCode = Literal[
    "valid",
    "malformed",
    "not_found",
    "disabled",
    "revoked",
    "compromised",
    "expired",
    "wrong_class",
    "insufficient_scope",
    "ip_not_allowed",
    "rate_limited",
    "usage_exceeded",
    "budget_exceeded",
    "unavailable",
]
"""What `verify` answers. Only `valid` is good."""

AuthorizeCode = Literal[
    "valid",
    "malformed",
    "not_found",
    "disabled",
    "revoked",
    "compromised",
    "expired",
    "wrong_class",
    "insufficient_scope",
    "ip_not_allowed",
    "rate_limited",
    "usage_exceeded",
    "budget_exceeded",
    "unavailable",
    "missing_credential",
    "multiple_credentials",
    "key_in_url",
]
"""What `authorize` answers: what `verify` does, or what is wrong with how the key was presented."""

ErrorForm = Literal["openai", "problem"]
"""The form of a refusal's body: OpenAI's, or RFC 9457's."""

ColorScheme = Literal["auto", "light", "dark"]
"""Whether the keys page is light or dark."""

Language = Literal["en", "de", "fr"]
"""What the keys page speaks."""

LogLevel = Literal["debug", "info", "warning", "error"]
"""How grave a log record is."""
