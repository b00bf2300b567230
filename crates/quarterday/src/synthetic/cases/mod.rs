//! What goes on for months: MARAC cases, families, cases of anti-social behaviour, community triggers.

mod asb;
mod families;
mod marac;
mod triggers;

pub(super) use asb::{FEED as ASB, countable as countable_asb};
pub(super) use marac::{FEED as MARAC, countable as countable_marac};
pub(super) use triggers::{FEED as TRIGGERS, countable as countable_trigger};

use super::story::Produced;

pub(super) fn produced(seed: u64) -> Vec<Produced> {
    let feeds = [
        marac::produced,
        families::families_first,
        families::sherwood,
        asb::produced,
        triggers::produced,
    ];
    feeds.into_iter().flat_map(|feed| feed(seed)).collect()
}
