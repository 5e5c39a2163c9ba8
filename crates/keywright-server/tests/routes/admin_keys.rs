//! `/v1/organization/admin_api_keys`

use crate::site::{START, Site, ids, names, text};
use serde_json::{Value, json};

const KEYS: &str = "/v1/organization/admin_api_keys";

#[test]
fn an_admin_key_is_issued_shown_once_and_works() {
    let site = Site::new();
    let made = site.post(KEYS, &json!({ "name": "ci", "expires_in_seconds": 60 }));
    let secret = text(&made["value"]);
    assert!(secret.starts_with("kw_admin_kw1"));
    assert_eq!(made["object"], "organization.admin_api_key");
    assert_eq!(made["name"], "ci");
    assert_eq!(made["created_at"], START);
    assert_eq!(made["expires_at"], START + 60);
    assert_eq!(made["last_used_at"], Value::Null);
    assert_eq!(made["owner"]["type"], "service_account");
    assert_eq!(made["owner"]["role"], "owner");

    let listed = site.ask("GET", KEYS, Some(&secret), None);
    assert!(!listed.text.contains(&secret));
    assert_eq!(names(&listed.done()), ["root", "ci"]);
    let one = site.get(&format!("{KEYS}/{}", text(&made["id"])));
    assert_eq!(one.get("value"), None);
    assert_eq!(one["redacted_value"], made["redacted_value"]);
}

#[test]
fn one_that_never_expires_says_so() {
    let site = Site::new();
    let made = site.post(KEYS, &json!({ "name": "ci" }));
    assert_eq!(made["expires_at"], Value::Null);
}

#[test]
fn they_are_listed_page_by_page_in_both_orders() {
    let site = Site::new();
    for name in ["a", "b", "c", "d"] {
        site.post(KEYS, &json!({ "name": name }));
    }
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = site.get(&format!("{KEYS}?limit=2{after}"));
        seen.extend(names(&page));
        let last = text(&page["last_id"]);
        assert_eq!(Some(&last), ids(&page).last());
        assert_eq!(text(&page["first_id"]), ids(&page)[0]);
        if page["has_more"] == false {
            break;
        }
        after = format!("&after={last}");
    }
    assert_eq!(seen, ["root", "a", "b", "c", "d"]);
    let page = site.get(&format!("{KEYS}?limit=2&order=desc"));
    assert_eq!(names(&page), ["d", "c"]);
}

#[test]
fn a_deleted_one_is_dead_and_gone() {
    let site = Site::new();
    let made = site.post(KEYS, &json!({ "name": "ci" }));
    let (id, secret) = (text(&made["id"]), text(&made["value"]));
    let path = format!("{KEYS}/{id}");
    let expected =
        json!({ "id": id, "object": "organization.admin_api_key.deleted", "deleted": true });
    assert_eq!(site.delete(&path), expected);
    site.ask("GET", KEYS, Some(&secret), None).refused(401);
    site.told("GET", &path, &Value::Null).refused(404);
    site.told("DELETE", &path, &Value::Null).refused(404);
    assert_eq!(names(&site.get(KEYS)), ["root"]);
}

#[test]
fn the_one_in_use_may_end_itself() {
    let site = Site::new();
    site.delete(&format!("{KEYS}/{}", site.admin.key.id));
    site.told("GET", KEYS, &Value::Null).refused(401);
}

#[test]
fn a_data_key_is_not_among_them() {
    let site = Site::new();
    let data = site.issue("data");
    let path = format!("{KEYS}/{}", data.key.id);
    site.told("GET", &path, &Value::Null).refused(404);
    site.told("DELETE", &path, &Value::Null).refused(404);
    assert!(site.wait(site.keys.get(&data.key.id)).is_ok());
}
