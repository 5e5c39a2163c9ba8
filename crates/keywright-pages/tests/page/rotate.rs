use crate::harness::Site;

#[test]
fn a_new_secret_is_shown_and_the_old_one_lives_as_long_as_was_chosen() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let (id, old) = (created.key.id, created.secret);
    let browser = site.browser("o");
    let form = browser.open("rotate", &id);
    assert_eq!(form.field("overlap"), "86400");
    let shown = browser.send_form(&form, &[("overlap", "3600")]);
    assert_eq!(shown.status(), 200);
    let new = shown.secret().unwrap();
    assert!(shown.has("The old secret keeps working until 12 Mar 2026, 15:05 UTC."));
    assert_eq!(
        (site.verify(old.reveal()), site.verify(&new)),
        ("valid", "valid")
    );
    site.wait(3600);
    assert_eq!(
        (site.verify(old.reveal()), site.verify(&new)),
        ("revoked", "valid")
    );
}

#[test]
fn a_secret_that_leaked_ends_at_once() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let shown = site
        .browser("o")
        .submit("rotate", &created.key.id, &[("overlap", "0")]);
    assert!(shown.has("The old secret no longer works."));
    assert_eq!(site.verify(created.secret.reveal()), "revoked");
}

/// Also with no overlap, where the library itself would gladly rotate again.
#[test]
fn a_form_that_is_sent_twice_rotates_once() {
    for overlap in ["0", "86400"] {
        let site = Site::new();
        let id = site.issue("o", "x").key.id;
        let browser = site.browser("o");
        let form = browser.open("rotate", &id);
        let first = browser.send_form(&form, &[("overlap", overlap)]);
        let second = browser.send_form(&form, &[("overlap", overlap)]);
        assert_eq!((first.status(), second.status()), (200, 409));
        assert_eq!(second.secret(), None);
        assert!(second.has("This key was rotated already"));
        assert_eq!(site.get(&id).versions.len(), 2);
        assert_eq!(site.verify(&first.secret().unwrap()), "valid");
    }
}

#[test]
fn progress_tells_whether_the_old_secret_is_still_used() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let (id, old) = (created.key.id, created.secret);
    assert_eq!(site.verify(old.reveal()), "valid");
    let browser = site.browser("o");
    site.wait(60);
    browser.submit("rotate", &id, &[("overlap", "86400")]);
    assert!(browser.get("").has("Rotating"));
    let query = format!("?dialog=rotate&id={id}");
    assert!(browser.get(&query).has("has not been used since"));
    site.wait(60);
    assert_eq!(site.verify(old.reveal()), "valid");
    assert!(
        browser
            .get(&query)
            .has("has been used since the new one was made, last on 12 Mar 2026, 14:07 UTC")
    );
}

#[test]
fn it_can_be_finished_early() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let browser = site.browser("o");
    let new = browser.submit("rotate", &created.key.id, &[("overlap", "86400")]);
    let sent = browser.submit("rotate", &created.key.id, &[("action", "finish")]);
    assert!(browser.follow(&sent).has("The rotation of “x” is finished"));
    assert_eq!(site.verify(created.secret.reveal()), "revoked");
    assert_eq!(site.verify(&new.secret().unwrap()), "valid");
}

#[test]
fn it_can_be_cancelled() {
    let site = Site::new();
    let created = site.issue("o", "x");
    let browser = site.browser("o");
    let new = browser.submit("rotate", &created.key.id, &[("overlap", "86400")]);
    let form = browser.open("rotate", &created.key.id);
    let sent = browser.send_form(&form, &[("action", "cancel")]);
    assert!(browser.follow(&sent).has("was cancelled"));
    assert_eq!(site.verify(created.secret.reveal()), "valid");
    assert_eq!(site.verify(&new.secret().unwrap()), "revoked");
    // Twice is told, and harms nothing.
    assert_eq!(
        browser.send_form(&form, &[("action", "cancel")]).status(),
        409
    );
    assert_eq!(site.verify(created.secret.reveal()), "valid");
}

/// A form of an earlier rotation must not end a later one.
#[test]
fn an_old_form_ends_no_later_rotation() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    browser.submit("rotate", &id, &[("overlap", "86400")]);
    let old = browser.open("rotate", &id);
    browser.send_form(&old, &[("action", "finish")]);
    let new = browser.submit("rotate", &id, &[("overlap", "86400")]);
    for action in ["finish", "cancel"] {
        let shown = browser.send_form(&old, &[("action", action)]);
        assert_eq!(shown.status(), 409, "{action}");
    }
    assert_eq!(site.verify(&new.secret().unwrap()), "valid");
}

#[test]
fn only_the_overlaps_that_are_offered_count() {
    let site = Site::new();
    let id = site.issue("o", "x").key.id;
    let browser = site.browser("o");
    let form = browser.open("rotate", &id);
    for (name, value) in [
        ("overlap", "1"),
        ("overlap", "99999999999"),
        ("overlap", "-1"),
        ("overlap", ""),
        ("version", "x"),
        ("version", "99999999999"),
    ] {
        let shown = browser.send_form(&form, &[(name, value)]);
        assert_eq!(shown.status(), 400, "{name}={value}");
    }
    assert_eq!(site.get(&id).versions.len(), 1);
}
