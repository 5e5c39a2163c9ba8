//! `keywright get`

use crate::app::App;
use crate::args::keys::Get;
use crate::failure::{Outcome, Status};
use crate::output::key;
use crate::store::Access;

pub(crate) fn run(app: &App, args: &Get) -> Outcome {
    app.with_store(Access::Read, async |keys| {
        key::show(app, &keys.get(&args.id).await?)?;
        Ok(Status::Done)
    })
}
