//! `keywright backup`, `keywright restore` and `keywright upgrade`

use crate::app::App;
use crate::args::data::{Backup, Restore, Upgrade};
use crate::failure::{Failure, Outcome, Status, reason};
use crate::input::{confirm, passphrase};
use crate::output::text::{count, safe};
use crate::output::{calendar, json};
use crate::store::Access;
use keywright::{
    BackupReport, Error, ErrorCode, KeyManager, RestoreOptions, RestoreReport, Timestamp,
    UpgradeReport,
};
use serde::Serialize;
use std::fs::File;

/// Before anything is asked for.
fn refuse_postgres(app: &App) -> Outcome<()> {
    if !app.is_postgres() {
        return Ok(());
    }
    let message = "backup, restore and upgrade are for SQLite stores";
    Err(Failure::from(Error::new(ErrorCode::Unsupported, message)).hint(
        "save a PostgreSQL store with pg_dump and put it back with pg_restore; keep the pepper, too",
    ))
}

pub(crate) fn backup(app: &App, args: &Backup) -> Outcome {
    refuse_postgres(app)?;
    app.with_store(Access::Read, async |keys| {
        let passphrase = passphrase::of_new_backup()?;
        let report = keys.backup(passphrase.as_str().into(), &args.file).await?;
        tell_of_backup(app, args, &report)?;
        Ok(Status::Done)
    })
}

#[derive(Serialize)]
struct BackupTold<'a> {
    object: &'static str,
    file: String,
    store_id: &'a str,
    created_at: Timestamp,
    keys: u64,
    events: u64,
    bytes: u64,
}

fn tell_of_backup(app: &App, args: &Backup, report: &BackupReport) -> Outcome<()> {
    let BackupReport {
        store_id,
        schema: _,
        created_at,
        keys,
        versions: _,
        events,
        log_entries: _,
        bytes,
    } = report;
    let file = args.file.display().to_string();
    if app.json {
        let told = BackupTold {
            object: "backup",
            file,
            store_id,
            created_at: *created_at,
            keys: *keys,
            events: *events,
            bytes: *bytes,
        };
        return json::object(app, &told);
    }
    app.out.print(&format!(
        "saved {}, {}, the pepper and the revocation log in {}\n",
        count(*keys, "key"),
        count(*events, "event"),
        safe(&file)
    ))?;
    app.note(
        "keep the passphrase elsewhere: without it nobody can open the backup, with it everybody",
    );
    Ok(())
}

pub(crate) fn restore(app: &App, args: &Restore) -> Outcome {
    let Restore { file, yes } = args;
    refuse_postgres(app)?;
    File::open(file).map_err(|error| {
        Failure::usage(format!(
            "{} can't be opened: {}",
            file.display(),
            reason(&error)
        ))
        .hint("name the file that `backup` wrote")
    })?;
    let store = app.store_name();
    let there = app.store_file().is_some_and(|file| file.exists());
    if there && !yes {
        let what = format!("replace the store {store} by the backup");
        confirm::ask(app, &what, "")?;
    }
    let passphrase = passphrase::of_backup()?;
    let options = RestoreOptions {
        overwrite: there,
        actor: Some(crate::store::who_acts()),
        ..RestoreOptions::default()
    };
    let passphrase = passphrase.as_str().into();
    let report = KeyManager::restore(file, passphrase, app.store.as_deref(), options)?;
    tell_of_restore(app, &store, &report)?;
    app.warn_of_pepper();
    Ok(Status::Done)
}

#[derive(Serialize)]
struct RestoreTold<'a> {
    object: &'static str,
    store: &'a str,
    store_id: &'a str,
    created_at: Timestamp,
    keys: u64,
    events: u64,
    revoked: u64,
    disabled: u64,
    ended: u64,
}

fn tell_of_restore(app: &App, store: &str, report: &RestoreReport) -> Outcome<()> {
    let RestoreReport {
        store_id,
        created_at,
        keys,
        versions: _,
        events,
        log_entries: _,
        revoked,
        disabled,
        ended,
    } = report;
    if app.json {
        let told = RestoreTold {
            object: "restore",
            store,
            store_id,
            created_at: *created_at,
            keys: *keys,
            events: *events,
            revoked: *revoked,
            disabled: *disabled,
            ended: *ended,
        };
        return json::object(app, &told);
    }
    app.out.print(&format!(
        "restored {} to {} as of {}\n",
        count(*keys, "key"),
        safe(store),
        calendar::exact(*created_at)
    ))?;
    for (number, what, one) in [
        (*revoked, "revoked since the backup, and so again", "key"),
        (
            *disabled,
            "disabled or narrowed since the backup, and disabled now; look before you enable",
            "key",
        ),
        (
            *ended,
            "rotated away since the backup, and ended now; rotate for a new one",
            "secret",
        ),
    ] {
        if number > 0 {
            app.note(&format!("{what}: {}", count(number, one)));
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct UpgradeTold {
    object: &'static str,
    from: u32,
    to: u32,
    changed: bool,
}

pub(crate) fn upgrade(app: &App, args: &Upgrade) -> Outcome {
    let Upgrade {} = args;
    refuse_postgres(app)?;
    let UpgradeReport { from, to, changed } = KeyManager::upgrade(app.store.as_deref())?;
    if app.json {
        let told = UpgradeTold {
            object: "upgrade",
            from,
            to,
            changed,
        };
        json::object(app, &told)?;
    } else if changed {
        app.out
            .print(&format!("took the store from schema {from} to {to}\n"))?;
    } else {
        app.out.print(&format!(
            "the store has schema {to} already; there was nothing to do\n"
        ))?;
    }
    Ok(Status::Done)
}
