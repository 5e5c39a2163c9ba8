//! What clap finds wrong with a command, said without repeating what was typed: it could be a secret
//! in the wrong place.

use crate::failure::Failure;
use crate::output::text::safe;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use std::num::ParseIntError;

/// The failure that a parse error stands for.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    Failure::usage(message(error)).hint(hint(error))
}

fn message(error: &clap::Error) -> String {
    // Names of options come from the definition, what was typed does not.
    let defined = || text(error, ContextKind::InvalidArg);
    match error.kind() {
        ErrorKind::InvalidValue => match (text(error, ContextKind::InvalidValue), defined()) {
            (Some(value), Some(option)) if value.is_empty() => format!("{option} needs a value"),
            (_, Some(option)) => format!("{option} does not take that value"),
            _ => "a value is not one that is taken here".to_owned(),
        },
        ErrorKind::ValueValidation => match (reason(error), defined()) {
            (Some(reason), Some(option)) => format!("{option}: {reason}"),
            (None, Some(option)) => format!("{option} is not a number that is taken here"),
            _ => "a value has the wrong form".to_owned(),
        },
        ErrorKind::UnknownArgument => match defined() {
            Some(typed) if is_option_name(&typed) => format!("there is no option {typed} here"),
            Some(typed) if typed.starts_with('-') => "there is no such option".to_owned(),
            _ => "there is an argument too many".to_owned(),
        },
        ErrorKind::InvalidSubcommand => {
            match text(error, ContextKind::InvalidSubcommand).filter(|typed| is_word(typed)) {
                Some(command) => format!("there is no command {command}"),
                None => "there is no such command".to_owned(),
            }
        }
        ErrorKind::MissingRequiredArgument => match defined() {
            Some(missing) => format!("{missing} is missing"),
            None => "an argument is missing".to_owned(),
        },
        ErrorKind::ArgumentConflict => match (defined(), text(error, ContextKind::PriorArg)) {
            (Some(one), Some(other)) if one == other => format!("{one} is given more than once"),
            (Some(one), Some(other)) => format!("{one} and {other} don't go together"),
            (Some(one), None) => format!("{one} doesn't go with the other options"),
            _ => "two of the options don't go together".to_owned(),
        },
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "a command is missing".to_owned()
        }
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => match defined() {
            Some(option) => format!("{option} has the wrong number of values"),
            None => "an option has the wrong number of values".to_owned(),
        },
        ErrorKind::InvalidUtf8 => "an argument is not valid UTF-8".to_owned(),
        _ => "the command can't be understood".to_owned(),
    }
}

/// What there is, or what was probably meant; else where to read on.
fn hint(error: &clap::Error) -> String {
    let told = |kind| text(error, kind).filter(|text| !text.is_empty());
    if let Some(values) = told(ContextKind::ValidValue) {
        return format!("it takes {values}");
    }
    let meant = told(ContextKind::SuggestedArg).or_else(|| told(ContextKind::SuggestedSubcommand));
    if let Some(meant) = meant {
        return format!("did you mean {meant}?");
    }
    // A number, a span, or what someone looks for.
    let typed = text(error, ContextKind::InvalidArg).unwrap_or_default();
    if error.kind() == ErrorKind::UnknownArgument
        && typed.starts_with('-')
        && !is_option_name(&typed)
    {
        return "a value that begins with a hyphen is joined to its option: --option=-1".to_owned();
    }
    let Some(usage) = told(ContextKind::Usage) else {
        return "--help tells what there is".to_owned();
    };
    let usage = usage.trim_start_matches("Usage:").trim();
    let first = usage.lines().next().unwrap_or_default();
    format!("usage: {first}; --help tells more")
}

/// A piece of what clap knows, as text.
fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    let text = match error.get(kind)? {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => {
            let texts: Vec<_> = texts.iter().map(ToString::to_string).collect();
            texts.join(", ")
        }
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(safe(&text).into_owned())
}

/// What a parser of this crate says is wrong, which repeats nothing. Those for numbers are not ours.
fn reason(error: &clap::Error) -> Option<String> {
    let source = error.source()?;
    let reason = source.to_string();
    let of_number = source.is::<ParseIntError>() || reason.contains(" is not in ");
    (!of_number).then_some(reason)
}

/// Whether something typed reads as the name of an option, which no secret does.
fn is_option_name(typed: &str) -> bool {
    let name = typed
        .strip_prefix("--")
        .or_else(|| typed.strip_prefix('-').filter(|name| name.len() == 1));
    name.is_some_and(is_word)
}

/// Small letters, with hyphens between them, and not many.
fn is_word(typed: &str) -> bool {
    (1..=24).contains(&typed.len())
        && typed.starts_with(|c: char| c.is_ascii_lowercase())
        && typed.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::Parser;

    const SECRET: &str =
        "acme_live_kw1FSNtYRlXbBKw4la0_pmpG6Gl3HdXa9Z8qjQq5EpWJkiecEEe5Err7m7aPspa0CS6J9";

    fn said(arguments: &[&str]) -> Failure {
        let words = std::iter::once("keywright").chain(arguments.iter().copied());
        failure(&Cli::try_parse_from(words).unwrap_err())
    }

    #[test]
    fn what_was_typed_is_never_repeated() {
        for arguments in [
            &[SECRET][..],
            &["get", "key_1", SECRET],
            &["get", SECRET, "key_1"],
            &["list", "--limit", SECRET],
            &["list", "--status", SECRET],
            &["list", &format!("--{SECRET}")],
            &["list", &format!("-{SECRET}")],
            &["list", &format!("--limit={SECRET}")],
            &["create", "a", "--expires-in", SECRET],
            &["create", "a", "--expires-at", SECRET],
            &["create", "a", "--class", SECRET],
            &["create", "a", "--credits", SECRET],
            &["create", "a", "--metadata", SECRET],
            &["revoke", "--reason", SECRET, "key_1"],
            &["audit", SECRET],
            &["audit", "list", "--since", SECRET],
            &["completions", SECRET],
            &["--output", SECRET, "list"],
            &["verify", "--cost", SECRET],
        ] {
            let failure = said(arguments);
            assert_eq!(failure.status, 2);
            let text = serde_json::to_string(&failure.to_wire()).unwrap();
            assert!(
                !text.contains("pmpG6Gl3") && !text.contains("FSNt"),
                "{text}"
            );
        }
    }

    #[test]
    fn messages_say_what_is_wrong_and_hints_what_to_do() {
        for (arguments, message, hint) in [
            (
                &["lst"][..],
                "there is no command lst",
                "did you mean list?",
            ),
            (
                &["list", "--onwer", "x"],
                "there is no option --onwer here",
                "did you mean --owner?",
            ),
            (&["create"], "<NAME> is missing", "usage: keywright create"),
            (
                &["revoke"],
                "<ID|--owner <O>> is missing",
                "usage: keywright revoke",
            ),
            (
                &["list", "--status", "x"],
                "--status <STATUS> does not take that value",
                "it takes active, disabled, expired, revoked",
            ),
            (&["list", "--limit"], "--limit <N> needs a value", "--help"),
            (
                &["list", "--limit", "x"],
                "--limit <N> is not a number that is taken here",
                "",
            ),
            (
                &["create", "a", "--credits", "99999999999999999999"],
                "--credits <N> is not a number that is taken here",
                "",
            ),
            (
                &["create", "a", "--credits=-1"],
                "--credits <N> is not a number that is taken here",
                "",
            ),
            (
                &["create", "a", "--credits", "-1"],
                "there is no such option",
                "a value that begins with a hyphen is joined to its option",
            ),
            (
                &["create", "a", "--expires-in", "-1d"],
                "there is no such option",
                "a value that begins with a hyphen is joined to its option",
            ),
            (
                &["create", "a", "--expires-in", "90"],
                "--expires-in <SPAN>: say the unit of that span",
                "",
            ),
            (
                &["rotate", "key_1", "--finish", "--cancel"],
                "--finish and --cancel don't go together",
                "",
            ),
            (
                &["get", "a", "b"],
                "there is an argument too many",
                "usage: keywright get",
            ),
            (
                &["list", "--all", "--all"],
                "--all is given more than once",
                "",
            ),
            (
                &["project"],
                "a command is missing",
                "--help tells what there is",
            ),
        ] {
            let failure = said(arguments);
            assert!(
                failure.message.starts_with(message),
                "{arguments:?}: {}",
                failure.message
            );
            let told = failure.hint.unwrap_or_default();
            assert!(told.starts_with(hint), "{arguments:?}: {told}");
        }
    }
}
