//! Colours, where they are wanted: on a terminal that has them, and nobody said no.

use std::env;
use std::ffi::OsString;

/// Whether text is styled. Each method gives the text back as it is where it isn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    on: bool,
}

impl Style {
    /// For a stream that leads to a terminal or doesn't, in this environment.
    pub(crate) fn of_stream(terminal: bool) -> Self {
        Self {
            on: wanted(terminal, |name| env::var_os(name)),
        }
    }

    /// Whether there is any.
    pub(crate) const fn is_on(self) -> bool {
        self.on
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// <https://no-color.org> first, then <https://bixense.com/clicolors>.
fn wanted(terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("NO_COLOR").is_some() {
        return false;
    }
    if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        return true;
    }
    let capable = match set("TERM") {
        Some(term) => term != "dumb",
        // Windows has no TERM; its newer terminals say who they are.
        None => set("WT_SESSION").is_some(),
    };
    terminal && capable && set("CLICOLOR").is_none_or(|value| value != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(terminal: bool, environment: &[(&str, &str)]) -> bool {
        wanted(terminal, |name| {
            let found = environment.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn colours_are_for_terminals_that_have_them() {
        assert!(on(true, &[("TERM", "xterm-256color")]));
        assert!(!on(false, &[("TERM", "xterm-256color")]));
        assert!(!on(true, &[("TERM", "dumb")]));
        assert!(!on(true, &[]));
    }

    #[test]
    fn whoever_says_no_gets_none() {
        assert!(!on(true, &[("TERM", "xterm"), ("NO_COLOR", "1")]));
        assert!(on(true, &[("TERM", "xterm"), ("NO_COLOR", "")]));
        assert!(!on(true, &[("TERM", "xterm"), ("CLICOLOR", "0")]));
        assert!(on(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!on(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(!on(true, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    }

    #[test]
    fn unstyled_text_stays_as_it_is() {
        assert_eq!(Style { on: false }.red("x"), "x");
        assert_eq!(Style { on: true }.red("x"), "\x1b[31mx\x1b[0m");
    }
}
