//! What the database remembers of itself: whose it is, which peppers it knows, how much the
//! revocation log must hold, and where the audit trail ends.

use crate::error::{OrError, tampered};
use crate::session::Session;
use keywright_core::canonical::Canonical;
use keywright_core::pepper::{PepperRing, Tag, TagUse};
use keywright_core::random::Random;
use keywright_core::secret::Brand;
use keywright_core::{Error, ErrorCode, Result};
use rusqlite::{Connection, OptionalExtension, params};

/// Names in the table `meta`.
const STORE_ID: &str = "store_id";
const BRAND: &str = "brand";
const IDENTITY: &str = "identity";
pub(crate) const LOG_ENTRIES: &str = "log_entries";
const LAST_EVENT: &str = "last_event";
/// Counts writes that were made only to overwrite a commit that failed.
pub(crate) const SETTLED: &str = "settled";

/// A new id for a store: `store_` and 32 hexadecimal digits.
pub(crate) fn new_store_id(random: &dyn Random) -> Result<String> {
    let mut bytes = [0; 16];
    random.fill(&mut bytes)?;
    let mut id = String::with_capacity(38);
    id.push_str("store_");
    for byte in bytes {
        id.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')),
        );
    }
    Ok(id)
}

/// Whose database it is.
pub(crate) struct Identity {
    pub(crate) store_id: String,
    pub(crate) brand: Brand,
    seal: Tag,
}

impl Identity {
    /// Writes it into a new database.
    pub(crate) fn write(
        connection: &Connection,
        peppers: &PepperRing,
        store_id: &str,
        brand: &Brand,
    ) -> Result<()> {
        let seal = peppers.tag(TagUse::Seal, &[covered(store_id, brand).as_bytes()]);
        for (name, value) in [(STORE_ID, store_id), (BRAND, brand.as_str())] {
            insert(connection, name, &value)?;
        }
        insert(connection, IDENTITY, &seal.to_bytes())?;
        insert(connection, LOG_ENTRIES, &0)?;
        insert(connection, SETTLED, &0)?;
        insert(
            connection,
            LAST_EVENT,
            &last_event_value(peppers, store_id, 0, &NO_MAC),
        )?;
        add_peppers(connection, peppers)
    }

    /// Reads it. Its seal is still to be checked, once the peppers are known to be right.
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let damaged = || {
            Error::new(
                ErrorCode::Tampered,
                "the database does not say whose it is: it was changed outside keywright",
            )
            .hint("restore a backup")
        };
        let store_id: Option<String> = value(connection, STORE_ID)?;
        let brand: Option<String> = value(connection, BRAND)?;
        let seal: Option<Vec<u8>> = value(connection, IDENTITY)?;
        Ok(Self {
            store_id: store_id.ok_or_else(damaged)?,
            brand: brand
                .and_then(|brand| Brand::parse(&brand).ok())
                .ok_or_else(damaged)?,
            seal: seal
                .and_then(|seal| Tag::from_bytes(&seal))
                .ok_or_else(damaged)?,
        })
    }

    /// Refuses a store whose id or brand was changed.
    pub(crate) fn check(&self, peppers: &PepperRing) -> Result<()> {
        let form = covered(&self.store_id, &self.brand);
        if peppers.check_tag(TagUse::Seal, &[form.as_bytes()], &self.seal) {
            Ok(())
        } else {
            Err(tampered("identity of the store", &self.store_id))
        }
    }
}

fn covered(store_id: &str, brand: &Brand) -> Canonical {
    let mut out = Canonical::new("store/1");
    out.text(store_id).text(brand.as_str());
    out
}

/// Refuses peppers that aren't those of this store. Says whether there are new ones to note.
pub(crate) fn check_peppers(connection: &Connection, peppers: &PepperRing) -> Result<bool> {
    let mut statement = connection
        .prepare("SELECT number, check_value FROM peppers ORDER BY number")
        .or_error()?;
    let known: Vec<(u32, Vec<u8>)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .or_error()?;
    for (number, check_value) in &known {
        let Some(ours) = peppers.check_value(*number) else {
            return Err(Error::new(
                ErrorCode::Pepper,
                format!("pepper number {number}, with which this store was made, is missing"),
            )
            .hint("give every pepper that the store has ever had, one to a line: NUMBER:DIGITS"));
        };
        if ours.as_slice() != check_value.as_slice() {
            return Err(Error::new(
                ErrorCode::Pepper,
                format!("pepper number {number} is not the one that this store was made with"),
            )
            .hint("find the right pepper (by default STORE.pepper beside the database); nothing was changed"));
        }
    }
    let newest = known.last().map(|(number, _)| *number);
    let mut new = peppers
        .numbers()
        .filter(|number| known.iter().all(|(known, _)| known != number))
        .peekable();
    let any = new.peek().is_some();
    if new.any(|number| newest.is_some_and(|newest| number < newest)) {
        return Err(Error::new(
            ErrorCode::Pepper,
            "a new pepper has a lower number than one that this store has already",
        )
        .hint("give the new pepper the highest number"));
    }
    Ok(any)
}

/// The peppers that the database knows, without further ones. What these would make, a process that
/// lacks them could not check: it would refuse everything.
pub(crate) fn known_peppers(connection: &Connection, peppers: &PepperRing) -> Result<PepperRing> {
    let known: u32 = connection
        .query_row("SELECT count(*) FROM peppers", [], |row| row.get(0))
        .or_error()?;
    // One to a line, by number: those that are further are the last.
    let text = peppers.to_text();
    let lines = text.split_inclusive('\n').take(known as usize);
    PepperRing::parse(&text[..lines.map(str::len).sum()])
}

/// Notes a check value for each pepper that has none.
pub(crate) fn add_peppers(connection: &Connection, peppers: &PepperRing) -> Result<()> {
    for number in peppers.numbers() {
        connection
            .execute(
                "INSERT INTO peppers (number, check_value) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![number, peppers.check_value(number)],
            )
            .or_error()?;
    }
    Ok(())
}

/// How many entries the revocation log had when the database last heard of it.
pub(crate) fn log_entries(connection: &Connection) -> Result<u64> {
    let entries: Option<i64> = value(connection, LOG_ENTRIES)?;
    Ok(entries
        .and_then(|entries| u64::try_from(entries).ok())
        .unwrap_or(0))
}

fn insert(connection: &Connection, name: &str, value: &dyn rusqlite::ToSql) -> Result<()> {
    connection
        .execute(
            "INSERT INTO meta (name, value) VALUES (?1, ?2)",
            params![name, value],
        )
        .map(drop)
        .or_error()
}

fn value<T: rusqlite::types::FromSql>(connection: &Connection, name: &str) -> Result<Option<T>> {
    connection
        .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| {
            Ok(row.get(0).ok())
        })
        .optional()
        .or_error()
        .map(Option::flatten)
}

/// The MAC of no event: where the trail ends before its first, and where none can be read.
pub(crate) const NO_MAC: Tag = Tag {
    pepper: 0,
    mac: [0; 32],
};

/// The place and MAC of the last event; nothing before the first.
pub(crate) fn last_event(session: &Session<'_>) -> Result<Option<(u64, Tag)>> {
    let (peppers, store_id) = (&session.base.peppers, &session.base.store_id);
    let found = session.one(
        "SELECT value FROM meta WHERE name = ?1",
        [LAST_EVENT],
        |row| {
            Ok(read_last_event(
                peppers,
                store_id,
                &row.get::<_, Vec<u8>>(0).unwrap_or_default(),
            ))
        },
    )?;
    let (seq, mac) = found
        .flatten()
        .ok_or_else(|| tampered("end of the audit trail of", store_id))?;
    Ok((seq > 0).then_some((seq, mac)))
}

/// Remembers the place and MAC of the last event.
pub(crate) fn put_last_event(session: &Session<'_>, seq: u64, mac: &Tag) -> Result<()> {
    let value = last_event_value(&session.base.peppers, &session.base.store_id, seq, mac);
    session
        .run(
            "UPDATE meta SET value = ?2 WHERE name = ?1",
            params![LAST_EVENT, value],
        )
        .map(drop)
}

/// Place, MAC, and a seal over both.
fn last_event_value(peppers: &PepperRing, store_id: &str, seq: u64, mac: &Tag) -> Vec<u8> {
    let seal = peppers.tag(TagUse::Seal, &[end_of_trail(store_id, seq, mac).as_bytes()]);
    let mut bytes = Vec::with_capacity(80);
    bytes.extend_from_slice(&seq.to_be_bytes());
    bytes.extend_from_slice(&mac.to_bytes());
    bytes.extend_from_slice(&seal.to_bytes());
    bytes
}

fn read_last_event(peppers: &PepperRing, store_id: &str, bytes: &[u8]) -> Option<(u64, Tag)> {
    let (seq, rest) = bytes.split_first_chunk::<8>()?;
    let (mac, seal) = rest.split_at_checked(36)?;
    let (seq, mac, seal) = (
        u64::from_be_bytes(*seq),
        Tag::from_bytes(mac)?,
        Tag::from_bytes(seal)?,
    );
    let form = end_of_trail(store_id, seq, &mac);
    peppers
        .check_tag(TagUse::Seal, &[form.as_bytes()], &seal)
        .then_some((seq, mac))
}

fn end_of_trail(store_id: &str, seq: u64, mac: &Tag) -> Canonical {
    let mut out = Canonical::new("last-event/1");
    out.text(store_id).number(seq).bytes(&mac.to_bytes());
    out
}
