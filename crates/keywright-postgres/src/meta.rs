//! What the database remembers of itself: whose it is, which schema it has, which peppers it knows,
//! and where the audit trail ends.

use crate::error::tampered;
use crate::link::Link;
use crate::schema;
use crate::session::Session;
use keywright_core::canonical::Canonical;
use keywright_core::pepper::{PepperRing, Tag, TagUse};
use keywright_core::random::Random;
use keywright_core::secret::Brand;
use keywright_core::{Error, ErrorCode, Result};

/// Names in the table `meta`.
const STORE_ID: &str = "store_id";
const BRAND: &str = "brand";
const IDENTITY: &str = "identity";
const LAST_EVENT: &str = "last_event";
const SCHEMA: &str = "schema";

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
        link: &mut Link,
        peppers: &PepperRing,
        store_id: &str,
        brand: &Brand,
    ) -> Result<()> {
        let seal = peppers.tag(TagUse::Seal, &[covered(store_id, brand).as_bytes()]);
        let version = schema::VERSION.to_string();
        let no_event = last_event_value(peppers, store_id, 0, &NO_MAC);
        for (name, value) in [
            (SCHEMA, version.as_bytes()),
            (STORE_ID, store_id.as_bytes()),
            (BRAND, brand.as_str().as_bytes()),
            (IDENTITY, &seal.to_bytes()),
            (LAST_EVENT, &no_event),
        ] {
            link.execute(
                "INSERT INTO meta (name, value) VALUES ($1, $2)",
                &[&name, &value],
            )?;
        }
        add_peppers(link, peppers)
    }

    /// Reads it. Its seal is still to be checked, once the peppers are known to be right.
    pub(crate) fn read(link: &mut Link) -> Result<Self> {
        let damaged = || {
            Error::new(
                ErrorCode::Tampered,
                "the database does not say whose it is: it was changed outside keywright",
            )
            .hint("restore a dump")
        };
        let store_id = text(link, STORE_ID)?.ok_or_else(damaged)?;
        let brand = text(link, BRAND)?.and_then(|brand| Brand::parse(&brand).ok());
        let seal = value(link, IDENTITY)?.and_then(|seal| Tag::from_bytes(&seal));
        Ok(Self {
            store_id,
            brand: brand.ok_or_else(damaged)?,
            seal: seal.ok_or_else(damaged)?,
        })
    }

    /// Refuses a store whose id or brand was changed.
    pub(crate) fn check(&self, peppers: &PepperRing) -> Result<()> {
        let form = covered(&self.store_id, &self.brand);
        if peppers.check_tag(TagUse::Seal, &[form.as_bytes()], &self.seal) {
            Ok(())
        } else {
            Err(tampered("identity of the store", "in `meta`"))
        }
    }
}

fn covered(store_id: &str, brand: &Brand) -> Canonical {
    let mut out = Canonical::new("store/1");
    out.text(store_id).text(brand.as_str());
    out
}

/// Refuses a store that another version of this program has to look after.
pub(crate) fn check_schema(link: &mut Link) -> Result<()> {
    let there: Option<u32> = text(link, SCHEMA)?.and_then(|version| version.parse().ok());
    match there {
        Some(schema::VERSION) => Ok(()),
        Some(newer) if newer > schema::VERSION => Err(Error::new(
            ErrorCode::SchemaVersion,
            format!(
                "the store was written by a newer keywright (schema {newer}; this one knows {})",
                schema::VERSION
            ),
        )
        .hint("install the newer version; the database was left as it is")),
        older => Err(Error::new(
            ErrorCode::SchemaVersion,
            format!(
                "the store has schema {}, which this keywright doesn't read",
                older.unwrap_or_default()
            ),
        )
        .hint("open it with the version that wrote it; the database was left as it is")),
    }
}

/// Refuses peppers that aren't those of this store. Says whether there are new ones to note.
pub(crate) fn check_peppers(link: &mut Link, peppers: &PepperRing) -> Result<bool> {
    let known = known(link)?;
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
            .hint("give this server the pepper that all the others have; nothing was changed"));
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

/// The peppers that the database knows, by number, each with its check value.
fn known(link: &mut Link) -> Result<Vec<(u32, Vec<u8>)>> {
    let rows = link.query(
        "SELECT number, check_value FROM peppers ORDER BY number",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            let number = row.try_get::<_, i64>(0).ok()?;
            Some((u32::try_from(number).ok()?, row.try_get(1).ok()?))
        })
        .collect::<Option<_>>()
        .ok_or_else(|| tampered("list of peppers", "in `peppers`"))
}

/// The peppers that the database knows, without further ones. What these would make, a process that
/// lacks them could not check: it would refuse everything.
pub(crate) fn known_peppers(link: &mut Link, peppers: &PepperRing) -> Result<PepperRing> {
    let known = known(link)?.len();
    // One to a line, by number: those that are further are the last.
    let text = peppers.to_text();
    let lines = text.split_inclusive('\n').take(known);
    PepperRing::parse(&text[..lines.map(str::len).sum()])
}

/// Notes a check value for each pepper that has none.
pub(crate) fn add_peppers(link: &mut Link, peppers: &PepperRing) -> Result<()> {
    for number in peppers.numbers() {
        let check_value = peppers.check_value(number).unwrap_or_default();
        link.execute(
            "INSERT INTO peppers (number, check_value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            &[&i64::from(number), &check_value.as_slice()],
        )?;
    }
    Ok(())
}

fn value(link: &mut Link, name: &str) -> Result<Option<Vec<u8>>> {
    let rows = link.query("SELECT value FROM meta WHERE name = $1", &[&name])?;
    Ok(rows.first().and_then(|row| row.try_get(0).ok()))
}

fn text(link: &mut Link, name: &str) -> Result<Option<String>> {
    Ok(value(link, name)?.and_then(|bytes| String::from_utf8(bytes).ok()))
}

/// The MAC of no event: where the trail ends before its first, and where none can be read.
pub(crate) const NO_MAC: Tag = Tag {
    pepper: 0,
    mac: [0; 32],
};

/// The place and MAC of the last event; nothing before the first.
pub(crate) fn last_event(session: &mut Session<'_>) -> Result<Option<(u64, Tag)>> {
    let rows = session.rows("SELECT value FROM meta WHERE name = $1", &[&LAST_EVENT])?;
    let (peppers, store_id) = (&session.base.peppers, &session.base.store_id);
    let bytes = rows
        .first()
        .and_then(|row| row.try_get::<_, &[u8]>(0).ok())
        .unwrap_or_default();
    let (seq, mac) = read_last_event(peppers, store_id, bytes)
        .ok_or_else(|| tampered("end of the audit trail of", store_id))?;
    Ok((seq > 0).then_some((seq, mac)))
}

/// Remembers the place and MAC of the last event.
pub(crate) fn put_last_event(session: &mut Session<'_>, seq: u64, mac: &Tag) -> Result<()> {
    let value = last_event_value(&session.base.peppers, &session.base.store_id, seq, mac);
    session
        .run(
            "UPDATE meta SET value = $2 WHERE name = $1",
            &[&LAST_EVENT, &value],
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
