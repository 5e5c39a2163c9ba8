//! What an application decides about the page. Read once, by `KeysPage::new`.

use crate::texts::Texts;
use crate::theme::Theme;
use keywright::{CreateOptions, Error, HttpOptions, HttpPolicy, Limit, Result};
use std::collections::HashSet;
use std::time::Duration;

/// How many permissions a list can have: as many as a key can hold.
const MOST_PERMISSIONS: usize = 64;
const MOST_EXPIRIES: usize = 16;
/// The longest label, in characters.
const LONGEST_LABEL: usize = 120;

/// Options of [`KeysPage`](crate::KeysPage).
///
/// ```
/// use keywright_pages::{Expiry, PageOptions, Permission, Theme};
///
/// let options = PageOptions {
///     permissions: vec![
///         Permission::read("invoices.read", "See invoices"),
///         Permission::write("invoices.write", "Issue and change invoices"),
///     ],
///     expiries: vec![Expiry::days(30), Expiry::days(90)],
///     theme: Theme { accent: Some("#0f766e".to_owned()), ..Theme::default() },
///     ..PageOptions::default()
/// };
/// # keywright_pages::KeysPage::new(options).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PageOptions {
    /// Its heading, in place of *API keys*.
    pub title: Option<String>,
    /// The language; what the browser prefers if absent.
    pub language: Option<Language>,
    /// What a key can be permitted. Where there is nothing, a key may do everything, and the page
    /// doesn't speak of permissions.
    pub permissions: Vec<Permission>,
    /// Whether a key may also be given *all* permissions, those that aren't in the list too.
    pub allow_all: bool,
    /// How long a key may live, in the order in which it is offered; the first is the default.
    pub expiries: Vec<Expiry>,
    /// Whether people may name a day instead: without `Never` among `expiries`, none beyond the
    /// longest of them.
    pub allow_date: bool,
    /// What else is true of keys that are made here: project, class, limits, networks, metadata. Its
    /// owner, scopes, expiry and idempotency key don't count.
    pub new_keys: CreateOptions,
    /// Whether a key's metadata is shown to its owner.
    pub show_metadata: bool,
    /// How it looks.
    pub theme: Theme,
    /// The proxies whose `X-Forwarded-For` counts, as in [`HttpOptions`].
    pub trusted_proxies: Vec<String>,
    /// How many keys are on a page of the list: 1 to 200.
    pub page_size: u32,
}

impl Default for PageOptions {
    /// All permissions; 30, 60, 90 days, a year, a day of one's own, or never.
    fn default() -> Self {
        Self {
            title: None,
            language: None,
            permissions: Vec::new(),
            allow_all: true,
            expiries: vec![
                Expiry::Never,
                Expiry::days(30),
                Expiry::days(60),
                Expiry::days(90),
                Expiry::days(365),
            ],
            allow_date: true,
            new_keys: CreateOptions::default(),
            show_metadata: false,
            theme: Theme::default(),
            trusted_proxies: Vec::new(),
            page_size: 20,
        }
    }
}

/// One thing that a key can be permitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The scope that stands for it.
    pub scope: String,
    /// What people read.
    pub label: String,
    /// Whether it only lets one see things: *Read only* is all of these.
    pub read_only: bool,
}

impl Permission {
    /// It lets one see something.
    #[must_use]
    pub fn read(scope: &str, label: &str) -> Self {
        Self {
            scope: scope.to_owned(),
            label: label.to_owned(),
            read_only: true,
        }
    }

    /// It lets one do or change something.
    #[must_use]
    pub fn write(scope: &str, label: &str) -> Self {
        Self {
            read_only: false,
            ..Self::read(scope, label)
        }
    }
}

/// How long a key may live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expiry {
    /// Until it is revoked.
    Never,
    /// So long from when it is chosen, in whole days: one at least.
    After(Duration),
}

impl Expiry {
    /// So many days.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self::After(Duration::from_secs(days as u64 * 86_400))
    }
}

/// A language that the page speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// `en`.
    English,
    /// `de`.
    German,
    /// `fr`.
    French,
}

impl Language {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::English, Self::German, Self::French];

    /// Its tag in BCP 47.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
        }
    }

    /// The language of a tag, whatever the region: `de-AT` is German.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let mut all = Self::ALL.iter().copied();
        all.find(|language| language.as_str().eq_ignore_ascii_case(primary))
    }

    /// The language that an application names.
    ///
    /// # Errors
    /// `invalid_argument` for one that the page doesn't speak.
    pub fn named(tag: &str) -> Result<Self> {
        Self::parse(tag).ok_or_else(|| {
            Error::invalid("the page doesn't speak that language").hint("use en, de or fr")
        })
    }

    pub(crate) const fn texts(self) -> &'static Texts {
        match self {
            Self::English => &crate::texts::en::TEXTS,
            Self::German => &crate::texts::de::TEXTS,
            Self::French => &crate::texts::fr::TEXTS,
        }
    }

    /// The best of `Accept-Language` (RFC 9110 §12.5.4); English where it names none of ours.
    pub(crate) fn preferred<'a>(headers: impl Iterator<Item = &'a [u8]>) -> Self {
        let ranges = headers
            .filter_map(|value| std::str::from_utf8(value).ok())
            .flat_map(|value| value.split(','))
            .take(32)
            .filter_map(|range| {
                let (tag, rest) = range.split_once(';').unwrap_or((range, ""));
                let weight = rest.trim().strip_prefix("q=");
                let weight = weight.map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
                Some((Self::parse(tag.trim())?, weight))
            })
            .filter(|(_, weight)| *weight > 0.0);
        let mut best = (Self::English, 0.0);
        for (language, weight) in ranges {
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }
}

/// What no key could be made with is told now, and not to whoever makes the first one.
fn check_limits(new_keys: &CreateOptions) -> Result<()> {
    if let Some(rate) = &new_keys.rate_limit {
        Limit::rate(rate)?;
    }
    if let Some(credits) = new_keys.credits {
        Limit::credits(credits)?;
    }
    Ok(())
}

/// The options after they were looked at.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) title: Option<String>,
    pub(crate) language: Option<Language>,
    pub(crate) permissions: Vec<Permission>,
    pub(crate) allow_all: bool,
    pub(crate) expiries: Vec<Expiry>,
    pub(crate) allow_date: bool,
    pub(crate) new_keys: CreateOptions,
    pub(crate) show_metadata: bool,
    pub(crate) policy: HttpPolicy,
    pub(crate) page_size: usize,
}

impl Settings {
    pub(crate) fn new(options: PageOptions) -> Result<(Self, Theme)> {
        let PageOptions {
            title,
            language,
            permissions,
            allow_all,
            expiries,
            allow_date,
            new_keys,
            show_metadata,
            theme,
            trusted_proxies,
            page_size,
        } = options;
        if let Some(title) = &title {
            check_label(title, "the title")?;
        }
        check_permissions(&permissions, allow_all)?;
        check_expiries(&expiries, allow_date)?;
        if !(1..=200).contains(&page_size) {
            return Err(Error::invalid("a page of the list holds 1 to 200 keys"));
        }
        check_limits(&new_keys)?;
        let policy = HttpPolicy::new(&HttpOptions {
            trusted_proxies,
            ..HttpOptions::default()
        })?;
        let settings = Self {
            title,
            language,
            permissions,
            allow_all,
            expiries,
            allow_date,
            new_keys,
            show_metadata,
            policy,
            page_size: page_size as usize,
        };
        Ok((settings, theme))
    }

    /// The longest life that may be chosen; `None` where there is no bound.
    pub(crate) fn longest(&self) -> Option<Duration> {
        let mut longest = Duration::ZERO;
        for expiry in &self.expiries {
            match expiry {
                Expiry::Never => return None,
                Expiry::After(span) => longest = longest.max(*span),
            }
        }
        Some(longest)
    }

    /// In the order in which a key holds them.
    pub(crate) fn read_only_scopes(&self) -> Vec<String> {
        let reading = self.permissions.iter().filter(|it| it.read_only);
        let mut scopes: Vec<String> = reading.map(|it| it.scope.clone()).collect();
        scopes.sort_unstable();
        scopes
    }
}

fn check_permissions(permissions: &[Permission], allow_all: bool) -> Result<()> {
    if permissions.len() > MOST_PERMISSIONS {
        return Err(Error::invalid(
            "a page offers at most 64 permissions: a key can't hold more",
        ));
    }
    if permissions.is_empty() && !allow_all {
        return Err(Error::invalid("without permissions, a key can do nothing")
            .hint("list permissions, or allow all"));
    }
    let is_scope = |text: &str| {
        let known = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.:-".contains(&byte)
        };
        (1..=64).contains(&text.len()) && text.bytes().all(known)
    };
    let mut scopes = HashSet::new();
    for permission in permissions {
        if !is_scope(&permission.scope) || !scopes.insert(&permission.scope) {
            return Err(
                Error::invalid("a permission's scope is none, or stands there twice")
                    .hint("a scope has 1 to 64 of a-z, 0-9, '_', '.', ':' and '-'"),
            );
        }
        check_label(&permission.label, "a permission's label")?;
    }
    Ok(())
}

fn check_expiries(expiries: &[Expiry], allow_date: bool) -> Result<()> {
    let whole_days = |expiry: &Expiry| match expiry {
        Expiry::Never => true,
        Expiry::After(span) => {
            let seconds = span.as_secs();
            seconds >= 86_400 && seconds.is_multiple_of(86_400) && seconds / 86_400 <= 36_500
        }
    };
    let unique: HashSet<_> = expiries.iter().collect();
    let (none, wrong) = (
        expiries.is_empty(),
        unique.len() != expiries.len() || !expiries.iter().all(whole_days),
    );
    if none || wrong || expiries.len() > MOST_EXPIRIES {
        let hint = "name 1 to 16, each once: Never, or whole days up to 36500";
        let what = if none && allow_date {
            "there is no expiry to begin with"
        } else {
            "those are no expiries to choose from"
        };
        return Err(Error::invalid(what).hint(hint));
    }
    Ok(())
}

pub(crate) fn check_label(text: &str, what: &str) -> Result<()> {
    if text.trim().is_empty()
        || text.chars().count() > LONGEST_LABEL
        || text.chars().any(char::is_control)
    {
        return Err(Error::invalid(format!(
            "{what} has 1 to {LONGEST_LABEL} characters, none of them a control character"
        )));
    }
    Ok(())
}
