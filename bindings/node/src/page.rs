//! The page on which owners manage their own keys: its options, and what it answers.

use crate::arguments::{LimitInput, Pair, limits, metadata, small, whole, word};
use crate::call::{CancelToken, now, wait};
use crate::failure::Failure;
use crate::http::{Octets, RequestInput};
use crate::manager::NativeManager;
use keywright::{Class, CreateOptions, Result};
use keywright_pages::{
    ColorScheme, Expiry, KeysPage, Language, Logo, PageOptions, Permission, Theme,
};
use napi::Either;
use napi::bindgen_prelude::{Buffer, Null};
use napi_derive::napi;
use std::time::Duration;

/// One thing that a key can be permitted.
#[napi(object, object_to_js = false)]
pub struct PermissionInput {
    /// The scope.
    pub scope: String,
    /// What people read.
    pub label: String,
    /// Whether it only lets one see things.
    pub read_only: Option<bool>,
}

/// A picture beside the title.
#[napi(object, object_to_js = false)]
pub struct LogoInput {
    /// The file.
    #[napi(ts_type = "Uint8Array")]
    pub data: Octets,
    /// Its media type.
    pub media_type: String,
    /// What it says.
    pub alt: String,
}

/// What an application decides about the page.
#[napi(object, object_to_js = false)]
pub struct PageInput {
    /// Its heading.
    pub title: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// What keys can be permitted.
    pub permissions: Option<Vec<PermissionInput>>,
    /// Whether a key may be given all.
    pub allow_all: Option<bool>,
    /// Whole seconds; null for ever.
    #[napi(ts_type = "Array<number | null>")]
    pub expiries: Option<Vec<Either<f64, Null>>>,
    /// Whether a day may be named.
    pub allow_date: Option<bool>,
    /// The project of new keys.
    pub project: Option<String>,
    /// Their class.
    pub class: Option<String>,
    /// Their rate limit.
    pub rate_limit: Option<String>,
    /// Their credits.
    pub credits: Option<f64>,
    /// Their limits in full.
    pub limits: Option<Vec<LimitInput>>,
    /// Where they may be used from.
    pub allowed_ips: Option<Vec<String>>,
    /// What is kept with them.
    pub metadata: Option<Vec<Pair>>,
    /// Whether it is shown.
    pub show_metadata: Option<bool>,
    /// The colour of buttons.
    pub accent: Option<String>,
    /// The logo.
    pub logo: Option<LogoInput>,
    /// CSS variables.
    pub variables: Option<Vec<Pair>>,
    /// The same where it is dark.
    pub dark_variables: Option<Vec<Pair>>,
    /// `auto`, `light` or `dark`.
    pub color_scheme: Option<String>,
    /// Whose `X-Forwarded-For` counts.
    pub trusted_proxies: Option<Vec<String>>,
    /// So many keys on a page of the list.
    pub page_size: Option<f64>,
}

/// The page.
#[napi]
pub struct NativePage(KeysPage);

#[napi]
impl NativePage {
    /// Reads the options.
    #[napi(catch_unwind)]
    pub fn make(input: PageInput) -> Either<NativePage, Failure> {
        now(None, || KeysPage::new(options(input)?).map(Self))
    }

    /// The largest body that is read.
    #[napi(catch_unwind)]
    pub fn largest_body() -> u32 {
        u32::try_from(KeysPage::LARGEST_BODY).unwrap_or(u32::MAX)
    }
}

fn options(input: PageInput) -> Result<PageOptions> {
    let usual = PageOptions::default();
    let PageInput {
        title,
        language,
        permissions,
        allow_all,
        expiries,
        allow_date,
        project,
        class,
        rate_limit,
        credits,
        limits: given_limits,
        allowed_ips,
        metadata: given_metadata,
        show_metadata,
        accent,
        logo,
        variables,
        dark_variables,
        color_scheme,
        trusted_proxies,
        page_size,
    } = input;
    Ok(PageOptions {
        title,
        language: word(language.as_deref(), Language::named)?,
        permissions: permissions.into_iter().flatten().map(permission).collect(),
        allow_all: allow_all.unwrap_or(usual.allow_all),
        expiries: match expiries {
            Some(expiries) => expiries.into_iter().map(expiry).collect::<Result<_>>()?,
            None => usual.expiries,
        },
        allow_date: allow_date.unwrap_or(usual.allow_date),
        new_keys: CreateOptions {
            project,
            allowed_ips,
            metadata: metadata(given_metadata),
            class: word(class.as_deref(), Class::parse)?,
            rate_limit,
            credits: credits.map(|it| whole(it, "credits")).transpose()?,
            limits: limits(given_limits.unwrap_or_default())?,
            ..CreateOptions::default()
        },
        show_metadata: show_metadata.unwrap_or(usual.show_metadata),
        theme: Theme {
            accent,
            logo: logo.map(picture),
            variables: pairs(variables),
            dark_variables: pairs(dark_variables),
            scheme: word(color_scheme.as_deref(), ColorScheme::parse)?.unwrap_or_default(),
        },
        trusted_proxies: trusted_proxies.unwrap_or_default(),
        page_size: match page_size {
            Some(size) => small(size, "pageSize")?,
            None => usual.page_size,
        },
    })
}

fn permission(input: PermissionInput) -> Permission {
    let PermissionInput {
        scope,
        label,
        read_only,
    } = input;
    Permission {
        scope,
        label,
        read_only: read_only.unwrap_or_default(),
    }
}

fn expiry(input: Either<f64, Null>) -> Result<Expiry> {
    match input {
        Either::A(seconds) => whole(seconds, "each of expiries")
            .map(|seconds| Expiry::After(Duration::from_secs(seconds))),
        Either::B(Null) => Ok(Expiry::Never),
    }
}

fn picture(input: LogoInput) -> Logo {
    let LogoInput {
        data,
        media_type,
        alt,
    } = input;
    Logo {
        bytes: data.to_vec(),
        media_type,
        alt,
    }
}

fn pairs(pairs: Option<Vec<Pair>>) -> Vec<(String, String)> {
    let pairs = pairs.into_iter().flatten();
    pairs.map(|Pair { name, value }| (name, value)).collect()
}

/// A whole response.
#[napi(object, object_from_js = false)]
pub struct PageData {
    /// The status.
    pub status: u32,
    /// Names and values by turns.
    pub headers: Vec<String>,
    /// The body.
    pub body: Buffer,
}

impl From<keywright_pages::PageResponse> for PageData {
    fn from(response: keywright_pages::PageResponse) -> Self {
        let keywright_pages::PageResponse {
            status,
            headers,
            body,
        } = response;
        let headers = headers.into_iter();
        Self {
            status: status.into(),
            headers: headers
                .flat_map(|(name, value)| [name.to_owned(), value])
                .collect(),
            body: body.into(),
        }
    }
}

#[napi]
impl NativeManager {
    /// The response of the page.
    #[napi]
    pub async fn keys_page(
        &self,
        owner: String,
        request: RequestInput,
        page: &NativePage,
        cancel: Option<&CancelToken>,
    ) -> Either<PageData, Failure> {
        let page = page.0.clone();
        let work = async {
            let headers = request.headers();
            let parts = request.parts(&headers);
            Ok(page.respond(&self.keys, &owner, &parts).await)
        };
        wait(Some(&self.keys), cancel, work).await
    }
}
