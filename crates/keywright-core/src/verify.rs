//! The decision whether a presented secret is good for a use. Pure: what was found in the store,
//! what the use requires, and the time go in; one code comes out.
//!
//! Order: format → locator → digest → status → expiry → network → scopes → limits. The first three
//! are the caller's (they need the string, the store and the pepper), the limits come last because
//! they change something.

use crate::codes::VerifyCode;
use crate::keys::{RevocationReason, State};
use crate::scopes::RequiredScopes;
use crate::store::Found;
use crate::time::Timestamp;
use std::net::IpAddr;

/// What a use requires of the key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirements {
    /// All of these scopes.
    pub scopes: RequiredScopes,
    /// The address that the use comes from.
    pub address: Option<IpAddr>,
    /// How many usage credits it costs; a use also counts as one request.
    pub cost: u64,
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            scopes: RequiredScopes::default(),
            address: None,
            cost: 1,
        }
    }
}

/// Judges a version whose secret was right. [`VerifyCode::Valid`] still has to be charged to the
/// key's limits, if it has any.
#[must_use]
pub fn judge(found: &Found, requirements: &Requirements, now: Timestamp) -> VerifyCode {
    let Found { key, version } = found;
    match key.state {
        State::Revoked {
            reason: RevocationReason::KeyCompromise,
            ..
        } => return VerifyCode::Compromised,
        State::Revoked { .. } => return VerifyCode::Revoked,
        State::Disabled => return VerifyCode::Disabled,
        State::Active => {}
    }
    if !version.is_live(now) {
        return VerifyCode::Revoked;
    }
    if key.has_expired(now) {
        return VerifyCode::Expired;
    }
    if !key.networks.allow(requirements.address) {
        return VerifyCode::IpNotAllowed;
    }
    if !key.scopes.allow(&requirements.scopes) {
        return VerifyCode::InsufficientScope;
    }
    VerifyCode::Valid
}
