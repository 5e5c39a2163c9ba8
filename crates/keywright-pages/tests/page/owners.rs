//! Two owners who try each other's ids on everything that the page can do.

use crate::harness::{Site, encode};

const LOOKS: &[&str] = &["edit", "rotate", "disable", "enable", "revoke", "key"];
const ACTS: &[&str] = &[
    "edit", "rotate", "finish", "cancel", "disable", "enable", "revoke",
];

/// What has the form of an id, what never had, and what someone else has.
fn strangers(theirs: &str) -> [&str; 6] {
    [
        theirs,
        "key_000000000000000000000000",
        "key_zzzzzzzzzzzzzzzzzzzzzzzz",
        "nonsense",
        "",
        "../../etc/passwd",
    ]
}

#[test]
fn someone_elses_key_is_the_same_as_none() {
    let site = Site::new();
    let theirs = site.issue("alice", "hers").key.id;
    let mallory = site.browser("mallory");
    site.issue("mallory", "own");
    let form = mallory.open("create", "");
    let before = site.get(&theirs);
    let mut answers = Vec::new();
    for id in strangers(&theirs) {
        for dialog in LOOKS {
            let query = format!("?{}", encode(&[("dialog", dialog), ("id", id)]));
            answers.push(mallory.get(&query));
        }
        if !id.is_empty() {
            answers.push(mallory.get(&format!("?{}", encode(&[("after", id)]))));
            let sorted = encode(&[("after", id), ("sort", "name"), ("q", "o")]);
            answers.push(mallory.get(&format!("?{sorted}")));
        }
        for action in ACTS {
            answers.push(mallory.post(
                "",
                &[
                    ("token", form.field("token")),
                    ("action", action),
                    ("id", id),
                    ("name", "stolen"),
                    ("permissions", "all"),
                    ("expires", "never"),
                    ("seen", "x"),
                    ("version", "1"),
                    ("overlap", "0"),
                ],
            ));
        }
    }
    assert_eq!(answers.len(), 6 * 13 + 5 * 2);
    let first = &answers[0].0;
    assert_eq!(first.status, 404);
    for answer in &answers {
        assert_eq!(answer.0.status, 404);
        assert!(answer.0.body == first.body, "the same bytes");
        assert_eq!(answer.0.headers, first.headers);
    }
    assert_eq!(site.get(&theirs), before);
}

#[test]
fn an_owner_sees_and_finds_only_their_own() {
    let site = Site::new();
    let key = site.issue("alice", "hers").key;
    site.issue("mallory", "own");
    let mallory = site.browser("mallory");
    for query in [
        String::new(),
        "?revoked=1".to_owned(),
        "?q=hers".to_owned(),
        "?sort=name".to_owned(),
        format!("?q={}", key.id),
        "?q=alice".to_owned(),
    ] {
        let shown = mallory.get(&query);
        assert_eq!(shown.status(), 200);
        assert!(!shown.names().contains(&"hers".to_owned()), "{query}");
        assert!(!shown.has(&key.redacted_value), "{query}");
    }
}

#[test]
fn owners_whose_names_are_alike_are_not_the_same() {
    let site = Site::new();
    let ids: Vec<String> = ["a", "A", "a ", "\u{e0}", "a\u{300}"]
        .iter()
        .map(|owner| site.issue(owner, "k").key.id)
        .collect();
    for (place, owner) in ["a", "A", "a ", "\u{e0}", "a\u{300}"].iter().enumerate() {
        let browser = site.browser(owner);
        assert_eq!(browser.get("").names().len(), 1);
        for (other, id) in ids.iter().enumerate() {
            let status = browser.get(&format!("?dialog=key&id={id}")).status();
            assert_eq!(status == 200, other == place);
        }
    }
}

#[test]
fn a_key_that_manages_is_not_on_the_page() {
    let site = Site::new();
    let admin = futures_executor::block_on(site.keys.admin_keys().create("root", None, None));
    let key = admin.unwrap().key;
    let browser = site.browser(&key.owner.id);
    assert!(browser.get("").names().is_empty());
    assert_eq!(
        browser.get(&format!("?dialog=key&id={}", key.id)).status(),
        404
    );
}
