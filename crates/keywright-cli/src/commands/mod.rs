//! What each command does.

mod admin_key;
mod audit;
mod backup;
mod create;
mod created;
mod export;
mod get;
mod import;
mod list;
mod project;
mod quickstart;
mod revoke;
mod rotate;
#[cfg(feature = "serve")]
mod serve;
mod service_account;
mod switch;
mod tools;
mod update;
mod usage;
mod user;
mod verify;

use crate::app::App;
use crate::args::Command;
use crate::failure::Outcome;

/// Runs a command.
pub(crate) fn run(app: &App, command: Command) -> Outcome {
    match command {
        Command::Quickstart(args) => quickstart::run(app, &args),
        Command::Create(args) => create::run(app, args),
        Command::Verify(args) => verify::verify(app, args),
        Command::Identify(args) => verify::identify(app, &args),
        Command::List(args) => list::run(app, args),
        Command::Get(args) => get::run(app, &args),
        Command::Usage(args) => usage::run(app, &args),
        Command::Update(args) => update::run(app, args),
        Command::Rotate(args) => rotate::run(app, &args),
        Command::Disable(args) => switch::disable(app, &args),
        Command::Enable(args) => switch::enable(app, &args),
        Command::Revoke(args) => revoke::run(app, args),
        Command::Import(args) => import::run(app, &args),
        Command::Export(args) => export::run(app, &args),
        Command::Backup(args) => backup::backup(app, &args),
        Command::Restore(args) => backup::restore(app, &args),
        Command::Upgrade(args) => backup::upgrade(app, &args),
        Command::Audit(args) => audit::run(app, args),
        Command::Project(args) => project::run(app, args),
        Command::ServiceAccount(args) => service_account::run(app, args),
        Command::User(args) => user::run(app, args),
        Command::AdminKey(args) => admin_key::run(app, args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::run(app, args),
        Command::Completions(args) => tools::completions(app, &args),
        Command::Man(args) => tools::man(app, &args),
    }
}
