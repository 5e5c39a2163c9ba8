//! Limits between the plain form of the surface and the parsed one of the core.

use crate::types::Limit;
use keywright_core::limits::{self as core, LimitName, Replenish, Unit};
use keywright_core::{Error, Result};
use std::collections::HashSet;

/// How many limits a key can have.
const MAX_LIMITS: usize = 16;

impl Limit {
    /// At most `COUNT` requests in any window: `100/60s`, `5/1m`, `1000/1h`, `1/1d`.
    pub fn rate(text: &str) -> Result<Self> {
        core::parse_rate(text)
            .map(|limit| Self::from_stored(&limit))
            .map_err(refuse)
    }

    /// So many usage credits, once and for all.
    pub fn credits(count: u64) -> Result<Self> {
        core::credits(count)
            .map(|limit| Self::from_stored(&limit))
            .map_err(refuse)
    }

    pub(crate) fn from_stored(limit: &core::Limit) -> Self {
        let (window_seconds, refill_amount, refill_seconds) = match limit.replenish {
            Replenish::Never => (None, None, None),
            Replenish::Window { seconds } => (Some(seconds), None, None),
            Replenish::Refill {
                amount,
                every_seconds,
            } => (None, Some(amount), Some(every_seconds)),
        };
        Self {
            name: limit.name.as_str().to_owned(),
            unit: limit.unit.to_text().unwrap_or_default(),
            capacity: limit.capacity,
            window_seconds,
            refill_amount,
            refill_seconds,
            remaining: None,
        }
    }

    fn parse(&self) -> Result<core::Limit> {
        let Self {
            name,
            unit,
            capacity,
            window_seconds,
            refill_amount,
            refill_seconds,
            remaining: _,
        } = self;
        let replenish = match (*window_seconds, *refill_amount, *refill_seconds) {
            (None, None, None) => Replenish::Never,
            (Some(seconds), None, None) => Replenish::Window { seconds },
            (None, Some(amount), Some(every_seconds)) => Replenish::Refill {
                amount,
                every_seconds,
            },
            _ => {
                return Err(
                    Error::invalid("a limit has a window, or a refill, or neither").hint(
                        "set window_seconds alone, or refill_amount together with refill_seconds",
                    ),
                );
            }
        };
        let name = LimitName::new(name.as_str()).map_err(refuse)?;
        let unit: Unit = unit.parse().map_err(refuse)?;
        if matches!(unit, Unit::Money { .. }) {
            return Err(
                Error::invalid("limits of money are not charged by this version")
                    .hint("use the unit requests or credits"),
            );
        }
        core::Limit::new(name, unit, *capacity, replenish).map_err(refuse)
    }
}

fn refuse(error: keywright_core::limits::LimitError) -> Error {
    Error::invalid(error.to_string())
}

/// All limits of a key: the short forms and the full ones, each name once.
pub(crate) fn parse_all(
    rate_limit: Option<&str>,
    credits: Option<u64>,
    limits: &[Limit],
) -> Result<Vec<core::Limit>> {
    let mut all = Vec::new();
    if let Some(text) = rate_limit {
        all.push(core::parse_rate(text).map_err(refuse)?);
    }
    if let Some(count) = credits {
        all.push(core::credits(count).map_err(refuse)?);
    }
    for limit in limits {
        all.push(limit.parse()?);
    }
    let names: HashSet<_> = all.iter().map(|limit| &limit.name).collect();
    if names.len() != all.len() {
        return Err(
            Error::invalid("two limits of a key have the same name").hint("name each differently")
        );
    }
    if all.len() > MAX_LIMITS {
        return Err(Error::invalid(format!(
            "a key has at most {MAX_LIMITS} limits"
        )));
    }
    Ok(all)
}
