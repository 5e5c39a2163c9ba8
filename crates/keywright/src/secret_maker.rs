//! Making secrets: for a key that is issued, and for one that rotates.

use crate::manager::KeyManager;
use keywright_core::ids::{KeyId, VersionId};
use keywright_core::keys::{KeptSecret, Material, StoredDigest};
use keywright_core::operations::NewSecret;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::secret::{Brand, Class, Locator};
use keywright_core::{Result, Secret};
use std::sync::Arc;

impl KeyManager {
    pub(crate) fn secret_maker(&self) -> SecretMaker {
        SecretMaker {
            brand: self.inner.brand.clone(),
            peppers: Arc::clone(&self.inner.peppers),
            random: Arc::clone(&self.inner.random),
        }
    }
}

/// What it takes to make secrets. An operation that makes one holds this and not the manager: a
/// store must not be let go of by its own writer.
pub(crate) struct SecretMaker {
    brand: Brand,
    peppers: Arc<PepperRing>,
    random: Arc<dyn Random>,
}

impl SecretMaker {
    /// A secret, and what is kept of it.
    pub(crate) fn make(&self, class: Class) -> Result<(Secret, NewSecret)> {
        let random = self.random.as_ref();
        let locator = Locator::generate(random)?;
        let secret = Secret::generate(&self.brand, class, &locator, random)?;
        let (digest, chain) = self.peppers.digest(secret.reveal().as_bytes());
        let kept = KeptSecret {
            locator,
            lookup: None,
            material: Material::Digest {
                digest: StoredDigest(digest),
                chain,
            },
            redacted_value: secret.redacted_value().to_owned(),
        };
        let new = NewSecret {
            key: KeyId::generate(random)?,
            version: VersionId::generate(random)?,
            kept,
        };
        Ok((secret, new))
    }
}
