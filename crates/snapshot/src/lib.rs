//! Snapshots: the measures of a period, frozen with all that is needed to derive them again.
//!
//! A snapshot is one message of the topic `snapshots` ([`journal`]): of several about one period and revision the first is the snapshot, so
//! that two schedulers at once make one. ClickHouse has what is in the topic, for readers. Nothing updates or deletes a snapshot (I9).
//! The numbers are computed by ClickHouse (`quarterday_store::frozen`); here stands what a snapshot is, and how it is written and compared.

pub mod comments;
pub mod concealments;
pub mod disclosure;
mod error;
mod id;
pub mod journal;
mod ledger;
mod snapshot;
mod topic;
pub mod wording;

pub use comments::{Comment, Comments, Said};
pub use concealments::{Concealment, Concealments};
pub use error::{Error, Result};
pub use id::{Id, IdError};
pub use journal::Journal;
pub use ledger::{Changed, Part};
pub use snapshot::{Draft, Header, Snapshot};
