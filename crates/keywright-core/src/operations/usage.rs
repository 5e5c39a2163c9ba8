//! What a verify may have to write: the first use of an idempotently issued key, a charge to its
//! limits, and the digest in place of an imported hash.

use crate::codes::VerifyCode;
use crate::error::Result;
use crate::ids::KeyId;
use crate::keys::{KeptSecret, Key, Material, Version, VersionPatch};
use crate::limits::{Cost, Counter, Limit, Refusal, charge, remaining};
use crate::store::{ForeignScheme, Found, Lookup, Tx};
use crate::time::Timestamp;
use crate::verify::{Requirements, judge};

/// What came of a use.
#[derive(Clone, Debug)]
pub struct Use {
    /// The key and the version as they are now.
    pub found: Found,
    /// What was judged; `valid` still has to be granted by the limits.
    pub code: VerifyCode,
    /// What was charged, where it was valid.
    pub charge: Charge,
}

/// Makes a use durable: judges the key once more, as it and the time are now (the write may have
/// waited since it was found), charges its limits and confirms its first use. `None` if the version
/// has got another secret meanwhile, so that the verify must begin anew.
pub fn record_use(
    tx: &mut dyn Tx,
    version: &Version,
    requirements: &Requirements,
    now_ms: i64,
) -> Result<Option<Use>> {
    let Some(found) = same_secret(tx, version)? else {
        return Ok(None);
    };
    let code = judge(&found, requirements, Timestamp::from_unix_ms(now_ms));
    let mut charge = Charge::default();
    if code.is_valid() {
        let cost = Cost {
            credits: requirements.cost,
        };
        charge = charge_found(tx, found.key.clone(), cost, now_ms)?;
        // A use that a limit refuses is no first use.
        if charge.refused.is_none() {
            confirm(tx, &found.version)?;
        }
    }
    Ok(Some(Use {
        found,
        code,
        charge,
    }))
}

/// The version as it is now, if it still has the secret that it had.
fn same_secret(tx: &mut dyn Tx, version: &Version) -> Result<Option<Found>> {
    let lookup = match &version.lookup {
        None => Lookup::Locator(version.locator),
        Some(value) => Lookup::Foreign(vec![value.clone()]),
    };
    let same = |it: &Found| it.version.id == version.id && it.version.material == version.material;
    Ok(tx.find(&lookup)?.filter(same))
}

fn confirm(tx: &mut dyn Tx, version: &Version) -> Result<()> {
    if version.unconfirmed {
        let patch = VersionPatch {
            unconfirmed: Some(false),
            ..VersionPatch::default()
        };
        tx.patch_version(version, &patch)?;
    }
    Ok(())
}

/// Makes the first use durable: from here on a retry of the create is told `already_issued`.
/// False if the version has changed meanwhile, so that the verify must begin anew.
pub fn confirm_first_use(tx: &mut dyn Tx, version: &Version) -> Result<bool> {
    let Some(found) = same_secret(tx, version)? else {
        return Ok(false);
    };
    confirm(tx, &found.version)?;
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
    charge_found(tx, key, *cost, now_ms).map(Some)
}

fn charge_found(tx: &mut dyn Tx, key: Key, cost: Cost, now_ms: i64) -> Result<Charge> {
    let mut counters = Vec::with_capacity(key.limits.len());
    for limit in &key.limits {
        counters.push(tx.counter(key.id, &limit.name)?.unwrap_or_default());
    }
    let pairs: Vec<_> = key.limits.iter().zip(&counters).collect();
    let refused = match charge(&pairs, &cost, now_ms) {
        Ok(charged) => {
            for (limit, counter) in key.limits.iter().zip(&charged) {
                tx.put_counter(key.id, &limit.name, counter)?;
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
    Ok(Charge {
        limits: key.limits.into_iter().zip(&counters).map(left).collect(),
        refused,
    })
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
