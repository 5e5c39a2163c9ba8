use crate::harness::Site;
use keywright::{CreateOptions, KeyStatus};
use std::time::Duration;

#[test]
fn a_key_is_disabled_and_enabled_again() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let (id, secret) = (created.key.id, created.secret);
    let browser = site.browser("o");
    let sent = browser.submit("disable", &id, &[]);
    assert!(browser.follow(&sent).has("“x” is disabled."));
    assert_eq!(site.verify(secret.reveal()), "disabled");
    let sent = browser.submit("enable", &id, &[]);
    assert!(browser.follow(&sent).has("“x” is enabled."));
    assert_eq!(site.verify(secret.reveal()), "valid");
}

#[test]
fn the_bin_asks_names_the_key_and_revokes_it() {
    let site = Site::new();
    let created = site.issue("o", "Billing");
    let browser = site.browser("o");
    let id = created.key.id;
    let asked = browser.get(&format!("?dialog=revoke&id={id}"));
    assert!(asked.has("Revoke “Billing”?") && asked.has("Revoke key"));
    assert!(asked.has(&created.key.redacted_value) && asked.has("can’t be undone"));
    assert_eq!(
        site.verify(created.secret.reveal()),
        "valid",
        "looking does nothing"
    );

    let form = asked.form();
    let shown = browser.follow(&browser.send_form(&form, &[]));
    assert!(shown.has("“Billing” was revoked."));
    assert!(shown.names().is_empty());
    assert_eq!(site.verify(created.secret.reveal()), "revoked");
    assert_eq!(browser.send_form(&form, &[]).status(), 303, "twice is fine");
    let listed = browser.get("?revoked=1");
    assert_eq!(listed.names(), ["Billing"]);
    assert!(!listed.has("dialog=edit") && !listed.has("dialog=enable"));
}

#[test]
fn what_its_state_does_not_allow_is_told() {
    let site = Site::new();
    let browser = site.browser("o");
    let id = site.issue("o", "x").key.id;
    let (edit, rotate) = (browser.open("edit", &id), browser.open("rotate", &id));
    let (disable, enable) = (browser.open("disable", &id), browser.open("enable", &id));
    browser.submit("revoke", &id, &[]);
    for form in [&rotate, &disable, &enable] {
        let shown = browser.send_form(form, &[]);
        assert_eq!(shown.status(), 409);
        assert!(shown.has("That is not possible now"));
    }
    assert_eq!(browser.send_form(&edit, &[("name", "y")]).status(), 409);
    assert_eq!(site.get(&id).status, KeyStatus::Revoked);
}

#[test]
fn an_expired_key_can_only_be_revoked() {
    let site = Site::new();
    let options = CreateOptions {
        expires_in: Some(Duration::from_secs(60)),
        ..CreateOptions::default()
    };
    let id = site.issue_with("o", "x", options).key.id;
    let browser = site.browser("o");
    assert!(browser.get("").has("expires soon"));
    site.wait(60);
    let shown = browser.get("");
    assert!(shown.has("Expired") && shown.has("dialog=revoke"));
    assert!(!shown.has("dialog=edit") && !shown.has("dialog=rotate&"));
    assert_eq!(browser.submit("edit", &id, &[("name", "y")]).status(), 409);
    assert_eq!(browser.submit("revoke", &id, &[]).status(), 303);
}

#[test]
fn details_tell_everything_about_a_key() {
    let site = Site::with(keywright_pages::PageOptions {
        show_metadata: true,
        ..crate::harness::options()
    });
    let options = CreateOptions {
        scopes: Some(vec![
            "invoices.read".to_owned(),
            "internal.thing".to_owned(),
        ]),
        allowed_ips: Some(vec!["198.51.100.0/24".to_owned()]),
        rate_limit: Some("100/60s".to_owned()),
        metadata: [("plan".to_owned(), "<b>free".to_owned())].into(),
        ..CreateOptions::default()
    };
    let key = site.issue_with("o", "x", options).key;
    let shown = site.browser("o").get(&format!("?dialog=key&id={}", key.id));
    for text in [
        &key.id,
        &key.redacted_value,
        "12 Mar 2026, 14:05 UTC",
        "datetime=\"2026-03-12T14:05:09Z\"",
        "See invoices",
        "internal.thing",
        "198.51.100.0/24",
        "100 of 100 left",
        "plan: &#60;b&#62;free",
    ] {
        assert!(shown.has(text), "{text}");
    }
    // Unless the application says so, metadata is its own.
    let site = Site::new();
    let options = CreateOptions {
        metadata: [("plan".to_owned(), "secretive".to_owned())].into(),
        ..CreateOptions::default()
    };
    let key = site.issue_with("o", "x", options).key;
    let shown = site.browser("o").get(&format!("?dialog=key&id={}", key.id));
    assert!(!shown.has("secretive"));
}
