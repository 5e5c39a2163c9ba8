//! Opening the store: who may make one, what is said about a new one, who is named in the audit
//! trail.

use crate::app::App;
use crate::failure::{Failure, Outcome};
use crate::git;
use crate::log::StandardError;
use keywright::{
    DEFAULT_STORE, ENV_PEPPER, ENV_PEPPER_FILE, ENV_STORE, Error, ErrorCode, KeyManager,
    OpenOptions, pepper_path,
};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a command does with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Reads; the store must be there.
    Read,
    /// Changes what is there; the store must be there.
    Change,
    /// Adds something, and makes the store if it isn't there.
    Add,
    /// Lets others add and change, for as long as it runs, and makes the store if it isn't there.
    #[cfg(feature = "serve")]
    Serve,
}

impl Access {
    /// Whether it makes a store that isn't there.
    const fn makes(self) -> bool {
        match self {
            Self::Read | Self::Change => false,
            Self::Add => true,
            #[cfg(feature = "serve")]
            Self::Serve => true,
        }
    }
}

impl App {
    /// Opens the store, does the work, and stores what was held back.
    pub(crate) fn with_store<T>(
        &self,
        access: Access,
        work: impl AsyncFnOnce(&KeyManager) -> Outcome<T>,
    ) -> Outcome<T> {
        let file = self.store_file();
        let before = file.as_deref().is_some_and(Path::exists);
        if let Some(file) = file.as_deref().filter(|file| is_something_else(file)) {
            return Err(something_else(file));
        }
        futures_executor::block_on(async {
            let keys = self.open(access, before).await?;
            if access.makes()
                && !before
                && let Some(file) = &file
            {
                self.tell_of_new_store(file);
            }
            let outcome = work(&keys).await;
            if matches!(access, Access::Add | Access::Change) && outcome.is_ok() {
                self.warn_of_pepper();
            }
            if let Err(error) = keys.close().await {
                // What was changed is durable by now; only last uses can be lost.
                let message = format!("last uses could not be stored: {}", error.message);
                self.warn(&message, error.hint.as_deref());
            }
            outcome
        })
    }

    async fn open(&self, access: Access, there: bool) -> Outcome<KeyManager> {
        match KeyManager::open(self.store.as_deref(), self.open_options(access)).await {
            // The library doesn't know how a store is named here, and what makes it.
            Err(error)
                if error.code == ErrorCode::Unavailable
                    && !access.makes()
                    && !there
                    && !self.is_postgres() =>
            {
                Err(Failure::from(error).hint(
                    "name another with --store or KEYWRIGHT_STORE, or create a key to make it",
                ))
            }
            opened => Ok(opened?),
        }
    }

    fn open_options(&self, access: Access) -> OpenOptions {
        OpenOptions {
            must_exist: !access.makes(),
            actor: Some(who_acts()),
            log_sink: Some(Arc::new(StandardError {
                from: self.log,
                json: self.json,
            })),
            ..OpenOptions::default()
        }
    }

    /// The store's name, as it may be shown: the address of a database without user and password.
    pub(crate) fn store_name(&self) -> String {
        keywright::for_skins::shown_store(&self.given_store())
    }

    /// Whether the store is a PostgreSQL database.
    pub(crate) fn is_postgres(&self) -> bool {
        let name = self.given_store();
        let scheme = name.split_once(':').map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| {
            ["postgres", "postgresql"].contains(&scheme.to_ascii_lowercase().as_str())
        })
    }

    /// The store's name, as the library takes it.
    fn given_store(&self) -> String {
        let environment = || {
            std::env::var(ENV_STORE)
                .ok()
                .filter(|text| !text.is_empty())
        };
        self.store
            .clone()
            .or_else(environment)
            .unwrap_or_else(|| DEFAULT_STORE.to_owned())
    }

    /// The store's file, if it is one.
    pub(crate) fn store_file(&self) -> Option<PathBuf> {
        let name = self.given_store();
        (name != "memory:" && !self.is_postgres())
            .then(|| PathBuf::from(name.strip_prefix("sqlite:").unwrap_or(&name)))
    }

    /// Warns if the pepper's file could end up in a repository.
    pub(crate) fn warn_of_pepper(&self) {
        if let Some(pepper) = self.store_file().as_deref().and_then(pepper_file) {
            git::warn_of_pepper(self, &pepper);
        }
    }

    fn tell_of_new_store(&self, file: &Path) {
        self.note(&format!("made the store {}", file.display()));
        let from = match pepper_file(file) {
            None => format!("comes from {ENV_PEPPER}"),
            Some(pepper) => format!("lies in {}", pepper.display()),
        };
        self.note(&format!(
            "its pepper {from}: without it no key can be verified"
        ));
    }
}

/// The file that the pepper lies in, if it lies in one.
fn pepper_file(store: &Path) -> Option<PathBuf> {
    if set(ENV_PEPPER) {
        return None;
    }
    let named = std::env::var_os(ENV_PEPPER_FILE).filter(|name| !name.is_empty());
    Some(named.map_or_else(|| pepper_path(store), PathBuf::from))
}

/// Whether a file is there and is no database. What can't be read is left to the library.
fn is_something_else(file: &Path) -> bool {
    const BEGINNING: &[u8] = b"SQLite format 3\0";
    let mut found = Vec::new();
    let read = File::open(file)
        .and_then(|opened| opened.take(BEGINNING.len() as u64).read_to_end(&mut found));
    read.is_ok_and(|count| count > 0) && found != BEGINNING
}

fn something_else(file: &Path) -> Failure {
    let message = format!("{} is no keywright database", file.display());
    Failure::from(Error::new(ErrorCode::Unavailable, message))
        .hint("name the store with --store or KEYWRIGHT_STORE")
}

fn set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|text| !text.is_empty())
}

/// Who acts, in the audit trail.
pub(crate) fn who_acts() -> String {
    actor(login().as_deref())
}

/// Who is logged in, as the environment says. It is a help for reading the trail, and no proof.
fn login() -> Option<String> {
    ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| {
        let value = std::env::var_os(name)?;
        Some(value.to_string_lossy().into_owned()).filter(|text| !text.is_empty())
    })
}

/// `cli:alice`; `cli` where nothing fit to be shown is known.
fn actor(login: Option<&str>) -> String {
    let fit = |c: &char| c.is_ascii_alphanumeric() || "._@-".contains(*c);
    let name: String = login
        .unwrap_or_default()
        .chars()
        .filter(fit)
        .take(64)
        .collect();
    if name.is_empty() {
        "cli".to_owned()
    } else {
        format!("cli:{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actor_is_the_login_name_without_tricks() {
        assert_eq!(actor(Some("alice")), "cli:alice");
        assert_eq!(actor(Some("a\u{1b}[31m b")), "cli:a31mb");
        assert_eq!(actor(Some("\u{202e}")), "cli");
        assert_eq!(actor(None), "cli");
        assert_eq!(actor(Some(&"x".repeat(500))).len(), 68);
    }
}
