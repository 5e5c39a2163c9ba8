//! Keeping the HMAC keys of other systems encrypted at rest: XChaCha20-Poly1305
//! (draft-irtf-cfrg-xchacha), under a key that the caller derives from the pepper.

use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use zeroize::Zeroizing;

/// Names the layout of a sealed value: this byte, 24 bytes of nonce, the ciphertext with its tag.
const LAYOUT: u8 = 1;
const NONCE: usize = 24;
const TAG: usize = 16;

/// Why a value couldn't be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The value is beyond what the cipher takes (256 GiB).
    #[error("this is too long to be sealed")]
    TooLong,
    /// The value was not sealed by this program, or by a newer one.
    #[error("this is not a sealed value that this version can read; use a newer version")]
    Layout,
    /// Another key or other associated data, or the sealed value was changed.
    #[error("the sealed value can't be opened: wrong pepper, or it was changed; restore a backup")]
    Refused,
}

/// Encrypts and authenticates `plain`; the result carries the nonce and can be stored as it is
/// (41 bytes longer than `plain`).
///
/// `key` is derived from the pepper and used for nothing else. `nonce` is 24 random bytes, new for
/// every call. `aad` says where the value belongs (for an HMAC key: its
/// [`HmacKeyId`](super::HmacKeyId)), so that it can't be moved elsewhere.
///
/// # Errors
/// [`SealError::TooLong`] beyond 256 GiB.
///
/// ```
/// use keywright_core::foreign::{SealError, open, seal};
///
/// let sealed = seal(&[7; 32], [9; 24], b"where", b"the key")?;
/// assert_eq!(*open(&[7; 32], b"where", &sealed)?, b"the key");
/// assert_eq!(open(&[7; 32], b"elsewhere", &sealed), Err(SealError::Refused));
/// # Ok::<(), SealError>(())
/// ```
pub fn seal(
    key: &[u8; 32],
    nonce: [u8; NONCE],
    aad: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, SealError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    let body = cipher
        .encrypt(&nonce.into(), Payload { msg: plain, aad })
        .map_err(|_| SealError::TooLong)?;
    let mut sealed = Vec::with_capacity(1 + NONCE + body.len());
    sealed.push(LAYOUT);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

/// Gives back what [`seal`] encrypted under the same `key` and `aad`; wiped when dropped.
///
/// # Errors
/// [`SealError::Layout`] for what isn't a sealed value, [`SealError::Refused`] for another key,
/// other `aad`, or a changed value.
pub fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (&layout, rest) = sealed.split_first().ok_or(SealError::Layout)?;
    let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Layout)?;
    if layout != LAYOUT || body.len() < TAG {
        return Err(SealError::Layout);
    }
    XChaCha20Poly1305::new(key.into())
        .decrypt(nonce.into(), Payload { msg: body, aad })
        .map(Zeroizing::new)
        .map_err(|_| SealError::Refused)
}
