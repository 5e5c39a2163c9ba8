//! A key as people see it: a card of its own, or a row among others.

use crate::app::App;
use crate::failure::Outcome;
use crate::output::card::Card;
use crate::output::json;
use crate::output::table::{Cell, Column, Table, Tone, cell, toned};
use crate::output::text::thousands;
use crate::output::time::{full, full_or_never, relative, relative_or_never, span};
use keywright::{ApiKey, KeyStatus, KeyVersion, Limit, OwnerKind, Timestamp, VersionStatus};
use std::fmt::Write as _;

/// Shows a key: as JSON, or as a card.
pub(crate) fn show(app: &App, key: &ApiKey) -> Outcome<()> {
    if app.json {
        json::object(app, key)
    } else {
        app.out.print(&card(app, key))
    }
}

/// The whole of a key.
pub(crate) fn card(app: &App, key: &ApiKey) -> String {
    let (now, style) = (app.now(), app.out.style);
    let mut card = Card::default();
    card.line("Id", &key.id);
    card.line("Name", &key.name);
    card.toned("Status", &status_in_full(key, now), tone(key.status));
    card.line("Class", key.class.as_str());
    card.line("Secret", &key.redacted_value);
    card.line("Owner", &owner(key));
    card.line("Project", &key.project_id);
    card.line("Scopes", &scopes(key));
    if let Some(networks) = &key.allowed_ips {
        card.line("From", &networks.join(", "));
    }
    card.lines("Limits", key.limits.iter().map(limit));
    card.lines(
        "Metadata",
        key.metadata
            .iter()
            .map(|(name, value)| format!("{name}={value}")),
    );
    card.line("Created", &full(key.created_at, now));
    card.line("Expires", &full_or_never(key.expires_at, now));
    card.line("Last used", &full_or_never(key.last_used_at, now));
    let mut out = card.render(style);
    if key.versions.len() > 1 {
        out.push('\n');
        out.push_str(&versions(key, now).render(app.out.width(), style));
    }
    out
}

fn status_in_full(key: &ApiKey, now: Timestamp) -> String {
    let word = key.status.as_str();
    match (key.revoked_at, key.revocation_reason) {
        (Some(at), Some(reason)) => format!("{word} {} ({})", full(at, now), reason.as_str()),
        _ => word.to_owned(),
    }
}

/// Who it belongs to, and which sort of owner that is where the id doesn't say it.
fn owner(key: &ApiKey) -> String {
    match key.owner.kind {
        OwnerKind::User => format!("{} (user)", key.owner.id),
        OwnerKind::ServiceAccount => format!("{} (service account)", key.owner.id),
        OwnerKind::External => key.owner.id.clone(),
    }
}

fn scopes(key: &ApiKey) -> String {
    match &key.scopes {
        None => "everything".to_owned(),
        Some(list) if list.is_empty() => "nothing".to_owned(),
        Some(list) => list.join(", "),
    }
}

fn limit(limit: &Limit) -> String {
    let Limit {
        name,
        unit,
        capacity,
        window_seconds,
        refill_amount,
        refill_seconds,
        remaining,
    } = limit;
    let mut text = format!("{} {unit}", thousands(*capacity));
    if let Some(seconds) = window_seconds {
        let _ = write!(text, " in any {}", span(u64::from(*seconds)));
    }
    if let (Some(amount), Some(seconds)) = (refill_amount, refill_seconds) {
        let _ = write!(
            text,
            ", {} back every {}",
            thousands(*amount),
            span(u64::from(*seconds))
        );
    }
    if let Some(remaining) = remaining {
        let _ = write!(text, ", {} left", thousands(*remaining));
    }
    if name != unit && name != "rate_limit" {
        let _ = write!(text, " ({name})");
    }
    text
}

fn versions(key: &ApiKey, now: Timestamp) -> Table {
    let mut table = Table::new(&[
        Column::fixed("VERSION"),
        Column::fixed("STATUS"),
        Column::fixed("SECRET").optional(2),
        Column::fixed("CREATED").optional(1),
        Column::fixed("LAST USED"),
        Column::fixed("ENDS"),
    ]);
    for version in &key.versions {
        let KeyVersion {
            id: _,
            number,
            status,
            redacted_value,
            created_at,
            ends_at,
            last_used_at,
        } = version;
        let tone = match status {
            VersionStatus::Current => Tone::Good,
            VersionStatus::Overlapping => Tone::Careful,
            VersionStatus::Ended => Tone::Faint,
        };
        table.row([
            cell(&number.to_string()),
            toned(status.as_str(), tone),
            cell(redacted_value),
            cell(&relative(*created_at, now)),
            cell(&relative_or_never(*last_used_at, now)),
            cell(&ends_at.map_or_else(String::new, |at| relative(at, now))),
        ]);
    }
    table
}

/// A status in its colour.
pub(crate) fn status(status: KeyStatus) -> Cell {
    toned(status.as_str(), tone(status))
}

fn tone(status: KeyStatus) -> Tone {
    match status {
        KeyStatus::Active => Tone::Good,
        KeyStatus::Disabled => Tone::Careful,
        KeyStatus::Expired | KeyStatus::Revoked => Tone::Bad,
    }
}

/// Keys under each other.
pub(crate) fn table(keys: &[ApiKey], now: Timestamp) -> Table {
    let mut table = Table::new(&[
        Column::fixed("ID"),
        Column::cut("NAME"),
        Column::fixed("STATUS"),
        Column::cut("OWNER").optional(3),
        Column::fixed("CREATED").optional(4),
        Column::fixed("LAST USED").optional(1),
        Column::fixed("EXPIRES").optional(2),
        Column::fixed("SECRET").optional(5),
    ]);
    for key in keys {
        table.row([
            cell(&key.id),
            cell(&key.name),
            status(key.status),
            cell(&key.owner.id),
            cell(&relative(key.created_at, now)),
            cell(&relative_or_never(key.last_used_at, now)),
            cell(&relative_or_never(key.expires_at, now)),
            cell(&key.redacted_value),
        ]);
    }
    table
}
