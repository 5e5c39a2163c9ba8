//! A restore that is cut short leaves the old store, and can be done again.

use crate::support::{PASSPHRASE, World, back_up, close, create, verify};
use futures_executor::block_on;
use keywright::{ErrorCode, RevocationReason, SystemRandom, VerifyCode, pepper_path};
use keywright_sqlite::{RestoreRequest, RestoreStep, restore};
use secrecy::SecretString;
use std::sync::Arc;

const STEPS: [RestoreStep; 3] = [RestoreStep::Pepper, RestoreStep::Log, RestoreStep::Database];

fn cut_short(world: &World, to: &str, step: RestoreStep) {
    let store = world.path(to);
    let refusal = restore(&RestoreRequest {
        file: world.path("a.age"),
        passphrase: SecretString::from(PASSPHRASE),
        pepper_path: pepper_path(&store),
        store,
        overwrite: true,
        actor: keywright_core::audit::Actor::default(),
        clock: world.clock.clone(),
        random: Arc::new(SystemRandom),
        interrupt: Some(step),
    })
    .unwrap_err();
    assert_eq!(refusal.code, ErrorCode::Cancelled, "{refusal}");
}

#[test]
fn over_a_store_it_leaves_that_store() {
    for step in STEPS {
        let world = World::new();
        let keys = world.open("a.db");
        let (one, two) = (create(&keys, "one"), create(&keys, "two"));
        back_up(&keys, &world.path("a.age")).unwrap();
        block_on(keys.revoke(&one.key.id, RevocationReason::Unspecified)).unwrap();
        block_on(keys.disable(&two.key.id)).unwrap();
        block_on(keys.enable(&two.key.id)).unwrap();
        let later = create(&keys, "later");
        close(&keys);
        cut_short(&world, "a.db", step);
        let keys = world.open("a.db");
        assert_eq!(verify(&keys, &one), VerifyCode::Revoked, "{step:?}");
        assert_eq!(verify(&keys, &two), VerifyCode::Valid, "{step:?}");
        assert_eq!(verify(&keys, &later), VerifyCode::Valid, "{step:?}");
        close(&keys);
        world.restore_over("a.age", "a.db").unwrap();
        let keys = world.open("a.db");
        assert_eq!(verify(&keys, &one), VerifyCode::Revoked, "{step:?}");
        assert_eq!(verify(&keys, &later), VerifyCode::NotFound, "{step:?}");
    }
}

#[test]
fn in_an_empty_place_it_makes_no_store_and_is_done_again() {
    for step in STEPS {
        let world = World::new();
        let keys = world.open("a.db");
        let one = create(&keys, "one");
        back_up(&keys, &world.path("a.age")).unwrap();
        cut_short(&world, "b.db", step);
        assert!(!world.path("b.db").exists());
        world.restore("a.age", "b.db").unwrap();
        assert_eq!(
            verify(&world.open("b.db"), &one),
            VerifyCode::Valid,
            "{step:?}"
        );
    }
}
