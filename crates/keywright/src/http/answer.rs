//! What is sent back. All 401s are the same bytes, with the expired key as the only exception; no
//! answer holds anything that the request said.

use super::{AuthorizeOptions, ErrorForm, HttpPolicy};
use crate::types::ApiKey;
use crate::verify::Verification;
use keywright_core::VerifyCode;
use keywright_core::limits::{Limit, Replenish};
use serde::Serialize;
use std::time::Duration;

/// Why a request may pass or not: `verify`'s code, or what is wrong with how the key was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorizeCode {
    /// There was one credential, and this is what `verify` says of it.
    Verified(VerifyCode),
    /// There was none (401).
    MissingCredential,
    /// There was more than one (400).
    MultipleCredentials,
    /// A key stood in the URL (400).
    KeyInUrl,
}

impl AuthorizeCode {
    /// Every code: those of `verify`, then those of its own.
    pub const ALL: &'static [Self] = &[
        Self::Verified(VerifyCode::Valid),
        Self::Verified(VerifyCode::Malformed),
        Self::Verified(VerifyCode::NotFound),
        Self::Verified(VerifyCode::Disabled),
        Self::Verified(VerifyCode::Revoked),
        Self::Verified(VerifyCode::Compromised),
        Self::Verified(VerifyCode::Expired),
        Self::Verified(VerifyCode::WrongClass),
        Self::Verified(VerifyCode::InsufficientScope),
        Self::Verified(VerifyCode::IpNotAllowed),
        Self::Verified(VerifyCode::RateLimited),
        Self::Verified(VerifyCode::UsageExceeded),
        Self::Verified(VerifyCode::BudgetExceeded),
        Self::Verified(VerifyCode::Unavailable),
        Self::MissingCredential,
        Self::MultipleCredentials,
        Self::KeyInUrl,
    ];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified(code) => code.as_str(),
            Self::MissingCredential => "missing_credential",
            Self::MultipleCredentials => "multiple_credentials",
            Self::KeyInUrl => "key_in_url",
        }
    }

    const fn status(self) -> u16 {
        match self {
            Self::Verified(code) => code.http_status(),
            Self::MissingCredential => 401,
            Self::MultipleCredentials | Self::KeyInUrl => 400,
        }
    }

    /// What stands in the body.
    const fn wire_code(self) -> Option<&'static str> {
        match self {
            Self::Verified(code) => code.wire_code(),
            Self::MissingCredential => VerifyCode::NotFound.wire_code(),
            Self::MultipleCredentials | Self::KeyInUrl => Some(self.as_str()),
        }
    }
}

/// The answer to [`KeyManager::authorize`](crate::KeyManager::authorize): the key, or the whole
/// response to send instead.
#[derive(Clone, Debug)]
#[must_use]
pub struct Authorization {
    code: AuthorizeCode,
    verification: Option<Verification>,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Authorization {
    /// Whether the request may pass.
    #[must_use]
    pub fn allowed(&self) -> bool {
        self.code == AuthorizeCode::Verified(VerifyCode::Valid)
    }

    /// The precise reason, for the application and its log. It is not for the wire.
    #[must_use]
    pub const fn code(&self) -> AuthorizeCode {
        self.code
    }

    /// 200, 400, 401, 403, 429 or 503.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.code.status()
    }

    /// Names in lower case, and values. Where the request may pass: what the limits say
    /// (`ratelimit`, `ratelimit-policy`), to be added to the application's own.
    #[must_use]
    pub fn headers(&self) -> &[(&'static str, String)] {
        &self.headers
    }

    /// JSON; empty where the request may pass.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The key, if and only if the request may pass. Of its versions it has the presented one alone.
    #[must_use]
    pub fn key(&self) -> Option<ApiKey> {
        self.verification
            .as_ref()
            .filter(|_| self.allowed())
            .and_then(Verification::key)
    }

    /// The key's id, wherever the secret was right.
    #[must_use]
    pub fn key_id(&self) -> Option<String> {
        self.verification.as_ref()?.key_id()
    }

    pub(super) fn verified(
        verification: Verification,
        options: &AuthorizeOptions,
        policy: &HttpPolicy,
    ) -> Self {
        let code = AuthorizeCode::Verified(verification.code());
        let wait = verification.retry_after();
        let limits = rate_limit_headers(verification.limits(), verification.limit(), wait);
        let mut answer = if verification.valid() {
            Self {
                code,
                verification: None,
                headers: Vec::new(),
                body: String::new(),
            }
        } else {
            Self::refusal(code, &options.scopes, policy)
        };
        answer.headers.extend(limits);
        if let Some(wait) = wait {
            answer
                .headers
                .push(("retry-after", seconds(wait).to_string()));
        }
        answer.verification = Some(verification);
        answer
    }

    pub(super) fn refused(code: AuthorizeCode, policy: &HttpPolicy) -> Self {
        Self::refusal(code, &[], policy)
    }

    fn refusal(code: AuthorizeCode, scopes: &[String], policy: &HttpPolicy) -> Self {
        let message = message(code, scopes, policy);
        let (content_type, body) = match policy.form {
            ErrorForm::OpenAi => ("application/json", openai(code, message)),
            ErrorForm::Problem => ("application/problem+json", problem(code, message)),
        };
        let mut headers = vec![
            ("content-type", content_type.to_owned()),
            ("cache-control", "no-store".to_owned()),
        ];
        if let Some(challenge) = challenge(code, scopes) {
            headers.push(("www-authenticate", challenge));
        }
        Self {
            code,
            verification: None,
            headers,
            body,
        }
    }
}

/// RFC 6750 §3. Scopes are of a form that needs no quoting.
fn challenge(code: AuthorizeCode, scopes: &[String]) -> Option<String> {
    match code {
        AuthorizeCode::Verified(VerifyCode::InsufficientScope) => Some(format!(
            "Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"{}\"",
            scopes.join(" ")
        )),
        _ if code.status() == 401 => Some("Bearer realm=\"api\"".to_owned()),
        _ => None,
    }
}

#[derive(Serialize)]
struct OpenAiBody {
    error: OpenAiError,
}

#[derive(Serialize)]
struct OpenAiError {
    message: String,
    r#type: &'static str,
    param: Option<&'static str>,
    code: Option<&'static str>,
}

fn openai(code: AuthorizeCode, message: String) -> String {
    let r#type = match (code.status(), code.wire_code()) {
        (_, Some("insufficient_quota")) => "insufficient_quota",
        (429, _) => "requests",
        (503, _) => "server_error",
        _ => "invalid_request_error",
    };
    let error = OpenAiError {
        message,
        r#type,
        param: None,
        code: code.wire_code(),
    };
    json(&OpenAiBody { error })
}

#[derive(Serialize)]
struct Problem {
    r#type: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    code: Option<&'static str>,
}

fn problem(code: AuthorizeCode, detail: String) -> String {
    let title = match code.status() {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        429 => "Too Many Requests",
        _ => "Service Unavailable",
    };
    json(&Problem {
        r#type: "about:blank",
        title,
        status: code.status(),
        detail,
        code: code.wire_code(),
    })
}

fn json(body: &impl Serialize) -> String {
    // Texts and numbers can't fail to be written.
    serde_json::to_string(body).unwrap_or_default()
}

/// What happened and what to do next, for whoever wrote the client.
fn message(code: AuthorizeCode, scopes: &[String], policy: &HttpPolicy) -> String {
    let place = || match &policy.header {
        Some(header) => format!("in 'Authorization: Bearer YOUR_KEY' or '{header}: YOUR_KEY'"),
        None => "in 'Authorization: Bearer YOUR_KEY'".to_owned(),
    };
    let fixed = match code {
        AuthorizeCode::MultipleCredentials => {
            return format!(
                "More than one credential was sent. Send one API key, {}.",
                place()
            );
        }
        AuthorizeCode::KeyInUrl => {
            return format!(
                "An API key must not be part of a URL, where logs and histories keep it. Revoke that key and send a new one {}.",
                place()
            );
        }
        AuthorizeCode::Verified(VerifyCode::InsufficientScope) => {
            return format!(
                "This API key may not do that. It would need all of these scopes: {}.",
                scopes.join(", ")
            );
        }
        AuthorizeCode::Verified(VerifyCode::Expired) => {
            "This API key has expired. Create a new one."
        }
        AuthorizeCode::Verified(VerifyCode::IpNotAllowed) => {
            "This API key may not be used from this address."
        }
        AuthorizeCode::Verified(VerifyCode::RateLimited) => {
            "Too many requests with this API key. Wait as long as Retry-After says, then try again."
        }
        AuthorizeCode::Verified(VerifyCode::UsageExceeded | VerifyCode::BudgetExceeded) => {
            "The quota of this API key is used up. Ask for more, or wait for its renewal."
        }
        AuthorizeCode::Verified(VerifyCode::Unavailable) => {
            "API keys can't be checked at the moment. Try again in a moment."
        }
        AuthorizeCode::MissingCredential
        | AuthorizeCode::Verified(
            VerifyCode::Valid
            | VerifyCode::Malformed
            | VerifyCode::NotFound
            | VerifyCode::Disabled
            | VerifyCode::Revoked
            | VerifyCode::Compromised
            | VerifyCode::WrongClass,
        ) => return format!("No valid API key was sent. Send one {}.", place()),
    };
    fixed.to_owned()
}

/// The largest number that a structured field can hold (RFC 9651 §3.3.1).
const MOST: u64 = 999_999_999_999_999;

/// `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers), an item for each limit.
/// Names of limits are of a form that needs no escapes.
fn rate_limit_headers(
    limits: &[(Limit, u64)],
    refusing: Option<&str>,
    wait: Option<Duration>,
) -> Vec<(&'static str, String)> {
    if limits.is_empty() {
        return Vec::new();
    }
    let policies = limits.iter().map(|(limit, _)| {
        let (name, quota) = (limit.name.as_str(), limit.capacity.min(MOST));
        match limit.replenish {
            Replenish::Window { seconds } => format!("\"{name}\";q={quota};w={seconds}"),
            Replenish::Never | Replenish::Refill { .. } => format!("\"{name}\";q={quota}"),
        }
    });
    let states = limits.iter().map(|(limit, left)| {
        let (name, left) = (limit.name.as_str(), left.min(&MOST));
        match wait.filter(|_| refusing == Some(name)) {
            Some(wait) => format!("\"{name}\";r={left};t={}", seconds(wait)),
            None => format!("\"{name}\";r={left}"),
        }
    });
    vec![
        ("ratelimit-policy", policies.collect::<Vec<_>>().join(", ")),
        ("ratelimit", states.collect::<Vec<_>>().join(", ")),
    ]
}

/// Whole seconds, rounded up: never too early.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}
