//! What stands on the disk, what it may be read by, and what is refused and left as it is.

use crate::place::{Place, options};
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_core::pepper::PepperRing;
use keywright_core::random::SeededRandom;
use keywright_core::secret::Brand;
use keywright_core::{ErrorCode, VerifyCode};
use keywright_sqlite::{SqliteOptions, SqliteStore};
use keywright_testkit::wanted;
use rusqlite::Connection;
use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

#[test]
fn an_open_store_has_its_four_files_and_a_closed_one_two() {
    let place = Place::new();
    let store = place.open(1);
    store.issue(&wanted("key"));
    assert_eq!(
        place.files(),
        [
            "keywright.db",
            "keywright.db-shm",
            "keywright.db-wal",
            "keywright.db.revocations"
        ]
    );
    drop(store);
    assert_eq!(place.files(), ["keywright.db", "keywright.db.revocations"]);
}

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_any_of_them() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    // Also where an empty file was there before, for everybody to read.
    fs::write(place.path(), []).unwrap();
    fs::set_permissions(place.path(), PermissionsExt::from_mode(0o644)).unwrap();
    let store = place.open(1);
    store.issue(&wanted("key"));
    for name in place.files() {
        let mode = fs::metadata(place.folder.path().join(&name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_store_exists_once_there_is_something_in_its_file() {
    let place = Place::new();
    assert!(!SqliteStore::exists(&place.path()));
    fs::write(place.path(), []).unwrap();
    assert!(!SqliteStore::exists(&place.path()));
    drop(place.open(1));
    assert!(SqliteStore::exists(&place.path()));
    assert!(!SqliteStore::exists(place.folder.path()));
}

#[test]
fn a_store_is_only_made_where_that_is_wanted() {
    let place = Place::new();
    let open = |create: bool| {
        SqliteStore::open(SqliteOptions {
            create,
            ..options(&place.path(), &place.peppers)
        })
    };
    assert_eq!(open(false).err().unwrap().code, ErrorCode::Unavailable);
    assert_eq!(place.files(), Vec::<String>::new());
    drop(open(true).unwrap());
    open(false).unwrap();
}

/// Everything in a folder: names, contents, times of change.
fn picture(folder: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| {
            let changed = entry.metadata().unwrap().modified().unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap(), changed)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let text =
        &(|path: &Path| fs::write(path, "These are not the keys you are looking for.").unwrap())
            as &dyn Fn(&Path);
    let long = &|path: &Path| fs::write(path, vec![b'x'; 100_000]).unwrap();
    let other_database = &|path: &Path| {
        let other = Connection::open(path).unwrap();
        other
            .execute_batch("CREATE TABLE theirs (x); PRAGMA application_id = 7")
            .unwrap();
    };
    let write_ahead = &|path: &Path| {
        let other = Connection::open(path).unwrap();
        other
            .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
            .unwrap();
        other.execute_batch("CREATE TABLE theirs (x)").unwrap();
    };
    for (what, make) in [
        ("text", text),
        ("long", long),
        ("another program's", other_database),
        ("WAL", write_ahead),
    ] {
        let place = Place::new();
        make(&place.path());
        let before = picture(place.folder.path());
        let refused = place.refusal();
        assert_eq!(refused.code, ErrorCode::Unavailable, "{what}");
        assert!(
            refused.message.contains("not a keywright database"),
            "{what}: {}",
            refused.message
        );
        assert_eq!(picture(place.folder.path()), before, "{what}");
    }
}

#[test]
fn a_store_of_a_newer_program_is_refused_and_left_as_it_is() {
    let place = Place::new();
    drop(place.open(1));
    let newer = Connection::open(place.path()).unwrap();
    newer
        .execute_batch("PRAGMA user_version = 2; CREATE TABLE news (x)")
        .unwrap();
    drop(newer);
    let before = picture(place.folder.path());
    let refused = place.refusal();
    assert_eq!(refused.code, ErrorCode::SchemaVersion);
    assert!(refused.message.contains("newer"));
    assert_eq!(picture(place.folder.path()), before);
}

#[test]
fn a_path_that_cannot_be_a_store_is_refused_with_a_reason() {
    let place = Place::new();
    let refuse = |path: &Path| {
        SqliteStore::open(options(path, &place.peppers))
            .err()
            .unwrap()
    };
    let folder = refuse(place.folder.path());
    assert_eq!(folder.code, ErrorCode::Unavailable);
    assert!(folder.message.contains("is a folder"));
    let nowhere = refuse(&place.folder.path().join("no/such/folder/keywright.db"));
    assert_eq!(nowhere.code, ErrorCode::Unavailable);
    assert!(nowhere.hint.unwrap().contains("make the folder first"));
    fs::write(place.folder.path().join("file"), "x").unwrap();
    assert_eq!(
        refuse(&place.folder.path().join("file/keywright.db")).code,
        ErrorCode::Unavailable
    );
    assert_eq!(refuse(Path::new("")).code, ErrorCode::Unavailable);
    assert_eq!(refuse(Path::new("/")).code, ErrorCode::Unavailable);
    assert_eq!(place.files(), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_refused_with_a_reason() {
    let place = Place::new();
    let refused = SqliteStore::open(options(Path::new("/proc/keywright.db"), &place.peppers));
    let refused = refused.err().unwrap();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(refused.hint.is_some());
}

#[cfg(unix)]
#[test]
fn a_store_has_one_log_whatever_name_it_is_opened_by() {
    let place = Place::new();
    let key = place.open(1).issue(&wanted("key"));
    let other = Place::new();
    std::os::unix::fs::symlink(place.path(), other.path()).unwrap();
    let through_link = SqliteStore::open(options(&other.path(), &place.peppers)).unwrap();
    assert_eq!(through_link.path(), fs::canonicalize(place.path()).unwrap());
    drop(through_link);
    assert_eq!(other.files(), ["keywright.db"]);
    assert_eq!(place.open(2).verify(&key.secret), Ok(VerifyCode::Valid));
}

#[test]
fn a_wrong_pepper_is_a_clear_error_and_changes_nothing() {
    let place = Place::new();
    drop(place.open(1));
    let before = fs::read(place.path()).unwrap();
    let wrong = Arc::new(PepperRing::generate(&SeededRandom::new(99)).unwrap());
    let refused = SqliteStore::open(options(&place.path(), &wrong))
        .err()
        .unwrap();
    assert_eq!(refused.code, ErrorCode::Pepper);
    assert_eq!(fs::read(place.path()).unwrap(), before);
}

#[test]
fn a_further_pepper_with_a_higher_number_is_taken_in() {
    let mut place = Place::new();
    let first = place.open(1).issue(&wanted("first"));
    let known = place.peppers.to_text();
    let ring =
        |more: &str| Arc::new(PepperRing::parse(&format!("{}{more}", known.as_str())).unwrap());
    place.peppers = ring(&format!("2:{}", "ab".repeat(32)));
    let store = place.open(2);
    let second = store.issue(&wanted("second"));
    assert_eq!(store.verify(&first.secret), Ok(VerifyCode::Valid));
    assert_eq!(store.verify(&second.secret), Ok(VerifyCode::Valid));
    drop(store);
    assert_eq!(place.open(3).verify(&second.secret), Ok(VerifyCode::Valid));
    // From now on it is needed, it can't be another, and none goes before it.
    for ring in [ring(""), ring(&format!("2:{}", "cd".repeat(32)))] {
        let refused = SqliteStore::open(options(&place.path(), &ring))
            .err()
            .unwrap();
        assert_eq!(refused.code, ErrorCode::Pepper);
    }
    let before = ring(&format!("2:{}\n0:{}", "ab".repeat(32), "cd".repeat(32)));
    let refused = SqliteStore::open(options(&place.path(), &before))
        .err()
        .unwrap();
    assert_eq!(refused.code, ErrorCode::Pepper);
}

#[test]
fn a_further_pepper_waits_until_nobody_has_the_store_open_without_it() {
    let mut place = Place::new();
    let server = place.open(1);
    let old = Arc::clone(&place.peppers);
    let more = format!("{}2:{}", old.to_text().as_str(), "ab".repeat(32));
    place.peppers = Arc::new(PepperRing::parse(&more).unwrap());
    // A command that already has the new pepper makes and changes keys beside it.
    let command = place.open(2);
    let (kept, revoked) = (
        command.issue(&wanted("kept")),
        command.issue(&wanted("revoked")),
    );
    let revoke = Command::Revoke(RevocationReason::Unspecified);
    command.change(revoked.id(), revoke).unwrap();
    for store in [&server, &command] {
        assert_eq!(store.verify(&kept.secret), Ok(VerifyCode::Valid));
        assert_eq!(store.verify(&revoked.secret), Ok(VerifyCode::Revoked));
        keywright_testkit::store_suite::trail::check(store);
    }
    drop((server, command));
    assert!(SqliteStore::open(options(&place.path(), &old)).is_ok());
    // Nobody else has it open: from now on the new pepper is needed.
    let store = place.open(3);
    assert_eq!(store.peppers.current_number(), 2);
    assert_eq!(store.verify(&kept.secret), Ok(VerifyCode::Valid));
    let refused = SqliteStore::open(options(&place.path(), &old))
        .err()
        .unwrap();
    assert_eq!(refused.code, ErrorCode::Pepper);
}

#[test]
fn the_brand_is_fixed_when_the_store_is_made() {
    let place = Place::new();
    let open = |brand: Option<&str>| {
        SqliteStore::open(SqliteOptions {
            brand: brand.map(|brand| Brand::parse(brand).unwrap()),
            ..options(&place.path(), &place.peppers)
        })
    };
    assert_eq!(open(Some("acme")).unwrap().brand().as_str(), "acme");
    assert_eq!(open(None).unwrap().brand().as_str(), "acme");
    assert_eq!(open(Some("acme")).unwrap().brand().as_str(), "acme");
    assert_eq!(
        open(Some("other")).err().unwrap().code,
        ErrorCode::InvalidArgument
    );
    let plain = Place::new();
    assert_eq!(plain.try_open().unwrap().brand().as_str(), "kw");
}

#[test]
fn no_secret_is_ever_written() {
    let place = Place::new();
    let store = place.open(1);
    let secrets: Vec<String> = (0..100)
        .map(|_| store.issue(&wanted("key")).secret.reveal().to_owned())
        .collect();
    let bytes: Vec<u8> = picture(place.folder.path())
        .into_iter()
        .flat_map(|(_, bytes, _)| bytes)
        .collect();
    assert!(bytes.len() > 100_000);
    // Everything behind the public part: the random part and its checksum, in pieces.
    let pieces: HashSet<&[u8]> = secrets
        .iter()
        .flat_map(|secret| secret.as_bytes()[secret.len() - 49..].chunks_exact(16))
        .collect();
    assert_eq!(pieces.len(), 300);
    assert!(!bytes.windows(16).any(|window| pieces.contains(window)));
}
