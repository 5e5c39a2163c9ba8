//! The small chart of how much a key was used lately.

use crate::harness::{Shown, Site};

const DAY: u64 = 86_400;
const DAYS: usize = 30;

/// The heights of the bars of each chart, oldest day first.
fn charts(shown: &Shown) -> Vec<Vec<u64>> {
    let text = shown.text();
    let charts = text.split("<svg class=\"chart\"").skip(1);
    charts
        .map(|chart| {
            let (chart, _) = chart.split_once("</svg>").unwrap();
            let bars = chart.split("<rect ").skip(1);
            bars.map(|bar| {
                let (_, rest) = bar.split_once("height=\"").unwrap();
                rest.split_once('"').unwrap().0.parse().unwrap()
            })
            .collect()
        })
        .collect()
}

#[test]
fn each_row_shows_the_uses_of_its_own_key_day_by_day() {
    let site = Site::new();
    let one = site.issue("o", "one");
    let _unused = site.issue("o", "unused");
    let other = site.issue("someone else", "other");
    for _ in 0..3 {
        site.verify(one.secret.reveal());
        site.verify(other.secret.reveal());
    }
    site.wait(2 * DAY);
    site.verify(one.secret.reveal());
    let shown = site.browser("o").get("");
    assert_eq!(shown.names(), ["unused", "one"]);
    let mut used = vec![1; DAYS];
    used[DAYS - 3] = 24;
    used[DAYS - 1] = 9;
    assert_eq!(charts(&shown), [vec![1; DAYS], used]);
    assert!(shown.has("Last 30 days"));
    assert!(shown.has("aria-label=\"Requests in the last 30 days: 4\""));
    assert!(shown.has("aria-label=\"Requests in the last 30 days: 0\""));
}

#[test]
fn what_is_shown_of_one_key_shows_its_uses_too_after_a_rotation_as_well() {
    let site = Site::new();
    let key = site.issue("o", "key");
    site.verify(key.secret.reveal());
    let browser = site.browser("o");
    let rotated = browser.submit("rotate", &key.key.id, &[("overlap", "0")]);
    site.verify(&rotated.secret().unwrap());
    let shown = browser.get(&format!("?dialog=key&id={}", key.key.id));
    assert!(shown.has("<figcaption>Requests in the last 30 days: 2</figcaption>"));
    site.wait(30 * DAY);
    let shown = browser.get(&format!("?dialog=key&id={}", key.key.id));
    assert!(shown.has("<figcaption>Requests in the last 30 days: 0</figcaption>"));
}
