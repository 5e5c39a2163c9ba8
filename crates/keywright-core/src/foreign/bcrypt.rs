//! bcrypt hashes: `$2b$12$…`, and Django's `bcrypt_sha256`, which hashes the secret before.
//! Where implementations disagree about what a secret is, the secret is refused, never cut.

use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, NO_PAD};
use subtle::ConstantTimeEq as _;

use super::ForeignError;
use super::bounds::{MAX_BCRYPT_COST, MIN_BCRYPT_COST};

/// bcrypt reads this many bytes and no more.
const MAX_BCRYPT_SECRET: usize = 72;

const EXPECTED: &str = "60 characters like $2b$12$<22 of salt><31 of hash>";

/// The last character of a salt carries four bits that mean nothing; old libraries left them set,
/// and every implementation ignores them.
const SALT: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);
const HASH: GeneralPurpose = GeneralPurpose::new(&BCRYPT, NO_PAD);

/// A bcrypt hash that was found to be well formed and of bearable cost.
///
/// `$2a$`, `$2b$` and `$2y$` are the same function for every secret that is accepted here. `$2x$`
/// (`crypt_blowfish`'s sign-extension bug) and `$2$` are not supported.
#[derive(Clone, PartialEq, Eq)]
pub struct BcryptHash {
    /// `a`, `b` or `y`; kept only so that the text comes back as it was.
    minor: char,
    cost: u32,
    salt: [u8; 16],
    hash: [u8; 23],
}

impl BcryptHash {
    pub(super) fn parse(text: &str) -> Result<Self, ForeignError> {
        let malformed = || ForeignError::malformed("bcrypt", EXPECTED);
        if text.starts_with("$2x$") {
            return Err(ForeignError::UnsupportedAlgorithm {
                algorithm: "bcrypt $2x$",
            });
        }
        if text.starts_with("$2$") {
            return Err(ForeignError::UnsupportedAlgorithm {
                algorithm: "bcrypt $2$",
            });
        }
        let (minor, rest) = ['a', 'b', 'y']
            .into_iter()
            .find_map(|minor| {
                let rest = text.strip_prefix("$2")?.strip_prefix(minor)?;
                Some((minor, rest.strip_prefix('$')?))
            })
            .ok_or_else(malformed)?;
        let (cost, data) = rest.split_once('$').ok_or_else(malformed)?;
        if cost.len() != 2 || !cost.bytes().all(|b| b.is_ascii_digit()) {
            return Err(malformed());
        }
        let cost = cost.parse().map_err(|_| malformed())?;
        if data.len() != 53 {
            return Err(malformed());
        }
        let (salt, hash) = data.split_at_checked(22).ok_or_else(malformed)?;
        let salt = SALT.decode(salt).map_err(|_| malformed())?;
        let hash = HASH.decode(hash).map_err(|_| malformed())?;
        Ok(Self {
            minor,
            cost: ForeignError::bounded(
                "the cost of bcrypt",
                cost,
                MIN_BCRYPT_COST,
                MAX_BCRYPT_COST,
            )?,
            salt: salt.try_into().map_err(|_| malformed())?,
            hash: hash.try_into().map_err(|_| malformed())?,
        })
    }

    /// Whether this is the hash of `secret`; never for what bcrypt doesn't read whole.
    ///
    /// Beyond 72 bytes bcrypt ignores the secret, so that many secrets would match one hash, and
    /// the first to be presented would be upgraded to. A NUL byte is where C implementations stop
    /// and others go on (`a` and `a\0a` have one hash). Both are therefore no match.
    pub(super) fn matches(&self, secret: &[u8]) -> bool {
        if secret.len() > MAX_BCRYPT_SECRET || secret.contains(&0) {
            return false;
        }
        // The NUL that ends a C string is part of what is hashed, if there is room for it.
        let mut padded = zeroize::Zeroizing::new([0; MAX_BCRYPT_SECRET]);
        let used = MAX_BCRYPT_SECRET.min(secret.len() + 1);
        let Some(input) = padded.get_mut(..used) else {
            return false;
        };
        for (to, from) in input.iter_mut().zip(secret) {
            *to = *from;
        }
        let [found @ .., _] = bcrypt::bcrypt(self.cost, self.salt, input);
        found.ct_eq(&self.hash).into()
    }

    /// As [`matches`](Self::matches), for Django's `bcrypt_sha256`: bcrypt of the hex SHA-256, so
    /// that every byte of a secret of any length counts.
    pub(super) fn matches_sha256(&self, secret: &[u8]) -> bool {
        use sha2::Digest as _;
        let digest = zeroize::Zeroizing::new(<[u8; 32]>::from(sha2::Sha256::digest(secret)));
        let hex = zeroize::Zeroizing::new(super::encoding::to_hex(&*digest));
        self.matches(hex.as_bytes())
    }

    pub(super) fn to_text(&self) -> String {
        format!(
            "$2{}${:02}${}{}",
            self.minor,
            self.cost,
            SALT.encode(self.salt),
            HASH.encode(self.hash)
        )
    }
}
