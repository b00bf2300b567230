//! What a report is made of: a snapshot as its audience sees it, and what it saw of others.

use quarterday_plan::period::Period;
use quarterday_plan::plan::{Audience, Plan};
use quarterday_snapshot::disclosure::Line;
use quarterday_snapshot::{Changed, Header};

/// Another snapshot, as the audience sees it.
#[derive(Debug, Clone)]
pub struct Frozen {
    /// Its period.
    pub period: Period,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// All that a report says comes from here.
#[derive(Debug, Clone)]
pub struct Source<'s> {
    /// The snapshot.
    pub header: &'s Header,
    /// Its hash, for those who see all of it: the hash of hidden numbers would give them away.
    pub hash: Option<&'s str>,
    /// Who reads.
    pub audience: Audience,
    /// Why there is another revision, as far as the audience may know.
    pub reason: &'s str,
    /// The measures, as the audience sees them.
    pub lines: &'s [Line],
    /// The newest snapshot of each quarter that was taken before, and of the period itself.
    pub quarters: &'s [Frozen],
    /// Why numbers are others than those of the revision before, for those who see all of it.
    pub ledger: &'s [Changed],
    /// The plans that were in force.
    pub plans: &'s [Plan],
}
