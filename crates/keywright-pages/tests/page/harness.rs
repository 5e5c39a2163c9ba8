//! A store in memory with a clock that stands still, and browsers in front of the page: each is one
//! owner, opens dialogs and sends their forms as a person would.

use futures_executor::block_on;
use keywright::{
    ApiKey, CreateOptions, Created, KeyManager, ListOptions, ManualClock, OpenOptions,
    RequestParts, SeededRandom, VerifyOptions,
};
use keywright_pages::{KeysPage, PageOptions, PageResponse, Permission};
use std::sync::Arc;
use std::time::Duration;

/// 12 March 2026, 14:05:09 UTC.
pub(crate) const START: i64 = 1_773_324_309;
pub(crate) const PEER: &str = "203.0.113.7";

pub(crate) struct Site {
    pub(crate) keys: KeyManager,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) page: KeysPage,
}

pub(crate) fn options() -> PageOptions {
    PageOptions {
        permissions: vec![
            Permission::read("invoices.read", "See invoices"),
            Permission::write("invoices.write", "Issue invoices"),
            Permission::read("customers.read", "See customers"),
        ],
        ..PageOptions::default()
    }
}

impl Site {
    pub(crate) fn new() -> Self {
        Self::with(options())
    }

    pub(crate) fn with(options: PageOptions) -> Self {
        let clock = Arc::new(ManualClock::at(START));
        let open = OpenOptions {
            clock: Some(clock.clone()),
            random: Some(Arc::new(SeededRandom::new(7))),
            ..OpenOptions::default()
        };
        Self {
            keys: block_on(KeyManager::open(Some("memory:"), open)).unwrap(),
            clock,
            page: KeysPage::new(options).unwrap(),
        }
    }

    pub(crate) fn browser(&self, owner: &str) -> Browser<'_> {
        Browser {
            site: self,
            owner: owner.to_owned(),
            headers: vec![("sec-fetch-site".to_owned(), "same-origin".to_owned())],
        }
    }

    pub(crate) fn issue(&self, owner: &str, name: &str) -> Created {
        self.issue_with(owner, name, CreateOptions::default())
    }

    pub(crate) fn issue_with(&self, owner: &str, name: &str, more: CreateOptions) -> Created {
        let options = CreateOptions {
            owner: Some(owner.to_owned()),
            ..more
        };
        block_on(self.keys.create(name, options)).unwrap()
    }

    pub(crate) fn get(&self, id: &str) -> ApiKey {
        block_on(self.keys.get(id)).unwrap()
    }

    pub(crate) fn all(&self, owner: &str) -> Vec<ApiKey> {
        let options = ListOptions {
            owner: Some(owner.to_owned()),
            include_revoked: true,
            limit: Some(1000),
            ..ListOptions::default()
        };
        block_on(self.keys.list(options)).unwrap().data
    }

    /// What `verify` says of a secret.
    pub(crate) fn verify(&self, secret: &str) -> &'static str {
        let answer = block_on(self.keys.verify(secret, &VerifyOptions::default())).unwrap();
        let code = answer.code().as_str();
        block_on(self.keys.flush()).unwrap();
        code
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

pub(crate) struct Browser<'a> {
    pub(crate) site: &'a Site,
    pub(crate) owner: String,
    pub(crate) headers: Vec<(String, String)>,
}

impl Browser<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(own, _)| own != name);
        self
    }

    pub(crate) fn send(&self, method: &str, query: &str, body: &[u8]) -> Shown {
        let headers: Vec<(&str, &[u8])> = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let target = format!("/account/keys{query}");
        let request = RequestParts {
            method,
            target: &target,
            headers: &headers,
            peer: Some(PEER),
            body,
        };
        let site = self.site;
        Shown(block_on(site.page.respond(
            &site.keys,
            &self.owner,
            &request,
        )))
    }

    pub(crate) fn get(&self, query: &str) -> Shown {
        self.send("GET", query, &[])
    }

    pub(crate) fn post(&self, query: &str, fields: &[(&str, &str)]) -> Shown {
        let mut headers = self.headers.clone();
        headers.push((
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        ));
        let browser = Browser {
            site: self.site,
            owner: self.owner.clone(),
            headers,
        };
        browser.send("POST", query, encode(fields).as_bytes())
    }

    /// Opens a dialog.
    pub(crate) fn open(&self, dialog: &str, id: &str) -> Form {
        let shown = self.get(&format!("?dialog={dialog}&id={id}"));
        assert_eq!(shown.0.status, 200, "{dialog}");
        shown.form()
    }

    /// Opens a dialog and sends its form, with some fields filled in.
    pub(crate) fn submit(&self, dialog: &str, id: &str, fill: &[(&str, &str)]) -> Shown {
        self.send_form(&self.open(dialog, id), fill)
    }

    pub(crate) fn send_form(&self, form: &Form, fill: &[(&str, &str)]) -> Shown {
        let mut fields: Vec<(&str, &str)> = form
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .filter(|(name, _)| !fill.iter().any(|(own, _)| own == name))
            .collect();
        fields.extend_from_slice(fill);
        self.post(&form.target, &fields)
    }

    /// Creates a key, and gives its secret.
    pub(crate) fn create(&self, fill: &[(&str, &str)]) -> String {
        let shown = self.submit("create", "", fill);
        assert_eq!(shown.0.status, 200, "{}", shown.text());
        shown.secret().unwrap()
    }

    /// Follows where a response leads.
    pub(crate) fn follow(&self, shown: &Shown) -> Shown {
        assert_eq!(shown.0.status, 303, "{}", shown.text());
        self.get(shown.0.header("location").unwrap())
    }
}

pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter().map(|(name, value)| {
        let escape = |text: &str| {
            let bytes = text.bytes().map(|byte| format!("%{byte:02x}"));
            bytes.collect::<String>()
        };
        format!("{}={}", escape(name), escape(value))
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// A form as it came: where it goes and what it holds (of choices, what is chosen).
#[derive(Clone, Debug)]
pub(crate) struct Form {
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("no field {name}")).1
    }
}

pub(crate) struct Shown(pub(crate) PageResponse);

impl Shown {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.body.clone()).unwrap()
    }

    pub(crate) fn status(&self) -> u16 {
        self.0.status
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    /// The secret that it shows.
    pub(crate) fn secret(&self) -> Option<String> {
        let text = self.text();
        let at = text.find("<code id=\"secret\"")?;
        let (_, rest) = text[at..].split_once('>')?;
        Some(rest.split_once('<')?.0.to_owned())
    }

    /// The names in the list, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        let text = self.text();
        let cells = text.split("<th role=\"rowheader\"").skip(1);
        cells
            .map(|cell| {
                let (_, rest) = cell.split_once("<a ").unwrap();
                let (_, rest) = rest.split_once('>').unwrap();
                plain(rest.split_once("</a>").unwrap().0)
            })
            .collect()
    }

    /// The link with this text.
    pub(crate) fn link(&self, label: &str) -> Option<String> {
        let text = self.text();
        let link = text.split("<a ").skip(1).find(|link| {
            let inner = link.split_once("</a>").map_or("", |(inner, _)| inner);
            inner.contains(label)
        })?;
        let (_, rest) = link.split_once("href=\"")?;
        Some(plain(rest.split_once('"')?.0))
    }

    pub(crate) fn form(&self) -> Form {
        let text = self.text();
        let at = text.find("<form method=\"post\"").expect("a form");
        let form = text[at..].split_once("</form>").unwrap().0;
        let mut fields = Vec::new();
        let mut select = None;
        for tag in form.split('<') {
            let (tag, _) = tag.split_once('>').unwrap_or((tag, ""));
            let attribute = |name: &str| attribute(tag, name);
            if tag.starts_with("select ") {
                select = attribute("name");
            } else if tag.starts_with("option ") && tag.ends_with(" selected") {
                fields.push((select.clone().unwrap(), attribute("value").unwrap()));
            } else if tag.starts_with("input ") {
                let kind = attribute("type").unwrap();
                let choice = kind == "radio" || kind == "checkbox";
                if !choice || tag.contains(" checked") {
                    fields.push((attribute("name").unwrap(), attribute("value").unwrap()));
                }
            }
        }
        Form {
            target: attribute(form, "action").unwrap(),
            fields,
        }
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(plain(rest.split_once('"')?.0))
}

/// Text of HTML as a reader sees it.
pub(crate) fn plain(html: &str) -> String {
    html.replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&#38;", "&")
}
