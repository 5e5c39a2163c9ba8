//! `POST /v1/keys/verify` and `/identify`: for services that keep no store of their own.

use crate::answer::{Answer, json};
use crate::credential::Admin;
use crate::error::ApiError;
use crate::members::{Members, invalid_value};
use http::StatusCode;
use keywright::{ApiKey, Error, ErrorCode, Verification, VerifyOptions};
use serde::Serialize;
use zeroize::Zeroizing;

/// As many as one request may ask about.
const LARGEST_BATCH: usize = 100;

/// One question.
struct Question {
    secret: Zeroizing<String>,
    options: VerifyOptions,
}

impl Question {
    fn read(mut members: Members) -> Result<Self, ApiError> {
        let it = Self {
            secret: members.secret("secret")?,
            options: VerifyOptions {
                scopes: members.texts("scopes")?.unwrap_or_default(),
                ip: members.text("ip")?,
                cost: members.integer("cost", 0..=u64::MAX)?,
            },
        };
        members.end()?;
        Ok(it)
    }
}

/// The wire form of an answer. A bad key is an answer, and no error.
#[derive(Serialize)]
struct Verified {
    object: &'static str,
    valid: bool,
    code: &'static str,
    key: Option<ApiKey>,
    retry_after_ms: Option<u64>,
    limit: Option<String>,
}

impl Verified {
    fn of(answer: &Verification) -> Self {
        let wait = answer.retry_after();
        Self {
            object: "verification",
            valid: answer.valid(),
            code: answer.code().as_str(),
            key: answer.key(),
            retry_after_ms: wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            limit: answer.limit().map(str::to_owned),
        }
    }
}

#[derive(Serialize)]
struct Batch {
    object: &'static str,
    data: Vec<Verified>,
}

/// One question, or `batch`: a list of them, which are answered in their order.
pub(crate) async fn verify(admin: Admin, mut members: Members) -> Answer {
    let Some(batch) = members.list("batch")? else {
        return json(&ask(&admin, &Question::read(members)?).await?);
    };
    members.end()?;
    if batch.len() > LARGEST_BATCH {
        return Err(invalid_value("batch", "it holds 100 at most"));
    }
    // All are read before one is asked: a use is charged for none of them if one is malformed.
    let read = |item| Question::read(Members::of(item, "batch")?);
    let questions: Vec<Question> = batch.into_iter().map(read).collect::<Result<_, _>>()?;
    let mut data = Vec::with_capacity(questions.len());
    for question in &questions {
        data.push(ask(&admin, question).await?);
    }
    json(&Batch {
        object: "list",
        data,
    })
}

async fn ask(admin: &Admin, question: &Question) -> Result<Verified, ApiError> {
    let Question { secret, options } = question;
    let answer = match admin.keys.verify_now(secret.as_str(), options) {
        Some(answer) => answer,
        None => admin
            .keys
            .verify(secret.as_str(), options)
            .await
            .map_err(|error| admin.told(&error))?,
    };
    Ok(Verified::of(&answer))
}

pub(crate) async fn identify(admin: Admin, mut members: Members) -> Answer {
    let secret = members.secret("secret")?;
    members.end()?;
    let found = admin.keys.identify(secret.as_str()).await;
    match found.map_err(|error: Error| admin.told(&error))? {
        Some(key) => json(&key),
        None => Err(ApiError::new(
            StatusCode::NOT_FOUND,
            "No key of this store has that secret.",
        )
        .code(ErrorCode::NotFound.as_str())),
    }
}
