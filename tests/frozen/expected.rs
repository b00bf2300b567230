//! What the model says of snapshots: the numbers, and of a change from one log to a later one the part of each cause. The model
//! is asked for the numbers of logs in between, in which only the records of the first causes have their later messages.

use std::collections::{BTreeMap, BTreeSet};

use quarterday_snapshot::{Changed, Part, Snapshot};
use quarterday_store::{ChangedRecord, FrozenValue};

use super::changes;
use crate::oracle::model::calendar::Span;
use crate::oracle::model::catalogue::definitions;
use crate::oracle::model::count::{Definition, Rule, Who};
use crate::oracle::model::values::{Expected, Model};
use crate::oracle::model::world::World;
use crate::oracle::periods::PERIODS;
use crate::oracle::product::partner;
use crate::oracle::records::{Kind, Message, Op};

/// In the order in which they are taken.
const CAUSES: [&str; 4] = ["late", "amended", "withdrawn", "return notices"];

/// A measure whose definition has been changed into that of another.
#[derive(Debug, Clone, Copy)]
pub struct Redefined {
    pub id: &'static str,
    pub like: &'static str,
}

fn definition(id: &str) -> Option<Definition> {
    definitions().into_iter().find(|each| each.id == id)
}

/// By which definition of the model a measure is computed.
fn by(id: &str, redefined: Option<Redefined>) -> Option<Definition> {
    let id = redefined.filter(|it| it.id == id).map_or(id, |it| it.like);
    definition(id)
}

/// Ranks over several partners are left open by the text.
fn is_ranked(definition: &Definition) -> bool {
    matches!(definition.rule, Rule::Rank(_))
}

/// Every number of a snapshot is that of the model.
pub fn is_of_model(
    snapshot: &Snapshot,
    log: &[Message],
    partners: usize,
    period: usize,
    redefined: Option<Redefined>,
) {
    let world = World::new(log, partners);
    let model = Model::new(&world);
    let span = PERIODS[period].span;
    let values: BTreeMap<&str, &FrozenValue> = snapshot
        .values
        .iter()
        .map(|value| (value.id.as_str(), value))
        .collect();
    let known = definitions()
        .into_iter()
        .filter(|definition| !is_ranked(definition));
    for definition in known {
        let value = values
            .get(definition.id)
            .unwrap_or_else(|| panic!("{} is not frozen", definition.id));
        let definition = by(definition.id, redefined).unwrap();
        let expected = model.expected(&definition, Who::All, span);
        let before = model.expected(&definition, Who::All, span.year_before());
        let found = (
            value.value,
            value.numerator,
            value.denominator,
            value.status.as_str(),
        );
        let by_model = (
            expected.value,
            expected.numerator,
            expected.denominator,
            final_status(&expected),
        );
        assert_eq!(found, by_model, "{} of {}", value.id, snapshot.header.id);
        let found = (value.last_year.value, value.last_year.status.as_str());
        assert_eq!(
            found,
            (before.value, earlier_status(&before)),
            "a year before: {value:?}"
        );
        let is_share = matches!(definition.rule, Rule::Share { .. });
        let to_date = model.expected(&definition, Who::All, changes::to_date(span));
        for (coverage, approximate, up_to, expected) in [
            (value.coverage, value.approximate, value.up_to, &expected),
            (
                value.last_year_coverage,
                value.last_year_approximate,
                value.last_year_up_to,
                &before,
            ),
            (
                value.year_to_date_coverage,
                value.year_to_date_approximate,
                value.year_to_date_up_to,
                &to_date,
            ),
        ] {
            let coverage = (usize::from(coverage.returned), usize::from(coverage.expected));
            let by_model = (expected.returns.covered, expected.partners);
            assert_eq!(coverage, by_model, "{value:?}");
            assert_eq!(approximate, expected.approximate, "{value:?}");
            assert!(is_share || up_to == expected.up_to, "{value:?}");
        }
        changes::are_of_model(value, &model, &definition, span);
    }
}

/// A number of a period that has ended, of which all have returned, is final; without one of them it is partial.
pub(super) fn final_status(expected: &Expected) -> &'static str {
    match expected.status.as_str() {
        "provisional" if expected.returns.missing.is_empty() => "final",
        "provisional" => "partial",
        status => status,
    }
}

/// What is known of it for a period that is over: nothing of it is called final here.
fn earlier_status(expected: &Expected) -> &'static str {
    match final_status(expected) {
        "final" => "provisional",
        status => status,
    }
}

type Key = (Kind, usize, String);

/// A change from one log to a later one, cause by cause.
pub struct Steps {
    causes: BTreeMap<Key, &'static str>,
    /// As it was, and after each cause.
    logs: Vec<Vec<Message>>,
    partners: usize,
    redefined: Option<Redefined>,
}

impl Steps {
    pub fn new(log: &[Message], later: &[Message], partners: usize, redefined: Option<Redefined>) -> Self {
        let places: BTreeSet<_> = log.iter().map(place).collect();
        let is_old = |message: &Message| places.contains(&place(message));
        let mut by_key: BTreeMap<Key, Vec<&Message>> = BTreeMap::new();
        for message in later {
            by_key.entry(key(message)).or_default().push(message);
        }
        let causes: BTreeMap<Key, &'static str> = by_key
            .into_iter()
            .filter_map(|(key, messages)| Some((key, cause(&messages, is_old)?)))
            .collect();
        let step = |number: usize| {
            let works = |message: &&Message| {
                let of_record = causes.get(&key(message));
                is_old(message) || of_record.is_some_and(|cause| CAUSES[..number].contains(cause))
            };
            later.iter().filter(works).cloned().collect()
        };
        let logs = (0..=CAUSES.len()).map(step).collect();
        Steps {
            causes,
            logs,
            partners,
            redefined,
        }
    }

    /// The numbers of the model for a period, for each change.
    pub fn check(&self, changes: &[Changed], period: usize) {
        // Until the last cause, return notices, FULL returns are those that were complete before.
        let told = |step: usize| if step == CAUSES.len() { step } else { 0 };
        let worlds = (0..self.logs.len())
            .map(|step| World::of_full_returns(&self.logs[step], &self.logs[told(step)], self.partners));
        let worlds: Vec<World<'_>> = worlds.collect();
        let models: Vec<Model<'_>> = worlds.iter().map(Model::new).collect();
        for change in changes {
            self.check_one(change, &models, PERIODS[period].span);
        }
    }

    /// The parts of one measure's change add up to it, are those of the model, and have the right records behind them.
    fn check_one(&self, change: &Changed, models: &[Model<'_>], span: Span) {
        let sum: f64 = change.parts.iter().map(|part| part.change).sum();
        assert!((sum - change.change).abs() < 1e-6, "{change:?}");
        assert!(!change.parts.is_empty(), "nothing is behind {change:?}");
        for part in &change.parts {
            part.records
                .iter()
                .for_each(|record| self.has_its_cause(record, part));
            let is_of_records = CAUSES.contains(&part.cause.as_str());
            assert!(
                !is_of_records || part.change == 0.0 || !part.records.is_empty(),
                "no record is behind {part:?} of {}",
                change.id
            );
        }
        let expected = self.parts(&change.id, models, span);
        if expected.is_empty() {
            return;
        }
        let causes = ["definition changed"].into_iter().chain(CAUSES);
        let mut found: BTreeMap<&str, f64> = change
            .parts
            .iter()
            .map(|part| (part.cause.as_str(), part.change))
            .collect();
        for (cause, expected) in causes.zip(expected) {
            let found = found.remove(cause).unwrap_or(0.0);
            assert!(
                (found - expected).abs() < 1e-6,
                "{cause} {expected} by the model\n{change:?}"
            );
        }
        // What is beside the number, or was not known before, changes it by nothing.
        found.retain(|_, change| *change != 0.0);
        assert!(found.is_empty(), "{found:?} of {change:?}");
        let is_beside = change.parts.iter().any(|part| part.cause == "beside the number");
        assert!(
            !is_beside || (change.change == 0.0 && change.parts.len() == 1),
            "{change:?}"
        );
    }

    fn has_its_cause(&self, record: &ChangedRecord, part: &Part) {
        // A FULL return can have become complete by records that came late.
        if part.cause == "return notices" {
            assert_eq!(record.record_type, Kind::ReturnNotice.name(), "{record:?}");
            return;
        }
        let found = self.causes.iter().find(|((kind, number, reference), _)| {
            kind.name() == record.record_type
                && partner(*number) == record.partner
                && *reference == record.reference
        });
        let cause = found.map(|(_, cause)| *cause);
        assert_eq!(cause, Some(part.cause.as_str()), "{record:?}");
    }

    /// What the model says of each cause, the definition first; nothing of ranks.
    fn parts(&self, id: &str, models: &[Model<'_>], span: Span) -> Vec<f64> {
        let (Some(before), Some(after)) = (definition(id), by(id, self.redefined)) else {
            return Vec::new();
        };
        if is_ranked(&before) {
            return Vec::new();
        }
        let number = |model: &Model<'_>, by: &Definition| {
            let expected = model.expected(by, Who::All, span);
            expected.value.unwrap_or(0.0)
        };
        let mut at = number(&models[0], &before);
        let steps = models.iter().map(|model| {
            let next = number(model, &after);
            let part = next - at;
            at = next;
            part
        });
        steps.collect()
    }
}

fn key(message: &Message) -> Key {
    (message.kind, message.partner, message.reference.clone())
}

fn place(message: &Message) -> (Kind, u32, u64) {
    (message.kind, message.partition, message.offset)
}

/// The one cause by which a record with new messages changes numbers; none if it has none.
fn cause(messages: &[&Message], is_old: impl Fn(&Message) -> bool) -> Option<&'static str> {
    if messages.iter().all(|message| is_old(message)) {
        return None;
    }
    if messages.iter().any(|message| message.kind == Kind::ReturnNotice) {
        return Some("return notices");
    }
    if !messages.iter().any(|message| is_old(message)) {
        return Some("late");
    }
    let newest = messages.iter().map(|message| message.version).max();
    // Of several with one number the first counts.
    let newest = messages
        .iter()
        .filter(|message| Some(message.version) == newest)
        .min_by_key(|message| (message.partition, message.offset))?;
    Some(if newest.op == Op::Withdraw {
        "withdrawn"
    } else {
        "amended"
    })
}
