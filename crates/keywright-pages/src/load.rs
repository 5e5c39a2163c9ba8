//! Reading keys: only ever those of one owner.

use crate::place::{Place, Sort};
use crate::problem::Problem;
use keywright::{ApiKey, ErrorCode, KeyManager, ListOptions, Result};
use std::cmp::{Ordering, Reverse};

/// As many keys of one owner are looked through where the store's own order doesn't do.
pub(crate) const MOST_SORTED: usize = 10_000;
const AT_ONCE: u32 = 1_000;

/// A page of the list.
#[derive(Default)]
pub(crate) struct Loaded {
    pub(crate) keys: Vec<ApiKey>,
    pub(crate) has_more: bool,
    /// How many there are on all pages, where all were counted.
    pub(crate) total: Option<usize>,
    /// Whether there were more than could be looked through.
    pub(crate) capped: bool,
}

/// A key of this owner. Someone else's is as good as none.
pub(crate) async fn own(keys: &KeyManager, owner: &str, id: &str) -> Result<ApiKey, Problem> {
    match keys.get(id).await {
        Ok(key) if key.owner.id == owner => Ok(key),
        Ok(_) => Err(Problem::Missing),
        // What isn't the form of an id is no key's.
        Err(error) if error.code == ErrorCode::InvalidArgument => Err(Problem::Missing),
        Err(error) => Err(error.into()),
    }
}

/// The page of the list at a place.
pub(crate) async fn page(
    keys: &KeyManager,
    owner: &str,
    place: &Place,
    size: usize,
) -> Result<Loaded, Problem> {
    if let Some(after) = &place.after {
        own(keys, owner, after).await?;
    }
    if place.sort == Sort::Newest && place.search.is_empty() {
        return in_order(keys, owner, place, size).await;
    }
    let (mut found, capped) = everything(keys, owner, place).await?;
    found.retain(|key| matches(key, &place.search));
    sort(&mut found, place.sort);
    let total = found.len();
    let behind = place.after.as_ref().and_then(|after| {
        let at = found.iter().position(|key| key.id == *after)?;
        Some(at + 1)
    });
    let mut rest = found.split_off(behind.unwrap_or(0));
    let has_more = rest.len() > size;
    rest.truncate(size);
    Ok(Loaded {
        keys: rest,
        has_more,
        total: Some(total),
        capped,
    })
}

/// Newest first, as the store lists them.
async fn in_order(
    keys: &KeyManager,
    owner: &str,
    place: &Place,
    size: usize,
) -> Result<Loaded, Problem> {
    let page = keys
        .list(ListOptions {
            after: place.after.clone(),
            limit: u32::try_from(size).ok(),
            ..of(owner, place)
        })
        .await?;
    let total = (place.after.is_none() && !page.has_more).then_some(page.data.len());
    Ok(Loaded {
        keys: page.data,
        has_more: page.has_more,
        total,
        capped: false,
    })
}

async fn everything(
    keys: &KeyManager,
    owner: &str,
    place: &Place,
) -> Result<(Vec<ApiKey>, bool), Problem> {
    let mut all: Vec<ApiKey> = Vec::new();
    loop {
        let page = keys
            .list(ListOptions {
                after: all.last().map(|key| key.id.clone()),
                limit: Some(AT_ONCE),
                ..of(owner, place)
            })
            .await?;
        all.extend(page.data);
        if !page.has_more || all.len() >= MOST_SORTED {
            return Ok((all, page.has_more));
        }
    }
}

fn of(owner: &str, place: &Place) -> ListOptions {
    ListOptions {
        owner: Some(owner.to_owned()),
        include_revoked: place.revoked,
        ..ListOptions::default()
    }
}

/// A search that is shorter is in most ids by chance, and looks at names alone.
const SHORTEST_ID_PART: usize = 4;

/// Whether name, id or a redacted value contains it. (The store would also look at the owner, which
/// is the same for all of them.)
fn matches(key: &ApiKey, search: &str) -> bool {
    let wanted = search.to_lowercase();
    let contains = |text: &str| text.to_lowercase().contains(&wanted);
    let mut values = key.versions.iter().map(|version| &version.redacted_value);
    contains(&key.name)
        || (wanted.chars().count() >= SHORTEST_ID_PART
            && (contains(&key.id) || values.any(|value| contains(value))))
}

/// Sorts; what is equal stays newest first.
fn sort(keys: &mut [ApiKey], order: Sort) {
    match order {
        Sort::Newest => {}
        Sort::Oldest => keys.reverse(),
        Sort::NameUp => keys.sort_by_cached_key(|key| key.name.to_lowercase()),
        Sort::NameDown => keys.sort_by_cached_key(|key| Reverse(key.name.to_lowercase())),
        Sort::UsedDown => keys.sort_by_key(|key| Reverse(key.last_used_at)),
        // Never used is the longest ago.
        Sort::UsedUp => keys.sort_by_key(|key| key.last_used_at),
        Sort::ExpiresUp => keys.sort_by(expires),
        Sort::ExpiresDown => keys.sort_by(|a, b| expires(b, a)),
    }
}

/// Never comes after everything.
fn expires(a: &ApiKey, b: &ApiKey) -> Ordering {
    let end = |key: &ApiKey| (key.expires_at.is_none(), key.expires_at);
    end(a).cmp(&end(b))
}
