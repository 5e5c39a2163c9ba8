//! `list` and `get`: what is shown, page by page.

use crate::sandbox::{Ran, Sandbox, text};
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["name"].as_str().unwrap())
        .collect()
}

#[test]
fn newest_first_and_revoked_ones_only_if_asked_for() {
    let here = Sandbox::new();
    for name in ["a", "b", "c"] {
        here.key(&[name]);
    }
    let (dead, _) = here.key(&["dead"]);
    here.ok(&["revoke", &dead, "--yes"]);
    let list = here.json(&["list"]);
    assert_eq!(names(&list), ["c", "b", "a"]);
    assert_eq!(
        (&list["object"], &list["has_more"]),
        (&json!("list"), &json!(false))
    );
    assert_eq!(
        names(&here.json(&["list", "--all"])),
        ["dead", "c", "b", "a"]
    );
    assert_eq!(
        names(&here.json(&["list", "--status", "revoked"])),
        ["dead"]
    );
}

#[test]
fn filters_narrow_it_down() {
    let here = Sandbox::new();
    here.ok(&["project", "create", "payments"]);
    here.key(&["web-shop", "--owner", "cust_1", "--project", "payments"]);
    let (off, _) = here.key(&["batch", "--owner", "cust_2"]);
    here.ok(&["disable", &off]);
    assert_eq!(
        names(&here.json(&["list", "--project", "payments"])),
        ["web-shop"]
    );
    assert_eq!(names(&here.json(&["list", "--owner", "cust_2"])), ["batch"]);
    assert_eq!(
        names(&here.json(&["list", "--status", "disabled"])),
        ["batch"]
    );
    assert_eq!(
        names(&here.json(&["list", "--search", "b-sh"])),
        ["web-shop"]
    );
    assert_eq!(names(&here.json(&["list", "--search", &off])), ["batch"]);
    here.run(&["list", "--project", "nowhere"])
        .failed(3, "project");
}

#[test]
fn the_last_line_is_the_command_for_the_next_page() {
    let here = Sandbox::new();
    for number in 0..5 {
        here.key(&["--owner", "cust 42", "--", &format!("-it's {number}")]);
    }
    let mut seen = 0;
    let mut ran = here.run(&[
        "list",
        "--limit",
        "2",
        "--owner",
        "cust 42",
        "--search=-it's",
    ]);
    loop {
        assert_eq!(ran.status, 0, "{ran:?}");
        seen += ran.out.lines().count() - 1;
        let Some(next) = ran.err.lines().find_map(|line| line.strip_prefix("more: ")) else {
            break;
        };
        assert!(next.ends_with(ran.out.lines().last().unwrap().split(' ').next().unwrap()));
        let mut shell = here.command("sh");
        ran = Ran::of(shell.args(["-c", next]), b"");
    }
    assert_eq!(seen, 5);
    let page = here.json(&["list", "--limit", "2"]);
    assert_eq!(page["has_more"], true);
}

#[test]
fn an_empty_list_is_no_failure() {
    let here = Sandbox::new();
    here.ok(&["user", "create", "Ada"]);
    let ran = here.run(&["list"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
    assert!(ran.err.contains("no keys"));
    assert_eq!(here.json(&["list"])["data"], json!([]));
}

#[test]
fn limits_out_of_range_are_refused() {
    let here = Sandbox::new();
    here.key(&["a"]);
    for limit in ["0", "1001", "-1", "4294967296", "x"] {
        here.run(&["list", "--limit", limit]).failed(2, "error: ");
    }
    here.run(&["list", "--after", "key_8sWmKx2QpLr7vTzYd4NcBh3G"])
        .failed(3, "no such key");
    here.run(&["list", "--after", "x"]).failed(2, "");
}

#[test]
fn get_shows_a_key_with_exact_times() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&[
        "a",
        "--expires-in",
        "90d",
        "--metadata",
        "team=ops",
        "--rate-limit",
        "5/1m",
    ]);
    let card = here.ok(&["get", &id]);
    for part in [
        "Name       a\n",
        "Status     active\n",
        "Scopes     everything\n",
        " UTC (in 90 days)\n",
        "Last used  never\n",
        "Metadata   team=ops\n",
        "Limits     5 requests in any 1m, 5 left\n",
    ] {
        assert!(card.contains(part), "{part:?} is not in\n{card}");
    }
    assert!(!card.contains(&secret));
    here.run(&["get", "key_8sWmKx2QpLr7vTzYd4NcBh3G"])
        .failed(3, "no such key");
}

#[test]
fn a_secret_in_place_of_an_id_is_not_repeated() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    for words in [
        &["get"][..],
        &["rotate"],
        &["disable"],
        &["revoke", "--yes"],
        &["list", "--after"],
    ] {
        let ran = here.run(&[words, &[&secret]].concat());
        ran.failed(2, "error: ");
        assert!(!ran.err.contains(&secret[20..]), "{ran:?}");
    }
}

#[test]
fn nothing_in_a_name_reaches_the_terminal_as_it_is() {
    let here = Sandbox::new();
    let (id, _) = here.key(&[
        "pay\u{202e}lla\u{200b}",
        "--owner",
        "o\u{2066}x",
        "--metadata",
        "k=\u{feff}v",
    ]);
    for words in [
        &["list"][..],
        &["get", &id],
        &["list", "--output", "json"],
        &["audit", "list"],
        &["export"],
    ] {
        let ran = here.run(words);
        let seen = ran.out + &ran.err;
        assert!(
            !seen
                .chars()
                .any(|c| c != '\n'
                    && (c.is_control() || "\u{202e}\u{200b}\u{2066}\u{feff}".contains(c))),
            "{words:?}: {seen:?}"
        );
    }
    assert_eq!(
        text(&here.json(&["get", &id])["name"]),
        "pay\u{202e}lla\u{200b}"
    );
    here.run(&["create", "\u{1b}[31mred"])
        .failed(2, "control character");
}
