//! What came of an import.

use super::Count;
use serde::Serialize;

/// What came of an import.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct ImportReport {
    /// The ids of the keys that were taken over, in the order of their records.
    pub imported: Vec<String>,
    /// The records that were refused; the others were taken over all the same.
    pub refused: Vec<RefusedRecord>,
}

impl From<keywright::ImportReport> for ImportReport {
    fn from(report: keywright::ImportReport) -> Self {
        let keywright::ImportReport { imported, refused } = report;
        Self {
            imported,
            refused: refused.into_iter().map(RefusedRecord::from).collect(),
        }
    }
}

/// A record that was not taken over.
#[derive(Clone, Serialize, uniffi::Record)]
pub struct RefusedRecord {
    /// Which record, counted from 0.
    pub index: Count,
    /// The error's code.
    pub code: String,
    /// What was wrong with it.
    pub message: String,
}

impl From<keywright::RefusedRecord> for RefusedRecord {
    fn from(record: keywright::RefusedRecord) -> Self {
        let keywright::RefusedRecord {
            index,
            code,
            message,
        } = record;
        Self {
            index: index.into(),
            code,
            message,
        }
    }
}

wire_form!(ImportReport);
