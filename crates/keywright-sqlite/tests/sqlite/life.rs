//! The way through: make, issue, verify, revoke, open again.

use crate::place::Place;
use keywright_core::VerifyCode;
use keywright_core::keys::RevocationReason;
use keywright_core::lifecycle::Command;
use keywright_testkit::wanted;

#[test]
fn a_key_lives_and_dies_and_stays_dead_when_the_store_is_opened_again() {
    let place = Place::new();
    let issued = {
        let store = place.open(1);
        let issued = store.issue(&wanted("first"));
        assert_eq!(store.verify(&issued.secret).unwrap(), VerifyCode::Valid);
        issued
    };
    let store = place.open(2);
    assert_eq!(store.verify(&issued.secret).unwrap(), VerifyCode::Valid);
    store
        .change(issued.id(), Command::Revoke(RevocationReason::Unspecified))
        .unwrap();
    assert_eq!(store.verify(&issued.secret).unwrap(), VerifyCode::Revoked);
    drop(store);
    assert_eq!(
        place.open(3).verify(&issued.secret).unwrap(),
        VerifyCode::Revoked
    );
    assert_eq!(place.files(), ["keywright.db", "keywright.db.revocations"]);
}
