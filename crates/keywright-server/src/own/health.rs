//! `/healthz`: the process answers. `/readyz`: the store does, too.

use crate::answer::{Answer, json};
use crate::state::App;
use axum::extract::State;
use serde_json::json as object;

pub(crate) async fn healthz() -> Answer {
    json(&object!({ "status": "ok" }))
}

pub(crate) async fn readyz(State(app): State<App>) -> Answer {
    let looked = app.keys.projects().get("default").await;
    looked.map_err(|error| app.told(&error))?;
    json(&object!({ "status": "ok" }))
}
