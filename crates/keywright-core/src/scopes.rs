//! Scopes: what a key may be used for. Strings `[a-z0-9_.:-]{1,64}`, matched exactly; all that a
//! use requires must be held.

use crate::error::{Error, Result};

/// How many scopes a key can hold.
pub const MAX_SCOPES: usize = 64;

/// What a key may do.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Scopes {
    /// Everything (`null` on the wire).
    #[default]
    All,
    /// Just these, sorted and each once; none at all if it is empty (`[]` on the wire).
    Only(Vec<String>),
}

impl Scopes {
    /// Reads a list of scopes; `None` means everything.
    pub fn parse<S: AsRef<str>>(scopes: Option<&[S]>) -> Result<Self> {
        let Some(list) = scopes else {
            return Ok(Self::All);
        };
        Ok(Self::Only(parse_list(list)?))
    }

    /// Whether all of `required` are held.
    #[must_use]
    pub fn allow(&self, required: &RequiredScopes) -> bool {
        match self {
            Self::All => true,
            Self::Only(held) => required
                .0
                .iter()
                .all(|scope| held.binary_search(scope).is_ok()),
        }
    }

    /// The list on the wire; `None` for everything.
    #[must_use]
    pub fn as_list(&self) -> Option<&[String]> {
        match self {
            Self::All => None,
            Self::Only(list) => Some(list),
        }
    }
}

/// The scopes that a use requires; none by default.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RequiredScopes(Vec<String>);

impl RequiredScopes {
    /// Reads a list of scopes.
    pub fn parse<S: AsRef<str>>(scopes: &[S]) -> Result<Self> {
        parse_list(scopes).map(Self)
    }
}

fn parse_list<S: AsRef<str>>(list: &[S]) -> Result<Vec<String>> {
    if list.len() > MAX_SCOPES {
        return Err(Error::invalid(format!(
            "a key holds at most {MAX_SCOPES} scopes"
        )));
    }
    let mut out: Vec<String> = Vec::with_capacity(list.len());
    for scope in list {
        let scope = scope.as_ref();
        if !is_scope(scope) {
            return Err(Error::invalid("that is not a scope")
                .hint("a scope has 1 to 64 of a-z, 0-9, '_', '.', ':' and '-'"));
        }
        out.push(scope.to_owned());
    }
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

fn is_scope(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_.:-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_everything_and_empty_is_nothing() {
        let required = RequiredScopes::parse(&["read"]).unwrap();
        assert!(Scopes::parse::<&str>(None).unwrap().allow(&required));
        assert!(!Scopes::parse::<&str>(Some(&[])).unwrap().allow(&required));
        assert!(
            Scopes::parse::<&str>(Some(&[]))
                .unwrap()
                .allow(&RequiredScopes::default())
        );
    }

    #[test]
    fn scopes_match_exactly_and_all_are_needed() {
        let held = Scopes::parse(Some(&["read", "write:a"])).unwrap();
        assert!(held.allow(&RequiredScopes::parse(&["write:a", "read"]).unwrap()));
        assert!(!held.allow(&RequiredScopes::parse(&["write"]).unwrap()));
        assert!(!held.allow(&RequiredScopes::parse(&["read", "admin"]).unwrap()));
    }

    #[test]
    fn anything_else_is_no_scope() {
        for bad in ["", "Read", "a b", "a*", "\u{e9}", &"a".repeat(65)] {
            assert!(RequiredScopes::parse(&[bad]).is_err(), "{bad}");
        }
    }
}
