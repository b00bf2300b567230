//! Bringing measures up to date. What is stale is itself data: a record type whose positions are ahead of the watermark of
//! its newest refresh. So a worker killed between insert and refresh leaves nothing stale that another would not see.

use serde::Deserialize;

use crate::declared::RETURN_NOTICE;
use crate::{Result, Store};

/// How many record types are refreshed at once: small ones are mostly planning, on one core.
const AT_ONCE: usize = 2;

#[derive(Deserialize)]
struct Stale {
    record_type: String,
}

impl Store {
    /// Record types with rows that their newest refresh has not seen.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn stale_record_types(&self) -> Result<Vec<String>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/stale.sql"))
            .replace("{notices}", RETURN_NOTICE);
        let rows: Vec<Stale> = self.rows("ask which measures are stale", &sql, &[]).await?;
        Ok(rows.into_iter().map(|row| row.record_type).collect())
    }

    /// Computes the measures of one record type again and waits until they are there. Several callers at once do no harm:
    /// ClickHouse runs one refresh of a view at a time.
    ///
    /// # Errors
    /// As [`Store::execute`]; a refresh that failed inside ClickHouse is an error of the waiting.
    pub async fn refresh(&self, record_type: &str) -> Result<()> {
        self.start_refresh(record_type).await?;
        self.wait_refresh(record_type).await
    }

    async fn start_refresh(&self, record_type: &str) -> Result<()> {
        let view = self.names().measure_view(record_type);
        self.execute("start a refresh", &format!("SYSTEM REFRESH VIEW {view}"))
            .await
    }

    async fn wait_refresh(&self, record_type: &str) -> Result<()> {
        let view = self.names().measure_view(record_type);
        self.execute("wait for a refresh", &format!("SYSTEM WAIT VIEW {view}"))
            .await
    }

    /// Refreshes what is stale now, once; one record type that fails does not keep the others from theirs. Returns how many
    /// were refreshed.
    ///
    /// # Errors
    /// As [`Store::refresh`]: the first that failed, after all were tried.
    pub async fn refresh_stale(&self) -> Result<usize> {
        let (mut refreshed, mut failed) = (0, None);
        let mut stale = self.stale_record_types().await?;
        // All others are computed from notices too.
        if stale.iter().any(|record_type| record_type == RETURN_NOTICE) {
            self.refresh(RETURN_NOTICE).await?;
            refreshed += 1;
            stale = self.stale_record_types().await?;
            stale.retain(|record_type| record_type != RETURN_NOTICE);
        }
        for some in stale.chunks(AT_ONCE) {
            for record_type in some {
                match self.start_refresh(record_type).await {
                    Ok(()) => {}
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
            for record_type in some {
                match self.wait_refresh(record_type).await {
                    Ok(()) => refreshed += 1,
                    Err(error) => failed = failed.or(Some(error)),
                }
            }
        }
        failed.map_or(Ok(refreshed), Err)
    }
}
