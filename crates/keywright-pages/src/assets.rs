//! The style sheets, the script and the logo: compiled in or given, and each found by its hash, so
//! that a browser keeps it until there is another.

use crate::theme::{self, Theme};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keywright::Result;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// One file.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) media_type: &'static str,
    pub(crate) bytes: Cow<'static, [u8]>,
    pub(crate) hash: String,
}

impl Asset {
    fn new(media_type: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        let digest = Sha256::digest(&bytes);
        Self {
            media_type,
            hash: URL_SAFE_NO_PAD.encode(&digest[..9]),
            bytes,
        }
    }
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Assets {
    pub(crate) style: Asset,
    pub(crate) script: Asset,
    pub(crate) theme: Option<Asset>,
    pub(crate) logo: Option<Asset>,
    pub(crate) logo_alt: String,
    pub(crate) scheme: &'static str,
}

impl Assets {
    pub(crate) fn new(look: Theme) -> Result<Self> {
        let sheet = theme::style_sheet(&look)?;
        let theme = Some(sheet).filter(|sheet| !sheet.is_empty());
        let (logo, logo_alt) = match look.logo {
            None => (None, String::new()),
            Some(logo) => {
                let media_type = theme::logo_type(&logo)?;
                (
                    Some(Asset::new(media_type, Cow::Owned(logo.bytes))),
                    logo.alt,
                )
            }
        };
        let compiled =
            |media_type, text: &'static str| Asset::new(media_type, Cow::Borrowed(text.as_bytes()));
        Ok(Self {
            style: compiled(
                "text/css; charset=utf-8",
                include_str!("../assets/page.css"),
            ),
            script: compiled(
                "text/javascript; charset=utf-8",
                include_str!("../assets/page.js"),
            ),
            theme: theme
                .map(|sheet| Asset::new("text/css; charset=utf-8", sheet.into_bytes().into())),
            logo,
            logo_alt,
            scheme: look.scheme.as_str(),
        })
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Asset> {
        match name {
            "page.css" => Some(&self.style),
            "page.js" => Some(&self.script),
            "theme.css" => self.theme.as_ref(),
            "logo" => self.logo.as_ref(),
            _ => None,
        }
    }
}
