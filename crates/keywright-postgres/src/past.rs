//! A database that was taken back: a dump put in its place, a standby that had not got everything, or
//! somebody who took rows and log back together. What this server has seen to be revoked since is
//! told to it again. That can only take away: nothing comes to life by it, and it may be done by every
//! server.

use crate::base::Base;
use crate::codec::{Columns, integer};
use crate::error::forged_log;
use crate::link::{Link, Trouble};
use crate::log::{self, Known, Sealed};
use crate::session::Session;
use crate::transaction::{put_in, roll_back};
use keywright_core::Result;
use keywright_core::audit::{Actor, EventType, NewEvent};
use keywright_core::revocation::Entry;
use keywright_core::store::Tx;
use serde_json::json;

const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE writing IN EXCLUSIVE MODE";

/// Reads the whole log of the database.
pub(crate) fn read_all(link: &mut Link, base: &Base) -> Result<(Known, Vec<Sealed>)> {
    read(link, |known, place, entry| {
        known.take(&base.peppers, &base.store_id, place, entry, false)
    })
}

/// As [`read_all`], before there is a base.
pub(crate) fn read(
    link: &mut Link,
    mut take: impl FnMut(&mut Known, u64, &[u8]) -> bool,
) -> Result<(Known, Vec<Sealed>)> {
    let mut known = Known::default();
    let mut all = Vec::new();
    loop {
        let rows = link.query(log::BEHIND, &[&integer(known.index.entries())])?;
        if rows.is_empty() {
            return Ok((known, all));
        }
        for row in rows {
            let mut columns = Columns::of(&row);
            let next = known.index.entries() + 1;
            let (Some(place), Some(entry)) = (columns.count(), columns.bytes()) else {
                return Err(forged_log(next));
            };
            if !take(&mut known, place, entry) {
                return Err(forged_log(next));
            }
            all.extend(Sealed::try_from(entry));
        }
    }
}

/// Tells the database what it lacks; gives all that its log then has. From then on that is the log.
pub(crate) fn put_right(link: &mut Link, base: &Base) -> Result<Vec<Sealed>> {
    let done = link
        .batch(BEGIN)
        .map_err(Into::into)
        .and_then(|()| tell_again(link, base, |known| base.log.lacking_in(&known.index)))
        .and_then(|told| link.batch("COMMIT").map(|()| told).map_err(Into::into));
    if done.is_err() {
        roll_back(link);
    }
    let (known, all, lacked) = done?;
    tracing::error!(target: "keywright", lacked, "a database that was taken back has been told what was revoked since");
    base.log.replace(known);
    Ok(all)
}

/// The same within a transaction that holds the lock. Says how many entries were lacking.
pub(crate) fn tell_again(
    link: &mut Link,
    base: &Base,
    lacking: impl FnOnce(&Known) -> Vec<Entry>,
) -> Result<(Known, Vec<Sealed>, usize)> {
    let (mut known, mut all) = read_all(link, base)?;
    let lacking = lacking(&known);
    if lacking.is_empty() {
        return Ok((known, all, 0));
    }
    let sealed = known
        .index
        .sealed_behind(&base.peppers, &base.store_id, &lacking)
        .unwrap_or_default();
    let first = known.index.entries() + 1;
    put_in(link, first, &sealed).map_err(|trouble: Trouble| trouble.error)?;
    for (place, entry) in (first..).zip(&sealed) {
        if !known.take(&base.peppers, &base.store_id, place, entry, false) {
            return Err(forged_log(place));
        }
    }
    all.extend(sealed);
    tell_the_trail(link, base, lacking.len())?;
    Ok((known, all, lacking.len()))
}

/// A trail that is damaged doesn't keep anything from being revoked.
fn tell_the_trail(link: &mut Link, base: &Base, lacked: usize) -> Result<()> {
    let mut session = Session::new(link, base);
    let event = session.append_event(NewEvent {
        time: base.clock.now(),
        actor: Actor::default(),
        event_type: EventType::StoreRestored,
        object_id: String::new(),
        project: None,
        refused: None,
        before: json!({}),
        after: json!({ "revoked_again": lacked }),
    });
    match (event, session.take_trouble()) {
        (_, Some(trouble)) => Err(trouble.error),
        (Ok(_) | Err(_), None) => Ok(()),
    }
}
