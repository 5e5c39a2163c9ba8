//! `keywright verify` and `keywright identify`

use crate::app::App;
use crate::args::verify::{Identify, Verify};
use crate::failure::{Outcome, Status};
use crate::input::secret::{self, Given};
use crate::input::words;
use crate::output::card::Card;
use crate::output::{json, key, time};
use crate::store::Access;
use keywright::{ApiKey, Error, ErrorCode, Verification, VerifyCode, VerifyOptions};
use serde::Serialize;

pub(crate) fn verify(app: &App, args: Verify) -> Outcome {
    let Verify {
        scopes,
        ip,
        cost,
        misplaced,
    } = args;
    secret::refuse_argument(&misplaced, "verify")?;
    let options = VerifyOptions {
        scopes: scopes.as_deref().map(words::list).unwrap_or_default(),
        ip,
        cost,
    };
    let given = secret::given()?;
    app.with_store(Access::Read, async |keys| {
        let mut nothing_came = "nothing came on standard input";
        if matches!(given, Given::NotYet) {
            // What is wrong with the options is told before anybody types a secret.
            let _ = keys.verify("", &options).await?;
            nothing_came = "nothing was typed";
        }
        let presented = given.have()?;
        let answer = keys.verify(&*presented, &options).await?;
        show(app, &answer)?;
        if presented.is_empty() {
            app.note(nothing_came);
        }
        Ok(status(answer.code()))
    })
}

/// The exit status that stands for an answer.
pub(crate) const fn status(code: VerifyCode) -> Status {
    match code {
        VerifyCode::Valid => Status::Done,
        VerifyCode::Unavailable => Status::Unavailable,
        _ => Status::Negative,
    }
}

/// The wire form of an answer.
#[derive(Serialize)]
struct Answer<'a> {
    valid: bool,
    code: &'static str,
    key: Option<&'a ApiKey>,
    retry_after_ms: Option<u64>,
    limit: Option<&'a str>,
}

fn show(app: &App, answer: &Verification) -> Outcome<()> {
    let found = answer.key();
    if app.json {
        let wait = answer
            .retry_after()
            .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        let answer = Answer {
            valid: answer.valid(),
            code: answer.code().as_str(),
            key: found.as_ref(),
            retry_after_ms: wait,
            limit: answer.limit(),
        };
        return json::object(app, &answer);
    }
    let mut text = headline(app, answer.code());
    let mut card = Card::default();
    if let Some(limit) = answer.limit() {
        card.line("Limit", limit);
    }
    if let Some(wait) = answer.retry_after() {
        card.line("Try again", &format!("in {}", time::wait(wait)));
    }
    if let Some(key) = &found {
        card.line("Key", &key.id);
        card.line("Name", &key.name);
        card.line("Owner", &key.owner.id);
        card.line("Expires", &time::full_or_never(key.expires_at, app.now()));
    }
    text += &card.render(app.out.style);
    app.out.print(&text)
}

/// `valid`, or the code and what it means.
pub(crate) fn headline(app: &App, code: VerifyCode) -> String {
    let style = app.out.style;
    if code.is_valid() {
        format!("{}\n", style.green("valid"))
    } else {
        format!("{}: {}\n", style.red(code.as_str()), code.meaning())
    }
}

pub(crate) fn identify(app: &App, args: &Identify) -> Outcome {
    secret::refuse_argument(&args.misplaced, "identify")?;
    let given = secret::given()?;
    app.with_store(Access::Read, async |keys| match keys.identify(&*given.have()?).await? {
        Some(found) => {
            key::show(app, &found)?;
            Ok(Status::Done)
        }
        None => Err(Error::new(ErrorCode::NotFound, "no key of this store has that secret")
            .hint("nothing is trimmed: look for blanks around it, and whether this is the right store")
            .into()),
    })
}
