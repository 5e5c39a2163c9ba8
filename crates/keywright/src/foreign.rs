//! Secrets that another system issued: which lookups a presented one gives, whether it matches, and
//! the digest that takes the old hash's place after the first good verify.

use crate::manager::KeyManager;
use crate::options::LogLevel;
use keywright_core::foreign::{
    ForeignHash, ForeignPrefix, HmacKey, HmacKeyId, LookupSchemes, MAX_HMAC_KEYS, Scheme, open,
    seal, secret_in_bounds,
};
use keywright_core::keys::{KeptSecret, Material, StoredDigest, Version};
use keywright_core::operations;
use keywright_core::pepper::PepperRing;
use keywright_core::random::Random;
use keywright_core::store::{ForeignScheme, Found, Lookup, Tx};
use keywright_core::{Error, ErrorCode, Result};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The scheme of secrets that are known by our own digest.
const OWN: &str = "own";
/// The schemes of secrets that are found by a prefix, each with its length behind it.
const PREFIX: &str = "prefix:";

/// The kinds of imported secrets, ready for use, and what they were read from.
#[derive(Default)]
pub(crate) struct SchemeCache {
    source: Option<Arc<[ForeignScheme]>>,
    schemes: Arc<Schemes>,
}

#[derive(Default)]
pub(crate) struct Schemes {
    exact: LookupSchemes,
    prefix_lengths: BTreeSet<usize>,
}

/// Whether anything imported could be this string: otherwise it is malformed, without a look-up.
pub(crate) fn may_be_known(manager: &KeyManager, secret: &[u8]) -> bool {
    secret_in_bounds(secret) && !manager.inner.store.foreign_schemes_now().is_empty()
}

/// The imported version that this is the secret of.
pub(crate) async fn find(manager: &KeyManager, secret: &[u8]) -> Result<Option<Found>> {
    if !may_be_known(manager, secret) {
        return Ok(None);
    }
    let schemes = schemes(manager)?;
    let wanted = candidates(&manager.inner.peppers, &schemes, secret);
    let lookup = Lookup::Foreign(wanted);
    let Some(found) = manager.inner.store.find(lookup.clone()).await? else {
        return Ok(None);
    };
    let Material::Foreign { stored } = &found.version.material else {
        return Ok(manager.is_secret_of(secret, &found).then_some(found));
    };
    let hash =
        ForeignHash::from_stored(stored, |id| schemes.exact.hmac_key(id)).map_err(|error| {
            Error::new(
                ErrorCode::Tampered,
                format!("an imported hash can't be read: {error}"),
            )
            .about(found.key.id)
        })?;
    let is_slow = hash.is_slow();
    if !matches(manager, hash, secret).await? {
        return Ok(None);
    }
    if is_slow {
        return again(manager, secret, &found, lookup).await;
    }
    Ok(Some(found))
}

/// The version as it is after its slow hash was checked, which may have waited for a minute.
async fn again(
    manager: &KeyManager,
    secret: &[u8],
    before: &Found,
    lookup: Lookup,
) -> Result<Option<Found>> {
    let found = manager.inner.store.find(lookup).await?;
    Ok(found.filter(|now| {
        now.version.id == before.version.id
            && (now.version.material == before.version.material
                || manager.is_secret_of(secret, now))
    }))
}

async fn matches(manager: &KeyManager, hash: ForeignHash, secret: &[u8]) -> Result<bool> {
    let refused = |_| {
        Error::new(
            ErrorCode::Unavailable,
            "there is not enough memory to check an imported hash",
        )
    };
    if !hash.is_slow() {
        return hash.check(secret).map_err(refused);
    }
    let secret = zeroize::Zeroizing::new(secret.to_vec());
    manager
        .inner
        .slow
        .run(move || hash.check(&secret))
        .await?
        .map_err(refused)
}

/// Puts our digest in the place of an imported hash after a good verify: after the answer, and only
/// if the version is still the same.
pub(crate) fn upgrade_later(manager: &KeyManager, secret: &[u8], version: &Version) {
    if !matches!(version.material, Material::Foreign { .. }) {
        return;
    }
    let version = version.clone();
    let upgraded = kept_by_digest(&manager.inner.peppers, secret, &version);
    let store = Arc::clone(&manager.inner.store);
    let scheme = ForeignScheme {
        name: OWN.to_owned(),
        sealed_key: None,
    };
    let job = move || {
        let write = store.write(Box::new(move |tx| {
            operations::upgrade_foreign(tx, &version, &upgraded, &scheme)
        }));
        // If it fails the old hash serves on, and the next verify tries again.
        let _ = futures_executor::block_on(write);
    };
    if manager.inner.slow.in_background(job).is_err() {
        manager.log(
            LogLevel::Debug,
            "an imported hash was not upgraded yet",
            None,
            None,
        );
    }
}

fn kept_by_digest(peppers: &PepperRing, secret: &[u8], version: &Version) -> KeptSecret {
    let (digest, chain) = peppers.digest(secret);
    KeptSecret {
        locator: version.locator,
        lookup: Some(own_lookup(peppers, secret)),
        material: Material::Digest {
            digest: StoredDigest(digest),
            chain,
        },
        redacted_value: version.redacted_value.clone(),
    }
}

pub(crate) fn own_lookup(peppers: &PepperRing, secret: &[u8]) -> Vec<u8> {
    [b"u".as_slice(), &peppers.index("foreign-secret", &[secret])].concat()
}

pub(crate) fn exact_lookup(lookup: &keywright_core::foreign::Lookup) -> Vec<u8> {
    [b"x", lookup.as_bytes()].concat()
}

pub(crate) fn prefix_lookup(prefix: &[u8]) -> Vec<u8> {
    [b"p", prefix].concat()
}

/// Everything that a presented secret may stand under, in the order in which to look: each is a
/// look-up of its own, and an upgrade between two of them may move the record from an exact hash or
/// a prefix to our own digest. So that one is asked for after each of them, also where no upgrade is
/// known of yet. It comes before the prefixes, too: another record's prefix may begin this secret.
fn candidates(peppers: &PepperRing, schemes: &Schemes, secret: &[u8]) -> Vec<Vec<u8>> {
    let own = own_lookup(peppers, secret);
    let mut out: Vec<_> = schemes
        .exact
        .lookup_values(secret)
        .iter()
        .map(exact_lookup)
        .collect();
    out.push(own.clone());
    let prefixes = schemes
        .prefix_lengths
        .iter()
        // A prefix alone is no secret: it is kept in the clear.
        .filter(|len| secret.len() > **len)
        .filter_map(|len| secret.get(..*len))
        .map(prefix_lookup);
    out.extend(prefixes);
    if !schemes.prefix_lengths.is_empty() {
        out.push(own);
    }
    out
}

/// Shorter prefixes that would stand in the way of this one.
pub(crate) fn shorter_prefixes(prefix: &ForeignPrefix) -> Vec<Vec<u8>> {
    let text = prefix.as_str().as_bytes();
    (1..text.len())
        .map(|len| prefix_lookup(&text[..len]))
        .collect()
}

pub(crate) fn own_scheme() -> ForeignScheme {
    ForeignScheme {
        name: OWN.to_owned(),
        sealed_key: None,
    }
}

pub(crate) fn prefix_scheme(prefix: &ForeignPrefix) -> ForeignScheme {
    ForeignScheme {
        name: format!("{PREFIX}{}", prefix.as_str().len()),
        sealed_key: None,
    }
}

/// The scheme to remember for an unsalted hash; the key of an HMAC is encrypted under the pepper.
pub(crate) fn exact_scheme(
    peppers: &PepperRing,
    scheme: &Scheme,
    random: &dyn Random,
) -> Result<ForeignScheme> {
    let name = scheme.name();
    let Scheme::HmacSha256 { key, .. } = scheme else {
        return Ok(ForeignScheme {
            name,
            sealed_key: None,
        });
    };
    let number = peppers.current_number();
    let sealing = peppers.sealing_key(number).ok_or_else(unreadable)?;
    let mut nonce = [0; 24];
    random.fill(&mut nonce)?;
    let sealed = seal(&sealing, nonce, name.as_bytes(), key.expose()).map_err(|_| unreadable())?;
    Ok(ForeignScheme {
        name,
        sealed_key: Some([&number.to_be_bytes(), sealed.as_slice()].concat()),
    })
}

/// Whether there are as many HMAC keys already as may be, and this one isn't among them: each is one
/// more HMAC for every foreign secret that is presented.
pub(crate) fn is_one_too_many(tx: &mut dyn Tx, scheme: &ForeignScheme) -> Result<bool> {
    if scheme.sealed_key.is_none() {
        return Ok(false);
    }
    let mut known = tx.foreign_schemes()?;
    known.retain(|it| it.sealed_key.is_some());
    Ok(known.len() >= MAX_HMAC_KEYS && known.iter().all(|it| it.name != scheme.name))
}

/// The name of an HMAC key, from which the key can't be guessed.
pub(crate) fn hmac_key_id(peppers: &PepperRing, key: &HmacKey) -> HmacKeyId {
    key.id(&peppers.index("hmac-key-id", &[]))
}

fn schemes(manager: &KeyManager) -> Result<Arc<Schemes>> {
    let source = manager.inner.store.foreign_schemes_now();
    let (schemes, passed_over) = {
        let mut cache = manager.inner.foreign.lock().map_err(|_| unreadable())?;
        let mut passed_over = Vec::new();
        if cache.source.as_ref() != Some(&source) {
            let (schemes, bad) = read_schemes(&manager.inner.peppers, &source);
            (cache.schemes, passed_over) = (Arc::new(schemes), bad);
            cache.source = Some(source);
        }
        (Arc::clone(&cache.schemes), passed_over)
    };
    for error in passed_over {
        manager.log(
            LogLevel::Error,
            &error.message,
            Some(error.code.as_str()),
            None,
        );
    }
    Ok(schemes)
}

/// Everything that can be used, and why the rest can't: what is wrong with one kind of imported
/// secret is no reason to refuse all others.
fn read_schemes(peppers: &PepperRing, source: &[ForeignScheme]) -> (Schemes, Vec<Error>) {
    let mut out = Schemes::default();
    let bad = source
        .iter()
        .filter_map(|scheme| read_scheme(peppers, scheme, &mut out).err())
        .collect();
    (out, bad)
}

fn read_scheme(peppers: &PepperRing, scheme: &ForeignScheme, out: &mut Schemes) -> Result<()> {
    if let Some(len) = scheme.name.strip_prefix(PREFIX) {
        out.prefix_lengths
            .insert(len.parse().map_err(|_| unreadable())?);
    } else if scheme.name != OWN {
        let exact = read_exact(peppers, scheme)?;
        out.exact.insert(exact).map_err(|_| unreadable())?;
    }
    Ok(())
}

fn read_exact(peppers: &PepperRing, scheme: &ForeignScheme) -> Result<Scheme> {
    for simple in [Scheme::Sha256, Scheme::Sha512] {
        if scheme.name == simple.name() {
            return Ok(simple);
        }
    }
    let (number, sealed) = scheme
        .sealed_key
        .as_deref()
        .and_then(<[u8]>::split_first_chunk::<4>)
        .ok_or_else(unreadable)?;
    let sealing = peppers
        .sealing_key(u32::from_be_bytes(*number))
        .ok_or_else(unreadable)?;
    let key = open(&sealing, scheme.name.as_bytes(), sealed).map_err(|_| unreadable())?;
    let key = HmacKey::new(&key).map_err(|_| unreadable())?;
    Ok(Scheme::HmacSha256 {
        id: hmac_key_id(peppers, &key),
        key: Arc::new(key),
    })
}

fn unreadable() -> Error {
    Error::new(
        ErrorCode::Tampered,
        "what is kept of imported secrets can't be read",
    )
    .hint("restore a backup; keys of the store's own are not affected")
}

#[cfg(test)]
mod tests {
    use super::*;
    use keywright_core::random::SeededRandom;

    #[test]
    fn our_own_digest_is_asked_for_after_everything_that_it_may_take_the_place_of() {
        let peppers = PepperRing::generate(&SeededRandom::new(1)).unwrap();
        let mut schemes = Schemes::default();
        let own = own_lookup(&peppers, b"old_secret");
        let asked = |schemes: &Schemes| candidates(&peppers, schemes, b"old_secret");
        assert_eq!(asked(&schemes), std::slice::from_ref(&own));
        schemes.exact.insert(Scheme::Sha256).unwrap();
        schemes.prefix_lengths.insert(4);
        let asked = asked(&schemes);
        assert_eq!(asked.len(), 4);
        assert_eq!(asked[0][0], b'x');
        assert_eq!(asked[1..], [own.clone(), prefix_lookup(b"old_"), own]);
    }

    #[test]
    fn what_is_wrong_with_one_kind_of_imported_secret_harms_none_of_the_others() {
        let random = SeededRandom::new(1);
        let peppers = PepperRing::generate(&random).unwrap();
        let hmac = |n: usize| {
            let key = HmacKey::new(format!("key {n}").as_bytes()).unwrap();
            let scheme = Scheme::HmacSha256 {
                id: hmac_key_id(&peppers, &key),
                key: Arc::new(key),
            };
            exact_scheme(&peppers, &scheme, &random).unwrap()
        };
        let bare = |name: &str| ForeignScheme {
            name: name.to_owned(),
            sealed_key: None,
        };
        let mut source: Vec<_> = (0..=MAX_HMAC_KEYS).map(hmac).collect();
        source.extend(["prefix:many", "prefix:4", "hmac-sha256:00", "sha256", OWN].map(bare));
        let (schemes, bad) = read_schemes(&peppers, &source);
        assert_eq!(
            bad.len(),
            3,
            "the 17th key, a length that is none, a key that is missing"
        );
        assert_eq!(schemes.exact.iter().count(), MAX_HMAC_KEYS + 1);
        assert!(schemes.prefix_lengths.contains(&4));
    }
}
