//! Every rule between an HTTP request and `verify`, once: where the key may stand, that there is
//! exactly one, whose address counts behind proxies, and what a refusal looks like on the wire.
//! All adapters to web frameworks stand on it and decide nothing.

pub(crate) mod admin;
mod answer;
mod client;
mod credential;

pub use answer::{Authorization, AuthorizeCode};

use crate::manager::KeyManager;
use crate::options::LogLevel;
use crate::verify;
use client::TrustedProxies;
use credential::Credential;
use keywright_core::{Error, Requirements, Result, VerifyCode};
use std::net::IpAddr;

/// What of an HTTP request counts. It borrows: no copy of a presented secret is made.
///
/// Its `Debug` shows no values: one of them is a secret.
#[derive(Clone, Copy)]
pub struct RequestParts<'a> {
    /// `GET`, `POST`, ….
    pub method: &'a str,
    /// The path and the query as they were received, still percent-encoded: `/v1/things?page=2`.
    pub target: &'a str,
    /// Names and values in the order in which they came; one that was sent twice stands twice.
    pub headers: &'a [(&'a str, &'a [u8])],
    /// The address at the other end of the connection; `None` where it has none (a Unix socket).
    pub peer: Option<&'a str>,
    /// The body; empty where it doesn't matter.
    pub body: &'a [u8],
}

impl RequestParts<'_> {
    /// The values of a header, in order.
    #[must_use]
    pub fn header<'s>(&'s self, name: &'s str) -> impl DoubleEndedIterator<Item = &'s [u8]> {
        self.headers
            .iter()
            .filter(move |(own, _)| own.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}

impl std::fmt::Debug for RequestParts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        f.debug_struct("RequestParts")
            .field("method", &self.method)
            .field("headers", &names)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// How keys are presented, and in which form a refusal is told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpOptions {
    /// A header that holds the key alone, for example `x-api-key`, besides `Authorization: Bearer`.
    pub header: Option<String>,
    /// The proxies whose `X-Forwarded-For` counts: CIDR blocks or addresses, and `unix` for whoever
    /// connects without an address. Nobody's counts if empty.
    pub trusted_proxies: Vec<String>,
    /// The form of a refusal's body.
    pub error_form: ErrorForm,
}

/// The form of a refusal's body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ErrorForm {
    /// OpenAI's: `{"error":{"message":…,"type":…,"param":null,"code":…}}`.
    #[default]
    OpenAi,
    /// `application/problem+json` (RFC 9457), with `code` as a member of its own.
    Problem,
}

impl ErrorForm {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::OpenAi, Self::Problem];

    /// The stable name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Problem => "problem",
        }
    }

    /// The form of this name.
    ///
    /// # Errors
    /// `invalid_argument` for any other.
    pub fn parse(name: &str) -> Result<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|form| form.as_str() == name)
            .ok_or_else(|| {
                Error::invalid("that is not a form of errors").hint("use openai or problem")
            })
    }
}

/// [`HttpOptions`], read once and good for every request.
#[derive(Clone, Debug)]
pub struct HttpPolicy {
    /// In lower case.
    header: Option<Box<str>>,
    trusted: TrustedProxies,
    form: ErrorForm,
}

impl HttpPolicy {
    /// Reads the options.
    ///
    /// # Errors
    /// `invalid_argument` for a name that no header can have, for `authorization` and headers that
    /// mean something else, and for what is no network.
    pub fn new(options: &HttpOptions) -> Result<Self> {
        let HttpOptions {
            header,
            trusted_proxies,
            error_form,
        } = options;
        Ok(Self {
            header: header.as_deref().map(credential::header_name).transpose()?,
            trusted: TrustedProxies::parse(trusted_proxies)?,
            form: *error_form,
        })
    }
}

impl HttpPolicy {
    /// The address that a request comes from, as far as the trusted proxies tell it.
    #[doc(hidden)]
    #[must_use]
    pub fn client_address(&self, request: &RequestParts<'_>) -> Option<IpAddr> {
        client::address(request, &self.trusted)
    }
}

impl Default for HttpPolicy {
    /// `Authorization: Bearer` alone, no proxies, OpenAI's form.
    fn default() -> Self {
        Self {
            header: None,
            trusted: TrustedProxies::default(),
            form: ErrorForm::default(),
        }
    }
}

/// What a request requires of its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizeOptions {
    /// All of these scopes.
    pub scopes: Vec<String>,
    /// How many usage credits it costs; 1 if absent.
    pub cost: Option<u64>,
}

impl KeyManager {
    /// Whether a request may pass, and if not, the whole answer to send.
    ///
    /// The key stands in `Authorization: Bearer`, or in the one header that `policy` names. Exactly
    /// one credential counts: two are a 400, and so is a key in the URL. All refusals with 401 are the
    /// same bytes, except that a right secret whose time has passed is told so (`expired_api_key`).
    ///
    /// ```
    /// # use keywright::{AuthorizeOptions, CreateOptions, HttpPolicy, KeyManager, OpenOptions, RequestParts};
    /// # futures_executor::block_on(async {
    /// # let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
    /// # let created = keys.create("billing", CreateOptions::default()).await?;
    /// let bearer = format!("Bearer {}", created.secret.reveal());
    /// let request = RequestParts {
    ///     method: "GET",
    ///     target: "/v1/invoices",
    ///     headers: &[("authorization", bearer.as_bytes())],
    ///     peer: Some("203.0.113.7"),
    ///     body: &[],
    /// };
    /// let (required, policy) = (AuthorizeOptions::default(), HttpPolicy::default());
    /// let answer = keys.authorize(&request, &required, &policy).await?;
    /// assert_eq!(answer.key().unwrap().name, "billing");
    ///
    /// let nothing = RequestParts { headers: &[], ..request };
    /// let answer = keys.authorize(&nothing, &required, &policy).await?;
    /// assert_eq!((answer.status(), answer.key()), (401, None));
    /// # Ok::<(), keywright::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// `invalid_argument` if the options are malformed. A store that can't be asked, a closed one too,
    /// is an answer: 503.
    pub async fn authorize(
        &self,
        request: &RequestParts<'_>,
        options: &AuthorizeOptions,
        policy: &HttpPolicy,
    ) -> Result<Authorization> {
        let required = required(request, options, policy)?;
        if let Err(error) = self.ready() {
            return Ok(self.unanswered(&error, policy));
        }
        let secret = match credential::find(request, policy) {
            Credential::One(secret) => secret,
            Credential::None(code) => return Ok(self.without_key(code, policy)),
        };
        match self.verify_bytes(secret, &required, None).await {
            Ok(answer) => Ok(Authorization::verified(answer, options, policy)),
            Err(error) => Ok(self.unanswered(&error, policy)),
        }
    }

    /// The answer of [`authorize`](Self::authorize), if it is at hand without waiting; `None` where it
    /// isn't, or where `authorize` would be an error.
    #[must_use]
    pub fn authorize_now(
        &self,
        request: &RequestParts<'_>,
        options: &AuthorizeOptions,
        policy: &HttpPolicy,
    ) -> Option<Authorization> {
        let required = required(request, options, policy).ok()?;
        self.ready().ok()?;
        match credential::find(request, policy) {
            Credential::One(secret) => {
                let answer = self.verify_bytes_now(secret, &required)?;
                Some(Authorization::verified(answer, options, policy))
            }
            Credential::None(code) => Some(self.without_key(code, policy)),
        }
    }

    /// Asking failed altogether: deny.
    fn unanswered(&self, error: &Error, policy: &HttpPolicy) -> Authorization {
        let code = error.code.as_str();
        self.log(LogLevel::Error, &error.message, Some(code), None);
        Authorization::refused(AuthorizeCode::Verified(VerifyCode::Unavailable), policy)
    }

    fn without_key(&self, code: AuthorizeCode, policy: &HttpPolicy) -> Authorization {
        self.log(
            LogLevel::Debug,
            "a request was refused",
            Some(code.as_str()),
            None,
        );
        Authorization::refused(code, policy)
    }
}

fn required(
    request: &RequestParts<'_>,
    options: &AuthorizeOptions,
    policy: &HttpPolicy,
) -> Result<Requirements> {
    let address = client::address(request, &policy.trusted);
    verify::requirements(&options.scopes, address, options.cost)
}
