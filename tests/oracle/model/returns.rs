//! Nil, not returned, not applicable (G9).

use std::collections::BTreeSet;

use super::calendar::{Quarter, Span};
use super::count::Definition;
use super::world::World;

/// What a partner said of one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Returned,
    Nil,
    NotApplicable,
    /// Nothing, by a notice, and yet there are rows.
    Conflict,
    Missing,
}

/// What a measure's feed says of one quarter, as far as the measure is concerned.
pub fn state(world: &World<'_>, measure: &Definition, partner: usize, quarter: Quarter) -> State {
    let present = world.present(measure.kind, partner, quarter);
    let notice = world
        .notices(measure.kind, partner, quarter)
        .iter()
        .find(|notice| {
            let named = measure.scope.iter().all(|code| notice.scope.contains(code));
            notice.scope.is_empty() || (!measure.scope.is_empty() && named)
        });
    match notice {
        Some(notice) if notice.says != "RETURN" => {
            let in_scope = |code: &Option<_>| {
                notice.scope.is_empty() || code.is_some_and(|code| notice.scope.contains(&code))
            };
            if present.iter().any(in_scope) {
                State::Conflict
            } else if notice.says == "NIL" {
                State::Nil
            } else {
                State::NotApplicable
            }
        }
        Some(_) => State::Returned,
        None if present.is_empty() => State::Missing,
        None => State::Returned,
    }
}

/// The quarters whose returns a measure of a period is made from.
fn quarters_of(measure: &Definition, span: Span) -> Vec<Quarter> {
    if measure.is_at_end {
        vec![Quarter::of(span.last)]
    } else {
        span.quarters()
    }
}

/// What the partners said of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returns {
    pub returned: usize,
    pub nil: usize,
    pub not_applicable: usize,
    pub conflict: usize,
    /// As `(partner, quarter)`.
    pub missing: BTreeSet<(usize, Quarter)>,
    /// Partners of whom something is known in some quarter.
    pub covered: usize,
}

impl Returns {
    pub fn of(world: &World<'_>, measure: &Definition, partners: &[usize], span: Span) -> Self {
        let mut returns = Returns::default();
        for partner in partners {
            let mut covered = false;
            for quarter in quarters_of(measure, span) {
                match state(world, measure, *partner, quarter) {
                    State::Returned => {
                        returns.returned += 1;
                        covered = true;
                    }
                    State::Nil => {
                        returns.nil += 1;
                        covered = true;
                    }
                    State::Conflict => {
                        returns.conflict += 1;
                        covered = true;
                    }
                    State::NotApplicable => returns.not_applicable += 1,
                    State::Missing => {
                        returns.missing.insert((*partner, quarter));
                    }
                }
            }
            returns.covered += usize::from(covered);
        }
        returns
    }

    /// The status of a number that counted so much.
    pub fn status(&self, counted: i64) -> Status {
        if self.conflict > 0 {
            return Status::Conflict;
        }
        if self.returned + self.nil == 0 && self.missing.is_empty() {
            return if counted == 0 {
                Status::NotApplicable
            } else {
                Status::Conflict
            };
        }
        if self.returned + self.nil == 0 {
            return Status::NotReturned;
        }
        if self.returned == 0 && counted == 0 && self.missing.is_empty() {
            return Status::Nil;
        }
        Status::Provisional
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Provisional,
    Nil,
    NotApplicable,
    NotReturned,
    Conflict,
    Unknown,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Provisional => "provisional",
            Status::Nil => "nil",
            Status::NotApplicable => "not_applicable",
            Status::NotReturned => "not_returned",
            Status::Conflict => "conflict",
            Status::Unknown => "unknown",
        }
    }

    /// Whether there is a number beside it.
    pub fn has_value(self) -> bool {
        !matches!(self, Status::NotApplicable | Status::NotReturned)
    }
}
