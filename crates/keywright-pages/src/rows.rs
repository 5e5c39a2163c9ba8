//! The list as it is shown.

use crate::daily_use::{self, Chart};
use crate::dates::Moment;
use crate::entered::{Mode, mode_of};
use crate::load::{Loaded, MOST_SORTED};
use crate::options::Settings;
use crate::place::{Place, Sort};
use crate::texts::{Texts, with};
use crate::views::{Action, Choice, Column, List, Row};
use keywright::{ApiKey, KeyManager, KeyStatus, Timestamp, VersionStatus};

/// An end that is nearer than a week is pointed out.
const SOON_SECONDS: u64 = 7 * 86_400;

/// What showing keys takes.
#[derive(Clone, Copy)]
pub(crate) struct Shower<'a> {
    pub(crate) keys: &'a KeyManager,
    pub(crate) settings: &'a Settings,
    pub(crate) texts: &'a Texts,
    pub(crate) place: &'a Place,
    pub(crate) now: Timestamp,
}

impl Shower<'_> {
    pub(crate) async fn list(&self, loaded: Loaded, notice: Option<String>) -> List {
        let uses = daily_use::of(self.keys, &loaded.keys).await;
        let shown = loaded.keys.iter().zip(&uses);
        let rows: Vec<Row> = shown.map(|(key, uses)| self.row(key, uses)).collect();
        let (place, t) = (self.place, self.texts);
        let next = loaded.keys.last().filter(|_| loaded.has_more);
        let has_permissions = !self.settings.permissions.is_empty();
        let has_use = rows.iter().any(|row| row.chart.is_some());
        List {
            search: place.search.clone(),
            orders: self.orders(),
            revoked: place.revoked,
            columns: self.columns(has_permissions, has_use),
            is_empty: rows.is_empty() && !place.is_narrowed() && place.after.is_none(),
            count: loaded.total.map(|total| match total {
                1 => t.one_key.to_owned(),
                many => with(t.many_keys, "n", many),
            }),
            capped: loaded.capped.then(|| with(t.capped, "n", MOST_SORTED)),
            notice,
            create: place.link(&[("dialog", "create")]),
            clear: Place {
                search: String::new(),
                ..place.clone()
            }
            .behind(None),
            first: place.after.is_some().then(|| place.behind(None)),
            next: next.map(|key| place.behind(Some(&key.id))),
            rows,
        }
    }

    /// A key as it is shown, with its uses of the last days.
    pub(crate) fn row(&self, key: &ApiKey, uses: &[u64]) -> Row {
        let t = self.texts;
        let soon = |end: Timestamp| {
            key.status == KeyStatus::Active && end.since(self.now).as_secs() < SOON_SECONDS
        };
        Row {
            id: key.id.clone(),
            name: key.name.clone(),
            status: key.status.as_str(),
            status_label: status_label(key.status, t),
            rotating: (key.status == KeyStatus::Active && overlaps(key))
                .then(|| self.dialog("rotate", key)),
            redacted: key.redacted_value.clone(),
            created: Moment::new(key.created_at, t),
            used: key.last_used_at.map(|at| Moment::new(at, t)),
            expires: key.expires_at.map(|at| Moment::new(at, t)),
            expires_soon: key.expires_at.is_some_and(soon),
            permissions: self.permissions(key),
            chart: Chart::new(uses),
            open: self.dialog("key", key),
            actions: self.actions(key),
        }
    }

    fn dialog(&self, name: &str, key: &ApiKey) -> String {
        self.place.link(&[("dialog", name), ("id", &key.id)])
    }

    fn permissions(&self, key: &ApiKey) -> &'static str {
        let t = self.texts;
        match mode_of(key, self.settings) {
            Mode::All => t.all,
            Mode::ReadOnly => t.read_only,
            Mode::Restricted if key.scopes.as_ref().is_some_and(Vec::is_empty) => t.none_permitted,
            Mode::Restricted => t.restricted,
        }
    }

    /// What can still be done to a key in its state.
    fn actions(&self, key: &ApiKey) -> Vec<Action> {
        let t = self.texts;
        let possible: &[(&'static str, &'static str)] = match key.status {
            KeyStatus::Active => &[
                ("edit", t.edit_key),
                ("rotate", t.rotate_key),
                ("disable", t.disable_key),
                ("revoke", t.revoke_key),
            ],
            KeyStatus::Disabled => &[
                ("edit", t.edit_key),
                ("enable", t.enable_key),
                ("revoke", t.revoke_key),
            ],
            KeyStatus::Expired => &[("revoke", t.revoke_key)],
            KeyStatus::Revoked => &[],
        };
        let action = |(name, label): &(&'static str, &'static str)| Action {
            icon: name,
            label: with(label, "name", &key.name),
            link: self.dialog(name, key),
        };
        possible.iter().map(action).collect()
    }

    fn orders(&self) -> Vec<Choice> {
        let t = self.texts;
        let label = |sort: Sort| match sort {
            Sort::Newest => t.newest,
            Sort::Oldest => t.oldest,
            Sort::NameUp => t.name_up,
            Sort::NameDown => t.name_down,
            Sort::UsedDown => t.used_down,
            Sort::UsedUp => t.used_up,
            Sort::ExpiresUp => t.expires_up,
            Sort::ExpiresDown => t.expires_down,
        };
        let choice = |sort: Sort| Choice {
            value: sort.as_str().to_owned(),
            label: label(sort).to_owned(),
            hint: String::new(),
            chosen: sort == self.place.sort,
        };
        Sort::ALL.map(choice).into()
    }

    fn columns(&self, has_permissions: bool, has_use: bool) -> Vec<Column> {
        let t = self.texts;
        let plain = |class, label| Column {
            class,
            label,
            link: None,
            sorted: "",
        };
        // The order that a first click gives, and the one after it.
        let sortable = |class, label, first: Sort, second: Sort| {
            let own = self.place.sort;
            let next = if own == first { second } else { first };
            Column {
                class,
                label,
                link: Some(self.place.sorted(next)),
                sorted: direction(own)
                    .filter(|_| own == first || own == second)
                    .unwrap_or(""),
            }
        };
        let mut columns = vec![
            sortable("name", t.name, Sort::NameUp, Sort::NameDown),
            plain("status", t.status),
            plain("key", t.secret_key),
            sortable("when", t.created, Sort::Newest, Sort::Oldest),
            sortable("when", t.last_used, Sort::UsedDown, Sort::UsedUp),
            sortable("when", t.expires, Sort::ExpiresUp, Sort::ExpiresDown),
        ];
        if has_permissions {
            columns.push(plain("may", t.permissions));
        }
        if has_use {
            columns.push(plain("use", t.use_30_days));
        }
        columns.push(plain("actions", t.actions));
        columns
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is filtered")]
fn direction(sort: Sort) -> Option<&'static str> {
    Some(match sort {
        Sort::Oldest | Sort::NameUp | Sort::UsedUp | Sort::ExpiresUp => "ascending",
        Sort::Newest | Sort::NameDown | Sort::UsedDown | Sort::ExpiresDown => "descending",
    })
}

pub(crate) const fn status_label(status: KeyStatus, t: &Texts) -> &'static str {
    match status {
        KeyStatus::Active => t.active,
        KeyStatus::Disabled => t.disabled,
        KeyStatus::Expired => t.expired,
        KeyStatus::Revoked => t.revoked,
    }
}

/// Whether a rotation is under way.
pub(crate) fn overlaps(key: &ApiKey) -> bool {
    let mut versions = key.versions.iter();
    versions.any(|version| version.status == VersionStatus::Overlapping)
}
