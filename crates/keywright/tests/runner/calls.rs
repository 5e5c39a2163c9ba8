//! From a call's name and arguments to the facade, and from its result to the wire form.

use super::Trouble;
use super::args::{Args, Taken};
use super::authorize::authorize;
use super::world::World;
use futures_executor::block_on;
use keywright::{
    ApiKey, AuditOptions, Class, CreateOptions, Created, ImportRecord, KeyStatus, Limit,
    ListOptions, Page, ProjectOptions, RevocationReason, UpdateOptions, Verification,
    VerifyOptions,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// Carries out a call.
pub(crate) fn call(world: &mut World, name: &str, args: Args) -> Taken<Value> {
    match name.split_once('.') {
        Some(("projects", verb)) => projects(world, verb, args),
        Some(("service_accounts", verb)) => service_accounts(world, verb, args),
        Some(("users", verb)) => users(world, verb, args),
        Some(("admin_keys", verb)) => admin_keys(world, verb, args),
        Some(_) => unknown(name),
        None => plain(world, name, args),
    }
}

fn unknown(name: &str) -> Taken<Value> {
    Err(Trouble::Unknown(format!("unknown call {name}")))
}

fn plain(world: &mut World, name: &str, args: Args) -> Taken<Value> {
    match name {
        "advance" | "set_clock" | "reopen" | "acting_as" | "flush" | "close" | "brand" => {
            around(world, name, args)
        }
        "authorize" => authorize(world, args),
        "verify" | "identify" => presented(world, name, args),
        "list" | "audit" | "verify_audit" | "import_keys" | "export_keys" => {
            many(world, name, args)
        }
        _ => one_key(world, name, args),
    }
}

/// The clock, the store as a whole, and who acts.
fn around(world: &mut World, name: &str, mut args: Args) -> Taken<Value> {
    match name {
        "advance" => {
            let seconds = args.span("seconds")?;
            let ms: Option<u64> = args.maybe("ms")?;
            args.done()?;
            world.clock.advance(
                seconds.unwrap_or_default() + Duration::from_millis(ms.unwrap_or_default()),
            );
        }
        "set_clock" => {
            let seconds: i64 = args.need("seconds")?;
            args.done()?;
            world.clock.set_ms(seconds * 1000);
        }
        "reopen" => world.reopen(args)?,
        "acting_as" => {
            let (actor, ip): (String, Option<String>) = (args.need("actor")?, args.maybe("ip")?);
            args.done()?;
            world.keys = world.keys.acting_as(&actor, ip.as_deref())?;
        }
        "flush" => {
            args.done()?;
            block_on(world.keys.flush())?;
        }
        "close" => {
            args.done()?;
            block_on(world.keys.close())?;
        }
        _ => {
            args.done()?;
            return Ok(world.keys.brand().into());
        }
    }
    Ok(Value::Null)
}

fn presented(world: &World, name: &str, mut args: Args) -> Taken<Value> {
    let secret = args.secret()?;
    if name == "identify" {
        args.done()?;
        return wire(&block_on(world.keys.identify(&secret))?);
    }
    let options = VerifyOptions {
        scopes: args.or_default("scopes")?,
        ip: args.maybe("ip")?,
        cost: args.maybe("cost")?,
    };
    args.done()?;
    verification(&block_on(world.keys.verify(&secret, &options))?)
}

fn many(world: &World, name: &str, mut args: Args) -> Taken<Value> {
    let keys = &world.keys;
    match name {
        "list" => {
            let options = list_options(args)?;
            page(block_on(keys.list(options))?)
        }
        "audit" => {
            let options = AuditOptions {
                object_id: args.maybe("object_id")?,
                project: args.maybe("project")?,
                event_types: args.or_default("event_types")?,
                actor: args.maybe("actor")?,
                since: args.moment("since")?,
                after: args.maybe("after")?,
                limit: args.maybe("limit")?,
            };
            args.done()?;
            page(block_on(keys.audit(options))?)
        }
        "verify_audit" => {
            args.done()?;
            wire(&block_on(keys.verify_audit())?)
        }
        "import_keys" => {
            let records: Vec<Value> = args.need("records")?;
            args.done()?;
            let records = records
                .iter()
                .map(|record| ImportRecord::from_json(&record.to_string()));
            let records = records.collect::<keywright::Result<_>>()?;
            wire(&block_on(keys.import_keys(records))?)
        }
        _ => {
            args.done()?;
            export(world)
        }
    }
}

fn export(world: &World) -> Taken<Value> {
    let mut export = world.keys.export_keys();
    let mut all = Vec::<Value>::new();
    loop {
        let lines = block_on(export.next_lines())?;
        if lines.is_empty() {
            return whole(all);
        }
        for line in lines {
            all.push(
                serde_json::from_str(&line).map_err(|error| Trouble::Unknown(error.to_string()))?,
            );
        }
    }
}

fn one_key(world: &World, name: &str, mut args: Args) -> Taken<Value> {
    let keys = &world.keys;
    if name == "create" {
        let (name, options): (String, _) = (args.need("name")?, create_options(&mut args)?);
        args.done()?;
        return created(&block_on(keys.create(&name, options))?);
    }
    if name == "revoke_all" {
        let (owner, reason): (String, _) = (args.need("owner")?, reason(&mut args)?);
        args.done()?;
        return wire(&block_on(keys.revoke_all(&owner, reason))?);
    }
    let simple = [
        "get",
        "disable",
        "enable",
        "finish_rotation",
        "cancel_rotation",
        "rotate",
        "update",
        "revoke",
        "usage",
    ];
    if !simple.contains(&name) {
        return unknown(name);
    }
    let id: String = args.need("id")?;
    match name {
        "rotate" => {
            let overlap = args.span("overlap")?;
            args.done()?;
            created(&block_on(keys.rotate(&id, overlap))?)
        }
        "update" => {
            let changes = update_options(args)?;
            wire(&block_on(keys.update(&id, changes))?)
        }
        "revoke" => {
            let reason = reason(&mut args)?;
            args.done()?;
            wire(&block_on(keys.revoke(&id, reason))?)
        }
        "usage" => {
            let days: u32 = args.need("days")?;
            args.done()?;
            whole(block_on(keys.usage(&id, days))?)
        }
        _ => {
            args.done()?;
            let key = match name {
                "get" => block_on(keys.get(&id)),
                "disable" => block_on(keys.disable(&id)),
                "enable" => block_on(keys.enable(&id)),
                "finish_rotation" => block_on(keys.finish_rotation(&id)),
                _ => block_on(keys.cancel_rotation(&id)),
            };
            wire(&key?)
        }
    }
}

fn projects(world: &World, verb: &str, mut args: Args) -> Taken<Value> {
    let projects = world.keys.projects();
    match verb {
        "create" => {
            let name: String = args.need("name")?;
            let options = ProjectOptions {
                default_lifetime: args.span("default_lifetime")?,
                max_lifetime: args.span("max_lifetime")?,
            };
            args.done()?;
            wire(&block_on(projects.create(&name, options))?)
        }
        "list" => {
            let include_archived = args.or_default("include_archived")?;
            args.done()?;
            whole(block_on(projects.list(include_archived))?)
        }
        "get" | "archive" => {
            let project: String = args.need("project")?;
            args.done()?;
            match verb {
                "get" => wire(&block_on(projects.get(&project))?),
                _ => wire(&block_on(projects.archive(&project))?),
            }
        }
        _ => unknown(verb),
    }
}

fn service_accounts(world: &World, verb: &str, mut args: Args) -> Taken<Value> {
    let accounts = world.keys.service_accounts();
    match verb {
        "create" => {
            let (name, project): (String, Option<String>) =
                (args.need("name")?, args.maybe("project")?);
            args.done()?;
            wire(&block_on(accounts.create(&name, project.as_deref()))?)
        }
        "list" => {
            let project: Option<String> = args.maybe("project")?;
            args.done()?;
            whole(block_on(accounts.list(project.as_deref()))?)
        }
        "delete" => {
            let id: String = args.need("id")?;
            args.done()?;
            wire(&block_on(accounts.delete(&id))?)
        }
        _ => unknown(verb),
    }
}

fn users(world: &World, verb: &str, mut args: Args) -> Taken<Value> {
    let users = world.keys.users();
    match verb {
        "create" => {
            let name: String = args.need("name")?;
            args.done()?;
            wire(&block_on(users.create(&name))?)
        }
        "list" => {
            args.done()?;
            whole(block_on(users.list())?)
        }
        "delete" => {
            let id: String = args.need("id")?;
            args.done()?;
            wire(&block_on(users.delete(&id))?)
        }
        _ => unknown(verb),
    }
}

fn admin_keys(world: &World, verb: &str, mut args: Args) -> Taken<Value> {
    let admin = world.keys.admin_keys();
    match verb {
        "create" => {
            let name: String = args.need("name")?;
            let (expires_in, expires_at) = (args.span("expires_in")?, args.moment("expires_at")?);
            args.done()?;
            created(&block_on(admin.create(&name, expires_in, expires_at))?)
        }
        "get" => {
            let id: String = args.need("id")?;
            args.done()?;
            wire(&block_on(admin.get(&id))?)
        }
        "list" => page(block_on(admin.list(list_options(args)?))?),
        "revoke" => {
            let (id, reason): (String, _) = (args.need("id")?, reason(&mut args)?);
            args.done()?;
            wire(&block_on(admin.revoke(&id, reason))?)
        }
        "verify" => {
            let secret = args.secret()?;
            args.done()?;
            verification(&block_on(admin.verify(&secret))?)
        }
        _ => unknown(verb),
    }
}

fn create_options(args: &mut Args) -> Taken<CreateOptions> {
    Ok(CreateOptions {
        project: args.maybe("project")?,
        owner: args.maybe("owner")?,
        scopes: args.maybe("scopes")?,
        expires_in: args.span("expires_in")?,
        expires_at: args.moment("expires_at")?,
        allowed_ips: args.maybe("allowed_ips")?,
        metadata: args.or_default("metadata")?,
        class: args.word("class", Class::parse)?,
        rate_limit: args.maybe("rate_limit")?,
        credits: args.maybe("credits")?,
        limits: args.or_default("limits")?,
        idempotency_key: args.maybe("idempotency_key")?,
    })
}

fn update_options(mut args: Args) -> Taken<UpdateOptions> {
    let changes = UpdateOptions {
        name: args.maybe("name")?,
        metadata: args.maybe("metadata")?,
        scopes: args.nullable("scopes")?,
        allowed_ips: args.nullable("allowed_ips")?,
        expires_at: args.nullable_moment("expires_at")?,
        limits: args.maybe::<Vec<Limit>>("limits")?,
    };
    args.done()?;
    Ok(changes)
}

fn list_options(mut args: Args) -> Taken<ListOptions> {
    let options = ListOptions {
        project: args.maybe("project")?,
        owner: args.maybe("owner")?,
        status: args.word("status", KeyStatus::parse)?,
        search: args.maybe("search")?,
        include_revoked: args.or_default("include_revoked")?,
        after: args.maybe("after")?,
        limit: args.maybe("limit")?,
    };
    args.done()?;
    Ok(options)
}

fn reason(args: &mut Args) -> Taken<RevocationReason> {
    Ok(args
        .word("reason", RevocationReason::parse)?
        .unwrap_or_default())
}

pub(super) fn wire<T: Serialize>(result: &T) -> Taken<Value> {
    serde_json::to_value(result).map_err(|error| Trouble::Unknown(error.to_string()))
}

fn created(created: &Created) -> Taken<Value> {
    Ok(json!({ "key": wire::<ApiKey>(&created.key)?, "secret": created.secret.reveal() }))
}

fn verification(answer: &Verification) -> Taken<Value> {
    let retry_after_ms = answer
        .retry_after()
        .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
    Ok(json!({
        "valid": answer.valid(),
        "code": answer.code().as_str(),
        "key": wire(&answer.key())?,
        "retry_after_ms": retry_after_ms,
        "limit": answer.limit(),
    }))
}

fn page<T: Serialize>(page: Page<T>) -> Taken<Value> {
    let Page { data, has_more } = page;
    Ok(json!({ "data": wire(&data)?, "has_more": has_more }))
}

/// A list that comes all at once.
fn whole<T: Serialize>(data: Vec<T>) -> Taken<Value> {
    page(Page {
        data,
        has_more: false,
    })
}
