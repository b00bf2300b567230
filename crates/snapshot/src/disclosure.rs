//! What an audience may see of snapshots, so that nobody can be found behind a small number.
//!
//! A number of people from 1 to 4 is hidden from an audience whose rule for the measure says so ([`Rule::Small`]), and as many other numbers
//! as are needed so that none of the hidden ones can be computed: from totals of the same days, from quarters and year to date, from changes
//! and percentages, from measures that are parts of others, or from what the audience was shown earlier, other revisions included (domain.md 4, "Small numbers").
//!
//! Contract:
//! - What is decided of a snapshot is frozen with it: what was shown once is known for ever, so every decision takes all earlier ones into
//!   account, and none is made again.
//! - A hidden number has at least two possible values for whoever knows everything that was shown and how numbers add up. That holds even for
//!   a reader who knows which numbers have not changed from one revision to the next.
//! - Zero is shown (I7). A change, percentage, rank or trend is hidden with any number that it is made of.
//!
//! [`numbers`] says which numbers a snapshot tells, [`case`] and [`runs`] how those of one count hang together, [`families`] and
//! [`instant`] those of several, [`feasible`] what can be concluded
//! from what is shown, [`guard`] what to hide.

#[cfg(test)]
mod attack_tests;
#[cfg(test)]
mod attack_world;
#[cfg(test)]
mod attacker;
mod case;
mod facts;
mod families;
mod feasible;
mod guard;
mod instant;
mod marks;
mod numbers;
mod runs;
mod view;

pub use case::Quarters;
pub use facts::{Facts, facts_of};
pub use marks::{Hidden, Mark, Shown, decide};
pub use numbers::Field;
pub use quarterday_plan::plan::{Audience, Rule};
pub use view::{Line, Place, SUPPRESSED, has_number};
