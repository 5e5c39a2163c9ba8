//! Opening: look before touching, make what isn't there, check that everything belongs together. All
//! of it under one advisory lock, so that servers that start at the same moment do it one after the
//! other.

use crate::address::Address;
use crate::base::Base;
use crate::error::{Meaning, OrError as _};
use crate::gate::Gate;
use crate::link::{Link, Trouble, lock_key};
use crate::log::{self, Log};
use crate::log_file::LogFile;
use crate::meta::{self, Identity};
use crate::session::Session;
use crate::transaction::roll_back;
use crate::{past, schema, tls};
use keywright_core::audit::Actor;
use keywright_core::ids::{ProjectId, ServiceAccountId};
use keywright_core::operations::{Context, ensure_default_project};
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::Brand;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What [`PostgresStore::open`](crate::PostgresStore::open) needs.
#[derive(Clone)]
pub struct PostgresOptions {
    /// Where the database is.
    pub address: Address,
    /// The peppers of the store. A further one is taken in if nobody else has the store open; see
    /// [`PostgresStore::peppers`](crate::PostgresStore::peppers).
    pub peppers: Arc<PepperRing>,
    /// What tells the time of the events that opening may write.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of a new store come from.
    pub random: Arc<dyn Random>,
    /// The brand of a new store (`kw` if absent); where the store is there already and this is
    /// given, it must be the same.
    pub brand: Option<Brand>,
    /// Make the store if it isn't there.
    pub create: bool,
    /// Where this server keeps what it has seen of the revocation log, so that a database that was
    /// taken back doesn't bring anything to life while no server runs. Made where it isn't there.
    /// Without it a server that starts believes the database.
    pub revocations: Option<PathBuf>,
}

/// An open store, still without its threads.
pub(crate) struct Opened {
    pub(crate) base: Base,
    pub(crate) link: Link,
    /// This server's number among those that write.
    pub(crate) writer: i64,
}

/// Whether there is a store.
pub(crate) fn exists(address: &Address) -> Result<bool> {
    let secure = tls::connector(address)?;
    let mut link = Link::connect(address, secure.as_ref())?;
    let there = is_there(&mut link, address);
    link.close();
    there
}

/// Opens a store, or makes one. Gives the connection that will write.
pub(crate) fn open(options: &PostgresOptions) -> Result<Opened> {
    /// How often that is tried where other transactions are in the way.
    const TRIES: u32 = 5;
    let address = &options.address;
    let secure = tls::connector(address)?;
    let mut link = Link::connect(address, secure.as_ref())?;
    let mut tries = 0;
    let (base, writer) = loop {
        let mut base = None;
        let opened = link
            .batch("BEGIN ISOLATION LEVEL READ COMMITTED")
            .map_err(Failure::from)
            .and_then(|()| prepare(&mut link, options, secure.clone(), &mut base))
            .and_then(|writer| link.batch("COMMIT").map(|()| writer).map_err(Failure::from));
        match (opened, base) {
            (Ok(writer), Some(base)) => break (base, writer),
            (Err(failure), _) => {
                roll_back(&link);
                tries += 1;
                if !failure.is_conflict || tries == TRIES {
                    return Err(failure.error);
                }
            }
            (Ok(_), None) => return Err(crate::error::internal("opening gave no store")),
        }
    };
    link.hold_open(address.schema())?;
    Ok(Opened { base, link, writer })
}

/// Why opening failed, and whether it may be tried again.
struct Failure {
    is_conflict: bool,
    error: Error,
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self {
            is_conflict: trouble.meaning == Meaning::Conflict,
            error: trouble.error,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            is_conflict: false,
            error,
        }
    }
}

/// Everything of opening that is one transaction; gives this server's number as a writer.
fn prepare(
    link: &mut Link,
    options: &PostgresOptions,
    secure: Option<tls::Secure>,
    place: &mut Option<Base>,
) -> Result<i64, Failure> {
    let schema = options.address.schema();
    link.execute(
        "SELECT pg_advisory_xact_lock($1)",
        &[&lock_key("opening", schema)],
    )?;
    let is_new = !is_there(link, &options.address)?;
    let identity = if is_new {
        create(link, options)?
    } else {
        join(link, options)?
    };
    let peppers = settle_peppers(link, options)?;
    let store_id = identity.store_id;
    let file = options.revocations.as_deref().map(LogFile::new);
    // What the file knows counts as seen, whatever the database says.
    let seen = file
        .as_ref()
        .map(|file| file.read(&peppers, &store_id))
        .transpose()?;
    let (seen, saved) = seen.unzip();
    let base = place.insert(Base {
        address: options.address.clone(),
        secure,
        log: Log::new(
            Arc::clone(&peppers),
            store_id.clone(),
            log::Known::default(),
            file.zip(saved),
        ),
        peppers,
        store_id,
        brand: identity.brand,
        gate: Gate::default(),
        clock: Arc::clone(&options.clock),
        process: std::process::id(),
        closed: AtomicBool::new(false),
    });
    link.batch("LOCK TABLE writing IN EXCLUSIVE MODE")?;
    let (known, all, lacked) = past::tell_again(link, base, |known| {
        seen.map(|seen| log::lacking(&seen.index, &known.index))
            .unwrap_or_default()
    })?;
    if options.revocations.is_none() {
        tracing::info!(target: "keywright", "this server keeps no file of what was revoked: a database that is taken back while no server runs is believed");
    }
    if lacked > 0 {
        tracing::error!(target: "keywright", lacked, "the database was taken back to an older state than this server's revocation log, and has been told what was revoked since");
    }
    base.log.compare_file(&all);
    base.log.replace(known);
    if is_new {
        let context = Context {
            actor: Actor::default(),
            now: options.clock.now(),
        };
        let mut session = Session::new(link, base);
        session.begin()?;
        ensure_default_project(
            &mut session,
            &context,
            ProjectId::generate(options.random.as_ref())?,
            ServiceAccountId::generate(options.random.as_ref())?,
        )?;
    }
    Ok(writer(link)?)
}

fn is_there(link: &mut Link, address: &Address) -> Result<bool> {
    let name = format!("{}.meta", address.schema());
    let rows = link.query("SELECT to_regclass($1) IS NOT NULL", &[&name])?;
    Ok(rows
        .first()
        .is_some_and(|row| row.try_get(0).unwrap_or(false)))
}

/// Makes the tables, and their schema unless somebody else has made it for this user.
fn create(link: &mut Link, options: &PostgresOptions) -> Result<Identity> {
    let schema = options.address.schema();
    if !options.create {
        return Err(Error::new(
            ErrorCode::Unavailable,
            format!("there is no store at {}", options.address),
        )
        .hint("look at the database and the schema in the URL, or let the store be made"));
    }
    let there = link.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&schema])?;
    if there.is_empty() {
        link.batch(&format!("CREATE SCHEMA \"{schema}\""))?;
    }
    link.batch(schema::CREATE)?;
    let brand = options.brand.clone().unwrap_or_default();
    let store_id = meta::new_store_id(options.random.as_ref())?;
    Identity::write(link, &options.peppers, &store_id, &brand)?;
    Identity::read(link)
}

/// Looks whether the store that is there is one to go on with.
fn join(link: &mut Link, options: &PostgresOptions) -> Result<Identity> {
    meta::check_schema(link)?;
    let identity = Identity::read(link)?;
    meta::check_peppers(link, &options.peppers)?;
    identity.check(&options.peppers)?;
    let brand = identity.brand.as_str();
    if options
        .brand
        .as_ref()
        .is_some_and(|wanted| *wanted != identity.brand)
    {
        return Err(Error::invalid(format!(
            "the brand of this store is {brand}, and can't be changed"
        ))
        .hint("leave the brand out, or make another store"));
    }
    Ok(identity)
}

/// A further pepper is taken in where nobody else has the store open, and left out elsewhere: others
/// may not have it. Whoever opens the store meanwhile waits for the lock of opening.
fn settle_peppers(link: &mut Link, options: &PostgresOptions) -> Result<Arc<PepperRing>> {
    let given = &options.peppers;
    if !meta::check_peppers(link, given)? {
        return Ok(Arc::clone(given));
    }
    let key = lock_key("open", options.address.schema());
    let rows = link.query("SELECT pg_try_advisory_xact_lock($1)", &[&key])?;
    let is_alone = rows
        .first()
        .is_some_and(|row| row.try_get(0).unwrap_or(false));
    if is_alone {
        meta::add_peppers(link, given)?;
        return Ok(Arc::clone(given));
    }
    tracing::warn!(target: "keywright", "a further pepper is not used before all that have the store open have closed it");
    Ok(Arc::new(meta::known_peppers(link, given)?))
}

/// A number among those that write. Servers that were not closed leave theirs behind.
fn writer(link: &mut Link) -> Result<i64> {
    link.batch("DELETE FROM writers WHERE at < now() - interval '30 days'")?;
    let rows = link.query(
        "INSERT INTO writers (last, at) VALUES (0, now()) RETURNING n",
        &[],
    )?;
    let number = rows.first().map(|row| row.try_get(0).or_error());
    number.unwrap_or_else(|| Err(crate::error::internal("a row was not written")))
}
