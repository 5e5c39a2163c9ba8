//! `keywright project`

use crate::app::App;
use crate::args::accounts::{Project as Args, ProjectArchive, ProjectCreate, ProjectList};
use crate::failure::{Outcome, Status};
use crate::input::confirm;
use crate::output::card::Card;
use crate::output::table::{Column, Table, Tone, cell, toned};
use crate::output::{json, time};
use crate::store::Access;
use keywright::{ErrorCode, Project, ProjectOptions, Projects};

pub(crate) fn run(app: &App, args: Args) -> Outcome {
    match args {
        Args::Create(args) => create(app, args),
        Args::List(args) => list(app, &args),
        Args::Archive(args) => archive(app, &args),
    }
}

fn create(app: &App, args: ProjectCreate) -> Outcome {
    let ProjectCreate {
        name,
        default_lifetime,
        max_lifetime,
    } = args;
    let options = ProjectOptions {
        default_lifetime,
        max_lifetime,
    };
    app.with_store(Access::Add, async |keys| {
        show(app, &keys.projects().create(&name, options).await?)?;
        Ok(Status::Done)
    })
}

fn list(app: &App, args: &ProjectList) -> Outcome {
    app.with_store(Access::Read, async |keys| {
        let projects = keys.projects().list(args.all).await?;
        if app.json {
            json::list(app, &projects)?;
        } else {
            app.out
                .print(&table(app, &projects).render(app.out.width(), app.out.style))?;
        }
        Ok(Status::Done)
    })
}

fn archive(app: &App, args: &ProjectArchive) -> Outcome {
    let ProjectArchive { project, yes } = args;
    app.with_store(Access::Change, async |keys| {
        let projects = keys.projects();
        let gone = archived(&projects, project).await?;
        let project = gone.as_ref().map_or(project, |gone| &gone.id);
        if !yes {
            let found = projects.get(project).await?;
            if found.archived_at.is_none() {
                let what = format!("archive the project {} and revoke all its keys", found.name);
                confirm::ask(app, &what, "")?;
            }
        }
        show(app, &projects.archive(project).await?)?;
        Ok(Status::Done)
    })
}

/// The last project that was archived under that name, where nothing else is called so: its name is
/// free again, but archiving twice changes nothing.
async fn archived(projects: &Projects, named: &str) -> Outcome<Option<Project>> {
    match projects.get(named).await {
        Err(error) if error.code == ErrorCode::NotFound => {
            let all = projects.list(true).await?;
            Ok(all.into_iter().rfind(|project| project.name == named))
        }
        _ => Ok(None),
    }
}

fn lifetime(seconds: Option<u64>) -> String {
    seconds.map_or_else(|| "for ever".to_owned(), time::span)
}

/// How long its keys are good: where nothing is said, and at most.
fn lifetimes(project: &Project) -> String {
    let usual = lifetime(
        project
            .default_lifetime_seconds
            .or(project.max_lifetime_seconds),
    );
    match project.max_lifetime_seconds {
        None => usual,
        Some(most) => format!("{usual}, and {} at most", time::span(most)),
    }
}

fn tone(project: &Project) -> Tone {
    if project.archived_at.is_some() {
        Tone::Faint
    } else {
        Tone::Good
    }
}

fn show(app: &App, project: &Project) -> Outcome<()> {
    if app.json {
        return json::object(app, project);
    }
    let now = app.now();
    let mut card = Card::default();
    card.line("Id", &project.id);
    card.line("Name", &project.name);
    card.toned("Status", &project.status, tone(project));
    card.line(
        "Account",
        &format!(
            "{} (owns keys that are given no owner)",
            project.default_service_account_id
        ),
    );
    card.line("Lifetime", &lifetimes(project));
    card.line("Created", &time::full(project.created_at, now));
    if let Some(at) = project.archived_at {
        card.line("Archived", &time::full(at, now));
    }
    app.out.print(&card.render(app.out.style))
}

fn table(app: &App, projects: &[Project]) -> Table {
    let now = app.now();
    let mut table = Table::new(&[
        Column::fixed("ID"),
        Column::cut("NAME"),
        Column::fixed("STATUS"),
        Column::fixed("LIFETIME").optional(1),
        Column::fixed("AT MOST").optional(2),
        Column::fixed("CREATED").optional(3),
    ]);
    for project in projects {
        table.row([
            cell(&project.id),
            cell(&project.name),
            toned(&project.status, tone(project)),
            cell(&lifetime(project.default_lifetime_seconds)),
            cell(&lifetime(project.max_lifetime_seconds)),
            cell(&time::relative(project.created_at, now)),
        ]);
    }
    table
}
