//! `keywright admin-key`

use super::{created, list, revoke};
use crate::app::App;
use crate::args::accounts::{AdminKey, AdminKeyCreate, AdminKeyList, AdminKeyRevoke};
use crate::args::keys::{Page, RevokeHow};
use crate::failure::{Outcome, Status};
use crate::output::key;
use crate::store::Access;
use keywright::ListOptions;

pub(crate) fn run(app: &App, args: AdminKey) -> Outcome {
    match args {
        AdminKey::Create(args) => create(app, &args),
        AdminKey::List(args) => show(app, args),
        AdminKey::Revoke(args) => kill(app, &args),
    }
}

fn create(app: &App, args: &AdminKeyCreate) -> Outcome {
    let AdminKeyCreate { name, expires_in } = args;
    app.with_store(Access::Add, async |keys| {
        let made = keys.admin_keys().create(name, *expires_in, None).await?;
        created::hand_over(app, &made, "created")?;
        Ok(Status::Done)
    })
}

fn show(app: &App, args: AdminKeyList) -> Outcome {
    let AdminKeyList {
        page: Page { limit, after },
        all,
    } = args;
    let mut again: Vec<String> = ["admin-key", "list"].map(str::to_owned).into();
    if let Some(limit) = limit {
        again.extend(["--limit".to_owned(), limit.to_string()]);
    }
    if all {
        again.push("--all".to_owned());
    }
    let options = ListOptions {
        include_revoked: all,
        after,
        limit,
        ..ListOptions::default()
    };
    app.with_store(Access::Read, async |keys| {
        let page = keys.admin_keys().list(options).await?;
        list::show(app, &page, &again, "no admin keys")
    })
}

fn kill(app: &App, args: &AdminKeyRevoke) -> Outcome {
    let AdminKeyRevoke {
        id,
        how: RevokeHow { reason, yes },
    } = args;
    app.with_store(Access::Change, async |keys| {
        let admin_keys = keys.admin_keys();
        if !yes {
            revoke::ask_about(app, &admin_keys.get(id).await?)?;
        }
        let revoked = admin_keys.revoke(id, reason.unwrap_or_default()).await?;
        key::show(app, &revoked)?;
        revoke::note_reason(app, &revoked, reason.unwrap_or_default());
        Ok(Status::Done)
    })
}
