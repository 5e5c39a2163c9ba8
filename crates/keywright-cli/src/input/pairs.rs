//! `k=v`, for metadata.

use std::collections::BTreeMap;

/// A key and a value; the value may hold further `=`.
pub(crate) fn parse(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("metadata is given as key=value, for example --metadata team=billing".to_owned()),
    }
}

/// All pairs; of the same key the last.
pub(crate) fn collect(pairs: Vec<(String, String)>) -> BTreeMap<String, String> {
    pairs.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_separates() {
        assert_eq!(parse("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert_eq!(parse("a="), Ok(("a".to_owned(), String::new())));
        assert!(parse("a").is_err());
        assert!(parse("=b").is_err());
    }
}
