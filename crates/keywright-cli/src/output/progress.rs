//! Progress of what takes more than a second, on a terminal alone.

use crate::output::streams::Streams;
use crate::output::text::{count, thousands};
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// Nothing is shown before.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often it is shown anew.
const PACE: Duration = Duration::from_millis(100);

/// A line that counts, and goes away in the end.
#[derive(Debug)]
pub(crate) struct Progress {
    what: &'static str,
    begun: Instant,
    shown: Option<Instant>,
    on: bool,
}

impl Progress {
    /// Counts `what` on standard error, if that is a terminal that can rewrite a line, and standard
    /// output is not filling the same screen.
    pub(crate) fn new(out: &Streams, what: &'static str, output_is_long: bool) -> Self {
        Self {
            what,
            begun: Instant::now(),
            shown: None,
            on: out.notes_terminal
                && !(output_is_long && out.terminal)
                && std::env::var_os("TERM").is_some_and(|term| term != "dumb"),
        }
    }

    /// So many are done.
    pub(crate) fn at(&mut self, done: u64) {
        if let Some(text) = self.line(done, Instant::now()) {
            draw(&text);
        }
    }

    /// What is to be drawn now, if anything.
    fn line(&mut self, done: u64, now: Instant) -> Option<String> {
        let waited = now.duration_since(self.begun);
        let due = self
            .shown
            .is_none_or(|shown| now.duration_since(shown) >= PACE);
        if !self.on || waited < PATIENCE || !due {
            return None;
        }
        self.shown = Some(now);
        let a_second = u128::from(done) * 1000 / waited.as_millis().max(1);
        let a_second = thousands(u64::try_from(a_second).unwrap_or(u64::MAX));
        Some(format!("\r\x1b[K{} ({a_second}/s)", count(done, self.what)))
    }

    /// It is over; the line goes.
    pub(crate) fn finish(mut self) {
        self.clear();
    }

    /// Takes the line away, so that something else can be written.
    pub(crate) fn clear(&mut self) {
        if self.shown.take().is_some() {
            draw("\r\x1b[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn draw(text: &str) {
    let mut out = io::stderr().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(on: bool) -> Progress {
        Progress {
            what: "record",
            begun: Instant::now(),
            shown: None,
            on,
        }
    }

    #[test]
    fn it_is_shown_after_a_second_and_then_at_a_pace() {
        let mut progress = progress(true);
        let at = |ms: u64| progress.begun + Duration::from_millis(ms);
        let moments = [at(999), at(1000), at(1050), at(1100)];
        let lines: Vec<_> = moments
            .into_iter()
            .map(|moment| progress.line(2500, moment))
            .collect();
        assert_eq!(lines[0], None);
        assert_eq!(lines[1].as_deref(), Some("\r\x1b[K2,500 records (2,500/s)"));
        assert_eq!(lines[2], None);
        assert!(lines[3].is_some());
    }

    #[test]
    fn it_is_not_shown_where_nobody_looks() {
        let mut progress = progress(false);
        let later = progress.begun + Duration::from_secs(9);
        assert_eq!(progress.line(1, later), None);
    }
}
