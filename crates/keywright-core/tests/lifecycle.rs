//! The life of a key as a table: every state a key can be in, every command, and what comes of it.
//! Then random lives, in which the rules that hold always must hold.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the code around the tests may fail as they do"
)]

mod support;

use keywright_core::ErrorCode;
use keywright_core::ids::VersionId;
use keywright_core::keys::{End, KeyPatch, KeyStatus, KeyWithVersions, RevocationReason, State};
use keywright_core::lifecycle::{Change, Command, decide};
use keywright_core::names::Name;
use keywright_core::random::SeededRandom;
use keywright_core::time::Timestamp;
use proptest::prelude::*;
use std::time::Duration;
use support::{at, issued, kept};

/// When the table looks at its keys, in seconds after the start.
const NOW: i64 = 1_000;

/// The states, and what each command does in them: `done` changes something (also what nobody sees:
/// an end that the clock brought becomes one for good), `same` succeeds and
/// changes nothing, `state` is refused as `invalid_state`, `busy` as `rotation_in_progress`.
const TABLE: &str = "
                      update  rotate  finish  cancel  disable  enable  revoke
active                done    done    state   state   done     same    done
rotating              done    busy    done    done    done     same    done
rotated               done    done    done    state   done     same    done
finished              done    done    same    state   done     same    done
cancelled             done    done    same    state   done     same    done
disabled              done    state   state   state   same     done    done
disabled+rotating     done    state   done    done    same     done    done
expired               state   state   state   state   state    state   done
expired+rotating      state   state   state   state   state    state   done
disabled+expired      state   state   state   state   same     state   done
revoked               state   state   state   state   state    state   same
revoked+rotating      state   state   state   state   state    state   same
revoked+expired       state   state   state   state   state    state   same
";

fn rotate(seed: u64, overlap: u64) -> Command {
    Command::Rotate {
        version: VersionId::generate(&SeededRandom::new(seed)).unwrap(),
        secret: kept(seed),
        overlap: Duration::from_secs(overlap),
    }
}

fn rename(name: &str) -> Command {
    Command::Update(KeyPatch {
        name: Some(Name::parse(name).unwrap()),
        ..KeyPatch::default()
    })
}

fn command(name: &str) -> Command {
    match name {
        "update" => rename("another"),
        "rotate" => rotate(9, 60),
        "finish" => Command::FinishRotation,
        "cancel" => Command::CancelRotation,
        "disable" => Command::Disable,
        "enable" => Command::Enable,
        "revoke" => Command::Revoke(RevocationReason::Superseded),
        _ => panic!("no command {name}"),
    }
}

/// Carries changes out as a store does.
fn applied(mut it: KeyWithVersions, changes: &[Change]) -> KeyWithVersions {
    for change in changes {
        match change {
            Change::Key(patch) => it.key = it.key.patched(patch),
            Change::Version(version, patch) => {
                let place = it.versions.iter().position(|now| now == version).unwrap();
                it.versions[place] = version.clone().patched(patch);
            }
            Change::NewVersion(version) => it.versions.push(version.clone()),
        }
    }
    it
}

fn after(it: KeyWithVersions, command: &Command, now: Timestamp) -> KeyWithVersions {
    let changes = decide(&it, command, now).unwrap();
    applied(it, &changes)
}

/// A key in the state of that name, as it is at [`NOW`].
fn in_state(name: &str) -> KeyWithVersions {
    let mut it = issued();
    it.key.expires_at = Some(at(NOW + 1));
    for part in name.split('+') {
        it = match part {
            "active" => it,
            "rotating" => after(it, &rotate(2, 10_000), at(0)),
            "rotated" => after(it, &rotate(2, 60), at(0)),
            "finished" => after(
                after(it, &rotate(2, 10_000), at(0)),
                &Command::FinishRotation,
                at(5),
            ),
            "cancelled" => after(
                after(it, &rotate(2, 10_000), at(0)),
                &Command::CancelRotation,
                at(5),
            ),
            "expired" => {
                it.key.expires_at = Some(at(NOW));
                it
            }
            // The state alone, so that it can be combined with any other.
            "disabled" => {
                it.key.state = State::Disabled;
                it
            }
            "revoked" => {
                it.key.state = State::Revoked {
                    at: at(3),
                    reason: RevocationReason::KeyCompromise,
                };
                it
            }
            _ => panic!("no state {part}"),
        };
    }
    it
}

fn rows() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let mut lines = TABLE.lines().filter(|line| !line.is_empty());
    let commands: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    lines.flat_map(move |line| {
        let mut cells = line.split_whitespace();
        let state = cells.next().unwrap();
        let cells: Vec<_> = commands.clone().into_iter().zip(cells).collect();
        cells
            .into_iter()
            .map(move |(command, wanted)| (state, command, wanted))
    })
}

/// `rotating` comes before what stops it, or it could not have begun.
fn parts_in_order(state: &str) -> String {
    let mut parts: Vec<_> = state.split('+').collect();
    parts.sort_by_key(|part| *part != "rotating");
    parts.join("+")
}

#[test]
fn every_command_in_every_state() {
    let mut cells = 0;
    for (state, name, wanted) in rows() {
        let it = in_state(&parts_in_order(state));
        let told = match decide(&it, &command(name), at(NOW)) {
            Ok(changes) if changes.is_empty() => "same".to_owned(),
            Ok(_) => "done".to_owned(),
            Err(error) if error.code == ErrorCode::InvalidState => "state".to_owned(),
            Err(error) if error.code == ErrorCode::RotationInProgress => "busy".to_owned(),
            Err(error) => error.code.to_string(),
        };
        assert_eq!(told, wanted, "{name} of a key that is {state}");
        cells += 1;
    }
    assert_eq!(cells, 13 * 7);
}

#[test]
fn a_refusal_says_what_to_do_next() {
    for (state, name, wanted) in rows() {
        if let Err(error) = decide(&in_state(&parts_in_order(state)), &command(name), at(NOW)) {
            assert!(
                error.hint.is_some(),
                "{name} of a key that is {state}: {wanted}"
            );
        }
    }
}

#[test]
fn expiry_counts_from_the_exact_second() {
    let mut it = issued();
    it.key.expires_at = Some(at(10));
    assert_eq!(it.key.status(at(9)), KeyStatus::Active);
    assert!(decide(&it, &rename("b"), at(9)).is_ok());
    assert_eq!(it.key.status(at(10)), KeyStatus::Expired);
    assert!(decide(&it, &rename("b"), at(10)).is_err());
}

#[test]
fn what_was_decided_shows_before_what_time_decides() {
    for (state, status) in [
        ("disabled+expired", KeyStatus::Disabled),
        ("revoked+expired", KeyStatus::Revoked),
        ("expired", KeyStatus::Expired),
        ("rotating", KeyStatus::Active),
    ] {
        assert_eq!(in_state(state).key.status(at(NOW)), status);
    }
}

#[test]
fn a_rotation_keeps_everything_but_the_secret() {
    let before = in_state("active");
    let after = after(before.clone(), &rotate(2, 60), at(7));
    assert_eq!(after.key, before.key);
    let [old, new] = after.versions.as_slice() else {
        panic!("two versions");
    };
    assert_eq!((old.number, new.number), (1, 2));
    assert_eq!((old.end, new.end), (Some(End::At(at(67))), None));
    assert_eq!(new.created_at, at(7));
    assert_eq!(
        (&old.material, old.locator),
        (&before.versions[0].material, before.versions[0].locator)
    );
    assert_eq!(after.current().unwrap().number, 2);
    assert_eq!(after.overlapping(at(66)).unwrap().number, 1);
    assert!(after.overlapping(at(67)).is_none());
}

#[test]
fn what_somebody_ended_stays_dead_when_the_clock_steps_back() {
    let rotating = || after(in_state("active"), &rotate(2, 60), at(100));
    let cases = [
        (
            "overlap 0",
            after(in_state("active"), &rotate(2, 0), at(100)),
            1,
        ),
        (
            "finish",
            after(rotating(), &Command::FinishRotation, at(130)),
            1,
        ),
        (
            "finish, after the overlap",
            after(rotating(), &Command::FinishRotation, at(200)),
            1,
        ),
        (
            "cancel",
            after(rotating(), &Command::CancelRotation, at(130)),
            2,
        ),
        (
            "another rotation",
            after(rotating(), &rotate(3, 60), at(200)),
            1,
        ),
    ];
    for (what, it, number) in cases {
        let ended = &it.versions[number - 1];
        assert!(!ended.is_live(at(0)), "{what}");
        let refused = decide(&it, &Command::CancelRotation, at(0));
        assert!(what == "another rotation" || refused.is_err(), "{what}");
    }
    // An overlap that has passed and that nobody decided on is the clock's affair.
    assert!(rotating().versions[0].is_live(at(50)));
}

#[test]
fn an_end_is_shown_as_the_moment_at_which_it_came() {
    let rotated = after(in_state("active"), &rotate(2, 60), at(100));
    for (finished_at, shown) in [(130, 130), (160, 160), (500, 160)] {
        let it = after(rotated.clone(), &Command::FinishRotation, at(finished_at));
        assert_eq!(it.versions[0].ends_at(), Some(at(shown)));
        assert!(
            decide(&it, &Command::FinishRotation, at(600))
                .unwrap()
                .is_empty()
        );
    }
}

#[test]
fn an_overlap_past_the_end_of_time_ends_with_it() {
    let it = in_state("active");
    let after = after(it, &rotate(2, u64::MAX), at(0));
    assert_eq!(after.versions[0].ends_at(), Some(Timestamp::MAX));
}

#[test]
fn a_rotated_key_no_longer_takes_a_retried_create() {
    let mut it = in_state("active");
    it.versions[0].unconfirmed = true;
    let after = after(it, &rotate(2, 60), at(0));
    assert!(after.versions.iter().all(|version| !version.unconfirmed));
}

#[test]
fn revoking_twice_keeps_time_and_reason() {
    let it = after(
        in_state("active"),
        &Command::Revoke(RevocationReason::Superseded),
        at(4),
    );
    let it = after(it, &Command::Revoke(RevocationReason::KeyCompromise), at(9));
    let wanted = State::Revoked {
        at: at(4),
        reason: RevocationReason::Superseded,
    };
    assert_eq!(it.key.state, wanted);
}

#[derive(Clone, Debug)]
enum Move {
    Wait(i64),
    StepBack(i64),
    Do(Command),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => (0i64..50).prop_map(Move::Wait),
        1 => (1i64..100).prop_map(Move::StepBack),
        1 => "[a-z]{1,3}".prop_map(|name| Move::Do(rename(&name))),
        1 => (50i64..500).prop_map(|end| Move::Do(Command::Update(KeyPatch {
            expires_at: Some(Some(at(end))),
            ..KeyPatch::default()
        }))),
        4 => (any::<u64>(), 0u64..100).prop_map(|(seed, overlap)| Move::Do(rotate(seed, overlap))),
        2 => Just(Move::Do(Command::FinishRotation)),
        2 => Just(Move::Do(Command::CancelRotation)),
        2 => Just(Move::Do(Command::Disable)),
        2 => Just(Move::Do(Command::Enable)),
        1 => Just(Move::Do(Command::Revoke(RevocationReason::Unspecified))),
    ];
    proptest::collection::vec(one, 1..60)
}

fn live(it: &KeyWithVersions, now: Timestamp) -> usize {
    it.versions
        .iter()
        .filter(|version| version.is_live(now))
        .count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_the_rules_hold(moves in moves()) {
        let (mut it, mut now) = (issued(), 0);
        it.key.expires_at = None;
        for step in moves {
            let before = it.clone();
            match step {
                Move::Wait(seconds) => now += seconds,
                Move::StepBack(seconds) => now = (now - seconds).max(0),
                Move::Do(command) => {
                    if let Ok(changes) = decide(&it, &command, at(now)) {
                        it = applied(it, &changes);
                    }
                }
            }
            let revoked = |it: &KeyWithVersions| matches!(it.key.state, State::Revoked { .. });
            // Revoked is for ever, and changes no more.
            prop_assert!(!revoked(&before) || it == before);
            // At most two versions live, exactly one has no end, and numbers count up.
            prop_assert!(live(&it, at(now)) <= 2);
            prop_assert_eq!(it.versions.iter().filter(|version| version.end.is_none()).count(), 1);
            prop_assert!(it.versions.iter().zip(1..).all(|(version, number)| version.number == number));
            // What has ended stays so; and what somebody ended, whatever the clock says.
            for (old, new) in before.versions.iter().zip(&it.versions) {
                prop_assert!(old.is_live(at(now)) || !new.is_live(at(now)));
                if matches!(old.end, Some(End::Decided(_))) {
                    prop_assert_eq!(old.end, new.end);
                    prop_assert!(!new.is_live(at(0)));
                }
                prop_assert_eq!(&old.material, &new.material);
            }
            // A key's own data never change by themselves.
            prop_assert_eq!(&it.key.id, &before.key.id);
            prop_assert!(it.key.row_version >= before.key.row_version);
        }
    }
}
