//! The synthetic returns of the Review of 2014/15: what seven feeds would have sent so that the published figures come
//! out, with the troubles of real returns among them.
//!
//! Contract: the same seed gives the same statements in the same order; every seed gives the figures of [`targets`].
//! A feed's rows are first drawn as what they are in the end (counted or not), then their history is written backwards
//! from there: whatever happens to a record on its way, its end and so the figures are fixed. People and premises are
//! invented.

mod bad;
mod calendar;
mod cctv;
mod crimes;
mod davss;
mod draft;
mod incidents;
mod places;
mod pseudonyms;
mod pubwatch;
mod random;
mod statement;
mod story;
mod summary;
pub mod targets;
mod troubles;
mod wardens;

pub use statement::{Payload, Statement};
pub use summary::Summary;

use story::Produced;

/// Everything the demo produces, in the order of producing. Same seed, same bytes.
pub fn review(seed: u64) -> Vec<Statement> {
    let feeds = [
        cctv::produced,
        pubwatch::produced,
        davss::produced,
        wardens::visits,
        wardens::referrals,
        crimes::produced,
        incidents::produced,
        bad::produced,
    ];
    let mut all: Vec<Produced> = feeds.into_iter().flat_map(|feed| feed(seed)).collect();
    all.sort_by_key(|produced| produced.at);
    all.into_iter().map(|produced| produced.statement).collect()
}

#[cfg(test)]
mod tests;
