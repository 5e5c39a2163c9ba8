//! What is done on the page is told in the audit trail as its owner's doing.

use crate::harness::{PEER, Site, options};
use futures_executor::block_on;
use keywright::AuditOptions;
use keywright_pages::PageOptions;

#[test]
fn every_act_is_the_owners_from_their_address() {
    let site = Site::new();
    let browser = site.browser("cust_42");
    browser.create(&[("name", "x")]);
    let id = site.all("cust_42")[0].id.clone();
    browser.submit("edit", &id, &[("name", "y")]);
    browser.submit("rotate", &id, &[]);
    browser.submit("rotate", &id, &[("action", "finish")]);
    browser.submit("disable", &id, &[]);
    browser.submit("enable", &id, &[]);
    browser.submit("revoke", &id, &[]);
    let events = block_on(site.keys.audit(AuditOptions::default()))
        .unwrap()
        .data;
    let of_the_key: Vec<_> = events
        .iter()
        .filter(|event| event.object_id == id)
        .collect();
    assert_eq!(of_the_key.len(), 7);
    for event in of_the_key {
        assert_eq!(event.actor, "owner:cust_42", "{}", event.event_type);
        assert_eq!(event.ip.as_deref(), Some(PEER));
        assert_eq!(event.outcome, "done");
    }
    assert_eq!(block_on(site.keys.verify_audit()).unwrap(), None);
}

#[test]
fn a_trusted_proxy_says_whose_address_it_is() {
    let site = Site::with(PageOptions {
        trusted_proxies: vec!["203.0.113.0/24".to_owned()],
        ..options()
    });
    let browser = site
        .browser("o")
        .header("x-forwarded-for", "1.1.1.1, 198.51.100.9");
    browser.create(&[("name", "x")]);
    let events = block_on(site.keys.audit(AuditOptions::default()))
        .unwrap()
        .data;
    assert_eq!(events.last().unwrap().ip.as_deref(), Some("198.51.100.9"));

    let site = Site::new();
    let browser = site.browser("o").header("x-forwarded-for", "198.51.100.9");
    browser.create(&[("name", "x")]);
    let events = block_on(site.keys.audit(AuditOptions::default()))
        .unwrap()
        .data;
    assert_eq!(events.last().unwrap().ip.as_deref(), Some(PEER));
}

#[test]
fn a_long_owner_is_told_apart_by_a_hash() {
    let site = Site::new();
    let owners = ["a", "b"].map(|end| format!("{}{end}", "x".repeat(127)));
    for owner in &owners {
        site.browser(owner).create(&[("name", "k")]);
    }
    let events = block_on(site.keys.audit(AuditOptions::default()))
        .unwrap()
        .data;
    let mut actors: Vec<_> = events.iter().map(|event| event.actor.clone()).collect();
    actors.retain(|actor| actor.starts_with("owner:"));
    assert_eq!(actors.len(), 2);
    assert_ne!(actors[0], actors[1]);
    assert!(actors.iter().all(|actor| actor.chars().count() == 128));
}

#[test]
fn what_is_tried_on_someone_elses_key_is_told_too() {
    let site = Site::new();
    let id = site.issue("alice", "hers").key.id;
    let mallory = site.browser("mallory");
    let token = mallory.open("create", "").field("token").to_owned();
    for action in [
        "edit", "rotate", "finish", "cancel", "disable", "enable", "revoke",
    ] {
        let fields = [("token", token.as_str()), ("action", action), ("id", &id)];
        assert_eq!(mallory.post("", &fields).status(), 404);
    }
    let events = block_on(site.keys.audit(AuditOptions::default()))
        .unwrap()
        .data;
    let of_mallory = events.iter().filter(|event| event.actor == "owner:mallory");
    let told: Vec<_> = of_mallory
        .map(|event| (event.event_type.as_str(), event.outcome.as_str()))
        .collect();
    assert_eq!(told.len(), 7);
    assert!(told.contains(&("api_key.revoked", "not_found")));
    assert!(events.iter().filter(|event| event.object_id == id).count() == 8);
    assert_eq!(block_on(site.keys.verify_audit()).unwrap(), None);
}
