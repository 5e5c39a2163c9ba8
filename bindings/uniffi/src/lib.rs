//! The `UniFFI` skin: what the Swift and Kotlin packages (in `bindings/swift` and `bindings/kotlin`)
//! load. It converts, calls and maps errors; it decides nothing. Types of the façade are taken apart
//! without `..`, its enumerations are mirrored, so that whatever is added there stops the build here.
//!
//! What begins with `Native` is seen by those packages alone; the rest is what their users hold in
//! their hands, with the documentation that stands here.
#![expect(
    clippy::needless_pass_by_value,
    clippy::must_use_candidate,
    reason = "only Swift and Kotlin call these functions, and `UniFFI` gives their arguments by value"
)]

pub mod accounts;
pub mod admin_keys;
pub mod arguments;
pub mod call;
pub mod export;
pub mod failure;
pub mod host;
pub mod http;
pub mod import;
pub mod keys;
pub mod manager;
pub mod open;
pub mod records;
pub mod secret;
#[cfg(feature = "test-support")]
pub mod testing;
pub mod verification;
pub mod words;

uniffi::setup_scaffolding!();
