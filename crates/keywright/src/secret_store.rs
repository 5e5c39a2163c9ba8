//! Where only the application can keep secrets (a keychain, a keystore, a cloud's secret manager),
//! and the pepper that lies there.

use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::{Error, ErrorCode, Result, Secret};

/// Keeps secrets for an application, each under a name. Calls may take their time: they block the
/// thread that opens the store, and no other.
///
/// What an implementation's error says is not passed on: it could hold a secret.
///
/// ```
/// use keywright::{KeyManager, OpenOptions, PepperSource, Result, Secret, SecretStore};
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
///
/// #[derive(Default)]
/// struct InMemory(Mutex<HashMap<String, String>>);
///
/// impl SecretStore for InMemory {
///     fn load(&self, name: &str) -> Result<Option<Secret>> {
///         let kept = self.0.lock().unwrap().get(name).cloned();
///         Ok(kept.map(Secret::from_string))
///     }
///     fn save(&self, name: &str, secret: &Secret) -> Result<()> {
///         let kept = secret.reveal().to_owned();
///         self.0.lock().unwrap().insert(name.to_owned(), kept);
///         Ok(())
///     }
///     fn delete(&self, name: &str) -> Result<()> {
///         self.0.lock().unwrap().remove(name);
///         Ok(())
///     }
/// }
///
/// # futures_executor::block_on(async {
/// let secrets = Arc::new(InMemory::default());
/// let pepper = PepperSource::Store { secrets: secrets.clone(), name: "app.pepper".into() };
/// KeyManager::open(Some("memory:"), OpenOptions { pepper, ..OpenOptions::default() }).await?;
/// assert!(secrets.load("app.pepper")?.is_some()); // made with the store, as there was none
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
pub trait SecretStore: Send + Sync + 'static {
    /// The secret of that name; `None` if there is none.
    fn load(&self, name: &str) -> Result<Option<Secret>>;

    /// Keeps a secret under that name, in place of what is there. When this returns, `load` gives
    /// it, also after a crash.
    fn save(&self, name: &str, secret: &Secret) -> Result<()>;

    /// Forgets the secret of that name; there being none is fine.
    fn delete(&self, name: &str) -> Result<()>;
}

/// The pepper that is kept there: looked up where the store exists, made with a new one.
pub(crate) fn pepper(
    secrets: &dyn SecretStore,
    name: &str,
    store_exists: bool,
    random: &dyn Random,
) -> Result<PepperRing> {
    if let Some(kept) = load(secrets, name)? {
        return parse(&kept);
    }
    if store_exists {
        return Err(refusal("the secret store has no pepper of that name").hint(
            "name the one that this store was made with; without it no key can be verified",
        ));
    }
    let made = Secret::from_string(PepperRing::generate(random)?.to_text().to_string());
    secrets.save(name, &made).map_err(|_| failure())?;
    // What it gives back is what the next opening will have.
    let kept = load(secrets, name)?;
    if kept.is_none_or(|kept| kept.reveal() != made.reveal()) {
        return Err(
            refusal("the secret store does not give back what is saved in it")
                .hint("nothing was made; see that `load` gives what `save` was given"),
        );
    }
    parse(&made)
}

fn load(secrets: &dyn SecretStore, name: &str) -> Result<Option<Secret>> {
    secrets.load(name).map_err(|_| failure())
}

fn parse(kept: &Secret) -> Result<PepperRing> {
    PepperRing::parse(kept.reveal()).map_err(|_| {
        refusal("what the secret store gave is no pepper")
            .hint("64 hexadecimal digits, or NUMBER:DIGITS for each of several")
    })
}

fn failure() -> Error {
    refusal("the application's secret store failed")
        .hint("nothing was changed; what went wrong is for the application to say")
}

fn refusal(message: &str) -> Error {
    Error::new(ErrorCode::Pepper, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyManager, OpenOptions, PepperSource};
    use std::collections::BTreeMap;
    use std::sync::{Arc, Mutex};

    /// What a store of secrets does wrong.
    #[derive(Clone, Copy, Default, PartialEq)]
    enum Fault {
        #[default]
        None,
        Fails,
        GivesRubbish,
        Forgets,
    }

    #[derive(Default)]
    struct Kept {
        secrets: Mutex<BTreeMap<String, String>>,
        fault: Fault,
    }

    impl SecretStore for Kept {
        fn load(&self, name: &str) -> Result<Option<Secret>> {
            let kept = self.secrets.lock().unwrap().get(name).cloned();
            match self.fault {
                Fault::Fails => Err(Error::invalid("0123 is a secret")),
                Fault::GivesRubbish => Ok(Some(Secret::from_string("rubbish".to_owned()))),
                Fault::Forgets => Ok(None),
                Fault::None => Ok(kept.map(Secret::from_string)),
            }
        }

        fn save(&self, name: &str, secret: &Secret) -> Result<()> {
            let kept = secret.reveal().to_owned();
            self.secrets.lock().unwrap().insert(name.to_owned(), kept);
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<()> {
            self.secrets.lock().unwrap().remove(name);
            Ok(())
        }
    }

    fn open(store: &str, secrets: &Arc<Kept>) -> Result<KeyManager> {
        let options = OpenOptions {
            pepper: PepperSource::Store {
                secrets: Arc::clone(secrets) as Arc<dyn SecretStore>,
                name: "pepper".to_owned(),
            },
            ..OpenOptions::default()
        };
        futures_executor::block_on(KeyManager::open(Some(store), options))
    }

    #[test]
    fn each_fault_is_the_documented_error_and_changes_nothing() {
        for fault in [Fault::Fails, Fault::GivesRubbish, Fault::Forgets] {
            let secrets = Arc::new(Kept {
                fault,
                ..Kept::default()
            });
            let refused = open("memory:", &secrets).unwrap_err();
            assert_eq!(refused.code, ErrorCode::Pepper);
            assert!(!format!("{refused:?}").contains("0123"));
        }
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn a_store_goes_with_the_pepper_that_was_made_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.db");
        let store = file.to_str().unwrap();
        let secrets = Arc::new(Kept::default());

        let keys = open(store, &secrets).unwrap();
        futures_executor::block_on(keys.close()).unwrap();
        assert!(!crate::pepper_path(&file).exists());
        let keys = open(store, &secrets).unwrap();
        futures_executor::block_on(keys.close()).unwrap();

        secrets.delete("pepper").unwrap();
        let refused = open(store, &secrets).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Pepper);
        assert!(secrets.secrets.lock().unwrap().is_empty(), "none is made");
    }
}
