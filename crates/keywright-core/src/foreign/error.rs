//! Why a foreign hash, prefix or HMAC key was refused. No message carries what was given, since
//! it may be a secret that was put into the wrong field.

/// What is wrong with a foreign hash (or its key or prefix), and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForeignError {
    /// The name of the format isn't one that can be imported.
    #[error(
        "this hash format is not known; use sha256, sha512, hmac-sha256, bcrypt, argon2 or django"
    )]
    UnknownFormat,

    /// An algorithm that is known, and deliberately not imported.
    #[error(
        "hashes of the kind {algorithm} are not supported; \
         import the secret itself or issue a new key"
    )]
    UnsupportedAlgorithm {
        /// The algorithm's name.
        algorithm: &'static str,
    },

    /// The text isn't a hash of the format it is said to be.
    #[error("this is not a {format} hash; expected {expected}")]
    Malformed {
        /// The format that was parsed.
        format: &'static str,
        /// What it looks like.
        expected: &'static str,
    },

    /// The text is longer than any supported hash.
    #[error("the hash is longer than {max} bytes, which no supported format is")]
    HashTooLong {
        /// The most that is read, in bytes.
        max: usize,
    },

    /// A cost or size that would be no protection, or too much work for each request.
    #[error(
        "{parameter} of this hash must be {min} to {max}; \
         import the secret itself or issue a new key"
    )]
    OutOfBounds {
        /// Which cost or size, with its unit.
        parameter: &'static str,
        /// The least that is accepted.
        min: u32,
        /// The most that is accepted.
        max: u32,
    },

    /// An `hmac-sha256` hash without its key.
    #[error("an hmac-sha256 hash needs the key it was made with; give it beside the hash")]
    HmacKeyMissing,

    /// A key was given for a format that has none.
    #[error("a key was given, but only hmac-sha256 hashes have one; leave it out")]
    HmacKeyUnexpected,

    /// The HMAC key is empty or too long.
    #[error("the HMAC key must be 1 to {max} bytes")]
    HmacKeyLength {
        /// The most, in bytes.
        max: usize,
    },

    /// More different HMAC keys than a store may have.
    #[error(
        "hashes under {max} different HMAC keys are imported already; \
         revoke or re-issue the keys under one of them first"
    )]
    TooManyHmacKeys {
        /// The most.
        max: usize,
    },

    /// A stored hash names an HMAC key that the caller doesn't have.
    #[error("the HMAC key of this stored hash is not there; restore it from a backup")]
    HmacKeyUnknown,

    /// A prefix that isn't 4 to 64 printable ASCII characters without spaces.
    #[error("the prefix must be {min} to {max} printable ASCII characters without spaces")]
    Prefix {
        /// The fewest characters.
        min: usize,
        /// The most characters.
        max: usize,
    },

    /// A stored value isn't what this module wrote.
    #[error("the stored hash is damaged; restore it from a backup")]
    Stored,

    /// The memory for an Argon2 hash couldn't be had: there is no answer, and it is not "no".
    #[error("there is not enough memory to check this hash; try again later")]
    OutOfMemory,
}

impl ForeignError {
    pub(super) const fn malformed(format: &'static str, expected: &'static str) -> Self {
        Self::Malformed { format, expected }
    }

    /// `value` if it lies in `min..=max`, else the error that says so.
    pub(super) fn bounded(
        parameter: &'static str,
        value: u32,
        min: u32,
        max: u32,
    ) -> Result<u32, Self> {
        if (min..=max).contains(&value) {
            Ok(value)
        } else {
            Err(Self::OutOfBounds {
                parameter,
                min,
                max,
            })
        }
    }
}
