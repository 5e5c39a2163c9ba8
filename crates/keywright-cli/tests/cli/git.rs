//! The warning about a pepper that git would take along.

use crate::sandbox::{Ran, Sandbox, text};
use serde_json::Value;

fn git(here: &Sandbox, words: &[&str]) {
    let mut command = here.command("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let ran = Ran::of(command.args(words), b"");
    assert_eq!(ran.status, 0, "git is needed for this test: {ran:?}");
}

/// The line for `.gitignore` that a warning gives.
fn line_of(err: &str) -> &str {
    let told = err.lines().find(|line| line.contains("add this line to "));
    told.expect("a line is given")
        .split(".gitignore: ")
        .nth(1)
        .unwrap()
}

fn repository() -> Sandbox {
    let here = Sandbox::new();
    git(&here, &["init", "-q"]);
    here
}

#[test]
fn outside_of_a_work_tree_there_is_nothing_to_warn_of() {
    assert!(!Sandbox::new().run(&["create", "a"]).err.contains("warning"));
}

#[test]
fn a_pepper_that_is_not_ignored_is_warned_of_with_the_line_that_mends_it() {
    let here = repository();
    let ran = here.run(&["create", "a"]);
    assert_eq!(ran.status, 0, "it is a warning and no failure");
    assert!(
        ran.err
            .contains("warning: git doesn't ignore the pepper ./keywright.db.pepper"),
        "{ran:?}"
    );
    let line = line_of(&ran.err);
    assert_eq!(line, "/keywright.db.pepper");
    here.write(".gitignore", format!("{line}\n"));
    assert!(!here.run(&["create", "a"]).err.contains("warning"));
}

#[test]
fn the_line_is_right_for_names_that_git_would_read_as_patterns() {
    let here = repository();
    std::fs::create_dir(here.file("my data")).unwrap();
    let words = ["--store", "my data/keys[1] #2.db", "create", "a"];
    let err = here.run(&words).err;
    let line = line_of(&err);
    here.write(".gitignore", format!("{line}\n"));
    assert!(!here.run(&words).err.contains("warning"), "{line}");
}

#[test]
fn a_pepper_that_was_committed_is_worse() {
    let here = repository();
    here.ok(&["create", "a"]);
    git(&here, &["add", "-f", "keywright.db.pepper"]);
    here.write(".gitignore", "*.pepper\n");
    let err = here.run(&["create", "a"]).err;
    assert!(
        err.contains("is in git") && err.contains("git rm --cached"),
        "{err}"
    );
}

#[test]
fn a_pepper_elsewhere_is_judged_where_it_is() {
    let there = Sandbox::new();
    there.write("pepper", "0123456789abcdef".repeat(4));
    let here = Sandbox::new().with(
        "KEYWRIGHT_PEPPER_FILE",
        there.file("pepper").to_str().unwrap(),
    );
    git(&here, &["init", "-q"]);
    assert!(!here.run(&["create", "a"]).err.contains("warning"));
}

#[test]
fn programs_are_warned_too_and_reading_warns_of_nothing() {
    let here = repository();
    let ran = here.run(&["create", "a", "--output", "json"]);
    let told: Value = serde_json::from_str(&ran.err).unwrap();
    let warning = &told["warning"];
    assert!(
        text(&warning["message"]).contains("doesn't ignore the pepper"),
        "{ran:?}"
    );
    assert!(
        text(&warning["hint"]).contains("add this line to "),
        "{ran:?}"
    );
    assert_eq!(here.run(&["list"]).err, "");
}

#[test]
fn an_error_stands_alone() {
    let here = repository();
    here.ok(&["create", "a"]);
    for words in [
        &["create", ""][..],
        &["rotate", "key_8sWmKx2QpLr7vTzYd4NcBh3G"],
    ] {
        let ran = here.run(&[words, &["--output", "json"]].concat());
        assert!(ran.error()["code"].is_string());
    }
}
