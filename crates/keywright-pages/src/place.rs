//! Where someone is in the list: what they search, the order, the page. Every link and form carries
//! it, so that closing a dialog leads back to where it was opened.

use crate::fields::{self, Fields, Malformed};

/// The longest search, in characters.
const LONGEST_SEARCH: usize = 128;

/// What the list is ordered by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sort {
    #[default]
    Newest,
    Oldest,
    NameUp,
    NameDown,
    UsedDown,
    UsedUp,
    ExpiresUp,
    ExpiresDown,
}

impl Sort {
    pub(crate) const ALL: [Self; 8] = [
        Self::Newest,
        Self::Oldest,
        Self::NameUp,
        Self::NameDown,
        Self::UsedDown,
        Self::UsedUp,
        Self::ExpiresUp,
        Self::ExpiresDown,
    ];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Newest => "-created",
            Self::Oldest => "created",
            Self::NameUp => "name",
            Self::NameDown => "-name",
            Self::UsedDown => "-last_used",
            Self::UsedUp => "last_used",
            Self::ExpiresUp => "expires",
            Self::ExpiresDown => "-expires",
        }
    }

    fn parse(text: &str) -> Result<Self, Malformed> {
        let mut all = Self::ALL.into_iter();
        all.find(|sort| sort.as_str() == text).ok_or(Malformed)
    }
}

/// Where someone is in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) search: String,
    pub(crate) sort: Sort,
    pub(crate) revoked: bool,
    pub(crate) after: Option<String>,
}

impl Place {
    pub(crate) fn read(fields: &Fields) -> Result<Self, Malformed> {
        let search = fields.one("q")?.unwrap_or_default().trim();
        if search.chars().count() > LONGEST_SEARCH {
            return Err(Malformed);
        }
        let after = fields.one("after")?.filter(|id| !id.is_empty());
        Ok(Self {
            search: search.to_owned(),
            sort: match fields.one("sort")? {
                None | Some("") => Sort::default(),
                Some(text) => Sort::parse(text)?,
            },
            revoked: fields.one("revoked")? == Some("1"),
            after: after.map(str::to_owned),
        })
    }

    /// A link to here, with something more.
    pub(crate) fn link(&self, more: &[(&str, &str)]) -> String {
        let mut pairs = Vec::new();
        if !self.search.is_empty() {
            pairs.push(("q", self.search.as_str()));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.as_str()));
        }
        if self.revoked {
            pairs.push(("revoked", "1"));
        }
        if let Some(after) = &self.after {
            pairs.push(("after", after));
        }
        pairs.extend_from_slice(more);
        fields::query(pairs)
    }

    /// A link to this list in another order, from its first page.
    pub(crate) fn sorted(&self, sort: Sort) -> String {
        let other = Self {
            sort,
            after: None,
            ..self.clone()
        };
        other.link(&[])
    }

    /// A link to the page behind a key; to the first page without one.
    pub(crate) fn behind(&self, after: Option<&str>) -> String {
        let other = Self {
            after: after.map(str::to_owned),
            ..self.clone()
        };
        other.link(&[])
    }

    pub(crate) fn is_narrowed(&self) -> bool {
        !self.search.is_empty()
    }
}
