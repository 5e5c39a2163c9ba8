//! `keywright export`

use crate::app::App;
use crate::args::data::Export;
use crate::failure::{Outcome, Status};
use crate::output::json;
use crate::output::progress::Progress;
use crate::output::text::count;
use crate::store::Access;

pub(crate) fn run(app: &App, args: &Export) -> Outcome {
    let Export {} = args;
    app.with_store(Access::Read, async |keys| {
        let mut export = keys.export_keys();
        let mut progress = Progress::new(&app.out, "line", true);
        let mut number = 0;
        loop {
            let lines = export.next_lines().await?;
            if lines.is_empty() || app.out.reader_gone() {
                break;
            }
            app.out.write(|out| {
                lines
                    .iter()
                    .try_for_each(|line| json::write_line(out, line))
            })?;
            number += lines.len() as u64;
            progress.at(number);
        }
        progress.finish();
        if !app.out.terminal && !app.out.reader_gone() {
            app.note(&format!("wrote {}", count(number, "line")));
        }
        Ok(Status::Done)
    })
}
