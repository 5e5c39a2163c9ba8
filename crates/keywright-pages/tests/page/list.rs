use crate::harness::{Site, options};
use keywright::CreateOptions;
use keywright_pages::PageOptions;
use std::time::Duration;

fn five() -> Site {
    let site = Site::with(PageOptions {
        page_size: 2,
        ..options()
    });
    for (name, days) in [
        ("delta", 0),
        ("Alpha", 9),
        ("charlie", 3),
        ("Bravo", 0),
        ("\u{c9}cho", 5),
    ] {
        let options = CreateOptions {
            expires_in: (days > 0).then(|| Duration::from_secs(days * 86_400)),
            ..CreateOptions::default()
        };
        let created = site.issue_with("o", name, options);
        if name != "Bravo" {
            site.wait(10);
            site.verify(created.secret.reveal());
        }
        site.wait(100);
    }
    site
}

/// The whole list, page by page.
fn walk(site: &Site, query: &str) -> Vec<String> {
    let browser = site.browser("o");
    let mut names = Vec::new();
    let mut next = Some(query.to_owned());
    while let Some(query) = next {
        let shown = browser.get(&query);
        assert_eq!(shown.status(), 200);
        assert!(shown.names().len() <= 2);
        names.extend(shown.names());
        next = shown.link("Next page");
        assert!(names.len() < 20);
    }
    names
}

#[test]
fn nobody_has_keys_at_first() {
    let site = Site::new();
    let shown = site.browser("o").get("");
    assert!(shown.has("Create your first API key"));
    assert_eq!(
        shown.link("Create new secret key").unwrap(),
        "?dialog=create"
    );
    assert!(!shown.has("<table"));
}

#[test]
fn a_row_says_what_a_key_is() {
    let site = Site::new();
    let options = CreateOptions {
        scopes: Some(vec!["invoices.write".to_owned()]),
        expires_in: Some(Duration::from_secs(90 * 86_400)),
        ..CreateOptions::default()
    };
    let created = site.issue_with("o", "Billing", options);
    site.wait(86_400);
    site.verify(created.secret.reveal());
    let shown = site.browser("o").get("");
    for text in [
        "Billing",
        "Active",
        &created.key.redacted_value,
        "12 Mar 2026",
        "13 Mar 2026",
        "10 Jun 2026",
        "Restricted",
        "1 key",
        "aria-label=\"Edit “Billing”\"",
        "aria-label=\"Rotate “Billing”\"",
        "aria-label=\"Disable “Billing”\"",
        "aria-label=\"Revoke “Billing”\"",
    ] {
        assert!(shown.has(text), "{text}");
    }
    assert!(!shown.has(created.secret.reveal()));
}

#[test]
fn every_order_is_walked_page_by_page() {
    let site = five();
    for (sort, expected) in [
        ("", "\u{c9}cho Bravo charlie Alpha delta"),
        ("-created", "\u{c9}cho Bravo charlie Alpha delta"),
        ("created", "delta Alpha charlie Bravo \u{c9}cho"),
        ("name", "Alpha Bravo charlie delta \u{c9}cho"),
        ("-name", "\u{c9}cho delta charlie Bravo Alpha"),
        ("-last_used", "\u{c9}cho charlie Alpha delta Bravo"),
        ("last_used", "Bravo delta Alpha charlie \u{c9}cho"),
        ("expires", "charlie \u{c9}cho Alpha Bravo delta"),
        ("-expires", "Bravo delta Alpha \u{c9}cho charlie"),
    ] {
        let names = walk(&site, &format!("?sort={sort}"));
        assert_eq!(names.join(" "), expected, "{sort}");
    }
}

#[test]
fn the_heads_of_the_columns_sort_and_say_so() {
    let site = five();
    let browser = site.browser("o");
    let shown = browser.get("");
    assert_eq!(shown.text().matches("aria-sort").count(), 1);
    let by_name = browser.get(&shown.link("Name").unwrap());
    assert!(by_name.has("aria-sort=\"ascending\""));
    assert_eq!(by_name.names(), ["Alpha", "Bravo"]);
    let reversed = browser.get(&by_name.link("Name").unwrap());
    assert!(reversed.has("aria-sort=\"descending\""));
    assert_eq!(reversed.names(), ["\u{c9}cho", "delta"]);
}

#[test]
fn a_search_looks_at_names_ids_and_redacted_values() {
    let site = five();
    assert_eq!(walk(&site, "?q=ALPHA"), ["Alpha"]);
    assert_eq!(
        walk(&site, "?q=%C3%A9cho"),
        ["\u{c9}cho"],
        "in any case, of any letter"
    );
    assert_eq!(
        walk(&site, "?q=a&sort=name"),
        ["Alpha", "Bravo", "charlie", "delta"]
    );
    let key = &site.all("o")[0];
    assert_eq!(walk(&site, &format!("?q={}", key.id)), [key.name.as_str()]);
    let locator = &key.redacted_value[8..24];
    assert_eq!(walk(&site, &format!("?q={locator}")), [key.name.as_str()]);
    // The owner is the same for all: it says nothing.
    assert!(walk(&site, "?q=nothing").is_empty());
    let shown = site.browser("o").get("?q=nothing");
    assert!(shown.has("No keys found") && shown.link("Clear search").is_some());
}

#[test]
fn revoked_keys_are_shown_on_demand() {
    let site = five();
    let id = site.all("o")[0].id.clone();
    site.browser("o").submit("revoke", &id, &[]);
    assert_eq!(walk(&site, "").len(), 4);
    assert_eq!(walk(&site, "?revoked=1").len(), 5);
    assert_eq!(walk(&site, "?revoked=1&sort=name").len(), 5);
}

#[test]
fn a_dialog_leads_back_to_where_it_was_opened() {
    let site = five();
    let browser = site.browser("o");
    let shown = browser.get("?q=a&sort=name&revoked=1");
    let dialog = browser.get(&shown.link("#i-revoke").unwrap());
    assert!(
        dialog
            .link("Cancel")
            .unwrap()
            .starts_with("?q=a&sort=name&revoked=1#key_")
    );
    let sent = browser.send_form(&dialog.form(), &[]);
    let place = sent.0.header("location").unwrap().to_owned();
    assert!(place.starts_with("?q=a&sort=name&revoked=1&done=revoke"));
    assert_eq!(browser.get(&place).names(), shown.names());
}

/// It stands at the list's own address: a link that differs behind `#` alone would leave it there.
#[test]
fn what_a_form_answers_is_left_by_a_link_without_a_fragment() {
    let site = five();
    let browser = site.browser("o");
    let id = site.all("o")[0].id.clone();
    let rotate = browser.open("rotate", &id);
    let answers = [
        (browser.submit("create", "", &[("name", "x")]), "Done"),
        (browser.submit("create", "", &[("name", "")]), "Cancel"),
        (browser.send_form(&rotate, &[]), "Done"),
        (browser.send_form(&rotate, &[]), "#i-close"),
        (browser.submit("edit", &id, &[("name", "")]), "Cancel"),
    ];
    for (answer, leave) in answers {
        assert_eq!(answer.link(leave).as_deref(), Some("?"));
        assert!(answer.has("data-close=\"?\""));
    }
}

#[test]
fn a_page_may_begin_behind_a_key_that_was_revoked_since() {
    let site = five();
    let browser = site.browser("o");
    let next = browser.get("?sort=name").link("Next page").unwrap();
    let id = next.split("after=").nth(1).unwrap();
    browser.submit("revoke", id, &[]);
    assert_eq!(browser.get(&next).status(), 200);
    let next = browser.get("").link("Next page").unwrap();
    let id = next.split("after=").nth(1).unwrap();
    browser.submit("revoke", id, &[]);
    assert_eq!(browser.get(&next).status(), 200);
}

#[test]
fn thousands_of_keys_are_sorted_too() {
    let site = Site::new();
    for number in 0..2_345 {
        site.issue("o", &format!("key {number:04}"));
    }
    let browser = site.browser("o");
    let shown = browser.get("?sort=name");
    assert_eq!(shown.names()[0], "key 0000");
    assert!(shown.has("2345 keys"));
    assert_eq!(browser.get("?q=key+2344").names(), ["key 2344"]);
}
