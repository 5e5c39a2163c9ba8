//! `keywright user`

use super::revoke::tell_of_deletion;
use crate::app::App;
use crate::args::accounts::{User as Args, UserCreate, UserDelete};
use crate::failure::{Outcome, Status};
use crate::input::confirm;
use crate::output::card::Card;
use crate::output::table::{Column, Table, cell};
use crate::output::{json, time};
use crate::store::Access;
use keywright::User;

pub(crate) fn run(app: &App, args: Args) -> Outcome {
    match args {
        Args::Create(args) => create(app, &args),
        Args::List(_) => list(app),
        Args::Delete(args) => delete(app, &args),
    }
}

fn create(app: &App, args: &UserCreate) -> Outcome {
    app.with_store(Access::Add, async |keys| {
        show(app, &keys.users().create(&args.name).await?)?;
        Ok(Status::Done)
    })
}

fn list(app: &App) -> Outcome {
    app.with_store(Access::Read, async |keys| {
        let users = keys.users().list().await?;
        if app.json {
            json::list(app, &users)?;
        } else if users.is_empty() {
            app.note("no users");
        } else {
            app.out
                .print(&table(app, &users).render(app.out.width(), app.out.style))?;
        }
        Ok(Status::Done)
    })
}

fn delete(app: &App, args: &UserDelete) -> Outcome {
    let UserDelete { id, yes } = args;
    app.with_store(Access::Change, async |keys| {
        let users = keys.users();
        if !yes {
            // One that isn't there any more, or never was, is not asked about: the store answers.
            if let Some(found) = users.list().await?.iter().find(|it| it.id == *id) {
                confirm::ask(
                    app,
                    &format!("delete the user {} and revoke their keys", found.name),
                    "",
                )?;
            }
        }
        let revoked = users.delete(id).await?;
        tell_of_deletion(app, "user.deleted", id, revoked)?;
        Ok(Status::Done)
    })
}

fn show(app: &App, user: &User) -> Outcome<()> {
    if app.json {
        return json::object(app, user);
    }
    let mut card = Card::default();
    card.line("Id", &user.id);
    card.line("Name", &user.name);
    card.line("Created", &time::full(user.created_at, app.now()));
    app.out.print(&card.render(app.out.style))
}

fn table(app: &App, users: &[User]) -> Table {
    let now = app.now();
    let mut table = Table::new(&[
        Column::fixed("ID"),
        Column::cut("NAME"),
        Column::fixed("CREATED").optional(1),
    ]);
    for user in users {
        table.row([
            cell(&user.id),
            cell(&user.name),
            cell(&time::relative(user.created_at, now)),
        ]);
    }
    table
}
