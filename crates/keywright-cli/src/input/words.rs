//! Values that are one of a few words. The shell's completion knows them too.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use keywright::{Class, KeyStatus, RevocationReason};

/// What a data key can be for.
pub(crate) fn class() -> impl TypedValueParser<Value = Class> {
    parser(Class::ALL, Class::as_str, |class| *class != Class::Admin)
}

/// What a key's status can read as.
pub(crate) fn status() -> impl TypedValueParser<Value = KeyStatus> {
    parser(KeyStatus::ALL, KeyStatus::as_str, |_| true)
}

/// Why a key can be revoked.
pub(crate) fn reason() -> impl TypedValueParser<Value = RevocationReason> {
    parser(RevocationReason::ALL, RevocationReason::as_str, |_| true)
}

/// Takes the words of those of `all` that are `allowed`.
fn parser<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    word: fn(T) -> &'static str,
    allowed: fn(&T) -> bool,
) -> impl TypedValueParser<Value = T> {
    let words = all.iter().filter(|it| allowed(it)).map(|it| word(*it));
    PossibleValuesParser::new(words).try_map(move |text| {
        // The words have been checked; this finds which one it was.
        all.iter()
            .copied()
            .find(|it| word(*it) == text)
            .ok_or("that is not one of the words")
    })
}

/// The parts of a list that is separated by commas; an empty text is an empty list.
pub(crate) fn list(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split(',').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_an_empty_list() {
        assert_eq!(list(""), Vec::<String>::new());
        assert_eq!(list("a"), ["a"]);
        assert_eq!(list("a,b"), ["a", "b"]);
        assert_eq!(list("a,"), ["a", ""]);
    }
}
