//! `keywright list`

use crate::app::App;
use crate::args::keys::{List, Page};
use crate::failure::{Outcome, Status};
use crate::output::{json, key, next};
use crate::store::Access;
use keywright::{ApiKey, KeyStatus, ListOptions};

pub(crate) fn run(app: &App, args: List) -> Outcome {
    let List {
        project,
        owner,
        status,
        search,
        page: Page { limit, after },
        all,
    } = args;
    let mut again = vec!["list".to_owned()];
    let mut repeat = |option: &str, value: Option<&str>| {
        if let Some(value) = value {
            again.extend(next::option(option, value));
        }
    };
    repeat("--project", project.as_deref());
    repeat("--owner", owner.as_deref());
    repeat("--status", status.map(KeyStatus::as_str));
    repeat("--search", search.as_deref());
    repeat("--limit", limit.map(|limit| limit.to_string()).as_deref());
    if all {
        again.push("--all".to_owned());
    }
    let options = ListOptions {
        project,
        owner,
        status,
        search,
        include_revoked: all || status == Some(KeyStatus::Revoked),
        after,
        limit,
    };
    app.with_store(Access::Read, async |keys| {
        let page = keys.list(options).await?;
        show(
            app,
            &page,
            &again,
            if all {
                "no keys"
            } else {
                "no keys (revoked ones are shown with --all)"
            },
        )
    })
}

/// Shows a page of keys, and under a table the command for the next page.
pub(crate) fn show(
    app: &App,
    page: &keywright::Page<ApiKey>,
    again: &[String],
    none: &str,
) -> Outcome {
    if app.json {
        json::page(app, page)?;
        return Ok(Status::Done);
    }
    let Some(last) = page.data.last() else {
        app.note(none);
        return Ok(Status::Done);
    };
    let table = key::table(&page.data, app.now());
    app.out
        .print(&table.render(app.out.width(), app.out.style))?;
    if page.has_more {
        let words = again
            .iter()
            .map(String::as_str)
            .chain(["--after", &last.id]);
        app.note(&format!("more: {}", app.next(words)));
    }
    Ok(Status::Done)
}
