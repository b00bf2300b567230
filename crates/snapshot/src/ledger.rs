//! Why a revision is another: each change in parts that add up to it.

use quarterday_store::ChangedRecord;
use serde::{Deserialize, Serialize};

/// What has changed of one measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changed {
    /// The measure.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// The number of the earlier snapshot.
    pub before: Option<f64>,
    /// That of the later one.
    pub after: Option<f64>,
    /// The status of the earlier one.
    pub status_before: String,
    /// That of the later one.
    pub status_after: String,
    /// By how much, no number taken for zero.
    pub change: f64,
    /// What it is made of: they add up to it.
    pub parts: Vec<Part>,
}

/// What one cause has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// late, amended, withdrawn, replayed, definition changed or reference data changed.
    pub cause: String,
    /// By how much.
    pub change: f64,
    /// How many records, of causes that are messages. They may be there without a part: what two records change may be nothing.
    pub count: usize,
    /// The records; in the ledger of a snapshot the first of them.
    pub records: Vec<ChangedRecord>,
}
