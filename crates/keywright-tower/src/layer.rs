//! The layer: a request passes with its key, or is answered here.

use crate::parts::Borrowed;
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use keywright::{ApiKey, Authorization, AuthorizeOptions, HttpPolicy, KeyManager};
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// The proven key of a request: in its extensions, and with axum an extractor. Of its versions it has
/// the presented one alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Authorized(pub(crate) Arc<ApiKey>);

impl Authorized {
    /// The key.
    #[must_use]
    pub fn key(&self) -> &ApiKey {
        &self.0
    }
}

impl Deref for Authorized {
    type Target = ApiKey;

    fn deref(&self) -> &ApiKey {
        &self.0
    }
}

/// Lets requests pass that present a good key, and no others.
///
/// What doesn't pass is answered as [`KeyManager::authorize`] says: 400, 401, 403, 429 or 503. What
/// passes has [`Authorized`] in its extensions, and its response gets the `RateLimit` headers.
///
/// ```
/// use axum::{Router, routing::get};
/// use keywright::{KeyManager, OpenOptions};
/// use keywright_tower::{AuthorizeLayer, Authorized};
/// # futures_executor::block_on(async {
/// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
///
/// let app: Router = Router::new()
///     .route("/hello", get(async |key: Authorized| key.name.clone()))
///     .layer(AuthorizeLayer::new(keys).scope("hello.read"));
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct AuthorizeLayer {
    inner: Arc<Rules>,
}

#[derive(Clone, Debug)]
struct Rules {
    keys: KeyManager,
    options: AuthorizeOptions,
    policy: HttpPolicy,
}

impl AuthorizeLayer {
    /// Any good key will do.
    #[must_use]
    pub fn new(keys: KeyManager) -> Self {
        let rules = Rules {
            keys,
            options: AuthorizeOptions::default(),
            policy: HttpPolicy::default(),
        };
        Self {
            inner: Arc::new(rules),
        }
    }

    /// The key must hold this scope, besides those that were named before.
    #[must_use]
    pub fn scope(self, scope: impl Into<String>) -> Self {
        self.changed(|rules| rules.options.scopes.push(scope.into()))
    }

    /// How many usage credits a request costs; 1 if nothing is said.
    #[must_use]
    pub fn cost(self, cost: u64) -> Self {
        self.changed(|rules| rules.options.cost = Some(cost))
    }

    /// How keys are presented, which proxies are trusted, and the form of a refusal.
    #[must_use]
    pub fn policy(self, policy: HttpPolicy) -> Self {
        self.changed(|rules| rules.policy = policy)
    }

    fn changed(mut self, change: impl FnOnce(&mut Rules)) -> Self {
        change(Arc::make_mut(&mut self.inner));
        self
    }
}

impl<S> Layer<S> for AuthorizeLayer {
    type Service = Authorize<S>;

    fn layer(&self, inner: S) -> Authorize<S> {
        Authorize {
            inner,
            rules: Arc::clone(&self.inner),
        }
    }
}

/// The service that [`AuthorizeLayer`] makes.
#[derive(Clone, Debug)]
pub struct Authorize<S> {
    inner: S,
    rules: Arc<Rules>,
}

impl<S, B, R> Service<Request<B>> for Authorize<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
    R: From<String>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The service that was polled is the one to call; its clone waits for the next request.
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        let rules = Arc::clone(&self.rules);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let answer = rules.ask(&parts).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    // The application named scopes that are none: its own fault, and no request passes.
                    tracing::error!(target: "keywright", "{error}");
                    return Ok(failed());
                }
            };
            let Some(key) = answer.key() else {
                return Ok(refusal(&answer));
            };
            parts.extensions.insert(Authorized(Arc::new(key)));
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            add_headers(&answer, &mut response);
            Ok(response)
        })
    }
}

impl Rules {
    async fn ask(&self, parts: &http::request::Parts) -> keywright::Result<Authorization> {
        let borrowed = Borrowed::new(parts);
        let request = borrowed.with(&[]);
        if let Some(answer) = self
            .keys
            .authorize_now(&request, &self.options, &self.policy)
        {
            return Ok(answer);
        }
        self.keys
            .authorize(&request, &self.options, &self.policy)
            .await
    }
}

fn refusal<R: From<String>>(answer: &Authorization) -> Response<R> {
    let mut response = Response::new(R::from(answer.body().to_owned()));
    *response.status_mut() =
        StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    add_headers(answer, &mut response);
    response
}

fn failed<R: From<String>>() -> Response<R> {
    let mut response = Response::new(R::from(String::new()));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

fn add_headers<R>(answer: &Authorization, response: &mut Response<R>) {
    for (name, value) in answer.headers() {
        if let Ok(value) = HeaderValue::from_str(value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
}
