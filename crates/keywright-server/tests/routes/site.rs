//! A server on a store of its own, and what came of a request.

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use keywright::{
    CreateOptions, Created, HttpOptions, HttpPolicy, KeyManager, LogSink, ManualClock, OpenOptions,
};
use serde_json::Value;
use std::future::Future;
use std::sync::Arc;
use tower::ServiceExt;

/// When the clock of every site stands.
pub(crate) const START: i64 = 1_800_000_000;

pub(crate) struct Site {
    pub(crate) keys: KeyManager,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) admin: Created,
    app: Router,
    runtime: tokio::runtime::Runtime,
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::made(None)
    }

    /// One whose log somebody hears.
    pub(crate) fn with_log(log: Arc<dyn LogSink>) -> Self {
        Self::made(Some(log))
    }

    /// The same site behind proxies that are trusted.
    pub(crate) fn behind(&self, proxies: &str) -> Router {
        let options = HttpOptions {
            trusted_proxies: vec![proxies.to_owned()],
            ..HttpOptions::default()
        };
        let policy = HttpPolicy::new(&options).unwrap();
        keywright_server::router(self.keys.clone(), policy)
    }

    fn made(log_sink: Option<Arc<dyn LogSink>>) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let options = OpenOptions {
            clock: Some(Arc::clone(&clock) as _),
            log_sink,
            ..OpenOptions::default()
        };
        let (keys, admin) = runtime.block_on(async {
            let keys = KeyManager::open(Some("memory:"), options).await.unwrap();
            let admin = keys.admin_keys().create("root", None, None).await.unwrap();
            (keys, admin)
        });
        let app = keywright_server::router(keys.clone(), HttpPolicy::default());
        Self {
            keys,
            clock,
            admin,
            app,
            runtime,
        }
    }

    pub(crate) fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Issues a data key.
    pub(crate) fn issue(&self, name: &str) -> Created {
        let made = self.keys.create(name, CreateOptions::default());
        self.wait(made).unwrap()
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Told {
        self.send_to(self.app.clone(), request)
    }

    pub(crate) fn send_to(&self, app: Router, request: Request<Body>) -> Told {
        self.wait(async {
            let response = app.oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.unwrap().to_bytes();
            Told {
                status: parts.status.as_u16(),
                headers: parts.headers,
                text: String::from_utf8(bytes.to_vec()).unwrap(),
            }
        })
    }

    /// A request with a key, and with a body where there is one.
    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        key: Option<&str>,
        body: Option<&Value>,
    ) -> Told {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        let request = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap())
    }

    /// A request of the admin key.
    pub(crate) fn told(&self, method: &str, path: &str, body: &Value) -> Told {
        let body = (!body.is_null()).then_some(body);
        self.ask(method, path, Some(self.admin.secret.reveal()), body)
    }

    /// One that has to be carried out.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.told("POST", path, body).done()
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.told("GET", path, &Value::Null).done()
    }

    pub(crate) fn delete(&self, path: &str) -> Value {
        self.told("DELETE", path, &Value::Null).done()
    }
}

impl Told {
    /// The body of something that was carried out.
    pub(crate) fn done(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.headers["content-type"], "application/json");
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error of a refusal, which has OpenAI's form.
    pub(crate) fn refused(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        let body = self.json();
        let members: Vec<&String> = body["error"].as_object().unwrap().keys().collect();
        assert_eq!(members, ["code", "message", "param", "type"]);
        assert!(StatusCode::from_u16(status).unwrap().is_client_error());
        body["error"].clone()
    }

    /// All headers but those that tell requests from each other.
    pub(crate) fn fixed_headers(&self) -> Vec<(String, String)> {
        let mut headers: Vec<_> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .filter(|(name, _)| name != "x-request-id" && name != "openai-processing-ms")
            .collect();
        headers.sort();
        headers
    }
}

/// The ids of a list.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|item| text(&item["id"])).collect()
}

/// The names of a list.
pub(crate) fn names(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|item| text(&item["name"])).collect()
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
