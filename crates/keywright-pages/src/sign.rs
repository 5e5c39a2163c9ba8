//! What a form carries, signed: that the page made it for this owner, and not long ago. The key comes
//! from the pepper, so that all processes on a store take each other's forms, and nothing is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use keywright::{KeyManager, Timestamp};
use sha2::Sha256;

/// A form is good for twelve hours: less than a retry of `create` is recognised.
const FORM_SECONDS: i64 = 12 * 60 * 60;
/// A notice is told once, right after what it tells of.
const NOTICE_SECONDS: i64 = 60;
/// How far the clocks of two machines may be apart.
const SKEW_SECONDS: i64 = 60;

/// Signs for one owner.
pub(crate) struct Signer<'a> {
    mac: Option<Hmac<Sha256>>,
    owner: &'a str,
    now: Timestamp,
}

impl<'a> Signer<'a> {
    pub(crate) fn new(keys: &KeyManager, owner: &'a str) -> Self {
        let key = keys.derive_key("keywright-pages/1");
        Self {
            // HMAC takes keys of any length; where it didn't, nothing would be believed.
            mac: Hmac::new_from_slice(key.as_slice()).ok(),
            owner,
            now: keys.now(),
        }
    }

    /// The token of a form.
    pub(crate) fn token(&self) -> String {
        self.dated("form", self.now.unix())
    }

    pub(crate) fn is_good_token(&self, token: &str) -> bool {
        self.is_dated("form", token, FORM_SECONDS)
    }

    /// Vouches that something was done to a key.
    pub(crate) fn notice(&self, done: &str, id: &str) -> String {
        self.dated(&format!("notice {done} {id}"), self.now.unix())
    }

    pub(crate) fn is_good_notice(&self, done: &str, id: &str, token: &str) -> bool {
        self.is_dated(&format!("notice {done} {id}"), token, NOTICE_SECONDS)
    }

    /// Stands for a text, for this owner alone.
    pub(crate) fn mark(&self, purpose: &str, text: &str) -> String {
        self.tag(&[purpose, text])
    }

    fn dated(&self, purpose: &str, at: i64) -> String {
        let at = at.to_string();
        let tag = self.tag(&[purpose, &at]);
        [at, tag].join(".")
    }

    fn is_dated(&self, purpose: &str, token: &str, lifetime: i64) -> bool {
        let Some((at, tag)) = token.split_once('.') else {
            return false;
        };
        let Ok(time) = at.parse::<i64>() else {
            return false;
        };
        let age = self.now.unix().saturating_sub(time);
        (-SKEW_SECONDS..lifetime).contains(&age) && self.check(&[purpose, at], tag)
    }

    fn tag(&self, parts: &[&str]) -> String {
        let mac = self.over(parts);
        mac.map_or_else(String::new, |mac| {
            URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
        })
    }

    /// In constant time.
    fn check(&self, parts: &[&str], tag: &str) -> bool {
        let (Some(mac), Ok(tag)) = (self.over(parts), URL_SAFE_NO_PAD.decode(tag)) else {
            return false;
        };
        mac.verify_slice(&tag).is_ok()
    }

    fn over(&self, parts: &[&str]) -> Option<Hmac<Sha256>> {
        let mut mac = self.mac.clone()?;
        for part in [self.owner].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        Some(mac)
    }
}
