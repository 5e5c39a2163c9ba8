//! `POST`: what a form does. Each is safe to send twice.

use crate::dates::Moment;
use crate::dialogs::{OVERLAPS, newest, seen};
use crate::entered::{End, Entered, May, Wanted};
use crate::fields::{Fields, Malformed};
use crate::page::Turn;
use crate::place::Place;
use crate::problem::Problem;
use crate::response::PageResponse;
use crate::texts::with;
use keywright::{ApiKey, CreateOptions, Error, ErrorCode, RevocationReason, UpdateOptions};
use std::time::Duration;

type Answer = Result<PageResponse, Problem>;

/// A life that begins now is the same when it is chosen again so soon after.
const SAME_MOMENT: Duration = Duration::from_secs(60);

impl Turn<'_> {
    pub(crate) async fn act(&self) -> Answer {
        let (place, fields) = self.form()?;
        let action = fields.required("action")?;
        if action == "create" {
            return self.create(&place, &fields).await;
        }
        let known = [
            "edit", "rotate", "finish", "cancel", "disable", "enable", "revoke",
        ];
        if !known.contains(&action) {
            return Err(Problem::Malformed);
        }
        let key = self.own_or_refuse(fields.required("id")?, action).await?;
        match action {
            "edit" => self.edit(&place, &fields, &key).await,
            "rotate" => self.rotate(&place, &fields, &key).await,
            "finish" | "cancel" => self.end_rotation(&place, &fields, &key, action).await,
            _ => self.switch(&place, &key, action).await,
        }
    }

    /// What is tried on a key of someone else is told in the audit trail.
    async fn own_or_refuse(&self, id: &str, action: &str) -> Result<ApiKey, Problem> {
        let found = self.own(id).await;
        if matches!(found, Err(Problem::Missing)) {
            self.acting()?.refuse_form(action, id).await?;
        }
        found
    }

    async fn create(&self, place: &Place, fields: &Fields) -> Answer {
        let (shower, now) = (self.shower(place), self.keys.now());
        let nonce = fields.required("nonce")?;
        if nonce.is_empty() || nonce.len() > 64 {
            return Err(Problem::Malformed);
        }
        let entered = Entered::read(fields, self.settings, None)?;
        let again = |error: String| shower.create(&self.signer, &entered, nonce, Some(error));
        let wanted = match entered.check(self.settings, self.texts, now) {
            Ok(wanted) => wanted,
            Err(error) => return self.list(400, place, None, Some(again(error))).await,
        };
        let name = wanted.name.clone();
        let options = self.new_key(wanted, nonce);
        let outcome = self.acting()?.create_or_replace(&name, options).await;
        let t = self.texts;
        let (created, replaces) = match outcome {
            Ok(it) => it,
            Err(error) => {
                let message = match error.code {
                    ErrorCode::AlreadyIssued => (t.issued_title, t.issued_text),
                    ErrorCode::IdempotencyConflict => (t.reused_title, t.reused_text),
                    ErrorCode::InvalidArgument => {
                        let dialog = again(t.invalid.to_owned());
                        return self.list(400, place, None, Some(dialog)).await;
                    }
                    _ => return Err(not_of_a_key(error)),
                };
                let key = match &error.key_id {
                    Some(id) => Some(self.own(id).await?),
                    None => None,
                };
                let dialog = shower.message(&self.signer, key.as_ref(), message);
                return self.list(409, place, None, Some(dialog)).await;
            }
        };
        let mut notes = Vec::new();
        if replaces {
            notes.push(t.secret_replaces.to_owned());
        }
        // On the first page of the newest it can be seen.
        let first = Place {
            revoked: place.revoked,
            ..Place::default()
        };
        let dialog = self
            .shower(&first)
            .secret(&self.signer, &created.key, created.secret, notes);
        self.list(200, &first, None, Some(dialog)).await
    }

    /// The owner is who asks; what the page doesn't offer is as the application set it.
    fn new_key(&self, wanted: Wanted, nonce: &str) -> CreateOptions {
        let (expires_in, expires_at) = match wanted.end {
            End::Keep | End::Never => (None, None),
            End::In(span) => (Some(span), None),
            End::At(end) => (None, Some(end)),
        };
        CreateOptions {
            owner: Some(self.owner.to_owned()),
            scopes: wanted.may.scopes(),
            expires_in,
            expires_at,
            // Of this owner's own: nobody can send another's form once more.
            idempotency_key: Some(self.signer.mark("nonce", nonce)),
            ..self.settings.new_keys.clone()
        }
    }

    async fn edit(&self, place: &Place, fields: &Fields, key: &ApiKey) -> Answer {
        let shower = self.shower(place);
        let entered = Entered::read(fields, self.settings, Some(key))?;
        let now = self.keys.now();
        let again = |error: String| shower.edit(&self.signer, key, &entered, Some(error));
        let wanted = match entered.check(self.settings, self.texts, now) {
            Ok(wanted) => wanted,
            Err(error) => return self.list(400, place, None, Some(again(error))).await,
        };
        let changes = self.changes(wanted, key);
        if changes == UpdateOptions::default() {
            return Ok(self.done(place, "edit", key));
        }
        let t = self.texts;
        // Who wrote meanwhile is not overwritten: what they took away would come back.
        if fields.required("seen")? != seen(key, &self.signer) {
            let dialog = shower.message(&self.signer, Some(key), (t.changed_title, t.changed_text));
            return self.list(409, place, None, Some(dialog)).await;
        }
        match self.acting()?.update(&key.id, changes).await {
            Ok(_) => Ok(self.done(place, "edit", key)),
            Err(error) if error.code == ErrorCode::InvalidArgument => {
                let dialog = again(t.invalid.to_owned());
                self.list(400, place, None, Some(dialog)).await
            }
            Err(error) => self.refused(place, key, error).await,
        }
    }

    /// What differs from the key as it is.
    fn changes(&self, wanted: Wanted, key: &ApiKey) -> UpdateOptions {
        let end = match wanted.end {
            End::Keep => key.expires_at,
            End::Never => None,
            End::At(end) => Some(end),
            End::In(span) => {
                let end = self.keys.now().after(span);
                let same = |old: &keywright::Timestamp| {
                    end.is_some_and(|end| end.since(*old) < SAME_MOMENT && *old <= end)
                };
                key.expires_at.filter(same).or(end)
            }
        };
        let scopes = match wanted.may {
            May::Unsaid => None,
            may => Some(may.scopes()),
        };
        UpdateOptions {
            name: Some(wanted.name).filter(|name| *name != key.name),
            scopes: scopes.filter(|scopes| *scopes != key.scopes),
            expires_at: Some(end).filter(|end| *end != key.expires_at),
            ..UpdateOptions::default()
        }
    }

    async fn rotate(&self, place: &Place, fields: &Fields, key: &ApiKey) -> Answer {
        let t = self.texts;
        let version = number(fields, "version")?;
        let overlap = number(fields, "overlap")?;
        if !OVERLAPS.contains(&overlap) {
            return Err(Problem::Malformed);
        }
        let version = u32::try_from(version).map_err(|_| Malformed)?;
        let acting = self.acting()?;
        let overlap = Duration::from_secs(overlap);
        let created = match acting.rotate_from(&key.id, version, overlap).await {
            Ok(created) => created,
            Err(error) => return self.refused(place, key, error).await,
        };
        let mut old = created.key.versions.iter().rev().skip(1);
        let ends_at = old.next().and_then(|version| version.ends_at);
        let note = match ends_at.filter(|_| !overlap.is_zero()) {
            Some(at) => with(t.old_until, "date", Moment::new(at, t).full),
            None => t.old_dead.to_owned(),
        };
        let dialog =
            self.shower(place)
                .secret(&self.signer, &created.key, created.secret, vec![note]);
        self.list(200, place, None, Some(dialog)).await
    }

    async fn end_rotation(
        &self,
        place: &Place,
        fields: &Fields,
        key: &ApiKey,
        action: &str,
    ) -> Answer {
        // A form that is older than the rotation must not end it.
        if number(fields, "version")? != u64::from(newest(key)) {
            let error = Error::new(ErrorCode::RotationInProgress, "rotated since");
            return self.refused(place, key, error).await;
        }
        let acting = self.acting()?;
        let outcome = match action {
            "finish" => acting.finish_rotation(&key.id).await,
            _ => acting.cancel_rotation(&key.id).await,
        };
        match outcome {
            Ok(_) => Ok(self.done(place, action, key)),
            Err(error) => self.refused(place, key, error).await,
        }
    }

    async fn switch(&self, place: &Place, key: &ApiKey, action: &str) -> Answer {
        let acting = self.acting()?;
        let outcome = match action {
            "disable" => acting.disable(&key.id).await,
            "enable" => acting.enable(&key.id).await,
            _ => acting.revoke(&key.id, RevocationReason::Unspecified).await,
        };
        match outcome {
            Ok(_) => Ok(self.done(place, action, key)),
            Err(error) => self.refused(place, key, error).await,
        }
    }

    /// Back to the list, which says what was done.
    fn done(&self, place: &Place, done: &str, key: &ApiKey) -> PageResponse {
        let signature = self.signer.notice(done, &key.id);
        PageResponse::see_other(place.link(&[
            ("done", done),
            ("key", &key.id),
            ("sig", &signature),
        ]))
    }

    /// The key's state doesn't allow it.
    async fn refused(&self, place: &Place, key: &ApiKey, error: Error) -> Answer {
        let t = self.texts;
        let message = match error.code {
            ErrorCode::RotationInProgress => (t.rotated_title, t.rotated_text),
            ErrorCode::InvalidState => (t.state_title, t.state_text),
            _ => return Err(error.into()),
        };
        let dialog = self.shower(place).message(&self.signer, Some(key), message);
        self.list(409, place, None, Some(dialog)).await
    }
}

/// `not_found` here is the owner or the project: the application's fault, and no missing key.
fn not_of_a_key(error: Error) -> Problem {
    Problem::Failed(error)
}

fn number(fields: &Fields, name: &str) -> Result<u64, Malformed> {
    fields.required(name)?.parse().map_err(|_| Malformed)
}
