//! `keywright quickstart`: the whole story once, with the commands to go on with.

use super::verify;
use crate::app::App;
use crate::args::tools::Quickstart;
use crate::failure::Outcome;
use crate::output::text::safe;
use crate::output::{json, key};
use crate::store::Access;
use keywright::{ApiKey, CreateOptions, Created, KeyManager, ListOptions, VerifyOptions};
use serde::Serialize;
use std::fmt::Write as _;

/// What happened, for programs.
#[derive(Serialize)]
struct Told<'a> {
    object: &'static str,
    store: String,
    key: &'a ApiKey,
    value: &'a str,
    code: &'static str,
    next: Vec<String>,
}

pub(crate) fn run(app: &App, args: &Quickstart) -> Outcome {
    app.with_store(Access::Add, async |keys| {
        let created = keys.create(&args.name, CreateOptions::default()).await?;
        let answer = keys
            .verify(created.secret.reveal(), &VerifyOptions::default())
            .await?;
        keys.flush().await?;
        if app.json {
            let told = Told {
                object: "quickstart",
                store: app.store_name(),
                key: &created.key,
                value: created.secret.reveal(),
                code: answer.code().as_str(),
                next: next(app, &created.key)
                    .into_iter()
                    .map(|(_, command)| command)
                    .collect(),
            };
            app.out
                .write_with_secret(|out| json::write(out, &told, app.out.terminal))?;
        } else {
            tell(app, &created)?;
            app.out.print(&format!(
                "Verified it: {}\n",
                verify::headline(app, answer.code())
            ))?;
            list(app, keys).await?;
            go_on(app, &created.key)?;
        }
        Ok(verify::status(answer.code()))
    })
}

fn tell(app: &App, created: &Created) -> Outcome<()> {
    let Created { key, secret } = created;
    let before = format!(
        "Issued \"{}\" in {}. Its secret:\n\n",
        safe(&key.name),
        safe(&app.store_name())
    );
    let after = format!(
        "\n\n{}\n\n",
        app.out
            .style
            .yellow("It is shown this once and can't be had again: put it where it belongs now.")
    );
    app.out.write_secret(&before, secret, &after)
}

async fn list(app: &App, keys: &KeyManager) -> Outcome<()> {
    let page = keys
        .list(ListOptions {
            limit: Some(5),
            ..ListOptions::default()
        })
        .await?;
    let table = key::table(&page.data, app.now());
    app.out.print(&format!(
        "The keys of this store:\n\n{}\n",
        table.render(app.out.width(), app.out.style)
    ))
}

/// What to do next, and the command for it, to be pasted into this very shell. None of them has a
/// secret in it or asks for anything; what can't be undone comes last.
fn next(app: &App, key: &ApiKey) -> Vec<(&'static str, String)> {
    let create = app.next([
        "create",
        "web",
        "--scopes",
        "invoices.read",
        "--expires-in",
        "90d",
    ]);
    vec![
        (
            "Issue a key and check its secret:",
            format!(
                "{create} | {}",
                app.next(["verify", "--scopes", "invoices.read"])
            ),
        ),
        (
            "Give this key a new secret; the old one stays good for an hour:",
            app.next(["rotate", &key.id, "--overlap", "1h"]),
        ),
        ("Look at it:", app.next(["get", &key.id])),
        (
            "See all keys and what happened to them:",
            format!(
                "{} && {}",
                app.next(["list", "--all"]),
                app.next(["audit", "list"])
            ),
        ),
        (
            "Once you no longer need it, kill it for good:",
            app.next(["revoke", &key.id, "--yes"]),
        ),
    ]
}

fn go_on(app: &App, key: &ApiKey) -> Outcome<()> {
    let style = app.out.style;
    let mut text = String::from("Go on with any of these; each can be pasted as it is:\n\n");
    for (what, command) in next(app, key) {
        let _ = write!(text, "{}\n  {command}\n", style.dim(what));
    }
    let _ = write!(
        text,
        "\nTo check the secret above, run {} and paste it at the prompt.\n",
        style.bold(&app.next(["verify"]))
    );
    app.out.print(&text)
}
