//! The revocation log: outside the database, append-only, sealed. It keeps `(id, row version)` of
//! every narrowing change, so that a row from before the change is refused wherever it comes back
//! from: a restored backup, a copy in memory, an `UPDATE` by hand.

use crate::canonical::Canonical;
use crate::pepper::{PepperRing, Tag, TagUse};
use std::collections::HashMap;
use std::iter;

/// The length of one entry in the log, in bytes: id, kind, row version, tag.
pub const ENTRY_LEN: usize = ID_LEN + 1 + 8 + 36;
/// No id is longer; shorter ones are filled up with NUL.
const ID_LEN: usize = 31;

/// What a narrowing change took away: enough to put a row from before it to rest when a backup is
/// restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Narrowing {
    /// The key was disabled or may do less, or the version was confirmed to be in use.
    Narrowed,
    /// The key was revoked, or the version ended or got another secret.
    Ended,
}

impl Narrowing {
    const fn as_byte(self) -> u8 {
        match self {
            Self::Narrowed => b'n',
            Self::Ended => b'e',
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'n' => Some(Self::Narrowed),
            b'e' => Some(Self::Ended),
            _ => None,
        }
    }

    /// The number under which a database may keep it.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.as_byte() as i64
    }

    /// The narrowing of that number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::from_byte(u8::try_from(number).ok()?)
    }
}

/// One line of the log: rows of this id that are older than this are dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The id of a row.
    pub id: String,
    /// The oldest row version that may still be believed.
    pub row_version: u64,
    /// What the change took away.
    pub kind: Narrowing,
}

/// The oldest row version of an id that may be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// That row version.
    pub row_version: u64,
    /// The number of the entry that says so, from 1.
    pub entry: u64,
}

/// The floors of an id, each higher than the one before.
#[derive(Debug)]
struct Floors {
    newest: Floor,
    /// Oldest first. Most ids have none: a key is narrowed once, if at all.
    older: Vec<Floor>,
}

impl Floors {
    /// The floor that the first `entries` entries of the log set; `None` if they set none.
    fn at(&self, entries: u64) -> Option<Floor> {
        let newest_first = iter::once(&self.newest).chain(self.older.iter().rev());
        newest_first.copied().find(|floor| floor.entry <= entries)
    }
}

/// What the log says, in memory: for each id the oldest row version that may be believed.
#[derive(Debug, Default)]
pub struct RevocationIndex {
    floors: HashMap<Box<str>, Floors>,
    entries: u64,
    last: Option<Tag>,
}

impl RevocationIndex {
    /// Whether a row of `id` may be believed.
    #[must_use]
    pub fn allows(&self, id: &str, row_version: u64) -> bool {
        self.allows_at(id, row_version, u64::MAX)
    }

    /// Whether a row of `id` may be believed that was read from a view of the database which is
    /// older than this index, but not older than its first `entries` entries: a narrowing that came
    /// after the view makes the row outdated and not a forgery. One that came before it still counts.
    #[must_use]
    pub fn allows_at(&self, id: &str, row_version: u64, entries: u64) -> bool {
        self.floors
            .get(id)
            .and_then(|floors| floors.at(entries))
            .is_none_or(|floor| row_version >= floor.row_version)
    }

    /// What is known of `id`.
    #[must_use]
    pub fn floor(&self, id: &str) -> Option<Floor> {
        self.floors.get(id).map(|floors| floors.newest)
    }

    /// Every id that has a floor.
    pub fn floors(&self) -> impl Iterator<Item = (&str, Floor)> {
        self.floors
            .iter()
            .map(|(id, floors)| (&**id, floors.newest))
    }

    /// How many entries were read.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// The bytes that put `entry` behind what was read so far, and takes it in. `None` if its id
    /// is none that a log can hold.
    #[must_use]
    pub fn append(
        &mut self,
        peppers: &PepperRing,
        store_id: &str,
        entry: &Entry,
    ) -> Option<[u8; ENTRY_LEN]> {
        let (bytes, tag) = sealed(peppers, store_id, self.entries, self.last.as_ref(), entry)?;
        self.take(entry, tag);
        Some(bytes)
    }

    /// The bytes that would put all of `entries`, one behind the other, behind what was read so far.
    /// Takes none of them in: whoever writes them in a transaction reads them once it is committed.
    /// `None` if an id is none that a log can hold.
    #[must_use]
    pub fn sealed_behind(
        &self,
        peppers: &PepperRing,
        store_id: &str,
        entries: &[Entry],
    ) -> Option<Vec<[u8; ENTRY_LEN]>> {
        let (mut place, mut last) = (self.entries, self.last);
        let seal = |entry| {
            let (bytes, tag) = sealed(peppers, store_id, place, last.as_ref(), entry)?;
            (place, last) = (place + 1, Some(tag));
            Some(bytes)
        };
        entries.iter().map(seal).collect()
    }

    /// Reads the next entry; `None` if it isn't one that this pepper put here.
    pub fn read(
        &mut self,
        peppers: &PepperRing,
        store_id: &str,
        bytes: &[u8; ENTRY_LEN],
    ) -> Option<Entry> {
        let (id, rest) = bytes.split_first_chunk::<ID_LEN>()?;
        let ([kind], rest) = rest.split_first_chunk::<1>()?;
        let (row_version, tag) = rest.split_first_chunk::<8>()?;
        let entry = Entry {
            id: std::str::from_utf8(id)
                .ok()?
                .trim_end_matches('\0')
                .to_owned(),
            row_version: u64::from_be_bytes(*row_version),
            kind: Narrowing::from_byte(*kind)?,
        };
        let tag = Tag::from_bytes(tag)?;
        let covered = covered(store_id, self.entries, self.last.as_ref(), &entry);
        if !peppers.check_tag(TagUse::RevocationLog, &[covered.as_bytes()], &tag) {
            return None;
        }
        self.take(&entry, tag);
        Some(entry)
    }

    fn take(&mut self, entry: &Entry, tag: Tag) {
        self.entries += 1;
        self.last = Some(tag);
        let floor = Floor {
            row_version: entry.row_version,
            entry: self.entries,
        };
        match self.floors.get_mut(entry.id.as_str()) {
            Some(floors) if floor.row_version > floors.newest.row_version => {
                floors.older.push(floors.newest);
                floors.newest = floor;
            }
            Some(_) => {}
            None => {
                let floors = Floors {
                    newest: floor,
                    older: Vec::new(),
                };
                self.floors.insert(entry.id.as_str().into(), floors);
            }
        }
    }
}

/// The bytes of an entry that has so many before it, and its tag. `None` if its id does not fit.
fn sealed(
    peppers: &PepperRing,
    store_id: &str,
    before: u64,
    last: Option<&Tag>,
    entry: &Entry,
) -> Option<([u8; ENTRY_LEN], Tag)> {
    let id = entry.id.as_bytes();
    if id.is_empty() || id.len() > ID_LEN || id.contains(&0) {
        return None;
    }
    let tag = peppers.tag(
        TagUse::RevocationLog,
        &[covered(store_id, before, last, entry).as_bytes()],
    );
    let mut out = [0; ENTRY_LEN];
    out[..id.len()].copy_from_slice(id);
    out[ID_LEN] = entry.kind.as_byte();
    out[ID_LEN + 1..ID_LEN + 9].copy_from_slice(&entry.row_version.to_be_bytes());
    out[ID_LEN + 9..].copy_from_slice(&tag.to_bytes());
    Some((out, tag))
}

fn covered(store_id: &str, before: u64, last: Option<&Tag>, entry: &Entry) -> Canonical {
    let mut out = Canonical::new("revocation/1");
    let last = last.map(Tag::to_bytes);
    out.text(store_id)
        .number(before)
        .bytes(last.as_ref().map_or(&[], |tag| tag.as_slice()))
        .text(&entry.id)
        .number(u64::from(entry.kind.as_byte()))
        .number(entry.row_version);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;

    fn peppers() -> PepperRing {
        PepperRing::generate(&SeededRandom::new(1)).unwrap()
    }

    fn entry(id: &str, row_version: u64) -> Entry {
        Entry {
            id: id.to_owned(),
            row_version,
            kind: Narrowing::Ended,
        }
    }

    fn written(peppers: &PepperRing, entries: &[Entry]) -> Vec<[u8; ENTRY_LEN]> {
        let mut index = RevocationIndex::default();
        let append = |entry| index.append(peppers, "store", entry).unwrap();
        entries.iter().map(append).collect()
    }

    #[test]
    fn what_was_written_reads_back_and_outdates_older_rows() {
        let peppers = peppers();
        let entries = [entry("a", 3), entry("proj_0123456789abcdefghijABCD", 2)];
        let mut index = RevocationIndex::default();
        for (bytes, entry) in written(&peppers, &entries).iter().zip(&entries) {
            assert_eq!(index.read(&peppers, "store", bytes).as_ref(), Some(entry));
        }
        assert!(!index.allows("a", 2) && index.allows("a", 3) && index.allows("b", 1));
    }

    #[test]
    fn a_view_from_before_an_entry_may_still_hold_the_older_row() {
        let peppers = peppers();
        let mut index = RevocationIndex::default();
        let _ = index.append(&peppers, "store", &entry("a", 2)).unwrap();
        assert!(index.allows_at("a", 1, 0));
        assert!(!index.allows_at("a", 1, 1));
    }

    #[test]
    fn a_newer_entry_does_not_excuse_a_row_that_an_older_one_outdated() {
        let peppers = peppers();
        let mut index = RevocationIndex::default();
        for row_version in [2, 3, 5] {
            let _ = index.append(&peppers, "store", &entry("a", row_version));
        }
        for (entries, oldest) in [(1, 2), (2, 3), (3, 5), (4, 5)] {
            assert!(!index.allows_at("a", oldest - 1, entries), "{entries}");
            assert!(index.allows_at("a", oldest, entries), "{entries}");
        }
        assert_eq!(index.floor("a").map(|floor| floor.row_version), Some(5));
    }

    #[test]
    fn no_entry_can_be_changed_moved_left_out_or_taken_elsewhere() {
        let peppers = peppers();
        let bytes = written(&peppers, &[entry("a", 2), entry("b", 2)]);
        let read = |store: &str, entry: &[u8; ENTRY_LEN]| {
            RevocationIndex::default().read(&peppers, store, entry)
        };
        assert!(read("store", &bytes[0]).is_some());
        assert!(read("store", &bytes[1]).is_none());
        assert!(read("other", &bytes[0]).is_none());
        for place in 0..ENTRY_LEN {
            let mut changed = bytes[0];
            changed[place] ^= 1;
            assert!(read("store", &changed).is_none(), "byte {place}");
        }
    }

    #[test]
    fn entries_sealed_ahead_are_the_ones_that_appending_gives() {
        let peppers = peppers();
        let entries = [entry("a", 2), entry("b", 2), entry("a", 3)];
        let mut index = RevocationIndex::default();
        let _ = index.append(&peppers, "store", &entries[0]).unwrap();
        let ahead = index.sealed_behind(&peppers, "store", &entries[1..]);
        assert_eq!(index.entries(), 1);
        assert_eq!(ahead.unwrap(), written(&peppers, &entries)[1..]);
    }

    #[test]
    fn an_id_that_does_not_fit_is_not_cut_short() {
        let mut index = RevocationIndex::default();
        let long = "x".repeat(ID_LEN + 1);
        assert!(
            index
                .append(&peppers(), "store", &entry(&long, 1))
                .is_none()
        );
        assert_eq!(index.entries(), 0);
    }
}
