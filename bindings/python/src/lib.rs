//! The Python skin: converts, calls, maps errors, and decides nothing. The package `python/` puts
//! Python's idiom around it; only that is public.

#![expect(
    clippy::needless_pass_by_value,
    reason = "what comes from Python is converted, and owned here"
)]

mod arguments;
mod bell;
mod call;
mod command;
mod created;
mod detached;
mod errors;
mod export;
mod groups;
mod http;
mod import;
mod json;
mod log;
mod manager;
mod open;
mod opened;
mod page;
mod record;
mod records;
mod secret;
#[cfg(feature = "test-support")]
mod testing;
mod times;
mod verification;
mod words;

/// The native half of `keywright`.
#[pyo3::pymodule]
mod _native {
    #[pymodule_export]
    use crate::arguments::Unset;
    #[pymodule_export]
    use crate::bell::Bell;
    #[pymodule_export]
    use crate::command::run_cli;
    #[pymodule_export]
    use crate::created::Created;
    #[pymodule_export]
    use crate::detached::{begin_anew, end, is_quiet};
    #[pymodule_export]
    use crate::export::Export;
    #[pymodule_export]
    use crate::groups::{AdminKeys, Projects, ServiceAccounts, Users};
    #[pymodule_export]
    use crate::http::{Authorization, HttpPolicy, RequestParts};
    #[pymodule_export]
    use crate::import::ImportRecord;
    #[pymodule_export]
    use crate::log::LogRecord;
    #[pymodule_export]
    use crate::manager::Manager;
    #[pymodule_export]
    use crate::open::open_store;
    #[pymodule_export]
    use crate::page::{KeysPage, Logo, PageResponse, Permission};
    #[pymodule_export]
    use crate::records::{
        ApiKey, AuditEvent, BrokenLink, DailyUse, KeyOwner, KeyVersion, Limit, Project,
        RefusedRecord, ServiceAccount, User,
    };
    #[pymodule_export]
    use crate::secret::Secret;
    #[cfg(feature = "test-support")]
    #[pymodule_export]
    use crate::testing::{TestClock, TestRandom, open_for_tests, words};
    #[pymodule_export]
    use crate::verification::Verification;

    /// The package's version.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
