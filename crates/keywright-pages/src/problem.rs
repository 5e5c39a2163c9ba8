//! What can be wrong with a request, each with a page of its own. The page for a key of someone else
//! is the one for a key that never was.

use crate::fields::Malformed;
use crate::texts::Texts;
use keywright::{Error, ErrorCode};

/// Why a request got no answer of the list's.
#[derive(Debug)]
pub(crate) enum Problem {
    Malformed,
    /// Another site asked.
    Cross,
    /// The form's token has run out, or is another owner's.
    Stale,
    /// There is no such key, for this owner.
    Missing,
    Method,
    TooLarge,
    /// The library could not do it.
    Failed(Error),
}

impl Problem {
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::Cross | Self::Stale => 403,
            Self::Missing => 404,
            Self::Method => 405,
            Self::TooLarge => 413,
            Self::Failed(error) if is_away(error) => 503,
            Self::Failed(_) => 500,
        }
    }

    /// Its title, and a sentence or two.
    pub(crate) fn texts(&self, texts: &Texts) -> (&'static str, &'static str) {
        match self {
            Self::Malformed => (texts.bad_title, texts.bad_text),
            Self::Cross => (texts.cross_title, texts.cross_text),
            Self::Stale => (texts.stale_title, texts.stale_text),
            Self::Missing => (texts.missing_title, texts.missing_text),
            Self::Method => (texts.method_title, texts.method_text),
            Self::TooLarge => (texts.large_title, texts.large_text),
            Self::Failed(error) if is_away(error) => (texts.away_title, texts.away_text),
            Self::Failed(_) => (texts.broken_title, texts.broken_text),
        }
    }
}

/// The store may be back in a moment.
fn is_away(error: &Error) -> bool {
    error.code.http_status() == 503
}

impl From<Malformed> for Problem {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error.code {
            ErrorCode::NotFound => Self::Missing,
            _ => Self::Failed(error),
        }
    }
}
