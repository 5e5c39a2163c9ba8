//! Kotlin in words and signs, without comments.

/// A word, a text in quotes, or a sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) text: String,
    /// Whether it is the first on its line.
    pub(super) first: bool,
    /// Whether there is room before it.
    spaced: bool,
}

/// Takes a file apart.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    let (mut first, mut spaced) = (true, false);
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        if letter.is_whitespace() {
            first |= letter == '\n';
            spaced = true;
            at += 1;
            continue;
        }
        if letter == '/' && matches!(next, Some('/' | '*')) {
            at = after_comment(&letters, at);
            spaced = true;
            continue;
        }
        let end = match (letter, next) {
            ('"', _) => after_text(&letters, at),
            ('\'', _) => after_character(&letters, at),
            ('`', _) => after(&letters, at + 1, |it| it != '`') + 1,
            ('@', _) => after(&letters, at + 1, |it| is_word(it) || it == ':' || it == '.'),
            ('-', Some('>')) => at + 2,
            _ if is_word(letter) => after(&letters, at, is_word),
            _ => at + 1,
        };
        let word = letters.get(at..end.min(letters.len())).unwrap_or_default();
        found.push(Token {
            // In backticks a word is no keyword here: they stand for names alone.
            text: word.iter().filter(|it| **it != '`').collect(),
            first,
            spaced,
        });
        (first, spaced) = (false, false);
        at = end;
    }
    found
}

/// Tokens as one line, by the house's spacing: types by their short names, and no comma at the end.
pub(super) fn line(tokens: &[Token]) -> String {
    let mut out = String::new();
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        if token.text == "kotlin" && rest.next_if(|it| it.text == ".").is_some() {
            if let Some(name) = rest.peek()
                && token.spaced
                && !opens(&out)
                && name.text != ")"
            {
                out.push(' ');
            }
            continue;
        }
        match token.text.as_str() {
            ")" | "]" if out.ends_with(',') => {
                out.pop();
            }
            ")" | "]" | ">" | "," | ":" | "?" | "." => {}
            _ if token.spaced && !opens(&out) => out.push(' '),
            _ => {}
        }
        out.push_str(&token.text);
    }
    out
}

fn opens(out: &str) -> bool {
    out.is_empty() || out.ends_with(['(', '[', '<', '.', ' '])
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn after(letters: &[char], from: usize, holds: impl Fn(char) -> bool) -> usize {
    let rest = letters.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|it| holds(**it)).count()
}

fn begins(letters: &[char], at: usize, with: &str) -> bool {
    with.chars()
        .enumerate()
        .all(|(offset, it)| letters.get(at + offset) == Some(&it))
}

/// Comments lie in one another.
fn after_comment(letters: &[char], from: usize) -> usize {
    if begins(letters, from, "//") {
        return after(letters, from, |it| it != '\n');
    }
    let (mut at, mut depth) = (from + 2, 1);
    while depth > 0 && at < letters.len() {
        if begins(letters, at, "/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if begins(letters, at, "*/") {
            (depth, at) = (depth - 1, at + 2);
        } else {
            at += 1;
        }
    }
    at
}

fn after_character(letters: &[char], from: usize) -> usize {
    let end = from
        + if begins(letters, from + 1, "\\") {
            3
        } else {
            2
        };
    after(letters, end, |it| it != '\'') + 1
}

/// A text ends at its quotes, those in `${…}` not counted.
fn after_text(letters: &[char], from: usize) -> usize {
    let quotes = if begins(letters, from, "\"\"\"") {
        "\"\"\""
    } else {
        "\""
    };
    let mut at = from + quotes.len();
    while at < letters.len() && !begins(letters, at, quotes) {
        if begins(letters, at, "${") {
            at = after_template(letters, at + 2);
        } else if begins(letters, at, "\\") && quotes.len() == 1 {
            at += 2;
        } else {
            at += 1;
        }
    }
    at + quotes.len()
}

fn after_template(letters: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 1);
    while let (true, Some(letter)) = (depth > 0, letters.get(at)) {
        match letter {
            '"' => at = after_text(letters, at),
            '\'' => at = after_character(letters, at),
            letter => {
                depth += i32::from(*letter == '{') - i32::from(*letter == '}');
                at += 1;
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn comments_are_left_out() {
        let text = "a // b \"\n/* c /* d */ */ e /** `f` */ g";
        assert_eq!(texts(text), ["a", "e", "g"]);
    }

    #[test]
    fn a_text_is_one_token_whatever_is_in_it() {
        assert_eq!(
            texts(r#"x("a ${b?.let { ", $it" } ?: ""} \" }") y"#),
            [
                "x",
                "(",
                r#""a ${b?.let { ", $it" } ?: ""} \" }""#,
                ")",
                "y"
            ]
        );
        assert_eq!(texts("'\"' '\\'' z"), ["'\"'", "'\\''", "z"]);
        assert_eq!(texts("\"\"\"a \" b\"\"\" z"), ["\"\"\"a \" b\"\"\"", "z"]);
    }

    #[test]
    fn what_stands_on_many_lines_becomes_one() {
        let text = "(\n    name: kotlin.String,\n    pairs: Map<kotlin.String, kotlin.Long?> = emptyMap(),\n)";
        assert_eq!(
            line(&tokens(text)),
            "(name: String, pairs: Map<String, Long?> = emptyMap())"
        );
    }

    #[test]
    fn the_first_token_of_a_line_is_known() {
        let firsts: Vec<bool> = tokens("a b\n/* c */ d e")
            .iter()
            .map(|it| it.first)
            .collect();
        assert_eq!(firsts, [true, false, true, false]);
    }
}
