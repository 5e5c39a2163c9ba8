//! The page as a whole: who asked what, and which answer that gets.

use crate::assets::Assets;
use crate::fields::Fields;
use crate::load;
use crate::options::{Language, PageOptions, Settings};
use crate::place::Place;
use crate::problem::Problem;
use crate::response::PageResponse;
use crate::rows::Shower;
use crate::sign::Signer;
use crate::texts::{Texts, with};
use crate::views::{Dialog, Frame, ListPage, ProblemPage, render};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keywright::{ApiKey, Error, KeyManager, RequestParts, Result};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// No form of this page has more.
const LARGEST_BODY: usize = 64 * 1024;
/// The longest actor of the audit trail, in characters.
const LONGEST_ACTOR: usize = 128;

/// The page on which an owner manages their own keys.
///
/// It has no server: it takes what of a request counts, and gives the whole response. Everything is
/// at one address, wherever that is; queries tell it apart, and all links are relative to it. Who the
/// owner is, the application says: it must have made sure of that.
///
/// Cheap to clone.
///
/// ```
/// use keywright::{KeyManager, OpenOptions, RequestParts};
/// use keywright_pages::{KeysPage, PageOptions};
/// # futures_executor::block_on(async {
/// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
/// let page = KeysPage::new(PageOptions::default())?;
///
/// let request = RequestParts {
///     method: "GET",
///     target: "/account/keys",
///     headers: &[("accept-language", b"en")],
///     peer: Some("203.0.113.7"),
///     body: &[],
/// };
/// let response = page.respond(&keys, "cust_42", &request).await;
/// assert_eq!(response.status, 200);
/// assert!(String::from_utf8_lossy(&response.body).contains("Create your first API key"));
/// # Ok::<(), keywright::Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct KeysPage {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    assets: Assets,
}

impl KeysPage {
    /// Reads the options.
    ///
    /// # Errors
    /// `invalid_argument`, with what is wrong with them.
    pub fn new(options: PageOptions) -> Result<Self> {
        let (settings, theme) = Settings::new(options)?;
        let assets = Assets::new(theme)?;
        Ok(Self {
            inner: Arc::new(Inner { settings, assets }),
        })
    }

    /// The largest body that is read; a larger one is a 413, so an adapter need not take more in.
    pub const LARGEST_BODY: usize = LARGEST_BODY;

    /// The response to a request of this owner. Whatever goes wrong is a response too.
    pub async fn respond(
        &self,
        keys: &KeyManager,
        owner: &str,
        request: &RequestParts<'_>,
    ) -> PageResponse {
        let Inner { settings, assets } = self.inner.as_ref();
        let language = settings
            .language
            .unwrap_or_else(|| Language::preferred(request.header("accept-language")));
        let turn = Turn {
            keys,
            owner,
            request,
            settings,
            assets,
            language,
            texts: language.texts(),
            signer: Signer::new(keys, owner),
        };
        let answer = match request.method {
            "GET" | "HEAD" => turn.look().await,
            "POST" => turn.act().await,
            _ => Err(Problem::Method),
        };
        let mut response = answer.unwrap_or_else(|problem| turn.problem(&problem));
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }
}

/// One request, and what its answer takes.
pub(crate) struct Turn<'a> {
    pub(crate) keys: &'a KeyManager,
    pub(crate) owner: &'a str,
    pub(crate) request: &'a RequestParts<'a>,
    pub(crate) settings: &'a Settings,
    assets: &'a Assets,
    pub(crate) language: Language,
    pub(crate) texts: &'static Texts,
    pub(crate) signer: Signer<'a>,
}

/// Where a request comes from, as the browser says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Site {
    /// From the page itself, from an address bar, or from a browser that doesn't say.
    Own,
    /// A link elsewhere that leads here.
    LinkElsewhere,
    Other,
}

impl Turn<'_> {
    /// `GET`: a file, or the list with or without a dialog. Changes nothing.
    async fn look(&self) -> Result<PageResponse, Problem> {
        let fields = match self.site() {
            Site::Own => Fields::of_target(self.request.target)?,
            // It opens the page, and nothing in it.
            Site::LinkElsewhere => Fields::parse(&[])?,
            Site::Other => return Err(Problem::Cross),
        };
        if let Some(name) = fields.one("asset")? {
            let asset = self.assets.named(name).ok_or(Problem::Missing)?;
            let current = fields.one("v")? == Some(asset.hash.as_str());
            return Ok(PageResponse::asset(asset, current));
        }
        let place = Place::read(&fields)?;
        let dialog = self.dialog(&fields, &place).await?;
        let notice = self.notice(&fields).await?;
        self.list(200, &place, notice, dialog).await
    }

    async fn dialog(&self, fields: &Fields, place: &Place) -> Result<Option<Dialog>, Problem> {
        let shower = self.shower(place);
        let Some(name) = fields.one("dialog")? else {
            return Ok(None);
        };
        if name == "create" {
            let entered = crate::entered::Entered::new(self.settings);
            return Ok(Some(shower.create(
                &self.signer,
                &entered,
                &self.nonce()?,
                None,
            )));
        }
        let about = ["edit", "rotate", "disable", "enable", "revoke", "key"];
        let name = about.into_iter().find(|known| *known == name);
        let name = name.ok_or(Problem::Malformed)?;
        let key = self.own(fields.required("id")?).await?;
        Ok(Some(match name {
            "edit" => {
                let entered = crate::entered::Entered::of(&key, self.settings);
                shower.edit(&self.signer, &key, &entered, None)
            }
            "rotate" => shower.rotate(&self.signer, &key),
            "key" => shower.details(&self.signer, &key).await,
            action => shower.confirm(&self.signer, &key, action),
        }))
    }

    /// What was done a moment ago, if this page says so itself.
    async fn notice(&self, fields: &Fields) -> Result<Option<String>, Problem> {
        let t = self.texts;
        let (Some(done), Some(id), Some(signature)) =
            (fields.one("done")?, fields.one("key")?, fields.one("sig")?)
        else {
            return Ok(None);
        };
        if !self.signer.is_good_notice(done, id, signature) {
            return Ok(None);
        }
        let text = match done {
            "edit" => t.said_edited,
            "finish" => t.said_finished,
            "cancel" => t.said_cancelled,
            "disable" => t.said_disabled,
            "enable" => t.said_enabled,
            "revoke" => t.said_revoked,
            _ => return Ok(None),
        };
        let key = self.own(id).await?;
        Ok(Some(with(text, "name", &key.name)))
    }

    /// The list, with or without a dialog over it.
    pub(crate) async fn list(
        &self,
        status: u16,
        place: &Place,
        notice: Option<String>,
        dialog: Option<Dialog>,
    ) -> Result<PageResponse, Problem> {
        let size = self.settings.page_size;
        let loaded = load::page(self.keys, self.owner, place, size).await?;
        let list = self.shower(place).list(loaded, notice).await;
        let page = ListPage {
            t: self.texts,
            frame: self.frame(),
            list,
            dialog,
        };
        self.html(status, &page)
    }

    fn html(&self, status: u16, page: &impl Template) -> Result<PageResponse, Problem> {
        let failed = || {
            let code = keywright::ErrorCode::Internal;
            Problem::Failed(Error::new(code, "the page could not be rendered"))
        };
        let html = render(page).ok_or_else(failed)?;
        Ok(PageResponse::html(status, self.language.as_str(), html))
    }

    fn problem(&self, problem: &Problem) -> PageResponse {
        if let Problem::Failed(error) = problem {
            self.keys.log_error(error);
        }
        let (heading, text) = problem.texts(self.texts);
        let page = ProblemPage {
            t: self.texts,
            frame: self.frame(),
            heading,
            text,
        };
        let html = render(&page).unwrap_or_default();
        let response = PageResponse::html(problem.status(), self.language.as_str(), html);
        match problem {
            Problem::Method => response.with("allow", "GET, HEAD, POST"),
            Problem::Failed(_) if problem.status() == 503 => response.with("retry-after", "5"),
            _ => response,
        }
    }

    fn frame(&self) -> Frame<'_> {
        let link = |name: &str, hash: &str| crate::fields::query([("asset", name), ("v", hash)]);
        let assets = self.assets;
        let theme = assets.theme.as_ref();
        let logo = assets.logo.as_ref();
        Frame {
            language: self.language,
            scheme: assets.scheme,
            title: self.settings.title.as_deref().unwrap_or(self.texts.title),
            style: link("page.css", &assets.style.hash),
            theme: theme.map(|asset| link("theme.css", &asset.hash)),
            script: link("page.js", &assets.script.hash),
            logo: logo.map(|asset| link("logo", &asset.hash)),
            logo_alt: &assets.logo_alt,
        }
    }

    pub(crate) fn shower<'s>(&'s self, place: &'s Place) -> Shower<'s> {
        Shower {
            keys: self.keys,
            settings: self.settings,
            texts: self.texts,
            place,
            now: self.keys.now(),
        }
    }

    pub(crate) async fn own(&self, id: &str) -> Result<ApiKey, Problem> {
        load::own(self.keys, self.owner, id).await
    }

    fn nonce(&self) -> Result<String, Problem> {
        Ok(URL_SAFE_NO_PAD.encode(self.keys.random_bytes()?))
    }

    /// The manager, as this owner acts on it.
    pub(crate) fn acting(&self) -> Result<KeyManager, Problem> {
        let address = self.settings.policy.client_address(self.request);
        let address = address.map(|address| address.to_string());
        Ok(self
            .keys
            .acting_as(&actor(self.owner), address.as_deref())?)
    }

    /// What `POST` must be: from this page, small, and with the token of a form made for this owner.
    pub(crate) fn form(&self) -> Result<(Place, Fields), Problem> {
        if self.site() != Site::Own || self.says("none") {
            return Err(Problem::Cross);
        }
        if self.request.body.len() > LARGEST_BODY {
            return Err(Problem::TooLarge);
        }
        let mut types = self.request.header("content-type");
        let is_form = |value: &[u8]| {
            let essence = value.split(|byte| *byte == b';').next().unwrap_or_default();
            essence
                .trim_ascii()
                .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
        };
        if !types.next().is_some_and(is_form) || types.next().is_some() {
            return Err(Problem::Malformed);
        }
        let fields = Fields::parse(self.request.body)?;
        let token = fields.one("token")?.unwrap_or_default();
        if !self.signer.is_good_token(token) {
            return Err(Problem::Stale);
        }
        let place = Place::read(&Fields::of_target(self.request.target)?)?;
        Ok((place, fields))
    }

    fn says(&self, value: &str) -> bool {
        let mut sites = self.request.header("sec-fetch-site");
        sites.any(|own| own == value.as_bytes())
    }

    fn site(&self) -> Site {
        let mut sites = self.request.header("sec-fetch-site");
        let own = |value: &[u8]| value == b"same-origin" || value == b"none";
        if sites.all(own) {
            return Site::Own;
        }
        let mut places = self.request.header("sec-fetch-dest");
        if self.request.method != "POST" && places.any(|value| value == b"document") {
            return Site::LinkElsewhere;
        }
        Site::Other
    }
}

/// `owner:OWNER`; where that is too long for an actor, its end is a hash.
fn actor(owner: &str) -> String {
    let actor = ["owner:", owner].concat();
    if actor.chars().count() <= LONGEST_ACTOR {
        return actor;
    }
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(owner)[..15]);
    let kept: String = actor.chars().take(LONGEST_ACTOR - hash.len() - 1).collect();
    [kept.as_str(), "~", &hash].concat()
}
