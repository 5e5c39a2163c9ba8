//! What tests need: a clock to set, repeatable randomness, a panic on demand. Not in what is
//! published.

use crate::call::Call;
use crate::manager::Manager;
use crate::open::{OpenArguments, open_with};
use crate::words::all;
use keywright::{Clock, ManualClock, Random, SeededRandom};
use pyo3::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A clock that only moves when it is told to, and can be made to panic when it is asked.
#[pyclass(frozen, module = "keywright._native")]
pub(crate) struct TestClock(Arc<Inner>);

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

#[pymethods]
impl TestClock {
    #[new]
    fn new(seconds: i64) -> Self {
        Self(Arc::new(Inner {
            clock: ManualClock::at(seconds),
            panics: AtomicBool::new(false),
        }))
    }

    fn set_ms(&self, ms: i64) {
        self.0.clock.set_ms(ms);
    }

    fn advance(&self, seconds: f64) {
        self.0.clock.advance(Duration::from_secs_f64(seconds));
    }

    /// From now on (or no longer), whoever asks for the time panics.
    fn panics(&self, panics: bool) {
        self.0.panics.store(panics, Ordering::SeqCst);
    }
}

/// Randomness that repeats itself.
#[pyclass(frozen, module = "keywright._native")]
pub(crate) struct TestRandom(Arc<SeededRandom>);

#[pymethods]
impl TestRandom {
    #[new]
    fn new(seed: u64) -> Self {
        Self(Arc::new(SeededRandom::new(seed)))
    }
}

/// Opens a store with the test's own clock and randomness.
#[pyfunction]
#[pyo3(signature = (arguments, clock, random))]
pub(crate) fn open_for_tests(
    arguments: OpenArguments,
    clock: Option<&TestClock>,
    random: Option<&TestRandom>,
) -> PyResult<Call<Manager>> {
    let clock = clock.map(|clock| Arc::clone(&clock.0) as Arc<dyn Clock>);
    let random = random.map(|random| Arc::clone(&random.0) as Arc<dyn Random>);
    open_with(arguments, clock, random)
}

/// The words of every enum, by the name of its `Literal` type.
#[pyfunction]
pub(crate) fn words() -> BTreeMap<&'static str, Vec<&'static str>> {
    all().into_iter().collect()
}
