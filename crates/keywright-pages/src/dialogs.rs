//! The windows over the list: one function for each.

use crate::daily_use;
use crate::dates::{self, Moment};
use crate::entered::{Entered, Life, Mode, last_day};
use crate::options::Expiry;
use crate::rows::{Shower, overlaps};
use crate::sign::Signer;
use crate::texts::with;
use crate::views::{
    Body, Choice, Confirm, Details, Dialog, KeyForm, Progress, RotateForm, ScopeBox, SecretView,
    VersionView,
};
use keywright::{ApiKey, KeyStatus, KeyVersion, Secret, VersionStatus};

/// How long an old secret may still be good, in seconds; a day is the default.
pub(crate) const OVERLAPS: [u64; 4] = [0, 3_600, 86_400, 604_800];
const DEFAULT_OVERLAP: u64 = 86_400;

/// The number of the newest version: what a form about its secret is bound to.
pub(crate) fn newest(key: &ApiKey) -> u32 {
    let numbers = key.versions.iter().map(|version| version.number);
    numbers.max().unwrap_or(0)
}

/// What a form for editing a key saw of it.
pub(crate) fn seen(key: &ApiKey, signer: &Signer<'_>) -> String {
    let scopes = key.scopes.as_ref().map(|scopes| scopes.join(" "));
    let text = format!("{:?}", (&key.name, scopes, key.expires_at));
    signer.mark("seen", &text)
}

impl Shower<'_> {
    /// `at`: the key to whose row closing leads; `None` in what a form answers. That stands at the
    /// list's own address, from which a browser goes nowhere by a link that differs behind `#` alone.
    fn window(
        &self,
        signer: &Signer<'_>,
        at: Option<&ApiKey>,
        title: String,
        body: Body,
    ) -> Dialog {
        let list = self.place.link(&[]);
        let close = match at {
            Some(key) => [list.as_str(), "#", &key.id].concat(),
            None => list.clone(),
        };
        Dialog {
            close,
            target: list,
            token: signer.token(),
            title,
            body,
        }
    }

    /// `nonce` makes it one key, however often the form is sent.
    pub(crate) fn create(
        &self,
        signer: &Signer<'_>,
        entered: &Entered,
        nonce: &str,
        error: Option<String>,
    ) -> Dialog {
        let t = self.texts;
        let form = KeyForm {
            action: "create",
            submit: t.create_submit,
            hidden: vec![("nonce", nonce.to_owned())],
            lives: self.lives(None, entered),
            ..self.form(entered, None, error)
        };
        self.window(signer, None, t.create_title.to_owned(), Body::Form(form))
    }

    pub(crate) fn edit(
        &self,
        signer: &Signer<'_>,
        key: &ApiKey,
        entered: &Entered,
        error: Option<String>,
    ) -> Dialog {
        let t = self.texts;
        let form = KeyForm {
            action: "edit",
            submit: t.save,
            hidden: vec![("id", key.id.clone()), ("seen", seen(key, signer))],
            lives: self.lives(Some(key), entered),
            ..self.form(entered, Some(key), error)
        };
        let at = form.error.is_none().then_some(key);
        self.window(signer, at, t.edit_title.to_owned(), Body::Form(form))
    }

    fn form(&self, entered: &Entered, key: Option<&ApiKey>, error: Option<String>) -> KeyForm {
        let date = match &entered.life {
            Life::Date(text) => text.clone(),
            _ => key
                .and_then(|key| key.expires_at)
                .map_or_else(String::new, dates::day_of),
        };
        KeyForm {
            action: "",
            submit: "",
            hidden: Vec::new(),
            error,
            name: entered.name.clone(),
            modes: self.modes(entered, key),
            scopes: self.scopes(entered, key),
            lives: Vec::new(),
            date: self.settings.allow_date.then_some(date),
            first_day: dates::day_of(self.now),
            last_day: last_day(self.settings, self.now).map(dates::day_of),
        }
    }

    fn modes(&self, entered: &Entered, key: Option<&ApiKey>) -> Vec<Choice> {
        let t = self.texts;
        let Some(chosen) = entered.mode else {
            return Vec::new();
        };
        let all = self.settings.allow_all || key.is_some_and(|key| key.scopes.is_none());
        let reading = !self.settings.read_only_scopes().is_empty();
        let modes = [
            (all, Mode::All, "all", t.all, t.all_hint),
            (
                true,
                Mode::Restricted,
                "restricted",
                t.restricted,
                t.restricted_hint,
            ),
            (
                reading,
                Mode::ReadOnly,
                "read_only",
                t.read_only,
                t.read_only_hint,
            ),
        ];
        let offered = modes.into_iter().filter(|(offered, ..)| *offered);
        offered
            .map(|(_, mode, value, label, hint)| Choice {
                value: value.to_owned(),
                label: label.to_owned(),
                hint: hint.to_owned(),
                chosen: mode == chosen,
            })
            .collect()
    }

    /// What the application lists, and what the key has beyond it.
    fn scopes(&self, entered: &Entered, key: Option<&ApiKey>) -> Vec<ScopeBox> {
        let listed = self.settings.permissions.iter().map(|it| ScopeBox {
            scope: it.scope.clone(),
            label: it.label.clone(),
            chosen: entered.scopes.contains(&it.scope),
        });
        let mut boxes: Vec<ScopeBox> = listed.collect();
        for scope in key.iter().filter_map(|key| key.scopes.as_ref()).flatten() {
            if !boxes.iter().any(|known| known.scope == *scope) {
                boxes.push(ScopeBox {
                    scope: scope.clone(),
                    label: scope.clone(),
                    chosen: entered.scopes.contains(scope),
                });
            }
        }
        boxes
    }

    fn lives(&self, key: Option<&ApiKey>, entered: &Entered) -> Vec<Choice> {
        let t = self.texts;
        let mut lives = Vec::new();
        if let Some(key) = key {
            let now = match key.expires_at {
                Some(at) => Moment::new(at, t).day,
                None => t.never.to_owned(),
            };
            lives.push((Life::Keep, with(t.expiry_keep, "date", now)));
        }
        for expiry in &self.settings.expiries {
            let label = match expiry {
                Expiry::Never => t.never.to_owned(),
                Expiry::After(span) => match span.as_secs() / 86_400 {
                    1 => t.in_one_day.to_owned(),
                    days => with(t.in_days, "n", days),
                },
            };
            lives.push((Life::of(*expiry), label));
        }
        if self.settings.allow_date {
            lives.push((Life::Date(String::new()), t.on_date.to_owned()));
        }
        let chosen = entered.life.value();
        lives
            .into_iter()
            .map(|(life, label)| Choice {
                chosen: life.value() == chosen,
                value: life.value(),
                label,
                hint: String::new(),
            })
            .collect()
    }

    pub(crate) fn secret(
        &self,
        signer: &Signer<'_>,
        key: &ApiKey,
        secret: Secret,
        notes: Vec<String>,
    ) -> Dialog {
        let shown = SecretView {
            secret,
            name: key.name.clone(),
            notes,
            list: self.place.link(&[]),
        };
        let title = self.texts.secret_title.to_owned();
        self.window(signer, None, title, Body::Secret(shown))
    }

    /// To begin a rotation, or how the one that is under way gets on.
    pub(crate) fn rotate(&self, signer: &Signer<'_>, key: &ApiKey) -> Dialog {
        if overlaps(key)
            && let Some(progress) = self.progress(key)
        {
            let title = with(self.texts.progress_title, "name", &key.name);
            return self.window(signer, Some(key), title, Body::Progress(progress));
        }
        let t = self.texts;
        let overlap = |seconds: u64| {
            let (label, hint) = match seconds {
                0 => (t.overlap_none, t.overlap_none_hint),
                3_600 => (t.overlap_hour, ""),
                86_400 => (t.overlap_day, ""),
                _ => (t.overlap_week, ""),
            };
            Choice {
                value: seconds.to_string(),
                label: label.to_owned(),
                hint: hint.to_owned(),
                chosen: seconds == DEFAULT_OVERLAP,
            }
        };
        let form = RotateForm {
            id: key.id.clone(),
            version: newest(key),
            overlaps: OVERLAPS.map(overlap).into(),
        };
        let title = with(t.rotate_title, "name", &key.name);
        self.window(signer, Some(key), title, Body::Rotate(form))
    }

    fn progress(&self, key: &ApiKey) -> Option<Progress> {
        let t = self.texts;
        let of = |status: VersionStatus| {
            let mut versions = key.versions.iter().rev();
            versions.find(|version| version.status == status)
        };
        let (new, old) = (of(VersionStatus::Current)?, of(VersionStatus::Overlapping)?);
        let since = old.last_used_at.filter(|at| *at >= new.created_at);
        let end = old
            .ends_at
            .map_or_else(String::new, |at| Moment::new(at, t).full);
        Some(Progress {
            id: key.id.clone(),
            version: newest(key),
            versions: [
                (t.new_version, self.version(new, String::new())),
                (t.old_version, self.version(old, end)),
            ],
            in_use: since.is_some(),
            verdict: match since {
                Some(at) => with(t.old_used, "date", Moment::new(at, t).full),
                None => t.old_unused.to_owned(),
            },
        })
    }

    fn version(&self, version: &KeyVersion, state: String) -> VersionView {
        let t = self.texts;
        VersionView {
            number: version.number,
            redacted: version.redacted_value.clone(),
            state,
            created: Moment::new(version.created_at, t),
            used: version.last_used_at.map(|at| Moment::new(at, t)),
        }
    }

    /// Where a version stands, in a word or two.
    fn standing(&self, version: &KeyVersion) -> String {
        let t = self.texts;
        match (version.status, version.ends_at) {
            (VersionStatus::Overlapping, Some(at)) => {
                with(t.version_overlapping, "date", Moment::new(at, t).full)
            }
            (VersionStatus::Ended, _) => t.version_ended.to_owned(),
            _ => t.version_current.to_owned(),
        }
    }

    pub(crate) fn confirm(
        &self,
        signer: &Signer<'_>,
        key: &ApiKey,
        action: &'static str,
    ) -> Dialog {
        let t = self.texts;
        let (title, line, submit) = match action {
            "disable" => (t.disable_title, t.disable_text, t.disable_submit),
            "enable" => (t.enable_title, t.enable_text, t.enable_submit),
            _ => (t.revoke_title, t.revoke_text, t.revoke_submit),
        };
        let mut lines = vec![line.to_owned()];
        if action == "revoke" {
            lines.push(match key.last_used_at {
                Some(at) => with(t.revoke_used, "date", Moment::new(at, t).full),
                None => t.revoke_unused.to_owned(),
            });
        }
        let confirm = Confirm {
            action,
            id: key.id.clone(),
            name: key.name.clone(),
            redacted: key.redacted_value.clone(),
            lines,
            submit,
            is_danger: action == "revoke",
        };
        let title = with(title, "name", &key.name);
        self.window(signer, Some(key), title, Body::Confirm(confirm))
    }

    pub(crate) async fn details(&self, signer: &Signer<'_>, key: &ApiKey) -> Dialog {
        let t = self.texts;
        let label = |scope: &String| {
            let known = self
                .settings
                .permissions
                .iter()
                .find(|it| it.scope == *scope);
            known.map_or_else(|| scope.clone(), |it| it.label.clone())
        };
        let limits = key.limits.iter().map(|limit| {
            let values = [
                (
                    "left",
                    limit.remaining.unwrap_or(limit.capacity).to_string(),
                ),
                ("capacity", limit.capacity.to_string()),
            ];
            let values = values
                .each_ref()
                .map(|(name, value)| (*name, value.as_str()));
            (
                limit.name.clone(),
                crate::texts::fill(t.limit_left, &values),
            )
        });
        let metadata = key.metadata.iter().filter(|_| self.settings.show_metadata);
        let versions = key
            .versions
            .iter()
            .map(|it| self.version(it, self.standing(it)));
        let uses = daily_use::of(self.keys, std::slice::from_ref(key)).await;
        let details = Details {
            row: self.row(key, uses.first().map_or(&[], Vec::as_slice)),
            scopes: key.scopes.iter().flatten().map(label).collect(),
            networks: key.allowed_ips.clone().unwrap_or_default(),
            limits: limits.collect(),
            versions: versions.collect(),
            metadata: metadata.map(|(a, b)| (a.clone(), b.clone())).collect(),
            revoked_at: key.revoked_at.map(|at| Moment::new(at, t)),
        };
        self.window(signer, Some(key), key.name.clone(), Body::Details(details))
    }

    /// Says that nothing was done, and leads on.
    pub(crate) fn message(
        &self,
        signer: &Signer<'_>,
        key: Option<&ApiKey>,
        (title, text): (&str, &str),
    ) -> Dialog {
        let can_look = key.filter(|key| key.status != KeyStatus::Revoked);
        let body = match can_look {
            Some(key) => Body::Message {
                text: text.to_owned(),
                link: self.place.link(&[("dialog", "key"), ("id", &key.id)]),
                label: with(self.texts.open_key, "name", &key.name),
            },
            None => Body::Message {
                text: text.to_owned(),
                link: self.place.link(&[]),
                label: self.texts.back.to_owned(),
            },
        };
        self.window(signer, None, title.to_owned(), body)
    }
}
