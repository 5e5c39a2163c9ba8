//! What whoever runs the server finds in its log.

use crate::site::{Site, text};
use keywright::{LogRecord, LogSink};
use serde_json::json;
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct Heard(Mutex<Vec<LogRecord>>);

impl LogSink for Heard {
    fn log(&self, record: &LogRecord) {
        self.0.lock().unwrap().push(record.clone());
    }
}

#[test]
fn a_failure_is_found_by_the_id_of_its_request() {
    let heard = Arc::new(Heard::default());
    let site = Site::with_log(Arc::clone(&heard) as _);
    site.wait(site.keys.close()).unwrap();
    let told = site.ask("GET", "/readyz", None, None);
    assert_eq!(told.status, 503);
    let id = told.headers["x-request-id"].to_str().unwrap();
    let records = heard.0.lock().unwrap();
    assert!(records.iter().any(|record| record.message.contains(id)));
}

#[test]
fn no_secret_is_in_it() {
    let heard = Arc::new(Heard::default());
    let site = Site::with_log(Arc::clone(&heard) as _);
    let made = site.post("/v1/keys", &json!({ "name": "a" }));
    let secret = text(&made["value"]);
    site.post("/v1/keys/verify", &json!({ "secret": secret }));
    site.ask("GET", "/v1/keys", Some(&secret), None);
    site.ask(
        "POST",
        "/v1/leaks",
        None,
        Some(&json!({ "secret": secret })),
    );
    site.ask("GET", "/v1/keys/self", Some(&secret), None);
    site.ask("GET", &format!("/v1/keys/{secret}"), Some(&secret), None);
    let records = heard.0.lock().unwrap();
    assert!(!records.is_empty());
    assert!(!format!("{records:?}").contains(&secret));
}
