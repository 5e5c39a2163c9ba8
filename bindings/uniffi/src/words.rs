//! The words of the façade's tables, mirrored: each is one enumeration in every language.

use crate::call::{Told, now};
use keywright::AuthorizeCode as Decision;
use uniffi::remote;

pub use keywright::Class as KeyClass;
pub use keywright::{
    ErrorCode, ErrorForm, KeyStatus, LogLevel, OwnerKind, RevocationReason, VerifyCode,
    VersionStatus,
};

/// What a secret is for. An opened store says which it accepts.
#[remote(Enum)]
pub enum KeyClass {
    /// For real use.
    Live,
    /// For trying things out.
    Test,
    /// Lives an hour at most.
    Temp,
    /// Manages keys, and is never accepted as a data key.
    Admin,
}

/// What a key's status reads as at some moment.
#[remote(Enum)]
pub enum KeyStatus {
    /// In use.
    Active,
    /// Switched off, reversibly.
    Disabled,
    /// Its time has passed.
    Expired,
    /// Dead for good.
    Revoked,
}

/// Where a version stands.
#[remote(Enum)]
pub enum VersionStatus {
    /// The current one.
    Current,
    /// The old one of a rotation under way: still good until its overlap ends.
    Overlapping,
    /// Dead.
    Ended,
}

/// Which sort of owner.
#[remote(Enum)]
pub enum OwnerKind {
    /// A person.
    User,
    /// A program.
    ServiceAccount,
    /// Whoever the application's own string names.
    External,
}

/// Why a key was revoked: the reasons of RFC 5280, section 5.3.1, that make sense for one.
#[remote(Enum)]
pub enum RevocationReason {
    /// No reason was given.
    Unspecified,
    /// The secret got out. Such a key answers `compromised`.
    KeyCompromise,
    /// Another key took its place.
    Superseded,
    /// Its owner no longer belongs to the project.
    AffiliationChanged,
    /// Its owner may no longer do this.
    PrivilegeWithdrawn,
}

/// The answer to `verify`. Exactly one of them is good.
#[remote(Enum)]
pub enum VerifyCode {
    /// The key is good for this use.
    Valid,
    /// Not a secret of any form that this store issues or has imported; the store was not asked.
    Malformed,
    /// No key has this secret.
    NotFound,
    /// The key is switched off; it can be enabled again.
    Disabled,
    /// The key, or this version of it, is dead for good.
    Revoked,
    /// The key was revoked because its secret got out.
    Compromised,
    /// The secret is right and its time has passed.
    Expired,
    /// A key of a class that is not accepted here.
    WrongClass,
    /// The key lacks a scope that the use requires.
    InsufficientScope,
    /// The key may not be used from this address.
    IpNotAllowed,
    /// Too many uses in this window; try again later, as the answer says.
    RateLimited,
    /// The key's usage credits are spent.
    UsageExceeded,
    /// The key's money is spent.
    BudgetExceeded,
    /// No answer could be had; deny.
    Unavailable,
}

/// What kind of error it is.
#[remote(Enum)]
pub enum ErrorCode {
    /// An argument has the wrong form, type or range; nothing was done.
    InvalidArgument,
    /// There is no such key, project, service account or user.
    NotFound,
    /// Something of that name is there already.
    AlreadyExists,
    /// The object's state does not allow it: revoked and expired are final.
    InvalidState,
    /// Two versions live already: finish or cancel that rotation first.
    RotationInProgress,
    /// The key of this idempotency key was issued and has been used; its secret is not shown again.
    AlreadyIssued,
    /// The idempotency key was used with other parameters.
    IdempotencyConflict,
    /// This build or this kind of store cannot do it.
    Unsupported,
    /// The pepper is not the one that the store was made with, or is missing or unreadable.
    Pepper,
    /// The store was written by a newer program, or needs `keywright upgrade`.
    SchemaVersion,
    /// A row, the audit chain or the revocation log was changed by someone without the pepper.
    Tampered,
    /// The store could not be read or written; whether a write took effect is unknown only if the
    /// message says so.
    Unavailable,
    /// The manager has been closed, or refuses to work after an internal failure: open it anew.
    Closed,
    /// The call was cancelled by its caller.
    Cancelled,
    /// A fault in this library; please report it.
    Internal,
}

/// How grave a record is.
#[remote(Enum)]
pub enum LogLevel {
    /// For finding faults.
    Debug,
    /// Good to know.
    Info,
    /// Someone should look.
    Warning,
    /// Something is broken.
    Error,
}

/// The form of a refusal's body.
#[remote(Enum)]
pub enum ErrorForm {
    /// OpenAI's: `{"error":{"message":…,"type":…,"param":null,"code":…}}`.
    OpenAi,
    /// `application/problem+json` (RFC 9457), with `code` as a member of its own.
    Problem,
}

/// What came of looking at a request: what `verify` says, or why it was not asked.
#[derive(Clone, Copy, uniffi::Enum)]
pub enum AuthorizeCode {
    /// The key is good for this use.
    Valid,
    /// Not a secret of any form that this store issues or has imported; the store was not asked.
    Malformed,
    /// No key has this secret.
    NotFound,
    /// The key is switched off; it can be enabled again.
    Disabled,
    /// The key, or this version of it, is dead for good.
    Revoked,
    /// The key was revoked because its secret got out.
    Compromised,
    /// The secret is right and its time has passed.
    Expired,
    /// A key of a class that is not accepted here.
    WrongClass,
    /// The key lacks a scope that the use requires.
    InsufficientScope,
    /// The key may not be used from this address.
    IpNotAllowed,
    /// Too many uses in this window; try again later, as the answer says.
    RateLimited,
    /// The key's usage credits are spent.
    UsageExceeded,
    /// The key's money is spent.
    BudgetExceeded,
    /// No answer could be had; deny.
    Unavailable,
    /// There was no credential (401).
    MissingCredential,
    /// There was more than one (400).
    MultipleCredentials,
    /// A key stood in the URL (400).
    KeyInUrl,
}

impl From<Decision> for AuthorizeCode {
    fn from(code: Decision) -> Self {
        match code {
            Decision::Verified(code) => match code {
                VerifyCode::Valid => Self::Valid,
                VerifyCode::Malformed => Self::Malformed,
                VerifyCode::NotFound => Self::NotFound,
                VerifyCode::Disabled => Self::Disabled,
                VerifyCode::Revoked => Self::Revoked,
                VerifyCode::Compromised => Self::Compromised,
                VerifyCode::Expired => Self::Expired,
                VerifyCode::WrongClass => Self::WrongClass,
                VerifyCode::InsufficientScope => Self::InsufficientScope,
                VerifyCode::IpNotAllowed => Self::IpNotAllowed,
                VerifyCode::RateLimited => Self::RateLimited,
                VerifyCode::UsageExceeded => Self::UsageExceeded,
                VerifyCode::BudgetExceeded => Self::BudgetExceeded,
                VerifyCode::Unavailable => Self::Unavailable,
            },
            Decision::MissingCredential => Self::MissingCredential,
            Decision::MultipleCredentials => Self::MultipleCredentials,
            Decision::KeyInUrl => Self::KeyInUrl,
        }
    }
}

/// The stable names of a table, in its order.
#[derive(uniffi::Record)]
pub struct NativeWords {
    /// `KeyClass`.
    pub key_class: Vec<String>,
    /// `KeyStatus`.
    pub key_status: Vec<String>,
    /// `VersionStatus`.
    pub version_status: Vec<String>,
    /// `OwnerKind`.
    pub owner_kind: Vec<String>,
    /// `RevocationReason`.
    pub revocation_reason: Vec<String>,
    /// `VerifyCode`.
    pub verify_code: Vec<String>,
    /// `ErrorCode`.
    pub error_code: Vec<String>,
    /// `LogLevel`.
    pub log_level: Vec<String>,
    /// `ErrorForm`.
    pub error_form: Vec<String>,
    /// `AuthorizeCode`.
    pub authorize_code: Vec<String>,
}

/// The stable names of every table.
#[uniffi::export]
pub fn native_words() -> NativeWords {
    fn names<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str) -> Vec<String> {
        all.iter().map(|it| name(*it).to_owned()).collect()
    }
    NativeWords {
        key_class: names(KeyClass::ALL, KeyClass::as_str),
        key_status: names(KeyStatus::ALL, KeyStatus::as_str),
        version_status: names(VersionStatus::ALL, VersionStatus::as_str),
        owner_kind: names(OwnerKind::ALL, OwnerKind::as_str),
        revocation_reason: names(RevocationReason::ALL, RevocationReason::as_str),
        verify_code: names(VerifyCode::ALL, VerifyCode::as_str),
        error_code: names(ErrorCode::ALL, ErrorCode::as_str),
        log_level: names(LogLevel::ALL, LogLevel::as_str),
        error_form: names(ErrorForm::ALL, ErrorForm::as_str),
        authorize_code: names(Decision::ALL, Decision::as_str),
    }
}

/// The class of that stable name.
#[uniffi::export]
pub fn native_key_class(name: String) -> Told<KeyClass> {
    now(None, || KeyClass::parse(&name))
}

/// The status of that stable name.
#[uniffi::export]
pub fn native_key_status(name: String) -> Told<KeyStatus> {
    now(None, || KeyStatus::parse(&name))
}

/// The reason of that stable name.
#[uniffi::export]
pub fn native_revocation_reason(name: String) -> Told<RevocationReason> {
    now(None, || RevocationReason::parse(&name))
}

/// The form of that stable name.
#[uniffi::export]
pub fn native_error_form(name: String) -> Told<ErrorForm> {
    now(None, || ErrorForm::parse(&name))
}
