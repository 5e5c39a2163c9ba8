//! JSON for programs: one line in a pipe, indented on a terminal. Characters that could steer a
//! terminal are written as `\u` escapes, which means the same to every parser.

use crate::app::App;
use crate::failure::Outcome;
use crate::output::streams::Streams;
use crate::output::text::is_unfit;
use keywright::{ApiKey, Page, Secret};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};
use std::io::{self, Write};

/// `{"object":"list","data":[…],"has_more":…}`
#[derive(Serialize)]
struct List<'a, T> {
    object: &'static str,
    data: &'a [T],
    has_more: bool,
}

/// A key, and its secret for this one time.
#[derive(Serialize)]
struct WithValue<'a> {
    #[serde(flatten)]
    key: &'a ApiKey,
    value: &'a str,
}

/// Writes one object.
pub(crate) fn object<T: Serialize + ?Sized>(app: &App, value: &T) -> Outcome<()> {
    app.out.write(|out| write(out, value, app.out.terminal))
}

/// Writes a page as a list.
pub(crate) fn page<T: Serialize>(app: &App, page: &Page<T>) -> Outcome<()> {
    let Page { data, has_more } = page;
    object(
        app,
        &List {
            object: "list",
            data,
            has_more: *has_more,
        },
    )
}

/// Writes a whole list.
pub(crate) fn list<T: Serialize>(app: &App, data: &[T]) -> Outcome<()> {
    object(
        app,
        &List {
            object: "list",
            data,
            has_more: false,
        },
    )
}

/// Writes a key with its secret as `value`.
pub(crate) fn created(app: &App, key: &ApiKey, secret: &Secret) -> Outcome<()> {
    let value = WithValue {
        key,
        value: secret.reveal(),
    };
    app.out
        .write_with_secret(|out| write(out, &value, app.out.terminal))
}

/// Writes a value and a line end.
pub(crate) fn write<T: Serialize + ?Sized>(
    out: &mut dyn Write,
    value: &T,
    indented: bool,
) -> io::Result<()> {
    let written = if indented {
        value.serialize(&mut Serializer::with_formatter(
            &mut *out,
            Safe(PrettyFormatter::new()),
        ))
    } else {
        value.serialize(&mut Serializer::with_formatter(
            &mut *out,
            Safe(CompactFormatter),
        ))
    };
    written.map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Writes a value as a line to standard error.
pub(crate) fn note<T: Serialize + ?Sized>(out: &Streams, value: &T) {
    let mut line = Vec::new();
    if write(&mut line, value, false).is_ok() {
        out.note(String::from_utf8_lossy(&line).trim_end());
    }
}

/// Writes JSON that is there as text already, escaping the same characters: outside of strings there
/// are none of them.
pub(crate) fn write_line(out: &mut dyn Write, line: &str) -> io::Result<()> {
    escape(out, line)?;
    out.write_all(b"\n")
}

fn escape<W: ?Sized + Write>(out: &mut W, text: &str) -> io::Result<()> {
    let mut rest = text;
    while let Some(at) = rest.find(is_unfit) {
        let (before, from) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut letters = from.chars();
        if let Some(c) = letters.next() {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
        rest = letters.as_str();
    }
    out.write_all(rest.as_bytes())
}

/// A formatter that escapes in strings what a terminal should not see.
struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        escape(out, fragment)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn text(value: &Value, indented: bool) -> String {
        let mut out = Vec::new();
        write(&mut out, value, indented).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_steers_a_terminal_is_escaped_and_means_the_same() {
        let value = json!({"name": "a\u{202e}b\u{9b}c\u{7f}\u{e0041}\u{1b}[31m \u{1f511}"});
        let written = text(&value, false);
        assert!(!written.trim_end().chars().any(is_unfit));
        assert!(written.contains("\\u202e") && written.contains("\\udb40\\udc41"));
        assert!(written.contains('\u{1f511}'));
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
    }

    #[test]
    fn a_line_that_is_json_already_is_escaped_too() {
        let value = json!({"a\u{feff}": ["\u{202e}\u{e0041}\n\""]});
        let mut out = Vec::new();
        write_line(&mut out, &value.to_string()).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert!(!written.trim_end().chars().any(is_unfit));
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
    }

    #[test]
    fn a_pipe_gets_one_line_and_a_terminal_indentation() {
        let value = json!({"a": [1, {}], "b": {"c": null}});
        assert_eq!(text(&value, false), "{\"a\":[1,{}],\"b\":{\"c\":null}}\n");
        assert_eq!(
            text(&value, true),
            "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": null\n  }\n}\n"
        );
    }
}
