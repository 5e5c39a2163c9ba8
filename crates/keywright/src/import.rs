//! Import: keys that another system issued, by the hash that it kept or by the secret itself.
//! Whoever holds such a secret goes on using it.

use crate::foreign;
use crate::hash_key;
use crate::import_record::{ImportRecord, ImportReport, RefusedRecord};
use crate::keys::expiry;
use crate::limits;
use crate::manager::KeyManager;
use keywright_core::audit::EventType;
use keywright_core::foreign::{ForeignHash, ForeignPrefix, MAX_HMAC_KEYS, secret_in_bounds};
use keywright_core::ids::{KeyId, VersionId};
use keywright_core::keys::{KeptSecret, Material, StoredDigest};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::operations::{self, Context, CreateKey, NewSecret};
use keywright_core::owner::Owner;
use keywright_core::scopes::Scopes;
use keywright_core::secret::{Brand, Class, Locator, MARKER, Presented};
use keywright_core::store::{ForeignScheme, Lookup, Tx};
use keywright_core::{Error, ErrorCode, Result, Secret};

/// How many records go into one transaction.
const BATCH: usize = 500;

/// A record that is fit to be stored.
#[derive(Clone)]
struct Ready {
    wanted: CreateKey,
    new: NewSecret,
    prefix: Option<ForeignPrefix>,
    schemes: Vec<ForeignScheme>,
}

impl KeyManager {
    /// Takes over keys that another system issued. A record that is refused does not keep the
    /// others from being taken over. A hash becomes a digest of ours at the first good verify.
    pub async fn import_keys(&self, records: Vec<ImportRecord>) -> Result<ImportReport> {
        let mut report = ImportReport::default();
        let mut index = 0;
        let mut records = records.into_iter().peekable();
        while records.peek().is_some() {
            let context = self.context();
            let batch: Vec<_> = records
                .by_ref()
                .take(BATCH)
                .map(|record| self.ready_record(&record, &context))
                .collect();
            let outcomes = self
                .transact(move |tx| {
                    batch
                        .iter()
                        .map(|item| store(tx, &context, item))
                        .collect::<Result<Vec<_>>>()
                })
                .await?;
            for outcome in outcomes {
                match outcome {
                    Ok(id) => report.imported.push(id),
                    Err(refusal) => report.refused.push(RefusedRecord {
                        index,
                        code: refusal.code.to_string(),
                        message: refusal.message,
                    }),
                }
                index += 1;
            }
        }
        Ok(report)
    }

    fn ready_record(&self, record: &ImportRecord, context: &Context) -> Result<Ready> {
        let class = class_of(record)?;
        let (kept, prefix, schemes) = self.kept_of(record)?;
        let new = NewSecret {
            key: KeyId::generate(self.inner.random.as_ref())?,
            version: VersionId::generate(self.inner.random.as_ref())?,
            kept,
        };
        let wanted = CreateKey {
            name: Name::parse(&record.name)?,
            project: record.project.clone(),
            owner: record.owner.as_deref().map(Owner::parse).transpose()?,
            class,
            brand: self.inner.brand.clone(),
            scopes: Scopes::parse(record.scopes.as_deref())?,
            networks: Networks::parse(record.allowed_ips.as_deref())?,
            limits: limits::parse_all(None, None, &record.limits)?,
            metadata: Metadata::parse(record.metadata.clone())?,
            expires_at: expiry(context.now, None, record.expires_at)?,
            idempotency: None,
            event_type: EventType::KeyImported,
        };
        Ok(Ready {
            wanted,
            new,
            prefix,
            schemes,
        })
    }

    /// What is kept of the record's secret, and by what it will be found.
    fn kept_of(
        &self,
        record: &ImportRecord,
    ) -> Result<(KeptSecret, Option<ForeignPrefix>, Vec<ForeignScheme>)> {
        let peppers = &self.inner.peppers;
        let prefix = record
            .prefix
            .as_deref()
            .map(ForeignPrefix::parse)
            .transpose()
            .map_err(|error| refuse(&error))?;
        if record.hash.is_some() && prefix.as_ref().is_some_and(begins_like_ours) {
            return Err(
                Error::invalid("a hash of a secret in our own format is of no use")
                    .hint("import the secret itself, or issue the key anew"),
            );
        }
        let redacted_value = redacted(record, prefix.as_ref())?;
        let locator = Locator::generate(self.inner.random.as_ref())?;
        match (&record.secret, &record.hash_format, &record.hash) {
            (Some(secret), None, None) => {
                let bytes = secret.reveal().as_bytes();
                if !secret_in_bounds(bytes) {
                    return Err(Error::invalid("an imported secret has 1 to 512 bytes"));
                }
                let (digest, chain) = peppers.digest(bytes);
                let material = Material::Digest {
                    digest: StoredDigest(digest),
                    chain,
                };
                // A secret of our own format is found by its locator, like any other.
                if let Some(presented) = Presented::parse(bytes) {
                    let (locator, redacted_value) = (presented.locator, presented.redacted());
                    return Ok((
                        KeptSecret {
                            locator,
                            lookup: None,
                            material,
                            redacted_value,
                        },
                        None,
                        Vec::new(),
                    ));
                }
                let lookup = Some(foreign::own_lookup(peppers, bytes));
                Ok((
                    KeptSecret {
                        locator,
                        lookup,
                        material,
                        redacted_value,
                    },
                    None,
                    vec![foreign::own_scheme()],
                ))
            }
            (None, Some(format), Some(hash)) => {
                let key = hash_key::given(record.hash_key.as_ref(), record.hash_key_hex.as_ref())?;
                let key = key.as_ref().map(|key| key.as_slice());
                let hash = ForeignHash::parse(format, hash, key).map_err(|error| refuse(&error))?;
                let id_of = |key: &_| foreign::hmac_key_id(peppers, key);
                let stored = hash.to_stored(id_of);
                let material = Material::Foreign { stored };
                let (lookup, prefix, scheme) = match (hash.lookup(), hash.scheme(id_of), prefix) {
                    (Some(lookup), Some(scheme), _) => {
                        let scheme =
                            foreign::exact_scheme(peppers, &scheme, self.inner.random.as_ref())?;
                        (foreign::exact_lookup(&lookup), None, scheme)
                    }
                    (_, _, Some(prefix)) => {
                        let scheme = foreign::prefix_scheme(&prefix);
                        (
                            foreign::prefix_lookup(prefix.as_str().as_bytes()),
                            Some(prefix),
                            scheme,
                        )
                    }
                    _ => {
                        return Err(Error::invalid(
                            "a salted hash needs the prefix that its secret begins with",
                        )
                        .hint("give 4 to 64 characters that begin no other imported secret"));
                    }
                };
                Ok((
                    KeptSecret {
                        locator,
                        lookup: Some(lookup),
                        material,
                        redacted_value,
                    },
                    prefix,
                    vec![scheme],
                ))
            }
            _ => Err(Error::invalid(
                "a record has either a secret, or a hash and its format",
            )),
        }
    }
}

/// The class that the record says, or that a secret of our own format has in it. Admin keys are not
/// imported: a list of data keys must not be able to hold one.
fn class_of(record: &ImportRecord) -> Result<Class> {
    let secret = record.secret.as_ref().map(|it| it.reveal().as_bytes());
    let told = secret
        .and_then(Presented::parse)
        .map(|presented| presented.class);
    let class = record.class.or(told).unwrap_or(Class::Live);
    if told.is_some_and(|told| told != class) {
        return Err(
            Error::invalid("the secret is of another class than the record says")
                .hint("leave the class out: it stands in the secret"),
        );
    }
    match class {
        Class::Live | Class::Test => Ok(class),
        Class::Temp if told.is_some() => Ok(class),
        Class::Temp | Class::Admin => {
            Err(Error::invalid("an imported key is of class live or test")
                .hint("create keys of the other classes anew"))
        }
    }
}

/// What may be shown: what the record says, else its prefix; never the secret itself.
fn redacted(record: &ImportRecord, prefix: Option<&ForeignPrefix>) -> Result<String> {
    let text = match (&record.redacted_value, prefix) {
        (Some(text), _) => Name::parse(text)
            .map_err(|_| Error::invalid("the redacted value is not fit to be shown"))?
            .as_str()
            .to_owned(),
        (None, Some(prefix)) => format!("{}\u{2026}", prefix.as_str()),
        (None, None) => "\u{2026}".to_owned(),
    };
    let tells = |secret: &Secret| !secret.reveal().is_empty() && text.contains(secret.reveal());
    if record.secret.as_ref().is_some_and(tells) {
        return Err(Error::invalid("what is shown would hold the whole secret")
            .hint("give a redacted value or a prefix that is a part of it at most"));
    }
    Ok(text)
}

/// Whether only a secret in our own format begins like this. Such a one is found by its locator and
/// never by a hash of another system.
fn begins_like_ours(prefix: &ForeignPrefix) -> bool {
    let mut parts = prefix.as_str().splitn(3, '_');
    let mut part = || parts.next().unwrap_or_default();
    Brand::parse(part()).is_ok() && Class::parse(part()).is_ok() && part().starts_with(MARKER)
}

fn store(tx: &mut dyn Tx, context: &Context, item: &Result<Ready>) -> Result<Result<String>> {
    let Ready {
        wanted,
        new,
        prefix,
        schemes,
    } = match item {
        Ok(ready) => ready,
        Err(refusal) => return Ok(Err(refusal.clone())),
    };
    if taken(tx, new, prefix.as_ref())? {
        let refusal = Error::new(
            ErrorCode::AlreadyExists,
            "there is a key with this secret, hash or prefix already",
        );
        return operations::refuse_create(tx, context, wanted, refusal).map(Err);
    }
    for scheme in schemes {
        if foreign::is_one_too_many(tx, scheme)? {
            let refusal = Error::invalid(format!(
                "hashes under {MAX_HMAC_KEYS} HMAC keys have been imported, and more can't be"
            ))
            .hint("import the secrets themselves, or issue these keys anew");
            return operations::refuse_create(tx, context, wanted, refusal).map(Err);
        }
    }
    let it = match operations::create_key(tx, context, wanted, new)? {
        Ok(operations::CreateOutcome::Issued(it) | operations::CreateOutcome::Reissued(it)) => it,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for scheme in schemes {
        tx.put_foreign_scheme(scheme)?;
    }
    Ok(Ok(it.key.id.to_string()))
}

/// Whether a presented secret could name this record and another one.
fn taken(tx: &mut dyn Tx, new: &NewSecret, prefix: Option<&ForeignPrefix>) -> Result<bool> {
    let Some(lookup) = &new.kept.lookup else {
        return Ok(tx.find(&Lookup::Locator(new.kept.locator))?.is_some());
    };
    let Some(prefix) = prefix else {
        return Ok(tx.find(&Lookup::Foreign(vec![lookup.clone()]))?.is_some());
    };
    Ok(tx.lookup_begins_with(lookup)?
        || tx
            .find(&Lookup::Foreign(foreign::shorter_prefixes(prefix)))?
            .is_some())
}

fn refuse(error: &keywright_core::foreign::ForeignError) -> Error {
    Error::invalid(error.to_string())
}
