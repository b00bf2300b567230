//! From counts and returns to what a row says: value, numerator, denominator, status.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::calendar::Span;
use super::count::{Cell, Change, Count, Counting, Definition, Form, Rule, Who};
use super::returns::{Returns, Status};
use super::world::World;

/// What the row of one measure, period and cell must say.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    pub value: Option<f64>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    /// Of a change, in both forms.
    pub delta: Option<f64>,
    pub percent: Option<f64>,
    pub status: Status,
    pub approximate: bool,
    pub up_to: bool,
    pub returns: Rc<Returns>,
    /// Of the year before, for a change.
    pub returns_before: Option<Rc<Returns>>,
    /// How many partners should return.
    pub partners: usize,
    /// Whether there is anything to show, so that a breakdown needs a row.
    pub counted: bool,
}

/// The rows of all measures are computed from this.
pub struct Model<'w> {
    pub world: &'w World<'w>,
    everybody: Vec<usize>,
    /// Of all partners together: asked for again with each ward.
    returns: RefCell<HashMap<(&'static str, Span), Rc<Returns>>>,
}

impl<'w> Model<'w> {
    pub fn new(world: &'w World<'w>) -> Self {
        Model {
            world,
            everybody: (0..world.partners).collect(),
            returns: RefCell::default(),
        }
    }

    /// What was returned of a measure, by those of whom a row of `who` speaks: a ward's row stands for all partners.
    fn returns(&self, measure: &Definition, who: Who, span: Span) -> Rc<Returns> {
        match who {
            Who::Partner(partner) => Rc::new(Returns::of(self.world, measure, &[partner], span)),
            Who::All | Who::Ward(_) => {
                let mut known = self.returns.borrow_mut();
                let of_all = || Rc::new(Returns::of(self.world, measure, &self.everybody, span));
                Rc::clone(known.entry((measure.id, span)).or_insert_with(of_all))
            }
        }
    }

    pub fn expected(&self, measure: &Definition, who: Who, span: Span) -> Expected {
        let returns = self.returns(measure, who, span);
        let cell = self.cell(who, span, &returns);
        let mut expected = match measure.rule {
            Rule::Count(of) => self.plain(&returns, &cell, of, None),
            Rule::Milestones { done, expected } => self.plain(&returns, &cell, done, Some(expected)),
            Rule::Change(change) => self.change(measure, &returns, &cell, change),
            Rule::Share { top, bottom } => self.share(&returns, &cell, top, bottom),
            Rule::Rank(rank) => self.rank(&returns, &cell, rank),
        };
        if !expected.status.has_value() {
            expected.value = None;
            expected.numerator = None;
            expected.denominator = None;
        }
        // What has no value is neither approximate nor too much.
        expected.approximate &= expected.value.is_some();
        expected.up_to &= expected.value.is_some();
        expected
    }

    fn cell<'c>(&'c self, who: Who, span: Span, returns: &'c Returns) -> Cell<'c> {
        Cell {
            world: self.world,
            who,
            span,
            missing: &returns.missing,
        }
    }

    /// The status of a cell. A ward's row has the status of the total, of which it is a part.
    fn status(cell: &Cell<'_>, of: Counting, returns: &Returns) -> Status {
        let whole = match cell.who {
            Who::Ward(_) => Cell {
                who: Who::All,
                ..*cell
            },
            Who::All | Who::Partner(_) => *cell,
        };
        returns.status(of(&whole).number)
    }

    fn row(&self, who: Who, count: Count, status: Status, returns: Rc<Returns>) -> Expected {
        Expected {
            value: Some(whole(count.number)),
            numerator: Some(whole(count.number)),
            denominator: None,
            delta: None,
            percent: None,
            status,
            approximate: count.approximate,
            up_to: count.up_to,
            returns,
            returns_before: None,
            partners: match who {
                Who::Partner(_) => 1,
                Who::All | Who::Ward(_) => self.world.partners,
            },
            counted: count.number != 0,
        }
    }

    fn plain(&self, returns: &Rc<Returns>, cell: &Cell<'_>, of: Counting, expected: Option<i64>) -> Expected {
        let status = Self::status(cell, of, returns);
        Expected {
            denominator: expected.map(whole),
            ..self.row(cell.who, of(cell), status, Rc::clone(returns))
        }
    }

    fn change(
        &self,
        measure: &Definition,
        returns: &Rc<Returns>,
        cell: &Cell<'_>,
        change: Change,
    ) -> Expected {
        let of = change.of;
        let before = self.returns(measure, cell.who, cell.span.year_before());
        let base = self.cell(cell.who, cell.span.year_before(), &before);
        let status_before = Self::status(&base, of, &before);
        let mut status = Self::status(cell, of, returns);
        let (now, then) = (of(cell), of(&base));
        let mut value = match change.form {
            Form::Delta => Some(whole(now.number - then.number)),
            Form::Percent => divided(100 * (now.number - then.number), then.number, 0),
        };
        if status.has_value() {
            let broken = change.since.is_some_and(|since| base.span.first < since);
            let incomplete = !returns.missing.is_empty() || !before.missing.is_empty();
            if broken || incomplete || !status_before.has_value() {
                status = Status::Unknown;
                value = None;
            } else if status_before == Status::Conflict {
                status = Status::Conflict;
            }
        }
        let more = now.number - then.number;
        let is_known = status.has_value() && status != Status::Unknown;
        Expected {
            value,
            delta: is_known.then_some(whole(more)),
            percent: divided(100 * more, then.number, 1).filter(|_| is_known),
            denominator: status_before.has_value().then_some(whole(then.number)),
            returns_before: Some(Rc::clone(&before)),
            ..self.row(cell.who, now, status, Rc::clone(returns))
        }
    }

    fn share(&self, returns: &Rc<Returns>, cell: &Cell<'_>, top: Counting, bottom: Counting) -> Expected {
        let mut status = Self::status(cell, bottom, returns);
        let (top, bottom) = (top(cell), bottom(cell));
        let value = divided(100 * top.number, bottom.number, 1);
        if value.is_none() && status.has_value() {
            status = Status::Unknown;
        }
        Expected {
            value,
            denominator: Some(whole(bottom.number)),
            ..self.row(cell.who, top, status, Rc::clone(returns))
        }
    }

    fn rank(&self, returns: &Rc<Returns>, cell: &Cell<'_>, rank: fn(&Cell<'_>) -> Option<i64>) -> Expected {
        let rank = rank(cell);
        // A rank is never 0, so nothing of it is nil: without all areas it is unknown.
        let mut status = returns.status(rank.unwrap_or(0));
        if status.has_value() && rank.is_none() {
            status = Status::Unknown;
        }
        Expected {
            value: rank.map(whole),
            ..self.row(cell.who, Count::default(), status, Rc::clone(returns))
        }
    }
}

pub fn whole(number: i64) -> f64 {
    number as f64
}

/// A quotient rounded to so many decimals, half away from zero; `None` by zero. In whole numbers, so that no half is
/// lost.
pub fn divided(top: i64, bottom: i64, decimals: u32) -> Option<f64> {
    if bottom == 0 {
        return None;
    }
    let scale = 10_i64.pow(decimals);
    let (top, bottom) = (top * scale * bottom.signum(), bottom.abs());
    let rounded = top.signum() * ((2 * top.abs() + bottom) / (2 * bottom));
    Some(rounded as f64 / scale as f64)
}
