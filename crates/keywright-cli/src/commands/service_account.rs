//! `keywright service-account`

use super::revoke::tell_of_deletion;
use crate::app::App;
use crate::args::accounts::{
    ServiceAccount as Args, ServiceAccountCreate, ServiceAccountDelete, ServiceAccountList,
};
use crate::failure::{Outcome, Status};
use crate::input::confirm;
use crate::output::card::Card;
use crate::output::table::{Column, Table, cell};
use crate::output::{json, time};
use crate::store::Access;
use keywright::ServiceAccount;

pub(crate) fn run(app: &App, args: Args) -> Outcome {
    match args {
        Args::Create(args) => create(app, &args),
        Args::List(args) => list(app, &args),
        Args::Delete(args) => delete(app, &args),
    }
}

fn create(app: &App, args: &ServiceAccountCreate) -> Outcome {
    let ServiceAccountCreate { name, project } = args;
    app.with_store(Access::Add, async |keys| {
        show(
            app,
            &keys
                .service_accounts()
                .create(name, project.as_deref())
                .await?,
        )?;
        Ok(Status::Done)
    })
}

fn list(app: &App, args: &ServiceAccountList) -> Outcome {
    app.with_store(Access::Read, async |keys| {
        let accounts = keys
            .service_accounts()
            .list(args.project.as_deref())
            .await?;
        if app.json {
            json::list(app, &accounts)?;
        } else {
            app.out
                .print(&table(app, &accounts).render(app.out.width(), app.out.style))?;
        }
        Ok(Status::Done)
    })
}

fn delete(app: &App, args: &ServiceAccountDelete) -> Outcome {
    let ServiceAccountDelete { id, yes } = args;
    app.with_store(Access::Change, async |keys| {
        let accounts = keys.service_accounts();
        if !yes {
            // One that isn't there any more, or never was, is not asked about: the store answers.
            if let Some(found) = accounts.list(None).await?.iter().find(|it| it.id == *id) {
                let what = format!(
                    "delete the service account {} and revoke its keys",
                    found.name
                );
                confirm::ask(app, &what, "")?;
            }
        }
        let revoked = accounts.delete(id).await?;
        tell_of_deletion(app, "service_account.deleted", id, revoked)?;
        Ok(Status::Done)
    })
}

fn show(app: &App, account: &ServiceAccount) -> Outcome<()> {
    if app.json {
        return json::object(app, account);
    }
    let mut card = Card::default();
    card.line("Id", &account.id);
    card.line("Name", &account.name);
    card.line("Project", &account.project_id);
    card.line("Created", &time::full(account.created_at, app.now()));
    app.out.print(&card.render(app.out.style))
}

fn table(app: &App, accounts: &[ServiceAccount]) -> Table {
    let now = app.now();
    let mut table = Table::new(&[
        Column::fixed("ID"),
        Column::cut("NAME"),
        Column::fixed("PROJECT").optional(2),
        Column::fixed("CREATED").optional(1),
    ]);
    for account in accounts {
        table.row([
            cell(&account.id),
            cell(&account.name),
            cell(&account.project_id),
            cell(&time::relative(account.created_at, now)),
        ]);
    }
    table
}
