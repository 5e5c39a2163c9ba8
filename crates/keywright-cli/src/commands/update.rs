//! `keywright update`

use crate::app::App;
use crate::args::keys::Update;
use crate::args::limits::Limits;
use crate::failure::{Failure, Outcome, Status};
use crate::input::duration::Lifetime;
use crate::input::{pairs, words};
use crate::output::key;
use crate::store::Access;
use keywright::{Limit, Timestamp, UpdateOptions};

pub(crate) fn run(app: &App, args: Update) -> Outcome {
    let (id, anew) = (args.id.clone(), args.no_limits);
    let mut wanted = changes(args, app.now())?;
    if wanted == UpdateOptions::default() {
        return Err(Failure::usage("there is nothing to change")
            .hint("say what, for example --name NAME; --help tells more"));
    }
    app.with_store(Access::Change, async |keys| {
        if let Some(limits) = wanted.limits.take_if(|_| !anew) {
            // The library takes all limits of a key at once; here, what isn't given stays.
            wanted.limits = Some(merged(keys.get(&id).await?.limits, limits));
        }
        let changed = keys.update(&id, wanted).await?;
        key::show(app, &changed)?;
        Ok(Status::Done)
    })
}

fn changes(args: Update, now: Timestamp) -> Outcome<UpdateOptions> {
    let Update {
        id: _,
        name,
        scopes,
        all_scopes,
        expires_in,
        expires_at,
        allow_ip,
        any_ip,
        metadata,
        no_metadata,
        limits,
        no_limits,
    } = args;
    let expires_at = match expires_in {
        None => expires_at.map(Some),
        Some(Lifetime::Endless) => Some(None),
        Some(Lifetime::For(span)) => {
            let end = now
                .after(span)
                .ok_or_else(|| Failure::usage("that span goes on beyond the year 9999"))?;
            Some(Some(end))
        }
    };
    Ok(UpdateOptions {
        name,
        metadata: (no_metadata || !metadata.is_empty()).then(|| pairs::collect(metadata)),
        scopes: if all_scopes {
            Some(None)
        } else {
            scopes.as_deref().map(|text| Some(words::list(text)))
        },
        allowed_ips: if any_ip {
            Some(None)
        } else {
            Some(Some(allow_ip)).filter(|list| list != &Some(Vec::new()))
        },
        expires_at,
        limits: new_limits(&limits, no_limits)?,
    })
}

fn new_limits(limits: &Limits, none: bool) -> Outcome<Option<Vec<Limit>>> {
    let Limits {
        rate_limit,
        credits,
    } = limits;
    let mut list = Vec::new();
    if let Some(text) = rate_limit {
        list.push(Limit::rate(text)?);
    }
    if let Some(count) = credits {
        list.push(Limit::credits(*count)?);
    }
    Ok((none || !list.is_empty()).then_some(list))
}

/// Each new limit takes the place of the one of its name, or stands behind the others.
fn merged(mut limits: Vec<Limit>, new: Vec<Limit>) -> Vec<Limit> {
    for limit in new {
        match limits.iter_mut().find(|old| old.name == limit.name) {
            Some(old) => *old = limit,
            None => limits.push(limit),
        }
    }
    limits
}
