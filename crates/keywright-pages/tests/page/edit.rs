use crate::harness::{START, Site, options};
use keywright::{CreateOptions, UpdateOptions};
use keywright_pages::PageOptions;
use std::time::Duration;

fn scoped(scopes: &[&str]) -> CreateOptions {
    CreateOptions {
        scopes: Some(scopes.iter().map(|scope| (*scope).to_owned()).collect()),
        ..CreateOptions::default()
    }
}

#[test]
fn name_permissions_and_expiry_change() {
    let site = Site::new();
    let id = site.issue("o", "old").key.id;
    let browser = site.browser("o");
    let fill = [
        ("name", "new"),
        ("permissions", "restricted"),
        ("scope", "invoices.read"),
        ("expires", "60"),
    ];
    let sent = browser.submit("edit", &id, &fill);
    let shown = browser.follow(&sent);
    assert!(shown.has("“new” was saved."));
    let key = site.get(&id);
    assert_eq!(key.name, "new");
    assert_eq!(key.scopes.unwrap(), ["invoices.read"]);
    assert_eq!(key.expires_at.unwrap().unix(), START + 60 * 86_400);
}

#[test]
fn the_form_holds_the_key_as_it_is() {
    let site = Site::new();
    let all = site.issue("o", "all").key.id;
    let reading = site.issue_with("o", "r", scoped(&["customers.read", "invoices.read"]));
    let some = site
        .issue_with("o", "s", scoped(&["invoices.write"]))
        .key
        .id;
    let browser = site.browser("o");
    assert_eq!(browser.open("edit", &all).field("permissions"), "all");
    let form = browser.open("edit", &reading.key.id);
    assert_eq!(form.field("permissions"), "read_only");
    let form = browser.open("edit", &some);
    assert_eq!(form.field("permissions"), "restricted");
    assert_eq!(form.field("scope"), "invoices.write");
    assert_eq!((form.field("name"), form.field("expires")), ("s", "keep"));
}

#[test]
fn sending_it_as_it_is_changes_nothing() {
    let site = Site::new();
    let options = CreateOptions {
        expires_in: Some(Duration::from_secs(1_000_000)),
        ..scoped(&["invoices.write", "internal.thing"])
    };
    let id = site.issue_with("o", "x", options).key.id;
    let before = site.get(&id);
    let browser = site.browser("o");
    assert_eq!(browser.submit("edit", &id, &[]).status(), 303);
    assert_eq!(
        site.get(&id),
        before,
        "also scopes that the page doesn't list"
    );
}

#[test]
fn a_scope_that_the_key_lacks_and_the_page_does_not_list_is_refused() {
    let site = Site::new();
    let id = site
        .issue_with("o", "x", scoped(&["internal.thing"]))
        .key
        .id;
    let browser = site.browser("o");
    let shown = browser.submit(
        "edit",
        &id,
        &[("scope", "internal.thing"), ("scope", "internal.more")],
    );
    assert_eq!(shown.status(), 400);
    assert_eq!(site.get(&id).scopes.unwrap(), ["internal.thing"]);
}

#[test]
fn all_is_not_to_be_had_where_it_is_not_offered() {
    let site = Site::with(PageOptions {
        allow_all: false,
        ..options()
    });
    let narrow = site.issue_with("o", "x", scoped(&["invoices.read"])).key.id;
    let wide = site.issue("o", "wide").key.id;
    let browser = site.browser("o");
    let shown = browser.submit("edit", &narrow, &[("permissions", "all")]);
    assert_eq!(shown.status(), 400);
    assert_eq!(
        browser.submit("edit", &wide, &[("name", "w")]).status(),
        303
    );
    assert_eq!(site.get(&wide).scopes, None);
}

/// A form that is older than a change must not undo it.
#[test]
fn what_changed_meanwhile_is_not_overwritten() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let old = browser.open("edit", &id);
    let narrowed = UpdateOptions {
        scopes: Some(Some(vec!["invoices.read".to_owned()])),
        ..UpdateOptions::default()
    };
    futures_executor::block_on(site.keys.update(&id, narrowed)).unwrap();
    let shown = browser.send_form(&old, &[("name", "y")]);
    assert_eq!(shown.status(), 409);
    assert!(shown.has("This key has changed meanwhile"));
    let key = site.get(&id);
    assert_eq!((key.name.as_str(), key.scopes.unwrap().len()), ("x", 1));
}

#[test]
fn sending_it_twice_is_as_good_as_once() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let form = browser.open("edit", &id);
    let fill = [("name", "y"), ("expires", "30")];
    assert_eq!(browser.send_form(&form, &fill).status(), 303);
    site.wait(3);
    assert_eq!(browser.send_form(&form, &fill).status(), 303);
    assert_eq!(site.get(&id).name, "y");
}

#[test]
fn what_is_wrong_is_said_in_the_form() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let shown = browser.submit("edit", &id, &[("name", "")]);
    assert_eq!(shown.status(), 400);
    assert!(shown.has("role=\"alert\"") && shown.has("Give the key a name."));
    let again = shown.form();
    assert_eq!(browser.send_form(&again, &[("name", "z")]).status(), 303);
    assert_eq!(site.get(&id).name, "z");
}
