//! What is sent back: a status, headers that keep a page to itself, and a body.

use crate::assets::Asset;

/// Nothing runs, loads, frames or is sent anywhere but from and to where the page itself came from.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A whole response. Its `Debug` shows no body: one of them holds a secret.
#[derive(Clone, PartialEq, Eq)]
#[must_use]
pub struct PageResponse {
    /// 200, 303, 400, 403, 404, 405, 409, 413, 500 or 503.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(&'static str, String)>,
    /// HTML, CSS, JavaScript or an image; empty for a redirect and for `HEAD`.
    pub body: Vec<u8>,
}

impl PageResponse {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| *own == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn html(status: u16, language: &str, body: String) -> Self {
        let mut headers = guards("no-store");
        headers.push(("content-type", "text/html; charset=utf-8".to_owned()));
        headers.push(("content-language", language.to_owned()));
        headers.push(("vary", "accept-language".to_owned()));
        Self {
            status,
            headers,
            body: body.into_bytes(),
        }
    }

    /// To the same path with another query, by `GET`: a reload does nothing twice.
    pub(crate) fn see_other(query: String) -> Self {
        let mut headers = guards("no-store");
        headers.push(("location", query));
        Self {
            status: 303,
            headers,
            body: Vec::new(),
        }
    }

    /// `current`: whether it was asked for by its hash, and so can never be another.
    pub(crate) fn asset(asset: &Asset, current: bool) -> Self {
        let mut headers = guards(if current {
            "private, max-age=31536000, immutable"
        } else {
            "no-cache"
        });
        headers.push(("content-type", asset.media_type.to_owned()));
        Self {
            status: 200,
            headers,
            body: asset.bytes.to_vec(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

fn guards(cache: &str) -> Vec<(&'static str, String)> {
    [
        ("cache-control", cache),
        ("content-security-policy", POLICY),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

impl std::fmt::Debug for PageResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PageResponse")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
