//! `/v1/organization/projects` and their keys.

use crate::site::{START, Site, ids, names, text};
use keywright::{CreateOptions, UpdateOptions, VerifyCode, VerifyOptions};
use serde_json::{Value, json};
use std::time::Duration;

const PROJECTS: &str = "/v1/organization/projects";

fn project(site: &Site, name: &str) -> String {
    text(&site.post(PROJECTS, &json!({ "name": name }))["id"])
}

#[test]
fn a_project_is_made_renamed_and_archived() {
    let site = Site::new();
    let made = site.post(PROJECTS, &json!({ "name": "one" }));
    let id = text(&made["id"]);
    let expected = json!({
        "object": "organization.project", "id": id, "name": "one", "created_at": START,
        "archived_at": null, "status": "active",
    });
    assert_eq!(made, expected);
    let path = format!("{PROJECTS}/{id}");
    assert_eq!(site.get(&path), expected);
    assert_eq!(site.post(&path, &json!({ "name": "two" }))["name"], "two");
    assert_eq!(site.post(&path, &json!({ "name": null }))["name"], "two");
    assert_eq!(names(&site.get(PROJECTS)), ["default", "two"]);

    let archived = site.post(&format!("{path}/archive"), &Value::Null);
    assert_eq!(
        (&archived["status"], &archived["archived_at"]),
        (&json!("archived"), &json!(START))
    );
    assert_eq!(names(&site.get(PROJECTS)), ["default"]);
    assert_eq!(
        names(&site.get(&format!("{PROJECTS}?include_archived=true"))),
        ["default", "two"]
    );
    assert_eq!(site.get(&path)["status"], "archived");
    site.told("POST", &path, &json!({ "name": "three" }))
        .refused(400);
    site.told(
        "POST",
        &format!("{path}/service_accounts"),
        &json!({ "name": "bot" }),
    )
    .refused(400);
    assert!(ids(&site.get(&format!("{path}/service_accounts"))).is_empty());
    assert!(ids(&site.get(&format!("{path}/api_keys"))).is_empty());
}

#[test]
fn a_name_that_is_taken_is_a_conflict_that_is_not_tried_again() {
    let site = Site::new();
    project(&site, "one");
    let told = site.told("POST", PROJECTS, &json!({ "name": "one" }));
    assert_eq!(told.refused(409)["code"], "already_exists");
    assert_eq!(told.headers["x-should-retry"], "false");
}

#[test]
fn the_default_project_stays_as_it_is() {
    let site = Site::new();
    let default = ids(&site.get(PROJECTS))[0].clone();
    let path = format!("{PROJECTS}/{default}");
    for (path, body) in [
        (path.clone(), json!({ "name": "x" })),
        (format!("{path}/archive"), Value::Null),
    ] {
        let told = site.told("POST", &path, &body);
        assert_eq!(told.refused(400)["code"], "invalid_state");
    }
}

#[test]
fn a_project_is_named_by_its_id_alone() {
    let site = Site::new();
    for id in ["default", "proj_000000000000000000000000", "hush"] {
        let told = site.told("GET", &format!("{PROJECTS}/{id}"), &Value::Null);
        assert_eq!(told.refused(404)["code"], "project_not_found");
        site.told("POST", &format!("{PROJECTS}/{id}/archive"), &Value::Null)
            .refused(404);
    }
}

#[test]
fn what_the_server_does_not_see_to_is_refused() {
    let site = Site::new();
    for (member, value) in [
        ("residency", "EU_STORAGE_PROCESSING"),
        ("external_key_id", "k"),
        ("geography", "EU"),
    ] {
        let told = site.told("POST", PROJECTS, &json!({ "name": "x", member: value }));
        assert_eq!(told.refused(400)["param"], member);
    }
    site.post(
        PROJECTS,
        &json!({ "name": "x", "residency": null, "geography": "GLOBAL" }),
    );
}

#[test]
fn projects_are_listed_page_by_page_also_when_one_is_archived_meanwhile() {
    let site = Site::new();
    let made: Vec<String> = ["a", "b", "c"].map(|name| project(&site, name)).into();
    let page = site.get(&format!("{PROJECTS}?limit=2"));
    assert_eq!(
        (names(&page), &page["has_more"]),
        (vec!["default".into(), "a".into()], &json!(true))
    );
    site.post(&format!("{PROJECTS}/{}/archive", made[0]), &Value::Null);
    let page = site.get(&format!("{PROJECTS}?limit=2&after={}", made[0]));
    assert_eq!(
        (names(&page), &page["has_more"]),
        (vec!["b".into(), "c".into()], &json!(false))
    );
    let empty = site.get(&format!("{PROJECTS}?after={}", made[2]));
    let expected = json!({ "object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false });
    assert_eq!(empty, expected);
}

#[test]
fn keys_are_listed_with_their_owners_whoever_those_are() {
    let site = Site::new();
    let id = project(&site, "one");
    let user = site.wait(site.keys.users().create("anne")).unwrap();
    for owner in [None, Some(user.id.clone()), Some("cust_42".to_owned())] {
        let options = CreateOptions {
            project: Some(id.clone()),
            owner,
            ..CreateOptions::default()
        };
        site.wait(site.keys.create("key", options)).unwrap();
    }
    site.issue("elsewhere");
    let list = site.get(&format!("{PROJECTS}/{id}/api_keys"));
    assert_eq!(names(&list), ["key", "key", "key"]);
    let owners: Vec<Value> = (0..3).map(|at| list["data"][at]["owner"].clone()).collect();
    assert_eq!(owners[0]["type"], "service_account");
    assert_eq!(owners[0]["service_account"]["name"], "default");
    assert_eq!(owners[1]["user"]["id"], user.id.as_str());
    assert_eq!(owners[2], json!({ "external": { "id": "cust_42" } }));
    let inactive = format!("{PROJECTS}/{id}/api_keys?owner_project_access=inactive");
    assert!(ids(&site.get(&inactive)).is_empty());
    for access in ["active", "any"] {
        let path = format!("{PROJECTS}/{id}/api_keys?owner_project_access={access}");
        assert_eq!(ids(&site.get(&path)).len(), 3);
    }
}

#[test]
fn keys_of_a_project_are_listed_page_by_page_also_when_one_is_revoked_meanwhile() {
    let site = Site::new();
    let default = ids(&site.get(PROJECTS))[0].clone();
    let made: Vec<String> = ["a", "b", "c"].map(|name| site.issue(name).key.id).into();
    let path = format!("{PROJECTS}/{default}/api_keys");
    let page = site.get(&format!("{path}?limit=2"));
    assert_eq!(
        (ids(&page), &page["has_more"]),
        (made[..2].to_vec(), &json!(true))
    );
    site.delete(&format!("{path}/{}", made[1]));
    let page = site.get(&format!("{path}?limit=2&after={}", made[1]));
    assert_eq!(
        (ids(&page), &page["has_more"]),
        (made[2..].to_vec(), &json!(false))
    );
}

#[test]
fn a_key_is_updated_and_deleted() {
    let site = Site::new();
    let default = ids(&site.get(PROJECTS))[0].clone();
    let made = site.issue("key");
    let path = format!("{PROJECTS}/{default}/api_keys/{}", made.key.id);
    let updated = site.post(
        &path,
        &json!({ "scopes": ["a.read"], "expires_in_seconds": 60 }),
    );
    assert_eq!(updated["expires_at"], START + 60);
    assert_eq!(updated.get("scopes"), None, "scopes are not told");
    let scopes = || site.wait(site.keys.get(&made.key.id)).unwrap().scopes;
    assert_eq!(scopes(), Some(vec!["a.read".to_owned()]));
    site.post(&path, &json!({ "scopes": [] }));
    assert_eq!(scopes(), None, "an empty list is all permissions");

    let deleted = site.delete(&path);
    assert_eq!(deleted["object"], "organization.project.api_key.deleted");
    let options = VerifyOptions::default();
    let code = site
        .wait(site.keys.verify(made.secret.reveal(), &options))
        .unwrap()
        .code();
    assert_eq!(code, VerifyCode::Revoked);
    for method in ["GET", "DELETE"] {
        site.told(method, &path, &Value::Null).refused(404);
    }
    site.told("POST", &path, &json!({ "scopes": [] }))
        .refused(404);
}

#[test]
fn an_update_has_to_say_something_and_an_expired_key_takes_none() {
    let site = Site::new();
    let default = ids(&site.get(PROJECTS))[0].clone();
    let made = site.issue("key");
    let path = format!("{PROJECTS}/{default}/api_keys/{}", made.key.id);
    for body in [
        json!({}),
        json!({ "scopes": null }),
        json!({ "expires_in_seconds": null }),
    ] {
        site.told("POST", &path, &body).refused(400);
    }
    let end = site.keys.now().after(Duration::from_secs(1));
    let changes = UpdateOptions {
        expires_at: Some(end),
        ..UpdateOptions::default()
    };
    site.wait(site.keys.update(&made.key.id, changes)).unwrap();
    site.clock.advance(Duration::from_secs(1));
    site.told("POST", &path, &json!({ "expires_in_seconds": 60 }))
        .refused(400);
    assert_eq!(
        site.get(&path)["id"],
        made.key.id.as_str(),
        "it is still told of"
    );
}

#[test]
fn a_key_of_another_project_is_not_there() {
    let site = Site::new();
    let other = project(&site, "other");
    let made = site.issue("key");
    let path = format!("{PROJECTS}/{other}/api_keys/{}", made.key.id);
    site.told("GET", &path, &Value::Null).refused(404);
    site.told("POST", &path, &json!({ "scopes": [] }))
        .refused(404);
    site.told("DELETE", &path, &Value::Null).refused(404);
    let admin = format!("{PROJECTS}/{other}/api_keys/{}", site.admin.key.id);
    site.told("DELETE", &admin, &Value::Null).refused(404);
}
