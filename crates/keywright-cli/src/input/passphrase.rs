//! The passphrase of a backup: from the environment, or from a hidden prompt.

use crate::failure::{Failure, Outcome};
use crate::input::secret;
use std::io::{self, IsTerminal};
use zeroize::Zeroizing;

/// Holds the passphrase of a backup.
const ENV_PASSPHRASE: &str = "KEYWRIGHT_BACKUP_PASSPHRASE";

/// The passphrase for a new backup, asked for twice: nothing else opens it.
pub(crate) fn of_new_backup() -> Outcome<Zeroizing<String>> {
    if let Some(given) = of_environment()? {
        return Ok(given);
    }
    let first = ask("Passphrase for the backup (not shown): ")?;
    let second = ask("The same again: ")?;
    if *first != *second {
        return Err(
            Failure::usage("the two passphrases differ").hint("nothing was written; try again")
        );
    }
    if first.is_empty() {
        return Err(Failure::usage("the passphrase is empty")
            .hint("take several words that nobody else would say, and keep them elsewhere"));
    }
    Ok(first)
}

/// The passphrase of a backup that is there.
pub(crate) fn of_backup() -> Outcome<Zeroizing<String>> {
    match of_environment()? {
        Some(given) => Ok(given),
        None => ask("Passphrase of the backup (not shown): "),
    }
}

fn of_environment() -> Outcome<Option<Zeroizing<String>>> {
    match std::env::var(ENV_PASSPHRASE) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Zeroizing::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!(
            "{ENV_PASSPHRASE} is not valid UTF-8"
        ))),
    }
}

fn ask(question: &str) -> Outcome<Zeroizing<String>> {
    if !io::stdin().is_terminal() {
        return Err(
            Failure::usage("there is no passphrase, and no terminal to ask for it")
                .hint(format!("set {ENV_PASSPHRASE}")),
        );
    }
    let bytes = secret::prompt(question)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Failure::usage("the passphrase is not valid UTF-8"))?;
    Ok(Zeroizing::new(text.to_owned()))
}
