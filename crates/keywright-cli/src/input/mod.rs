//! What people and programs give: values on the command line, secrets, answers.

pub(crate) mod confirm;
pub(crate) mod duration;
mod hidden;
pub(crate) mod moment;
pub(crate) mod pairs;
pub(crate) mod passphrase;
pub(crate) mod secret;
pub(crate) mod words;
