//! Gives a backup back, checked whole before anything is put in place. What is there of the same
//! store stays as it is until the last step, which is one rename.

use crate::backup::{count, staging_beside};
use crate::container::{self, Extracted, damaged};
use crate::error::{OrError, file as file_error};
use crate::log::{self, RevocationLog};
use crate::open::{self, SqliteOptions};
use crate::pepper_place::PepperPlace;
use crate::place::{self, Place};
use crate::rest::{self, Rested};
use crate::schema;
use crate::session::Session;
use crate::upgrade::{self, alone};
use keywright_core::audit::Actor;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::time::{Clock, Timestamp};
use keywright_core::{Error, ErrorCode, Result};
use secrecy::SecretString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What [`restore`] needs.
pub struct RestoreRequest {
    /// The backup.
    pub file: PathBuf,
    /// What opens it.
    pub passphrase: SecretString,
    /// Where the database goes.
    pub store: PathBuf,
    /// Where the pepper goes.
    pub pepper_path: PathBuf,
    /// Whether the same store may be there, and another pepper.
    pub overwrite: bool,
    /// Who restores, in the audit trail.
    pub actor: Actor,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// Needed by nothing that is there already.
    pub random: Arc<dyn Random>,
    /// Stop there, as a crash would: for tests.
    #[doc(hidden)]
    pub interrupt: Option<RestoreStep>,
}

/// Steps of putting a restored store in place, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestoreStep {
    /// Before the pepper.
    Pepper,
    /// Before the revocation log.
    Log,
    /// Before the database.
    Database,
}

/// What was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreReport {
    /// The id of the store.
    pub store_id: String,
    /// When the backup was made.
    pub created_at: Timestamp,
    /// How many keys there are, of every class and status.
    pub keys: u64,
    /// How many versions.
    pub versions: u64,
    /// How many audit events, with the one of this restore.
    pub events: u64,
    /// How many entries the revocation log has.
    pub log_entries: u64,
    /// Keys that are revoked because they were revoked after the backup.
    pub revoked: u64,
    /// Keys that are disabled because they were disabled or narrowed after the backup, which does
    /// not know to what: look at each before it is enabled.
    pub disabled: u64,
    /// Versions that are ended because they ended, or got another secret, after the backup. Where
    /// that was a key's only one, rotating the key gives it a new one.
    pub ended: u64,
}

/// Gives a backup back. Blocks.
///
/// # Errors
/// As `KeyManager::restore` in the crate `keywright` says. What was there stays as it was.
pub fn restore(request: &RestoreRequest) -> Result<RestoreReport> {
    let store = open::settle_path(&request.store)?;
    place::refuse_store(&store, request.overwrite)?;
    let staging = staging_beside(&store, ".keywright-restore-")?;
    let staged = staging.path().join("keywright.db");
    let staged_log = log::path_beside(&staged);
    let Extracted { manifest, pepper } =
        container::read(&request.file, &request.passphrase, &staged, &staged_log)?;
    let saved = PepperRing::parse(&pepper).map_err(|_| damaged(&request.file))?;
    let pepper = PepperPlace::choose(&request.pepper_path, saved, request.overwrite)?;
    let version = open::version_of(&staged).map_err(|_| damaged(&request.file))?;
    if version < schema::VERSION {
        upgrade::upgrade(&staged)?;
    }
    let mut place = Place::hold(&store, request.overwrite, &manifest.store_id, &pepper.ring)?;
    if let Some(base) = place.base() {
        take_longer(&base.log, &staged_log)?;
    }
    let mut report = prepare(request, &staged, &pepper.ring, &manifest.store_id)?;
    report.created_at = manifest.created_at;
    place.refuse_fewer(report.log_entries)?;
    let before = |step, place: &Place| {
        if request.interrupt == Some(step) {
            return Err(Error::new(
                ErrorCode::Cancelled,
                "the restore was interrupted",
            ));
        }
        place.look_again()
    };
    before(RestoreStep::Pepper, &place)?;
    pepper.settle(request.clock.now())?;
    before(RestoreStep::Log, &place)?;
    place.settle_log(&staged_log)?;
    before(RestoreStep::Database, &place)?;
    place.settle_database(&staged)?;
    Ok(report)
}

/// Where the log that is there has gone on since the backup, it counts. One of the two must be the
/// beginning of the other.
fn take_longer(live: &RevocationLog, staged: &Path) -> Result<()> {
    let (path, live_len) = live.whole()?;
    let failed = |error: io::Error| file_error("the revocation log can't be read:", path, &error);
    let staged_len = staged.metadata().map_err(failed)?.len();
    let open = |path: &Path| File::open(path).map(BufReader::new).map_err(failed);
    let mut left = live_len.min(staged_len);
    let (mut ours, mut theirs) = (open(path)?, open(staged)?);
    let (mut our_part, mut their_part) = ([0; 8192], [0; 8192]);
    while left > 0 {
        let count = usize::try_from(left)
            .unwrap_or(usize::MAX)
            .min(our_part.len());
        ours.read_exact(&mut our_part[..count]).map_err(failed)?;
        theirs
            .read_exact(&mut their_part[..count])
            .map_err(failed)?;
        if our_part[..count] != their_part[..count] {
            return Err(Error::new(
                ErrorCode::Tampered,
                "the revocation log that is there and the one in the backup have gone different ways",
            )
            .hint(
                "one of them is of a copy of this store that went on by itself; restore to another \
                 path. Nothing was changed",
            ));
        }
        left -= count as u64;
    }
    if live_len > staged_len {
        append(path, staged, staged_len, live_len).map_err(failed)?;
    }
    Ok(())
}

/// Appends what `from` has between two places to `to`, which is as long as the first.
pub(crate) fn append(from: &Path, to: &Path, start: u64, end: u64) -> io::Result<()> {
    let mut from = File::open(from)?;
    from.seek(SeekFrom::Start(start))?;
    let mut to = OpenOptions::new().append(true).open(to)?;
    io::copy(&mut from.take(end - start), &mut to)?;
    to.sync_all()
}

/// Checks the staged store as opening does and more, puts to rest what the log has outdated, and
/// leaves one file.
fn prepare(
    request: &RestoreRequest,
    staged: &Path,
    peppers: &Arc<PepperRing>,
    store_id: &str,
) -> Result<RestoreReport> {
    let (base, connection) = open::open(&SqliteOptions {
        path: staged.to_owned(),
        peppers: Arc::clone(peppers),
        clock: Arc::clone(&request.clock),
        random: Arc::clone(&request.random),
        brand: None,
        create: false,
    })?;
    let sound: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .or_error()?;
    if sound != "ok" || base.store_id != store_id {
        return Err(damaged(&request.file));
    }
    connection.execute_batch("BEGIN IMMEDIATE").or_error()?;
    let mut session = Session::of_the_past(&connection, &base);
    let Rested {
        revoked,
        disabled,
        ended,
    } = rest::put_to_rest(&mut session, &request.actor, request.clock.now())?;
    connection.execute_batch("COMMIT").or_error()?;
    let report = RestoreReport {
        store_id: base.store_id.clone(),
        created_at: request.clock.now(),
        keys: count(&connection, "SELECT count(*) FROM keys")?,
        versions: count(&connection, "SELECT count(*) FROM versions")?,
        events: count(&connection, "SELECT count(*) FROM audit")?,
        log_entries: base.log.entries(),
        revoked,
        disabled,
        ended,
    };
    alone(&connection)?;
    drop(connection);
    let synced = File::open(&base.path).and_then(|file| file.sync_all());
    synced.map_err(|error| file_error("what is restored can't be written:", &base.path, &error))?;
    make_private(&base.path)?;
    Ok(report)
}

#[cfg(unix)]
fn make_private(path: &Path) -> Result<()> {
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .map_err(|error| file_error("what is restored can't be written:", path, &error))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> Result<()> {
    Ok(())
}
