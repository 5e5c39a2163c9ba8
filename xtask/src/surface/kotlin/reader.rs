//! Goes through the tokens of a Kotlin file: groups, types, parameters.

use std::collections::BTreeSet;

use super::tokens::{Token, line};

/// Reads on from a place.
pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) lines: &'a mut BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |it| it.text.as_str())
    }

    pub(super) fn is_first(&self) -> bool {
        self.tokens.get(self.at).is_none_or(|it| it.first)
    }

    pub(super) fn take(&mut self, text: &str) -> bool {
        let there = self.peek() == text;
        self.at += usize::from(there);
        there
    }

    pub(super) fn since(&self, start: usize) -> &'a [Token] {
        self.tokens.get(start..self.at).unwrap_or_default()
    }

    /// Goes behind the parentheses, braces or brackets that begin here.
    pub(super) fn group(&mut self) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.peek() {
                "(" | "{" | "[" => depth += 1,
                ")" | "}" | "]" => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// `<T : Any>`, or nothing.
    pub(super) fn generics(&mut self) -> String {
        let start = self.at;
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            match self.peek() {
                "<" => depth += 1,
                ">" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.at += 1;
        }
        self.at += usize::from(self.peek() == ">");
        line(self.since(start))
    }

    /// A type, up to what can't belong to it.
    pub(super) fn type_named(&mut self) -> String {
        let start = self.at;
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            let before = self.since(start).last().map_or("", |it| it.text.as_str());
            match self.peek() {
                "<" => depth += 1,
                ">" => depth = depth.saturating_sub(1),
                "(" if matches!(before, "" | "suspend" | "->" | "<" | ",") => {
                    self.group();
                    continue;
                }
                "(" | "," | "=" | "{" | "}" | ")" | "by" | "get" | "set" if depth == 0 => break,
                _ if self.is_first() && depth == 0 && self.at > start => break,
                _ => {}
            }
            self.at += 1;
        }
        line(self.since(start))
    }

    pub(super) fn parameters(&mut self) -> String {
        let start = self.at;
        self.group();
        line(self.since(start))
    }
}

/// Parts between commas.
pub(super) fn parted(tokens: &[Token]) -> Vec<&[Token]> {
    let mut depth = 0_usize;
    tokens
        .split(|token| {
            match token.text.as_str() {
                "(" | "{" | "[" | "<" => depth += 1,
                ")" | "}" | "]" | ">" => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.text == ","
        })
        .collect()
}
