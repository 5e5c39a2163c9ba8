//! `keywright audit`

use crate::app::App;
use crate::args::audit::{Audit, Export, Filter, List};
use crate::failure::{Outcome, Status};
use crate::output::progress::Progress;
use crate::output::table::{Column, Table, Tone, cell, toned};
use crate::output::text::count;
use crate::output::{calendar, json, next};
use crate::store::Access;
use keywright::{AuditEvent, AuditOptions, BrokenLink, KeyManager, Page};
use serde::Serialize;

/// How many events are read at once.
const AT_ONCE: u32 = 1000;
/// The outcome of what was carried out.
const DONE: &str = "done";

pub(crate) fn run(app: &App, args: Audit) -> Outcome {
    match args {
        Audit::List(args) => list(app, args),
        Audit::Verify(_) => verify(app),
        Audit::Export(args) => export(app, args),
    }
}

fn options(filter: Filter, after: Option<u64>, limit: Option<u32>) -> AuditOptions {
    let Filter {
        object,
        project,
        types,
        actor,
        since,
    } = filter;
    AuditOptions {
        object_id: object,
        project,
        event_types: types,
        actor,
        since,
        after,
        limit,
    }
}

fn list(app: &App, args: List) -> Outcome {
    let List {
        filter,
        after,
        limit,
    } = args;
    let options = options(filter, after, limit);
    let again = again(&options);
    app.with_store(Access::Read, async |keys| {
        let page = keys.audit(options).await?;
        if app.json {
            json::page(app, &page)?;
            return Ok(Status::Done);
        }
        let Page { data, has_more } = page;
        let Some(last) = data.last() else {
            app.note("no events");
            return Ok(Status::Done);
        };
        app.out
            .print(&table(&data).render(app.out.width(), app.out.style))?;
        if has_more {
            let seq = last.seq.to_string();
            let words = again.iter().map(String::as_str).chain(["--after", &seq]);
            app.note(&format!("more: {}", app.next(words)));
        }
        Ok(Status::Done)
    })
}

/// The words of the same command, but for where it begins.
fn again(options: &AuditOptions) -> Vec<String> {
    let AuditOptions {
        object_id,
        project,
        event_types,
        actor,
        since,
        after: _,
        limit,
    } = options;
    let mut words: Vec<String> = ["audit", "list"].map(str::to_owned).into();
    let types = Some(event_types.join(",")).filter(|types| !types.is_empty());
    for (option, value) in [
        ("--object", object_id.clone()),
        ("--project", project.clone()),
        ("--type", types),
        ("--actor", actor.clone()),
        ("--since", since.map(|at| at.unix().to_string())),
        ("--limit", limit.map(|limit| limit.to_string())),
    ] {
        if let Some(value) = value {
            words.extend(next::option(option, &value));
        }
    }
    words
}

fn table(events: &[AuditEvent]) -> Table {
    // What was refused must not read as if it had happened. Where all was done, that is the least
    // worth saying.
    let outcome = if events.iter().all(|event| event.outcome == DONE) {
        Column::fixed("OUTCOME").optional(4)
    } else {
        Column::fixed("OUTCOME")
    };
    let mut table = Table::new(&[
        Column::fixed("SEQ"),
        Column::fixed("TIME (UTC)").optional(1),
        Column::fixed("EVENT"),
        Column::fixed("OBJECT"),
        outcome,
        Column::cut("ACTOR").optional(2),
        Column::cut("FIELDS").optional(3),
    ]);
    for event in events {
        let tone = if event.outcome == DONE {
            Tone::Plain
        } else {
            Tone::Bad
        };
        table.row([
            cell(&event.seq.to_string()),
            cell(calendar::exact(event.time).trim_end_matches(" UTC")),
            cell(&event.event_type),
            cell(&event.object_id),
            toned(&event.outcome, tone),
            cell(&event.actor),
            cell(&fields(event)),
        ]);
    }
    table
}

/// The names of the fields that it changed; nothing where the object came to be with all of them.
fn fields(event: &AuditEvent) -> String {
    if event.event_type.ends_with(".created") {
        return String::new();
    }
    let after: serde_json::Value = serde_json::from_str(&event.after).unwrap_or_default();
    let names = after
        .as_object()
        .into_iter()
        .flat_map(serde_json::Map::keys);
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What came of checking the chain.
#[derive(Serialize)]
struct Checked<'a> {
    object: &'static str,
    intact: bool,
    events: u64,
    broken: Option<&'a BrokenLink>,
}

fn verify(app: &App) -> Outcome {
    app.with_store(Access::Read, async |keys| {
        let broken = keys.verify_audit().await?;
        let number = last_seq(keys).await?;
        if app.json {
            let answer = Checked {
                object: "audit_verification",
                intact: broken.is_none(),
                events: number,
                broken: broken.as_ref(),
            };
            json::object(app, &answer)?;
        } else if let Some(link) = &broken {
            let head = app.out.style.red("broken");
            app.out
                .print(&format!("{head}: event {}: {}\n", link.seq, link.problem))?;
        } else {
            let head = app.out.style.green("chain intact");
            app.out
                .print(&format!("{}, {head}\n", count(number, "event")))?;
        }
        Ok(if broken.is_some() {
            Status::Negative
        } else {
            Status::Done
        })
    })
}

/// The place of the last event. Places have no gaps, so that it is found in a few looks.
async fn last_seq(keys: &KeyManager) -> Outcome<u64> {
    if !is_event_behind(keys, 0).await? {
        return Ok(0);
    }
    // There is an event behind `below`, and none behind `above`.
    let (mut below, mut above) = (0, 1);
    while is_event_behind(keys, above).await? {
        (below, above) = (above, above.saturating_mul(2));
    }
    while above - below > 1 {
        let middle = below + (above - below) / 2;
        if is_event_behind(keys, middle).await? {
            below = middle;
        } else {
            above = middle;
        }
    }
    Ok(above)
}

async fn is_event_behind(keys: &KeyManager, seq: u64) -> Outcome<bool> {
    let options = AuditOptions {
        after: Some(seq),
        limit: Some(1),
        ..AuditOptions::default()
    };
    Ok(!keys.audit(options).await?.data.is_empty())
}

fn export(app: &App, args: Export) -> Outcome {
    let Export { filter, after } = args;
    let mut options = options(filter, after, Some(AT_ONCE));
    app.with_store(Access::Read, async |keys| {
        let mut progress = Progress::new(&app.out, "event", true);
        let mut number = 0;
        loop {
            let page = keys.audit(options.clone()).await?;
            app.out.write(|out| {
                page.data
                    .iter()
                    .try_for_each(|event| json::write(out, event, false))
            })?;
            number += page.data.len() as u64;
            progress.at(number);
            if !page.has_more || app.out.reader_gone() {
                break;
            }
            options.after = page.data.last().map(|event| event.seq);
        }
        progress.finish();
        Ok(Status::Done)
    })
}
