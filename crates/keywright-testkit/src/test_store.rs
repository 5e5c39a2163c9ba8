//! A store under test, and short words for what tests do with it: issue, change, verify.

use futures_executor::block_on;
use keywright_core::audit::{Actor, EventType};
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, VersionId};
use keywright_core::keys::{KeptSecret, KeyWithVersions, Material, StoredDigest};
use keywright_core::lifecycle::Command;
use keywright_core::memory::MemoryStore;
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::operations::{
    self, Context, CreateKey, CreateOutcome, NewSecret, ensure_default_project,
};
use keywright_core::pepper::PepperRing;
use keywright_core::random::SeededRandom;
use keywright_core::scopes::Scopes;
use keywright_core::secret::{Brand, Class, Locator, Presented, redacted_value};
use keywright_core::store::{Found, Lookup, Rows, Store, Tx};
use keywright_core::time::{Clock, ManualClock, Timestamp};
use keywright_core::{Requirements, Result, Secret, VerifyCode, judge};
use std::any::Any;
use std::sync::{Arc, Mutex};

/// When tests begin, in Unix seconds.
pub const START: i64 = 1_800_000_000;

/// A store with everything that a test needs around it.
pub struct TestStore {
    /// The store.
    pub store: Arc<dyn Store>,
    /// Its peppers.
    pub peppers: Arc<PepperRing>,
    /// A clock that moves when it is told to.
    pub clock: Arc<ManualClock>,
    /// Randomness that repeats.
    pub random: Arc<SeededRandom>,
    /// Whatever must live as long as the store: a folder, for example.
    pub keep: Option<Box<dyn Any + Send + Sync>>,
}

/// A key and the secret that was issued with it.
pub struct Issued {
    /// The key.
    pub it: KeyWithVersions,
    /// Its secret.
    pub secret: Secret,
}

impl Issued {
    /// The key's id.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.it.key.id
    }
}

/// A key of this name, and nothing else said about it.
#[must_use]
pub fn wanted(name: &str) -> CreateKey {
    CreateKey {
        name: Name::parse(name).unwrap_or_else(|_| unreachable!("tests give good names")),
        project: None,
        owner: None,
        class: Class::Live,
        brand: Brand::default(),
        scopes: Scopes::All,
        networks: Networks::default(),
        limits: Vec::new(),
        metadata: Metadata::default(),
        expires_at: None,
        idempotency: None,
        event_type: EventType::KeyCreated,
    }
}

impl TestStore {
    /// A clock, randomness from `seed`, and peppers for a store that is still to be made.
    ///
    /// # Panics
    /// If the peppers can't be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn parts(seed: u64) -> (Arc<PepperRing>, Arc<ManualClock>, Arc<SeededRandom>) {
        let random = Arc::new(SeededRandom::new(seed));
        let peppers = PepperRing::generate(random.as_ref()).expect("a seeded source never fails");
        (Arc::new(peppers), Arc::new(ManualClock::at(START)), random)
    }

    /// A store in memory.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn in_memory() -> Self {
        let (peppers, clock, random) = Self::parts(1);
        let store = MemoryStore::new(Arc::clone(&peppers), "store_memory".to_owned());
        let it = Self {
            store: Arc::new(store),
            peppers,
            clock,
            random,
            keep: None,
        };
        let context = it.context();
        let project = ProjectId::generate(it.random.as_ref()).expect("an id");
        let account = ServiceAccountId::generate(it.random.as_ref()).expect("an id");
        it.write(move |tx| ensure_default_project(tx, &context, project, account))
            .expect("a default project");
        it
    }

    /// Who acts, and when.
    #[must_use]
    pub fn context(&self) -> Context {
        Context {
            actor: Actor::default(),
            now: self.now(),
        }
    }

    /// The second that the clock stands at.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Runs a function as one transaction.
    ///
    /// # Errors
    /// What the store or the function says.
    ///
    /// # Panics
    /// If the store says that the function was done, and it was not.
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn write<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        block_on(self.store.write(Box::new(move |tx| {
            let value = run(tx)?;
            *filled.lock().expect("nobody panics with it") = Some(value);
            Ok(())
        })))?;
        let value = slot.lock().expect("nobody panics with it").take();
        Ok(value.expect("a write that succeeded has run"))
    }

    /// Runs a function over one view.
    ///
    /// # Errors
    /// What the store or the function says.
    ///
    /// # Panics
    /// If the store says that the function was done, and it was not.
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn read<T: Send + 'static>(
        &self,
        mut run: impl FnMut(&mut dyn Rows) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        block_on(self.store.read(Box::new(move |rows| {
            let value = run(rows)?;
            *filled.lock().expect("nobody panics with it") = Some(value);
            Ok(())
        })))?;
        let value = slot.lock().expect("nobody panics with it").take();
        Ok(value.expect("a read that succeeded has run"))
    }

    /// A new secret, and what is kept of it.
    ///
    /// # Panics
    /// If it can't be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn secret(&self, class: Class) -> (Secret, KeptSecret) {
        let brand = Brand::default();
        let random = self.random.as_ref();
        let locator = Locator::generate(random).expect("a locator");
        let secret = Secret::generate(&brand, class, &locator, random).expect("a secret");
        let (digest, chain) = self.peppers.digest(secret.reveal().as_bytes());
        let kept = KeptSecret {
            locator,
            lookup: None,
            material: Material::Digest {
                digest: StoredDigest(digest),
                chain,
            },
            redacted_value: redacted_value(brand.as_str(), class, &locator),
        };
        (secret, kept)
    }

    /// Ids and a secret for a new key.
    ///
    /// # Panics
    /// If they can't be made.
    #[must_use]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn new_secret(&self, class: Class) -> (Secret, NewSecret) {
        let (secret, kept) = self.secret(class);
        let new = NewSecret {
            key: KeyId::generate(self.random.as_ref()).expect("an id"),
            version: VersionId::generate(self.random.as_ref()).expect("an id"),
            kept,
        };
        (secret, new)
    }

    /// Issues a key, or says why not.
    ///
    /// # Errors
    /// A refusal, or what the store says.
    pub fn create(&self, wanted: &CreateKey) -> Result<(CreateOutcome, Secret)> {
        let (secret, new) = self.new_secret(wanted.class);
        let (context, wanted) = (self.context(), wanted.clone());
        let outcome =
            self.write(move |tx| operations::create_key(tx, &context, &wanted, &new))??;
        Ok((outcome, secret))
    }

    /// Issues a key that nothing speaks against.
    ///
    /// # Panics
    /// If something does.
    #[expect(clippy::must_use_candidate, reason = "often it only has to be there")]
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn issue(&self, wanted: &CreateKey) -> Issued {
        let (outcome, secret) = self.create(wanted).expect("the key is issued");
        let (CreateOutcome::Issued(it) | CreateOutcome::Reissued(it)) = outcome;
        Issued { it, secret }
    }

    /// Carries out a command on a key.
    ///
    /// # Errors
    /// A refusal, or what the store says.
    pub fn change(&self, id: KeyId, command: Command) -> Result<KeyWithVersions> {
        let context = self.context();
        self.write(move |tx| operations::change_key(tx, &context, id, false, &command))?
    }

    /// The version that a secret names.
    ///
    /// # Errors
    /// What the store says.
    ///
    /// # Panics
    /// If the secret isn't in our format.
    #[expect(clippy::expect_used, reason = "this is test code")]
    pub fn find(&self, secret: &Secret) -> Result<Option<Found>> {
        let presented = Presented::parse(secret.reveal().as_bytes()).expect("one of ours");
        block_on(self.store.find(Lookup::Locator(presented.locator)))
    }

    /// Verifies a secret as far as no limits are concerned.
    ///
    /// # Errors
    /// What the store says.
    pub fn verify(&self, secret: &Secret) -> Result<VerifyCode> {
        let Some(found) = self.find(secret)? else {
            return Ok(VerifyCode::NotFound);
        };
        let Material::Digest { digest, chain } = &found.version.material else {
            return Ok(VerifyCode::NotFound);
        };
        let ours = self.peppers.digest_by(chain, secret.reveal().as_bytes());
        if !ours.is_some_and(|ours| ours.matches(&digest.0)) {
            return Ok(VerifyCode::NotFound);
        }
        Ok(judge(&found, &Requirements::default(), self.now()))
    }
}
