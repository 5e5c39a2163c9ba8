//! What a command can end with: a status, or a failure that says what happened and what to do next.

use keywright::{Error, ErrorCode};
use serde::Serialize;
use std::io;

/// How a command ended that did what it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Done, or valid.
    Done,
    /// Verified and not valid, or a broken audit chain.
    Negative,
    /// No command was given, and help was.
    Misused,
    /// Some of an import's records were refused.
    Refused,
    /// Verify could have no answer.
    Unavailable,
}

impl Status {
    /// The exit status of the process.
    pub(crate) const fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Negative => 1,
            Self::Misused => 2,
            Self::Refused => 4,
            Self::Unavailable => 5,
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// A stable name: an [`ErrorCode`], or one of the command line's own.
    pub(crate) code: &'static str,
    /// The exit status of the process.
    pub(crate) status: i32,
    /// One sentence.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) hint: Option<String>,
    /// The key that it is about.
    pub(crate) key_id: Option<String>,
}

/// What a command gives.
pub(crate) type Outcome<T = Status> = Result<T, Failure>;

impl Failure {
    /// The command was put wrongly; nothing was done.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Error::invalid(message).into()
    }

    /// A question would have to be asked, and there is nobody to ask.
    pub(crate) fn nobody_to_ask(question: &str) -> Self {
        Self {
            code: "confirmation_required",
            status: 2,
            message: format!("{question}, which can't be undone, and there is no terminal to ask"),
            hint: Some("add --yes if that is what you want".to_owned()),
            key_id: None,
        }
    }

    /// The answer was no.
    pub(crate) fn declined() -> Self {
        Error::new(ErrorCode::Cancelled, "nothing was changed").into()
    }

    /// Something around the store failed: a file, a pipe, the terminal.
    pub(crate) fn io(what: &str, error: &io::Error) -> Self {
        Self {
            code: "io_error",
            status: 6,
            message: format!("{what}: {}", reason(error)),
            hint: None,
            key_id: None,
        }
    }

    /// The same with what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, about this key.
    pub(crate) fn about(mut self, key_id: &str) -> Self {
        self.key_id = Some(key_id.to_owned());
        self
    }

    /// The form for programs. `key_id` is there only where a key is known.
    pub(crate) fn to_wire(&self) -> impl Serialize + '_ {
        Wire {
            error: Fields {
                code: self.code,
                message: &self.message,
                hint: self.hint.as_deref(),
                key_id: self.key_id.as_deref(),
            },
        }
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    error: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    code: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_id: Option<&'a str>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error {
            code,
            message,
            hint,
            key_id,
        } = error;
        Self {
            code: code.as_str(),
            status: i32::from(code.exit_status()),
            message,
            hint,
            key_id,
        }
    }
}

/// The system's words for it, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or_default();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(failure: &Failure) -> String {
        serde_json::to_string(&failure.to_wire()).unwrap()
    }

    #[test]
    fn an_error_keeps_its_code_status_and_hint() {
        let failure =
            Failure::from(Error::new(ErrorCode::NotFound, "there is no such key").hint("list"));
        assert_eq!(failure.status, 3);
        assert_eq!(
            text(&failure),
            r#"{"error":{"code":"not_found","message":"there is no such key","hint":"list"}}"#
        );
    }

    #[test]
    fn a_key_is_named_where_it_is_known() {
        assert_eq!(
            text(&Failure::usage("no").about("key_1")),
            r#"{"error":{"code":"invalid_argument","message":"no","hint":null,"key_id":"key_1"}}"#
        );
    }

    #[test]
    fn the_systems_words_begin_small_and_have_no_number() {
        let error = io::Error::from_raw_os_error(2);
        assert_eq!(reason(&error), "no such file or directory");
    }
}
