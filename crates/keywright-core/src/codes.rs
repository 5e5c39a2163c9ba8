//! What a verification can answer, as data: the code for the application, the HTTP status and the
//! `error.code` for a public wire. Every language is tested against this one table.

use std::fmt;

macro_rules! verify_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $http:literal, $wire:expr;)+) => {
        /// The answer to `verify`. Exactly one of them is good.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum VerifyCode { $($(#[doc = $doc])+ $variant,)+ }

        impl VerifyCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name, `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status that stands for it.
            #[must_use]
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $http),+ }
            }

            /// What a public wire says in `error.code`; `None` for `valid`.
            #[must_use]
            pub const fn wire_code(self) -> Option<&'static str> {
                match self { $(Self::$variant => $wire),+ }
            }

            /// One line on what it means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

verify_codes! {
    /// The key is good for this use.
    Valid = "valid", 200, None;
    /// Not a secret of any form that this store issues or has imported; the store was not asked.
    Malformed = "malformed", 401, Some("invalid_api_key");
    /// No key has this secret.
    NotFound = "not_found", 401, Some("invalid_api_key");
    /// The key is switched off; it can be enabled again.
    Disabled = "disabled", 401, Some("invalid_api_key");
    /// The key, or this version of it, is dead for good.
    Revoked = "revoked", 401, Some("invalid_api_key");
    /// The key was revoked because its secret got out.
    Compromised = "compromised", 401, Some("invalid_api_key");
    /// The secret is right and its time has passed.
    Expired = "expired", 401, Some("expired_api_key");
    /// A key of a class that is not accepted here.
    WrongClass = "wrong_class", 401, Some("invalid_api_key");
    /// The key lacks a scope that the use requires.
    InsufficientScope = "insufficient_scope", 403, Some("insufficient_permissions");
    /// The key may not be used from this address.
    IpNotAllowed = "ip_not_allowed", 403, Some("ip_not_allowed");
    /// Too many uses in this window; try again later, as the answer says.
    RateLimited = "rate_limited", 429, Some("rate_limit_exceeded");
    /// The key's usage credits are spent.
    UsageExceeded = "usage_exceeded", 429, Some("insufficient_quota");
    /// The key's money is spent.
    BudgetExceeded = "budget_exceeded", 429, Some("insufficient_quota");
    /// No answer could be had; deny.
    Unavailable = "unavailable", 503, Some("service_unavailable");
}

impl VerifyCode {
    /// Whether the key may be used. True for [`VerifyCode::Valid`] alone.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Valid)
    }
}

impl fmt::Display for VerifyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
