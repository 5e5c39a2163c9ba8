//! A secret is in one response, and nowhere else.

use crate::harness::Site;

#[test]
fn it_is_in_one_response_only() {
    let site = Site::new();
    let browser = site.browser("o");
    let created = browser.create(&[("name", "x")]);
    let id = site.all("o")[0].id.clone();
    let rotated = browser.submit("rotate", &id, &[]).secret().unwrap();
    let queries = ["", "?q=x", "?sort=name", "?revoked=1", "?dialog=create"];
    let dialogs = ["key", "edit", "rotate", "disable", "revoke"];
    let mut later: Vec<_> = queries.iter().map(|query| browser.get(query)).collect();
    later.extend(
        dialogs
            .iter()
            .map(|it| browser.get(&format!("?dialog={it}&id={id}"))),
    );
    later.push(browser.submit("edit", &id, &[("name", "")]));
    later.push(browser.submit("disable", &id, &[]));
    later.push(browser.get(&format!("?q={created}")));
    for shown in &later[..later.len() - 1] {
        let all = format!("{:?} {}", shown.0.headers, shown.text());
        for secret in [&created, &rotated] {
            assert!(!all.contains(secret.as_str()));
            // Nor the part of it that is secret.
            assert!(!all.contains(&secret[secret.len() - 40..]));
        }
    }
}

#[test]
fn its_response_stays_out_of_debug_output() {
    let site = Site::new();
    let browser = site.browser("o");
    let shown = browser.submit("create", "", &[("name", "x")]);
    let secret = shown.secret().unwrap();
    let printed = format!("{:?} {:#?}", shown.0, shown.0);
    assert!(!printed.contains(&secret[20..]));
    assert_eq!(
        shown.text().matches(&secret).count(),
        1,
        "once in the page itself"
    );
    assert!(!format!("{:?}", shown.0.headers).contains(&secret));
}

#[test]
fn it_is_no_field_that_a_browser_would_remember() {
    let site = Site::new();
    let shown = site.browser("o").submit("create", "", &[("name", "x")]);
    let secret = shown.secret().unwrap();
    let text = shown.text();
    let before = &text[..text.find(&secret).unwrap()];
    let tag = before.rsplit('<').next().unwrap();
    assert!(tag.starts_with("code id=\"secret\""));
}
