//! Every name, search, owner, label and value is text, whatever stands in it.

use crate::harness::{Site, options};
use keywright::CreateOptions;
use keywright_pages::{PageOptions, Permission};

const TAGS: &[&str] = &[
    "script", "img", "svg", "iframe", "body", "input", "details", "video", "a", "math", "style",
    "object", "form", "base", "meta", "link", "template", "textarea", "title", "noscript",
];
const ATTRIBUTES: &[&str] = &[
    " src=x onerror=alert(1)",
    " onload=alert(1)",
    " href=javascript:alert(1)",
    " autofocus onfocus=alert(1)",
    " style=background:url(//evil.example)",
    "/onpointerenter=alert(1)",
    "",
];
const BREAKS: &[&str] = &[
    "",
    "\"",
    "'",
    "\">",
    "'>",
    "</th>",
    "-->",
    "]]>",
    "</script>",
    "`",
];

/// Some 1,400 of them; none longer than a name may be.
fn payloads() -> Vec<String> {
    let mut all: Vec<String> = [
        "{{7*7}}",
        "{% raw %}",
        "${7*7}",
        "&lt;b&gt;",
        "&#60;b&#62;",
        "&amp;",
        "%3Cscript%3E",
        "\u{202e}gnp.exe",
        "\u{feff}<b>",
        "\u{2028}<b>",
        "<b\u{a0}x>",
        "\u{ff1c}script\u{ff1e}",
        "javascript:alert(1)",
        "data:text/html,<b>",
        "a&b=c",
        "a\"b'c<d>e",
    ]
    .map(str::to_owned)
    .into();
    for tag in TAGS {
        for attribute in ATTRIBUTES {
            for before in BREAKS {
                all.push(format!("{before}<{tag}{attribute}>x"));
            }
        }
    }
    all
}

/// The page with other text in it is the same page: no tag and no attribute came or went.
fn skeleton(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((_, tag)) = rest.split_once('<') {
        let (tag, after) = tag.split_once('>').expect("a tag is closed");
        // What stands in quotes may differ.
        for (place, part) in tag.split('"').enumerate() {
            if place % 2 == 0 {
                out.push_str(part);
            }
        }
        out.push('\n');
        rest = after;
    }
    out
}

#[test]
fn there_are_enough_of_them() {
    assert!(payloads().len() > 1_400);
}

#[test]
fn a_name_is_text_wherever_it_is_shown() {
    let site = Site::new();
    let id = site.issue("o", "plain").key.id;
    let browser = site.browser("o");
    let views = [
        "",
        "?dialog=key",
        "?dialog=edit",
        "?dialog=revoke",
        "?dialog=rotate",
    ];
    let view = |query: &str| {
        let query = if query.is_empty() {
            String::new()
        } else {
            format!("{query}&id={id}")
        };
        browser.get(&query)
    };
    let expected: Vec<String> = views.iter().map(|it| skeleton(&view(it).text())).collect();
    for payload in payloads() {
        let change = keywright::UpdateOptions {
            name: Some(payload.clone()),
            ..Default::default()
        };
        futures_executor::block_on(site.keys.update(&id, change)).unwrap();
        for (query, expected) in views.iter().zip(&expected) {
            let shown = view(query);
            assert_eq!(&skeleton(&shown.text()), expected, "{payload} {query}");
            assert_eq!(shown.names(), [payload.as_str()]);
        }
    }
}

#[test]
fn a_name_that_the_page_itself_is_given_is_text() {
    let site = Site::new();
    let browser = site.browser("o");
    browser.create(&[("name", "\"><script>alert(1)</script>")]);
    let form = browser.open("create", "");
    let expected = skeleton(
        &browser
            .send_form(&form, &[("name", "n"), ("permissions", "restricted")])
            .text(),
    );
    for payload in payloads() {
        // Refused: the form comes back with it.
        let fill = [("name", payload.as_str()), ("permissions", "restricted")];
        let shown = browser.send_form(&form, &fill);
        assert_eq!(shown.status(), 400);
        assert_eq!(skeleton(&shown.text()), expected, "{payload}");
    }
}

#[test]
fn a_search_is_text() {
    let site = Site::new();
    site.issue("o", "x");
    let browser = site.browser("o");
    let expected = skeleton(&browser.get("?q=nothing").text());
    for payload in payloads() {
        let query = crate::harness::encode(&[("q", payload.trim())]);
        let shown = browser.get(&format!("?{query}"));
        assert_eq!(shown.status(), 200, "{payload}");
        assert_eq!(skeleton(&shown.text()), expected, "{payload}");
        let links = browser.get(&format!("?dialog=create&{query}"));
        assert_eq!(
            links.form().target.matches(['<', '>', '"', '\'']).count(),
            0
        );
    }
}

#[test]
fn an_owner_is_text() {
    let site = Site::new();
    for payload in payloads().into_iter().step_by(9) {
        site.issue(&payload, "x");
        let browser = site.browser(&payload);
        let shown = browser.get("");
        assert_eq!(shown.names(), ["x"], "{payload}");
        assert!(!shown.has(&payload) || payload.chars().all(char::is_alphanumeric));
        browser.create(&[("name", "y")]);
    }
}

#[test]
fn labels_and_metadata_are_text() {
    let plain = render_with("label", "value");
    for payload in payloads().into_iter().step_by(5) {
        assert_eq!(render_with(&payload, &payload), plain, "{payload}");
    }
}

fn render_with(label: &str, value: &str) -> [String; 2] {
    let site = Site::with(PageOptions {
        title: Some(label.to_owned()),
        permissions: vec![Permission::read("a", label), Permission::write("b", label)],
        show_metadata: true,
        ..options()
    });
    let key = site.issue_with(
        "o",
        "x",
        CreateOptions {
            scopes: Some(vec!["b".to_owned()]),
            metadata: [("k".to_owned(), value.to_owned())].into(),
            ..CreateOptions::default()
        },
    );
    let browser = site.browser("o");
    let details = browser.get(&format!("?dialog=key&id={}", key.key.id));
    [
        skeleton(&details.text()),
        skeleton(&browser.get("?dialog=create").text()),
    ]
}
