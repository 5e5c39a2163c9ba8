//! Readers that go away, and outputs that can't be written.

use crate::sandbox::{PROGRAM, Ran, Sandbox};
use std::fs::OpenOptions;
use std::io::Read;
use std::process::Stdio;

/// Runs a line of shell in which `kw` is the program.
fn shell(here: &Sandbox, line: &str) -> Ran {
    let mut command = here.command("sh");
    command.args(["-c", &format!("kw() {{ {PROGRAM} \"$@\"; }}; {line}")]);
    Ran::of(&mut command, b"")
}

/// Runs the program with a standard output that nobody reads.
fn unread(here: &Sandbox, words: &[&str], input: &[u8]) -> Ran {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = here.command(PROGRAM);
    let mut child = command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input);
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    for words in [
        &["list"][..],
        &["list", "--output", "json"],
        &["export"],
        &["audit", "list"],
        &["audit", "export"],
        &["--help"],
        &["completions", "zsh"],
        &["man"],
    ] {
        let ran = unread(&here, words, b"");
        assert_eq!((ran.status, ran.err.as_str()), (0, ""), "{words:?}");
    }
    // The status is that of the answer, not of the pipe.
    assert_eq!(unread(&here, &["verify"], secret.as_bytes()).status, 0);
    assert_eq!(unread(&here, &["verify"], b"nonsense").status, 1);
}

#[test]
fn a_secret_that_nobody_reads_is_a_failure_that_names_the_way_out() {
    let here = Sandbox::new();
    for words in [
        &["create", "a"][..],
        &["create", "a", "--output", "json"],
        &["create", "a", "--output", "table"],
    ] {
        let ran = unread(&here, words, b"");
        assert_eq!(ran.status, 6, "{ran:?}");
        assert!(
            ran.err.contains("the secret could not be written") && ran.err.contains("rotate key_"),
            "{ran:?}"
        );
    }
    let ran = unread(&here, &["admin-key", "create", "a"], b"");
    assert!(ran.err.contains("admin-key revoke key_"), "{ran:?}");
}

#[test]
fn a_new_secret_that_nobody_reads_is_taken_back_where_the_old_one_lives() {
    let here = Sandbox::new();
    let (id, old) = here.key(&["a"]);
    let ran = unread(&here, &["rotate", &id], b"");
    assert_eq!(ran.status, 6, "{ran:?}");
    let cancel = format!("rotate {id} --cancel");
    assert!(ran.err.contains(&cancel), "{ran:?}");
    here.ok(&["rotate", &id, "--cancel"]);
    assert_eq!(here.code(&old, &[]), "valid");
    // Where the old one is dead there is no way back, but one ahead.
    let ran = unread(&here, &["rotate", &id, "--overlap", "0"], b"");
    let again = format!("rotate {id} --overlap 0");
    assert!(
        ran.err.contains(&again) && !ran.err.contains("--cancel"),
        "{ran:?}"
    );
    here.ok(&["rotate", &id, "--overlap", "0"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let here = Sandbox::new();
    let (_, secret) = here.key(&["a"]);
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (words, input) in [
        (&["list"][..], ""),
        (&["export"], ""),
        (&["create", "b"], ""),
        (&["verify"], secret.as_str()),
    ] {
        let mut command = here.command(PROGRAM);
        let mut child = command
            .args(words)
            .stdin(Stdio::piped())
            .stdout(full())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        let mut err = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut err)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(6), "{words:?}");
        assert!(err.contains("no space left"), "{err}");
    }
}

#[test]
fn a_secret_goes_from_one_command_to_the_next() {
    let here = Sandbox::new();
    let ran = shell(
        &here,
        "kw create web --scopes read | kw verify --scopes read",
    );
    assert_eq!(ran.status, 0);
    assert!(ran.out.starts_with("valid\n"), "{ran:?}");
    let ran = shell(
        &here,
        "kw create web > secret; kw verify < secret > /dev/null && kw identify < secret",
    );
    assert_eq!(ran.status, 0, "{ran:?}");
}

#[test]
fn nothing_is_coloured_in_a_pipe_unless_forced() {
    let here = Sandbox::new().with("TERM", "xterm-256color");
    here.key(&["a"]);
    assert!(!here.ok(&["list"]).contains('\x1b'));
    assert!(!here.run(&["get", "x"]).err.contains('\x1b'));
    let here = Sandbox::new().with("CLICOLOR_FORCE", "1");
    here.key(&["a"]);
    assert!(here.ok(&["list"]).contains("\x1b[32mactive\x1b[0m"));
    assert!(
        here.run(&["get", "x"])
            .err
            .contains("\x1b[31merror:\x1b[0m")
    );
    let here = Sandbox::new()
        .with("CLICOLOR_FORCE", "1")
        .with("NO_COLOR", "1");
    here.key(&["a"]);
    assert!(!here.ok(&["list"]).contains('\x1b'));
}
