//! How often a key was used, day by day.

use crate::sandbox::Sandbox;

#[test]
fn each_day_has_a_line_and_the_last_is_today() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    let before = here.json(&["usage", &id, "--days", "2"]);
    assert_eq!(
        (&before["object"], &before["has_more"]),
        (&"list".into(), &false.into())
    );
    here.code(&secret, &[]);
    here.code(&secret, &[]);
    here.code(&secret, &["--scopes", "write"]);
    let ran = here.run(&["usage", &id, "--days", "2"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    let lines: Vec<Vec<&str>> = ran
        .out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[0], ["DAY", "USES"]);
    // Midnight may have passed meanwhile.
    let counts: Vec<u64> = lines[1..]
        .iter()
        .map(|line| line[1].parse().unwrap())
        .collect();
    assert_eq!((counts.len(), counts.iter().sum::<u64>()), (2, 3));
    assert!(
        lines[1..]
            .iter()
            .all(|line| line[0].len() == "2027-01-15".len())
    );
    assert!(ran.err.contains("3 uses in 2 days"), "{ran:?}");
}

#[test]
fn thirty_days_are_shown_where_nothing_is_said() {
    let here = Sandbox::new();
    let (id, _) = here.key(&["a"]);
    let uses = here.json(&["usage", &id])["data"].clone();
    let days = uses.as_array().unwrap();
    assert_eq!(days.len(), 30);
    let start = |at: usize| days[at]["day"].as_i64().unwrap();
    assert_eq!((start(0) % 86_400, start(29) - start(0)), (0, 29 * 86_400));
    assert!(days.iter().all(|day| day["count"] == 0));
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let here = Sandbox::new();
    let (id, secret) = here.key(&["a"]);
    for days in ["0", "91", "-1", "x"] {
        here.run(&["usage", &id, "--days", days])
            .failed(2, "error: ");
    }
    here.run(&["usage", "key_8sWmKx2QpLr7vTzYd4NcBh3G"])
        .failed(3, "no such key");
    let ran = here.run(&["usage", &secret]);
    ran.failed(2, "error: ");
    assert!(!ran.err.contains(&secret[20..]), "{ran:?}");
}
