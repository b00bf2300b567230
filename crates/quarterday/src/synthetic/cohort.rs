//! Who is met in a quarter: new people, people of the quarter before, people whom another partner meets too, and
//! headcounts. Nobody comes back after a quarter's absence, so the people of a span can be counted by hand.

use super::calendar::instant;
use super::pseudonyms::{match_key, pseudonym};
use super::random::Random;
use super::targets::Span;

/// Codes with their percentages; the last takes the rest.
pub(super) type Shares = &'static [(&'static str, u64)];

/// Who is met in one span.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heads {
    pub(super) span: Span,
    pub(super) new: usize,
    /// Met in the span before, too.
    pub(super) stay: usize,
    /// The first of these are known to another partner by the partnership's match key.
    pub(super) shared: usize,
    /// Met, and not what the measure counts.
    pub(super) beside: usize,
    /// People without a pseudonym.
    pub(super) unnamed: usize,
    /// Headcounts.
    pub(super) tallies: &'static [i64],
}

pub(super) const fn heads(span: Span, new: usize, stay: usize) -> Heads {
    Heads {
        span,
        new,
        stay,
        shared: 0,
        beside: 0,
        unnamed: 0,
        tallies: &[],
    }
}

impl Heads {
    pub(super) const fn shared(self, shared: usize) -> Self {
        Heads { shared, ..self }
    }

    pub(super) const fn beside(self, beside: usize) -> Self {
        Heads { beside, ..self }
    }

    pub(super) const fn unnamed(self, unnamed: usize) -> Self {
        Heads { unnamed, ..self }
    }

    pub(super) const fn tallies(self, tallies: &'static [i64]) -> Self {
        Heads { tallies, ..self }
    }
}

/// Somebody, as a partner knows them.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) pid: String,
    pub(super) sex: &'static str,
    pub(super) age_band: &'static str,
}

/// What the people of a service are like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sort {
    pub(super) sexes: Shares,
    pub(super) ages: Shares,
}

impl Sort {
    pub(super) fn person(self, random: &mut Random, pid: String) -> Person {
        Person {
            pid,
            sex: drawn(random, self.sexes),
            age_band: drawn(random, self.ages),
        }
    }

    pub(super) fn stranger(self, random: &mut Random) -> Person {
        let pid = pseudonym(random);
        self.person(random, pid)
    }
}

/// The people of one span after another.
#[derive(Debug, Default)]
pub(super) struct Cohort {
    before: Vec<Person>,
}

impl Cohort {
    /// The people of the next span.
    pub(super) fn next(&mut self, random: &mut Random, sort: Sort, heads: &Heads) -> Vec<Person> {
        random.shuffle(&mut self.before);
        self.before.truncate(heads.stay);
        for _ in 0..heads.new {
            self.before.push(sort.stranger(random));
        }
        let mut people = self.before.clone();
        people.extend(shared(sort, heads));
        people
    }
}

/// The same people whichever partner meets them: their match keys follow from the span alone.
fn shared(sort: Sort, heads: &Heads) -> Vec<Person> {
    let seed = instant(heads.span.first.at(0, 0, 0, 0)).as_second();
    let random = &mut Random::new(seed.unsigned_abs(), "match-keys");
    (0..heads.shared)
        .map(|_| {
            let pid = match_key(random);
            sort.person(random, pid)
        })
        .collect()
}

/// One of the codes by its share.
pub(super) fn drawn(random: &mut Random, shares: Shares) -> &'static str {
    random.percents(shares, shares.last().map_or("", |(code, _)| code))
}
