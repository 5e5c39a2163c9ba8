//! What broke in other key systems, one test each: the name says what must not happen here, the
//! line above it what happened there.
#![expect(
    clippy::unwrap_used,
    reason = "the code around the tests may fail as they do"
)]

use futures_executor::block_on;
use keywright::{
    CreateOptions, Created, ErrorCode, ImportRecord, KeyManager, ListOptions, OpenOptions,
    ProjectOptions, RevocationReason, Secret, VerifyCode, VerifyOptions,
};

/// Where the random part of a secret ends and its checksum begins, counted from the end.
const CHECK_LEN: usize = 6;
const RANDOM_LEN: usize = 43;

fn memory() -> KeyManager {
    block_on(KeyManager::open(Some("memory:"), OpenOptions::default())).unwrap()
}

fn create(keys: &KeyManager, options: CreateOptions) -> Created {
    block_on(keys.create("a", options)).unwrap()
}

fn code(keys: &KeyManager, secret: impl AsRef<[u8]>) -> VerifyCode {
    let options = VerifyOptions::default();
    block_on(keys.verify(secret.as_ref(), &options))
        .unwrap()
        .code()
}

fn import_raw(keys: &KeyManager, secret: &str) -> String {
    let record = ImportRecord {
        name: "imported".to_owned(),
        secret: Some(Secret::from_string(secret.to_owned())),
        ..ImportRecord::default()
    };
    let report = block_on(keys.import_keys(vec![record])).unwrap();
    assert_eq!(report.refused, Vec::new());
    report.imported[0].clone()
}

/// A text with the checksum of our format behind it.
fn with_check(body: &str) -> String {
    const BASE62: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(body.as_bytes()) as usize;
    let mut check = [b'0'; CHECK_LEN];
    for digit in check.iter_mut().rev() {
        *digit = BASE62[rest % 62];
        rest /= 62;
    }
    format!("{body}{}", String::from_utf8_lossy(&check))
}

/// The secrets of the right form that differ from this one in one place of the random part.
fn near_misses(secret: &str) -> Vec<String> {
    let body = &secret[..secret.len() - CHECK_LEN];
    assert_eq!(
        with_check(body),
        secret,
        "the checksum is made as the format says"
    );
    let random = body.len() - RANDOM_LEN..body.len();
    random
        .map(|place| {
            let other = if body.as_bytes()[place] == b'x' {
                "y"
            } else {
                "x"
            };
            with_check(&format!("{}{other}{}", &body[..place], &body[place + 1..]))
        })
        .collect()
}

// CVE-2025-59425 (vLLM) and OpenBao GHSA-34fc: one path compared with `==`, so that time told how
// much of a guess was right. Here there is no `==` (see `Digest`), and no path of its own.
#[test]
fn a_near_miss_is_refused_alike_on_every_path_wherever_it_differs() {
    let keys = memory();
    let (admin, any) = (keys.admin_keys(), VerifyOptions::default());
    let data = create(&keys, CreateOptions::default()).secret;
    let managing = block_on(admin.create("a", None, None)).unwrap().secret;
    assert_eq!(code(&keys, data.reveal()), VerifyCode::Valid);
    for miss in near_misses(data.reveal()) {
        assert_eq!(code(&keys, &miss), VerifyCode::NotFound);
        let at_hand = keys.verify_now(&miss, &any).unwrap();
        assert_eq!(at_hand.code(), VerifyCode::NotFound);
        assert_eq!(block_on(keys.identify(&miss)).unwrap(), None);
    }
    for miss in near_misses(managing.reveal()) {
        let answer = block_on(admin.verify(&miss)).unwrap();
        assert_eq!(
            (answer.code(), answer.key_id()),
            (VerifyCode::NotFound, None)
        );
        assert_eq!(block_on(keys.identify(&miss)).unwrap(), None);
    }
    let foreign = "legacy-secret-of-another-system";
    import_raw(&keys, foreign);
    for place in 0..foreign.len() {
        let miss = format!("{}#{}", &foreign[..place], &foreign[place + 1..]);
        assert_eq!(code(&keys, &miss), VerifyCode::NotFound);
        assert_eq!(block_on(keys.identify(&miss)).unwrap(), None);
    }
    assert_eq!(code(&keys, foreign), VerifyCode::Valid);
}

// CVE-2026-35030 (LiteLLM): a cache knew keys by their first 20 characters.
#[test]
fn secrets_that_begin_alike_are_different_secrets() {
    let keys = memory();
    let made = create(&keys, CreateOptions::default()).secret;
    let misses = near_misses(made.reveal());
    for same in [20, 32, 64] {
        assert_eq!(code(&keys, made.reveal()), VerifyCode::Valid);
        let miss = misses
            .iter()
            .rev()
            .find(|it| it[..same] == made.reveal()[..same]);
        assert_eq!(code(&keys, miss.unwrap()), VerifyCode::NotFound);
        let begins = "s".repeat(same);
        let ids = ["one", "two"].map(|end| import_raw(&keys, &format!("{begins}-{end}")));
        for (end, id) in [
            ("one", Some(&ids[0])),
            ("two", Some(&ids[1])),
            ("three", None),
        ] {
            let any = VerifyOptions::default();
            let secret = format!("{begins}-{end}");
            let answer = block_on(keys.verify(&secret, &any)).unwrap();
            assert_eq!(answer.key_id().as_ref(), id);
        }
        assert_eq!(code(&keys, &begins), VerifyCode::NotFound);
    }
}

// CVE-2026-59822 (LiteLLM): a check that failed fell through to an empty auth object, which counted.
// `Verification` has no `Default` and no constructor; see its documentation, which must not compile.
#[test]
fn a_verification_that_failed_names_no_key_and_is_not_valid() {
    let keys = memory();
    let unknown = create(&memory(), CreateOptions::default()).secret;
    for secret in ["", "hunter2", unknown.reveal(), "null", "undefined"] {
        let any = VerifyOptions::default();
        let answer = block_on(keys.verify(secret, &any)).unwrap();
        assert!(!answer.valid() && answer.key().is_none() && answer.key_id().is_none());
    }
}

// OpenBao CVE-2025-6203 and CVE-2025-59043: JSON that was nested or large enough exhausted the
// server.
#[test]
fn json_that_is_nested_or_huge_is_refused() {
    let deep = 200_000;
    for nested in [
        "[".repeat(deep),
        format!("{{\"name\":{}", "[".repeat(deep)),
        format!("{{\"name\":\"a\",\"metadata\":{}", "{\"a\":".repeat(deep)),
        format!("{{\"name\":\"a\",\"unknown\":{}", "[".repeat(deep)),
    ] {
        let refused = ImportRecord::from_json(&nested).unwrap_err();
        assert_eq!(refused.code, ErrorCode::InvalidArgument);
    }
    let many: Vec<String> = (0..100_000).map(|n| format!("\"k{n}\":\"v\"")).collect();
    let many = format!("{{{}}}", many.join(","));
    let long = format!("\"{}\"", "x".repeat(10_000_000));
    let keys = memory();
    for (field, value) in [
        ("name", &long),
        ("hash", &long),
        ("prefix", &long),
        ("owner", &long),
        ("redacted_value", &long),
        ("metadata", &many),
    ] {
        let mut line = format!("{{\"hash_format\":\"sha256\",\"{field}\":{value}");
        if field != "name" {
            line.push_str(",\"name\":\"a\"");
        }
        if field != "hash" {
            let hash = "ab".repeat(32);
            line = format!("{line},\"hash\":\"{hash}\"");
        }
        line.push('}');
        let record = ImportRecord::from_json(&line).unwrap();
        let report = block_on(keys.import_keys(vec![record])).unwrap();
        assert_eq!(report.refused.len(), 1, "{field}");
        assert_eq!(report.refused[0].code, "invalid_argument", "{field}");
        assert!(report.refused[0].message.len() < 500, "{field}");
    }
}

// rand RUSTSEC-2026-0097: its thread-local generator was unsound beside a custom logger. Secrets are
// the operating system's randomness; deny.toml lets no crate of ours depend on `rand`.
#[test]
fn secrets_are_made_without_rand() {
    let manifest = include_str!("../../../Cargo.toml");
    let names = manifest.lines().filter_map(|line| line.split_once('='));
    assert!(names.clone().any(|(name, _)| name.trim() == "getrandom"));
    assert!(names.clone().all(|(name, _)| name.trim() != "rand"));
    assert!(include_str!("../../../deny.toml").contains("crate = \"rand\""));
}

// Truffle Security and CloudSEK on Gemini: keys that had been issued for something harmless could
// do more once a new API was switched on.
#[test]
fn a_new_capability_never_reaches_a_key_that_was_issued_before() {
    let keys = memory();
    let with = |scopes: &[&str]| CreateOptions {
        scopes: Some(scopes.iter().map(|&scope| scope.to_owned()).collect()),
        ..CreateOptions::default()
    };
    let issued = [
        create(&keys, with(&[])),
        create(&keys, with(&["maps"])),
        create(&keys, with(&["maps", "maps.read", "gemini.list"])),
    ];
    // The new scope comes into the world with the first key that has it.
    let newcomer = create(&keys, with(&["gemini"]));
    let required = VerifyOptions {
        scopes: vec!["gemini".to_owned()],
        ..VerifyOptions::default()
    };
    let code = |made: &Created| {
        block_on(keys.verify(made.secret.reveal(), &required))
            .unwrap()
            .code()
    };
    assert_eq!(code(&newcomer), VerifyCode::Valid);
    for made in &issued {
        assert_eq!(code(made), VerifyCode::InsufficientScope);
        block_on(keys.rotate(&made.key.id, None)).unwrap();
        assert_eq!(code(made), VerifyCode::InsufficientScope);
    }
}

// OpenBao CVE-2026-45808, CVE-2026-40264: who knew an id of another tenant could act on it.
#[test]
fn what_is_said_of_one_tenant_reaches_nothing_of_another() {
    let (keys, other) = (memory(), memory());
    let mut made = Vec::new();
    for tenant in ["a", "b"] {
        block_on(keys.projects().create(tenant, ProjectOptions::default())).unwrap();
        let options = CreateOptions {
            project: Some(tenant.to_owned()),
            owner: Some(format!("cust_{tenant}")),
            ..CreateOptions::default()
        };
        made.push(create(&keys, options));
    }
    let (a, b) = (&made[0], &made[1]);
    let listed = |options: ListOptions| -> Vec<String> {
        let page = block_on(keys.list(options)).unwrap();
        page.data.into_iter().map(|key| key.id).collect()
    };
    let of_a = || ListOptions {
        project: Some("a".to_owned()),
        ..ListOptions::default()
    };
    assert_eq!(listed(of_a()), std::slice::from_ref(&a.key.id));
    let looking_for_b = ListOptions {
        search: Some(b.key.id.clone()),
        ..of_a()
    };
    assert_eq!(listed(looking_for_b), [] as [String; 0]);
    let of_owner_a = ListOptions {
        owner: Some("cust_a".to_owned()),
        project: Some("b".to_owned()),
        ..ListOptions::default()
    };
    assert_eq!(listed(of_owner_a), [] as [String; 0]);
    // A service account of one project owns nothing in another.
    let robot = block_on(keys.service_accounts().create("robot", Some("a"))).unwrap();
    let across = CreateOptions {
        project: Some("b".to_owned()),
        owner: Some(robot.id),
        ..CreateOptions::default()
    };
    let refused = block_on(keys.create("across", across)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidArgument);
    // An id is no capability: another store knows neither it nor the secret.
    let unknown = block_on(other.revoke(&a.key.id, RevocationReason::Unspecified));
    assert_eq!(unknown.unwrap_err().code, ErrorCode::NotFound);
    assert_eq!(code(&other, a.secret.reveal()), VerifyCode::NotFound);
    // What ends one tenant's keys ends them alone.
    let reason = RevocationReason::Unspecified;
    assert_eq!(block_on(keys.revoke_all("cust_a", reason)), Ok(1));
    block_on(keys.projects().archive("a")).unwrap();
    assert_eq!(code(&keys, a.secret.reveal()), VerifyCode::Revoked);
    assert_eq!(code(&keys, b.secret.reveal()), VerifyCode::Valid);
}

#[cfg(feature = "sqlite")]
mod in_a_file {
    use super::*;
    use keywright::{Clock, ManualClock};
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    fn open(path: &Path, clock: Option<Arc<ManualClock>>) -> KeyManager {
        let options = OpenOptions {
            clock: clock.map(|clock| clock as Arc<dyn Clock>),
            ..OpenOptions::default()
        };
        block_on(KeyManager::open(path.to_str(), options)).unwrap()
    }

    // CVE-2026-42208 (LiteLLM): the presented key was put into a statement when it was looked up.
    #[test]
    fn a_presented_secret_is_never_a_piece_of_sql() {
        let folder = tempfile::tempdir().unwrap();
        let keys = open(&folder.path().join("keys.db"), None);
        let made = create(&keys, CreateOptions::default());
        let injections = [
            "' OR '1'='1",
            "' OR 1=1 --",
            "'; DROP TABLE keys; --",
            "\" OR \"\"=\"",
            "x' UNION SELECT * FROM versions --",
            "%",
            "_",
            "*",
            "\0' OR 1=1 --",
        ];
        let all_refused = |wanted: VerifyCode| {
            for text in injections {
                assert_eq!(code(&keys, text), wanted, "{text:?}");
                assert_eq!(block_on(keys.identify(text)).unwrap(), None, "{text:?}");
                // In the form of our own secrets, where locator and random part stand.
                let secret = made.secret.reveal();
                for place in [14, 40] {
                    let crafted = format!("{}{text}{}", &secret[..place], &secret[place..]);
                    assert_ne!(code(&keys, &crafted), VerifyCode::Valid, "{text:?}");
                }
            }
        };
        all_refused(VerifyCode::Malformed);
        // Once something was imported, any string is looked up.
        import_raw(&keys, "legacy-secret");
        let salted = ImportRecord {
            name: "salted".to_owned(),
            hash_format: Some("bcrypt".to_owned()),
            hash: Some("$2b$04$abcdefghijklmnopqrstuuDPYMT0NZ0yGN2u2GyyyQn3eLtYYbWyu".to_owned()),
            prefix: Some("x'_%".to_owned()),
            ..ImportRecord::default()
        };
        let report = block_on(keys.import_keys(vec![salted])).unwrap();
        assert_eq!(report.refused, Vec::new());
        all_refused(VerifyCode::NotFound);
        // What other calls take as text is text.
        for text in injections.iter().filter(|text| !text.contains('\0')) {
            let search = ListOptions {
                search: Some((*text).to_owned()),
                ..ListOptions::default()
            };
            let found = block_on(keys.list(search)).unwrap().data;
            let has_it = |key: &keywright::ApiKey| {
                let texts = [&key.name, &key.id, &key.owner.id, &key.redacted_value];
                texts.iter().any(|shown| shown.contains(*text))
            };
            assert!(found.iter().all(has_it), "{text:?}");
        }
        assert_eq!(code(&keys, made.secret.reveal()), VerifyCode::Valid);
        assert_eq!(code(&keys, "legacy-secret"), VerifyCode::Valid);
    }

    // Clock skew: each node judged by its own clock, so that what one had ended lived on at another.
    #[test]
    fn what_somebody_ended_is_dead_on_every_clock_and_an_expiry_is_each_clocks_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.db");
        let clock_at = |seconds| Arc::new(ManualClock::at(seconds));
        let (now, behind) = (clock_at(1_800_000_000), clock_at(1_799_996_400));
        let (here, there) = (
            open(&path, Some(now)),
            open(&path, Some(Arc::clone(&behind))),
        );
        let rotated = create(&here, CreateOptions::default());
        block_on(here.rotate(&rotated.key.id, Some(Duration::ZERO))).unwrap();
        let revoked = create(&here, CreateOptions::default());
        block_on(here.revoke(&revoked.key.id, RevocationReason::Unspecified)).unwrap();
        for made in [&rotated, &revoked] {
            assert_eq!(code(&here, made.secret.reveal()), VerifyCode::Revoked);
            assert_eq!(code(&there, made.secret.reveal()), VerifyCode::Revoked);
        }
        let expiring = create(
            &here,
            CreateOptions {
                expires_in: Some(Duration::from_secs(60)),
                ..CreateOptions::default()
            },
        );
        behind.set_ms(1_800_000_059_999);
        assert_eq!(code(&there, expiring.secret.reveal()), VerifyCode::Valid);
        behind.set_ms(1_800_000_060_000);
        assert_eq!(code(&there, expiring.secret.reveal()), VerifyCode::Expired);
    }

    // better-auth #9993 and one-api #2440: uses at once took more than there was, and the rest went
    // below nothing.
    #[test]
    fn uses_at_once_from_several_openings_never_take_more_than_there_is() {
        const CREDITS: u64 = 10;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.db");
        let first = open(&path, None);
        let made = create(
            &first,
            CreateOptions {
                credits: Some(CREDITS),
                ..CreateOptions::default()
            },
        );
        let openings = [first, open(&path, None), open(&path, None)];
        let secret = made.secret.reveal();
        let granted: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = openings
                .iter()
                .map(|keys| {
                    scope.spawn(move || {
                        let codes = (0..8).map(|_| code(keys, secret));
                        codes.filter(|code| *code == VerifyCode::Valid).count()
                    })
                })
                .collect();
            threads.into_iter().map(|it| it.join().unwrap()).sum()
        });
        assert_eq!(granted as u64, CREDITS);
        let left = block_on(openings[0].get(&made.key.id)).unwrap().limits[0].remaining;
        assert_eq!(left, Some(0));
    }
}
