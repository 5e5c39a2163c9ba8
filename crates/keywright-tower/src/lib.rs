//! Two lines protect a route: [`AuthorizeLayer`] asks [`KeyManager::authorize`] about each request,
//! answers what may not pass, and gives what may pass its proven key.
//!
//! With the feature `axum`: [`Authorized`] is an extractor, and [`keys_page`] mounts the page on which
//! owners manage their own keys.
//!
//! [`KeyManager::authorize`]: keywright::KeyManager::authorize
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod layer;
#[cfg(feature = "axum")]
mod page;
mod parts;

pub use layer::{Authorize, AuthorizeLayer, Authorized};
#[cfg(feature = "axum")]
pub use page::{MissingLayer, keys_page};
pub use parts::Peer;
