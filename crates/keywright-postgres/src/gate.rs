//! When a connection may be tried again: after a failure not at once, and after each further one
//! later, so that a server that comes up again isn't stormed. Meanwhile the answer is at hand.

use keywright_core::{Error, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

const FIRST: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_millis(800);

/// See the module.
#[derive(Default)]
pub(crate) struct Gate {
    state: Mutex<Option<Shut>>,
    /// Whether the state is worth looking at: almost never.
    is_shut: AtomicBool,
}

struct Shut {
    until: Instant,
    pause: Duration,
    why: Error,
}

impl Gate {
    /// Refuses, with the last failure, whoever comes too early.
    pub(crate) fn pass(&self) -> Result<()> {
        if !self.is_shut.load(Ordering::Acquire) {
            return Ok(());
        }
        match &*self.state() {
            Some(shut) if Instant::now() < shut.until => Err(shut.why.clone()),
            _ => Ok(()),
        }
    }

    /// A connection was made, or an old one has answered.
    pub(crate) fn open(&self) {
        if self.is_shut.load(Ordering::Acquire) {
            let mut state = self.state();
            *state = None;
            self.is_shut.store(false, Ordering::Release);
        }
    }

    /// None could be made.
    pub(crate) fn shut(&self, why: &Error) {
        let mut state = self.state();
        let now = Instant::now();
        let pause = match &*state {
            None => FIRST,
            // Others who tried at the same time count once.
            Some(shut) if now < shut.until => return,
            Some(shut) => (shut.pause * 2).min(LONGEST),
        };
        *state = Some(Shut {
            until: now + pause,
            pause,
            why: why.clone(),
        });
        self.is_shut.store(true, Ordering::Release);
    }

    fn state(&self) -> MutexGuard<'_, Option<Shut>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::lost;

    #[test]
    fn a_gate_is_shut_for_a_while_after_a_failure_and_open_after_a_success() {
        let gate = Gate::default();
        assert!(gate.pass().is_ok());
        gate.shut(&lost());
        assert_eq!(gate.pass(), Err(lost()));
        gate.open();
        assert!(gate.pass().is_ok());
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let gate = Gate::default();
        for _ in 0..20 {
            gate.shut(&lost());
            if let Some(shut) = &mut *gate.state() {
                shut.until = Instant::now();
            }
        }
        let pause = gate.state().as_ref().map(|shut| shut.pause);
        assert_eq!(pause, Some(LONGEST));
    }
}
