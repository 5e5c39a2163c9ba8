//! An opened store: what `KeyManager` and `AsyncKeyManager` stand on. Each method begins a call.

use crate::arguments::{Change, List, Pairs, Text, Whole, number, plain, texts};
use crate::call::{Call, Nothing, run};
use crate::created::NewKey;
use crate::errors::{guard, raise};
use crate::export::Export;
use crate::groups::{AdminKeys, Projects, ServiceAccounts, Users};
use crate::http::{Authorization, HttpPolicy, RequestParts, policy, required};
use crate::import::{ImportRecord, inner_limits};
use crate::opened::Opened;
use crate::page::{KeysPage, PageResponse, page as keys_page};
use crate::records::{ApiKey, AuditEvent, BrokenLink, DailyUse, Limit, RefusedRecord};
use crate::secret::Presented;
use crate::times::{Moment, Span, moment, span};
use crate::verification::Verification;
use crate::words::Word;
use keywright::{
    AuditOptions, Class, CreateOptions, ImportReport, KeyStatus, ListOptions, RevocationReason,
    UpdateOptions, VerifyOptions,
};
use pyo3::prelude::*;
use std::sync::Arc;

/// A page: what is on it, and whether there is another behind it.
pub(crate) type Page<T> = (Vec<T>, bool);

/// An opened store.
#[pyclass(frozen, module = "keywright._native")]
pub(crate) struct Manager(Opened);

impl From<Opened> for Manager {
    fn from(opened: Opened) -> Self {
        Self(opened)
    }
}

#[pymethods]
impl Manager {
    /// The mark that this store's secrets begin with.
    #[getter]
    fn brand(&self) -> &str {
        self.0.keys.brand()
    }

    /// The SQLite file, if the store is one.
    #[getter]
    fn path(&self) -> Option<String> {
        self.0
            .keys
            .path()
            .map(|path| path.to_string_lossy().into_owned())
    }

    /// The same store, with someone else acting in the audit trail.
    fn acting_as(&self, actor: Text, ip: Option<Text>) -> PyResult<Self> {
        guard(Some(&self.0.keys), || {
            let keys = self
                .0
                .keys
                .acting_as(&actor.0, plain(ip).as_deref())
                .map_err(raise)?;
            Ok(Self(self.0.with(keys)))
        })
    }

    /// Stores what is held back.
    fn flush(&self) -> Call<Nothing> {
        self.0
            .call(|keys| async move { keys.flush().await.map(|()| Nothing) })
    }

    /// Lets go of the store.
    fn close(&self) -> Call<Nothing> {
        self.0
            .call(|keys| async move { keys.close().await.map(|()| Nothing) })
    }

    /// Opens the same store anew, in the child of a fork.
    fn reopen(&self) -> PyResult<Self> {
        guard(None, || {
            let keys = self.0.keys.reopen().map_err(raise)?;
            Ok(Self(Opened::new(keys, Arc::clone(&self.0.log))))
        })
    }

    /// Never lets go of the store, not even when nobody knows it any more: its threads belong to
    /// another process, and waiting for them would never end.
    fn abandon(&self) {
        std::mem::forget(self.0.keys.clone());
    }

    /// Issues a key.
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn create(
        &self,
        name: Text,
        project: Option<Text>,
        owner: Option<Text>,
        scopes: Option<List<Text>>,
        expires_in: Option<Span>,
        expires_at: Option<Moment>,
        allowed_ips: Option<List<Text>>,
        metadata: Option<Pairs>,
        class_: Option<Word<Class>>,
        rate_limit: Option<Text>,
        credits: Option<Whole<u64>>,
        limits: Option<List<Py<Limit>>>,
        idempotency_key: Option<Text>,
    ) -> Call<NewKey> {
        let options = CreateOptions {
            project: plain(project),
            owner: plain(owner),
            scopes: scopes.map(texts),
            expires_in: span(expires_in),
            expires_at: moment(expires_at),
            allowed_ips: allowed_ips.map(texts),
            metadata: metadata.unwrap_or_default().0,
            class: class_.map(|Word(class)| class),
            rate_limit: plain(rate_limit),
            credits: number(credits),
            limits: inner_limits(limits),
            idempotency_key: plain(idempotency_key),
        };
        self.0
            .call(|keys| async move { keys.create(&name.0, options).await.map(NewKey) })
    }

    /// The key of that id.
    fn get(&self, id: Text) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.get(&id.0).await.map(ApiKey::from) })
    }

    /// Keys, newest first.
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn list(
        &self,
        project: Option<Text>,
        owner: Option<Text>,
        status: Option<Word<KeyStatus>>,
        search: Option<Text>,
        include_revoked: bool,
        after: Option<Text>,
        limit: Option<Whole<u32>>,
    ) -> Call<Page<ApiKey>> {
        let options = ListOptions {
            project: plain(project),
            owner: plain(owner),
            status: status.map(|Word(status)| status),
            search: plain(search),
            include_revoked,
            after: plain(after),
            limit: number(limit),
        };
        self.0
            .call(|keys| async move { keys.list(options).await.map(page) })
    }

    /// Changes some fields of a key.
    #[expect(clippy::too_many_arguments, reason = "one for each field")]
    fn update(
        &self,
        id: Text,
        name: Change<Text>,
        metadata: Change<Pairs>,
        scopes: Change<Option<List<Text>>>,
        allowed_ips: Change<Option<List<Text>>>,
        expires_at: Change<Option<Moment>>,
        limits: Change<List<Py<Limit>>>,
    ) -> Call<ApiKey> {
        let changes = UpdateOptions {
            name: name.map(|Text(name)| name),
            metadata: metadata.map(|Pairs(pairs)| pairs),
            scopes: scopes.map(|scopes| scopes.map(texts)),
            allowed_ips: allowed_ips.map(|networks| networks.map(texts)),
            expires_at: expires_at.map(moment),
            limits: limits.map(|limits| inner_limits(Some(limits))),
        };
        self.0
            .call(|keys| async move { keys.update(&id.0, changes).await.map(ApiKey::from) })
    }

    /// Gives a key a new secret.
    fn rotate(&self, id: Text, overlap: Option<Span>) -> Call<NewKey> {
        self.0
            .call(|keys| async move { keys.rotate(&id.0, span(overlap)).await.map(NewKey) })
    }

    /// Ends the old version of a rotation.
    fn finish_rotation(&self, id: Text) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.finish_rotation(&id.0).await.map(ApiKey::from) })
    }

    /// Ends the new version of a rotation.
    fn cancel_rotation(&self, id: Text) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.cancel_rotation(&id.0).await.map(ApiKey::from) })
    }

    /// Switches a key off.
    fn disable(&self, id: Text) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.disable(&id.0).await.map(ApiKey::from) })
    }

    /// Switches a key on again.
    fn enable(&self, id: Text) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.enable(&id.0).await.map(ApiKey::from) })
    }

    /// Kills a key for good.
    fn revoke(&self, id: Text, reason: Word<RevocationReason>) -> Call<ApiKey> {
        self.0
            .call(|keys| async move { keys.revoke(&id.0, reason.0).await.map(ApiKey::from) })
    }

    /// Revokes every key of an owner.
    fn revoke_all(&self, owner: Text, reason: Word<RevocationReason>) -> Call<u64> {
        self.0
            .call(|keys| async move { keys.revoke_all(&owner.0, reason.0).await })
    }

    /// How often a key was used, day by day. (Behind a method `list`, a list is no type in a stub:
    /// so this name comes before it.)
    fn daily_uses(&self, id: Text, days: Whole<u32>) -> Call<Vec<DailyUse>> {
        self.0.call(|keys| async move {
            let uses = keys.usage(&id.0, days.0).await?;
            Ok(uses.into_iter().map(DailyUse::from).collect())
        })
    }

    /// The answer of `verify`; waits for it where it is not at hand.
    fn verify(
        &self,
        py: Python<'_>,
        secret: Presented<'_>,
        scopes: List<Text>,
        ip: Option<Text>,
        cost: Whole<u64>,
    ) -> PyResult<Verification> {
        guard(Some(&self.0.keys), || {
            let options = requirements(scopes, ip, cost);
            let answer = if let Some(answer) = self.0.keys.verify_now(&secret, &options) {
                answer
            } else {
                run(py, self.0.keys.verify(&secret, &options))?.map_err(raise)?
            };
            self.0.log.tell(py);
            Ok(Verification::from(answer))
        })
    }

    /// The answer of `verify` if it is at hand.
    fn verify_now(
        &self,
        py: Python<'_>,
        secret: Presented<'_>,
        scopes: List<Text>,
        ip: Option<Text>,
        cost: Whole<u64>,
    ) -> PyResult<Option<Verification>> {
        guard(Some(&self.0.keys), || {
            let answer = self
                .0
                .keys
                .verify_now(&secret, &requirements(scopes, ip, cost));
            self.0.log.tell(py);
            Ok(answer.map(Verification::from))
        })
    }

    /// Begins to find the answer of `verify`.
    fn verify_later(
        &self,
        secret: Presented<'_>,
        scopes: List<Text>,
        ip: Option<Text>,
        cost: Whole<u64>,
    ) -> Call<Verification> {
        let (secret, options) = (secret.keep(), requirements(scopes, ip, cost));
        self.0.call(
            |keys| async move { keys.verify(&secret, &options).await.map(Verification::from) },
        )
    }

    /// The answer of `authorize`; waits for it where it is not at hand.
    fn authorize(
        &self,
        py: Python<'_>,
        request: Py<RequestParts>,
        scopes: List<Text>,
        cost: Whole<u64>,
        by: Option<Py<HttpPolicy>>,
    ) -> PyResult<Authorization> {
        guard(Some(&self.0.keys), || {
            let (options, policy) = (required(scopes, cost), policy(by.as_ref()));
            let answer = request.get().with(|parts| {
                match self.0.keys.authorize_now(parts, &options, &policy) {
                    Some(answer) => Ok(answer),
                    None => {
                        run(py, self.0.keys.authorize(parts, &options, &policy))?.map_err(raise)
                    }
                }
            });
            self.0.log.tell(py);
            answer.map(Authorization::from)
        })
    }

    /// The answer of `authorize` if it is at hand.
    fn authorize_now(
        &self,
        py: Python<'_>,
        request: Py<RequestParts>,
        scopes: List<Text>,
        cost: Whole<u64>,
        by: Option<Py<HttpPolicy>>,
    ) -> PyResult<Option<Authorization>> {
        guard(Some(&self.0.keys), || {
            let (options, policy) = (required(scopes, cost), policy(by.as_ref()));
            let answer = request
                .get()
                .with(|parts| self.0.keys.authorize_now(parts, &options, &policy));
            self.0.log.tell(py);
            Ok(answer.map(Authorization::from))
        })
    }

    /// Begins to find the answer of `authorize`.
    fn authorize_later(
        &self,
        request: Py<RequestParts>,
        scopes: List<Text>,
        cost: Whole<u64>,
        by: Option<Py<HttpPolicy>>,
    ) -> Call<Authorization> {
        let (options, policy) = (required(scopes, cost), policy(by.as_ref()));
        self.0.call(|keys| async move {
            let request = request.get();
            let headers = request.headers();
            let parts = request.borrowed(&headers);
            let answer = keys.authorize(&parts, &options, &policy).await?;
            Ok(Authorization::from(answer))
        })
    }

    /// The response of the page on which that owner manages their own keys.
    fn keys_page(
        &self,
        owner: Text,
        request: Py<RequestParts>,
        page: Option<Py<KeysPage>>,
    ) -> Call<PageResponse> {
        self.0.call(|keys| async move {
            let page = keys_page(page.as_ref())?;
            let request = request.get();
            let headers = request.headers();
            let parts = request.borrowed(&headers);
            Ok(page.respond(&keys, &owner.0, &parts).await.into())
        })
    }

    /// Which key is this?
    fn identify(&self, secret: Presented<'_>) -> Call<Option<ApiKey>> {
        let secret = secret.keep();
        self.0.call(|keys| async move {
            let found = keys.identify(&secret).await?;
            Ok(found.map(ApiKey::from))
        })
    }

    /// Takes over keys of another system: the ids, and the refused records.
    fn import_keys(
        &self,
        records: List<Py<ImportRecord>>,
    ) -> Call<(Vec<String>, Vec<RefusedRecord>)> {
        let records = records
            .0
            .iter()
            .map(|record| record.get().inner())
            .collect();
        self.0.call(|keys| async move {
            let ImportReport { imported, refused } = keys.import_keys(records).await?;
            let refused = refused.into_iter().map(RefusedRecord::from).collect();
            Ok((imported, refused))
        })
    }

    /// Begins an export.
    fn export_keys(&self) -> Export {
        Export::new(&self.0)
    }

    /// Events, oldest first.
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn audit(
        &self,
        object_id: Option<Text>,
        project: Option<Text>,
        event_types: List<Text>,
        actor: Option<Text>,
        since: Option<Moment>,
        after: Option<Whole<u64>>,
        limit: Option<Whole<u32>>,
    ) -> Call<Page<AuditEvent>> {
        let options = AuditOptions {
            object_id: plain(object_id),
            project: plain(project),
            event_types: texts(event_types),
            actor: plain(actor),
            since: moment(since),
            after: number(after),
            limit: number(limit),
        };
        self.0
            .call(|keys| async move { keys.audit(options).await.map(page) })
    }

    /// The first broken link of the audit chain, or none.
    fn verify_audit(&self) -> Call<Option<BrokenLink>> {
        self.0.call(|keys| async move {
            let broken = keys.verify_audit().await?;
            Ok(broken.map(BrokenLink::from))
        })
    }

    /// The projects.
    #[getter]
    fn projects(&self) -> Projects {
        Projects(self.0.clone())
    }

    /// The service accounts.
    #[getter]
    fn service_accounts(&self) -> ServiceAccounts {
        ServiceAccounts(self.0.clone())
    }

    /// The users.
    #[getter]
    fn users(&self) -> Users {
        Users(self.0.clone())
    }

    /// The admin keys.
    #[getter]
    fn admin_keys(&self) -> AdminKeys {
        AdminKeys(self.0.clone())
    }
}

/// A page of the facade's as Python gets it.
pub(crate) fn page<T, U: From<T>>(page: keywright::Page<T>) -> Page<U> {
    let keywright::Page { data, has_more } = page;
    (data.into_iter().map(U::from).collect(), has_more)
}

fn requirements(scopes: List<Text>, ip: Option<Text>, cost: Whole<u64>) -> VerifyOptions {
    VerifyOptions {
        scopes: texts(scopes),
        ip: plain(ip),
        cost: Some(cost.0),
    }
}
