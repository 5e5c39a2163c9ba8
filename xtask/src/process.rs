//! Running other programs: their output passes through as it comes, and the
//! lines with which test runners close are kept for the summary.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, PipeReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::closing::{self, Closing};

/// Longer than anything here takes from nothing; what takes longer hangs.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// The repository's root: the folder above this crate.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A path below the root.
pub(crate) fn at(relative: &str) -> PathBuf {
    root().join(relative)
}

/// Cargo's target folder, where everything that is built or installed lies.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => at("target"),
    }
}

thread_local! {
    /// What stands before each line of what this thread runs.
    static LABEL: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on what this thread runs is told apart from what runs beside it.
pub(crate) fn label(name: &str) {
    LABEL.set(format!("{name} │ "));
}

/// A program with its arguments, run at the root unless it says otherwise.
pub(crate) struct Job {
    command: Command,
    shown: String,
}

impl Job {
    /// A program, by name or by path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.current_dir(root()).stdin(Stdio::null());
        colours(&mut command);
        let name = Path::new(program).file_name().unwrap_or(program);
        Self {
            command,
            shown: name.to_string_lossy().into_owned(),
        }
    }

    /// The cargo that runs this program.
    pub(crate) fn cargo() -> Self {
        let mut job = Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        "cargo".clone_into(&mut job.shown);
        job
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        for argument in arguments {
            let argument = argument.as_ref();
            self.shown.push(' ');
            self.shown.push_str(&relative(argument));
            self.command.arg(argument);
        }
        self
    }

    /// Runs in a folder below the root.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(root().join(folder));
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it with its output passing through; the error says what failed.
    /// What comes back is how its test runners closed.
    pub(crate) fn run(mut self) -> Result<Closing, String> {
        let label = LABEL.with_borrow(Clone::clone);
        println!("{label}$ {}", self.shown);
        let failure = |error| format!("{} could not be run: {error}", self.shown);
        let (reader, writer) = std::io::pipe().map_err(failure)?;
        self.command
            .stdout(writer.try_clone().map_err(failure)?)
            .stderr(writer);
        let mut child = self.command.spawn().map_err(failure)?;
        // The command holds the pipe's writing ends: let go, or reading never ends.
        drop(self.command);
        let (send, receive) = mpsc::channel();
        thread::spawn(move || send.send(pass_through(reader, label.as_bytes())));
        let Ok(closing) = receive.recv_timeout(LIMIT) else {
            kill_tree(&mut child);
            return Err(format!(
                "{} was ended: it ran for {} minutes",
                self.shown,
                LIMIT.as_secs() / 60
            ));
        };
        let status = child.wait().map_err(failure)?;
        ended(status, &self.shown).map(|()| closing)
    }

    /// Runs it quietly and gives what it wrote to standard output.
    pub(crate) fn text(mut self) -> Result<String, String> {
        let output = self
            .command
            .output()
            .map_err(|error| format!("{} could not be run: {error}", self.shown))?;
        ended(output.status, &self.shown)
            .map_err(|error| format!("{error}\n{}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn ended(status: ExitStatus, shown: &str) -> Result<(), String> {
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` ended with {status}"))
    }
}

/// Copies each line to our own output and watches for closing lines.
fn pass_through(reader: PipeReader, label: &[u8]) -> Closing {
    let mut closing = Closing::default();
    let mut out = std::io::stdout();
    for line in BufReader::new(reader).split(b'\n') {
        let Ok(mut line) = line else { break };
        closing.see(&closing::plain(&String::from_utf8_lossy(&line)));
        line.push(b'\n');
        let line = [label, &line].concat();
        // Where our own output is closed there is no one to tell.
        let _ = out.write_all(&line).and_then(|()| out.flush());
    }
    closing
}

/// Ends a program and all that it started: a runner's hanging test would live on.
fn kill_tree(child: &mut Child) {
    let mut all = vec![child.id().to_string()];
    let mut next = 0;
    while let Some(id) = all.get(next) {
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        all.extend(
            children
                .unwrap_or_default()
                .split_whitespace()
                .map(str::to_owned),
        );
        next += 1;
    }
    let _ = Command::new("kill")
        .arg("-KILL")
        .args(&all)
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}

/// A pipe hides the terminal from the programs, so they are told about colour.
fn colours(command: &mut Command) {
    if std::env::var_os("NO_COLOR").is_none() && std::io::stdout().is_terminal() {
        for (name, value) in [
            ("CARGO_TERM_COLOR", "always"),
            ("FORCE_COLOR", "1"),
            ("CLICOLOR_FORCE", "1"),
        ] {
            if std::env::var_os(name).is_none() {
                command.env(name, value);
            }
        }
    }
}

/// An argument without this machine's path to the repository.
fn relative(argument: &OsStr) -> String {
    let root = format!("{}/", root().display());
    argument.to_string_lossy().replace(&root, "")
}
