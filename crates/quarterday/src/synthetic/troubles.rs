//! What happens to records on their way: mendings, withdrawals, things sent twice, late, out of order, or by mistake.
//!
//! Contract: a record that stands ends as it was drafted, whatever its trouble; a record that is lost never counts. So
//! troubles change no figure of the end, and every one of them changes a figure where it is handled wrongly.

use std::iter;

use super::calendar::{add_days, shift};
use super::draft::{Draft, Feed, Stage, set, text};
use super::places::{self, NEIGHBOURS, Setting};
use super::random::Random;
use super::story::{Op, Produced, Version, days_later, tell};
use super::targets::HALF;

/// How many records of a feed meet which trouble.
pub(super) type Mix = &'static [(Trouble, usize)];

/// What can happen to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Told as it is.
    Nothing,
    // To records that stand:
    /// First sent with another ward.
    WardMended,
    /// First sent with dates of an earlier quarter.
    MovedLater,
    /// First sent with dates of a later quarter.
    MovedEarlier,
    /// First sent with other content, such as another offence group.
    Mended,
    /// Mended twice.
    MendedTwice,
    /// Sent twice, the same.
    SentTwice,
    /// Sent twice under one version number with different content; the first holds.
    Contradicted,
    /// The SUBMIT arrives after its AMEND.
    SubmitLate,
    /// The second version arrives after the third.
    OutOfOrder,
    /// Withdrawn, then submitted again.
    Resubmitted,
    /// Withdrawn without a reason, which is refused.
    WithdrawnWithoutReason,
    // To records that are lost:
    /// Withdrawn.
    Withdrawn,
    /// The WITHDRAW arrives before its SUBMIT.
    WithdrawnFirst,
    /// An AMEND arrives after the WITHDRAW of a higher version.
    AmendedTooLate,
    /// Ends with the status CANCELLED (crimes only).
    Cancelled,
    /// Turns out to be another district's.
    MovedAway,
    /// Was another district's from the start.
    Elsewhere,
    /// An AMEND whose SUBMIT never comes.
    OrphanAmend,
    /// A WITHDRAW whose SUBMIT never comes.
    OrphanWithdraw,
}

impl Trouble {
    /// Whether a record with this trouble is lost.
    fn loses(self) -> bool {
        use Trouble::{
            AmendedTooLate, Cancelled, Elsewhere, MovedAway, OrphanAmend, OrphanWithdraw, Withdrawn,
            WithdrawnFirst,
        };
        matches!(
            self,
            Withdrawn
                | WithdrawnFirst
                | AmendedTooLate
                | Cancelled
                | MovedAway
                | Elsewhere
                | OrphanAmend
                | OrphanWithdraw
        )
    }
}

/// How many records a feed has to draft beyond its figures, to be lost.
pub(super) fn lost(mix: Mix) -> usize {
    mix.iter()
        .filter(|(trouble, _)| trouble.loses())
        .map(|(_, times)| times)
        .sum()
}

/// Tells all records of a feed, each with its trouble.
pub(super) fn tell_all(feed: &Feed, random: &mut Random, drafts: Vec<Draft>) -> Vec<Produced> {
    let (stand, lost): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|draft| draft.stands);
    let all = [
        (shuffled(feed, random, stand), false),
        (shuffled(feed, random, lost), true),
    ];
    all.into_iter()
        .flat_map(|(drafts, loses)| drafts.into_iter().zip(troubles(feed.mix, loses)))
        .flat_map(|(draft, trouble)| {
            let reference = draft.reference.clone();
            let told = with(trouble, feed, random, draft);
            told.into_iter()
                .map(move |version| version.produced(feed, &reference))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// By chance, but every other one of the published half-year as long as there are some: small feeds have few troubles,
/// and they are to show in the figures.
fn shuffled(feed: &Feed, random: &mut Random, mut drafts: Vec<Draft>) -> Vec<Draft> {
    random.shuffle(&mut drafts);
    let of_half = |draft: &Draft| {
        let day = draft
            .stages
            .last()
            .and_then(|stage| text(&stage.body, feed.date).get(..10)?.parse().ok());
        day.is_some_and(|day| HALF.contains(day))
    };
    let (half, rest): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(of_half);
    let (mut half, mut rest) = (half.into_iter(), rest.into_iter());
    let mut mixed = Vec::new();
    loop {
        let before = mixed.len();
        mixed.extend(half.next());
        mixed.extend(rest.next());
        if mixed.len() == before {
            return mixed;
        }
    }
}

fn troubles(mix: Mix, loses: bool) -> impl Iterator<Item = Trouble> {
    mix.iter()
        .filter(move |(trouble, _)| trouble.loses() == loses)
        .flat_map(|(trouble, times)| iter::repeat_n(*trouble, *times))
        .chain(iter::repeat(Trouble::Nothing))
}

/// The versions of a record that meets a trouble.
fn with(trouble: Trouble, feed: &Feed, random: &mut Random, mut draft: Draft) -> Vec<Version> {
    match trouble {
        Trouble::Nothing => {}
        Trouble::WardMended | Trouble::SubmitLate => mend(random, &mut draft, other_ward),
        Trouble::MovedLater => {
            let days = random.between(95, 115);
            mend(random, &mut draft, |_, last| moved(last, -days));
        }
        Trouble::MovedEarlier => {
            let days = random.between(95, 115);
            mend(random, &mut draft, |_, last| moved(last, days));
        }
        Trouble::Mended => mend(random, &mut draft, |random, last| {
            other_content(feed, random, last)
        }),
        Trouble::MendedTwice | Trouble::OutOfOrder => {
            mend(random, &mut draft, |random, last| {
                other_content(feed, random, last)
            });
            mend(random, &mut draft, other_ward);
        }
        Trouble::Cancelled => next_stage(random, &mut draft, |_, last| {
            set(&mut last.body, "status", "CANCELLED")
        }),
        Trouble::MovedAway => next_stage(random, &mut draft, abroad),
        Trouble::Elsewhere => draft.stages.iter_mut().for_each(|stage| abroad(random, stage)),
        _ => return on_the_way(trouble, feed, random, &draft),
    }
    let mut told = tell(feed, random, &draft);
    match trouble {
        Trouble::SubmitLate => overtake(random, &mut told, 0),
        Trouble::OutOfOrder => overtake(random, &mut told, 1),
        _ => {}
    }
    told
}

/// Troubles of versions rather than of content.
fn on_the_way(trouble: Trouble, feed: &Feed, random: &mut Random, draft: &Draft) -> Vec<Version> {
    let mut told = tell(feed, random, draft);
    let Some(last) = told.last().cloned() else {
        return told;
    };
    let withdraw = Op::Withdraw(Some(random.pick(&feed.reasons)));
    match trouble {
        Trouble::SentTwice => {
            let days = random.between(1, 70);
            let mut again = last.again(feed, random, days);
            if again.sent_at <= last.sent_at {
                again = last.again(feed, random, 35);
            }
            told.push(Version {
                retyped: random.percent(25),
                ..again
            });
        }
        Trouble::Contradicted => {
            let mut other = last.again(feed, random, 35);
            other.stage = other_content(feed, random, &mut other.stage.clone());
            told.push(other);
        }
        Trouble::Resubmitted => {
            let withdrawal = last.next(feed, random, withdraw);
            let again = withdrawal.next(feed, random, Op::Submit);
            told.extend([withdrawal, again]);
        }
        Trouble::WithdrawnWithoutReason => told.push(last.next(feed, random, Op::Withdraw(None))),
        Trouble::Withdrawn => told.push(last.next(feed, random, withdraw)),
        Trouble::WithdrawnFirst => {
            told = vec![Version {
                number: 1,
                op: Op::Submit,
                ..last
            }];
            told.extend(told.last().map(|submit| submit.next(feed, random, withdraw)));
            overtake(random, &mut told, 0);
        }
        Trouble::AmendedTooLate => {
            let amendment = last.next(feed, random, Op::Amend);
            told.extend([amendment.clone(), amendment.next(feed, random, withdraw)]);
            let overtaken = told.len() - 2;
            overtake(random, &mut told, overtaken);
        }
        Trouble::OrphanAmend => {
            told = vec![Version {
                number: last.number.max(2),
                op: Op::Amend,
                ..last
            }]
        }
        Trouble::OrphanWithdraw => {
            told = vec![Version {
                number: last.number + 1,
                op: withdraw,
                ..last
            }]
        }
        _ => {}
    }
    told
}

/// Lets the record say something else before it says what it says in the end, which then became known later.
fn mend(random: &mut Random, draft: &mut Draft, before: impl FnOnce(&mut Random, &mut Stage) -> Stage) {
    let Some(mut last) = draft.stages.pop() else {
        return;
    };
    let before = before(random, &mut last);
    last.known_on = add_days(before.known_on.max(last.known_on), random.between(35, 150));
    draft.stages.extend([before, last]);
}

/// Lets the record go on to another end.
fn next_stage(random: &mut Random, draft: &mut Draft, change: impl FnOnce(&mut Random, &mut Stage)) {
    let Some(mut next) = draft.stages.last().cloned() else {
        return;
    };
    next.known_on = add_days(next.known_on, random.between(35, 150));
    change(random, &mut next);
    draft.stages.push(next);
}

fn other_ward(random: &mut Random, last: &mut Stage) -> Stage {
    let mut ward = last.ward;
    while ward == last.ward {
        ward = places::ward_code(random, Setting::Everywhere);
    }
    Stage { ward, ..last.clone() }
}

fn other_content(feed: &Feed, random: &mut Random, last: &mut Stage) -> Stage {
    let body = (feed.before)(random, &mut last.body);
    Stage { body, ..last.clone() }
}

fn moved(last: &Stage, days: i64) -> Stage {
    let mut before = last.clone();
    shift(&mut before.body, days);
    before.known_on = add_days(last.known_on, days);
    before
}

fn abroad(random: &mut Random, stage: &mut Stage) {
    stage.district = Some(random.pick(&NEIGHBOURS));
    stage.ward = None;
    if stage.body.get("camera_area").is_some() {
        set(&mut stage.body, "camera_area", places::FOREIGN_CAMERAS);
    }
}

/// Lets a version arrive after all that follow it.
fn overtake(random: &mut Random, told: &mut [Version], overtaken: usize) {
    let newest = told.iter().map(|version| version.produced_at).max();
    if let (Some(version), Some(newest)) = (told.get_mut(overtaken), newest) {
        version.produced_at = days_later(newest, random.between(1, 20));
    }
}
