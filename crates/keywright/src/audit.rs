//! The audit trail: what happened, and whether anyone has meddled with it.

use crate::keys::page_size;
use crate::manager::KeyManager;
use crate::types::{AuditEvent, AuditOptions, BrokenLink, Page};
use keywright_core::audit::{Event, EventType};
use keywright_core::operations;
use keywright_core::pepper::Tag;
use keywright_core::store::EventQuery;
use keywright_core::{Error, ErrorCode, Result};
use std::fmt::Write;

const DEFAULT_PAGE: u32 = 100;
const CHECKED_AT_ONCE: u32 = 1000;

impl KeyManager {
    /// Events, oldest first.
    pub async fn audit(&self, options: AuditOptions) -> Result<Page<AuditEvent>> {
        let AuditOptions {
            object_id,
            project,
            event_types,
            actor,
            since,
            after,
            limit,
        } = options;
        let limit = page_size(limit, DEFAULT_PAGE)?;
        if event_types
            .iter()
            .any(|name| EventType::parse(name).is_none())
        {
            return Err(
                Error::invalid("that is not a type of event").hint("for example api_key.created")
            );
        }
        self.look(move |rows| {
            let project = match &project {
                Some(project) => Some(operations::find_project(rows, Some(project))?.id),
                None => None,
            };
            let query = EventQuery {
                object_ids: object_id.clone().into_iter().collect(),
                projects: project.into_iter().collect(),
                event_types: event_types.clone(),
                actors: actor.clone().into_iter().collect(),
                since,
                after: after.unwrap_or(0),
                limit: limit + 1,
                ..EventQuery::default()
            };
            let events = rows.events(&query)?;
            let has_more = events.len() > limit as usize;
            Ok(Page {
                data: events
                    .iter()
                    .take(limit as usize)
                    .map(AuditEvent::from_stored)
                    .collect(),
                has_more,
            })
        })
        .await
    }

    /// Walks the whole chain; the first broken link, or none. Also an end that was cut off is one.
    pub async fn verify_audit(&self) -> Result<Option<BrokenLink>> {
        let (mut after, mut previous) = (0, None::<Tag>);
        loop {
            let peppers = std::sync::Arc::clone(&self.inner.peppers);
            let (broken, last) = self
                .look(move |rows| {
                    let query = EventQuery {
                        after,
                        limit: CHECKED_AT_ONCE,
                        ..EventQuery::default()
                    };
                    let events = rows.events(&query)?;
                    let store_id = rows.store_id().to_owned();
                    let mut before = previous.map(|tag| (after, tag));
                    for event in &events {
                        if !event.follows(
                            &peppers,
                            &store_id,
                            before.as_ref().map(|(seq, tag)| (*seq, tag)),
                        ) {
                            return Ok((
                                Some(broken_link(event, before.map_or(1, |(seq, _)| seq + 1))),
                                None,
                            ));
                        }
                        before = Some((event.seq, event.mac));
                    }
                    if events.is_empty() {
                        return Ok((broken_end(rows.last_event(), before)?, None));
                    }
                    Ok((None, events.last().map(|event| (event.seq, event.mac))))
                })
                .await?;
            match (broken, last) {
                (Some(broken), _) => return Ok(Some(broken)),
                (None, None) => return Ok(None),
                (None, Some((seq, tag))) => (after, previous) = (seq, Some(tag)),
            }
        }
    }
}

fn broken_link(event: &Event, expected: u64) -> BrokenLink {
    let problem = if event.seq == expected {
        "the event was changed, or put here by someone without the pepper"
    } else {
        "events are missing before this one"
    };
    BrokenLink {
        seq: event.seq,
        problem: problem.to_owned(),
    }
}

/// What is wrong with the end of a trail whose events are sound up to `last`.
fn broken_end(
    noted: Result<Option<(u64, Tag)>>,
    last: Option<(u64, Tag)>,
) -> Result<Option<BrokenLink>> {
    let problem = match noted {
        Ok(noted) if noted == last => return Ok(None),
        Ok(_) => "the events from here on are missing",
        Err(error) if error.code == ErrorCode::Tampered => {
            "the note of where the trail ends was changed: events may be missing from here on"
        }
        Err(error) => return Err(error),
    };
    Ok(Some(BrokenLink {
        seq: last.map_or(1, |(seq, _)| seq + 1),
        problem: problem.to_owned(),
    }))
}

impl AuditEvent {
    pub(crate) fn from_stored(event: &Event) -> Self {
        let mut mac = String::with_capacity(72);
        for byte in event.mac.to_bytes() {
            let _ = write!(mac, "{byte:02x}");
        }
        Self {
            seq: event.seq,
            time: event.time,
            event_type: event.event_type.clone(),
            actor: event.actor.clone(),
            ip: event.address.clone(),
            object_id: event.object_id.clone(),
            project_id: event.project_id.clone(),
            outcome: event.outcome.clone(),
            before: event.before.clone(),
            after: event.after.clone(),
            mac,
        }
    }
}
