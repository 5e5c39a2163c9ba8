//! A folder in which the program is run, and what came of a run.

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_keywright");

/// A folder, and variables for the programs that are run in it.
pub(crate) struct Sandbox {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    /// The same with a variable in the environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.file(name), contents).unwrap();
    }

    /// A command to be run in the folder, with nothing of the environment but where programs are.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder()).env("USER", "alice");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program with empty standard input.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        self.feed(words, b"")
    }

    /// Runs the program with this on standard input.
    pub(crate) fn feed(&self, words: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(PROGRAM);
        command.args(words);
        Ran::of(&mut command, input)
    }

    /// Runs the program, which must end with 0; gives its standard output.
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let ran = self.run(words);
        assert_eq!(ran.status, 0, "{words:?}: {ran:?}");
        ran.out
    }

    /// Runs the program with `--output json`, which must end with 0.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let out = self.ok(&[&["--output", "json"], words].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"))
    }

    /// Issues a key: its id and its secret.
    pub(crate) fn key(&self, words: &[&str]) -> (String, String) {
        let made = self.json(&[&["create"], words].concat());
        (text(&made["id"]), text(&made["value"]))
    }

    /// The code that `verify` gives for a secret.
    pub(crate) fn code(&self, secret: &str, words: &[&str]) -> String {
        let ran = self.feed(
            &[&["--output", "json", "verify"], words].concat(),
            secret.as_bytes(),
        );
        text(&ran.json()["code"])
    }
}

impl Ran {
    pub(crate) fn of(command: &mut Command, input: &[u8]) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that doesn't read its input has closed it; that is its right.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap().into()
    }

    /// Standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Standard error as the JSON of an error.
    pub(crate) fn error(&self) -> Value {
        let whole: Value =
            serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        whole["error"].clone()
    }

    pub(crate) fn failed(&self, status: i32, part: &str) {
        assert_eq!(self.status, status, "{self:?}");
        assert!(self.err.contains(part), "{part:?} is not in {:?}", self.err);
        assert!(self.out.is_empty(), "{self:?}");
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
