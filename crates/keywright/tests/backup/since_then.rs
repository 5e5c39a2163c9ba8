//! What was taken away since the backup stays taken away.

use crate::support::{World, back_up, close, create, verify};
use futures_executor::block_on;
use keywright::{
    ErrorCode, KeyStatus, ListOptions, ProjectOptions, RevocationReason, UpdateOptions, VerifyCode,
};
use std::time::Duration;

#[test]
fn nothing_that_was_taken_away_is_valid_and_the_rest_is() {
    let world = World::new();
    let keys = world.open("a.db");
    let named = |name| create(&keys, name);
    let (revoked, disabled, narrowed) = (named("revoked"), named("disabled"), named("narrowed"));
    let (rotated, at_once, renamed) = (named("rotated"), named("at once"), named("renamed"));
    let untouched = named("untouched");
    back_up(&keys, &world.path("a.age")).unwrap();

    block_on(async {
        let revoke = RevocationReason::Unspecified;
        keys.revoke(&revoked.key.id, revoke).await.unwrap();
        keys.disable(&disabled.key.id).await.unwrap();
        let scopes = UpdateOptions {
            scopes: Some(Some(vec!["read".to_owned()])),
            ..UpdateOptions::default()
        };
        keys.update(&narrowed.key.id, scopes).await.unwrap();
        let hour = Some(Duration::from_secs(3600));
        keys.rotate(&rotated.key.id, hour).await.unwrap();
        keys.rotate(&at_once.key.id, Some(Duration::ZERO))
            .await
            .unwrap();
        let name = UpdateOptions {
            name: Some("another".to_owned()),
            ..UpdateOptions::default()
        };
        keys.update(&renamed.key.id, name).await.unwrap();
    });
    close(&keys);
    let report = world.restore_over("a.age", "a.db").unwrap();
    assert_eq!((report.revoked, report.disabled, report.ended), (1, 2, 2));

    // Twice: what is opened again has taken the restore itself into its log.
    for _ in 0..2 {
        let keys = world.open("a.db");
        assert_eq!(verify(&keys, &revoked), VerifyCode::Revoked);
        assert_eq!(verify(&keys, &disabled), VerifyCode::Disabled);
        assert_eq!(verify(&keys, &narrowed), VerifyCode::Disabled);
        assert_eq!(verify(&keys, &rotated), VerifyCode::Revoked);
        assert_eq!(verify(&keys, &at_once), VerifyCode::Revoked);
        assert_eq!(verify(&keys, &renamed), VerifyCode::Valid);
        assert_eq!(verify(&keys, &untouched), VerifyCode::Valid);
        assert_eq!(block_on(keys.verify_audit()).unwrap(), None);
        let all = ListOptions {
            include_revoked: true,
            ..ListOptions::default()
        };
        let listed = block_on(keys.list(all)).unwrap().data;
        assert_eq!(listed.len(), 7);
        let status = |name: &str| listed.iter().find(|key| key.name == name).unwrap().status;
        assert_eq!(status("revoked"), KeyStatus::Revoked);
        assert_eq!(status("disabled"), KeyStatus::Disabled);
        close(&keys);
    }
    let keys = world.open("a.db");
    // What is disabled can be looked at and enabled, what has no secret can get one.
    block_on(keys.enable(&disabled.key.id)).unwrap();
    assert_eq!(verify(&keys, &disabled), VerifyCode::Valid);
    let again = block_on(keys.rotate(&at_once.key.id, None)).unwrap();
    assert_eq!(verify(&keys, &again), VerifyCode::Valid);
    assert_eq!(verify(&keys, &at_once), VerifyCode::Revoked);
}

#[test]
fn archived_projects_and_deleted_accounts_stay_so() {
    let world = World::new();
    let keys = world.open("a.db");
    block_on(keys.projects().create("old", ProjectOptions::default())).unwrap();
    let user = block_on(keys.users().create("someone")).unwrap();
    back_up(&keys, &world.path("a.age")).unwrap();
    block_on(keys.projects().archive("old")).unwrap();
    block_on(keys.users().delete(&user.id)).unwrap();
    close(&keys);
    world.restore_over("a.age", "a.db").unwrap();
    let keys = world.open("a.db");
    let names = |all| {
        let projects = block_on(keys.projects().list(all)).unwrap();
        projects.into_iter().map(|it| it.name).collect::<Vec<_>>()
    };
    assert_eq!(names(false), ["default"]);
    assert_eq!(names(true), ["default", "old"]);
    assert!(block_on(keys.users().list()).unwrap().is_empty());
}

#[test]
fn a_log_that_was_cut_or_taken_away_stops_the_restore() {
    let world = World::new();
    let keys = world.open("a.db");
    let one = create(&keys, "one");
    back_up(&keys, &world.path("a.age")).unwrap();
    block_on(keys.revoke(&one.key.id, RevocationReason::Unspecified)).unwrap();
    close(&keys);
    let log = world.path("a.db.revocations");
    let whole = std::fs::read(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    let refusal = world.restore_over("a.age", "a.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Tampered, "{refusal}");

    let mut forged = whole.clone();
    *forged.last_mut().unwrap() ^= 1;
    std::fs::write(&log, forged).unwrap();
    let refusal = world.restore_over("a.age", "a.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Tampered, "{refusal}");

    std::fs::write(&log, whole).unwrap();
    world.restore_over("a.age", "a.db").unwrap();
    assert_eq!(verify(&world.open("a.db"), &one), VerifyCode::Revoked);
}

#[test]
fn logs_that_went_different_ways_are_not_mixed() {
    let world = World::new();
    let keys = world.open("a.db");
    let (one, two) = (create(&keys, "one"), create(&keys, "two"));
    back_up(&keys, &world.path("a.age")).unwrap();
    world.restore("a.age", "b.db").unwrap();
    let copy = world.open("b.db");
    let revoke = RevocationReason::Unspecified;
    block_on(keys.revoke(&one.key.id, revoke)).unwrap();
    block_on(copy.revoke(&two.key.id, revoke)).unwrap();
    back_up(&copy, &world.path("b.age")).unwrap();
    close(&keys);
    let refusal = world.restore_over("b.age", "a.db").unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Tampered, "{refusal}");
    let keys = world.open("a.db");
    assert_eq!(verify(&keys, &one), VerifyCode::Revoked);
    assert_eq!(verify(&keys, &two), VerifyCode::Valid);
}

#[test]
fn a_key_that_was_damaged_when_it_was_revoked_is_revoked_by_a_restore() {
    let world = World::new();
    let keys = world.open("a.db");
    let (damaged, other) = (create(&keys, "damaged"), create(&keys, "other"));
    back_up(&keys, &world.path("a.age")).unwrap();
    let raw = rusqlite::Connection::open(world.path("a.db")).unwrap();
    let damage = "UPDATE keys SET expires_at = 1 WHERE id = ?1";
    raw.execute(damage, [&damaged.key.id]).unwrap();
    drop(raw);
    let told = block_on(keys.revoke(&damaged.key.id, RevocationReason::KeyCompromise)).unwrap_err();
    assert_eq!(told.code, ErrorCode::Tampered);
    close(&keys);
    let report = world.restore_over("a.age", "a.db").unwrap();
    assert_eq!((report.revoked, report.disabled, report.ended), (1, 0, 0));
    for _ in 0..2 {
        let keys = world.open("a.db");
        assert_eq!(verify(&keys, &damaged), VerifyCode::Revoked);
        assert_eq!(verify(&keys, &other), VerifyCode::Valid);
        close(&keys);
    }
}
