//! Verify: is this secret good for this use? Everything around the pure decision of the core: the
//! look-up, the digest, the first use, the charge. A bad key is a result and not an error.

use crate::foreign;
use crate::manager::KeyManager;
use crate::options::LogLevel;
use crate::types::{ApiKey, VerifyOptions};
use keywright_core::keys::{KeyWithVersions, Material, Version};
use keywright_core::limits::{Limit, Refusal, Unit};
use keywright_core::networks::parse_address;
use keywright_core::operations::{self, Use};
use keywright_core::pepper::Digest;
use keywright_core::scopes::RequiredScopes;
use keywright_core::secret::{Class, Presented};
use keywright_core::store::{Found, Lookup};
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Requirements, Result, VerifyCode, judge};
use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// The answer to [`KeyManager::verify`]. What isn't asked of it isn't computed.
///
/// There is none that wasn't asked for: a program that forgot to verify has nothing to go on with.
///
/// ```compile_fail,E0599
/// let answer = keywright::Verification::default();
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Verification {
    code: VerifyCode,
    found: Option<Box<Found>>,
    at: Timestamp,
    retry_after: Option<Duration>,
    limit: Option<String>,
    /// The key's limits, where it has any and the use was charged, each with what is left.
    limits: Vec<(Limit, u64)>,
}

impl Verification {
    /// Why the key is good or not.
    #[must_use]
    pub const fn code(&self) -> VerifyCode {
        self.code
    }

    /// Whether the key may be used.
    #[must_use]
    pub const fn valid(&self) -> bool {
        self.code.is_valid()
    }

    /// The key, wherever the secret was right; also if it may not be used. Of its versions it has
    /// the presented one alone.
    #[must_use]
    pub fn key(&self) -> Option<ApiKey> {
        let Found { key, version } = self.found.as_deref()?.clone();
        Some(ApiKey::from_stored(
            &KeyWithVersions {
                key,
                versions: vec![version],
            },
            self.at,
        ))
    }

    /// The key's id, without making the rest.
    #[must_use]
    pub fn key_id(&self) -> Option<String> {
        Some(self.found.as_ref()?.key.id.to_string())
    }

    /// How long to wait where waiting helps (`rate_limited`, a refill to come).
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The name of the limit that refused.
    #[must_use]
    pub fn limit(&self) -> Option<&str> {
        self.limit.as_deref()
    }

    pub(crate) fn limits(&self) -> &[(Limit, u64)] {
        &self.limits
    }

    fn bare(code: VerifyCode, at: Timestamp) -> Self {
        Self {
            code,
            found: None,
            at,
            retry_after: None,
            limit: None,
            limits: Vec::new(),
        }
    }

    fn about(code: VerifyCode, found: Box<Found>, at: Timestamp) -> Self {
        Self {
            found: Some(found),
            ..Self::bare(code, at)
        }
    }
}

/// What is known before anything has to be written.
enum Step {
    Answer(Verification),
    /// The secret is right and the key good: what is left has to be written first.
    Write(Box<Found>),
}

impl KeyManager {
    /// Whether a presented secret is good for a use. Takes the exact bytes: nothing is trimmed.
    ///
    /// Any kind of bad key is a result, and so is `unavailable` (no answer could be had: deny).
    ///
    /// # Errors
    /// `invalid_argument` if the options are malformed, `closed`.
    pub fn verify<'a>(
        &'a self,
        secret: &'a (impl AsRef<[u8]> + ?Sized),
        options: &'a VerifyOptions,
    ) -> impl Future<Output = Result<Verification>> + Send + 'a {
        let (secret, requirements) = (secret.as_ref(), parse_requirements(options));
        async move { self.verify_bytes(secret, &requirements?, None).await }
    }

    /// The answer of [`verify`](Self::verify), if it is at hand without waiting for a write, another
    /// thread or a slow hash; `None` where it isn't, or where `verify` would be an error.
    pub fn verify_now(
        &self,
        secret: &(impl AsRef<[u8]> + ?Sized),
        options: &VerifyOptions,
    ) -> Option<Verification> {
        let requirements = parse_requirements(options).ok()?;
        self.verify_bytes_now(secret.as_ref(), &requirements)
    }

    pub(crate) fn verify_bytes_now(
        &self,
        secret: &[u8],
        requirements: &Requirements,
    ) -> Option<Verification> {
        let inner = self.ready().ok()?;
        let step = match self.parse(secret, None) {
            Parsed::Ours(presented) => {
                match inner.store.find_now(&Lookup::Locator(presented.locator))? {
                    Ok(found) => self.check_ours(&presented, found, requirements),
                    Err(_) => return None,
                }
            }
            Parsed::Foreign => return None,
            Parsed::Refused(answer) => Step::Answer(answer),
        };
        match step {
            Step::Answer(answer) => Some(self.told(answer)),
            Step::Write(_) => None,
        }
    }

    /// Which key is this? Gives no access: the key may be revoked, expired or for another use.
    pub async fn identify(
        &self,
        secret: &(impl AsRef<[u8]> + ?Sized + Sync),
    ) -> Result<Option<ApiKey>> {
        let found = self.find_presented(secret.as_ref()).await?;
        let Some(found) = found else { return Ok(None) };
        let now = self.now();
        let id = found.key.id;
        let whole = self.look(move |rows| rows.key_with_versions(id)).await?;
        Ok(whole.map(|it| ApiKey::from_stored(&it, now)))
    }

    /// The version whose secret this is, in whatever state it and its key are.
    pub(crate) async fn find_presented(&self, secret: &[u8]) -> Result<Option<Found>> {
        let inner = self.ready()?;
        match Presented::parse(secret) {
            Some(presented) => {
                let found = inner.store.find(Lookup::Locator(presented.locator)).await?;
                Ok(found.filter(|found| self.is_secret_of(secret, found)))
            }
            None => foreign::find(self, secret).await,
        }
    }

    pub(crate) async fn verify_bytes(
        &self,
        secret: &[u8],
        requirements: &Requirements,
        only: Option<Class>,
    ) -> Result<Verification> {
        /// How often a verify begins anew when the version changes under it.
        const TRIES: usize = 4;
        self.ready()?;
        for _ in 0..TRIES {
            match self.attempt(secret, requirements, only).await {
                Ok(Some(answer)) => return Ok(self.told(answer)),
                Ok(None) => {}
                Err(error)
                    if matches!(error.code, ErrorCode::Closed | ErrorCode::InvalidArgument) =>
                {
                    return Err(error);
                }
                Err(error) => {
                    self.log(
                        LogLevel::Error,
                        &error.message,
                        Some(error.code.as_str()),
                        error.key_id.as_deref(),
                    );
                    break;
                }
            }
        }
        Ok(self.told(self.bare(VerifyCode::Unavailable)))
    }

    /// One try; `None` if the version changed meanwhile.
    async fn attempt(
        &self,
        secret: &[u8],
        requirements: &Requirements,
        only: Option<Class>,
    ) -> Result<Option<Verification>> {
        let inner = self.ready()?;
        let step = match self.parse(secret, only) {
            Parsed::Refused(answer) => Step::Answer(answer),
            Parsed::Ours(presented) => {
                let found = inner.store.find(Lookup::Locator(presented.locator)).await?;
                self.check_ours(&presented, found, requirements)
            }
            Parsed::Foreign => match foreign::find(self, secret).await? {
                // A secret of another form doesn't tell its class: the row does.
                Some(found) if !inner.accepted.contains(&found.key.class) => Step::Answer(
                    Verification::about(VerifyCode::WrongClass, Box::new(found), self.now()),
                ),
                Some(found) => self.judge(Box::new(found), requirements),
                None => Step::Answer(self.bare(VerifyCode::NotFound)),
            },
        };
        let answer = match step {
            Step::Answer(answer) => Some(answer),
            Step::Write(found) => self.write_use(&found.version, requirements).await?,
        };
        let good = answer.as_ref().filter(|it| it.valid());
        if let Some(found) = good.and_then(|it| it.found.as_ref()) {
            foreign::upgrade_later(self, secret, &found.version);
        }
        Ok(answer)
    }

    fn parse<'a>(&self, secret: &'a [u8], only: Option<Class>) -> Parsed<'a> {
        let Some(presented) = Presented::parse(secret) else {
            return if only.is_none() && foreign::may_be_known(self, secret) {
                Parsed::Foreign
            } else {
                Parsed::Refused(self.bare(VerifyCode::Malformed))
            };
        };
        let accepted = match only {
            Some(class) => presented.class == class,
            None => self.inner.accepted.contains(&presented.class),
        };
        if accepted {
            Parsed::Ours(presented)
        } else {
            Parsed::Refused(self.bare(VerifyCode::WrongClass))
        }
    }

    fn check_ours(
        &self,
        presented: &Presented<'_>,
        found: Option<Found>,
        requirements: &Requirements,
    ) -> Step {
        let refused = || Step::Answer(self.bare(VerifyCode::NotFound));
        match found {
            // The class stands in the secret and in the row, and both must say the same.
            Some(found)
                if self.is_secret_of(presented.bytes(), &found)
                    && found.key.class == presented.class =>
            {
                self.judge(Box::new(found), requirements)
            }
            Some(_) => refused(),
            None => {
                // An unknown locator costs the same as a known one.
                let (digest, _) = self.inner.peppers.digest(presented.bytes());
                std::hint::black_box(digest.matches(&Digest::from_bytes([0; 32])));
                refused()
            }
        }
    }

    /// Whether these bytes are the secret of this version, by our own digest.
    pub(crate) fn is_secret_of(&self, secret: &[u8], found: &Found) -> bool {
        let Material::Digest { digest, chain } = &found.version.material else {
            return false;
        };
        self.inner
            .peppers
            .digest_by(chain, secret)
            .is_some_and(|made| made.matches(&digest.0))
    }

    /// The time is read after the look-up, which may have waited.
    fn judge(&self, found: Box<Found>, requirements: &Requirements) -> Step {
        let now = self.now();
        match judge(&found, requirements, now) {
            VerifyCode::Valid if found.version.unconfirmed || !found.key.limits.is_empty() => {
                Step::Write(found)
            }
            code => Step::Answer(Verification::about(code, found, now)),
        }
    }

    /// The first use of an idempotently issued key, and the charge, are durable before the answer;
    /// `None` if the version changed meanwhile.
    async fn write_use(
        &self,
        version: &Version,
        requirements: &Requirements,
    ) -> Result<Option<Verification>> {
        let (version, requirements) = (version.clone(), requirements.clone());
        let clock = Arc::clone(&self.inner.clock);
        self.transact(move |tx| {
            let now_ms = clock.now_ms();
            let used = operations::record_use(tx, &version, &requirements, now_ms)?;
            Ok(used.map(|used| used_answer(used, Timestamp::from_unix_ms(now_ms))))
        })
        .await
    }

    fn bare(&self, code: VerifyCode) -> Verification {
        Verification::bare(code, self.now())
    }

    /// Notes the use and tells the log.
    fn told(&self, answer: Verification) -> Verification {
        match (&answer.code, &answer.found) {
            (VerifyCode::Valid, Some(found)) => self.inner.store.touch(found.version.id, answer.at),
            (code, _) => {
                let level = if *code == VerifyCode::Unavailable {
                    LogLevel::Error
                } else {
                    LogLevel::Debug
                };
                self.log(
                    level,
                    "a key was refused",
                    Some(code.as_str()),
                    answer.key_id().as_deref(),
                );
            }
        }
        answer
    }
}

enum Parsed<'a> {
    Ours(Presented<'a>),
    Foreign,
    Refused(Verification),
}

fn used_answer(used: Use, now: Timestamp) -> Verification {
    let Use {
        found,
        code,
        charge,
    } = used;
    let found = Box::new(found);
    let Some(Refusal { retry_after_ms, .. }) = charge.refused else {
        return Verification {
            limits: charge.limits,
            ..Verification::about(code, found, now)
        };
    };
    let code = match charge.refusing().map(|limit| limit.unit) {
        Some(Unit::Credits) => VerifyCode::UsageExceeded,
        Some(Unit::Money { .. }) => VerifyCode::BudgetExceeded,
        Some(Unit::Requests) | None => VerifyCode::RateLimited,
    };
    Verification {
        retry_after: retry_after_ms.map(Duration::from_millis),
        limit: charge.refusing().map(|limit| limit.name.to_string()),
        limits: charge.limits,
        ..Verification::about(code, found, now)
    }
}

fn parse_requirements(options: &VerifyOptions) -> Result<Requirements> {
    let VerifyOptions { scopes, ip, cost } = options;
    let address = ip.as_deref().map(parse_address).transpose()?;
    requirements(scopes, address, *cost)
}

pub(crate) fn requirements(
    scopes: &[String],
    address: Option<IpAddr>,
    cost: Option<u64>,
) -> Result<Requirements> {
    let cost = cost.unwrap_or(1);
    if cost > keywright_core::limits::MAX_CAPACITY {
        return Err(Error::invalid("the cost is out of range").hint("0 to 9007199254740992"));
    }
    Ok(Requirements {
        scopes: RequiredScopes::parse(scopes)?,
        address,
        cost,
    })
}
