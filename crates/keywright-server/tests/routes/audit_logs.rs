//! `/v1/organization/audit_logs`

use crate::site::{START, Site, ids, text};
use serde_json::{Value, json};
use std::time::Duration;

const LOGS: &str = "/v1/organization/audit_logs";

fn types(list: &Value) -> Vec<String> {
    let data = list["data"].as_array().unwrap();
    data.iter().map(|event| text(&event["type"])).collect()
}

#[test]
fn what_was_done_is_told_newest_first_in_openais_form() {
    let site = Site::new();
    let made = site.post("/v1/organization/projects", &json!({ "name": "one" }));
    let id = text(&made["id"]);
    site.post(
        &format!("/v1/organization/projects/{id}"),
        &json!({ "name": "two" }),
    );
    site.told(
        "POST",
        "/v1/organization/projects",
        &json!({ "name": "two" }),
    )
    .refused(409);
    let list = site.get(&format!("{LOGS}?resource_ids[]={id}"));
    assert_eq!(
        types(&list),
        ["project.updated", "project.created"],
        "what was refused is not told"
    );
    let event = &list["data"][1];
    assert_eq!(event["effective_at"], START);
    assert_eq!(event["project"], json!({ "id": id, "name": "two" }));
    assert_eq!(
        event["project.created"],
        json!({ "id": id, "data": { "name": "one", "title": "one" } })
    );
    let actor = json!({ "type": "api_key", "api_key": { "id": site.admin.key.id, "type": "service_account" } });
    assert_eq!(event["actor"], actor);
    assert_eq!(
        list["data"][0]["project.updated"]["changes_requested"]["title"],
        "two"
    );
}

#[test]
fn the_life_of_a_key_is_told() {
    let site = Site::new();
    let made = site.post("/v1/keys", &json!({ "name": "a", "scopes": ["a.read"] }));
    let id = text(&made["id"]);
    let project = text(&made["project_id"]);
    let path = format!("/v1/organization/projects/{project}/api_keys/{id}");
    site.post(
        &path,
        &json!({ "scopes": ["b.read"], "expires_in_seconds": 60 }),
    );
    site.post(&format!("/v1/keys/{id}/rotate"), &Value::Null);
    site.delete(&path);
    let list = site.get(&format!("{LOGS}?resource_ids={id}"));
    assert_eq!(
        types(&list),
        [
            "api_key.deleted",
            "api_key.rotated",
            "api_key.updated",
            "api_key.created"
        ]
    );
    assert_eq!(list["data"][0]["api_key.deleted"], json!({ "id": id }));
    let changes = json!({ "scopes": ["b.read"], "expires_in_seconds": 60 });
    assert_eq!(
        list["data"][2]["api_key.updated"]["changes_requested"],
        changes
    );
    assert_eq!(
        list["data"][3]["api_key.created"]["data"]["scopes"],
        json!(["a.read"])
    );
    assert!(!list.to_string().contains(&text(&made["value"])));
}

#[test]
fn an_admin_key_has_no_project() {
    let site = Site::new();
    let list = site.get(&format!("{LOGS}?resource_ids[]={}", site.admin.key.id));
    assert_eq!(types(&list), ["api_key.created"]);
    assert_eq!(list["data"][0].get("project"), None);
    let actor = json!({ "type": "session", "session": { "user": { "id": "library" } } });
    assert_eq!(list["data"][0]["actor"], actor);
}

#[test]
fn events_are_filtered() {
    let site = Site::new();
    let a = site.issue("a");
    site.clock.advance(Duration::from_secs(10));
    let b = site.post("/v1/keys", &json!({ "name": "b" }));
    site.post(&format!("/v1/keys/{}/revoke", a.key.id), &Value::Null);
    let told = |query: &str| types(&site.get(&format!("{LOGS}?{query}"))).len();
    let both = format!(
        "resource_ids[]={}&resource_ids[]={}",
        a.key.id,
        text(&b["id"])
    );
    let later = START + 10;
    assert_eq!(told(&both), 3);
    assert_eq!(told(&format!("{both}&event_types[]=api_key.deleted")), 1);
    assert_eq!(
        told(&format!("{both}&actor_ids[]={}", site.admin.key.id)),
        2
    );
    assert_eq!(told(&format!("{both}&effective_at[gte]={later}")), 2);
    assert_eq!(told(&format!("{both}&effective_at%5Bgt%5D={later}")), 0);
    assert_eq!(told(&format!("{both}&effective_at[lt]={later}")), 1);
    assert_eq!(told(&format!("{both}&effective_at[lte]={later}")), 3);
    assert_eq!(
        told(&format!("{both}&project_ids[]={}", a.key.project_id)),
        3
    );
    assert_eq!(told(&format!("{both}&project_ids[]=proj_x")), 0);
    assert_eq!(told(&format!("{both}&event_types[]=tenant.archived")), 0);
    assert_eq!(told(&format!("{both}&actor_emails[]=a@b.c")), 0);
    assert_eq!(told("effective_at[lt]=0"), 0);
}

#[test]
fn the_trail_itself_has_what_was_refused_and_its_macs() {
    let site = Site::new();
    let made = site.issue("a");
    let path = format!("/v1/keys/{}", made.key.id);
    site.post(&format!("{path}/revoke"), &Value::Null);
    site.told("POST", &format!("{path}/enable"), &Value::Null)
        .refused(409);
    let trail = site.get(&format!("/v1/audit?object_id={}", made.key.id));
    let expected = ["api_key.created", "api_key.revoked", "api_key.enabled"];
    assert_eq!(types(&trail), expected);
    let refused = &trail["data"][2];
    assert_eq!(refused["outcome"], "invalid_state");
    assert_eq!(refused["actor"], site.admin.key.id.as_str());
    assert_eq!(text(&refused["mac"]).len(), 72);

    let mut seen = 0;
    let mut after = 0;
    loop {
        let page = site.get(&format!("/v1/audit?limit=2&after={after}"));
        for event in page["data"].as_array().unwrap() {
            seen += 1;
            assert_eq!(event["seq"], seen, "no gap");
        }
        if page["has_more"] == false {
            break;
        }
        after = page["next"].as_u64().unwrap();
    }
    assert_eq!(seen, 5);
    for bad in ["limit=1001", "event_types[]=no.such", "since=x", "after=-1"] {
        site.told("GET", &format!("/v1/audit?{bad}"), &Value::Null)
            .refused(400);
    }
}

#[test]
fn they_are_told_page_by_page_there_and_back() {
    let site = Site::new();
    for name in ["a", "b", "c", "d"] {
        site.issue(name);
    }
    let all = ids(&site.get(LOGS));
    assert_eq!(all.len(), 6);
    let page = site.get(&format!("{LOGS}?limit=2"));
    assert_eq!(
        (ids(&page), &page["has_more"]),
        (all[..2].to_vec(), &json!(true))
    );
    let next = site.get(&format!("{LOGS}?limit=2&after={}", all[1]));
    assert_eq!(ids(&next), all[2..4]);
    let back = site.get(&format!("{LOGS}?limit=2&before={}", all[2]));
    assert_eq!(
        (ids(&back), &back["has_more"]),
        (all[..2].to_vec(), &json!(false))
    );
    site.told("GET", &format!("{LOGS}?after=hush"), &Value::Null)
        .refused(404);
}
