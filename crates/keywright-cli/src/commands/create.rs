//! `keywright create`

use super::created;
use crate::app::App;
use crate::args::keys::Create;
use crate::args::limits::Limits;
use crate::failure::{Outcome, Status};
use crate::input::{pairs, words};
use crate::store::Access;
use keywright::CreateOptions;

pub(crate) fn run(app: &App, args: Create) -> Outcome {
    let Create {
        name,
        project,
        owner,
        scopes,
        expires_in,
        expires_at,
        allow_ip,
        metadata,
        class,
        limits: Limits {
            rate_limit,
            credits,
        },
        idempotency_key,
    } = args;
    let options = CreateOptions {
        project,
        owner,
        scopes: scopes.as_deref().map(words::list),
        expires_in,
        expires_at,
        allowed_ips: Some(allow_ip).filter(|networks| !networks.is_empty()),
        metadata: pairs::collect(metadata),
        class,
        rate_limit,
        credits,
        limits: Vec::new(),
        idempotency_key,
    };
    app.with_store(Access::Add, async |keys| {
        let made = keys.create(&name, options).await?;
        created::hand_over(app, &made, "created")?;
        Ok(Status::Done)
    })
}
