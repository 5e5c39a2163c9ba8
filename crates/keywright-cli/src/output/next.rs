//! Commands to go on with, written so that they can be pasted into the shell that is open.

use crate::output::text::{safe, shell_word};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// How this program is called from here: as it was called, with a path relative to the current
/// folder where it lies within it.
pub(crate) fn program(called: Option<&OsStr>) -> String {
    let here = std::env::current_dir().ok();
    program_from(called, here.as_deref())
}

fn program_from(called: Option<&OsStr>, here: Option<&Path>) -> String {
    let path = Path::new(called.unwrap_or_default());
    let Some(text) = path.to_str().filter(|_| path.components().count() > 1) else {
        // Found by way of PATH, or not known.
        return "keywright".to_owned();
    };
    let within = here.and_then(|here| path.strip_prefix(here).ok());
    let Some(relative) = within.or_else(|| path.is_relative().then_some(path)) else {
        return shell_word(text);
    };
    if let Some(Component::ParentDir) = relative.components().next() {
        return shell_word(text);
    }
    let plain: PathBuf = relative
        .components()
        .filter(|part| *part != Component::CurDir)
        .collect();
    shell_word(&format!("./{}", plain.display()))
}

/// A command of this program as a line of a shell.
pub(crate) fn command<'a>(
    program: &str,
    store: Option<&'a str>,
    words: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut line = program.to_owned();
    for word in store.into_iter().flat_map(|store| option("--store", store)) {
        let _ = write!(line, " {}", shell_word(&word));
    }
    for word in words {
        line.push(' ');
        line.push_str(&shell_word(word));
    }
    // What can't be pasted as it is must not reach the terminal either.
    safe(&line).into_owned()
}

/// An option and its value as words of a command: as one word where the value begins with a hyphen
/// and would pass for an option.
pub(crate) fn option(name: &str, value: &str) -> Vec<String> {
    if value.starts_with('-') {
        vec![format!("{name}={value}")]
    } else {
        vec![name.to_owned(), value.to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(called: &str) -> String {
        program_from(Some(OsStr::new(called)), Some(Path::new("/home/a/my app")))
    }

    #[test]
    fn the_program_is_called_as_it_was() {
        for (called, expected) in [
            ("keywright", "keywright"),
            ("", "keywright"),
            ("target/release/keywright", "./target/release/keywright"),
            ("./target/release/keywright", "./target/release/keywright"),
            ("/home/a/my app/target/keywright", "./target/keywright"),
            ("/usr/bin/keywright", "/usr/bin/keywright"),
            ("/opt/my tools/keywright", "'/opt/my tools/keywright'"),
            ("../x/keywright", "../x/keywright"),
        ] {
            assert_eq!(said(called), expected, "{called}");
        }
        assert_eq!(program_from(None, None), "keywright");
    }

    #[test]
    fn a_command_is_one_line_of_shell() {
        assert_eq!(
            command(
                "./kw",
                Some("my keys.db"),
                ["list", "--search", "it's", "--after", "key_1"]
            ),
            r"./kw --store 'my keys.db' list --search 'it'\''s' --after key_1"
        );
        assert_eq!(
            command("kw", Some("-x.db"), ["list"]),
            "kw --store=-x.db list"
        );
        assert_eq!(option("--search", "-foo"), ["--search=-foo"]);
        assert_eq!(option("--search", "foo"), ["--search", "foo"]);
    }
}
