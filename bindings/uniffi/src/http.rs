//! What lies between an HTTP request and `verify`: the request's parts, the policy, the answer.

use crate::arguments::whole;
use crate::call::{Token, Told, now, wait};
use crate::manager::NativeManager;
use crate::records::{ApiKey, Count};
use crate::words::{AuthorizeCode, ErrorForm};
use keywright::{Authorization, AuthorizeOptions, HttpOptions, HttpPolicy, RequestParts, Result};
use std::sync::Arc;
use zeroize::Zeroizing;

/// One header of a request, as bytes.
#[derive(uniffi::Record)]
pub struct NativeHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Vec<u8>,
}

/// What of a request counts.
#[derive(uniffi::Record)]
pub struct NativeRequest {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The path and the query, as they were received.
    pub target: String,
    /// In the order in which they came.
    pub headers: Vec<NativeHeader>,
    /// The address at the other end.
    pub peer: Option<String>,
}

/// A request whose headers are wiped when it is let go.
struct Request {
    method: String,
    target: String,
    headers: Vec<(String, Zeroizing<Vec<u8>>)>,
    peer: Option<String>,
}

impl From<NativeRequest> for Request {
    fn from(request: NativeRequest) -> Self {
        let NativeRequest {
            method,
            target,
            headers,
            peer,
        } = request;
        let headers = headers.into_iter();
        Self {
            method,
            target,
            headers: headers
                .map(|NativeHeader { name, value }| (name, Zeroizing::new(value)))
                .collect(),
            peer,
        }
    }
}

impl Request {
    fn headers(&self) -> Vec<(&str, &[u8])> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect()
    }

    fn parts<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])]) -> RequestParts<'a> {
        RequestParts {
            method: &self.method,
            target: &self.target,
            headers,
            peer: self.peer.as_deref(),
            body: &[],
        }
    }
}

/// How keys are presented, and how a refusal is told.
#[derive(uniffi::Object)]
pub struct NativePolicy(HttpPolicy);

#[uniffi::export]
impl NativePolicy {
    /// Reads the options.
    #[uniffi::constructor]
    pub fn make(
        header: Option<String>,
        trusted_proxies: Vec<String>,
        error_form: ErrorForm,
    ) -> Told<Arc<NativePolicy>> {
        now(None, || {
            let options = HttpOptions {
                header,
                trusted_proxies,
                error_form,
            };
            Ok(Arc::new(Self(HttpPolicy::new(&options)?)))
        })
    }
}

/// What a request requires of its key.
#[derive(uniffi::Record)]
pub struct NativeAuthorizeInput {
    /// All of these scopes.
    pub scopes: Vec<String>,
    /// How many usage credits it costs.
    pub cost: Option<i64>,
    /// How keys are presented.
    pub policy: Option<Arc<NativePolicy>>,
}

impl NativeAuthorizeInput {
    fn read(self) -> Result<(AuthorizeOptions, HttpPolicy)> {
        let Self {
            scopes,
            cost,
            policy,
        } = self;
        let cost = cost.map(|cost| whole(cost, "cost")).transpose()?;
        let policy = policy.map_or_else(HttpPolicy::default, |policy| policy.0.clone());
        Ok((AuthorizeOptions { scopes, cost }, policy))
    }
}

/// A name and a value.
#[derive(uniffi::Record)]
pub struct NativePair {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// Whether a request may pass, and what to answer.
#[derive(uniffi::Record)]
pub struct NativeAuthorization {
    /// What came of it.
    pub code: AuthorizeCode,
    /// Its stable name.
    pub code_name: String,
    /// The status.
    pub status: Count,
    /// The headers.
    pub headers: Vec<NativePair>,
    /// The body.
    pub body: String,
    /// The key.
    pub key: Option<ApiKey>,
    /// The key's id, also where the key may not be used.
    pub key_id: Option<String>,
    /// Whether it may pass.
    pub allowed: bool,
}

impl From<Authorization> for NativeAuthorization {
    fn from(answer: Authorization) -> Self {
        let pair = |(name, value): &(&'static str, String)| NativePair {
            name: (*name).to_owned(),
            value: value.clone(),
        };
        Self {
            code: answer.code().into(),
            code_name: answer.code().as_str().to_owned(),
            status: u32::from(answer.status()).into(),
            headers: answer.headers().iter().map(pair).collect(),
            body: answer.body().to_owned(),
            key: answer.key().map(ApiKey::from),
            key_id: answer.key_id(),
            allowed: answer.allowed(),
        }
    }
}

#[uniffi::export]
impl NativeManager {
    /// The answer if it is at hand.
    pub fn authorize_now(
        &self,
        request: NativeRequest,
        required: NativeAuthorizeInput,
    ) -> Told<Option<NativeAuthorization>> {
        let request = Request::from(request);
        now(Some(&self.keys), || {
            let (options, policy) = required.read()?;
            let headers = request.headers();
            let parts = request.parts(&headers);
            let answer = self.keys.authorize_now(&parts, &options, &policy);
            Ok(answer.map(NativeAuthorization::from))
        })
    }

    /// The answer.
    pub async fn authorize(
        &self,
        request: NativeRequest,
        required: NativeAuthorizeInput,
        cancel: Token,
    ) -> Told<NativeAuthorization> {
        let request = Request::from(request);
        let work = async {
            let (options, policy) = required.read()?;
            let headers = request.headers();
            let parts = request.parts(&headers);
            self.keys.authorize(&parts, &options, &policy).await
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
