//! `quickstart`, `completions`, `man`.

use crate::sandbox::{PROGRAM, Ran, Sandbox, text};

#[test]
fn quickstart_tells_the_whole_story() {
    let here = Sandbox::new();
    let ran = here.run(&["quickstart"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let secret = ran
        .out
        .lines()
        .find(|line| line.starts_with("kw_live_kw1"))
        .expect("the secret is shown");
    assert_eq!(ran.out.matches(secret).count(), 1, "once");
    for part in [
        "Issued \"demo\"",
        "Verified it: valid",
        "ID ",
        "demo",
        "Go on with",
    ] {
        assert!(ran.out.contains(part), "{part}");
    }
    assert_eq!(here.code(secret, &[]), "valid");
}

#[test]
fn the_commands_that_it_prints_can_be_pasted_there() {
    let here = Sandbox::new();
    let out = here.ok(&["quickstart", "it's me", "--store", "my keys.db"]);
    let (_, block) = out.split_once("can be pasted as it is:\n\n").unwrap();
    let (block, rest) = block.split_once("\n\n").unwrap();
    assert!(rest.contains("paste it at the prompt"));
    // Not even interactive shells take every comment: what a command does stands outside of it.
    assert!(!block.contains('#'), "{block}");
    let commands: Vec<_> = block
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .collect();
    assert_eq!(commands.len(), 5, "{block}");
    let (last, others) = commands.split_last().unwrap();
    assert!(
        last.contains("revoke") && !others.concat().contains("revoke"),
        "{block}"
    );
    for command in commands {
        let mut shell = here.command("sh");
        let ran = Ran::of(shell.args(["-c", command]), b"");
        assert_eq!(ran.status, 0, "{command}: {ran:?}");
    }
    assert!(
        here.ok(&["list", "--all", "--store", "my keys.db"])
            .contains("revoked")
    );
}

#[test]
fn the_program_is_named_as_it_was_called() {
    let here = Sandbox::new();
    std::fs::create_dir(here.file("bin")).unwrap();
    std::os::unix::fs::symlink(PROGRAM, here.file("bin/keywright")).unwrap();
    let mut shell = here.command("sh");
    let ran = Ran::of(shell.args(["-c", "bin/keywright quickstart"]), b"");
    assert!(ran.out.contains("\n  ./bin/keywright get key_"), "{ran:?}");
    let mut shell = here.command("sh");
    let ran = Ran::of(
        shell.args(["-c", "PATH=$PWD/bin:$PATH; keywright quickstart"]),
        b"",
    );
    assert!(ran.out.contains("\n  keywright get key_"), "{ran:?}");
}

#[test]
fn quickstart_for_programs() {
    let here = Sandbox::new();
    let told = here.json(&["quickstart"]);
    assert_eq!(
        (text(&told["code"]).as_str(), text(&told["object"]).as_str()),
        ("valid", "quickstart")
    );
    assert_eq!(here.code(&text(&told["value"]), &[]), "valid");
    assert_eq!(told["next"].as_array().unwrap().len(), 5);
}

#[test]
fn each_shell_gets_its_completions() {
    let here = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = here.ok(&["completions", shell]);
        for word in [
            "keywright",
            "service-account",
            "idempotency-key",
            "privilege_withdrawn",
        ] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
    here.run(&["completions", "tcsh"]).failed(2, "it takes");
}

#[test]
fn no_shell_offers_files_where_a_secret_would_be_refused() {
    let script = Sandbox::new().ok(&["completions", "zsh"]);
    let arguments = script.lines().filter(|line| line.contains("misplaced"));
    let arguments: Vec<_> = arguments.collect();
    assert_eq!(arguments.len(), 2);
    for line in arguments {
        assert!(
            !line.contains("_default") && !line.contains("refused"),
            "{line}"
        );
    }
}

#[test]
fn bash_takes_its_script() {
    let here = Sandbox::new();
    here.write("keywright.bash", here.ok(&["completions", "bash"]));
    let mut bash = here.command("bash");
    let ran = Ran::of(
        bash.args(["-c", "source keywright.bash; COMP_WORDS=(keywright rev); COMP_CWORD=1; _keywright keywright rev keywright; echo \"${COMPREPLY[@]}\""]),
        b"",
    );
    assert_eq!((ran.status, ran.out.trim()), (0, "revoke"), "{ran:?}");
}

#[test]
fn there_is_a_page_for_every_command() {
    let here = Sandbox::new();
    assert!(here.ok(&["man"]).contains(".TH keywright 1"));
    here.ok(&["man", "pages/one"]);
    for name in [
        "keywright",
        "keywright-create",
        "keywright-audit-verify",
        "keywright-service-account-delete",
    ] {
        let page = std::fs::read_to_string(here.file(&format!("pages/one/{name}.1"))).unwrap();
        assert!(page.contains(".SH EXAMPLES\n"), "{page}");
        assert!(page.contains(&name.replace('-', "\\-")), "{page}");
    }
    for told in [here.ok(&["--help"]), here.ok(&["man"]).replace("\\-", "-")] {
        for part in [
            "KEYWRIGHT_STORE",
            "KEYWRIGHT_PEPPER ",
            "KEYWRIGHT_PEPPER_FILE",
            "KEYWRIGHT_BRAND",
            "openssl rand -hex 32",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
    here.write("file", "");
    here.run(&["man", "file"])
        .failed(6, "file can't be written");
}
