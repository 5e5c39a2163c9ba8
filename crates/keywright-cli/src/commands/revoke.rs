//! `keywright revoke`

use crate::app::App;
use crate::args::keys::{Revoke, RevokeHow};
use crate::failure::{Failure, Outcome, Status};
use crate::input::confirm;
use crate::output::card::Card;
use crate::output::text::{count, safe, thousands};
use crate::output::{json, key, time};
use crate::store::Access;
use keywright::{ApiKey, Error, ErrorCode, KeyManager, KeyStatus, ListOptions, RevocationReason};
use serde::Serialize;

/// What came of revoking all keys of an owner.
#[derive(Serialize)]
struct Revocation<'a> {
    object: &'static str,
    owner: &'a str,
    revoked: u64,
}

/// What came of deleting an account.
#[derive(Serialize)]
struct Deletion<'a> {
    object: &'static str,
    id: &'a str,
    deleted: bool,
    revoked_keys: u64,
}

pub(crate) fn run(app: &App, args: Revoke) -> Outcome {
    let Revoke { id, owner, how } = args;
    app.with_store(Access::Change, async |keys| match (&id, &owner) {
        (Some(id), _) => one(app, keys, id, &how).await,
        (None, Some(owner)) => all_of(app, keys, owner, &how).await,
        (None, None) => Err(Failure::usage("say which key, or --owner")),
    })
}

async fn one(app: &App, keys: &KeyManager, id: &str, how: &RevokeHow) -> Outcome {
    let RevokeHow { reason, yes } = how;
    if !yes {
        let key = keys.get(id).await;
        ask_about(app, &or_admin_key(app, keys, id, key).await?)?;
    }
    let revoked = keys.revoke(id, reason.unwrap_or_default()).await;
    let revoked = or_admin_key(app, keys, id, revoked).await?;
    key::show(app, &revoked)?;
    note_reason(app, &revoked, reason.unwrap_or_default());
    Ok(Status::Done)
}

/// What was found, or whether that is an admin key: `identify` gives the ids of those, too.
async fn or_admin_key(
    app: &App,
    keys: &KeyManager,
    id: &str,
    found: Result<ApiKey, Error>,
) -> Outcome<ApiKey> {
    match found {
        Err(error) if error.code == ErrorCode::NotFound => {
            let failure = Failure::from(error);
            Err(if keys.admin_keys().get(id).await.is_ok() {
                let command = app.next(["admin-key", "revoke", id]);
                failure.hint(format!("that is an admin key: {command}"))
            } else {
                failure
            })
        }
        found => Ok(found?),
    }
}

/// Asks before a key is revoked. One that is revoked already can't be revoked more, so that there
/// is nothing to ask.
pub(crate) fn ask_about(app: &App, key: &ApiKey) -> Outcome<()> {
    if key.status == KeyStatus::Revoked {
        return Ok(());
    }
    let mut facts = Card::default();
    facts.line("Key", &key.id);
    facts.line("Name", &key.name);
    facts.line("Owner", &key.owner.id);
    facts.line(
        "Last used",
        &time::full_or_never(key.last_used_at, app.now()),
    );
    confirm::ask(app, "revoke this key", &facts.render(app.out.notes_style))
}

/// The first reason stays: say so where another one was given.
pub(crate) fn note_reason(app: &App, key: &ApiKey, wanted: RevocationReason) {
    if let Some(reason) = key.revocation_reason
        && reason != wanted
    {
        app.note(&format!(
            "it was revoked before; its reason stays {}",
            reason.as_str()
        ));
    }
}

async fn all_of(app: &App, keys: &KeyManager, owner: &str, how: &RevokeHow) -> Outcome {
    let RevokeHow { reason, yes } = how;
    if !is_known(keys, owner).await? {
        // Whoever kills the keys of a mistyped owner must not go away content.
        return Err(
            Error::new(ErrorCode::NotFound, "no key here has ever had that owner")
                .hint(format!(
                    "look for a slip: {} shows the owners",
                    app.next(["list", "--all"])
                ))
                .into(),
        );
    }
    if !yes {
        let number = living_of(keys, owner).await?;
        if number > 0 {
            confirm::ask(
                app,
                &format!("revoke {} of {owner}", count(number, "key")),
                "",
            )?;
        }
    }
    let number = keys.revoke_all(owner, reason.unwrap_or_default()).await?;
    if app.json {
        let revoked = Revocation {
            object: "revocation",
            owner,
            revoked: number,
        };
        json::object(app, &revoked)?;
    } else {
        app.out
            .print(&format!("revoked {}\n", count(number, "key")))?;
    }
    Ok(Status::Done)
}

/// Whether an owner has ever had a key, or is an account that could have one.
async fn is_known(keys: &KeyManager, owner: &str) -> Outcome<bool> {
    let any = ListOptions {
        owner: Some(owner.to_owned()),
        include_revoked: true,
        limit: Some(1),
        ..ListOptions::default()
    };
    if !keys.list(any).await?.data.is_empty() {
        return Ok(true);
    }
    let users = keys.users().list().await?;
    let accounts = keys.service_accounts().list(None).await?;
    let ids = users.iter().map(|user| &user.id);
    Ok(ids
        .chain(accounts.iter().map(|account| &account.id))
        .any(|id| id == owner))
}

/// How many keys of an owner aren't revoked yet.
async fn living_of(keys: &KeyManager, owner: &str) -> Outcome<u64> {
    let mut number = 0;
    let mut after = None;
    loop {
        let options = ListOptions {
            owner: Some(owner.to_owned()),
            after,
            limit: Some(1000),
            ..ListOptions::default()
        };
        let page = keys.list(options).await?;
        number += page.data.len() as u64;
        after = page.data.last().map(|key| key.id.clone());
        if !page.has_more {
            return Ok(number);
        }
    }
}

/// Tells that an account was deleted (`object` is `user.deleted`), and how many keys were revoked
/// with it.
pub(crate) fn tell_of_deletion(
    app: &App,
    object: &'static str,
    id: &str,
    revoked: u64,
) -> Outcome<()> {
    if app.json {
        let gone = Deletion {
            object,
            id,
            deleted: true,
            revoked_keys: revoked,
        };
        return json::object(app, &gone);
    }
    let with_it = match revoked {
        0 => "it had no keys to revoke".to_owned(),
        1 => "1 key was revoked with it".to_owned(),
        many => format!("{} keys were revoked with it", thousands(many)),
    };
    app.out.print(&format!("deleted {}; {with_it}\n", safe(id)))
}
