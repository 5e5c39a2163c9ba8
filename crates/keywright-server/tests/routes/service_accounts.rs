//! `/v1/organization/projects/{project_id}/service_accounts`

use crate::site::{START, Site, ids, names, text};
use keywright::{VerifyCode, VerifyOptions};
use serde_json::{Value, json};

fn accounts(site: &Site) -> String {
    let made = site.post("/v1/organization/projects", &json!({ "name": "one" }));
    format!(
        "/v1/organization/projects/{}/service_accounts",
        text(&made["id"])
    )
}

fn code(site: &Site, secret: &str) -> VerifyCode {
    let options = VerifyOptions::default();
    site.wait(site.keys.verify(secret, &options))
        .unwrap()
        .code()
}

#[test]
fn a_service_account_comes_with_a_key_that_works() {
    let site = Site::new();
    let path = accounts(&site);
    let made = site.post(&path, &json!({ "name": "bot", "expires_in_seconds": 60 }));
    assert_eq!(made["object"], "organization.project.service_account");
    assert_eq!(
        (&made["name"], &made["role"], &made["created_at"]),
        (&json!("bot"), &json!("member"), &json!(START))
    );
    let key = &made["api_key"];
    assert_eq!(
        key["object"],
        "organization.project.service_account.api_key"
    );
    assert_eq!(
        (&key["name"], &key["expires_at"]),
        (&json!("Secret Key"), &json!(START + 60))
    );
    let secret = text(&key["value"]);
    assert_eq!(code(&site, &secret), VerifyCode::Valid);

    let one = site.told(
        "GET",
        &format!("{path}/{}", text(&made["id"])),
        &Value::Null,
    );
    assert!(!one.text.contains(&secret));
    assert_eq!(one.done().get("api_key"), None);
    assert_eq!(names(&site.get(&path)), ["default", "bot"]);
    let keys = path.replace("service_accounts", "api_keys");
    let listed = site.get(&keys);
    assert_eq!(
        listed["data"][0]["owner"]["service_account"]["id"],
        made["id"]
    );
}

#[test]
fn one_without_a_key_is_made_when_that_is_asked_for() {
    let site = Site::new();
    let path = accounts(&site);
    let alone = json!({ "name": "bot", "create_service_account_only": true });
    let made = site.post(&path, &alone);
    assert_eq!(made["api_key"], Value::Null);
    let with_expiry =
        json!({ "name": "b", "create_service_account_only": true, "expires_in_seconds": 60 });
    assert_eq!(
        site.told("POST", &path, &with_expiry).refused(400)["param"],
        "expires_in_seconds"
    );
    let null =
        json!({ "name": "c", "create_service_account_only": null, "expires_in_seconds": null });
    assert!(site.post(&path, &null)["api_key"].is_object());
}

#[test]
fn it_is_given_more_keys() {
    let site = Site::new();
    let path = accounts(&site);
    let made = site.post(&path, &json!({ "name": "bot" }));
    let more = format!("{path}/{}/api_keys", text(&made["id"]));
    let second = site.post(&more, &Value::Null);
    assert_eq!(second["name"], "Secret Key");
    let named = site.post(
        &more,
        &json!({ "name": "third", "scopes": ["a.read"], "expires_in_seconds": null }),
    );
    assert_eq!(
        (&named["name"], &named["expires_at"]),
        (&json!("third"), &Value::Null)
    );
    for key in [&second, &named] {
        assert_eq!(code(&site, &text(&key["value"])), VerifyCode::Valid);
    }
    let key = site.wait(site.keys.get(&text(&named["id"]))).unwrap();
    assert_eq!(key.scopes, Some(vec!["a.read".to_owned()]));
    assert_eq!(key.owner.id, text(&made["id"]));
    assert_eq!(
        ids(&site.get(&path.replace("service_accounts", "api_keys"))).len(),
        3
    );
}

#[test]
fn it_is_renamed_and_stays_a_member() {
    let site = Site::new();
    let path = accounts(&site);
    let made = site.post(&path, &json!({ "name": "bot" }));
    let one = format!("{path}/{}", text(&made["id"]));
    let renamed = site.post(&one, &json!({ "name": "robot", "role": "member" }));
    assert_eq!(
        (&renamed["name"], &renamed["role"]),
        (&json!("robot"), &json!("member"))
    );
    assert_eq!(
        site.told("POST", &one, &json!({ "role": "owner" }))
            .refused(400)["param"],
        "role"
    );
}

#[test]
fn a_deleted_one_takes_its_keys_along() {
    let site = Site::new();
    let path = accounts(&site);
    let made = site.post(&path, &json!({ "name": "bot" }));
    let one = format!("{path}/{}", text(&made["id"]));
    assert_eq!(
        site.delete(&one)["object"],
        "organization.project.service_account.deleted"
    );
    assert_eq!(
        code(&site, &text(&made["api_key"]["value"])),
        VerifyCode::Revoked
    );
    site.told("GET", &one, &Value::Null).refused(404);
    site.told("DELETE", &one, &Value::Null).refused(404);
    site.told("POST", &one, &json!({ "name": "x" }))
        .refused(404);
    site.told("POST", &format!("{one}/api_keys"), &json!({}))
        .refused(404);
    assert_eq!(names(&site.get(&path)), ["default"]);
}

#[test]
fn one_of_another_project_is_not_there() {
    let site = Site::new();
    let path = accounts(&site);
    let made = site.post(&path, &json!({ "name": "bot" }));
    let other = site.post("/v1/organization/projects", &json!({ "name": "two" }));
    let there = format!(
        "/v1/organization/projects/{}/service_accounts/{}",
        text(&other["id"]),
        text(&made["id"])
    );
    site.told("GET", &there, &Value::Null).refused(404);
    site.told("DELETE", &there, &Value::Null).refused(404);
    site.told("POST", &format!("{there}/api_keys"), &json!({}))
        .refused(404);
}

#[test]
fn they_are_listed_page_by_page() {
    let site = Site::new();
    let path = accounts(&site);
    for name in ["a", "b"] {
        site.post(&path, &json!({ "name": name }));
    }
    let page = site.get(&format!("{path}?limit=2"));
    assert_eq!(
        (names(&page), &page["has_more"]),
        (vec!["default".into(), "a".into()], &json!(true))
    );
    let next = site.get(&format!("{path}?limit=2&after={}", text(&page["last_id"])));
    assert_eq!(
        (names(&next), &next["has_more"]),
        (vec!["b".into()], &json!(false))
    );
    site.told("GET", &format!("{path}?after=svc_x"), &Value::Null)
        .refused(404);
}

#[test]
fn the_default_one_of_a_project_stays() {
    let site = Site::new();
    let path = accounts(&site);
    let default = ids(&site.get(&path))[0].clone();
    site.told("DELETE", &format!("{path}/{default}"), &Value::Null)
        .refused(400);
}
