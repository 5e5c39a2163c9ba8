//! What the templates are given. They only place it; what is shown is decided here and beside.

use crate::daily_use::{Chart, HEIGHT};
use crate::dates::Moment;
use crate::options::Language;
use crate::texts::Texts;
use askama::Template;
use keywright::Secret;

/// What is around every page.
pub(crate) struct Frame<'a> {
    pub(crate) language: Language,
    pub(crate) scheme: &'a str,
    pub(crate) title: &'a str,
    pub(crate) style: String,
    pub(crate) theme: Option<String>,
    pub(crate) script: String,
    pub(crate) logo: Option<String>,
    pub(crate) logo_alt: &'a str,
}

/// The list, and a dialog over it.
#[derive(Template)]
#[template(path = "list.html")]
pub(crate) struct ListPage<'a> {
    pub(crate) t: &'a Texts,
    pub(crate) frame: Frame<'a>,
    pub(crate) list: List,
    pub(crate) dialog: Option<Dialog>,
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "problem.html")]
pub(crate) struct ProblemPage<'a> {
    pub(crate) t: &'a Texts,
    pub(crate) frame: Frame<'a>,
    pub(crate) heading: &'a str,
    pub(crate) text: &'a str,
}

pub(crate) struct List {
    pub(crate) search: String,
    pub(crate) orders: Vec<Choice>,
    pub(crate) revoked: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    pub(crate) count: Option<String>,
    pub(crate) capped: Option<String>,
    pub(crate) notice: Option<String>,
    pub(crate) create: String,
    pub(crate) clear: String,
    pub(crate) first: Option<String>,
    pub(crate) next: Option<String>,
    /// There is no key at all.
    pub(crate) is_empty: bool,
}

impl List {
    /// Whether there is a column of this sort.
    fn has(&self, class: &str) -> bool {
        self.columns.iter().any(|column| column.class == class)
    }
}

/// One of several to choose from.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: String,
    pub(crate) chosen: bool,
}

/// The head of a column.
pub(crate) struct Column {
    pub(crate) class: &'static str,
    pub(crate) label: &'static str,
    /// A link that sorts by it.
    pub(crate) link: Option<String>,
    /// `ascending`, `descending`, or nothing.
    pub(crate) sorted: &'static str,
}

pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: &'static str,
    pub(crate) status_label: &'static str,
    /// A link to the progress of its rotation.
    pub(crate) rotating: Option<String>,
    pub(crate) redacted: String,
    pub(crate) created: Moment,
    pub(crate) used: Option<Moment>,
    pub(crate) expires: Option<Moment>,
    pub(crate) expires_soon: bool,
    pub(crate) permissions: &'static str,
    pub(crate) chart: Option<Chart>,
    pub(crate) open: String,
    pub(crate) actions: Vec<Action>,
}

/// An icon that leads to a dialog.
pub(crate) struct Action {
    pub(crate) icon: &'static str,
    pub(crate) label: String,
    pub(crate) link: String,
}

/// A window over the list.
pub(crate) struct Dialog {
    /// Where closing it leads.
    pub(crate) close: String,
    /// Where its form is sent.
    pub(crate) target: String,
    pub(crate) token: String,
    pub(crate) title: String,
    pub(crate) body: Body,
}

pub(crate) enum Body {
    Form(KeyForm),
    Secret(SecretView),
    Rotate(RotateForm),
    Progress(Progress),
    Confirm(Confirm),
    Details(Details),
    /// A sentence, and a button that goes on.
    Message {
        text: String,
        link: String,
        label: String,
    },
}

/// To create or edit a key.
pub(crate) struct KeyForm {
    pub(crate) action: &'static str,
    pub(crate) submit: &'static str,
    /// Hidden fields beyond action and token.
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) error: Option<String>,
    pub(crate) name: String,
    pub(crate) modes: Vec<Choice>,
    pub(crate) scopes: Vec<ScopeBox>,
    pub(crate) lives: Vec<Choice>,
    /// What stands in the field for a day, where a day may be chosen.
    pub(crate) date: Option<String>,
    pub(crate) first_day: String,
    pub(crate) last_day: Option<String>,
}

pub(crate) struct ScopeBox {
    pub(crate) scope: String,
    pub(crate) label: String,
    pub(crate) chosen: bool,
}

pub(crate) struct SecretView {
    pub(crate) secret: Secret,
    pub(crate) name: String,
    pub(crate) notes: Vec<String>,
    /// Where a reload leads, once the script has been there.
    pub(crate) list: String,
}

pub(crate) struct RotateForm {
    pub(crate) id: String,
    pub(crate) version: u32,
    pub(crate) overlaps: Vec<Choice>,
}

/// A rotation under way.
pub(crate) struct Progress {
    pub(crate) id: String,
    pub(crate) version: u32,
    /// The new one and the old one, each with what it is called.
    pub(crate) versions: [(&'static str, VersionView); 2],
    /// Whether the old secret is still in use.
    pub(crate) in_use: bool,
    pub(crate) verdict: String,
}

pub(crate) struct VersionView {
    pub(crate) number: u32,
    pub(crate) redacted: String,
    pub(crate) state: String,
    pub(crate) created: Moment,
    pub(crate) used: Option<Moment>,
}

/// Asks before something is done.
pub(crate) struct Confirm {
    pub(crate) action: &'static str,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) redacted: String,
    pub(crate) lines: Vec<String>,
    pub(crate) submit: &'static str,
    pub(crate) is_danger: bool,
}

pub(crate) struct Details {
    pub(crate) row: Row,
    /// What it may do, where that isn't everything.
    pub(crate) scopes: Vec<String>,
    pub(crate) networks: Vec<String>,
    /// The name of each limit, and what is left.
    pub(crate) limits: Vec<(String, String)>,
    pub(crate) versions: Vec<VersionView>,
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) revoked_at: Option<Moment>,
}

/// Renders a page; what a secret goes through is one buffer that is never moved.
pub(crate) fn render(page: &impl Template) -> Option<String> {
    const ENOUGH: usize = 256 * 1024;
    let mut out = String::with_capacity(ENOUGH);
    page.render_into(&mut out).ok()?;
    Some(out)
}
