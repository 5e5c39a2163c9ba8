//! Every route, as requests and answers, without a network.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "in helpers of tests too, what must not happen ends the test"
)]

mod addresses;
mod admin_keys;
mod audit_logs;
mod http_rules;
mod leaks;
mod logged;
mod matrix;
mod own_keys;
mod projects;
mod repeated;
mod service_accounts;
mod site;
mod verify;
