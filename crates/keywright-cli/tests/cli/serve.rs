//! `keywright serve`: it says where it is, takes requests, and ends when it is asked to.

use crate::sandbox::{PROGRAM, Sandbox, text};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};

/// A server that runs, and where it says that it is.
struct Running {
    process: Child,
    out: BufReader<ChildStdout>,
    address: String,
}

impl Running {
    fn start(here: &Sandbox) -> Self {
        let mut command = here.command(PROGRAM);
        command.args(["serve", "--listen", "127.0.0.1:0", "--output", "json"]);
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let url = text(&told["url"]);
        let address = url.strip_prefix("http://").unwrap().to_owned();
        Self {
            process,
            out,
            address,
        }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// The status line and the body of an answer.
    fn get(&self, path: &str, headers: &str) -> (String, String) {
        let mut stream = self.connect();
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        whole(stream)
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Its exit status, and that it said nothing else.
    fn end(mut self) -> i32 {
        let status = self.process.wait().unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
        status.code().unwrap()
    }
}

fn whole(mut stream: TcpStream) -> (String, String) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[test]
fn it_makes_the_store_serves_and_ends_when_it_is_asked_to() {
    for signal in [Signal::TERM, Signal::INT] {
        let here = Sandbox::new();
        let server = Running::start(&here);
        assert!(here.file("keywright.db").exists());
        let (status, body) = server.get("/readyz", "");
        assert_eq!(
            (status.as_str(), body.as_str()),
            ("HTTP/1.1 200 OK", "{\"status\":\"ok\"}")
        );

        // An admin key from the command line, while the server runs.
        let made = here.json(&["admin-key", "create", "first"]);
        let bearer = format!("authorization: Bearer {}\r\n", text(&made["value"]));
        let (status, body) = server.get("/v1/organization/admin_api_keys", &bearer);
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert!(body.contains(&text(&made["id"])));
        // Revoked there, it is dead here at once.
        here.ok(&["admin-key", "revoke", &text(&made["id"]), "--yes"]);
        let (status, _) = server.get("/v1/organization/admin_api_keys", &bearer);
        assert_eq!(status, "HTTP/1.1 401 Unauthorized");
        server.signal(signal);
        assert_eq!(server.end(), 0);
    }
}

#[test]
fn a_request_that_was_accepted_is_finished() {
    let here = Sandbox::new();
    let server = Running::start(&here);
    let mut slow = server.connect();
    let body = "{\"secret\":\"x\"}";
    let head = format!(
        "POST /v1/leaks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    slow.write_all(head.as_bytes()).unwrap();
    // That it asks for the body shows that it is at work on the request.
    let mut asked = [0; 25];
    slow.read_exact(&mut asked).unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    server.signal(Signal::TERM);
    slow.write_all(body.as_bytes()).unwrap();
    let (status, _) = whole(slow);
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert_eq!(server.end(), 0);
}

#[test]
fn asked_twice_it_waits_for_nobody() {
    let here = Sandbox::new();
    let server = Running::start(&here);
    let mut slow = server.connect();
    let head =
        "POST /v1/leaks HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n";
    slow.write_all(head.as_bytes()).unwrap();
    slow.read_exact(&mut [0; 25]).unwrap();
    server.signal(Signal::TERM);
    server.signal(Signal::INT);
    assert_eq!(server.end(), 0);
}

#[test]
fn flags_count_before_the_environment() {
    let here = Sandbox::new().with("KEYWRIGHT_LISTEN", "127.0.0.1:1");
    let config = here.json(&["serve", "--print-config"]);
    assert_eq!(config["listen"], "127.0.0.1:1");
    let words = [
        "serve",
        "--print-config",
        "--listen",
        "[::1]:2",
        "--trusted-proxies",
        "10.0.0.0/8",
    ];
    let config = here.json(&words);
    let expected = serde_json::json!({
        "store": "./keywright.db", "listen": "[::1]:2", "trusted_proxies": ["10.0.0.0/8"]
    });
    assert_eq!(config, expected);
    assert!(
        here.ok(&["serve", "--print-config"])
            .contains("127.0.0.1:1")
    );
    assert!(!here.file("keywright.db").exists(), "nothing was made");
}

#[test]
fn what_can_not_be_served_is_told() {
    let here = Sandbox::new();
    here.run(&["serve", "--listen", "localhost"])
        .failed(2, "no address to listen on");
    here.run(&["serve", "--trusted-proxies", "x"]).failed(2, "");
    here.run(&["--store", "memory:", "serve"])
        .failed(2, "admin key");
    let server = Running::start(&here);
    here.run(&["serve", "--listen", &server.address])
        .failed(6, "in use");
    server.signal(Signal::TERM);
    assert_eq!(server.end(), 0);
}
