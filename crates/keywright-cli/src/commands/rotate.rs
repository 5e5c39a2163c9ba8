//! `keywright rotate`

use super::created;
use crate::app::App;
use crate::args::keys::Rotate;
use crate::failure::{Outcome, Status};
use crate::output::{key, time};
use crate::store::Access;
use keywright::{ApiKey, VersionStatus};

pub(crate) fn run(app: &App, args: &Rotate) -> Outcome {
    let Rotate {
        id,
        overlap,
        finish,
        cancel,
    } = args;
    app.with_store(Access::Change, async |keys| {
        if *finish || *cancel {
            let changed = if *finish {
                keys.finish_rotation(id).await?
            } else {
                keys.cancel_rotation(id).await?
            };
            key::show(app, &changed)?;
            app.note(if *finish {
                "the old secret is dead; only the new one is good now"
            } else {
                "the new secret is dead; the old one is current again"
            });
            return Ok(Status::Done);
        }
        let made = keys.rotate(id, *overlap).await?;
        created::hand_over(app, &made, "rotated")?;
        app.note(&what_now(app, &made.key));
        Ok(Status::Done)
    })
}

/// What becomes of the old secret, and how to go on.
fn what_now(app: &App, key: &ApiKey) -> String {
    let old = key
        .versions
        .iter()
        .find(|version| version.status == VersionStatus::Overlapping);
    let Some(end) = old.and_then(|version| version.ends_at) else {
        return "the old secret is dead".to_owned();
    };
    format!(
        "the old secret is good until {}; to end it before: {}",
        time::full(end, app.now()),
        app.next(["rotate", &key.id, "--finish"])
    )
}
