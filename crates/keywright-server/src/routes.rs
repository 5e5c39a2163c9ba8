//! Every route, and what it takes to be let in.

use crate::around::around;
use crate::credential::require_admin;
use crate::error::ApiError;
use crate::openai::{admin_keys, audit_logs, project_keys, projects, service_accounts};
use crate::own::{audit, health, keys, leaks, verify};
use crate::state::App;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use http::StatusCode;
use keywright::{HttpPolicy, KeyManager};
use std::sync::Arc;

/// The whole API on an opened store, as a service that any server of `http` requests can run.
///
/// ```
/// use keywright::{HttpPolicy, KeyManager, OpenOptions};
/// # futures_executor::block_on(async {
/// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
/// let app: axum::Router = keywright_server::router(keys, HttpPolicy::default());
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
pub fn router(keys: KeyManager, policy: HttpPolicy) -> Router {
    let app = App {
        keys,
        policy: Arc::new(policy),
    };
    let managed = openai()
        .merge(own())
        .method_not_allowed_fallback(no_such_method)
        .route_layer(from_fn_with_state(app.clone(), require_admin));
    Router::new()
        .route("/v1/keys/self", get(keys::own))
        .route("/v1/leaks", post(leaks::report))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .method_not_allowed_fallback(no_such_method)
        .merge(managed)
        .fallback(no_such_path)
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

fn openai() -> Router<App> {
    const ADMIN_KEYS: &str = "/v1/organization/admin_api_keys";
    const PROJECTS: &str = "/v1/organization/projects";
    let within = |rest: &str| format!("{PROJECTS}/{{project_id}}{rest}");
    Router::new()
        .route(ADMIN_KEYS, get(admin_keys::all).post(admin_keys::create))
        .route(
            &format!("{ADMIN_KEYS}/{{key_id}}"),
            get(admin_keys::get).delete(admin_keys::delete),
        )
        .route(PROJECTS, get(projects::all).post(projects::create))
        .route(&within(""), get(projects::get).post(projects::update))
        .route(&within("/archive"), post(projects::archive))
        .route(&within("/api_keys"), get(project_keys::all))
        .route(
            &within("/api_keys/{api_key_id}"),
            get(project_keys::get)
                .post(project_keys::update)
                .delete(project_keys::delete),
        )
        .route(
            &within("/service_accounts"),
            get(service_accounts::all).post(service_accounts::create),
        )
        .route(
            &within("/service_accounts/{service_account_id}"),
            get(service_accounts::get)
                .post(service_accounts::update)
                .delete(service_accounts::delete),
        )
        .route(
            &within("/service_accounts/{service_account_id}/api_keys"),
            post(service_accounts::create_key),
        )
        .route("/v1/organization/audit_logs", get(audit_logs::all))
}

fn own() -> Router<App> {
    Router::new()
        .route("/v1/keys", get(keys::all).post(keys::create))
        .route("/v1/audit", get(audit::all))
        .route("/v1/keys/{key_id}/usage", get(keys::usage))
        .route("/v1/keys/verify", post(verify::verify))
        .route("/v1/keys/identify", post(verify::identify))
        .route("/v1/keys/{key_id}", get(keys::get).post(keys::update))
        .route("/v1/keys/{key_id}/rotate", post(keys::rotate))
        .route(
            "/v1/keys/{key_id}/finish_rotation",
            post(keys::finish_rotation),
        )
        .route(
            "/v1/keys/{key_id}/cancel_rotation",
            post(keys::cancel_rotation),
        )
        .route("/v1/keys/{key_id}/disable", post(keys::disable))
        .route("/v1/keys/{key_id}/enable", post(keys::enable))
        .route("/v1/keys/{key_id}/revoke", post(keys::revoke))
}

async fn no_such_path() -> ApiError {
    ApiError::not_found(
        "Invalid URL: this server has nothing there. Look at the path, or at what it has.",
    )
}

async fn no_such_method() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "There is something at this URL, but not for this method.",
    )
}
