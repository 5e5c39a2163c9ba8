//! Whose address stands in the audit trail.

use crate::site::{Site, text};
use axum::Router;
use axum::body::Body;
use http::Request;
use keywright::AuditOptions;
use keywright_server::Peer;

/// The address under which a key was created.
fn seen(site: &Site, app: Router, peer: Option<&str>, forwarded: &[&str]) -> Option<String> {
    let mut request = Request::builder()
        .method("POST")
        .uri("/v1/keys")
        .header(
            "authorization",
            format!("Bearer {}", site.admin.secret.reveal()),
        )
        .header("content-type", "application/json");
    for value in forwarded {
        request = request.header("x-forwarded-for", *value);
    }
    if let Some(peer) = peer {
        request = request.extension(Peer(format!("{peer}:1").parse().unwrap()));
    }
    let request = request.body(Body::from("{\"name\":\"a\"}")).unwrap();
    let made = site.send_to(app, request).done();
    let options = AuditOptions {
        object_id: Some(text(&made["id"])),
        ..AuditOptions::default()
    };
    let trail = site.wait(site.keys.audit(options)).unwrap();
    trail.data[0].ip.clone()
}

#[test]
fn it_is_the_peers_and_what_a_proxy_says_only_where_it_is_trusted() {
    let site = Site::new();
    let app = || site.behind("10.0.0.0/8");
    let address = |text: &str| Some(text.to_owned());
    assert_eq!(seen(&site, app(), None, &[]), None);
    assert_eq!(seen(&site, app(), None, &["203.0.113.7"]), None);
    let direct = seen(&site, app(), Some("198.51.100.1"), &["203.0.113.7"]);
    assert_eq!(direct, address("198.51.100.1"));
    let proxied = seen(
        &site,
        app(),
        Some("10.0.0.1"),
        &["192.0.2.9, 203.0.113.7", "10.0.0.2"],
    );
    assert_eq!(proxied, address("203.0.113.7"));
}
