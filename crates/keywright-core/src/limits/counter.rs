//! What one subject has used of one limit, and its stored form.
//!
//! Version 1 is `01 kind …`: `00` untouched; `01` window: length in seconds, newest time, then
//! age and count of each non-empty sixtieth, oldest first; `02` balance: spent, refill time.
//! Numbers are varints, an age is one byte. A state has exactly one form.

use super::{
    CounterError, MAX_CAPACITY, MAX_SECONDS,
    balance::Balance,
    window::{Slot, Window, in_window},
};
use crate::varint::{put_signed, put_unsigned, take_byte, take_signed, take_unsigned};

const VERSION: u8 = 1;
const UNTOUCHED: u8 = 0;
const WINDOW: u8 = 1;
const BALANCE: u8 = 2;

/// What one subject has used of one limit. The default is untouched: nothing used yet.
///
/// A counter belongs to the limit that charged it. When that limit's terms change, pass the
/// counter through [`change_limit`](super::change_limit).
///
/// ```
/// use keywright_core::limits::{Cost, Counter, charge, credits, remaining};
///
/// let limit = credits(5)?;
/// let after = charge(&[(&limit, &Counter::default())], &Cost::default(), 0)?;
/// let stored = after[0].to_bytes();
/// assert_eq!(remaining(&limit, &Counter::from_bytes(&stored)?, 0), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counter {
    pub(super) state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum State {
    #[default]
    Untouched,
    Window(Window),
    Balance(Balance),
}

impl Counter {
    /// The most bytes that [`Counter::to_bytes`] gives.
    pub const MAX_BYTES: usize = 600;

    /// The stored form: 2 bytes when untouched, about 10 for a balance, and for a window about 14
    /// and 2 or 3 more for each non-empty sixtieth; never more than [`Counter::MAX_BYTES`].
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        match &self.state {
            State::Untouched => bytes.push(UNTOUCHED),
            State::Window(window) => {
                bytes.push(WINDOW);
                put_unsigned(&mut bytes, window.seconds.into());
                put_signed(&mut bytes, window.newest_ms);
                for slot in &window.slots {
                    bytes.push(slot.age);
                    put_unsigned(&mut bytes, slot.count);
                }
            }
            State::Balance(balance) => {
                bytes.push(BALANCE);
                put_unsigned(&mut bytes, balance.spent);
                put_signed(&mut bytes, balance.since_ms);
            }
        }
        bytes
    }

    /// Reads the stored form. Bytes that are accepted are exactly those that
    /// [`Counter::to_bytes`] gives for the result.
    ///
    /// # Errors
    /// [`CounterError::Version`] for a form that this version doesn't know,
    /// [`CounterError::Damaged`] for anything else that isn't a counter.
    pub fn from_bytes(mut bytes: &[u8]) -> Result<Self, CounterError> {
        match take_byte(&mut bytes) {
            Some(VERSION) => {}
            Some(_) => return Err(CounterError::Version),
            None => return Err(CounterError::Damaged),
        }
        let state = take_state(&mut bytes).ok_or(CounterError::Damaged)?;
        if bytes.is_empty() {
            Ok(Self { state })
        } else {
            Err(CounterError::Damaged)
        }
    }
}

impl From<Window> for Counter {
    fn from(window: Window) -> Self {
        Self {
            state: State::Window(window),
        }
    }
}

impl From<Balance> for Counter {
    fn from(balance: Balance) -> Self {
        Self {
            state: State::Balance(balance),
        }
    }
}

fn take_state(bytes: &mut &[u8]) -> Option<State> {
    match take_byte(bytes)? {
        UNTOUCHED => Some(State::Untouched),
        WINDOW => take_window(bytes).map(State::Window),
        BALANCE => {
            let spent = take_unsigned(bytes).filter(|spent| *spent <= MAX_CAPACITY)?;
            Some(State::Balance(Balance {
                spent,
                since_ms: take_signed(bytes)?,
            }))
        }
        _ => None,
    }
}

/// Takes a window; its slots go on to the end.
fn take_window(bytes: &mut &[u8]) -> Option<Window> {
    let seconds = u32::try_from(take_unsigned(bytes)?).ok()?;
    let seconds = Some(seconds).filter(|seconds| (1..=MAX_SECONDS).contains(seconds))?;
    let mut window = Window::new(seconds, take_signed(bytes)?);
    let mut used = 0_u64;
    while !bytes.is_empty() {
        let age = in_window(take_byte(bytes)?.into())?;
        let count = take_unsigned(bytes).filter(|count| (1..=MAX_CAPACITY).contains(count))?;
        used = used
            .checked_add(count)
            .filter(|used| *used <= MAX_CAPACITY)?;
        if window
            .slots
            .last()
            .is_some_and(|older: &Slot| older.age <= age)
        {
            return None;
        }
        window.slots.push(Slot { age, count });
    }
    Some(window)
}
