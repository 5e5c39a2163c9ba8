//! Whatever fails behind the page is a page, too.

use crate::harness::Site;
use futures_executor::block_on;

#[test]
fn a_store_that_is_away_is_a_503() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let forms = [
        browser.open("create", ""),
        browser.open("edit", &id),
        browser.open("revoke", &id),
    ];
    block_on(site.keys.close()).unwrap();
    let mut answers: Vec<_> = forms
        .iter()
        .map(|form| browser.send_form(form, &[("name", "y")]))
        .collect();
    answers.push(browser.get(""));
    answers.push(browser.get("?sort=name"));
    answers.push(browser.get(&format!("?dialog=edit&id={id}")));
    for shown in &answers {
        assert_eq!(shown.status(), 503);
        assert_eq!(shown.0.header("retry-after"), Some("5"));
        assert!(shown.has("Your keys can’t be reached") && shown.has("<h1>"));
    }
    assert_eq!(
        browser.get("?asset=page.css").status(),
        200,
        "its looks need no store"
    );
}

#[test]
fn an_owner_that_is_none_is_a_500() {
    let site = Site::new();
    for owner in ["", "  ", "a\nb", &"x".repeat(200)] {
        let shown = site.browser(owner).get("");
        assert_eq!(shown.status(), 500, "{owner:?}");
        assert!(shown.has("Something went wrong"));
    }
}

#[test]
fn an_owner_that_does_not_exist_gets_no_key() {
    let site = Site::new();
    let browser = site.browser("user_000000000000000000000000");
    let shown = browser.submit("create", "", &[("name", "x")]);
    assert_eq!(shown.status(), 500);
}

#[test]
fn an_address_that_is_none_is_left_out() {
    let site = Site::new();
    let request = keywright::RequestParts {
        method: "GET",
        target: "*",
        headers: &[],
        peer: Some("testclient"),
        body: &[],
    };
    let answer = block_on(site.page.respond(&site.keys, "o", &request));
    assert_eq!(answer.status, 200);
}
