//! The revocation log: outside the database, append-only, sealed. It keeps `(id, row version)` of
//! every narrowing change, so that a row from before the change is refused wherever it comes back
//! from: a restored backup, a copy in memory, an `UPDATE` by hand.

use crate::pepper::{PepperRing, Tag, TagUse};
use std::collections::HashMap;

/// The length of one entry in the log, in bytes.
pub const ENTRY_LEN: usize = ID_LEN + 8 + 36;
/// The ids of keys and versions have 28 characters.
const ID_LEN: usize = 28;

/// One line of the log: rows of this id that are older than this are dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of a key or of a version.
    pub id: String,
    /// The oldest row version that may still be believed.
    pub row_version: u64,
}

/// What the log says, in memory: for each id the oldest row version that may be believed.
#[derive(Debug, Default)]
pub struct RevocationIndex {
    floors: HashMap<String, u64>,
    entries: u64,
    last: Option<Tag>,
}

impl RevocationIndex {
    /// Whether a row of `id` may be believed.
    #[must_use]
    pub fn allows(&self, id: &str, row_version: u64) -> bool {
        self.floors
            .get(id)
            .is_none_or(|floor| row_version >= *floor)
    }

    /// How many entries were read.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// The bytes that put `entry` behind what was read so far, and takes it in.
    #[must_use]
    pub fn append(
        &mut self,
        peppers: &PepperRing,
        store_id: &str,
        entry: &Entry,
    ) -> [u8; ENTRY_LEN] {
        let tag = peppers.tag(TagUse::RevocationLog, &[&self.covered(store_id, entry)]);
        let mut out = [0; ENTRY_LEN];
        let id = entry.id.as_bytes();
        out[..id.len().min(ID_LEN)].copy_from_slice(&id[..id.len().min(ID_LEN)]);
        out[ID_LEN..ID_LEN + 8].copy_from_slice(&entry.row_version.to_be_bytes());
        out[ID_LEN + 8..].copy_from_slice(&tag.to_bytes());
        self.take(entry, tag);
        out
    }

    /// Reads the next entry; `None` if it isn't one that this pepper put here.
    pub fn read(
        &mut self,
        peppers: &PepperRing,
        store_id: &str,
        bytes: &[u8; ENTRY_LEN],
    ) -> Option<Entry> {
        let (id, rest) = bytes.split_at(ID_LEN);
        let (row_version, tag) = rest.split_first_chunk::<8>()?;
        let entry = Entry {
            id: std::str::from_utf8(id)
                .ok()?
                .trim_end_matches('\0')
                .to_owned(),
            row_version: u64::from_be_bytes(*row_version),
        };
        let tag = Tag::from_bytes(tag)?;
        if !peppers.check_tag(
            TagUse::RevocationLog,
            &[&self.covered(store_id, &entry)],
            &tag,
        ) {
            return None;
        }
        self.take(&entry, tag);
        Some(entry)
    }

    fn covered(&self, store_id: &str, entry: &Entry) -> Vec<u8> {
        let mut out = crate::canonical::Canonical::new("revocation/1");
        out.text(store_id)
            .number(self.entries)
            .bytes(
                &self
                    .last
                    .map(|tag| tag.to_bytes().to_vec())
                    .unwrap_or_default(),
            )
            .text(&entry.id)
            .number(entry.row_version);
        out.as_bytes().to_vec()
    }

    fn take(&mut self, entry: &Entry, tag: Tag) {
        let floor = self.floors.entry(entry.id.clone()).or_default();
        *floor = (*floor).max(entry.row_version);
        self.entries += 1;
        self.last = Some(tag);
    }
}
