//! The one credential of a request. What is here is a rule of HTTP; whether it is any good, only
//! `verify` says.

use super::answer::AuthorizeCode;
use super::{HttpPolicy, RequestParts};
use keywright_core::secret::contains_secret;
use keywright_core::{Error, Result};
use std::borrow::Cow;

const AUTHORIZATION: &str = "authorization";

/// Headers that mean something else: a key in them would be forwarded, logged or taken apart.
const OTHER_HEADERS: &[&str] = &[
    AUTHORIZATION,
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "forwarded",
    "host",
    "proxy-authorization",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-forwarded-for",
];

/// Names under which people put keys into a query.
const QUERY_NAMES: &[&[u8]] = &[
    b"api_key",
    b"apikey",
    b"api-key",
    b"x-api-key",
    b"access_token",
];

/// What a request has to show.
pub(super) enum Credential<'a> {
    One(&'a [u8]),
    /// None that counts, and why.
    None(AuthorizeCode),
}

/// Finds it. A header that is sent twice, or two that are joined by a comma on their way, are two.
pub(super) fn find<'a>(request: &RequestParts<'a>, policy: &HttpPolicy) -> Credential<'a> {
    let mut found = None;
    for &(name, value) in request.headers {
        let secret = if name.eq_ignore_ascii_case(AUTHORIZATION) {
            bearer(value)
        } else if policy
            .header
            .as_deref()
            .is_some_and(|own| name.eq_ignore_ascii_case(own))
        {
            Some(value)
        } else {
            continue;
        };
        if found.is_some() || secret.is_some_and(|secret| secret.contains(&b',')) {
            return Credential::None(AuthorizeCode::MultipleCredentials);
        }
        found = Some(secret);
    }
    let found = found.flatten();
    let target = decoded(request.target);
    if contains_secret(&target) || (found.is_none() && names_a_key(&target)) {
        return Credential::None(AuthorizeCode::KeyInUrl);
    }
    found.map_or(
        Credential::None(AuthorizeCode::MissingCredential),
        Credential::One,
    )
}

/// What stands behind `Bearer` (RFC 6750 §2.1); nothing for another scheme.
fn bearer(value: &[u8]) -> Option<&[u8]> {
    const SCHEME: &[u8] = b"bearer";
    let (scheme, rest) = value.split_at_checked(SCHEME.len())?;
    if !scheme.eq_ignore_ascii_case(SCHEME) {
        return None;
    }
    let spaces = rest.iter().take_while(|byte| **byte == b' ').count();
    (spaces > 0).then(|| &rest[spaces..])
}

/// Undoes percent-encoding, once.
fn decoded(target: &str) -> Cow<'_, [u8]> {
    let bytes = target.as_bytes();
    if !bytes.contains(&b'%') {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind.get(..2).filter(|_| first == b'%');
        let byte = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    Cow::Owned(out)
}

/// Whether the query has a parameter that is called like a key.
fn names_a_key(target: &[u8]) -> bool {
    let Some(at) = target.iter().position(|byte| *byte == b'?') else {
        return false;
    };
    target[at + 1..]
        .split(|byte| matches!(byte, b'&' | b';'))
        .filter_map(|pair| pair.split(|byte| *byte == b'=').next())
        .any(|name| {
            QUERY_NAMES
                .iter()
                .any(|known| name.eq_ignore_ascii_case(known))
        })
}

/// A header's name, in lower case.
pub(super) fn header_name(text: &str) -> Result<Box<str>> {
    let name = text.to_ascii_lowercase();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^`|~".contains(&byte);
    // RFC 9110 §5.6.2, without `_`: proxies and gateways confuse it with `-`.
    if !(1..=64).contains(&name.len()) || !name.bytes().all(is_token) {
        return Err(
            Error::invalid("that is not the name of a header").hint("for example x-api-key")
        );
    }
    if OTHER_HEADERS.contains(&name.as_str()) {
        return Err(Error::invalid("that header means something else").hint(
            "Authorization: Bearer always counts; name one of your own, for example x-api-key",
        ));
    }
    Ok(name.into())
}
