//! `quarterday rejected`: what has to be looked at, why, and what to do.

mod discard;
mod list;
mod replay;
mod show;

use std::collections::{BTreeSet, HashSet};

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

/// Ids travel in the address of a request, which has its limit.
const AT_A_TIME: usize = 300;

/// The messages of these ids, all of which must be there.
async fn find(opened: &Opened, ids: &[Place]) -> Result<Vec<Waiting>> {
    let record_types = record_types(opened, None)?;
    let mut found = Vec::new();
    let each: BTreeSet<String> = ids.iter().map(Place::to_string).collect();
    for ids in Vec::from_iter(each).chunks(AT_A_TIME) {
        let filter = WaitingFilter {
            ids: ids.to_vec(),
            ..WaitingFilter::default()
        };
        found.extend(
            opened
                .system
                .store
                .waiting(&record_types, &filter, u32::MAX)
                .await?,
        );
    }
    let known: HashSet<String> = found.iter().map(Waiting::id).collect();
    if let Some(missing) = ids.iter().find(|id| !known.contains(&id.to_string())) {
        bail!(
            "no message {missing} is in quarantine, in conflict or an orphan; 'quarterday rejected list --messages' shows the ids"
        );
    }
    Ok(found)
}
