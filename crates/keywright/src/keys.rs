//! The life of keys: create, look at, change, rotate, switch off and on, revoke.

use crate::limits;
use crate::manager::KeyManager;
use crate::options::LogLevel;
use crate::types::{ApiKey, CreateOptions, Created, Limit, ListOptions, Page, UpdateOptions};
use keywright_core::audit::EventType;
use keywright_core::canonical::Canonical;
use keywright_core::ids::KeyId;
use keywright_core::keys::{KeyPatch, KeyWithVersions, RevocationReason};
use keywright_core::lifecycle::{Command, DEFAULT_OVERLAP, MAX_OVERLAP};
use keywright_core::names::{Metadata, Name};
use keywright_core::networks::Networks;
use keywright_core::operations::{self, CreateKey, CreateOutcome, IdempotencyKey};
use keywright_core::owner::Owner;
use keywright_core::scopes::Scopes;
use keywright_core::secret::Class;
use keywright_core::store::{KeyQuery, Rows};
use keywright_core::time::Timestamp;
use keywright_core::{Error, ErrorCode, Result};
use std::time::Duration;

/// How many are on a page where nothing is said, and at most.
const DEFAULT_PAGE: u32 = 20;
pub(crate) const MAX_PAGE: u32 = 1000;

impl KeyManager {
    /// Issues a key and shows its secret, this once.
    ///
    /// With an `idempotency_key` a retry within 24 hours gives the same key: with a fresh secret if
    /// it was never used (the undelivered one is dead then), else `already_issued`.
    ///
    /// # Errors
    /// `invalid_argument`, `not_found` (project, owner), `invalid_state` (archived project),
    /// `already_issued`, `idempotency_conflict`.
    pub async fn create(&self, name: &str, options: CreateOptions) -> Result<Created> {
        let class = options.class.unwrap_or(Class::Live);
        if class == Class::Admin {
            return Err(Error::invalid("an admin key is not made here")
                .hint("admin_keys has a create of its own"));
        }
        self.issue(name, class, options).await
    }

    pub(crate) async fn issue(
        &self,
        name: &str,
        class: Class,
        options: CreateOptions,
    ) -> Result<Created> {
        let (created, _) = self.issue_or_reissue(name, class, options).await?;
        Ok(created)
    }

    /// Also says whether the secret replaces one that an earlier request was given.
    pub(crate) async fn issue_or_reissue(
        &self,
        name: &str,
        class: Class,
        options: CreateOptions,
    ) -> Result<(Created, bool)> {
        let wanted = self.parse_create(name, class, options)?;
        let (secret, new) = self.secret_maker().make(class)?;
        let context = self.context();
        let now = context.now;
        let outcome = self
            .transact(move |tx| operations::create_key(tx, &context, &wanted, &new))
            .await??;
        let (it, replaces) = match outcome {
            CreateOutcome::Issued(it) => (it, false),
            CreateOutcome::Reissued(it) => (it, true),
        };
        let key = ApiKey::from_stored(&it, now);
        Ok((Created { key, secret }, replaces))
    }

    /// The key of that id.
    pub async fn get(&self, id: &str) -> Result<ApiKey> {
        self.get_of_kind(id, false).await
    }

    pub(crate) async fn get_of_kind(&self, id: &str, admin: bool) -> Result<ApiKey> {
        let id: KeyId = id.parse()?;
        let (now, now_ms) = (self.now(), self.inner.clock.now_ms());
        self.look(move |rows| {
            let found = rows
                .key_with_versions(id)?
                .filter(|it| (it.key.class == Class::Admin) == admin);
            let it = found.ok_or_else(no_such_key)?;
            view(rows, &it, now, now_ms)
        })
        .await
    }

    /// Keys, newest first.
    pub async fn list(&self, options: ListOptions) -> Result<Page<ApiKey>> {
        self.list_of_kind(options, false, false).await
    }

    pub(crate) async fn list_of_kind(
        &self,
        options: ListOptions,
        admin: bool,
        oldest_first: bool,
    ) -> Result<Page<ApiKey>> {
        let limit = page_size(options.limit, DEFAULT_PAGE)?;
        let after = options
            .after
            .as_deref()
            .map(str::parse::<KeyId>)
            .transpose()?;
        let owner = options.owner.as_deref().map(Owner::parse).transpose()?;
        let search = options.search.filter(|text| !text.is_empty());
        if search.as_ref().is_some_and(|text| text.len() > 512) {
            return Err(Error::invalid("the search text is too long").hint("at most 512 bytes"));
        }
        let (now, now_ms) = (self.now(), self.inner.clock.now_ms());
        let (project, status, include_revoked) =
            (options.project, options.status, options.include_revoked);
        self.look(move |rows| {
            if let Some(after) = after
                && rows.key(after)?.is_none()
            {
                return Err(no_such_key());
            }
            let project = match &project {
                Some(project) => Some(operations::find_project(rows, Some(project))?.id),
                None => None,
            };
            let query = KeyQuery {
                project,
                owner: owner.clone(),
                status,
                search: search.clone(),
                include_revoked,
                admin,
                oldest_first,
                after,
                limit: limit + 1,
            };
            let mut keys = rows.keys(&query, now)?;
            let has_more = keys.len() > limit as usize;
            keys.truncate(limit as usize);
            let mut data = Vec::with_capacity(keys.len());
            for key in keys {
                let versions = rows.versions(key.id)?;
                data.push(view(rows, &KeyWithVersions { key, versions }, now, now_ms)?);
            }
            Ok(Page { data, has_more })
        })
        .await
    }

    /// Changes some fields of a key. The rest stays as it is, also under concurrent changes.
    ///
    /// # Errors
    /// `invalid_argument`, `not_found`, `invalid_state` (revoked or expired).
    pub async fn update(&self, id: &str, changes: UpdateOptions) -> Result<ApiKey> {
        let UpdateOptions {
            name,
            metadata,
            scopes,
            allowed_ips,
            expires_at,
            limits,
        } = changes;
        let patch = KeyPatch {
            name: name.as_deref().map(Name::parse).transpose()?,
            metadata: metadata.map(Metadata::parse).transpose()?,
            scopes: scopes
                .map(|list| Scopes::parse(list.as_deref()))
                .transpose()?,
            networks: allowed_ips
                .map(|list| Networks::parse(list.as_deref()))
                .transpose()?,
            limits: limits
                .map(|list| limits::parse_all(None, None, &list))
                .transpose()?,
            state: None,
            expires_at,
        };
        self.change(id, Command::Update(patch)).await
    }

    /// Gives a key a new secret; the old one stays good for `overlap` (24 hours if absent, at most
    /// 366 days; zero for a leak). Id, name, limits and history stay.
    ///
    /// # Errors
    /// `not_found`, `invalid_state` (only an active key rotates), `rotation_in_progress`.
    pub async fn rotate(&self, id: &str, overlap: Option<Duration>) -> Result<Created> {
        self.rotate_if(id, overlap, None).await
    }

    /// Only if the newest version has that number, where one is given.
    pub(crate) async fn rotate_if(
        &self,
        id: &str,
        overlap: Option<Duration>,
        newest: Option<u32>,
    ) -> Result<Created> {
        let id: KeyId = id.parse()?;
        let overlap = overlap.unwrap_or(DEFAULT_OVERLAP);
        if overlap > MAX_OVERLAP {
            return Err(Error::invalid("the overlap is too long").hint("at most 366 days"));
        }
        let (context, maker) = (self.context(), self.secret_maker());
        let now = context.now;
        let (it, secret) = self
            .transact(move |tx| {
                if newest.is_some() && newest != newest_version(tx, id)? {
                    return Ok(Err(rotated_since()));
                }
                let mut made = None;
                let outcome = operations::rotate_key(tx, &context, id, overlap, &mut |class| {
                    let (secret, new) = maker.make(class)?;
                    made = Some(secret);
                    Ok((new.version, new.kept))
                })?;
                Ok(outcome.map(|it| (it, made)))
            })
            .await??;
        let secret =
            secret.ok_or_else(|| Error::new(ErrorCode::Internal, "a rotation made no secret"))?;
        Ok(Created {
            key: ApiKey::from_stored(&it, now),
            secret,
        })
    }

    /// Ends the old version of a rotation now.
    pub async fn finish_rotation(&self, id: &str) -> Result<ApiKey> {
        self.change(id, Command::FinishRotation).await
    }

    /// Ends the new version of a rotation now; the old one is current again.
    pub async fn cancel_rotation(&self, id: &str) -> Result<ApiKey> {
        self.change(id, Command::CancelRotation).await
    }

    /// Switches a key off. Doing it twice changes nothing.
    pub async fn disable(&self, id: &str) -> Result<ApiKey> {
        self.change(id, Command::Disable).await
    }

    /// Switches a key on again. Doing it twice changes nothing.
    pub async fn enable(&self, id: &str) -> Result<ApiKey> {
        self.change(id, Command::Enable).await
    }

    /// Kills a key for good. When this returns, no verify that starts later succeeds with it, in
    /// this process or any other. Doing it twice changes nothing.
    ///
    /// # Errors
    /// `not_found`; `tampered` if the key or the audit trail was damaged: the key is dead then, too.
    pub async fn revoke(&self, id: &str, reason: RevocationReason) -> Result<ApiKey> {
        self.change(id, Command::Revoke(reason)).await
    }

    /// Revokes every key of an owner; says how many that were.
    ///
    /// # Errors
    /// `tampered` if some of them were damaged, or the audit trail: all are dead then, too.
    pub async fn revoke_all(&self, owner: &str, reason: RevocationReason) -> Result<u64> {
        let (owner, context) = (Owner::parse(owner)?, self.context());
        self.transact(move |tx| operations::revoke_all(tx, &context, &owner, reason))
            .await?
    }

    async fn change(&self, id: &str, command: Command) -> Result<ApiKey> {
        self.change_of_kind(id, false, command).await
    }

    pub(crate) async fn change_of_kind(
        &self,
        id: &str,
        admin: bool,
        command: Command,
    ) -> Result<ApiKey> {
        let id: KeyId = id.parse()?;
        let context = self.context();
        let (now, now_ms) = (context.now, self.inner.clock.now_ms());
        let changed = self
            .transact(move |tx| {
                let outcome = operations::change_key(tx, &context, id, admin, &command)?;
                // What is only to be shown must not undo the change.
                Ok(outcome.map(|it| {
                    view(tx, &it, now, now_ms).unwrap_or_else(|_| ApiKey::from_stored(&it, now))
                }))
            })
            .await??;
        if changed.versions.is_empty() {
            self.log(
                LogLevel::Error,
                "a key was changed whose versions can't be read",
                Some(ErrorCode::Tampered.as_str()),
                Some(&changed.id),
            );
        }
        Ok(changed)
    }

    pub(crate) fn parse_create(
        &self,
        name: &str,
        class: Class,
        options: CreateOptions,
    ) -> Result<CreateKey> {
        let now = self.now();
        let idempotency = self.idempotency(name, class, &options)?;
        let CreateOptions {
            project,
            owner,
            scopes,
            expires_in,
            expires_at,
            allowed_ips,
            metadata,
            class: _,
            rate_limit,
            credits,
            limits,
            idempotency_key: _,
        } = options;
        Ok(CreateKey {
            name: Name::parse(name)?,
            project,
            owner: owner.as_deref().map(Owner::parse).transpose()?,
            class,
            brand: self.inner.brand.clone(),
            scopes: Scopes::parse(scopes.as_deref())?,
            networks: Networks::parse(allowed_ips.as_deref())?,
            limits: limits::parse_all(rate_limit.as_deref(), credits, &limits)?,
            metadata: Metadata::parse(metadata)?,
            expires_at: expiry(now, expires_in, expires_at)?,
            idempotency,
            event_type: EventType::KeyCreated,
        })
    }

    /// What the store keeps of an idempotency key: nothing that could be read back.
    pub(crate) fn idempotency(
        &self,
        name: &str,
        class: Class,
        options: &CreateOptions,
    ) -> Result<Option<IdempotencyKey>> {
        let Some(key) = &options.idempotency_key else {
            return Ok(None);
        };
        check_idempotency_key(key)?;
        let mut form = Canonical::new("create/1");
        form.text(name)
            .text(class.as_str())
            .maybe(options.project.as_deref())
            .maybe(options.owner.as_deref());
        for list in [&options.scopes, &options.allowed_ips] {
            form.number(u64::from(list.is_some()))
                .list(list.as_deref().unwrap_or_default());
        }
        form.maybe(
            options
                .expires_in
                .map(|span| span.as_secs().to_string())
                .as_deref(),
        )
        .maybe(
            options
                .expires_at
                .map(|end| end.unix().to_string())
                .as_deref(),
        )
        .maybe(options.rate_limit.as_deref())
        .maybe(options.credits.map(|count| count.to_string()).as_deref())
        .number(options.metadata.len() as u64);
        for (key, value) in &options.metadata {
            form.text(key).text(value);
        }
        form.text(&serde_json::to_string(&options.limits).unwrap_or_default());
        let index = |label: &str, part: &[u8]| self.inner.peppers.index(label, &[part]);
        Ok(Some(IdempotencyKey {
            key_hash: index("idempotency-key", key.as_bytes()),
            fingerprint: index("idempotency-parameters", form.as_bytes()),
        }))
    }
}

pub(crate) fn check_idempotency_key(key: &str) -> Result<()> {
    if key.is_empty() || key.chars().count() > 255 {
        return Err(Error::invalid("an idempotency key has 1 to 255 characters"));
    }
    Ok(())
}

/// A key as it is shown, with what is left of its limits.
fn view<R: Rows + ?Sized>(
    rows: &mut R,
    it: &KeyWithVersions,
    now: Timestamp,
    now_ms: i64,
) -> Result<ApiKey> {
    let mut key = ApiKey::from_stored(it, now);
    for (shown, limit) in key.limits.iter_mut().zip(&it.key.limits) {
        let counter = rows.counter(it.key.id, &limit.name)?.unwrap_or_default();
        let remaining = keywright_core::limits::remaining(limit, &counter, now_ms);
        *shown = Limit {
            remaining: Some(remaining),
            ..shown.clone()
        };
    }
    Ok(key)
}

pub(crate) fn expiry(
    now: Timestamp,
    expires_in: Option<Duration>,
    expires_at: Option<Timestamp>,
) -> Result<Option<Timestamp>> {
    match (expires_in, expires_at) {
        (Some(_), Some(_)) => Err(Error::invalid("give expires_in or expires_at, not both")),
        (None, at) => Ok(at),
        (Some(span), None) => match now.after(span) {
            Some(end) if span.as_secs() > 0 => Ok(Some(end)),
            _ => Err(Error::invalid("the lifetime is out of range")
                .hint("from one second up to the year 9999")),
        },
    }
}

pub(crate) fn page_size(limit: Option<u32>, default: u32) -> Result<u32> {
    match limit {
        None => Ok(default),
        Some(limit) if (1..=MAX_PAGE).contains(&limit) => Ok(limit),
        Some(_) => Err(Error::invalid(format!("a page holds 1 to {MAX_PAGE}"))),
    }
}

fn newest_version<R: Rows + ?Sized>(rows: &mut R, id: KeyId) -> Result<Option<u32>> {
    let it = rows.key_with_versions(id)?;
    Ok(it.and_then(|it| it.newest().map(|version| version.number)))
}

fn rotated_since() -> Error {
    Error::new(
        ErrorCode::RotationInProgress,
        "the key was rotated since that was asked",
    )
    .hint("look at the key again")
}

pub(crate) fn no_such_key() -> Error {
    Error::new(ErrorCode::NotFound, "there is no such key")
        .hint("list the keys to see what there is")
}
