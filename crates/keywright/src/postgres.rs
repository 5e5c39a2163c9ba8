//! Opening a PostgreSQL store: what is asked for before its server is.

use crate::manager::{Opened, wanted_brand};
use crate::options::{
    ENV_PEPPER, ENV_PEPPER_FILE, ENV_REVOCATIONS, OpenOptions, PepperSource, environment,
};
use crate::pepper_file;
use keywright_core::random::Random;
use keywright_core::store::Store;
use keywright_core::time::Clock;
use keywright_core::{Error, ErrorCode, Result};
use keywright_postgres::{Address, PostgresOptions, PostgresStore};
use std::path::PathBuf;
use std::sync::Arc;

/// Opens the store, or makes it.
pub(crate) async fn open(
    address: &Address,
    options: &OpenOptions,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> Result<Opened> {
    // Only a secret store makes a pepper, and only for a store that isn't there yet.
    let exists = match &options.pepper {
        PepperSource::Store { .. } => PostgresStore::exists(address).await?,
        _ => true,
    };
    let peppers = pepper_file::given(&options.pepper, exists, random.as_ref())?;
    let store = PostgresStore::open(PostgresOptions {
        address: address.clone(),
        peppers: Arc::new(peppers.ok_or_else(no_pepper)?),
        clock: Arc::clone(clock),
        random: Arc::clone(random),
        brand: wanted_brand(options)?,
        create: !options.must_exist,
        revocations: environment(ENV_REVOCATIONS)?.map(PathBuf::from),
    })
    .await?;
    Ok(opened(store))
}

/// What a manager needs of an open store.
pub(crate) fn opened(store: PostgresStore) -> Opened {
    let store = Arc::new(store);
    Opened {
        peppers: store.peppers(),
        brand: store.brand().clone(),
        store: Arc::clone(&store) as Arc<dyn Store>,
        #[cfg(feature = "sqlite")]
        sqlite: None,
        postgres: Some(store),
    }
}

fn no_pepper() -> Error {
    Error::new(
        ErrorCode::Pepper,
        "a PostgreSQL store has no place for its pepper",
    )
    .hint(format!(
        "give all servers the same one by {ENV_PEPPER} or {ENV_PEPPER_FILE}; `openssl rand -hex 32` makes one"
    ))
}
