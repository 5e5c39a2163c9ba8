//! Questions before what can't be undone.

use crate::app::App;
use crate::failure::{Failure, Outcome};
use crate::output::text::safe;
use std::io::{self, BufRead, IsTerminal, Write};

/// Asks whether to go on with `what` (`revoke key_…`), after having told `facts` about it.
///
/// # Errors
/// `confirmation_required` where there is nobody to ask, `cancelled` if the answer is not yes.
pub(crate) fn ask(app: &App, what: &str, facts: &str) -> Outcome<()> {
    if !io::stdin().is_terminal() || !app.out.notes_terminal {
        return Err(Failure::nobody_to_ask(&format!("this would {what}")));
    }
    if !facts.is_empty() {
        app.out.note(facts.trim_end());
    }
    let question = format!(
        "{} {}? It can't be undone. [y/N] ",
        app.out.notes_style.bold("Really"),
        safe(what)
    );
    let mut stderr = io::stderr().lock();
    let _ = stderr
        .write_all(question.as_bytes())
        .and_then(|()| stderr.flush());
    drop(stderr);
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::io("the terminal can't be asked", &error))?;
    if is_yes(&answer) {
        Ok(())
    } else {
        Err(Failure::declined())
    }
}

fn is_yes(answer: &str) -> bool {
    ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_yes_is_yes() {
        assert!(is_yes("y\n") && is_yes("YES\r\n"));
        assert!(!is_yes("") && !is_yes("\n") && !is_yes("n\n") && !is_yes("yess\n"));
    }
}
