//! Everything that can go wrong, in one table: a code that programs branch on, an HTTP status, the
//! exit status of the command, and the name of the class in every language.
//!
//! A bad key is not an error: see [`crate::codes::VerifyCode`].

use std::fmt;

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $code:literal, $http:literal, $exit:literal, $class:literal;)+) => {
        /// What kind of error it is. The string is stable; branch on nothing else.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($(#[doc = $doc])+ $variant,)+ }

        impl ErrorCode {
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

            /// The exit status of the `keywright` command.
            #[must_use]
            pub const fn exit_status(self) -> u8 {
                match self { $(Self::$variant => $exit),+ }
            }

            /// The class that carries it in every language (a subclass of `KeywrightError`).
            #[must_use]
            pub const fn class_name(self) -> &'static str {
                match self { $(Self::$variant => $class),+ }
            }

            /// One line on what it means.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

error_codes! {
    /// An argument has the wrong form, type or range; nothing was done.
    InvalidArgument = "invalid_argument", 400, 2, "InvalidArgumentError";
    /// There is no such key, project, service account or user.
    NotFound = "not_found", 404, 3, "NotFoundError";
    /// Something of that name is there already.
    AlreadyExists = "already_exists", 409, 4, "AlreadyExistsError";
    /// The object's state does not allow it: revoked and expired are final.
    InvalidState = "invalid_state", 409, 4, "InvalidStateError";
    /// Two versions live already: finish or cancel that rotation first.
    RotationInProgress = "rotation_in_progress", 409, 4, "RotationInProgressError";
    /// The key of this idempotency key was issued and has been used; its secret is not shown again.
    AlreadyIssued = "already_issued", 409, 4, "AlreadyIssuedError";
    /// The idempotency key was used with other parameters.
    IdempotencyConflict = "idempotency_conflict", 409, 4, "IdempotencyConflictError";
    /// This build or this kind of store cannot do it.
    Unsupported = "unsupported", 501, 5, "UnsupportedError";
    /// The pepper is not the one that the store was made with, or is missing or unreadable.
    Pepper = "wrong_pepper", 500, 5, "PepperError";
    /// The store was written by a newer program, or needs `keywright upgrade`.
    SchemaVersion = "schema_version", 500, 5, "SchemaVersionError";
    /// A row, the audit chain or the revocation log was changed by someone without the pepper.
    Tampered = "tampered", 500, 5, "TamperedError";
    /// The store could not be read or written; whether a write took effect is unknown only if the
    /// message says so.
    Unavailable = "unavailable", 503, 5, "UnavailableError";
    /// The manager has been closed, or refuses to work after an internal failure: open it anew.
    Closed = "closed", 503, 5, "ClosedError";
    /// The call was cancelled by its caller.
    Cancelled = "cancelled", 499, 6, "CancelledError";
    /// A fault in this library; please report it.
    Internal = "internal", 500, 6, "InternalError";
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What went wrong and what to do next. Never carries input that could be a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What kind it is.
    pub code: ErrorCode,
    /// One sentence that says what happened.
    pub message: String,
    /// What to do next, where there is something to say.
    pub hint: Option<String>,
    /// The key that the error is about, where it is known (`already_issued` always has it).
    pub key_id: Option<String>,
}

impl Error {
    /// An error of this kind with this sentence.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: None,
            key_id: None,
        }
    }

    /// The same with what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, about this key.
    #[must_use]
    pub fn about(mut self, key: crate::ids::KeyId) -> Self {
        self.key_id = Some(key.to_string());
        self
    }

    /// An [`ErrorCode::InvalidArgument`].
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidArgument, message)
    }
}

/// The outcome of most things here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_code_has_a_name_a_class_and_a_meaning_of_its_own() {
        let names: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        let classes: HashSet<_> = ErrorCode::ALL
            .iter()
            .map(|code| code.class_name())
            .collect();
        assert_eq!(names.len(), ErrorCode::ALL.len());
        assert_eq!(classes.len(), ErrorCode::ALL.len());
        assert!(
            ErrorCode::ALL
                .iter()
                .all(|code| code.meaning().ends_with('.'))
        );
    }
}
