//! `quarterday rejected`: what has to be looked at, why, and what to do.

mod discard;
mod list;
mod replay;
mod show;

use anyhow::{Result, bail};
use quarterday_kafka::Place;
use quarterday_store::{Waiting, WaitingFilter};

use crate::cli::rejected::Rejected;
use crate::target::Opened;

pub(super) async fn run(args: Rejected) -> Result<u8> {
    match args {
        Rejected::List(args) => list::run(args).await,
        Rejected::Show(args) => show::run(args).await,
        Rejected::Replay(args) => replay::run(args).await,
        Rejected::Discard(args) => discard::run(args).await,
    }
}

/// The record types of all feeds, or of one, that there must be.
fn record_types<'o>(opened: &'o Opened, feed: Option<&str>) -> Result<Vec<&'o str>> {
    let catalogue = &opened.system.in_force.catalogue;
    let Some(name) = feed else {
        return Ok(catalogue.record_types().keys().map(String::as_str).collect());
    };
    let Some(feed) = catalogue.feed(name) else {
        bail!(
            "there is no feed {name}; feeds are {}",
            catalogue.feed_names().join(", ")
        );
    };
    Ok(vec![feed.feed.record_type.as_str()])
}

/// The messages of these ids, all of which must be there.
async fn find(opened: &Opened, ids: &[Place]) -> Result<Vec<Waiting>> {
    let filter = WaitingFilter {
        ids: ids.iter().map(Place::to_string).collect(),
        ..WaitingFilter::default()
    };
    let limit = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let record_types = record_types(opened, None)?;
    let found = opened.system.store.waiting(&record_types, &filter, limit).await?;
    let is_found = |id: &&Place| found.iter().any(|row| row.id() == id.to_string());
    if let Some(missing) = ids.iter().find(|id| !is_found(id)) {
        bail!(
            "no message {missing} is in quarantine, in conflict or an orphan; 'quarterday rejected list --messages' shows the ids"
        );
    }
    Ok(found)
}
