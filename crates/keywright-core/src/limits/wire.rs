//! A limit in JSON: flat, with the window or the refill as plain fields, strict both ways.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{Limit, LimitError, LimitName, Replenish, Unit};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    name: LimitName,
    unit: Unit,
    capacity: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    window_seconds: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refill_amount: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refill_seconds: Option<u32>,
}

impl TryFrom<Wire> for Limit {
    type Error = LimitError;

    fn try_from(wire: Wire) -> Result<Self, LimitError> {
        let replenish = match (wire.window_seconds, wire.refill_amount, wire.refill_seconds) {
            (None, None, None) => Replenish::Never,
            (Some(seconds), None, None) => Replenish::Window { seconds },
            (None, Some(amount), Some(every_seconds)) => Replenish::Refill {
                amount,
                every_seconds,
            },
            (Some(_), _, _) => return Err(LimitError::WindowAndRefill),
            (None, _, _) => return Err(LimitError::HalfRefill),
        };
        Self::new(wire.name, wire.unit, wire.capacity, replenish)
    }
}

impl Serialize for Limit {
    /// Fails for a limit that couldn't be read again, rather than store it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.check().map_err(ser::Error::custom)?;
        let (window_seconds, refill_amount, refill_seconds) = match self.replenish {
            Replenish::Never => (None, None, None),
            Replenish::Window { seconds } => (Some(seconds), None, None),
            Replenish::Refill {
                amount,
                every_seconds,
            } => (None, Some(amount), Some(every_seconds)),
        };
        let wire = Wire {
            name: self.name.clone(),
            unit: self.unit,
            capacity: self.capacity,
            window_seconds,
            refill_amount,
            refill_seconds,
        };
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Wire::deserialize(deserializer)?
            .try_into()
            .map_err(de::Error::custom)
    }
}
