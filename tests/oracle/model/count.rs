//! Counting the records of one cell: the words that the catalogues are written in.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use super::calendar::{Quarter, Span, london};
use super::world::World;
use crate::oracle::records::{Code, Engagement, FamilyCase, Heads, Kind, Message, Pid, Record, Referral};

/// The plan's district (G10).
pub const DISTRICT: Code = "E07000116";

/// Whose records are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    All,
    Partner(usize),
    Ward(Code),
}

/// One number's place in a table: whose, and when.
#[derive(Clone, Copy)]
pub struct Cell<'w> {
    pub world: &'w World<'w>,
    pub who: Who,
    pub span: Span,
    /// Returns of the measure that are missing: what lasts from before does not count in their quarters (G9).
    pub missing: &'w Missing,
}

/// Partners and quarters of which they have returned nothing.
pub type Missing = BTreeSet<(usize, Quarter)>;

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub number: i64,
    pub approximate: bool,
    pub up_to: bool,
}

impl Count {
    pub fn exact(number: usize) -> Self {
        Count {
            number: i64::try_from(number).unwrap(),
            ..Count::default()
        }
    }
}

/// The records of a cell, on the way to a count.
pub struct Rows<'w, T> {
    span: Span,
    missing: &'w Missing,
    rows: Vec<(&'w Message, &'w T)>,
}

impl<'w> Cell<'w> {
    pub fn at(self, span: Span) -> Self {
        Cell { span, ..self }
    }

    /// The records of one type in the plan's district.
    pub fn rows<T: Record>(&self) -> Rows<'w, T> {
        let mut rows = self.rows_anywhere();
        rows.rows
            .retain(|(message, _)| message.district == Some(DISTRICT));
        rows
    }

    /// The records of one type, of any district.
    pub fn rows_anywhere<T: Record>(&self) -> Rows<'w, T> {
        let messages = match self.who {
            Who::Partner(partner) => self.world.records_of(T::KIND, partner),
            Who::All | Who::Ward(_) => self.world.records(T::KIND),
        };
        let here = messages.iter().filter(|m| match self.who {
            Who::Ward(ward) => m.ward == Some(ward),
            Who::All | Who::Partner(_) => true,
        });
        Rows {
            span: self.span,
            missing: self.missing,
            rows: here.map(|m| (*m, typed(m))).collect(),
        }
    }

    /// The records of one type of everybody, to look back among.
    pub fn everybodys<T: Record>(&self) -> impl Iterator<Item = (&'w Message, &'w T)> {
        self.world.records(T::KIND).iter().map(|m| (*m, typed(m)))
    }
}

fn typed<T: Record>(message: &Message) -> &T {
    message.body.as_ref().and_then(T::of).unwrap()
}

impl<'w, T: Record> Rows<'w, T> {
    pub fn filter(mut self, keep: impl Fn(&T) -> bool) -> Self {
        self.rows.retain(|(_, record)| keep(record));
        self
    }

    /// Those with this, which is asked of the message as well.
    pub fn having(mut self, keep: impl Fn(&Message, &T) -> bool) -> Self {
        self.rows.retain(|(message, record)| keep(message, record));
        self
    }

    pub fn ward(mut self, ward: Code) -> Self {
        self.rows.retain(|(message, _)| message.ward == Some(ward));
        self
    }

    /// Those whose date is there and lies in the period.
    pub fn on<D: Into<Option<Date>>>(self, date: impl Fn(&T) -> D) -> Self {
        let span = self.span;
        self.filter(|record| date(record).into().is_some_and(|day| span.has(day)))
    }

    /// Those whose instant lies in the period by London clocks (G2).
    pub fn at(self, instant: impl Fn(&T) -> Timestamp) -> Self {
        self.on(|record| london(instant(record)))
    }

    /// Those with this on the last day of the period (G6).
    pub fn on_last_day(self, holds: impl Fn(&T, Date) -> bool) -> Self {
        let last = self.span.last;
        self.of_last_quarter().filter(|record| holds(record, last))
    }

    /// Those whose partner has returned something of the quarter of the last day.
    pub fn of_last_quarter(mut self) -> Self {
        let (missing, quarter) = (self.missing, Quarter::of(self.span.last));
        self.rows
            .retain(|(message, _)| !missing.contains(&(message.partner, quarter)));
        self
    }

    /// Those that last on some day of the period, in a quarter of which their partner has returned something.
    pub fn on_some_day(mut self, lasts: impl Fn(&T) -> (Date, Option<Date>)) -> Self {
        let (span, missing) = (self.span, self.missing);
        let quarters: Vec<(Quarter, Span)> = span
            .quarters()
            .into_iter()
            .map(|quarter| (quarter, span.within(quarter.span())))
            .collect();
        self.rows.retain(|(message, record)| {
            let (from, until) = lasts(record);
            let mut touched = quarters.iter().filter(|(_, days)| days.overlaps(from, until));
            touched.any(|(quarter, _)| !missing.contains(&(message.partner, *quarter)))
        });
        self
    }

    /// The first record, where there can be but one.
    pub fn first(&self) -> Option<&'w T> {
        self.rows.first().map(|(_, record)| *record)
    }

    pub fn count(&self) -> Count {
        Count::exact(self.rows.len())
    }

    pub fn sum(&self, quantity: impl Fn(&T) -> i32) -> Count {
        Count {
            number: self
                .rows
                .iter()
                .map(|(_, record)| i64::from(quantity(record)))
                .sum(),
            ..Count::default()
        }
    }

    /// How many entries of the records' lists.
    pub fn entries(&self, entries: impl Fn(&T) -> usize) -> Count {
        Count::exact(self.rows.iter().map(|(_, record)| entries(record)).sum())
    }

    /// Distinct codes in lists; a code means the same to everybody.
    pub fn distinct_codes(&self, codes: impl Fn(&T) -> &[Code]) -> Count {
        let distinct: BTreeSet<Code> = self
            .rows
            .iter()
            .flat_map(|(_, record)| codes(record).to_vec())
            .collect();
        Count::exact(distinct.len())
    }

    /// Distinct numbers.
    pub fn distinct_numbers(&self, number: impl Fn(&T) -> i32) -> Count {
        let distinct: BTreeSet<i32> = self.rows.iter().map(|(_, record)| number(record)).collect();
        Count::exact(distinct.len())
    }

    /// Distinct people, families or units (G4); rows that name none add nothing.
    pub fn distinct<P: Into<Option<Pid>>>(&self, pid: impl Fn(&T) -> P) -> Count {
        let people: BTreeSet<Person> = self
            .rows
            .iter()
            .filter_map(|(message, record)| Some(person(message.partner, pid(record).into()?)))
            .collect();
        Count {
            up_to: several_partners(&people),
            ..Count::exact(people.len())
        }
    }
}

/// Rows that speak of one person or of several (G5).
pub trait Headed: Record {
    fn heads(&self) -> &Heads;
}

impl Headed for Referral {
    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl Headed for Engagement {
    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl Headed for FamilyCase {
    fn heads(&self) -> &Heads {
        &self.heads
    }
}

impl<T: Headed> Rows<'_, T> {
    /// Events: a tally is as many as its headcount, a person is one.
    pub fn heads(&self) -> Count {
        let mut count = Count::default();
        for (_, record) in &self.rows {
            let heads = record.heads();
            count.number += if heads.tally {
                i64::from(heads.headcount)
            } else {
                1
            };
            count.approximate |= heads.approximate;
        }
        count
    }

    /// Distinct people, and the headcounts of tallies.
    pub fn people(&self) -> Count {
        let mut people = BTreeSet::new();
        let mut unnamed = 0;
        let (mut any_unnamed, mut approximate) = (false, false);
        for (message, record) in &self.rows {
            let heads = record.heads();
            approximate |= heads.approximate;
            match (heads.tally, heads.pid) {
                (false, Some(pid)) => {
                    people.insert(person(message.partner, pid));
                }
                (false, None) => {
                    unnamed += 1;
                    any_unnamed = true;
                    approximate = true;
                }
                (true, _) => {
                    unnamed += i64::from(heads.headcount);
                    any_unnamed = true;
                }
            }
        }
        let over_quarters = self.span.quarters().len() > 1 && any_unnamed;
        Count {
            number: Count::exact(people.len()).number + unnamed,
            approximate,
            up_to: several_partners(&people) || over_quarters,
        }
    }
}

/// Somebody: M pseudonyms are the same over partners, P pseudonyms within one.
type Person = (Option<usize>, Pid);

fn person(partner: usize, pid: Pid) -> Person {
    match pid {
        Pid::P(_) => (Some(partner), pid),
        Pid::M(_) => (None, pid),
    }
}

/// Whether two records, each with its partner, speak of the same person.
pub fn same_person(a: (usize, Pid), b: (usize, Pid)) -> bool {
    person(a.0, a.1) == person(b.0, b.1)
}

/// Whether pseudonyms of more than one partner's own were counted: somebody may be among them twice.
fn several_partners(people: &BTreeSet<Person>) -> bool {
    let partners: BTreeSet<usize> = people.iter().filter_map(|(partner, _)| *partner).collect();
    partners.len() > 1
}

/// A number of the catalogue that is a count and no more.
pub type Counting = fn(&Cell<'_>) -> Count;

/// One measure or figure.
pub struct Definition {
    pub id: &'static str,
    pub kind: Kind,
    /// The codes of the record type's scope field that it is about.
    pub scope: &'static [Code],
    pub rule: Rule,
    /// Whether it is about the last day of a period, and so about the return of that day's quarter.
    pub is_at_end: bool,
}

pub enum Rule {
    Count(Counting),
    Change(Change),
    /// In per cent, with one decimal.
    Share {
        top: Counting,
        bottom: Counting,
    },
    Rank(fn(&Cell<'_>) -> Option<i64>),
    Milestones {
        done: Counting,
        expected: i64,
    },
}

/// On the same span a year before (G8).
#[derive(Clone, Copy)]
pub struct Change {
    pub of: Counting,
    pub form: Form,
    /// Where the series begins, if it does: nothing before can be compared with.
    pub since: Option<Date>,
}

#[derive(Clone, Copy)]
pub enum Form {
    Delta,
    /// Without decimals.
    Percent,
}

impl Definition {
    pub fn new(id: &'static str, kind: Kind, scope: &'static [Code], rule: Rule) -> Self {
        Definition {
            id,
            kind,
            scope,
            rule,
            is_at_end: false,
        }
    }

    pub fn at_end(self) -> Self {
        Definition {
            is_at_end: true,
            ..self
        }
    }
}
