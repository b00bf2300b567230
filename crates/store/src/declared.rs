//! What the store is made for: record types, the feeds that carry them, and the plans.

use std::collections::BTreeMap;
use std::sync::Arc;

use quarterday_events::RecordType;
use quarterday_plan::plan::{Measure, Plan};

use crate::Contents;

/// The record type whose records say what is returned for a quarter, not what was done (domain.md F01). Where a plan has none,
/// nothing but records says that a partner has returned.
pub const RETURN_NOTICE: &str = "return_notice";

/// All that a store is made for.
#[derive(Debug, Clone, Default)]
pub struct Declared {
    /// The record types by name.
    pub record_types: BTreeMap<String, Arc<RecordType>>,
    /// The plan files in force.
    pub plans: Vec<Plan>,
    /// The record type of each feed.
    pub feeds: BTreeMap<String, String>,
    /// The field of a record type by whose codes a notice can speak of a part of a feed.
    pub scopes: BTreeMap<String, String>,
    /// The files that all this was read from.
    pub contents: Contents,
}

/// A definition with what its plan says of it.
#[derive(Debug, Clone, Copy)]
pub struct Defined<'d> {
    /// The definition.
    pub measure: &'d Measure,
    /// Its plan.
    pub plan: &'d Plan,
}

impl Declared {
    /// Every measure, figure and companion, in the order of the plan files.
    pub fn definitions(&self) -> impl Iterator<Item = Defined<'_>> {
        self.plans
            .iter()
            .flat_map(|plan| plan.definitions().map(move |measure| Defined { measure, plan }))
    }

    /// Those that are counted from records of this type.
    pub fn counted_from<'d>(&'d self, record_type: &'d str) -> impl Iterator<Item = Defined<'d>> {
        self.definitions().filter(move |defined| {
            defined
                .measure
                .counting()
                .is_some_and(|counting| counting.record_type == record_type)
        })
    }
}
