//! `keywright usage`

use crate::app::App;
use crate::args::keys::Usage;
use crate::failure::{Outcome, Status};
use crate::output::table::{Column, Table, Tone, cell, toned};
use crate::output::text::{count, thousands};
use crate::output::{calendar, json};
use crate::store::Access;
use keywright::DailyUse;

/// So many days where nothing is said.
const DAYS: u32 = 30;

pub(crate) fn run(app: &App, args: &Usage) -> Outcome {
    let Usage { id, days } = args;
    app.with_store(Access::Read, async |keys| {
        let uses = keys.usage(id, days.unwrap_or(DAYS)).await?;
        if app.json {
            json::list(app, &uses)?;
        } else {
            show(app, &uses)?;
        }
        Ok(Status::Done)
    })
}

/// A line for each day, and the sum beside the output.
fn show(app: &App, uses: &[DailyUse]) -> Outcome<()> {
    let mut table = Table::new(&[Column::fixed("DAY"), Column::fixed("USES")]);
    for DailyUse { day, count } in uses {
        let midnight = calendar::exact(*day);
        let date = midnight.split(' ').next().unwrap_or_default();
        let tone = match count {
            0 => Tone::Faint,
            _ => Tone::Plain,
        };
        table.row([cell(date), toned(&thousands(*count), tone)]);
    }
    app.out
        .print(&table.render(app.out.width(), app.out.style))?;
    let sum = uses
        .iter()
        .fold(0_u64, |sum, day| sum.saturating_add(day.count));
    let days = u64::try_from(uses.len()).unwrap_or(u64::MAX);
    app.note(&format!("{} in {}", count(sum, "use"), count(days, "day")));
    Ok(())
}
