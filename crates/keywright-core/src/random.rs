//! Where randomness comes from: injected, so that the core does no I/O and tests can repeat.

use crate::error::{Error, ErrorCode};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of bytes that nobody can foresee.
pub trait Random: Send + Sync + 'static {
    /// Fills the whole buffer, or fails with [`ErrorCode::Internal`] and leaves it unspecified.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Error>;
}

/// Repeatable bytes from a seed. For tests only: whoever knows the seed knows every secret.
#[derive(Debug)]
pub struct SeededRandom {
    seed: u64,
    next: AtomicU64,
}

impl SeededRandom {
    /// A source whose whole output follows from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            next: AtomicU64::new(0),
        }
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), Error> {
        for chunk in buffer.chunks_mut(32) {
            let block = self.next.fetch_add(1, Ordering::Relaxed);
            let mut mac = Hmac::<Sha256>::new_from_slice(&self.seed.to_be_bytes())
                .map_err(|_| Error::new(ErrorCode::Internal, "the seed was refused"))?;
            mac.update(&block.to_be_bytes());
            let bytes = mac.finalize().into_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        Ok(())
    }
}
