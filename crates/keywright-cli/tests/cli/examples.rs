//! Every example in every help is run, in a shell, against a store in which what it names is there.

use crate::sandbox::{PROGRAM, Ran, Sandbox, text};

const KEY: &str = "key_8sWmKx2QpLr7vTzYd4NcBh3G";
const ADMIN_KEY: &str = "key_A7dFgH3jKl9ZxCvBn2Mq5WeR";
const USER: &str = "user_Q3nVbT7xYk2LmWp9RsZd4HcG";
const SERVICE_ACCOUNT: &str = "svc_M5kPwX2zRt8NbVq4LcYd7HsJ";

/// A store with a key, an admin key, a user and a service account, and the files that examples read.
struct Prepared {
    here: Sandbox,
    ids: [(&'static str, String); 4],
}

impl Prepared {
    fn new() -> Self {
        let here = Sandbox::new();
        let (key, secret) =
            here.key(&["billing", "--owner", "cust_42", "--scopes", "invoices.read"]);
        here.write("secret.txt", format!("{secret}\n"));
        let id_of = |words: &[&str]| text(&here.json(words)["id"]);
        let ids = [
            (KEY, key),
            (ADMIN_KEY, id_of(&["admin-key", "create", "first"])),
            (USER, id_of(&["user", "create", "Grace"])),
            (
                SERVICE_ACCOUNT,
                id_of(&["service-account", "create", "first"]),
            ),
        ];
        here.write(
            "keys.jsonl",
            "{\"name\":\"one\",\"secret\":\"old-secret-1\"}\n",
        );
        here.write(
            "more-keys.jsonl",
            "{\"name\":\"two\",\"secret\":\"old-secret-2\"}\n",
        );
        Self { here, ids }
    }

    /// The same in a folder of its own, so that no command's examples see what another's did.
    fn afresh(&self) -> Self {
        let here = Sandbox::new();
        for entry in self.here.folder().read_dir().unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), here.folder().join(entry.file_name())).unwrap();
        }
        std::fs::create_dir(here.file("bin")).unwrap();
        std::os::unix::fs::symlink(PROGRAM, here.file("bin/keywright")).unwrap();
        let ids = self.ids.clone();
        Self { here, ids }
    }

    fn run(&self, example: &str) -> Ran {
        let line = self
            .ids
            .iter()
            .fold(example.to_owned(), |line, (stand_in, id)| {
                line.replace(stand_in, id)
            });
        let mut shell = self.here.command("sh");
        shell.env("KEYWRIGHT_BACKUP_PASSPHRASE", "seven words");
        Ran::of(
            shell.args(["-c", &format!("PATH=$PWD/bin:$PATH; {line}")]),
            b"",
        )
    }
}

/// The status that an example states, or 0.
fn expected(example: &str) -> i32 {
    example
        .split("# exit status ")
        .nth(1)
        .map_or(0, |status| status.trim().parse().unwrap())
}

/// The examples in a help text: indented lines behind `Examples:` that aren't comments.
fn examples(help: &str) -> Vec<&str> {
    let (_, examples) = help
        .split_once("\nExamples:\n")
        .expect("there are examples");
    examples
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with('#'))
        .collect()
}

fn every_command(command: &clap::Command, path: &[String], all: &mut Vec<Vec<String>>) {
    all.push(path.to_vec());
    for inner in command
        .get_subcommands()
        .filter(|inner| inner.get_name() != "help")
    {
        every_command(inner, &[path, &[inner.get_name().to_owned()]].concat(), all);
    }
}

#[test]
fn every_example_does_what_it_says() {
    let mut commands = Vec::new();
    every_command(&keywright_cli::definition(), &[], &mut commands);
    assert!(commands.len() > 30, "all commands are looked at");
    let mut number = 0;
    let once = Prepared::new();
    for path in commands {
        let prepared = once.afresh();
        let words: Vec<&str> = path.iter().map(String::as_str).chain(["--help"]).collect();
        let help = prepared.here.ok(&words);
        let examples = examples(&help);
        let command = format!("keywright {}", path.join(" "));
        assert!(
            examples
                .iter()
                .any(|example| example.contains(command.trim())),
            "{command} has no example of its own"
        );
        for example in examples {
            let ran = prepared.run(example);
            assert_eq!(ran.status, expected(example), "{example}: {ran:?}");
            number += 1;
        }
    }
    assert!(number > 60, "only {number} examples were found");
}

#[test]
fn a_wrong_example_would_be_noticed() {
    let prepared = Prepared::new().afresh();
    assert_ne!(
        prepared
            .run("keywright get key_8sWmKx2QpLr7vTzYd4NcBh3H")
            .status,
        0
    );
    assert_eq!(expected("echo x | keywright verify   # exit status 1"), 1);
}
