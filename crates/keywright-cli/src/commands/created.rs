//! Handing a new secret over: alone in a pipe, with its key on a terminal, as `value` in JSON.

use crate::app::App;
use crate::failure::{Failure, Outcome};
use crate::output::json;
use crate::output::key;
use crate::output::text::safe;
use keywright::{ApiKey, Class, Created, VersionStatus};

/// Hands over what `create` or `rotate` gave; `done` says what that was (`created`, `rotated`).
pub(crate) fn hand_over(app: &App, created: &Created, done: &str) -> Outcome<()> {
    let Created { key, secret } = created;
    let delivered = if app.json {
        json::created(app, key, secret)
    } else if app.out.terminal || app.form_given {
        let (before, after) = around(app, key, done);
        app.out.write_secret(&before, secret, &after)
    } else {
        let delivered = app.out.write_secret("", secret, "\n");
        if delivered.is_ok() {
            app.note(&format!(
                "{done} \"{}\" ({}); its secret is on standard output, this once",
                key.name, key.id
            ));
        }
        delivered
    };
    delivered.map_err(|failure| lost(app, failure, key))
}

/// What stands before and behind the secret on a terminal. It has a line of its own, unindented, so
/// that it fits and can be taken by a double click.
fn around(app: &App, key: &ApiKey, done: &str) -> (String, String) {
    let style = app.out.style;
    let before = format!(
        "{} \"{}\". Its secret:\n\n",
        capitalised(done),
        safe(&key.name)
    );
    let after = format!(
        "\n\n{}\n\n{}",
        style.yellow("It is shown this once and can't be had again: put it where it belongs now."),
        key::card(app, key)
    );
    (before, after)
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// The key is there, but nobody has its new secret.
fn lost(app: &App, failure: Failure, key: &ApiKey) -> Failure {
    let id = key.id.as_str();
    let mut states = key.versions.iter().map(|version| version.status);
    let hint = if key.class == Class::Admin {
        let revoke = app.next(["admin-key", "revoke", id]);
        format!("the key {id} is there, without anyone who has its secret: {revoke}")
    } else if states.any(|status| status == VersionStatus::Overlapping) {
        let cancel = app.next(["rotate", id, "--cancel"]);
        format!("the old secret of {id} is still good; take the new one back: {cancel}")
    } else {
        let rotate = app.next(["rotate", id, "--overlap", "0"]);
        let revoke = app.next(["revoke", id]);
        format!("the key {id} is there, without anyone who has its secret: {rotate}, or {revoke}")
    };
    failure.about(id).hint(hint)
}
