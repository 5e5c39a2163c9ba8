//! What comes out: plain records that users hold in their hands. Whole numbers are signed, as both
//! languages count, and Java knows no others.

use keywright::Timestamp;
use serde::Serialize;

/// Writes the wire form of what users hold in their hands, as the façade does.
macro_rules! wire_form {
    ($($name:ident),+) => {
        $(
            #[uniffi::export]
            impl $name {
                /// The wire form: JSON with fields in `snake_case` and times in Unix seconds.
                pub fn to_json(&self) -> String {
                    serde_json::to_string(self).unwrap_or_default()
                }
            }
        )+
    };
}

mod accounts;
mod events;
mod import;
mod keys;

pub use accounts::{Project, ServiceAccount, User};
pub use events::{AuditEvent, BrokenLink, LogRecord};
pub use import::{ImportReport, RefusedRecord};
pub use keys::{ApiKey, DailyUse, KeyOwner, KeyVersion, Limit};

uniffi::custom_type!(Timestamp, i64, {
    remote,
    lower: |moment| moment.unix(),
    // Only what came from here goes back, to be written as JSON: what a host made up in its place is
    // the nearest moment that there is.
    try_lift: |seconds| Ok(Timestamp::from_unix_ms(seconds.saturating_mul(1000))),
});

/// How many: from 0 to 2^53.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub struct Count(i64);

uniffi::custom_type!(Count, i64, {
    lower: |count| count.0,
    try_lift: |number| Ok(Count(number)),
});

impl Count {
    /// The number as it was given; who takes it looks whether it is in range.
    pub(crate) fn given(self) -> i64 {
        self.0
    }
}

impl From<u64> for Count {
    fn from(count: u64) -> Self {
        Self(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Count {
    fn from(count: u32) -> Self {
        Self(count.into())
    }
}
