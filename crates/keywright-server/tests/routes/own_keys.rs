//! `/v1/keys`: the whole life of a key of any owner.

use crate::site::{START, Site, ids, names, text};
use serde_json::{Value, json};

#[test]
fn a_key_is_created_copied_once_listed_used_and_revoked() {
    let site = Site::new();
    let made = site.post("/v1/keys", &json!({
        "name": "billing", "owner": "cust_42", "scopes": ["invoices.read"], "expires_in_seconds": 60,
        "allowed_ips": ["203.0.113.0/24"], "metadata": { "plan": "pro" }, "class": "test", "rate_limit": "100/60s",
    }));
    let (id, secret) = (text(&made["id"]), text(&made["value"]));
    assert!(secret.starts_with("kw_test_kw1"));
    assert_eq!(made["object"], "api_key");
    assert_eq!(
        made["owner"],
        json!({ "type": "external", "id": "cust_42" })
    );
    assert_eq!(made["expires_at"], START + 60);

    let listed = site.told("GET", "/v1/keys?owner=cust_42", &Value::Null);
    assert!(!listed.text.contains(&secret));
    assert_eq!(ids(&listed.done()), [id.as_str()]);
    let one = site.get(&format!("/v1/keys/{id}"));
    assert_eq!(
        (&one["metadata"]["plan"], one.get("value")),
        (&json!("pro"), None)
    );

    let question = json!({ "secret": secret, "scopes": ["invoices.read"], "ip": "203.0.113.7" });
    assert_eq!(site.post("/v1/keys/verify", &question)["code"], "valid");
    let revoked = site.post(
        &format!("/v1/keys/{id}/revoke"),
        &json!({ "reason": "superseded" }),
    );
    assert_eq!(
        (&revoked["status"], &revoked["revocation_reason"]),
        (&json!("revoked"), &json!("superseded"))
    );
    assert_eq!(site.post("/v1/keys/verify", &question)["code"], "revoked");
    assert!(ids(&site.get("/v1/keys")).is_empty());
    assert_eq!(
        ids(&site.get("/v1/keys?include_revoked=true")),
        [id.as_str()]
    );
    assert_eq!(ids(&site.get("/v1/keys?status=revoked")), [id.as_str()]);
}

#[test]
fn a_key_is_switched_off_and_on_and_rotated() {
    let site = Site::new();
    let made = site.issue("key");
    let path = format!("/v1/keys/{}", made.key.id);
    let act = |verb: &str, body: &Value| site.post(&format!("{path}/{verb}"), body);
    assert_eq!(act("disable", &Value::Null)["status"], "disabled");
    assert_eq!(act("disable", &json!({}))["status"], "disabled");
    assert_eq!(act("enable", &Value::Null)["status"], "active");

    let rotated = act("rotate", &json!({ "overlap_seconds": 60 }));
    let new = text(&rotated["value"]);
    let mine = |secret: &str| site.ask("GET", "/v1/keys/self", Some(secret), None);
    assert_eq!(mine(&new).done()["id"], made.key.id.as_str());
    assert_eq!(
        mine(made.secret.reveal()).done()["id"],
        made.key.id.as_str()
    );
    let told = site.told("POST", &format!("{path}/rotate"), &Value::Null);
    assert_eq!(told.refused(409)["code"], "rotation_in_progress");
    assert_eq!(told.headers["x-should-retry"], "false");
    act("finish_rotation", &Value::Null);
    mine(made.secret.reveal()).refused(401);

    act("rotate", &Value::Null);
    act("cancel_rotation", &Value::Null);
    assert_eq!(mine(&new).status, 200);
}

#[test]
fn what_is_given_is_changed_and_null_takes_a_bound_away() {
    let site = Site::new();
    let made = site.post(
        "/v1/keys",
        &json!({
            "name": "a", "scopes": ["x"], "allowed_ips": ["10.0.0.0/8"], "expires_in_seconds": 60,
            "metadata": { "k": "v" }, "rate_limit": "1/60s",
        }),
    );
    let path = format!("/v1/keys/{}", text(&made["id"]));
    let renamed = site.post(&path, &json!({ "name": "b" }));
    let mut expected = made.clone();
    expected["name"] = json!("b");
    expected.as_object_mut().unwrap().remove("value");
    expected["limits"] = renamed["limits"].clone();
    assert_eq!(renamed, expected, "the rest stays");
    let freed = site.post(&path, &json!({ "scopes": null, "allowed_ips": null, "expires_at": null, "limits": [], "metadata": {} }));
    for member in ["scopes", "allowed_ips", "expires_at"] {
        assert_eq!(freed[member], Value::Null, "{member}");
    }
    assert_eq!(
        (&freed["limits"], &freed["metadata"]),
        (&json!([]), &json!({}))
    );
    assert_eq!(
        site.post(&path, &json!({ "scopes": [] }))["scopes"],
        json!([]),
        "an empty list is nothing here"
    );
    for bad in [
        json!({ "name": null }),
        json!({ "limits": null }),
        json!({ "expires_in_seconds": 1 }),
    ] {
        site.told("POST", &path, &bad).refused(400);
    }
}

#[test]
fn a_state_that_refuses_is_a_conflict() {
    let site = Site::new();
    let made = site.issue("key");
    let path = format!("/v1/keys/{}", made.key.id);
    site.post(&format!("{path}/revoke"), &Value::Null);
    site.post(&format!("{path}/revoke"), &Value::Null);
    for verb in ["rotate", "enable", "disable"] {
        let told = site.told("POST", &format!("{path}/{verb}"), &Value::Null);
        assert_eq!(told.refused(409)["code"], "invalid_state", "{verb}");
        assert_eq!(told.headers["x-should-retry"], "false");
    }
}

#[test]
fn a_member_that_nobody_knows_is_refused() {
    let site = Site::new();
    let misspelt = json!({ "name": "a", "expire_at": 1 });
    let told = site.told("POST", "/v1/keys", &misspelt);
    assert_eq!(told.refused(400)["code"], "unknown_parameter");
    assert!(!told.text.contains("expire_at"));
    assert!(ids(&site.get("/v1/keys")).is_empty());
}

#[test]
fn what_is_no_good_is_refused_by_name() {
    let site = Site::new();
    for (member, value) in [
        ("class", json!("admin")),
        ("expires_at", json!("2030-01-01")),
        ("limits", json!([{ "name": "x" }])),
        ("scopes", json!("a")),
        ("metadata", json!({ "a": 1 })),
    ] {
        let told = site.told("POST", "/v1/keys", &json!({ "name": "a", member: value }));
        assert_eq!(told.refused(400)["param"], member);
    }
    let both = json!({ "name": "a", "expires_at": START + 1, "expires_in_seconds": 1 });
    site.told("POST", "/v1/keys", &both).refused(400);
    site.told(
        "POST",
        "/v1/keys",
        &json!({ "name": "a", "project": "no such" }),
    )
    .refused(404);
    let made = site.issue("key");
    let revoke = format!("/v1/keys/{}/revoke", made.key.id);
    assert_eq!(
        site.told("POST", &revoke, &json!({ "reason": "hush" }))
            .refused(400)["param"],
        "reason"
    );
}

#[test]
fn they_are_listed_newest_first_page_by_page() {
    let site = Site::new();
    for name in ["a", "b", "c"] {
        site.issue(name);
    }
    let page = site.get("/v1/keys?limit=2");
    assert_eq!(
        (names(&page), &page["has_more"]),
        (vec!["c".into(), "b".into()], &json!(true))
    );
    let next = site.get(&format!(
        "/v1/keys?limit=2&after={}",
        text(&page["last_id"])
    ));
    assert_eq!(
        (names(&next), &next["has_more"]),
        (vec!["a".into()], &json!(false))
    );
    let lost = site.told("GET", "/v1/keys?after=key_x", &Value::Null);
    assert_eq!(lost.refused(404)["message"], "pagination cursor not found");
    site.issue("nightly backup");
    assert_eq!(
        names(&site.get("/v1/keys?search=LY%20BACK")),
        ["nightly backup"]
    );
}

#[test]
fn an_admin_key_is_not_managed_here() {
    let site = Site::new();
    let path = format!("/v1/keys/{}", site.admin.key.id);
    site.told("GET", &path, &Value::Null).refused(404);
    site.told("POST", &format!("{path}/revoke"), &Value::Null)
        .refused(404);
}

#[test]
fn uses_are_told_day_by_day() {
    let site = Site::new();
    let made = site.issue("a");
    let secret = json!({ "secret": made.secret.reveal() });
    for _ in 0..3 {
        site.post("/v1/keys/verify", &secret);
    }
    let path = format!("/v1/keys/{}/usage", made.key.id);
    let week = site.get(&format!("{path}?days=7"));
    let days = week["data"].as_array().unwrap();
    assert_eq!((days.len(), &days[6]["count"]), (7, &json!(3)));
    assert_eq!(site.get(&path)["data"].as_array().unwrap().len(), 30);
    site.told("GET", &format!("{path}?days=91"), &Value::Null)
        .refused(400);
    let admin = format!("/v1/keys/{}/usage", site.admin.key.id);
    site.told("GET", &admin, &Value::Null).refused(404);
}

#[test]
fn the_trail_says_which_admin_key_acted() {
    let site = Site::new();
    let made = site.post("/v1/keys", &json!({ "name": "a" }));
    let options = keywright::AuditOptions {
        object_id: Some(text(&made["id"])),
        ..keywright::AuditOptions::default()
    };
    let trail = site.wait(site.keys.audit(options)).unwrap();
    assert_eq!(trail.data[0].actor, site.admin.key.id);
}
