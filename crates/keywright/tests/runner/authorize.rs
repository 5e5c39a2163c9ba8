//! `authorize`: from a request in a scenario to the facade, and from its answer to the wire form.

use super::args::{Args, Taken};
use super::calls::wire;
use super::world::World;
use futures_executor::block_on;
use keywright::{
    Authorization, AuthorizeOptions, ErrorForm, HttpOptions, HttpPolicy, RequestParts,
};
use serde_json::{Map, Value, json};

pub(crate) fn authorize(world: &World, mut args: Args) -> Taken<Value> {
    let method: String = args.maybe("method")?.unwrap_or_else(|| "GET".to_owned());
    let target: String = args.maybe("target")?.unwrap_or_else(|| "/".to_owned());
    let headers: Vec<(String, String)> = args.or_default("headers")?;
    let peer: Option<String> = args.maybe("peer")?;
    let options = AuthorizeOptions {
        scopes: args.or_default("scopes")?,
        cost: args.maybe("cost")?,
    };
    let policy = HttpOptions {
        header: args.maybe("header")?,
        trusted_proxies: args.or_default("trusted_proxies")?,
        error_form: args
            .word("error_form", ErrorForm::parse)?
            .unwrap_or_default(),
    };
    args.done()?;
    let policy = HttpPolicy::new(&policy)?;
    let headers: Vec<(&str, &[u8])> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let request = RequestParts {
        method: &method,
        target: &target,
        headers: &headers,
        peer: peer.as_deref(),
        body: &[],
    };
    answer(&block_on(
        world.keys.authorize(&request, &options, &policy),
    )?)
}

fn answer(answer: &Authorization) -> Taken<Value> {
    let headers: Map<String, Value> = answer
        .headers()
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
        .collect();
    Ok(json!({
        "allowed": answer.allowed(),
        "code": answer.code().as_str(),
        "status": answer.status(),
        "headers": headers,
        "body": serde_json::from_str::<Value>(answer.body()).unwrap_or_default(),
        "key": wire(&answer.key())?,
        "key_id": answer.key_id(),
    }))
}
