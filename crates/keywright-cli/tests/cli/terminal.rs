//! What happens on a terminal: a real one, that util-linux's `script` makes.
#![cfg(target_os = "linux")]

use crate::sandbox::{PROGRAM, Sandbox};
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Nothing takes longer than this; what never comes ends the test.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program on a terminal.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: Vec<u8>,
}

impl Terminal {
    /// Starts a line of shell in which `kw` is the program, on a terminal of so many columns.
    fn start(here: &Sandbox, columns: u32, line: &str) -> Self {
        let line = format!("stty cols {columns} rows 40; kw() {{ {PROGRAM} \"$@\"; }}; {line}");
        let mut child = here
            .command("script")
            .env("SHELL", "/bin/sh")
            .args([
                "--quiet",
                "--return",
                "--echo",
                "never",
                "--command",
                &line,
                "/dev/null",
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need `script` (apt-get install bsdutils, or util-linux)");
        let mut screen = child.stdout.take().unwrap();
        let (shown, seen) = channel();
        std::thread::spawn(move || {
            let mut part = [0; 4096];
            while let Ok(count @ 1..) = screen.read(&mut part) {
                if shown.send(part[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            keyboard: child.stdin.take().unwrap(),
            screen: seen,
            child,
            seen: Vec::new(),
        }
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.seen).replace('\r', "")
    }

    /// Waits until this is on the screen.
    fn wait_for(&mut self, text: &str) {
        while !self.text().contains(text) {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(part) => self.seen.extend(part),
                Err(error) => panic!("{text:?} never came ({error}): {:?}", self.text()),
            }
        }
    }

    fn type_in(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Everything that was on the screen, and the status.
    fn end(mut self) -> (String, i32) {
        use std::sync::mpsc::RecvTimeoutError::{Disconnected, Timeout};
        loop {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(part) => self.seen.extend(part),
                Err(Disconnected) => break,
                Err(Timeout) => panic!("it never ended: {:?}", self.text()),
            }
        }
        let status = self.child.wait().unwrap().code().unwrap();
        (self.text(), status)
    }
}

fn on(here: &Sandbox, columns: u32, line: &str) -> (String, i32) {
    Terminal::start(here, columns, line).end()
}

fn sandbox() -> Sandbox {
    Sandbox::new().with("TERM", "xterm-256color")
}

#[test]
fn create_shows_a_card_with_the_secret_on_a_line_of_its_own() {
    let here = sandbox();
    let (screen, status) = on(&here, 100, "kw create billing");
    assert_eq!(status, 0);
    let secret = screen
        .lines()
        .find(|line| line.starts_with("kw_live_kw1") && line.len() == 77);
    let secret = secret.unwrap_or_else(|| panic!("{screen}"));
    assert_eq!(screen.matches(secret).count(), 1);
    assert!(
        screen.contains("It is shown this once") && screen.contains("\x1b[32mactive"),
        "{screen}"
    );
    assert_eq!(here.code(secret, &[]), "valid");
}

#[test]
fn json_on_a_terminal_is_indented() {
    let here = sandbox();
    let (screen, _) = on(&here, 100, "kw create billing --output json");
    assert!(
        screen.contains("{\n  \"object\": \"api_key\",\n"),
        "{screen}"
    );
}

#[test]
fn a_secret_is_asked_for_without_being_shown() {
    let here = sandbox();
    let (_, secret) = here.key(&["a"]);
    let mut terminal = Terminal::start(&here, 100, "kw verify");
    terminal.wait_for("Secret (not shown): ");
    terminal.type_in(&format!("{secret}\r"));
    let (screen, status) = terminal.end();
    assert_eq!(status, 0, "{screen}");
    assert!(
        screen.contains("valid") && !screen.contains(&secret[20..]),
        "{screen}"
    );
}

#[test]
fn nobody_types_a_secret_for_nothing() {
    let here = sandbox();
    here.key(&["a"]);
    for (line, status) in [
        ("kw verify --ip nonsense", 2),
        ("kw verify --scopes 'A B'", 2),
        ("kw verify --store missing.db", 5),
        ("kw identify --store missing.db", 5),
    ] {
        let (screen, ended) = on(&here, 100, line);
        assert!(
            !screen.contains("Secret") && screen.contains("error:"),
            "{screen}"
        );
        assert_eq!(ended, status, "{screen}");
    }
}

#[test]
fn nothing_typed_is_no_secret() {
    let here = sandbox();
    here.key(&["a"]);
    for typed in ["\r", "\x04"] {
        let mut terminal = Terminal::start(&here, 100, "kw verify");
        terminal.wait_for("Secret (not shown): ");
        terminal.type_in(typed);
        let (screen, status) = terminal.end();
        assert_eq!(status, 1, "{screen}");
        assert!(
            screen.contains("malformed") && screen.contains("nothing was typed"),
            "{screen}"
        );
    }
}

#[test]
fn the_passphrase_of_a_backup_is_asked_for_twice() {
    let here = sandbox();
    here.key(&["a"]);
    for (second, status) in [("another\r", 2), ("seven words\r", 0)] {
        let mut terminal = Terminal::start(&here, 100, "kw backup monday.age");
        terminal.wait_for("Passphrase for the backup (not shown): ");
        terminal.type_in("seven words\r");
        terminal.wait_for("The same again: ");
        terminal.type_in(second);
        let (screen, ended) = terminal.end();
        assert_eq!(ended, status, "{screen}");
        assert!(!screen.contains("seven"), "{screen}");
    }
}

#[test]
fn ctrl_c_at_the_prompt_ends_it_and_leaves_the_terminal_as_it_was() {
    let here = sandbox();
    here.key(&["a"]);
    for (command, question) in [
        ("kw verify", "Secret (not shown): "),
        (
            "kw backup monday.age",
            "Passphrase for the backup (not shown): ",
        ),
    ] {
        let mut terminal = Terminal::start(
            &here,
            100,
            &format!("stty -g; {command}; echo ended with $?; stty -g"),
        );
        terminal.wait_for(question);
        terminal.type_in("half a sec\x03");
        let (screen, _) = terminal.end();
        // 128 and the number of SIGINT.
        assert!(screen.contains("ended with 130"), "{screen}");
        assert!(
            !screen.contains("valid") && !screen.contains("half"),
            "{screen}"
        );
        let modes: Vec<_> = screen.lines().filter(|line| line.contains(":0:")).collect();
        assert!(modes.len() == 2 && modes[0] == modes[1], "{screen}");
    }
}

#[test]
fn revoke_asks_and_only_yes_goes_on() {
    let here = sandbox();
    let (id, secret) = here.key(&["billing"]);
    for (answer, status, code) in [
        ("n\n", 6, "valid"),
        ("\n", 6, "valid"),
        ("y\n", 0, "revoked"),
    ] {
        let mut terminal = Terminal::start(&here, 100, &format!("kw revoke {id}"));
        terminal.wait_for("[y/N] ");
        for part in ["billing", id.as_str(), "Last used"] {
            assert!(terminal.text().contains(part), "{}", terminal.text());
        }
        terminal.type_in(answer);
        let (screen, ended) = terminal.end();
        assert_eq!(ended, status, "{screen}");
        assert_eq!(here.code(&secret, &[]), code);
    }
}

#[test]
fn revoking_all_keys_of_an_owner_says_how_many() {
    let here = sandbox();
    here.key(&["a", "--owner", "cust_42"]);
    here.key(&["b", "--owner", "cust_42"]);
    let mut terminal = Terminal::start(&here, 100, "kw revoke --owner cust_42");
    terminal.wait_for("revoke 2 keys of cust_42?");
    terminal.wait_for("[y/N] ");
    terminal.type_in("yes\n");
    let (screen, status) = terminal.end();
    assert_eq!(status, 0);
    assert!(screen.contains("revoked 2 keys"), "{screen}");
}

#[test]
fn no_line_of_a_list_is_longer_than_the_terminal() {
    let here = sandbox().with("NO_COLOR", "1");
    here.key(&[
        "a name that goes on and on and on, and then some, and on and on",
        "--owner",
        "cust_42",
    ]);
    for columns in [60, 80, 100, 120, 200] {
        let (screen, _) = on(&here, columns, "kw list");
        let longest = screen
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap();
        assert!(longest <= columns as usize, "{columns}: {screen}");
        assert!(
            screen.contains("key_") && screen.contains("STATUS"),
            "{screen}"
        );
    }
}

#[test]
fn however_narrow_the_terminal_what_was_refused_says_so() {
    let here = sandbox().with("NO_COLOR", "1");
    let (id, _) = here.key(&["a"]);
    let (all_done, _) = on(&here, 80, "kw audit list");
    assert!(all_done.contains("TIME (UTC)"), "{all_done}");
    here.ok(&["revoke", &id, "--yes"]);
    here.run(&["rotate", &id]).failed(4, "revoked");
    for columns in [40, 80, 120] {
        let (screen, _) = on(&here, columns, "kw audit list");
        let told = screen.lines().find(|line| line.contains("api_key.rotated"));
        assert!(
            told.unwrap().contains("invalid_state"),
            "{columns}: {screen}"
        );
    }
}

#[test]
fn whoever_wants_no_colours_gets_none() {
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        let here = sandbox().with(name, value);
        here.key(&["a"]);
        let (screen, _) = on(&here, 100, "kw list; kw get x; kw --help");
        assert!(!screen.contains('\x1b'), "{name}: {screen:?}");
    }
    let here = sandbox();
    here.key(&["a"]);
    let (screen, _) = on(&here, 100, "kw --help");
    assert!(screen.contains("\x1b["), "{screen:?}");
}
