//! `keywright update`

use crate::app::App;
use crate::args::keys::Update;
use crate::args::limits::Limits;
use crate::failure::{Failure, Outcome, Status};
use crate::input::duration::Lifetime;
use crate::input::{pairs, words};
use crate::output::key;
use crate::store::Access;
use keywright::{ApiKey, Limit, Timestamp, UpdateOptions};

pub(crate) fn run(app: &App, args: Update) -> Outcome {
    let id = args.id.clone();
    let wanted = changes(args, app.now())?;
    if wanted == UpdateOptions::default() {
        return Err(Failure::usage("there is nothing to change")
            .hint("say what, for example --name NAME; --help tells more"));
    }
    let names = wanted.limits.as_ref().map(|limits| {
        limits
            .iter()
            .map(|limit| limit.name.clone())
            .collect::<Vec<_>>()
    });
    app.with_store(Access::Change, async |keys| {
        let before = if names.is_some() {
            Some(keys.get(&id).await?)
        } else {
            None
        };
        let changed = keys.update(&id, wanted).await?;
        key::show(app, &changed)?;
        if let (Some(before), Some(names)) = (before, names) {
            tell_of_lost_limits(app, &before, &names);
        }
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

/// New limits take the place of all of the old: what went without having been named is told.
fn tell_of_lost_limits(app: &App, before: &ApiKey, names: &[String]) {
    let lost = before.limits.iter().map(|limit| limit.name.as_str());
    let lost: Vec<_> = lost
        .filter(|name| !names.iter().any(|kept| kept == name))
        .collect();
    if !lost.is_empty() {
        app.note(&format!(
            "limits that it no longer has: {}",
            lost.join(", ")
        ));
    }
}
