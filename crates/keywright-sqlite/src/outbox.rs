//! What the revocation log has still to take. A narrowing change puts its entry here in its own
//! transaction; once the log has it on disk, it is taken out again. So a crash between the two
//! loses nothing.

use crate::base::Base;
use crate::codec::{Columns, integer};
use crate::error::{OrError, tampered};
use crate::session::{Narrowed, Session};
use keywright_core::Result;
use keywright_core::canonical::Canonical;
use keywright_core::pepper::{Tag, TagUse};
use keywright_core::revocation::{Entry, Narrowing};
use rusqlite::{Connection, params};

/// Puts an entry in; gives its line.
pub(crate) fn add(session: &Session<'_>, entry: &Entry) -> Result<i64> {
    let form = covered(&session.base.store_id, entry);
    let seal = session.base.peppers.tag(TagUse::Seal, &[form.as_bytes()]);
    session.run(
        "INSERT INTO outbox (id, row_version, kind, seal) VALUES (?1, ?2, ?3, ?4)",
        params![
            entry.id,
            integer(entry.row_version),
            entry.kind.number(),
            seal.to_bytes()
        ],
    )?;
    Ok(session.connection.last_insert_rowid())
}

/// Everything in the outbox, oldest first.
pub(crate) fn read(connection: &Connection, base: &Base) -> Result<Vec<Narrowed>> {
    let forged = || tampered("outbox of", &base.store_id);
    let lines = lines(connection, base)?.into_iter();
    lines.map(|line| line.ok_or_else(forged)).collect()
}

/// What in the outbox wasn't forged, oldest first.
#[cfg(feature = "backup")]
pub(crate) fn sound(connection: &Connection, base: &Base) -> Result<Vec<Narrowed>> {
    Ok(lines(connection, base)?.into_iter().flatten().collect())
}

/// Each line; `None` for one that was forged.
fn lines(connection: &Connection, base: &Base) -> Result<Vec<Option<Narrowed>>> {
    let mut statement = connection
        .prepare_cached("SELECT n, id, row_version, kind, seal FROM outbox ORDER BY n")
        .or_error()?;
    let mut rows = statement.query([]).or_error()?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().or_error()? {
        let line = take(&mut Columns::of(row)).filter(|(it, seal)| {
            let form = covered(&base.store_id, &it.entry);
            base.peppers
                .check_tag(TagUse::Seal, &[form.as_bytes()], seal)
        });
        out.push(line.map(|(narrowed, _)| narrowed));
    }
    Ok(out)
}

fn take(from: &mut Columns<'_, '_>) -> Option<(Narrowed, Tag)> {
    let outbox = i64::try_from(from.count()?).ok()?;
    let entry = Entry {
        id: from.text()?.to_owned(),
        row_version: from.count()?,
        kind: Narrowing::from_number(i64::try_from(from.count()?).ok()?)?,
    };
    Some((Narrowed { outbox, entry }, from.seal()?))
}

fn covered(store_id: &str, entry: &Entry) -> Canonical {
    let mut out = Canonical::new("outbox/1");
    out.text(store_id)
        .text(&entry.id)
        .number(entry.row_version)
        .number(entry.kind.number().unsigned_abs());
    out
}

/// Takes these lines out.
pub(crate) fn remove(connection: &Connection, lines: &[i64]) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("DELETE FROM outbox WHERE n = ?1")?;
    for line in lines {
        statement.execute([line])?;
    }
    Ok(())
}
