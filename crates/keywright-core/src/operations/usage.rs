//! What a verify may have to write: the first use of an idempotently issued key, a charge to its
//! limits, and the digest in place of an imported hash.

use crate::error::Result;
use crate::ids::KeyId;
use crate::keys::{KeptSecret, Material, Version, VersionPatch};
use crate::limits::{Cost, Counter, Refusal, charge};
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

/// Charges a use to all limits of a key, or to none. `None` if the key is gone.
pub fn charge_key(
    tx: &mut dyn Tx,
    id: KeyId,
    cost: &Cost,
    now_ms: i64,
) -> Result<Option<Result<(), (String, Refusal)>>> {
    let Some(key) = tx.key(id)? else {
        return Ok(None);
    };
    let mut counters = Vec::with_capacity(key.limits.len());
    for limit in &key.limits {
        counters.push(tx.counter(id, &limit.name)?.unwrap_or_default());
    }
    let pairs: Vec<_> = key.limits.iter().zip(&counters).collect();
    let charged: Vec<Counter> = match charge(&pairs, cost, now_ms) {
        Ok(charged) => charged,
        Err(refusal) => {
            let name = key
                .limits
                .get(refusal.index)
                .map(|limit| limit.name.to_string());
            return Ok(Some(Err((name.unwrap_or_default(), refusal))));
        }
    };
    for (limit, counter) in key.limits.iter().zip(&charged) {
        tx.put_counter(id, &limit.name, counter)?;
    }
    Ok(Some(Ok(())))
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
