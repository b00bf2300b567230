//! The synthetic returns of the Review of 2014/15 and of the plan's year 2015-16: what the partners would have sent so
//! that the published figures come out, and every measure of the plan has something to show, with the troubles of real
//! returns among them.
//!
//! Contract: the same seed gives the same statements in the same order; every seed gives the figures of [`targets`].
//! A feed's rows are first drawn as what they are in the end (counted or not), then their history is written backwards
//! from there: whatever happens to a record on its way, its end and so the figures are fixed. People and premises are
//! invented.

mod activities;
mod admissions;
mod areas;
mod arrests;
mod bad;
mod calendar;
mod cases;
mod casualties;
mod cctv;
mod cohort;
mod contacts;
mod crimes;
mod davss;
mod domestic_abuse;
mod draft;
mod incidents;
mod late;
mod milestones;
mod mixes;
mod notices;
mod orders;
mod places;
mod premises;
mod pseudonyms;
mod pubwatch;
mod quarters;
mod random;
mod referrals;
mod shifts;
mod statement;
mod story;
mod summary;
pub mod targets;
mod troubles;
mod wardens;

pub use late::late;
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
        contacts::produced,
        referrals::produced,
        cases::produced,
        orders::produced,
        arrests::produced,
        casualties::produced,
        admissions::produced,
        activities::produced,
        shifts::produced,
        premises::produced,
        milestones::produced,
        areas::police,
        areas::roads,
        bad::produced,
    ];
    let mut all: Vec<Produced> = feeds.into_iter().flat_map(|feed| feed(seed)).collect();
    let declared = contacts::declared(&all);
    all.extend(notices::produced(seed, declared));
    all.sort_by_key(|produced| produced.at);
    all.into_iter().map(|produced| produced.statement).collect()
}

#[cfg(test)]
mod tests;
