use crate::harness::{START, Site, encode, options};
use keywright::{CreateOptions, Limit, OwnerKind};
use keywright_pages::{Expiry, PageOptions};

const DAY: i64 = 86_400;

#[test]
fn a_key_is_created_and_its_secret_shown() {
    let site = Site::new();
    let browser = site.browser("cust_42");
    let shown = browser.submit("create", "", &[("name", " Billing ")]);
    assert_eq!(shown.status(), 200);
    let secret = shown.secret().unwrap();
    assert_eq!(site.verify(&secret), "valid");

    let [key] = site.all("cust_42").try_into().unwrap();
    assert_eq!(
        (key.name.as_str(), key.owner.kind),
        ("Billing", OwnerKind::External)
    );
    assert_eq!((key.scopes, key.expires_at), (None, None));
    assert_eq!(shown.names(), ["Billing"], "the list behind it has it");
    assert!(shown.has("Save your key") && shown.has("shown only this once"));
}

#[test]
fn permissions_are_all_restricted_or_read_only() {
    let site = Site::new();
    let browser = site.browser("o");
    browser.create(&[
        ("name", "all"),
        ("permissions", "all"),
        ("scope", "invoices.read"),
    ]);
    browser.create(&[("name", "read"), ("permissions", "read_only")]);
    browser.create(&[
        ("name", "some"),
        ("permissions", "restricted"),
        ("scope", "invoices.write"),
        ("scope", "invoices.read"),
    ]);
    let scopes = |name: &str| {
        let keys = site.all("o");
        let key = keys.into_iter().find(|key| key.name == name).unwrap();
        key.scopes.map(|scopes| scopes.join(" "))
    };
    assert_eq!(scopes("all"), None);
    assert_eq!(scopes("read").unwrap(), "customers.read invoices.read");
    assert_eq!(scopes("some").unwrap(), "invoices.read invoices.write");

    let none = browser.submit(
        "create",
        "",
        &[("name", "x"), ("permissions", "restricted")],
    );
    assert_eq!(none.status(), 400);
    assert!(none.has("Choose at least one permission."));
    assert!(none.has("value=\"x\""), "what was entered stays");
    assert_eq!(site.all("o").len(), 3);
}

#[test]
fn only_what_the_application_offers_can_be_chosen() {
    let site = Site::with(PageOptions {
        allow_all: false,
        allow_date: false,
        expiries: vec![Expiry::days(30)],
        ..options()
    });
    let browser = site.browser("o");
    let form = browser.open("create", "");
    assert_eq!(form.field("permissions"), "restricted");
    assert_eq!(form.field("expires"), "30");
    for (name, value) in [
        ("permissions", "all"),
        ("permissions", "everything"),
        ("permissions", ""),
        ("scope", "admin.everything"),
        ("expires", "never"),
        ("expires", "31"),
        ("expires", "date"),
        ("expires", "keep"),
        ("expires", "-1"),
    ] {
        let fill = [("name", "x"), ("scope", "invoices.read"), (name, value)];
        let shown = browser.send_form(&form, &fill);
        assert_eq!(shown.status(), 400, "{name}={value}");
    }
    assert!(site.all("o").is_empty());
}

#[test]
fn it_expires_when_it_was_said() {
    let site = Site::new();
    let browser = site.browser("o");
    browser.create(&[("name", "a"), ("expires", "30")]);
    browser.create(&[("name", "b"), ("expires", "date"), ("date", "2026-03-31")]);
    let ends: Vec<_> = site.all("o").iter().map(|key| key.expires_at).collect();
    let ends: Vec<_> = ends.into_iter().map(|end| end.unwrap().unix()).collect();
    assert_eq!(ends, [1_775_001_599, START + 30 * DAY]);

    for date in [
        "",
        "2026-03-11",
        "2026-02-30",
        "tomorrow",
        "1969-01-01",
        "99999-01-01",
    ] {
        let fill = [("name", "c"), ("expires", "date"), ("date", date)];
        let shown = browser.submit("create", "", &fill);
        assert_eq!(shown.status(), 400, "{date}");
        assert!(shown.has("Choose a day that is still to come."), "{date}");
    }
    browser.create(&[
        ("name", "today"),
        ("expires", "date"),
        ("date", "2026-03-12"),
    ]);
}

#[test]
fn no_day_is_beyond_the_longest_life() {
    let site = Site::with(PageOptions {
        expiries: vec![Expiry::days(30), Expiry::days(90)],
        ..options()
    });
    let browser = site.browser("o");
    assert!(browser.get("?dialog=create").has("max=\"2026-06-09\""));
    let fill = |date| [("name", "c"), ("expires", "date"), ("date", date)];
    browser.create(&fill("2026-06-09"));
    assert!(site.all("o")[0].expires_at.unwrap().unix() <= START + 90 * DAY);
    let shown = browser.submit("create", "", &fill("2026-06-10"));
    assert_eq!(shown.status(), 400);
    assert!(shown.has("no later than 9 Jun 2026"));
}

#[test]
fn a_name_is_required_and_bounded() {
    let site = Site::new();
    let browser = site.browser("o");
    for (name, said) in [
        ("", "Give the key a name."),
        ("  ", "Give the key a name."),
        (&"x".repeat(129), "The name is too long"),
        ("a\u{7}b", "a character that can"),
    ] {
        let shown = browser.submit("create", "", &[("name", name)]);
        assert_eq!(shown.status(), 400);
        assert!(shown.has(said), "{said}");
    }
    browser.create(&[("name", &"\u{1f511}".repeat(128))]);
}

/// A double click, a retry, a reload: one key.
#[test]
fn a_form_that_is_sent_twice_makes_one_key() {
    let site = Site::new();
    let browser = site.browser("o");
    let form = browser.open("create", "");
    let fill = [("name", "once"), ("expires", "30")];
    let first = browser.send_form(&form, &fill);
    site.wait(5);
    let second = browser.send_form(&form, &fill);
    assert_eq!((first.status(), second.status()), (200, 200));
    let (lost, shown) = (first.secret().unwrap(), second.secret().unwrap());
    assert_ne!(lost, shown);
    assert_eq!(site.all("o").len(), 1);
    let said = "This secret replaces one that was shown to you before";
    assert!(!first.has(said) && second.has(said));
    assert_eq!(
        (site.verify(&lost), site.verify(&shown)),
        ("not_found", "valid")
    );

    // Once it has been used, nobody is shown another.
    let third = browser.send_form(&form, &fill);
    assert_eq!((third.status(), third.secret()), (409, None));
    assert!(third.has("This key was created already"));
    assert_eq!(site.verify(&shown), "valid");
}

#[test]
fn a_form_that_was_sent_with_other_entries_makes_no_second_key() {
    let site = Site::new();
    let browser = site.browser("o");
    let form = browser.open("create", "");
    browser.send_form(&form, &[("name", "one")]);
    let shown = browser.send_form(&form, &[("name", "two")]);
    assert_eq!(shown.status(), 409);
    assert!(shown.has("This form was used before"));
    assert_eq!(site.all("o").len(), 1);
}

#[test]
fn each_form_makes_a_key_of_its_own() {
    let site = Site::new();
    let browser = site.browser("o");
    browser.create(&[("name", "same")]);
    browser.create(&[("name", "same")]);
    assert_eq!(site.all("o").len(), 2);
}

#[test]
fn a_nonce_counts_for_its_owner_alone() {
    let site = Site::new();
    let nonce = ("nonce", "AAAAAAAAAAAAAAAAAAAAAA");
    let mine = site
        .browser("a")
        .submit("create", "", &[("name", "x"), nonce]);
    let theirs = site
        .browser("b")
        .submit("create", "", &[("name", "x"), nonce]);
    assert_eq!((mine.status(), theirs.status()), (200, 200));
    assert_eq!((site.all("a").len(), site.all("b").len()), (1, 1));
    assert_eq!(site.verify(&mine.secret().unwrap()), "valid");
}

#[test]
fn no_field_sets_what_the_page_does_not_ask() {
    let site = Site::new();
    let browser = site.browser("cust_42");
    browser.create(&[
        ("name", "x"),
        ("owner", "someone_else"),
        ("class", "admin"),
        ("project", "other"),
        ("limits", "[]"),
        ("rate_limit", "1000000/1s"),
        ("credits", "1000000"),
        ("metadata", "a=b"),
        ("metadata[role]", "admin"),
        ("allowed_ips", "0.0.0.0/0"),
        ("idempotency_key", "mine"),
        ("expires_at", "1"),
        ("expires_in", "1"),
        ("scopes", "everything"),
    ]);
    let [key] = site.all("cust_42").try_into().unwrap();
    assert_eq!(key.class.as_str(), "live");
    assert!(key.limits.is_empty() && key.metadata.is_empty());
    assert_eq!(
        (key.allowed_ips, key.expires_at, key.scopes),
        (None, None, None)
    );
}

#[test]
fn what_the_application_sets_is_so_on_every_new_key() {
    let site = Site::with(PageOptions {
        new_keys: CreateOptions {
            limits: vec![Limit::rate("100/60s").unwrap()],
            metadata: [("plan".to_owned(), "free".to_owned())].into(),
            owner: Some("never".to_owned()),
            idempotency_key: Some("never".to_owned()),
            ..CreateOptions::default()
        },
        ..options()
    });
    site.browser("o").create(&[("name", "x")]);
    site.browser("o").create(&[("name", "y")]);
    for key in site.all("o") {
        assert_eq!(
            (key.limits.len(), key.metadata["plan"].as_str()),
            (1, "free")
        );
    }
}

#[test]
fn where_there_are_no_permissions_nobody_is_asked() {
    let site = Site::with(PageOptions::default());
    let browser = site.browser("o");
    let shown = browser.get("?dialog=create");
    assert!(!shown.has("Permissions") && !shown.has("name=\"scope\""));
    browser.create(&[("name", "x"), ("permissions", "restricted")]);
    assert_eq!(site.all("o")[0].scopes, None);
}

#[test]
fn the_harness_sends_what_a_browser_would() {
    assert_eq!(encode(&[("a", "b c")]), "%61=%62%20%63");
}
