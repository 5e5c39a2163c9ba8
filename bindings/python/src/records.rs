//! The data objects: one row for each field, with its name and type in Python.

use crate::arguments::{Text, Whole, number};
use crate::errors::raise;
use crate::json::Json;
use crate::record::record;
use crate::times::Moment;
use crate::words::Word;
use keywright::{Class, KeyStatus, OwnerKind, RevocationReason, VersionStatus};
use pyo3::prelude::*;
use std::collections::BTreeMap;

record! {
    /// An API key. There is never a secret in it.
    ApiKey of keywright::ApiKey {
        /// `key_…`: stable for its whole life.
        id: String = id;
        /// What people call it.
        name: String = name;
        /// What it is for.
        class_: Word<Class> = class;
        /// Whether it is in use.
        status: Word<KeyStatus> = status;
        /// What may be shown of its current secret.
        redacted_value: String = redacted_value;
        /// When it was issued.
        created_at: Moment = created_at;
        /// It is good while `now < expires_at`; forever if `None`.
        expires_at: Option<Moment> = expires_at;
        /// When any of its secrets was last used, at most a second behind.
        last_used_at: Option<Moment> = last_used_at;
        /// When it was revoked.
        revoked_at: Option<Moment> = revoked_at;
        /// Why it was revoked.
        revocation_reason: Option<Word<RevocationReason>> = revocation_reason;
        /// Who it belongs to.
        owner: KeyOwner = owner;
        /// `proj_…`: the project that it is in.
        project_id: String = project_id;
        /// What it may do: everything if `None`, nothing if empty.
        scopes: Option<Vec<String>> = scopes;
        /// The networks that it may be used from: anywhere if `None`.
        allowed_ips: Option<Vec<String>> = allowed_ips;
        /// The bounds on its use.
        limits: Vec<Limit> = limits;
        /// What the application keeps with it.
        metadata: BTreeMap<String, String> = metadata;
        /// Its versions, oldest first. A key that comes from `verify` has the presented one alone.
        versions: Vec<KeyVersion> = versions;
    }

    /// The wire form: what the command line prints and a server sends.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// Who a key belongs to.
    KeyOwner of keywright::KeyOwner {
        /// Which sort of owner.
        kind: Word<OwnerKind> = kind;
        /// `user_…`, `svc_…`, or the application's own string.
        id: String = id;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// One secret of a key.
    KeyVersion of keywright::KeyVersion {
        /// `ver_…`.
        id: String = id;
        /// 1 for the first, and one more at each rotation.
        number: u32 = number;
        /// Whether its secret counts.
        status: Word<VersionStatus> = status;
        /// What may be shown of its secret.
        redacted_value: String = redacted_value;
        /// When it was made.
        created_at: Moment = created_at;
        /// When it ends or ended; `None` while it is current.
        ends_at: Option<Moment> = ends_at;
        /// When its secret was last used, at most a second behind.
        last_used_at: Option<Moment> = last_used_at;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// How often a key was used on one day.
    DailyUse of keywright::DailyUse {
        /// The day: its midnight in UTC.
        day: Moment = day;
        /// How often it was used.
        count: u64 = count;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// A bound on use: so much of a unit, in a window, or refilled at intervals, or once and for
    /// all.
    Limit of keywright::Limit {
        /// `[a-z0-9_.:-]{1,64}`, unique on its key.
        name: String = name;
        /// `requests` or `credits`.
        unit: String = unit;
        /// How much: 0 to 2**53 (1 at least where there is a window).
        capacity: u64 = capacity;
        /// At most `capacity` in any window of so many seconds.
        window_seconds: Option<u32> = window_seconds;
        /// How much comes back every `refill_seconds`, up to `capacity`.
        refill_amount: Option<u64> = refill_amount;
        /// See `refill_amount`.
        refill_seconds: Option<u32> = refill_seconds;
        /// How much is left now. Only told, never set; `None` where it was not looked up.
        remaining: Option<u64> = remaining;
    }

    /// A limit for `create` or `update`.
    #[new]
    #[pyo3(signature = (
        name, unit, capacity, *,
        window_seconds = None, refill_amount = None, refill_seconds = None, remaining = None,
    ))]
    fn new(
        name: Text,
        unit: Text,
        capacity: Whole<u64>,
        window_seconds: Option<Whole<u32>>,
        refill_amount: Option<Whole<u64>>,
        refill_seconds: Option<Whole<u32>>,
        remaining: Option<Whole<u64>>,
    ) -> Self {
        Self(keywright::Limit {
            name: name.0,
            unit: unit.0,
            capacity: capacity.0,
            window_seconds: number(window_seconds),
            refill_amount: number(refill_amount),
            refill_seconds: number(refill_seconds),
            remaining: number(remaining),
        })
    }

    /// At most so many requests in any window: `100/60s`, `5/1m`, `1000/1h`, `1/1d`.
    #[staticmethod]
    fn rate(text: Text) -> PyResult<Self> {
        keywright::Limit::rate(&text.0).map(Self).map_err(raise)
    }

    /// So many usage credits, once and for all.
    #[staticmethod]
    fn credits(count: Whole<u64>) -> PyResult<Self> {
        keywright::Limit::credits(count.0).map(Self).map_err(raise)
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

impl Limit {
    /// The facade's own.
    pub(crate) fn inner(&self) -> keywright::Limit {
        self.0.clone()
    }
}

record! {
    /// A project: every key is in one.
    Project of keywright::Project {
        /// `proj_…`.
        id: String = id;
        /// What people call it.
        name: String = name;
        /// `active` or `archived`.
        status: String = status;
        /// `svc_…`: the owner of its keys where none is named.
        default_service_account_id: String = default_service_account_id;
        /// How long a key lives if nothing is said, in seconds.
        default_lifetime_seconds: Option<u64> = default_lifetime_seconds;
        /// The longest that a key may live, in seconds.
        max_lifetime_seconds: Option<u64> = max_lifetime_seconds;
        /// When it was made.
        created_at: Moment = created_at;
        /// When it was archived.
        archived_at: Option<Moment> = archived_at;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// A user of the store.
    User of keywright::User {
        /// `user_…`.
        id: String = id;
        /// What people call them.
        name: String = name;
        /// When they were added.
        created_at: Moment = created_at;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// A service account of a project.
    ServiceAccount of keywright::ServiceAccount {
        /// `svc_…`.
        id: String = id;
        /// What people call it.
        name: String = name;
        /// The project that it is in.
        project_id: String = project_id;
        /// When it was made.
        created_at: Moment = created_at;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// An event of the audit trail.
    AuditEvent of keywright::AuditEvent {
        /// Its place in the chain, from 1 and without gaps.
        seq: u64 = seq;
        /// When.
        time: Moment = time;
        /// What, for example `api_key.created`.
        event_type: String = event_type;
        /// Who.
        actor: String = actor;
        /// The address that the request came from, if any.
        ip: Option<String> = ip;
        /// The id of the key, project or account.
        object_id: String = object_id;
        /// The project that it happened in.
        project_id: Option<String> = project_id;
        /// `done`, or the code of the refusal.
        outcome: String = outcome;
        /// The fields that changed, as they were.
        before: Json = before;
        /// The fields that changed, as they are.
        after: Json = after;
        /// The MAC over the event and the MAC before, in hexadecimal.
        mac: String = mac;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// Where the audit chain is broken.
    BrokenLink of keywright::BrokenLink {
        /// The first place that doesn't follow from the one before.
        seq: u64 = seq;
        /// What is wrong there.
        problem: String = problem;
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}

record! {
    /// A record that was not taken over by an import.
    RefusedRecord of keywright::RefusedRecord {
        /// Which record, counted from 0.
        index: u64 = index;
        /// The error's code.
        code: String = code;
        /// What was wrong with it.
        message: String = message;
    }

    /// Says that a record was refused.
    #[new]
    fn new(index: Whole<u64>, code: Text, message: Text) -> Self {
        Self(keywright::RefusedRecord {
            index: index.0,
            code: code.0,
            message: message.0,
        })
    }

    /// The wire form.
    fn to_dict(&self) -> PyResult<Json> {
        Json::of(&self.0)
    }
}
