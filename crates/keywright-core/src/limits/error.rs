//! What can be wrong with a limit or a stored counter. No message repeats the input, which may be
//! anything that a caller pasted.

/// A limit was described in a way that can't be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitError {
    /// A name outside `[a-z0-9_.:-]{1,64}`.
    #[error("a limit's name is 1 to 64 characters out of a-z 0-9 _ . : -; choose such a name")]
    Name,
    /// A unit that is none of the known ones.
    #[error(
        "a limit's unit is `requests`, `credits` or, for money, `micro_` and a currency code such as `micro_usd`; give one of these"
    )]
    Unit,
    /// A capacity outside what the kind of limit allows.
    #[error(
        "a limit's capacity is a whole number up to 9007199254740992 (2^53), and at least 1 where it has a window; give one in this range"
    )]
    Capacity,
    /// A window or refill interval outside `1..=31_622_400` seconds.
    #[error(
        "a limit's window or refill interval is 1 to 31622400 seconds (366 days); give one in this range"
    )]
    Seconds,
    /// A refill amount outside `1..=2^53`.
    #[error(
        "a refill adds 1 to 9007199254740992 (2^53) units each time; give an amount in this range"
    )]
    RefillAmount,
    /// A window and a refill in the same limit.
    #[error("a limit has either a window or a refill; remove one of them or make two limits")]
    WindowAndRefill,
    /// Only one of refill amount and refill interval.
    #[error("a refill needs both `refill_amount` and `refill_seconds`; give both or neither")]
    HalfRefill,
    /// Text that is not of the form `N/T`.
    #[error(
        "a rate is written as count/duration with s, m, h or d, such as 100/60s or 1000/1h; write it so"
    )]
    Rate,
}

/// Stored bytes are not a counter that this version can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CounterError {
    /// The version byte is not one that this program knows.
    #[error(
        "the counter is in a form that this version can't read; use the version that wrote it, or a newer one"
    )]
    Version,
    /// The bytes are cut off, too long, or say something impossible.
    #[error("the stored counter is damaged; restore it from a backup, or set the limit anew")]
    Damaged,
}
