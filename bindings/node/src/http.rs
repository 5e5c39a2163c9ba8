//! What lies between an HTTP request and `verify`: the request's parts, the policy, the answer.
#![expect(
    unsafe_code,
    reason = "napi has no other way to read bytes that came as a text of Latin-1"
)]

use crate::arguments::whole;
use crate::call::{CancelToken, now, wait};
use crate::failure::Failure;
use crate::key_data::KeyData;
use crate::manager::NativeManager;
use keywright::{
    Authorization, AuthorizeCode, AuthorizeOptions, ErrorForm, HttpOptions, HttpPolicy,
    RequestParts, Result,
};
use napi::bindgen_prelude::{
    Either3, FromNapiValue, Null, TypeName, Uint8ArraySlice, ValidateNapiValue,
};
use napi::{Either, Status, ValueType, sys};
use napi_derive::napi;
use zeroize::Zeroizing;

/// Bytes as they were received: a text with a letter for each of them (Latin-1), as Node and the
/// fetch standard give them, or an array of bytes. Wiped when they are let go.
pub struct Octets(Zeroizing<Vec<u8>>);

impl Octets {
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        self.0.to_vec()
    }
}

impl TypeName for Octets {
    fn type_name() -> &'static str {
        "Octets"
    }

    fn value_type() -> ValueType {
        ValueType::Unknown
    }
}

impl ValidateNapiValue for Octets {}

impl FromNapiValue for Octets {
    unsafe fn from_napi_value(env: sys::napi_env, value: sys::napi_value) -> napi::Result<Self> {
        let mut len = 0;
        // SAFETY: env and value are those of the call that napi is converting; without a buffer
        // only the length is written.
        let status = unsafe {
            sys::napi_get_value_string_latin1(env, value, std::ptr::null_mut(), 0, &raw mut len)
        };
        if status == sys::Status::napi_string_expected {
            // SAFETY: as above; other arrays than of bytes are refused.
            let array = unsafe { Uint8ArraySlice::from_napi_value(env, value)? };
            return Ok(Self(Zeroizing::new(array.to_vec())));
        }
        // Node writes a zero behind the end.
        let mut bytes = Zeroizing::new(vec![0u8; len + 1]);
        // SAFETY: the buffer has that room, and Node writes no more than that.
        let status = unsafe {
            sys::napi_get_value_string_latin1(
                env,
                value,
                bytes.as_mut_ptr().cast(),
                len + 1,
                &raw mut len,
            )
        };
        if status != sys::Status::napi_ok {
            return Err(napi::Error::new(
                Status::from(status),
                "a text could not be read",
            ));
        }
        bytes.truncate(len);
        Ok(Self(bytes))
    }
}

/// What of a request counts.
#[napi(object, object_to_js = false)]
pub struct RequestInput {
    /// `GET`, `POST`, ….
    pub method: String,
    /// The path and the query, as they were received.
    pub target: String,
    /// Names and values by turns, as in Node's `rawHeaders`.
    #[napi(ts_type = "Array<string | Uint8Array>")]
    pub headers: Vec<Octets>,
    /// The address at the other end.
    pub peer: Option<String>,
    /// The body.
    #[napi(ts_type = "string | Uint8Array | undefined")]
    pub body: Option<Octets>,
}

impl RequestInput {
    /// Names of headers are ASCII; what isn't names none that counts.
    pub(crate) fn headers(&self) -> Vec<(&str, &[u8])> {
        let pairs = self.headers.chunks_exact(2);
        pairs
            .map(|pair| {
                let name = std::str::from_utf8(&pair[0].0).unwrap_or_default();
                (name, pair[1].0.as_slice())
            })
            .collect()
    }

    pub(crate) fn parts<'a>(&'a self, headers: &'a [(&'a str, &'a [u8])]) -> RequestParts<'a> {
        RequestParts {
            method: &self.method,
            target: &self.target,
            headers,
            peer: self.peer.as_deref(),
            body: self.body.as_ref().map_or(&[], |body| body.0.as_slice()),
        }
    }
}

/// How keys are presented, and how a refusal is told.
#[napi]
pub struct NativePolicy(HttpPolicy);

#[napi]
impl NativePolicy {
    /// Reads the options.
    #[napi(catch_unwind)]
    pub fn make(
        header: Option<String>,
        trusted_proxies: Option<Vec<String>>,
        error_form: Option<String>,
    ) -> Either<NativePolicy, Failure> {
        now(None, || {
            let options = HttpOptions {
                header,
                trusted_proxies: trusted_proxies.unwrap_or_default(),
                error_form: error_form
                    .as_deref()
                    .map(ErrorForm::parse)
                    .transpose()?
                    .unwrap_or_default(),
            };
            HttpPolicy::new(&options).map(Self)
        })
    }
}

fn policy(given: Option<&NativePolicy>) -> HttpPolicy {
    given.map_or_else(HttpPolicy::default, |policy| policy.0.clone())
}

fn required(scopes: Option<Vec<String>>, cost: Option<f64>) -> Result<AuthorizeOptions> {
    Ok(AuthorizeOptions {
        scopes: scopes.unwrap_or_default(),
        cost: cost.map(|cost| whole(cost, "cost")).transpose()?,
    })
}

#[napi]
impl NativeManager {
    /// The answer if it is at hand.
    #[napi(catch_unwind)]
    pub fn authorize_now(
        &self,
        request: RequestInput,
        scopes: Option<Vec<String>>,
        cost: Option<f64>,
        by: Option<&NativePolicy>,
    ) -> Either3<Decision, Null, Failure> {
        let answer: Either<Option<Authorization>, Failure> = now(Some(&self.keys), || {
            let options = required(scopes, cost)?;
            let headers = request.headers();
            let parts = request.parts(&headers);
            Ok(self.keys.authorize_now(&parts, &options, &policy(by)))
        });
        match answer {
            Either::A(Some(answer)) => Either3::A(Decision(answer)),
            Either::A(None) => Either3::B(Null),
            Either::B(failure) => Either3::C(failure),
        }
    }

    /// The answer.
    #[napi]
    pub async fn authorize(
        &self,
        request: RequestInput,
        scopes: Option<Vec<String>>,
        cost: Option<f64>,
        by: Option<&NativePolicy>,
        cancel: Option<&CancelToken>,
    ) -> Either<Decision, Failure> {
        let policy = policy(by);
        let work = async {
            let options = required(scopes, cost)?;
            let headers = request.headers();
            let parts = request.parts(&headers);
            self.keys
                .authorize(&parts, &options, &policy)
                .await
                .map(Decision)
        };
        wait(Some(&self.keys), cancel, work).await
    }
}

/// Whether a request may pass, and what to answer.
#[napi]
pub struct Decision(Authorization);

#[napi]
impl Decision {
    /// The code's name.
    #[napi(catch_unwind)]
    pub fn code(&self) -> &'static str {
        self.0.code().as_str()
    }

    /// The status.
    #[napi(catch_unwind)]
    pub fn status(&self) -> u32 {
        self.0.status().into()
    }

    /// Names and values by turns.
    #[napi(catch_unwind)]
    pub fn headers(&self) -> Vec<&str> {
        let headers = self.0.headers().iter();
        headers
            .flat_map(|(name, value)| [*name, value.as_str()])
            .collect()
    }

    /// The body.
    #[napi(catch_unwind)]
    pub fn body(&self) -> &str {
        self.0.body()
    }

    /// The key.
    #[napi(catch_unwind)]
    pub fn key(&self) -> Option<KeyData> {
        self.0.key().map(KeyData::from)
    }

    /// The key's id.
    #[napi(catch_unwind)]
    pub fn key_id(&self) -> Option<String> {
        self.0.key_id()
    }
}

/// The names of the codes.
#[napi(catch_unwind)]
pub fn authorize_codes() -> Vec<&'static str> {
    AuthorizeCode::ALL
        .iter()
        .map(|code| code.as_str())
        .collect()
}
