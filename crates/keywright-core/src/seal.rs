//! Row seals: an HMAC under a key derived from the pepper over every column that decides what a
//! key may do. Who can write to the database but lacks the pepper can neither plant a row nor
//! widen one. Names, metadata, last use and counters are not covered.

use crate::accounts::{Account, Project};
use crate::canonical::Canonical;
use crate::keys::{End, Key, Material, State, Version};
use crate::pepper::{PepperRing, Tag, TagUse};
use crate::store::{ForeignScheme, IdempotencyRecord};
use crate::time::Timestamp;

/// A row that carries a seal.
pub trait Sealed {
    /// Everything of the row that the seal covers.
    fn sealed_form(&self) -> Canonical;

    /// The seal of this row in that store under the current pepper.
    fn seal(&self, peppers: &PepperRing, store_id: &str) -> Tag {
        let (store, form) = (place(store_id), self.sealed_form());
        peppers.tag(TagUse::Seal, &[store.as_bytes(), form.as_bytes()])
    }

    /// Whether `seal` is this row's in that store: a row of another store that has the same pepper
    /// is no good here.
    fn has_seal(&self, peppers: &PepperRing, store_id: &str, seal: &Tag) -> bool {
        let (store, form) = (place(store_id), self.sealed_form());
        peppers.check_tag(TagUse::Seal, &[store.as_bytes(), form.as_bytes()], seal)
    }
}

fn place(store_id: &str) -> Canonical {
    Canonical::new(store_id)
}

fn time(out: &mut Canonical, moment: Option<Timestamp>) {
    match moment {
        Some(moment) => out.number(1).number(moment.unix().unsigned_abs()),
        None => out.number(0),
    };
}

impl Sealed for Key {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("key/1");
        out.shown(&self.id)
            .number(self.row_version)
            .shown(&self.project)
            .text(self.owner.kind().as_str())
            .shown(&self.owner)
            .text(self.class.as_str())
            .text(self.brand.as_str());
        match self.scopes.as_list() {
            Some(scopes) => out.number(1).list(scopes),
            None => out.number(0),
        };
        match self.networks.to_list() {
            Some(networks) => out.number(1).list(&networks),
            None => out.number(0),
        };
        out.number(self.limits.len() as u64);
        for limit in &self.limits {
            out.text(&serde_json::to_string(limit).unwrap_or_default());
        }
        match self.state {
            State::Active => out.text("active"),
            State::Disabled => out.text("disabled"),
            State::Revoked { at, reason } => out
                .text("revoked")
                .number(at.unix().unsigned_abs())
                .text(reason.as_str()),
        };
        time(&mut out, Some(self.created_at));
        time(&mut out, self.expires_at);
        out
    }
}

impl Sealed for Version {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("version/1");
        out.shown(&self.id)
            .shown(&self.key)
            .number(u64::from(self.number))
            .number(self.row_version)
            .text(self.locator.as_str())
            .number(u64::from(self.lookup.is_some()))
            .bytes(self.lookup.as_deref().unwrap_or_default());
        match &self.material {
            Material::Digest { digest, chain } => {
                out.text("digest").bytes(digest.0.as_bytes()).shown(chain)
            }
            Material::Foreign { stored } => out.text("foreign").text(stored),
        };
        out.text(&self.redacted_value)
            .number(u64::from(self.unconfirmed));
        time(&mut out, Some(self.created_at));
        match self.end {
            None => out.number(0),
            Some(End::At(end)) => out.number(1).number(end.unix().unsigned_abs()),
            Some(End::Decided(end)) => out.number(2).number(end.unix().unsigned_abs()),
        };
        out
    }
}

impl Sealed for Project {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("project/1");
        out.shown(&self.id)
            .number(self.row_version)
            .shown(&self.default_account);
        for lifetime in [self.default_lifetime, self.max_lifetime] {
            out.number(u64::from(lifetime.is_some()))
                .number(lifetime.map_or(0, |span| span.as_secs()));
        }
        time(&mut out, Some(self.created_at));
        time(&mut out, self.archived_at);
        out
    }
}

impl Sealed for Account {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("account/1");
        out.shown(&self.id).number(self.row_version);
        out.maybe(self.project.map(|id| id.to_string()).as_deref());
        time(&mut out, Some(self.created_at));
        time(&mut out, self.deleted_at);
        out
    }
}

impl Sealed for IdempotencyRecord {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("idempotency/1");
        out.bytes(&self.key_hash)
            .bytes(&self.fingerprint)
            .shown(&self.key);
        time(&mut out, Some(self.created_at));
        out
    }
}

impl Sealed for ForeignScheme {
    fn sealed_form(&self) -> Canonical {
        let mut out = Canonical::new("scheme/1");
        out.text(&self.name)
            .number(u64::from(self.sealed_key.is_some()))
            .bytes(self.sealed_key.as_deref().unwrap_or_default());
        out
    }
}
