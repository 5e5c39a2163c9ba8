//! The audit trail: every change of state, and every refused attempt at one, as an event in the
//! transaction of the change. Each event carries a MAC over itself and the MAC of the one before,
//! so that the chain can be checked anywhere with the pepper, and recomputed nowhere without it.

use crate::canonical::Canonical;
use crate::error::ErrorCode;
use crate::ids::ProjectId;
use crate::pepper::{PepperRing, Tag, TagUse};
use crate::time::Timestamp;
use serde_json::Value;
use std::net::IpAddr;

/// Who acts, and from where. Text of the application's own choosing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// For example `cli:alice`, `user_…`, `admin-console`.
    pub name: String,
    /// The address that the request came from, if any.
    pub address: Option<IpAddr>,
}

impl Default for Actor {
    fn default() -> Self {
        Self {
            name: "library".to_owned(),
            address: None,
        }
    }
}

macro_rules! event_types {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal;)+) => {
        /// What happened. The names follow OpenAI's audit log where it has one.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum EventType { $($(#[doc = $doc])+ $variant,)+ }

        impl EventType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The type of that name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|event| event.as_str() == text)
            }
        }
    };
}

event_types! {
    /// A key was issued.
    KeyCreated = "api_key.created";
    /// A key's name, metadata, scopes, networks, limits or expiry was changed.
    KeyUpdated = "api_key.updated";
    /// A key got a new version, or its rotation was finished or cancelled.
    KeyRotated = "api_key.rotated";
    /// A key was switched off.
    KeyDisabled = "api_key.disabled";
    /// A key was switched on again.
    KeyEnabled = "api_key.enabled";
    /// A key was revoked.
    KeyRevoked = "api_key.revoked";
    /// A key was taken over from another system.
    KeyImported = "api_key.imported";
    /// A project was made.
    ProjectCreated = "project.created";
    /// A project was given another name.
    ProjectUpdated = "project.updated";
    /// A project was archived.
    ProjectArchived = "project.archived";
    /// A service account was made.
    ServiceAccountCreated = "service_account.created";
    /// A service account was given another name.
    ServiceAccountUpdated = "service_account.updated";
    /// A service account was deleted.
    ServiceAccountDeleted = "service_account.deleted";
    /// A user was made.
    UserCreated = "user.created";
    /// A user was given another name.
    UserUpdated = "user.updated";
    /// A user was deleted.
    UserDeleted = "user.deleted";
    /// A backup was restored over this store.
    StoreRestored = "store.restored";
}

/// An event that is about to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub event_type: EventType,
    /// The id of the key, project or account; empty where none came to be.
    pub object_id: String,
    /// The project that it happened in.
    pub project: Option<ProjectId>,
    /// `None` if it was done; the error's code if it was refused.
    pub refused: Option<ErrorCode>,
    /// The fields that it changed, as they were.
    pub before: Value,
    /// The fields that it changed, as they are now (or were asked to be).
    pub after: Value,
}

/// An event of the chain, with everything as text, just as it is stored and exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its place in the chain, from 1 and without gaps.
    pub seq: u64,
    /// When.
    pub time: Timestamp,
    /// Who.
    pub actor: String,
    /// The address that the request came from, if any.
    pub address: Option<String>,
    /// What, by its stable name.
    pub event_type: String,
    /// The id of the object.
    pub object_id: String,
    /// The id of the project.
    pub project_id: Option<String>,
    /// `done`, or the code of the refusal.
    pub outcome: String,
    /// JSON of what was.
    pub before: String,
    /// JSON of what is.
    pub after: String,
    /// The MAC over all this and the MAC before.
    pub mac: Tag,
}

/// The outcome of an event that was carried out.
pub const DONE: &str = "done";

impl Event {
    /// Puts a new event behind the event whose place and MAC are given (`None`: at the start).
    #[must_use]
    pub fn chain(
        peppers: &PepperRing,
        store_id: &str,
        previous: Option<(u64, &Tag)>,
        new: NewEvent,
    ) -> Self {
        let mut event = Self {
            seq: previous.map_or(1, |(seq, _)| seq + 1),
            time: new.time,
            actor: new.actor.name,
            address: new.actor.address.map(|address| address.to_string()),
            event_type: new.event_type.as_str().to_owned(),
            object_id: new.object_id,
            project_id: new.project.map(|id| id.to_string()),
            outcome: new.refused.map_or(DONE, ErrorCode::as_str).to_owned(),
            before: new.before.to_string(),
            after: new.after.to_string(),
            mac: Tag {
                pepper: 0,
                mac: [0; 32],
            },
        };
        event.mac = peppers.tag(
            TagUse::Audit,
            &[
                event.covered(store_id).as_bytes(),
                &link(previous.map(|(_, tag)| tag)),
            ],
        );
        event
    }

    /// Whether it stands where it was put: its MAC is sound and the one before is `previous`.
    #[must_use]
    pub fn follows(
        &self,
        peppers: &PepperRing,
        store_id: &str,
        previous: Option<(u64, &Tag)>,
    ) -> bool {
        self.seq == previous.map_or(1, |(seq, _)| seq + 1)
            && peppers.check_tag(
                TagUse::Audit,
                &[
                    self.covered(store_id).as_bytes(),
                    &link(previous.map(|(_, tag)| tag)),
                ],
                &self.mac,
            )
    }

    fn covered(&self, store_id: &str) -> Canonical {
        let mut out = Canonical::new("event/1");
        out.text(store_id)
            .number(self.seq)
            .number(self.time.unix().unsigned_abs())
            .text(&self.actor)
            .maybe(self.address.as_deref())
            .text(&self.event_type)
            .text(&self.object_id)
            .maybe(self.project_id.as_deref())
            .text(&self.outcome)
            .text(&self.before)
            .text(&self.after);
        out
    }
}

fn link(previous: Option<&Tag>) -> Vec<u8> {
    previous
        .map(|tag| tag.to_bytes().to_vec())
        .unwrap_or_default()
}
