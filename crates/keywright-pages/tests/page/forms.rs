//! What is not taken: other sites' requests, old forms, what is malformed, too large, or no method of
//! this page's.

use crate::harness::{Site, encode};
use keywright::AuditOptions;

fn refused_everywhere(site: &Site, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Vec<u16> {
    let mut browser = site.browser("o");
    for (name, value) in headers {
        browser = browser.header(name, value);
    }
    [
        "create", "edit", "rotate", "finish", "cancel", "disable", "enable", "revoke",
    ]
    .iter()
    .map(|action| {
        let mut all = vec![("action", *action)];
        all.extend_from_slice(fields);
        browser.post("", &all).status()
    })
    .collect()
}

#[test]
fn without_a_good_token_nothing_is_done() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let before = site.get(&id);
    let good = site
        .browser("o")
        .open("revoke", &id)
        .field("token")
        .to_owned();
    let others = site
        .browser("p")
        .open("create", "")
        .field("token")
        .to_owned();
    let elsewhere = Site::with(crate::harness::options());
    let of_another_store = {
        // Another pepper: its randomness goes on from elsewhere.
        elsewhere.keys.random_bytes().unwrap();
        let other = keywright::OpenOptions {
            clock: Some(elsewhere.clock.clone()),
            ..Default::default()
        };
        let keys = futures_executor::block_on(keywright::KeyManager::open(Some("memory:"), other));
        let site = Site {
            keys: keys.unwrap(),
            clock: elsewhere.clock.clone(),
            page: elsewhere.page.clone(),
        };
        site.browser("o")
            .open("create", "")
            .field("token")
            .to_owned()
    };
    let (time, mac) = good.split_once('.').unwrap();
    let later = time.parse::<i64>().unwrap() + 1;
    let mut flipped = mac.to_owned();
    flipped.replace_range(0..1, if mac.starts_with('A') { "B" } else { "A" });
    for token in [
        String::new(),
        "x".to_owned(),
        ".".to_owned(),
        others,
        of_another_store,
        mac.to_owned(),
        format!("{later}.{mac}"),
        format!("{time}.{flipped}"),
        format!("{time}."),
        format!("{time}.{}", &mac[..20]),
        format!("+{time}.{mac}"),
    ] {
        let statuses = refused_everywhere(&site, &[("id", &id), ("token", &token)], &[]);
        assert_eq!(statuses, [403; 8], "{token}");
    }
    assert_eq!(refused_everywhere(&site, &[("id", &id)], &[]), [403; 8]);
    assert_eq!(site.get(&id), before);
    assert_eq!(site.all("o").len(), 1);
}

#[test]
fn a_form_is_good_for_twelve_hours() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let form = browser.open("disable", &id);
    site.wait(12 * 3600 - 1);
    assert_eq!(browser.send_form(&form, &[]).status(), 303);
    site.wait(1);
    let shown = browser.send_form(&form, &[]);
    assert_eq!(shown.status(), 403);
    assert!(shown.has("This form is too old"));
}

#[test]
fn a_notice_is_no_token_and_a_token_no_notice() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let sent = browser.submit("disable", &id, &[]);
    let place = sent.0.header("location").unwrap().to_owned();
    let signature = place.split("sig=").nth(1).unwrap();
    let statuses = refused_everywhere(&site, &[("id", &id), ("token", signature)], &[]);
    assert_eq!(statuses, [403; 8]);
    let token = browser.open("create", "").field("token").to_owned();
    let forged = format!(
        "?{}",
        encode(&[("done", "revoke"), ("key", &id), ("sig", &token)])
    );
    assert!(!browser.get(&forged).has("was revoked"));
    // It is told once, not whenever the address is opened.
    assert!(browser.get(&place).has("is disabled"));
    site.wait(60);
    assert!(!browser.get(&place).has("is disabled"));
}

#[test]
fn what_another_site_sends_is_refused() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let token = site
        .browser("o")
        .open("revoke", &id)
        .field("token")
        .to_owned();
    let fields = [("id", id.as_str()), ("token", token.as_str())];
    for value in [
        "cross-site",
        "same-site",
        "none",
        "",
        "SAME-ORIGIN",
        "same-origin, cross-site",
    ] {
        let statuses = refused_everywhere(&site, &fields, &[("sec-fetch-site", value)]);
        assert_eq!(statuses, [403; 8], "{value}");
    }
    assert_eq!(site.get(&id).status.as_str(), "active");
    // A browser that doesn't say is judged by the token alone.
    let browser = site.browser("o").without("sec-fetch-site");
    assert_eq!(browser.submit("revoke", &id, &[]).status(), 303);
}

#[test]
fn another_site_may_link_here_but_not_into_a_dialog_and_not_load_anything() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let query = format!("?dialog=revoke&id={id}&q=nothing");
    for value in ["cross-site", "same-site"] {
        let browser = site.browser("o").header("sec-fetch-site", value);
        assert_eq!(browser.get(&query).status(), 403, "{value}");
        for dest in ["iframe", "image", "empty", "script"] {
            let browser = site.browser("o").header("sec-fetch-site", value);
            assert_eq!(browser.header("sec-fetch-dest", dest).get("").status(), 403);
        }
        let link = browser.header("sec-fetch-dest", "document").get(&query);
        assert_eq!(link.status(), 200);
        assert_eq!(link.names(), ["x"]);
        assert!(!link.has("role=\"dialog\""));
    }
    let typed = site.browser("o").header("sec-fetch-site", "none");
    assert!(typed.get(&query).has("role=\"dialog\""));
}

#[test]
fn what_is_malformed_is_told_so() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let long = format!("?q={}", "a".repeat(129));
    for query in [
        "?dialog=nonsense",
        "?dialog=edit",
        "?dialog=edit&dialog=create",
        "?q=%",
        "?q=%ff",
        "?q=%zz",
        "?sort=nonsense",
        "?sort=name&sort=name",
        &long,
    ] {
        let shown = browser.get(query);
        assert_eq!(shown.status(), 400, "{query}");
        assert!(shown.has("understood"), "{query}");
    }
    assert_eq!(browser.get("?unknown=field&%00=1").status(), 200);
    assert_eq!(browser.get("?asset=nonsense").status(), 404);
    assert_eq!(browser.get("?asset=..%2f..%2fetc%2fpasswd").status(), 404);

    let token = browser.open("create", "").field("token").to_owned();
    for fields in [
        &[("action", "nonsense"), ("id", id.as_str())][..],
        &[("id", id.as_str())],
        &[("action", "revoke")],
        &[("action", "revoke"), ("id", &id), ("id", &id)],
        &[("action", "revoke"), ("action", "enable"), ("id", &id)],
        &[("action", "create"), ("name", "x")],
        &[("action", "create"), ("name", "x"), ("nonce", "")],
        &[("action", "edit"), ("id", &id), ("name", "y")],
        &[("action", "rotate"), ("id", &id)],
        &[("action", "finish"), ("id", &id)],
    ] {
        let mut all = vec![("token", token.as_str())];
        all.extend_from_slice(fields);
        assert_eq!(browser.post("", &all).status(), 400, "{fields:?}");
    }
    let twice = [
        ("token", token.as_str()),
        ("token", &token),
        ("action", "create"),
    ];
    assert_eq!(browser.post("", &twice).status(), 400);
    assert_eq!(site.get(&id).status.as_str(), "active");
}

#[test]
fn only_forms_are_read() {
    let site = Site::new();
    let browser = site.browser("o");
    let form = browser.open("create", "");
    let token = form.field("token");
    let body = encode(&[
        ("token", token),
        ("action", "create"),
        ("nonce", "n"),
        ("name", "x"),
    ]);
    for kind in [
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json",
        "",
    ] {
        let shown =
            site.browser("o")
                .header("content-type", kind)
                .send("POST", "", body.as_bytes());
        assert_eq!(shown.status(), 400, "{kind}");
    }
    assert_eq!(
        browser.send("POST", "", body.as_bytes()).status(),
        400,
        "none"
    );
    for body in [&b"%ff=1"[..], b"\xff\xfe", b"a=%", b""] {
        let browser = site
            .browser("o")
            .header("content-type", "application/x-www-form-urlencoded");
        let status = browser.send("POST", "", body).status();
        assert!(status == 400 || status == 403);
    }
    let good = site.browser("o").header(
        "content-type",
        "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
    );
    assert_ne!(good.send("POST", "", body.as_bytes()).status(), 403);
    assert!(site.all("o").is_empty());
}

#[test]
fn a_large_body_is_not_read() {
    let site = Site::new();
    let browser = site.browser("o");
    let form = browser.open("create", "");
    let large = "x".repeat(64 * 1024);
    let shown = browser.send_form(&form, &[("name", &large)]);
    assert_eq!(shown.status(), 413);
    assert!(site.all("o").is_empty());
}

#[test]
fn other_methods_are_refused() {
    let site = Site::new();
    let browser = site.browser("o");
    for method in [
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "", "POST ",
    ] {
        let shown = browser.send(method, "", &[]);
        assert_eq!(shown.status(), 405, "{method}");
        assert_eq!(shown.0.header("allow"), Some("GET, HEAD, POST"));
    }
}

#[test]
fn head_is_get_without_a_body() {
    let site = Site::new();
    let browser = site.browser("o");
    let (get, head) = (browser.get(""), browser.send("HEAD", "", &[]));
    assert_eq!((head.status(), head.0.body.len()), (200, 0));
    assert_eq!(get.0.headers, head.0.headers);
}

#[test]
fn looking_changes_nothing() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let events = || {
        futures_executor::block_on(site.keys.audit(AuditOptions::default()))
            .unwrap()
            .data
            .len()
    };
    let before = (site.get(&id), events());
    for action in [
        "create", "edit", "rotate", "disable", "enable", "revoke", "finish",
    ] {
        let query = format!("?dialog={action}&action={action}&id={id}&name=y");
        site.browser("o").get(&query);
        site.browser("o").send("HEAD", &query, &[]);
    }
    assert_eq!((site.get(&id), events()), before);
}
