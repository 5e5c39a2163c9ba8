//! What the server stands on: creates that can be repeated, lists in another order, leaked secrets.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::for_server::{AdminAuthorization, EventFilter};
use keywright::{
    CreateOptions, Error, ErrorCode, HttpPolicy, ImportRecord, KeyManager, KeyStatus, ListOptions,
    OpenOptions, ProjectOptions, RequestParts, RevocationReason, Secret, VerifyCode, VerifyOptions,
};
use std::time::Duration;

fn opened() -> KeyManager {
    block_on(KeyManager::open(Some("memory:"), OpenOptions::default())).unwrap()
}

fn code<T>(outcome: Result<T, Error>) -> Option<ErrorCode> {
    outcome.err().map(|error| error.code)
}

#[test]
fn a_service_account_comes_with_its_key_or_not_at_all() {
    let keys = opened();
    block_on(async {
        let project = keys
            .projects()
            .create(
                "short",
                ProjectOptions {
                    max_lifetime: Some(Duration::from_secs(60)),
                    ..ProjectOptions::default()
                },
            )
            .await
            .unwrap();
        let wanted = |seconds: u64| CreateOptions {
            project: Some(project.id.clone()),
            expires_in: Some(Duration::from_secs(seconds)),
            ..CreateOptions::default()
        };
        let refused = keys
            .create_service_account_with_key("bot", "Secret Key", wanted(61))
            .await;
        assert_eq!(code(refused), Some(ErrorCode::InvalidArgument));
        let accounts = keys.service_accounts();
        let listed = accounts.list(Some(&project.id)).await.unwrap();
        assert_eq!(listed.len(), 1, "only the default one");

        let (account, created) = keys
            .create_service_account_with_key("bot", "Secret Key", wanted(60))
            .await
            .unwrap();
        assert_eq!(created.key.owner.id, account.id);
        assert_eq!(created.key.name, "Secret Key");
        assert_eq!(accounts.get(&account.id).await.unwrap(), account);
    });
}

#[test]
fn a_service_account_that_is_asked_for_twice_is_one() {
    let keys = opened();
    block_on(async {
        let wanted = || CreateOptions {
            idempotency_key: Some("request 1".to_owned()),
            ..CreateOptions::default()
        };
        let ask =
            |name: &'static str| keys.create_service_account_with_key(name, "Secret Key", wanted());
        let (first, lost) = ask("bot").await.unwrap();
        let (second, got) = ask("bot").await.unwrap();
        assert_eq!((&first, &lost.key.id), (&second, &got.key.id));
        let verify = async |secret: &str| {
            let options = VerifyOptions::default();
            keys.verify(secret, &options).await.unwrap().code()
        };
        assert_eq!(verify(lost.secret.reveal()).await, VerifyCode::NotFound);
        assert_eq!(verify(got.secret.reveal()).await, VerifyCode::Valid);
        assert_eq!(code(ask("bot").await), Some(ErrorCode::AlreadyIssued));
        assert_eq!(code(ask("b").await), Some(ErrorCode::IdempotencyConflict));
        let plain = keys.create("Secret Key", wanted()).await;
        assert_eq!(code(plain), Some(ErrorCode::IdempotencyConflict));
    });
}

#[test]
fn a_project_is_renamed_but_for_the_default_one() {
    let keys = opened();
    block_on(async {
        let projects = keys.projects();
        let made = projects.create("one", ProjectOptions::default()).await;
        let id = made.unwrap().id;
        assert_eq!(projects.update(&id, "two").await.unwrap().name, "two");
        let refused = projects.update("default", "other").await;
        assert_eq!(code(refused), Some(ErrorCode::InvalidState));
        projects.archive(&id).await.unwrap();
        let refused = projects.update(&id, "three").await;
        assert_eq!(code(refused), Some(ErrorCode::InvalidState));
    });
}

#[test]
fn a_leaked_secret_ends_its_key_whatever_it_was_for() {
    let keys = opened();
    block_on(async {
        let data = keys.create("data", CreateOptions::default()).await.unwrap();
        let admin = keys.admin_keys().create("admin", None, None).await.unwrap();
        let off = keys.create("off", CreateOptions::default()).await.unwrap();
        keys.disable(&off.key.id).await.unwrap();
        for created in [&data, &admin, &off] {
            keys.revoke_leaked(created.secret.reveal()).await.unwrap();
            let found = keys.identify(created.secret.reveal()).await.unwrap();
            let reason = found.unwrap().revocation_reason;
            assert_eq!(reason, Some(RevocationReason::KeyCompromise));
        }
        keys.revoke_leaked("anything").await.unwrap();
    });
}

#[test]
fn an_old_secret_that_leaks_does_not_end_the_key_that_goes_on_without_it() {
    let keys = opened();
    block_on(async {
        let old = keys.create("key", CreateOptions::default()).await.unwrap();
        let none = Some(Duration::ZERO);
        keys.rotate(&old.key.id, none).await.unwrap();
        keys.revoke_leaked(old.secret.reveal()).await.unwrap();
        let key = keys.get(&old.key.id).await.unwrap();
        assert_eq!(key.status, KeyStatus::Active);
    });
}

#[test]
fn only_an_admin_key_manages_and_a_live_data_key_is_told_so() {
    let keys = opened();
    block_on(async {
        let data = keys.create("data", CreateOptions::default()).await.unwrap();
        let admin = keys.admin_keys().create("admin", None, None).await.unwrap();
        let ask = async |secret: &str| {
            let bearer = format!("Bearer {secret}");
            let request = RequestParts {
                method: "GET",
                target: "/v1/organization/projects",
                headers: &[("authorization", bearer.as_bytes())],
                peer: None,
                body: &[],
            };
            let policy = HttpPolicy::default();
            keys.authorize_admin(&request, &policy).await.unwrap()
        };
        let passed = ask(admin.secret.reveal()).await;
        assert!(matches!(passed, AdminAuthorization::Passed(key) if key.id == admin.key.id));
        let lacking = ask(data.secret.reveal()).await;
        assert!(matches!(lacking, AdminAuthorization::NoAdminKey));

        keys.revoke(&data.key.id, RevocationReason::default())
            .await
            .unwrap();
        keys.admin_keys()
            .revoke(&admin.key.id, RevocationReason::default())
            .await
            .unwrap();
        let mut bodies = Vec::new();
        for secret in [data.secret.reveal(), admin.secret.reveal(), "no key"] {
            match ask(secret).await {
                AdminAuthorization::Refused(answer) => {
                    bodies.push((answer.status(), answer.body().to_owned()));
                }
                other => unreachable!("{other:?}"),
            }
        }
        assert_eq!(bodies[0].0, 401);
        assert!(bodies.iter().all(|body| *body == bodies[0]));
    });
}

#[test]
fn a_key_that_another_system_issued_is_a_live_data_key_too() {
    let keys = opened();
    block_on(async {
        let record = ImportRecord {
            name: "old".to_owned(),
            secret: Some(Secret::from_string("an-old-key-of-theirs".to_owned())),
            ..ImportRecord::default()
        };
        let report = keys.import_keys(vec![record]).await.unwrap();
        let ask = async |bearer: &str| {
            let request = RequestParts {
                method: "GET",
                target: "/",
                headers: &[("authorization", bearer.as_bytes())],
                peer: None,
                body: &[],
            };
            let policy = HttpPolicy::default();
            keys.authorize_admin(&request, &policy).await.unwrap()
        };
        let lacking = ask("Bearer an-old-key-of-theirs").await;
        assert!(matches!(lacking, AdminAuthorization::NoAdminKey));
        let unknown = ask("Bearer another-old-key").await;
        assert!(matches!(unknown, AdminAuthorization::Refused(answer) if answer.status() == 401));
        keys.revoke_leaked("an-old-key-of-theirs").await.unwrap();
        let dead = ask("Bearer an-old-key-of-theirs").await;
        assert!(matches!(dead, AdminAuthorization::Refused(answer) if answer.status() == 401));
        let key = keys.get(&report.imported[0]).await.unwrap();
        assert_eq!(key.status, KeyStatus::Revoked);
    });
}

#[test]
fn events_are_told_newest_first_without_what_was_refused() {
    let keys = opened();
    block_on(async {
        let made = keys.create("a", CreateOptions::default()).await.unwrap();
        keys.disable(&made.key.id).await.unwrap();
        keys.revoke(&made.key.id, RevocationReason::default())
            .await
            .unwrap();
        assert!(keys.enable(&made.key.id).await.is_err());
        let filter = |older_than, newer_than| EventFilter {
            object_ids: vec![made.key.id.clone()],
            older_than,
            newer_than,
            limit: 2,
            ..EventFilter::default()
        };
        let page = keys.newest_events(filter(None, None)).await.unwrap();
        let types = |page: &keywright::Page<keywright::AuditEvent>| -> Vec<String> {
            page.data.iter().map(|it| it.event_type.clone()).collect()
        };
        assert_eq!(types(&page), ["api_key.revoked", "api_key.disabled"]);
        assert!(page.has_more);
        let oldest = page.data[1].seq;
        let next = keys
            .newest_events(filter(Some(oldest), None))
            .await
            .unwrap();
        assert_eq!(types(&next), ["api_key.created"]);
        let back = keys
            .newest_events(filter(None, Some(next.data[0].seq)))
            .await
            .unwrap();
        assert_eq!(types(&back), ["api_key.revoked", "api_key.disabled"]);
        let unknown = EventFilter {
            event_types: vec!["user.deleted".to_owned(), "no.such".to_owned()],
            limit: 1,
            ..EventFilter::default()
        };
        assert!(keys.newest_events(unknown).await.unwrap().data.is_empty());
    });
}

#[test]
fn keys_are_listed_in_the_order_of_their_creation() {
    let keys = opened();
    block_on(async {
        for name in ["a", "b", "c"] {
            keys.create(name, CreateOptions::default()).await.unwrap();
        }
        let first = ListOptions {
            limit: Some(2),
            ..ListOptions::default()
        };
        let page = keys
            .list_in_order(first.clone(), false, true)
            .await
            .unwrap();
        assert_eq!((page.data[0].name.as_str(), page.has_more), ("a", true));
        let rest = ListOptions {
            after: Some(page.data[1].id.clone()),
            ..first
        };
        let page = keys.list_in_order(rest, false, true).await.unwrap();
        assert_eq!((page.data[0].name.as_str(), page.has_more), ("c", false));
    });
}
