//! Text that came from somebody else, made fit for a terminal, and measured as one measures it.

use std::borrow::Cow;
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The text with everything written out that could move the cursor, recolour the screen, reverse
/// the reading direction or not be seen at all: such a character shows as `\u{202e}`.
pub(crate) fn safe(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unfit) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unfit(c) {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a character must not reach a terminal as it is.
pub(crate) fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul and Mongolian fillers.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}' | '\u{ffa0}'
            // Zero width, marks of direction, line and paragraph separators, embeddings, overrides.
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            // Invisible operators, isolates, and what is deprecated beside them.
            | '\u{2060}'..='\u{206f}' | '\u{feff}'
            // Annotations, and tags.
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// How many columns the text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// The text in at most `room` columns, with `…` where something is missing.
pub(crate) fn truncate(text: &str, room: usize) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > room {
            break;
        }
        out.push(c);
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    if room > 0 {
        out.push('\u{2026}');
    }
    Cow::Owned(out)
}

/// The text as one word of a POSIX shell.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"_./:@%+=,-".contains(&b);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 key`, `2 keys`.
pub(crate) fn count(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {one}{plural}", thousands(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_gets_through() {
        assert_eq!(
            safe("billing \u{1f511} caf\u{e9}"),
            "billing \u{1f511} caf\u{e9}"
        );
        assert_eq!(safe("a\x1b[31mb"), "a\\u{1b}[31mb");
        assert_eq!(safe("a\u{9b}31m"), "a\\u{9b}31m");
        assert_eq!(safe("evil\u{202e}gnp.exe"), "evil\\u{202e}gnp.exe");
        assert_eq!(safe("a\u{200b}b\u{feff}"), "a\\u{200b}b\\u{feff}");
        assert_eq!(safe("a\nb\tc\0"), "a\\u{a}b\\u{9}c\\u{0}");
        assert_eq!(safe("\u{e0041}"), "\\u{e0041}");
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        assert_eq!(truncate("billing", 7), "billing");
        assert_eq!(truncate("billing", 6), "billi\u{2026}");
        assert_eq!(truncate("a billing", 3), "a\u{2026}");
        assert_eq!(truncate("abc", 0), "");
    }

    #[test]
    fn wide_characters_count_twice() {
        assert_eq!(width("\u{9375}\u{5319}"), 4);
        assert_eq!(truncate("\u{9375}\u{5319}", 3), "\u{9375}\u{2026}");
        assert_eq!(width(&truncate("\u{9375}\u{5319}\u{9375}", 4)), 3);
    }

    #[test]
    fn a_word_of_the_shell_is_quoted_where_it_must_be() {
        assert_eq!(
            shell_word("./target/release/keywright"),
            "./target/release/keywright"
        );
        assert_eq!(shell_word("my keys"), "'my keys'");
        assert_eq!(shell_word("it's"), r"'it'\''s'");
        assert_eq!(shell_word("$HOME"), "'$HOME'");
        assert_eq!(shell_word(""), "''");
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(thousands(0), "0");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(count(1, "key"), "1 key");
        assert_eq!(count(2000, "key"), "2,000 keys");
    }
}
