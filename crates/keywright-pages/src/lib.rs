//! The page on which people manage their own API keys, to be mounted in an application behind its own
//! login. Begin with [`KeysPage`].
//!
//! Request parts in, response out: no server, and no I/O but the facade's. Templates, style sheet and
//! script are compiled in, and nothing is fetched from elsewhere. It works without JavaScript, which
//! adds copying, the Esc key, and forgetting the secret sooner.
#![forbid(unsafe_code)]

mod act;
mod assets;
mod daily_use;
mod dates;
mod dialogs;
mod entered;
mod fields;
mod load;
mod options;
mod page;
mod place;
mod problem;
mod response;
mod rows;
mod sign;
mod texts;
mod theme;
mod views;

pub use options::{Expiry, Language, PageOptions, Permission};
pub use page::KeysPage;
pub use response::PageResponse;
pub use theme::{ColorScheme, Logo, Theme};
