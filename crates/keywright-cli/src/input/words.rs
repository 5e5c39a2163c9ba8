//! Values that are one of a few words. The shell's completion knows them too.

use clap::builder::{PossibleValuesParser, TypedValueParser};

/// Takes the words of those of `all` that are `allowed`.
pub(crate) fn parser<T: Copy + Send + Sync + 'static>(
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
