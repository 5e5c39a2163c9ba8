//! What tests need: a clock to set, repeatable randomness, a panic on demand. Not in what is
//! published.

use crate::call::wait;
use crate::failure::Failure;
use crate::manager::NativeManager;
use crate::open::{OpenInput, open_with};
use keywright::{
    Class, Clock, ErrorCode, KeyStatus, LogLevel, ManualClock, OwnerKind, Random, RevocationReason,
    SeededRandom, VersionStatus,
};
use napi::Either;
use napi_derive::napi;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A clock that only moves when it is told to, and can be made to panic when it is asked.
#[napi]
pub struct TestClock(Arc<Inner>);

/// Repeatable randomness.
#[napi]
pub struct TestRandom(Arc<SeededRandom>);

struct Inner {
    clock: ManualClock,
    panics: AtomicBool,
}

impl Clock for Inner {
    fn now_ms(&self) -> i64 {
        assert!(!self.panics.load(Ordering::SeqCst), "the test's panic");
        self.clock.now_ms()
    }
}

#[napi]
impl TestClock {
    /// A clock that stands at these Unix seconds.
    #[napi(constructor, catch_unwind)]
    pub fn new(seconds: i64) -> Self {
        Self(Arc::new(Inner {
            clock: ManualClock::at(seconds),
            panics: AtomicBool::new(false),
        }))
    }

    /// What it says, in Unix milliseconds.
    #[napi(catch_unwind)]
    pub fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    /// Puts it to these Unix milliseconds.
    #[napi(catch_unwind)]
    pub fn set_ms(&self, ms: i64) {
        self.0.clock.set_ms(ms);
    }

    /// From now on (or no longer), whoever asks for the time panics.
    #[napi(catch_unwind)]
    pub fn panics(&self, panics: bool) {
        self.0.panics.store(panics, Ordering::SeqCst);
    }
}

#[napi]
impl TestRandom {
    /// Randomness from this seed.
    #[napi(constructor, catch_unwind)]
    pub fn new(seed: u32) -> Self {
        Self(Arc::new(SeededRandom::new(u64::from(seed))))
    }
}

/// Opens a store with the test's own clock and randomness.
#[napi]
pub async fn open_for_tests(
    store: Option<String>,
    options: OpenInput,
    clock: &TestClock,
    random: &TestRandom,
) -> Either<NativeManager, Failure> {
    let clock = Some(Arc::clone(&clock.0) as Arc<dyn Clock>);
    let random = Some(Arc::clone(&random.0) as Arc<dyn Random>);
    wait(None, None, open_with(store, options, clock, random)).await
}

/// The words of a table.
#[napi(object, object_from_js = false)]
pub struct Words {
    /// What they are words for.
    pub of: &'static str,
    /// All of them.
    pub words: Vec<&'static str>,
}

/// The words of every table.
#[napi(catch_unwind)]
pub fn words() -> Vec<Words> {
    fn all<T: Copy>(of: &'static str, all: &[T], name: impl Fn(T) -> &'static str) -> Words {
        let words = all.iter().map(|it| name(*it)).collect();
        Words { of, words }
    }
    vec![
        all("Class", Class::ALL, Class::as_str),
        all("KeyStatus", KeyStatus::ALL, KeyStatus::as_str),
        all("VersionStatus", VersionStatus::ALL, VersionStatus::as_str),
        all("OwnerKind", OwnerKind::ALL, OwnerKind::as_str),
        all(
            "RevocationReason",
            RevocationReason::ALL,
            RevocationReason::as_str,
        ),
        all("LogLevel", LogLevel::ALL, LogLevel::as_str),
        all("ErrorCode", ErrorCode::ALL, ErrorCode::as_str),
        all(
            "VerifyCode",
            keywright::VerifyCode::ALL,
            keywright::VerifyCode::as_str,
        ),
    ]
}
