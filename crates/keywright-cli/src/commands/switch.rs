//! `keywright disable` and `keywright enable`

use crate::app::App;
use crate::args::keys::{Disable, Enable};
use crate::failure::{Outcome, Status};
use crate::output::key;
use crate::store::Access;

pub(crate) fn disable(app: &App, args: &Disable) -> Outcome {
    app.with_store(Access::Change, async |keys| {
        key::show(app, &keys.disable(&args.id).await?)?;
        Ok(Status::Done)
    })
}

pub(crate) fn enable(app: &App, args: &Enable) -> Outcome {
    app.with_store(Access::Change, async |keys| {
        key::show(app, &keys.enable(&args.id).await?)?;
        Ok(Status::Done)
    })
}
