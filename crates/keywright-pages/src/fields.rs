//! Queries and forms: pairs of names and values, percent-encoded. Read strictly, since what can't be
//! understood is no request of this page's.

use std::fmt::Write;

/// More than any form of this page has.
const MOST_PAIRS: usize = 256;

/// The request was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// The pairs of a query or of a form's body. No `Debug`: nobody prints what people type.
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The query of a request's target.
    pub(crate) fn of_target(target: &str) -> Result<Self, Malformed> {
        let query = target.split_once('?').map_or("", |(_, query)| query);
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        Self::parse(query.as_bytes())
    }

    pub(crate) fn parse(text: &[u8]) -> Result<Self, Malformed> {
        let pairs = text.split(|byte| *byte == b'&').filter(|p| !p.is_empty());
        let mut fields = Vec::new();
        for pair in pairs {
            if fields.len() == MOST_PAIRS {
                return Err(Malformed);
            }
            let at = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match at {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            fields.push((decode(name)?, decode(value)?));
        }
        Ok(Self(fields))
    }

    /// The value of a field that may stand there once.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Malformed> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(Malformed);
        }
        Ok(first)
    }

    /// The value of a field that must stand there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, Malformed> {
        self.one(name)?.ok_or(Malformed)
    }

    pub(crate) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.0.iter().filter(move |(own, _)| own == name);
        named.map(|(_, value)| value.as_str())
    }
}

fn decode(text: &[u8]) -> Result<String, Malformed> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                high << 4 | low
            }
            other => *other,
        });
    }
    String::from_utf8(out).map_err(|_| Malformed)
}

fn digit(byte: Option<&u8>) -> Result<u8, Malformed> {
    let digit = byte.and_then(|byte| char::from(*byte).to_digit(16));
    digit
        .and_then(|digit| u8::try_from(digit).ok())
        .ok_or(Malformed)
}

/// A query of these pairs, from its `?` on.
pub(crate) fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = "?".to_owned();
    for (name, value) in pairs {
        if out.len() > 1 {
            out.push('&');
        }
        encode(&mut out, name);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let text = "a&b=c?d#e+f%20 \u{e9}\u{1f511}\"<>'";
        let written = query([("q", text), ("sort", "name")]);
        assert!(written.is_ascii());
        let fields = Fields::of_target(&format!("/keys{written}")).ok().unwrap();
        assert_eq!(fields.one("q"), Ok(Some(text)));
        assert_eq!(fields.required("sort"), Ok("name"));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for bad in ["q=%", "q=%2", "q=%zz", "q=%ff", "q=%c3%28"] {
            assert!(Fields::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Fields::parse("a=1&".repeat(300).as_bytes()).is_err());
        let twice = Fields::parse(b"a=1&a=2").ok().unwrap();
        assert_eq!(twice.one("a"), Err(Malformed));
        assert_eq!(twice.all("a").count(), 2);
    }
}
