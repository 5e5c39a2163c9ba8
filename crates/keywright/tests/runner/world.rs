//! What a scenario runs in: one store of its own, a clock that moves only when told to, randomness
//! from a seed.

use super::Trouble;
use super::args::{Args, Taken};
use futures_executor::block_on;
use keywright::{
    Class, ENV_BRAND, ENV_PEPPER, ENV_PEPPER_FILE, ENV_REVOCATIONS, ENV_STORE, KeyManager,
    ManualClock, OpenOptions, PepperSource, SeededRandom,
};
use std::sync::Arc;

/// Where the clock stands when a scenario begins: 2027-01-15T08:00:00Z.
const START: i64 = 1_800_000_000;
/// What randomness is seeded with.
const SEED: u64 = 1;

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    /// `memory:`
    Memory,
    /// A new SQLite file.
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// A new schema on a PostgreSQL server of the tests' own.
    #[cfg(feature = "postgres")]
    Postgres,
}

/// The pepper where a scenario gives none and the store has no place for one.
#[cfg(feature = "postgres")]
const PEPPER: &str = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a";

impl StoreKind {
    /// The embedded ones that this build has: those that every language runs on.
    pub(crate) const EMBEDDED: &'static [Self] = &[
        Self::Memory,
        #[cfg(feature = "sqlite")]
        Self::Sqlite,
    ];

    /// Its name in scenarios.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            #[cfg(feature = "sqlite")]
            Self::Sqlite => "sqlite",
            #[cfg(feature = "postgres")]
            Self::Postgres => "postgres",
        }
    }

    /// The pepper of stores that have no place of their own for one.
    const fn default_pepper(self) -> Option<&'static str> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => Some(PEPPER),
            _ => None,
        }
    }

    /// The name under which a scenario asks for a store like this one: what outlives its manager is
    /// asked for as `sqlite`.
    pub(crate) const fn alike(self) -> &'static str {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres => "sqlite",
            kind => kind.name(),
        }
    }
}

/// A running scenario.
pub(crate) struct World {
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) keys: KeyManager,
    random: Arc<SeededRandom>,
    store: String,
    /// Where a scenario gives no pepper.
    pepper: Option<&'static str>,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    /// A fresh store of that kind, opened.
    pub(crate) fn open(kind: StoreKind, options: Args) -> Taken<Self> {
        let default_pepper = kind.default_pepper();
        let (store, folder) = match kind {
            StoreKind::Memory => ("memory:".to_owned(), None),
            #[cfg(feature = "sqlite")]
            StoreKind::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("keys.db");
                (path.to_str().unwrap().to_owned(), Some(folder))
            }
            #[cfg(feature = "postgres")]
            StoreKind::Postgres => {
                let server = keywright_testkit::postgres::PostgresServer::shared();
                (server.url(&server.new_schema()), None)
            }
        };
        let (clock, random) = (
            Arc::new(ManualClock::at(START)),
            Arc::new(SeededRandom::new(SEED)),
        );
        let keys = open(&store, options, default_pepper, &clock, &random)?;
        Ok(Self {
            clock,
            keys,
            random,
            store,
            pepper: default_pepper,
            _folder: folder,
        })
    }

    /// Closes the store and opens it again, or another one.
    pub(crate) fn reopen(&mut self, mut options: Args) -> Taken<()> {
        let store = options
            .maybe("store")?
            .unwrap_or_else(|| self.store.clone());
        block_on(self.keys.close())?;
        self.keys = open(&store, options, self.pepper, &self.clock, &self.random)?;
        Ok(())
    }
}

fn open(
    store: &str,
    mut args: Args,
    default_pepper: Option<&str>,
    clock: &Arc<ManualClock>,
    random: &Arc<SeededRandom>,
) -> Taken<KeyManager> {
    let classes: Option<Vec<String>> = args.maybe("accepted_classes")?;
    let classes = classes.map(|names| {
        names
            .iter()
            .map(|name| Class::parse(name))
            .collect::<Result<_, _>>()
    });
    let pepper: Option<String> = args.maybe("pepper")?;
    let pepper = pepper.or_else(|| default_pepper.map(str::to_owned));
    let options = OpenOptions {
        pepper: pepper.map_or(PepperSource::Environment, |text| {
            PepperSource::Value(text.into())
        }),
        brand: args.maybe("brand")?,
        accepted_classes: classes.transpose()?,
        must_exist: args.or_default("must_exist")?,
        actor: args.maybe("actor")?,
        log_sink: None,
        clock: Some(Arc::clone(clock) as _),
        random: Some(Arc::clone(random) as _),
    };
    args.done()?;
    block_on(KeyManager::open(Some(store), options)).map_err(Trouble::from)
}

/// Scenarios say how a store is opened; nothing else may.
pub(crate) fn refuse_environment() {
    for name in [
        ENV_STORE,
        ENV_PEPPER,
        ENV_PEPPER_FILE,
        ENV_BRAND,
        ENV_REVOCATIONS,
    ] {
        assert!(
            std::env::var_os(name).is_none(),
            "unset {name}: scenarios don't reckon with it"
        );
    }
}
