//! Who derives a store beside: of several the first, for as long as that one says so.

use serde::Deserialize;

use crate::sql::measures::split_statements;
use crate::{Result, Store};

const STORES: &str = include_str!("../../../schemas/clickhouse/stores.sql");
const FIRST: &str = include_str!("../../../schemas/clickhouse/lease.sql");

/// A lease that has not run out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Lease {
    /// Whose it is.
    pub holder: String,
    /// Since when, UTC, as ClickHouse writes it.
    pub since: String,
}

impl Store {
    /// Makes the list of stores, with that of leases.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn make_lists(&self) -> Result<()> {
        for statement in split_statements(&self.names().fill(STORES)) {
            self.execute("make the list of stores", &statement).await?;
        }
        Ok(())
    }

    /// Asks for the lease, or renews it, for so many seconds from now on; 0 gives it back. Returns whose it is now: of several who ask, that of
    /// who asked first.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn lease(&self, holder: &str, seconds: u32) -> Result<Option<Lease>> {
        let sql = self.names().fill(
            "INSERT INTO {stores}.leases (holder, until, noted_at) SELECT {holder:String}, now64(6, 'UTC') + toIntervalSecond({seconds:UInt32}), \
             greatest(now64(6, 'UTC'), max(noted_at) + INTERVAL 1 MICROSECOND) FROM {stores}.leases",
        );
        let seconds = seconds.to_string();
        let params = [("holder", holder), ("seconds", seconds.as_str())];
        self.execute_with("ask for the lease of rebuilds", &sql, &params)
            .await?;
        let first = self
            .rows("read the lease of rebuilds", &self.names().fill(FIRST), &[])
            .await?;
        Ok(first.into_iter().next())
    }
}
