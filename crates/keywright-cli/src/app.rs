//! What every command has at hand: the streams, the form of output, the store.

use crate::args::Global;
use crate::failure::{Failure, Outcome};
use crate::log;
use crate::output::json;
use crate::output::next;
use crate::output::streams::Streams;
use crate::output::text::safe;
use keywright::{Clock, ENV_STORE, LogLevel, SystemClock, Timestamp};
use serde::Serialize;

/// Chooses the form of output, like `--output`.
pub(crate) const ENV_OUTPUT: &str = "KEYWRIGHT_OUTPUT";

/// A warning in its form for programs.
#[derive(Serialize)]
struct Notice<'a> {
    message: &'a str,
    hint: Option<&'a str>,
}

/// What every command has at hand.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) out: Streams,
    /// Whether programs read what is written.
    pub(crate) json: bool,
    /// Whether this very command was told how its output should look.
    pub(crate) form_given: bool,
    /// The store that was named.
    pub(crate) store: Option<String>,
    /// How this program is called from here.
    pub(crate) program: String,
    /// From which level on the library's records are shown.
    pub(crate) log: LogLevel,
}

impl App {
    pub(crate) fn new(program: String, global: Global) -> Outcome<Self> {
        let form_given = global.output.is_some();
        let json = match global.output {
            Some(form) => form == "json",
            None => form_of_environment()?.unwrap_or(false),
        };
        Ok(Self {
            out: Streams::new(),
            json,
            form_given,
            store: global.store,
            program,
            log: log::level(global.verbose)?,
        })
    }

    /// The current whole second.
    #[expect(clippy::unused_self, reason = "reads as one of the things at hand")]
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// A command to go on with, for the shell that is open.
    pub(crate) fn next<'a>(&'a self, words: impl IntoIterator<Item = &'a str>) -> String {
        if self.is_postgres() && self.store.is_some() {
            // Its URL may hold a password, which is not to be shown, nor to be pasted into a line
            // that other users of the machine can see.
            let program = format!("{} --store \"${ENV_STORE}\"", self.program);
            return next::command(&program, None, words);
        }
        next::command(&self.program, self.store.as_deref(), words)
    }

    /// A warning, and what to do about it: where programs read, a line of JSON.
    pub(crate) fn warn(&self, message: &str, hint: Option<&str>) {
        if self.json {
            let warning = Notice { message, hint };
            json::note(&self.out, &serde_json::json!({ "warning": warning }));
            return;
        }
        self.out.warn(&safe(message));
        for line in hint.into_iter().flat_map(str::lines) {
            self.out.note(&format!("  {}", safe(line)));
        }
    }

    /// Something for people beside the output; nothing where programs read.
    pub(crate) fn note(&self, text: &str) {
        if !self.json {
            self.out.note(&safe(text));
        }
    }
}

/// What `KEYWRIGHT_OUTPUT` says: whether it is JSON, if it is set.
pub(crate) fn form_of_environment() -> Outcome<Option<bool>> {
    match std::env::var_os(ENV_OUTPUT) {
        None => Ok(None),
        Some(form) if form.is_empty() => Ok(None),
        Some(form) if form == "json" => Ok(Some(true)),
        Some(form) if form == "table" => Ok(Some(false)),
        Some(_) => Err(
            Failure::usage(format!("{ENV_OUTPUT} is neither table nor json"))
                .hint(format!("set {ENV_OUTPUT}=json, or unset it")),
        ),
    }
}

/// Tells of a failure on standard error.
pub(crate) fn report(failure: &Failure, as_json: bool) {
    let out = Streams::new();
    if as_json {
        json::note(&out, &failure.to_wire());
        return;
    }
    let style = out.notes_style;
    out.note(&format!(
        "{} {}",
        style.red("error:"),
        safe(&failure.message)
    ));
    if let Some(hint) = &failure.hint {
        out.note(&format!(" {} {}", style.dim("hint:"), safe(hint)));
    }
}
