//! ClickHouse: the store that is derived from the log in Kafka.
//!
//! One version log per record type, derived from its Avro schema; what each record contributes to which measure in one
//! table for all; the measures of the plan files as materialised views over it. Everything that decides (duplicate, conflict, orphan, live,
//! measure) is SQL over the version log, so that it cannot depend on arrival, batching or worker. All access is over the
//! ClickHouse HTTP interface with the `clickhouse` crate: an embedded engine and a cluster look the same from here.

pub mod audiences;
pub mod batch;
pub mod books;
pub mod client;
pub mod contents;
pub mod declared;
pub mod error;
pub mod explain;
pub mod frozen;
mod leases;
pub mod measures;
pub mod migrate;
pub mod names;
mod placed;
pub mod positions;
mod proof;
mod quarters;
pub mod reconcile;
pub mod refresh;
pub mod rejected;
pub mod returns;
pub mod settings;
mod shown;
pub mod sql;
pub mod stores;
mod taken;
pub mod trace;
pub mod waiting;
pub mod warnings;
pub mod watching;

mod native;

pub use audiences::ShownTo;
pub use batch::VersionRows;
pub use books::{Decided, Gap, GapKind, Replay};
pub use client::Store;
pub use contents::{Contents, ShownRefresh};
pub use declared::{Declared, Defined, RETURN_NOTICE};
pub use error::{Error, Result};
pub use explain::{CAUSES, ChangedRecord};
pub use frozen::{Change, FrozenValue, Known, MadeOf, SnapshotRows, ToDate};
pub use leases::Lease;
pub use measures::{Breakdown, Coverage, MeasureRow};
pub use names::Names;
pub use placed::Placed;
pub use positions::{Position, Reached};
pub use quarters::QuarterCount;
pub use reconcile::{Lost, PartitionBooks, Range};
pub use rejected::Rejected;
pub use returns::{Owed, Returned};
pub use settings::Settings;
pub use shown::Shown;
pub use taken::Taken;
pub use trace::Traced;
pub use waiting::{Waiting, WaitingFilter, WaitingGroup};
pub use warnings::{Warning, WarningFilter};
pub use watching::{Examined, Outcomes, Stretch};
