//! What a verify may have to write: the first use of an idempotently issued key, a charge to its
//! limits, and the digest in place of an imported hash.

use crate::error::Result;
use crate::ids::KeyId;
use crate::keys::{KeptSecret, Material, Version, VersionPatch};
use crate::limits::{Cost, Counter, Limit, Refusal, charge, remaining};
use crate::store::{ForeignScheme, Lookup, Tx};

/// Makes the first use durable: from here on a retry of the create is told `already_issued`.
/// False if the version has changed meanwhile, so that the verify must begin anew.
pub fn confirm_first_use(tx: &mut dyn Tx, version: &Version) -> Result<bool> {
    let Some(found) = tx.find(&Lookup::Locator(version.locator))? else {
        return Ok(false);
    };
    if found.version.id != version.id || found.version.material != version.material {
        return Ok(false);
    }
    if found.version.unconfirmed {
        tx.patch_version(
            &found.version,
            &VersionPatch {
                unconfirmed: Some(false),
                ..VersionPatch::default()
            },
        )?;
    }
    Ok(true)
}

/// What became of a charge.
#[derive(Clone, Debug, Default)]
pub struct Charge {
    /// The key's limits, each with what is left of it now.
    pub limits: Vec<(Limit, u64)>,
    /// Which of them refused, by its place, and for how long; nothing was charged then.
    pub refused: Option<Refusal>,
}

impl Charge {
    /// The limit that refused.
    #[must_use]
    pub fn refusing(&self) -> Option<&Limit> {
        Some(&self.limits.get(self.refused?.index)?.0)
    }
}

/// Charges a use to all limits of a key, or to none. `None` if the key is gone.
pub fn charge_key(tx: &mut dyn Tx, id: KeyId, cost: &Cost, now_ms: i64) -> Result<Option<Charge>> {
    let Some(key) = tx.key(id)? else {
        return Ok(None);
    };
    let mut counters = Vec::with_capacity(key.limits.len());
    for limit in &key.limits {
        counters.push(tx.counter(id, &limit.name)?.unwrap_or_default());
    }
    let pairs: Vec<_> = key.limits.iter().zip(&counters).collect();
    let refused = match charge(&pairs, cost, now_ms) {
        Ok(charged) => {
            for (limit, counter) in key.limits.iter().zip(&charged) {
                tx.put_counter(id, &limit.name, counter)?;
            }
            counters = charged;
            None
        }
        Err(refusal) => Some(refusal),
    };
    let left = |(limit, counter): (Limit, &Counter)| {
        let left = remaining(&limit, counter, now_ms);
        (limit, left)
    };
    Ok(Some(Charge {
        limits: key.limits.into_iter().zip(&counters).map(left).collect(),
        refused,
    }))
}

/// Puts our digest in place of an imported hash, if the version is still as it was.
pub fn upgrade_foreign(
    tx: &mut dyn Tx,
    version: &Version,
    upgraded: &KeptSecret,
    scheme: &ForeignScheme,
) -> Result<()> {
    let unchanged = tx
        .versions(version.key)?
        .into_iter()
        .find(|now| now.id == version.id && now.row_version == version.row_version);
    let Some(unchanged) = unchanged.filter(|it| matches!(it.material, Material::Foreign { .. }))
    else {
        return Ok(());
    };
    tx.put_foreign_scheme(scheme)?;
    tx.patch_version(
        &unchanged,
        &VersionPatch {
            secret: Some(upgraded.clone()),
            ..VersionPatch::default()
        },
    )?;
    Ok(())
}
