//! Driving the product: its shipped plan files for the partners of a test, its store, and what its rows say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use quarterday_events::{Decoder, Encoder, RecordType};
use quarterday_plan::period::Period;
use quarterday_plan::plan::Plan;
use quarterday_store::{Breakdown, Declared, MeasureRow, Position, Settings, Store, VersionRows};
use serde_json::Value;

use super::encode::json_of;
use super::records::{Kind, Message, Record, ReturnNotice};
use crate::support::shared;

pub const PLANS: [&str; 2] = [
    include_str!("../../schemas/plans/tunbridge-wells-2015-16.toml"),
    include_str!("../../schemas/plans/tunbridge-wells-review-2014-15.toml"),
];

// The mapping from record types to feeds: rows carry it in their envelope, notices in `covered_feed`, and the product is
// given it as `Declared::feeds`. It stands here only.

/// The feed of a record type, the same of all partners.
pub fn feed_of(kind: Kind) -> String {
    match kind {
        Kind::ReturnNotice => "return-notices".to_owned(),
        _ => format!("oracle-{}", kind.name().replace('_', "-")),
    }
}

/// The fields by whose codes notices speak of a part of a feed.
pub const SCOPE_FIELDS: [(&str, &str); 6] = [
    ("referral", "to_service"),
    ("engagement", "service"),
    ("family_case", "programme"),
    ("order", "order_type"),
    ("activity", "type"),
    ("premises_action", "type"),
];

/// The code of a partner.
pub fn partner(number: usize) -> String {
    format!("PARTNER_{number:03}")
}

/// A database of its own with the shipped plans, which so many partners return.
pub struct Product {
    pub store: Store,
    pub record_types: BTreeMap<String, Arc<RecordType>>,
}

impl Product {
    /// With these record types; the others' measures are there and have nothing.
    pub async fn new(partners: usize, kinds: &BTreeSet<Kind>) -> Self {
        let product = Self::without_plans(kinds);
        product.put_in_force(partners).await;
        product
    }

    /// What a store has of which others have made everything.
    pub fn of(store: Store) -> Self {
        Product {
            store,
            record_types: BTreeMap::new(),
        }
    }

    /// As it is before plans are put in force.
    pub fn without_plans(kinds: &BTreeSet<Kind>) -> Self {
        static DATABASES: AtomicU32 = AtomicU32::new(0);
        let database = format!("oracle_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let store = Store::new(&Settings {
            database,
            ..shared::clickhouse()
        });
        let record_types: BTreeMap<_, _> = kinds
            .iter()
            .map(|kind| {
                let record_type = RecordType::parse(kind.name(), kind.schema()).unwrap();
                (kind.name().to_owned(), Arc::new(record_type))
            })
            .collect();
        Product { store, record_types }
    }

    /// Puts the plans in force for so many partners, in place of what was in force.
    pub async fn put_in_force(&self, partners: usize) {
        let plans: Vec<Plan> = PLANS
            .iter()
            .map(|plan| Plan::parse(&returned_by(plan, partners)).unwrap())
            .collect();
        let kinds = Kind::ALL
            .iter()
            .map(|kind| (feed_of(*kind), kind.name().to_owned()));
        let scopes = SCOPE_FIELDS.map(|(name, field)| (name.to_owned(), field.to_owned()));
        let declared = Declared {
            record_types: self.record_types.clone(),
            plans,
            feeds: kinds.collect(),
            scopes: scopes.into(),
            ..Declared::default()
        };
        self.store.migrate(&declared).await.unwrap();
    }

    /// Takes messages in, those of one record type in one block.
    pub async fn insert<'m>(&self, messages: impl Iterator<Item = &'m Message> + Clone) {
        for kind in Kind::ALL {
            let Some(record_type) = self.record_types.get(kind.name()) else {
                continue;
            };
            let rows = version_rows(record_type, messages.clone().filter(|m| m.kind == *kind));
            if rows.offsets.is_empty() {
                continue;
            }
            self.store.insert_versions(record_type, &rows).await.unwrap();
            self.store
                .write_positions(&positions(*kind, &rows))
                .await
                .unwrap();
        }
    }

    pub async fn refresh(&self) {
        self.store.refresh_stale().await.unwrap();
    }

    pub async fn rows(&self, period: &str, by: Breakdown) -> Vec<MeasureRow> {
        let period: Period = period.parse().unwrap();
        self.store.measures(&period, None, by).await.unwrap()
    }

    /// The rows of all kept periods by partner, as BI tools read them.
    pub async fn rows_by_partner(&self) -> Vec<MeasureRow> {
        let sql = format!("SELECT * FROM {}.measures_by_partner", self.store.names().bi());
        self.store.rows("read measures", &sql, &[]).await.unwrap()
    }

    /// What became of the messages of a record type, by their place in the log.
    pub async fn outcomes(&self, kind: Kind) -> BTreeMap<(u32, u64), String> {
        let sql = format!(
            "SELECT kafka_partition, kafka_offset, outcome FROM {}.outcomes_{}",
            self.store.names().store(),
            kind.name()
        );
        let rows: Vec<Value> = self.store.rows("read outcomes", &sql, &[]).await.unwrap();
        rows.iter()
            .map(|row| {
                let partition = row["kafka_partition"].as_u64().unwrap();
                let place = (
                    u32::try_from(partition).unwrap(),
                    row["kafka_offset"].as_u64().unwrap(),
                );
                (place, row["outcome"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    pub async fn clean_up(self) {
        for database in [self.store.names().bi(), self.store.names().store()] {
            self.store
                .execute("clean up", &format!("DROP DATABASE {database} SYNC"))
                .await
                .unwrap();
        }
    }
}

/// The record types of these messages, those that notices among them are about, and that of notices.
pub fn kinds_of<'m>(messages: impl Iterator<Item = &'m Message>) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::from([Kind::ReturnNotice]);
    for message in messages {
        kinds.insert(message.kind);
        if let Some(notice) = message.body.as_ref().and_then(ReturnNotice::of) {
            kinds.insert(notice.covered);
        }
    }
    kinds
}

/// The plan with other partners: each line that says who returns a measure names all of the test's. And of the odd periods of
/// figures, all of which would be kept of every measure of every partner, with one only.
pub fn returned_by(plan: &str, partners: usize) -> String {
    let codes: Vec<String> = (0..partners)
        .map(|number| format!("\"{}\"", partner(number)))
        .collect();
    let line = format!("returned_by = [{}]", codes.join(", "));
    let lines = plan.lines().map(|old| {
        if old.starts_with("returned_by = ") {
            &line
        } else if old.starts_with("period = ") && old.contains("..") {
            "period = \"2013-10-01..2014-09-30\""
        } else {
            old
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Where the log is worked off to, once these rows are stored.
fn positions(kind: Kind, rows: &VersionRows) -> Vec<Position> {
    let mut next: BTreeMap<u32, u64> = BTreeMap::new();
    for (partition, offset) in rows.partitions.iter().zip(&rows.offsets) {
        let next = next.entry(*partition).or_default();
        *next = (*next).max(offset + 1);
    }
    let position = |(partition, next_offset): (u32, u64)| Position {
        topic: topic(kind.name()),
        partition: i32::try_from(partition).unwrap(),
        record_type: kind.name().to_owned(),
        next_offset: i64::try_from(next_offset).unwrap(),
    };
    next.into_iter().map(position).collect()
}

fn topic(record_type: &str) -> String {
    format!("returns.oracle-{record_type}")
}

fn version_rows<'m>(record_type: &RecordType, messages: impl Iterator<Item = &'m Message>) -> VersionRows {
    let encoder = Encoder::new(record_type);
    let decoder = Decoder::compile(record_type.schema(), record_type).unwrap();
    let mut rows = VersionRows::new(&topic(record_type.name()), record_type);
    for message in messages {
        let datum = encoder.encode(&json_of(message)).unwrap();
        decoder.decode(&datum, &mut rows.columns).unwrap();
        rows.partitions.push(message.partition);
        rows.offsets.push(message.offset);
        rows.times_ms.push(0);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::model::catalogue::definitions;

    #[test]
    fn the_model_has_every_measure_and_figure_of_the_plans() {
        let plans = PLANS.map(|plan| Plan::parse(&returned_by(plan, 3)).unwrap());
        let shipped: BTreeSet<&str> = plans
            .iter()
            .flat_map(|plan| {
                let figures = plan.figures.iter().map(|figure| &figure.measure.id);
                plan.measures.iter().map(|measure| &measure.id).chain(figures)
            })
            .map(String::as_str)
            .collect();
        let all = definitions();
        let mut modelled: BTreeSet<&str> = all.iter().map(|definition| definition.id).collect();
        assert_eq!(modelled.len(), all.len(), "an id stands there twice");
        // The estimate, which nothing gives.
        modelled.insert("R26");
        assert_eq!(modelled, shipped);
        assert_eq!(all.len(), 72 + 58 + 5);
    }
}
