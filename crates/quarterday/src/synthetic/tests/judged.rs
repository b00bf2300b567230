//! The statements against the real schemas, feeds and code lists: every record can be written, and exactly the bad ones
//! are refused.

use std::collections::BTreeMap;

use quarterday_events::{Columns, Decoder, Encoder, Judge, RecordType};
use quarterday_plan::codes::CodeLists;
use quarterday_plan::feeds::Feeds;
use serde_json::Value;

use super::model::accepted;
use super::*;

struct Worker {
    encoder: Encoder,
    decoder: Decoder,
    judge: Judge,
    rows: Columns,
}

impl Worker {
    fn new(feed: &quarterday_plan::feeds::Feed, lists: &CodeLists) -> Self {
        let file = format!(
            "{}/../../schemas/avro/{}.avsc",
            env!("CARGO_MANIFEST_DIR"),
            feed.record_type
        );
        let record_type =
            RecordType::parse(&feed.record_type, &std::fs::read_to_string(file).unwrap()).unwrap();
        Worker {
            encoder: Encoder::new(&record_type),
            decoder: Decoder::compile(record_type.schema(), &record_type).unwrap(),
            judge: Judge::new(&record_type, feed, lists).unwrap(),
            rows: Columns::new(&record_type),
        }
    }

    fn judge(&mut self, record: &Value) -> Result<Vec<&str>, String> {
        self.rows.truncate(0);
        let datum = self.encoder.encode(record).unwrap();
        self.decoder.decode(&datum, &mut self.rows).unwrap();
        Ok(self
            .judge
            .judge(&mut self.rows)
            .map_err(|rejection| rejection.to_string())?
            .collect())
    }
}

fn workers() -> BTreeMap<String, Worker> {
    let feeds = Feeds::parse(include_str!("../../../../../schemas/plans/feeds.toml")).unwrap();
    let lists = CodeLists::parse(include_str!("../../../../../schemas/plans/codes.toml")).unwrap();
    feeds
        .feeds
        .iter()
        .map(|feed| (feed.name.clone(), Worker::new(feed, &lists)))
        .collect()
}

#[test]
fn exactly_the_bad_records_are_refused() {
    let mut workers = workers();
    for statement in demo() {
        let Payload::Record(record) = &statement.payload else {
            continue;
        };
        let judged = workers.get_mut(statement.feed).unwrap().judge(record);
        assert_eq!(
            judged.is_ok(),
            accepted(statement, record),
            "{record}\n{judged:?}"
        );
    }
}

#[test]
fn few_records_are_remarked_on() {
    let mut workers = workers();
    let mut remarks: BTreeMap<String, usize> = BTreeMap::new();
    for statement in demo() {
        let Payload::Record(record) = &statement.payload else {
            continue;
        };
        for remark in workers
            .get_mut(statement.feed)
            .unwrap()
            .judge(record)
            .unwrap_or_default()
        {
            *remarks.entry(remark.to_owned()).or_default() += 1;
        }
    }
    assert!(remarks.values().sum::<usize>() < 250, "{remarks:?}");
}
