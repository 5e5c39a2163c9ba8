//! Lists: what is in them, in which order, and page by page.

use crate::{TestStore, wanted};
use keywright_core::ErrorCode;
use keywright_core::accounts::{Account, AccountId, AccountKind, Project};
use keywright_core::ids::{KeyId, ProjectId, ServiceAccountId, UserId};
use keywright_core::keys::{KeyStatus, RevocationReason};
use keywright_core::lifecycle::Command;
use keywright_core::names::Name;
use keywright_core::operations::{self, CreateKey};
use keywright_core::owner::Owner;
use keywright_core::secret::Class;
use keywright_core::store::KeyQuery;
use keywright_core::time::Timestamp;
use std::time::Duration;

fn listed(store: &TestStore, query: KeyQuery) -> Vec<String> {
    let query = KeyQuery {
        limit: if query.limit == 0 { 100 } else { query.limit },
        ..query
    };
    let now = store.now();
    let keys = store.read(move |rows| rows.keys(&query, now)).unwrap();
    keys.into_iter()
        .map(|key| key.name.as_str().to_owned())
        .collect()
}

fn issue(store: &TestStore, name: &str) -> KeyId {
    store.issue(&wanted(name)).id()
}

fn revoke(store: &TestStore, id: KeyId) {
    store
        .change(id, Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
}

pub(crate) fn project(store: &TestStore, name: &str) -> Project {
    let project = Project {
        id: ProjectId::generate(store.random.as_ref()).unwrap(),
        row_version: 1,
        name: Name::parse(name).unwrap(),
        default_account: ServiceAccountId::generate(store.random.as_ref()).unwrap(),
        default_lifetime: None,
        max_lifetime: Some(Duration::from_secs(3600)),
        created_at: store.now(),
        archived_at: None,
    };
    let (context, wanted) = (store.context(), project.clone());
    store
        .write(move |tx| operations::create_project(tx, &context, &wanted))
        .unwrap()
        .unwrap()
}

pub(crate) fn user(store: &TestStore, name: &str) -> Account {
    let id = AccountId::User(UserId::generate(store.random.as_ref()).unwrap());
    account(store, id, name, None)
}

pub(crate) fn account(
    store: &TestStore,
    id: AccountId,
    name: &str,
    project: Option<ProjectId>,
) -> Account {
    let (context, name) = (store.context(), Name::parse(name).unwrap());
    let project = project.map(|id| id.to_string());
    store
        .write(move |tx| operations::create_account(tx, &context, id, &name, project.as_deref()))
        .unwrap()
        .unwrap()
}

pub fn keys_are_listed_newest_first_and_page_by_page(store: &TestStore) {
    let ids: Vec<KeyId> = ["a", "b", "c", "d", "e"]
        .map(|name| issue(store, name))
        .into();
    assert_eq!(
        listed(store, KeyQuery::default()),
        ["e", "d", "c", "b", "a"]
    );
    let page = |after: Option<KeyId>| {
        listed(
            store,
            KeyQuery {
                after,
                limit: 2,
                ..KeyQuery::default()
            },
        )
    };
    assert_eq!(page(None), ["e", "d"]);
    assert_eq!(page(Some(ids[3])), ["c", "b"]);
    assert_eq!(page(Some(ids[1])), ["a"]);
    assert!(page(Some(ids[0])).is_empty());
    assert!(page(Some(KeyId::generate(store.random.as_ref()).unwrap())).is_empty());
    // A key that was revoked in the meantime still marks its place.
    revoke(store, ids[3]);
    assert_eq!(page(Some(ids[3])), ["c", "b"]);
}

pub fn keys_are_listed_oldest_first_when_asked_for(store: &TestStore) {
    let ids: Vec<KeyId> = ["a", "b", "c", "d"].map(|name| issue(store, name)).into();
    let page = |after: Option<KeyId>, include_revoked: bool| {
        listed(
            store,
            KeyQuery {
                oldest_first: true,
                include_revoked,
                after,
                limit: 2,
                ..KeyQuery::default()
            },
        )
    };
    assert_eq!(page(None, false), ["a", "b"]);
    assert_eq!(page(Some(ids[1]), false), ["c", "d"]);
    assert!(page(Some(ids[3]), false).is_empty());
    assert!(page(Some(KeyId::generate(store.random.as_ref()).unwrap()), false).is_empty());
    revoke(store, ids[2]);
    assert_eq!(page(Some(ids[1]), false), ["d"]);
    assert_eq!(page(Some(ids[1]), true), ["c", "d"]);
}

pub fn keys_are_listed_by_project_owner_and_kind(store: &TestStore) {
    let other = project(store, "other").id;
    let anna = user(store, "anna").id;
    let owned = |name: &str, owner: Owner| {
        store.issue(&CreateKey {
            owner: Some(owner),
            ..wanted(name)
        });
    };
    issue(store, "default");
    let soon = Timestamp::from_unix(crate::START + 60);
    store.issue(&CreateKey {
        project: Some(other.to_string()),
        expires_at: soon,
        ..wanted("elsewhere")
    });
    owned("cust", Owner::External("cust_42".to_owned()));
    // The same text as an id, but another kind of owner.
    owned("hers", anna.as_owner());
    owned("theirs", Owner::External("cust_43".to_owned()));
    store.issue(&CreateKey {
        class: Class::Admin,
        ..wanted("admin")
    });

    let by = |query: KeyQuery| listed(store, query);
    assert_eq!(
        by(KeyQuery {
            project: Some(other),
            ..KeyQuery::default()
        }),
        ["elsewhere"]
    );
    assert_eq!(
        by(KeyQuery {
            owner: Some(anna.as_owner()),
            ..KeyQuery::default()
        }),
        ["hers"]
    );
    let impostor = Some(Owner::External(anna.to_string()));
    assert!(
        by(KeyQuery {
            owner: impostor,
            ..KeyQuery::default()
        })
        .is_empty()
    );
    let cust = Some(Owner::External("cust_42".to_owned()));
    assert_eq!(
        by(KeyQuery {
            owner: cust.clone(),
            ..KeyQuery::default()
        }),
        ["cust"]
    );
    assert!(
        by(KeyQuery {
            owner: cust,
            project: Some(other),
            ..KeyQuery::default()
        })
        .is_empty()
    );
    assert_eq!(
        by(KeyQuery {
            admin: true,
            ..KeyQuery::default()
        }),
        ["admin"]
    );
    assert!(!by(KeyQuery::default()).contains(&"admin".to_owned()));
}

pub fn keys_are_listed_by_their_status_at_a_moment(store: &TestStore) {
    issue(store, "active");
    store.issue(&CreateKey {
        expires_at: Timestamp::from_unix(crate::START + 10),
        ..wanted("expiring")
    });
    let disabled = issue(store, "disabled");
    store.change(disabled, Command::Disable).unwrap();
    let revoked = issue(store, "revoked");
    revoke(store, revoked);
    let by = |status| {
        listed(
            store,
            KeyQuery {
                status: Some(status),
                ..KeyQuery::default()
            },
        )
    };
    assert_eq!(by(KeyStatus::Active), ["expiring", "active"]);
    assert!(by(KeyStatus::Expired).is_empty());
    store.clock.advance(Duration::from_secs(10));
    assert_eq!(by(KeyStatus::Active), ["active"]);
    assert_eq!(by(KeyStatus::Expired), ["expiring"]);
    assert_eq!(by(KeyStatus::Disabled), ["disabled"]);
    assert_eq!(by(KeyStatus::Revoked), ["revoked"]);
}

pub fn revoked_keys_are_listed_only_when_asked_for(store: &TestStore) {
    let ids: Vec<KeyId> = ["a", "b", "c", "d"].map(|name| issue(store, name)).into();
    revoke(store, ids[1]);
    revoke(store, ids[3]);
    assert_eq!(listed(store, KeyQuery::default()), ["c", "a"]);
    let all = KeyQuery {
        include_revoked: true,
        ..KeyQuery::default()
    };
    assert_eq!(listed(store, all.clone()), ["d", "c", "b", "a"]);
    assert_eq!(
        listed(
            store,
            KeyQuery {
                limit: 2,
                ..all.clone()
            }
        ),
        ["d", "c"]
    );
    assert_eq!(
        listed(
            store,
            KeyQuery {
                after: Some(ids[2]),
                ..all.clone()
            }
        ),
        ["b", "a"]
    );
    let active = KeyQuery {
        status: Some(KeyStatus::Active),
        ..all
    };
    assert_eq!(listed(store, active), ["c", "a"]);
}

pub fn a_search_looks_at_name_id_owner_and_redacted_value(store: &TestStore) {
    let issued = store.issue(&CreateKey {
        owner: Some(Owner::External("Cust_42".to_owned())),
        ..wanted("Billing Service")
    });
    issue(store, "other");
    let search = |text: &str| {
        listed(
            store,
            KeyQuery {
                search: Some(text.to_owned()),
                ..KeyQuery::default()
            },
        )
    };
    let locator = issued.it.versions[0].locator.as_str().to_owned();
    for text in [
        "billing",
        "LING SER",
        "cust_4",
        &issued.id().to_string(),
        &locator,
    ] {
        assert_eq!(search(text), ["Billing Service"], "{text}");
    }
    assert!(search("nothing like it").is_empty());
    // Only ASCII is folded.
    issue(store, "\u{c9}T\u{c9}");
    assert_eq!(search("\u{c9}t\u{c9}"), ["\u{c9}T\u{c9}"]);
    assert!(search("\u{e9}t\u{e9}").is_empty());
}

pub fn a_search_takes_its_text_literally(store: &TestStore) {
    for name in ["100% sure", "under_score", "back\\slash", "it's", "plain"] {
        issue(store, name);
    }
    let search = |text: &str| {
        listed(
            store,
            KeyQuery {
                search: Some(text.to_owned()),
                ..KeyQuery::default()
            },
        )
    };
    assert_eq!(search("100%"), ["100% sure"]);
    assert_eq!(search("%"), ["100% sure"]);
    assert_eq!(search("r_s"), ["under_score"]);
    assert_eq!(search("k\\s"), ["back\\slash"]);
    assert_eq!(search("it's"), ["it's"]);
    assert!(search("' OR 1=1 --").is_empty());
    assert!(search(&"x".repeat(1 << 20)).is_empty());
    assert_eq!(search("").len(), 5);
}

pub fn projects_are_listed_oldest_first(store: &TestStore) {
    let names = |archived: bool| -> Vec<String> {
        let projects = store.read(move |rows| rows.projects(archived)).unwrap();
        projects
            .into_iter()
            .map(|project| project.name.as_str().to_owned())
            .collect()
    };
    let first = project(store, "first");
    project(store, "second");
    assert_eq!(names(false), ["default", "first", "second"]);
    let (context, id) = (store.context(), first.id);
    let archived = store
        .write(move |tx| operations::archive_project(tx, &context, &id.to_string()))
        .unwrap()
        .unwrap();
    let expected = Project {
        archived_at: Some(store.now()),
        row_version: 2,
        ..first
    };
    assert_eq!(archived, expected);
    assert_eq!(
        store.read(move |rows| rows.project(id)).unwrap(),
        Some(expected)
    );
    assert_eq!(
        store.read(|rows| rows.project_named("first")).unwrap(),
        None
    );
    assert_eq!(names(false), ["default", "second"]);
    assert_eq!(names(true), ["default", "first", "second"]);
    // The name is free again.
    let again = project(store, "first");
    assert_eq!(
        store.read(|rows| rows.project_named("first")).unwrap(),
        Some(again)
    );
}

pub fn a_project_and_an_account_are_renamed(store: &TestStore) {
    let made = project(store, "first");
    project(store, "second");
    let rename = |wanted: &str, name: &str| {
        let (context, wanted, name) = (store.context(), wanted.to_owned(), named(name));
        store
            .write(move |tx| operations::rename_project(tx, &context, &wanted, &name))
            .unwrap()
    };
    let id = made.id.to_string();
    assert_eq!(
        rename("first", "second").unwrap_err().code,
        ErrorCode::AlreadyExists
    );
    assert_eq!(
        rename("default", "other").unwrap_err().code,
        ErrorCode::InvalidState
    );
    let renamed = rename(&id, "third").unwrap();
    let expected = Project {
        name: named("third"),
        row_version: 2,
        ..made
    };
    assert_eq!(renamed, expected);
    // To the name that it has already: nothing happens.
    assert_eq!(rename(&id, "third").unwrap(), expected);
    let (named_now, named_before) = (
        store.read(|rows| rows.project_named("third")).unwrap(),
        store.read(|rows| rows.project_named("first")).unwrap(),
    );
    assert_eq!((named_now, named_before), (Some(expected), None));

    let person = user(store, "anne");
    let (context, account) = (store.context(), person.id);
    let renamed = store
        .write(move |tx| operations::rename_account(tx, &context, account, &named("anna")))
        .unwrap()
        .unwrap();
    assert_eq!((renamed.name.as_str(), renamed.row_version), ("anna", 2));
    let told = super::trail::check(store);
    let types: Vec<&str> = told
        .iter()
        .filter(|event| event.outcome == "done" && event.event_type.ends_with(".updated"))
        .map(|event| event.event_type.as_str())
        .collect();
    assert_eq!(types, ["project.updated", "user.updated"]);
}

pub fn what_is_asked_for_again_by_its_id_is_made_once(store: &TestStore) {
    let first = project(store, "first");
    let again = |wanted: Project| {
        let context = store.context();
        store
            .write(move |tx| operations::create_project(tx, &context, &wanted))
            .unwrap()
    };
    let before = super::trail::check(store).len();
    assert_eq!(again(first.clone()).unwrap(), first);
    let other = Project {
        max_lifetime: Some(Duration::from_secs(60)),
        ..first.clone()
    };
    let code = again(other).unwrap_err().code;
    assert_eq!(code, ErrorCode::IdempotencyConflict);

    let person = user(store, "anne");
    let ask = |name: &str| {
        let (context, id, name) = (store.context(), person.id, named(name));
        store
            .write(move |tx| operations::create_account(tx, &context, id, &name, None))
            .unwrap()
    };
    assert_eq!(ask("anne").unwrap(), person);
    let code = ask("anna").unwrap_err().code;
    assert_eq!(code, ErrorCode::IdempotencyConflict);
    let told = super::trail::check(store);
    let outcomes: Vec<&str> = told[before..]
        .iter()
        .map(|event| event.outcome.as_str())
        .collect();
    assert_eq!(
        outcomes,
        ["idempotency_conflict", "done", "idempotency_conflict"]
    );
}

fn named(text: &str) -> Name {
    Name::parse(text).unwrap()
}

pub fn accounts_are_listed_by_kind_and_project_without_deleted_ones(store: &TestStore) {
    let names = |kind, project| -> Vec<String> {
        let accounts = store
            .read(move |rows| rows.accounts(kind, project))
            .unwrap();
        accounts
            .into_iter()
            .map(|account| account.name.as_str().to_owned())
            .collect()
    };
    let other = project(store, "other").id;
    let svc = AccountId::ServiceAccount(ServiceAccountId::generate(store.random.as_ref()).unwrap());
    let robot = account(store, svc, "robot", Some(other));
    let anna = user(store, "anna");
    user(store, "bert");
    assert_eq!(names(AccountKind::User, None), ["anna", "bert"]);
    assert_eq!(
        names(AccountKind::ServiceAccount, Some(other)),
        ["default", "robot"]
    );
    assert_eq!(
        names(AccountKind::ServiceAccount, None),
        ["default", "default", "robot"]
    );
    let read = move |id| store.read(move |rows| rows.account(id)).unwrap();
    assert_eq!(read(svc), Some(robot));
    let (context, id) = (store.context(), anna.id);
    store
        .write(move |tx| operations::delete_account(tx, &context, id))
        .unwrap()
        .unwrap();
    assert_eq!(names(AccountKind::User, None), ["bert"]);
    let deleted = Account {
        deleted_at: Some(store.now()),
        row_version: 2,
        ..anna
    };
    assert_eq!(read(id), Some(deleted));
}
