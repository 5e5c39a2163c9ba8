//! Standard output and standard error. A reader that goes away (`| head`) is no failure; a secret
//! that could not be delivered is one.

use crate::failure::{Failure, Outcome};
use crate::output::style::Style;
use keywright::Secret;
use std::cell::Cell;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Both streams, and what is known about them.
#[derive(Debug)]
pub(crate) struct Streams {
    /// Whether standard output leads to a terminal.
    pub(crate) terminal: bool,
    /// Whether standard error leads to a terminal.
    pub(crate) notes_terminal: bool,
    /// The style of standard output.
    pub(crate) style: Style,
    /// The style of standard error.
    pub(crate) notes_style: Style,
    reader_gone: Cell<bool>,
}

impl Streams {
    pub(crate) fn new() -> Self {
        let (terminal, notes_terminal) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            terminal,
            notes_terminal,
            style: Style::of_stream(terminal),
            notes_style: Style::of_stream(notes_terminal),
            reader_gone: Cell::new(false),
        }
    }

    /// How many columns tables may take: those of the terminal; as many as they need elsewhere.
    pub(crate) fn width(&self) -> Option<usize> {
        if !self.terminal {
            return None;
        }
        let size = terminal_size::terminal_size_of(io::stdout());
        Some(size.map_or(80, |(width, _)| usize::from(width.0)).max(20))
    }

    /// Whether nobody reads standard output any more, so that what is endless can stop.
    pub(crate) fn reader_gone(&self) -> bool {
        self.reader_gone.get()
    }

    /// Writes to standard output. Text is taken as it is; make it [`safe`](super::text::safe) first.
    pub(crate) fn print(&self, text: &str) -> Outcome<()> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// The same for whatever writes itself.
    pub(crate) fn write(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Outcome<()> {
        if self.reader_gone() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.reader_gone.set(true);
                Ok(())
            }
            Err(error) => Err(unwritten(&error)),
        }
    }

    /// Writes text with a secret in it. The secret goes from its own memory to the stream; that it
    /// can't be delivered is always a failure, as it is nowhere else.
    #[expect(clippy::unused_self, reason = "all writing goes by way of the streams")]
    pub(crate) fn write_secret(&self, before: &str, secret: &Secret, after: &str) -> Outcome<()> {
        let mut out = io::stdout().lock();
        out.write_all(before.as_bytes())
            .and_then(|()| out.write_all(secret.reveal().as_bytes()))
            .and_then(|()| out.write_all(after.as_bytes()))
            .and_then(|()| out.flush())
            .map_err(|error| undelivered(&error))
    }

    /// The same for whatever writes itself.
    #[expect(clippy::unused_self, reason = "all writing goes by way of the streams")]
    pub(crate) fn write_with_secret(
        &self,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Outcome<()> {
        let mut out = io::stdout().lock();
        write(&mut out)
            .and_then(|()| out.flush())
            .map_err(|error| undelivered(&error))
    }

    /// Writes a line to standard error. That nobody hears it changes nothing.
    #[expect(clippy::unused_self, reason = "all writing goes by way of the streams")]
    pub(crate) fn note(&self, line: &str) {
        let mut out = io::stderr().lock();
        let _ = out
            .write_all(line.as_bytes())
            .and_then(|()| out.write_all(b"\n"));
    }

    /// Writes a warning to standard error.
    pub(crate) fn warn(&self, text: &str) {
        self.note(&format!("{} {text}", self.notes_style.yellow("warning:")));
    }
}

fn unwritten(error: &io::Error) -> Failure {
    Failure::io("standard output can't be written", error)
}

fn undelivered(error: &io::Error) -> Failure {
    Failure::io(
        "the secret could not be written to standard output, and is lost",
        error,
    )
}
