//! Whether a worker has the files that the store was made with. Workers of one group with other code lists would judge the same messages
//! differently, and watermarks name the files of the store (I1, as known at).

use std::time::Duration;

use anyhow::{Result, bail};
use quarterday_store::Store;

use crate::keeper::store_in_force;
use crate::system::System;

/// Between two questions which files are in force.
const LOOK_EVERY: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(1);

/// The store that readers see, as soon as ClickHouse answers.
///
/// # Errors
/// It was made with other files than these, or is not there; ClickHouse refuses for good.
pub(crate) async fn store_of(system: &System) -> Result<Store> {
    loop {
        let store = store_in_force(&system.store).await?;
        match store.contents_in_force().await {
            Ok(Some(in_force)) if in_force == hash(system) => return Ok(store),
            Ok(Some(_)) => bail!("{OTHERS}"),
            Ok(None) => bail!("there is no store yet: run 'quarterday migrate' first"),
            Err(error) if error.is_retryable() => tracing::warn!(%error, "waiting for ClickHouse"),
            Err(error) => return Err(error.into()),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a command has the files that the store was made with: what is due, and what is hidden from whom, goes by them.
///
/// # Errors
/// It has others. ClickHouse refuses or is away.
pub(crate) async fn refuse_others(system: &System) -> Result<()> {
    match system.store.contents_in_force().await? {
        Some(in_force) if in_force == hash(system) => Ok(()),
        Some(_) => bail!(
            "the store was made with other plan, feed, code list or schema files than this command has: give it those, or put these in \
             force ('quarterday migrate', or 'quarterday up' started again)"
        ),
        None => bail!("there is no store yet: run 'quarterday migrate' first"),
    }
}

/// Ends when other files are put in force.
pub(crate) async fn until_others(system: &System) -> anyhow::Error {
    let hash = hash(system);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        // While ClickHouse is away others say so.
        let Ok(store) = system.store.in_force().await else {
            continue;
        };
        if let Ok(Some(in_force)) = store.contents_in_force().await
            && in_force != hash
        {
            return anyhow::anyhow!("{OTHERS}");
        }
    }
}

const OTHERS: &str = "the store was made with other plan, feed, code list or schema files than this worker has: give the worker those, or run \
     'quarterday migrate' with these, and start it again";

fn hash(system: &System) -> String {
    system.in_force.declared().contents.hash().to_owned()
}
