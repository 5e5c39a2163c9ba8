//! Progress of what takes more than a second, on a terminal alone.

use crate::output::streams::Streams;
use crate::output::text::count;
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
        let now = Instant::now();
        let waited = now.duration_since(self.begun);
        let due = self
            .shown
            .is_none_or(|shown| now.duration_since(shown) >= PACE);
        if !self.on || waited < PATIENCE || !due {
            return;
        }
        self.shown = Some(now);
        let a_second =
            u64::try_from(u128::from(done) * 1000 / waited.as_millis().max(1)).unwrap_or(u64::MAX);
        let text = format!(
            "\r\x1b[K{} ({}/s)",
            count(done, self.what),
            crate::output::text::thousands(a_second)
        );
        draw(&text);
    }

    /// How long it took.
    pub(crate) fn finish(mut self) -> Duration {
        self.clear();
        self.begun.elapsed()
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
