//! API keys over HTTP: OpenAI's Admin API for everything around keys, and beside it what OpenAI has
//! no word for (verify, identify, rotate, revoke, leaks). [`router`] is the whole of it as a service,
//! [`Server`] listens and runs it, and [`serve_until_signal`] is a process of its own.
#![forbid(unsafe_code)]

mod answer;
mod around;
mod body;
mod credential;
mod error;
mod members;
mod openai;
mod own;
mod process;
mod query;
mod routes;
mod serve;
mod state;

pub use credential::Peer;
pub use process::serve_until_signal;
pub use routes::router;
pub use serve::Server;
