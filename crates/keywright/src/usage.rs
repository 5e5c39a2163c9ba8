//! How much a key was used lately, day by day.

use crate::keys::no_such_key;
use crate::manager::KeyManager;
use crate::types::DailyUse;
use keywright_core::daily::{Day, MOST_DAYS};
use keywright_core::ids::KeyId;
use keywright_core::secret::Class;
use keywright_core::store::Rows;
use keywright_core::{Error, Result};

impl KeyManager {
    /// How often a key was used on each of the last `days` days (1 to 90) in UTC, today included:
    /// one entry for each day, oldest first. A use is a verify that was answered `valid`, whichever
    /// of the key's versions it was for; it is counted at most a second later.
    ///
    /// ```
    /// use keywright::{CreateOptions, KeyManager, OpenOptions, VerifyOptions};
    /// # futures_executor::block_on(async {
    /// let keys = KeyManager::open(Some("memory:"), OpenOptions::default()).await?;
    /// let created = keys.create("billing", CreateOptions::default()).await?;
    /// assert!(keys.verify(created.secret.reveal(), &VerifyOptions::default()).await?.valid());
    ///
    /// let week = keys.usage(&created.key.id, 7).await?;
    /// assert_eq!(week.len(), 7);
    /// assert_eq!(week.iter().map(|day| day.count).sum::<u64>(), 1);
    /// # Ok::<(), keywright::Error>(()) }).unwrap();
    /// ```
    ///
    /// # Errors
    /// `invalid_argument` for another number of days, `not_found`.
    pub async fn usage(&self, id: &str, days: u32) -> Result<Vec<DailyUse>> {
        let id: KeyId = id.parse()?;
        let days = self.last_days(days)?;
        self.look(move |rows| {
            let key = rows.key(id)?.filter(|key| key.class != Class::Admin);
            key.ok_or_else(no_such_key)?;
            daily_uses(rows, id, &days)
        })
        .await
    }

    /// The counts of [`usage`](Self::usage) for several keys at once, in their order. Of a key that
    /// isn't there nothing was used.
    #[doc(hidden)]
    pub async fn usage_of_all(&self, ids: &[&str], days: u32) -> Result<Vec<Vec<u64>>> {
        let ids: Vec<KeyId> = ids.iter().map(|id| id.parse()).collect::<Result<_>>()?;
        let days = self.last_days(days)?;
        self.look(move |rows| {
            let counts = |id: &KeyId| {
                let uses = daily_uses(rows, *id, &days)?;
                Ok(uses.iter().map(|day| day.count).collect())
            };
            ids.iter().map(counts).collect()
        })
        .await
    }

    fn last_days(&self, count: u32) -> Result<Vec<Day>> {
        if !(1..=MOST_DAYS).contains(&count) {
            return Err(
                Error::invalid("the number of days is out of range").hint("from 1 to 90 days")
            );
        }
        Ok(Day::of(self.now()).last(count).collect())
    }
}

fn daily_uses(rows: &mut dyn Rows, id: KeyId, days: &[Day]) -> Result<Vec<DailyUse>> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        return Ok(Vec::new());
    };
    let counts = rows.daily_uses(id, *first, *last)?;
    let told = |day: &Day| DailyUse {
        day: day.start(),
        count: counts.on(*day),
    };
    Ok(days.iter().map(told).collect())
}
