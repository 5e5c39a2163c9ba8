//! What every handler has at hand.

use keywright::{Error, HttpPolicy, KeyManager};
use std::sync::Arc;

use crate::error::ApiError;

/// The store, and how keys are presented.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) keys: KeyManager,
    pub(crate) policy: Arc<HttpPolicy>,
}

impl App {
    /// What the library says, as an answer.
    pub(crate) fn told(&self, error: &Error) -> ApiError {
        ApiError::of(&self.keys, error)
    }
}
