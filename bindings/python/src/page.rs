//! The page on which owners manage their own keys: its options, and what it answers.

use crate::arguments::{List, Pairs, Text, Whole, number, plain, texts};
use crate::errors::{guard, raise};
use crate::http::Octets;
use crate::import::inner_limits;
use crate::records::Limit;
use crate::times::{Span, span};
use crate::words::Word;
use keywright::{Class, CreateOptions};
use keywright_pages::{ColorScheme, Expiry, Language, PageOptions, Theme};
use pyo3::prelude::*;
use std::sync::OnceLock;

/// One thing that a key can be permitted.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Permission(keywright_pages::Permission);

#[pymethods]
impl Permission {
    /// `label` is what people read; what is `read_only` only lets one see things, and *Read only* is
    /// all of these.
    #[new]
    #[pyo3(signature = (scope, label, *, read_only=false))]
    fn new(scope: Text, label: Text, read_only: bool) -> Self {
        Self(keywright_pages::Permission {
            scope: scope.0,
            label: label.0,
            read_only,
        })
    }

    fn __repr__(&self) -> String {
        let keywright_pages::Permission {
            scope,
            label,
            read_only,
        } = &self.0;
        let read_only = if *read_only { "True" } else { "False" };
        format!("Permission({scope:?}, {label:?}, read_only={read_only})")
    }
}

/// A picture beside the page's title.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct Logo(keywright_pages::Logo);

#[pymethods]
impl Logo {
    /// `data` is the file, up to 256 KiB; `alt` what it says, for who can't see it.
    #[new]
    fn new(data: Octets, media_type: Text, alt: Text) -> Self {
        Self(keywright_pages::Logo {
            bytes: data.to_vec(),
            media_type: media_type.0,
            alt: alt.0,
        })
    }
}

/// The page on which an owner manages their own keys. Made once.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct KeysPage(pub(crate) keywright_pages::KeysPage);

#[pymethods]
impl KeysPage {
    /// `permissions` is what keys can be permitted, and whether one may be given `all`. `expiries` are
    /// how long keys may live, in whole days, with None for ever. `project`, `class_`, `rate_limit`,
    /// `credits`, `limits`, `allowed_ips` and `metadata` are true of all keys that are made here.
    #[new]
    #[pyo3(signature = (
        *, title=None, language=None, permissions=List(Vec::new()), allow_all=true, expiries=None, allow_date=true,
        project=None, class_=None, rate_limit=None, credits=None, limits=None, allowed_ips=None, metadata=None,
        show_metadata=false, accent=None, logo=None, variables=None, dark_variables=None,
        color_scheme=Word(ColorScheme::Auto), trusted_proxies=List(Vec::new()), page_size=Whole(20),
    ))]
    #[expect(clippy::too_many_arguments, reason = "one for each option")]
    fn new(
        title: Option<Text>,
        language: Option<Word<Language>>,
        permissions: List<Py<Permission>>,
        allow_all: bool,
        expiries: Option<List<Option<Span>>>,
        allow_date: bool,
        project: Option<Text>,
        class_: Option<Word<Class>>,
        rate_limit: Option<Text>,
        credits: Option<Whole<u64>>,
        limits: Option<List<Py<Limit>>>,
        allowed_ips: Option<List<Text>>,
        metadata: Option<Pairs>,
        show_metadata: bool,
        accent: Option<Text>,
        logo: Option<Py<Logo>>,
        variables: Option<Pairs>,
        dark_variables: Option<Pairs>,
        color_scheme: Word<ColorScheme>,
        trusted_proxies: List<Text>,
        page_size: Whole<u32>,
    ) -> PyResult<Self> {
        guard(None, || {
            let pairs = |pairs: Option<Pairs>| pairs.unwrap_or_default().0.into_iter().collect();
            let permissions = permissions.0.iter();
            let options = PageOptions {
                title: plain(title),
                language: language.map(|Word(language)| language),
                permissions: permissions.map(|one| one.get().0.clone()).collect(),
                allow_all,
                expiries: expiries.map_or_else(
                    || PageOptions::default().expiries,
                    |List(all)| lifetimes(all),
                ),
                allow_date,
                new_keys: CreateOptions {
                    project: plain(project),
                    allowed_ips: allowed_ips.map(texts),
                    metadata: metadata.unwrap_or_default().0,
                    class: class_.map(|Word(class)| class),
                    rate_limit: plain(rate_limit),
                    credits: number(credits),
                    limits: inner_limits(limits),
                    ..CreateOptions::default()
                },
                show_metadata,
                theme: Theme {
                    accent: plain(accent),
                    logo: logo.map(|logo| logo.get().0.clone()),
                    variables: pairs(variables),
                    dark_variables: pairs(dark_variables),
                    scheme: color_scheme.0,
                },
                trusted_proxies: texts(trusted_proxies),
                page_size: page_size.0,
            };
            keywright_pages::KeysPage::new(options)
                .map(Self)
                .map_err(raise)
        })
    }

    /// The largest body that is read; a larger one is a 413.
    #[classattr]
    const LARGEST_BODY: usize = keywright_pages::KeysPage::LARGEST_BODY;
}

fn lifetimes(spans: Vec<Option<Span>>) -> Vec<Expiry> {
    let spans = spans.into_iter().map(span);
    spans
        .map(|span| span.map_or(Expiry::Never, Expiry::After))
        .collect()
}

/// The page that was given, or one without options.
pub(crate) fn page(given: Option<&Py<KeysPage>>) -> keywright::Result<keywright_pages::KeysPage> {
    static PLAIN: OnceLock<keywright_pages::KeysPage> = OnceLock::new();
    if let Some(page) = given {
        return Ok(page.get().0.clone());
    }
    if let Some(page) = PLAIN.get() {
        return Ok(page.clone());
    }
    let page = keywright_pages::KeysPage::new(PageOptions::default())?;
    Ok(PLAIN.get_or_init(|| page).clone())
}

/// A whole response.
#[pyclass(frozen, module = "keywright")]
pub(crate) struct PageResponse(keywright_pages::PageResponse);

impl From<keywright_pages::PageResponse> for PageResponse {
    fn from(response: keywright_pages::PageResponse) -> Self {
        Self(response)
    }
}

#[pymethods]
impl PageResponse {
    /// The status.
    #[getter]
    fn status(&self) -> u16 {
        self.0.status
    }

    /// Names in lower case, and values.
    #[getter]
    fn headers(&self) -> Vec<(&str, &str)> {
        let headers = self.0.headers.iter();
        headers
            .map(|(name, value)| (*name, value.as_str()))
            .collect()
    }

    /// The body. One of them holds a new secret.
    #[getter]
    fn body(&self) -> &[u8] {
        &self.0.body
    }

    fn __repr__(&self) -> String {
        format!("PageResponse(status={}, …)", self.0.status)
    }
}
