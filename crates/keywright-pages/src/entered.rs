//! What people enter about a key: its name, what it may do, how long it lives. Nothing else of a form
//! is looked at, so no form can set an owner, a class, a limit or metadata.

use crate::dates;
use crate::fields::{Fields, Malformed};
use crate::options::{Expiry, Settings};
use crate::texts::{Texts, with};
use keywright::{ApiKey, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);
const LONGEST_NAME: usize = 128;

/// How much a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    All,
    ReadOnly,
    Restricted,
}

/// How long it lives, as it was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// As it is.
    Keep,
    Never,
    Days(u64),
    /// What stands in the field for a day.
    Date(String),
}

/// A form as it was filled in.
#[derive(Clone, Debug)]
pub(crate) struct Entered {
    pub(crate) name: String,
    /// Absent where the page doesn't speak of permissions.
    pub(crate) mode: Option<Mode>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) life: Life,
}

/// What it comes to.
pub(crate) struct Wanted {
    pub(crate) name: String,
    pub(crate) may: May,
    pub(crate) end: End,
}

/// What it may do.
pub(crate) enum May {
    /// Nobody was asked.
    Unsaid,
    Everything,
    Only(Vec<String>),
}

impl May {
    /// The scopes of a new key.
    pub(crate) fn scopes(self) -> Option<Vec<String>> {
        match self {
            Self::Unsaid | Self::Everything => None,
            Self::Only(scopes) => Some(scopes),
        }
    }
}

/// When it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Keep,
    Never,
    In(Duration),
    At(Timestamp),
}

impl Entered {
    /// An empty form.
    pub(crate) fn new(settings: &Settings) -> Self {
        let mode = match (settings.permissions.is_empty(), settings.allow_all) {
            (true, _) => None,
            (false, true) => Some(Mode::All),
            (false, false) => Some(Mode::Restricted),
        };
        Self {
            name: String::new(),
            mode,
            scopes: BTreeSet::new(),
            life: settings
                .expiries
                .first()
                .map_or(Life::Never, |it| Life::of(*it)),
        }
    }

    /// The form of a key as it is.
    pub(crate) fn of(key: &ApiKey, settings: &Settings) -> Self {
        let scopes: BTreeSet<String> = key.scopes.iter().flatten().cloned().collect();
        let speaks = !settings.permissions.is_empty();
        Self {
            name: key.name.clone(),
            mode: speaks.then(|| mode_of(key, settings)),
            scopes,
            life: Life::Keep,
        }
    }

    /// Reads a form. `key`: the one that it is about, if there is one.
    pub(crate) fn read(
        fields: &Fields,
        settings: &Settings,
        key: Option<&ApiKey>,
    ) -> Result<Self, Malformed> {
        let mode = match fields.one("permissions")? {
            _ if settings.permissions.is_empty() => None,
            Some("all") if settings.allow_all || key.is_some_and(|key| key.scopes.is_none()) => {
                Some(Mode::All)
            }
            Some("read_only") if !settings.read_only_scopes().is_empty() => Some(Mode::ReadOnly),
            Some("restricted") => Some(Mode::Restricted),
            _ => return Err(Malformed),
        };
        let scopes: BTreeSet<String> = fields.all("scope").map(str::to_owned).collect();
        let known = |scope: &String| offered(settings, key).any(|own| own == scope);
        if !scopes.iter().all(known) {
            return Err(Malformed);
        }
        Ok(Self {
            name: fields.required("name")?.trim().to_owned(),
            mode,
            scopes,
            life: Life::read(fields, settings, key.is_some())?,
        })
    }

    /// What is to be, or a sentence on what is wrong.
    pub(crate) fn check(
        &self,
        settings: &Settings,
        texts: &Texts,
        now: Timestamp,
    ) -> Result<Wanted, String> {
        let wrong = |text: &str| Err(text.to_owned());
        if self.name.is_empty() {
            return wrong(texts.name_empty);
        }
        if self.name.chars().count() > LONGEST_NAME {
            return wrong(texts.name_long);
        }
        if self.name.chars().any(char::is_control) {
            return wrong(texts.name_control);
        }
        let may = match self.mode {
            None => May::Unsaid,
            Some(Mode::All) => May::Everything,
            Some(Mode::ReadOnly) => May::Only(settings.read_only_scopes()),
            Some(Mode::Restricted) if self.scopes.is_empty() => return wrong(texts.choose_one),
            Some(Mode::Restricted) => May::Only(self.scopes.iter().cloned().collect()),
        };
        Ok(Wanted {
            name: self.name.clone(),
            may,
            end: self.life.end(settings, texts, now)?,
        })
    }
}

impl Life {
    pub(crate) fn of(expiry: Expiry) -> Self {
        match expiry {
            Expiry::Never => Self::Never,
            Expiry::After(span) => Self::Days(span.as_secs() / DAY.as_secs()),
        }
    }

    /// Its value in a form.
    pub(crate) fn value(&self) -> String {
        match self {
            Self::Keep => "keep".to_owned(),
            Self::Never => "never".to_owned(),
            Self::Days(days) => days.to_string(),
            Self::Date(_) => "date".to_owned(),
        }
    }

    /// Only what the page offers.
    fn read(fields: &Fields, settings: &Settings, editing: bool) -> Result<Self, Malformed> {
        let life = match fields.required("expires")? {
            "keep" if editing => return Ok(Self::Keep),
            "date" if settings.allow_date => {
                let date = fields.one("date")?.unwrap_or_default();
                return Ok(Self::Date(date.chars().take(16).collect()));
            }
            "never" => Self::Never,
            days => Self::Days(days.parse().map_err(|_| Malformed)?),
        };
        let mut offered = settings.expiries.iter().map(|it| Self::of(*it));
        offered
            .any(|it| it == life)
            .then_some(life)
            .ok_or(Malformed)
    }

    fn end(&self, settings: &Settings, texts: &Texts, now: Timestamp) -> Result<End, String> {
        let text = match self {
            Self::Keep => return Ok(End::Keep),
            Self::Never => return Ok(End::Never),
            Self::Days(days) => return Ok(End::In(Duration::from_secs(days * DAY.as_secs()))),
            Self::Date(text) => text,
        };
        let end = dates::end_of_day(text)
            .filter(|end| *end > now)
            .ok_or_else(|| texts.date_past.to_owned())?;
        match last_day(settings, now) {
            Some(last) if end > last => {
                let day = dates::Moment::new(last, texts).day;
                Err(with(texts.date_far, "date", day))
            }
            _ => Ok(End::At(end)),
        }
    }
}

/// The end of the last day that may be chosen; `None` where there is no bound.
pub(crate) fn last_day(settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    // A day less, so that the end of that day is within the longest life.
    let span = settings.longest()?.saturating_sub(DAY);
    let last = now.after(span)?;
    dates::end_of_day(&dates::day_of(last))
}

/// All scopes that a key's form shows: those that the application lists, and those that the key has.
pub(crate) fn offered<'a>(
    settings: &'a Settings,
    key: Option<&'a ApiKey>,
) -> impl Iterator<Item = &'a String> {
    let listed = settings.permissions.iter().map(|it| &it.scope);
    let held = key
        .into_iter()
        .filter_map(|key| key.scopes.as_ref())
        .flatten();
    listed.chain(held)
}

/// How much a key may do.
pub(crate) fn mode_of(key: &ApiKey, settings: &Settings) -> Mode {
    let Some(scopes) = &key.scopes else {
        return Mode::All;
    };
    let reading: BTreeSet<String> = settings.read_only_scopes().into_iter().collect();
    let held: BTreeSet<String> = scopes.iter().cloned().collect();
    if !reading.is_empty() && held == reading {
        Mode::ReadOnly
    } else {
        Mode::Restricted
    }
}
