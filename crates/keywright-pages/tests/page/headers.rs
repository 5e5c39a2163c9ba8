use crate::harness::{Shown, Site};

fn guarded(shown: &Shown) {
    let header = |name| shown.0.header(name).unwrap_or_default();
    let policy = header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.split("; ").any(|own| own == rule), "{rule}");
    }
    assert!(!policy.contains("unsafe") && !policy.contains('*'));
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin");
    assert_eq!(header("x-frame-options"), "DENY");
}

#[test]
fn every_answer_is_guarded_and_no_page_is_kept() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let answers = [
        browser.get(""),
        browser.get("?dialog=create"),
        browser.submit("create", "", &[("name", "y")]),
        browser.submit("rotate", &id, &[]),
        browser.submit("disable", &id, &[]),
        browser.get("?dialog=key&id=nonsense"),
        browser.get("?sort=nonsense"),
        browser.send("PUT", "", &[]),
        browser.post("", &[]),
        site.browser("o")
            .header("sec-fetch-site", "cross-site")
            .get(""),
    ];
    let statuses: Vec<u16> = answers.iter().map(Shown::status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 303, 404, 400, 405, 403, 403]);
    for answer in &answers {
        guarded(answer);
        assert_eq!(answer.0.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn nothing_is_inline_and_nothing_is_from_elsewhere() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    for query in [
        String::new(),
        "?dialog=create".to_owned(),
        format!("?dialog=edit&id={id}"),
        format!("?dialog=rotate&id={id}"),
        format!("?dialog=revoke&id={id}"),
        format!("?dialog=key&id={id}"),
        "?dialog=key&id=x".to_owned(),
    ] {
        let text = browser.get(&query).text();
        for inline in [
            "<style",
            " style=",
            " on",
            "javascript:",
            "http://",
            "https://",
            "src=\"/",
            "href=\"/",
            "action=\"/",
            "//",
        ] {
            let found = text.split('<').any(|tag| {
                let tag = tag.split('>').next().unwrap_or_default();
                tag.contains(inline.trim_start_matches('<')) && !tag.starts_with("!doctype")
            });
            assert!(!found || inline == "<style", "{query} {inline}");
        }
        assert!(!text.contains("<style") && !text.contains("<script>"));
        assert_eq!(text.matches("<script").count(), 1);
    }
}

#[test]
fn assets_are_found_by_their_hash_and_then_kept() {
    let site = Site::new();
    let browser = site.browser("o");
    let text = browser.get("").text();
    for (start, kind) in [
        ("?asset=page.css", "text/css; charset=utf-8"),
        ("?asset=page.js", "text/javascript; charset=utf-8"),
    ] {
        let link = crate::harness::plain(
            text.split('"')
                .find(|part| part.starts_with(start))
                .unwrap(),
        );
        let shown = browser.get(&link);
        guarded(&shown);
        assert_eq!(shown.status(), 200);
        assert_eq!(shown.0.header("content-type"), Some(kind));
        assert!(
            shown
                .0
                .header("cache-control")
                .unwrap()
                .contains("immutable")
        );
        let other = browser.get(&format!("{start}&v=old"));
        assert_eq!(other.0.header("cache-control"), Some("no-cache"));
        assert_eq!(other.0.body, shown.0.body);
    }
    assert_eq!(
        browser.get("?asset=theme.css").status(),
        404,
        "there is no theme"
    );
}

#[test]
fn a_dialog_is_one_for_everybody() {
    let site = Site::new();
    let shown = site.browser("o").get("?dialog=create");
    assert!(shown.has("role=\"dialog\" aria-modal=\"true\" aria-labelledby=\"dialog-title\""));
    assert!(shown.has("<div class=\"page\" inert>"));
    assert!(!site.browser("o").get("").has(" inert"));
    assert!(shown.has("<html lang=\"en\""));
    for label in ["name", "expires", "date"] {
        assert!(shown.has(&format!("<label for=\"{label}\">")), "{label}");
    }
}
