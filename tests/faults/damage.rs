//! Record batches damaged on the disk of an Apache Kafka, under which no other copy lies: at the beginning of what a worker has still to take,
//! in the middle, at the end.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use quarterday::bench::apache_kafka::ApacheKafka;
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::topics::{TopicPlan, Topics};
use serde::Deserialize;

use super::dice;
use super::field::{Field, Verdict};
use super::kafka::start;
use super::table::Line;
use super::traffic::Place;
use crate::oracle::history::dice::Dice;
use crate::support::shared;
use crate::worker::Broker;

const PARTNERS: usize = 12;
const TINY: &str = "tiny";
const FOREIGN: &str = "foreign";
/// The file of a log's first messages.
const SEGMENT: &str = "00000000000000000000.log";
/// Header fields of a record batch: base offset, length, leader epoch, magic, checksum. What lies behind is under the checksum.
const UNDER_THE_CHECKSUM: usize = 21;
/// Where the version of a batch stands in it.
const MAGIC: usize = 16;

#[derive(Deserialize)]
struct Gap {
    topic: String,
    kafka_partition: i32,
    first_offset: i64,
    next_offset: i64,
}

/// One batch in a segment file.
struct Batch {
    bytes: Range<usize>,
    offsets: Range<i64>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_record_batch_is_in_the_books_and_stops_nothing() {
    let Some(mut kafka) = start(1) else { return };
    let broker = Broker::new("apache_damaged", kafka.settings(), 1);
    let mut field = Field::prepare("damage", &broker, 8, PARTNERS).await;
    let clickhouse = shared::clickhouse_address();
    let part = field.traffic.left() / 3;
    let worker = field.worker(&clickhouse);
    field.traffic.produce(part).await;
    field.recovered().await;
    tokio::task::block_in_place(|| worker.stop());
    let taken: BTreeMap<(String, i32), i64> = ends(&field.traffic.acknowledged);

    field.traffic.produce(part).await;
    make_tiny(&broker.kafka, TINY).await;
    make_tiny(&broker.kafka, FOREIGN).await;
    make_tiny(&broker.kafka, FOREIGN).await;
    tokio::task::block_in_place(|| kafka.stop_broker(0)).unwrap();
    let tiny = kafka.logs(0).unwrap().join(format!("{TINY}-0")).join(SEGMENT);
    let whole = batches(&tiny).remove(0);
    flip(&tiny, &whole.bytes, &mut dice(12));
    let foreign = kafka.logs(0).unwrap().join(format!("{FOREIGN}-0")).join(SEGMENT);
    let other = batches(&foreign).remove(0);
    make_foreign(&foreign, &other.bytes);
    let damaged = damage(&kafka, &field.name, &taken, &mut dice(8));
    assert!(
        damaged.len() > 4,
        "only {} batches could be damaged",
        damaged.len()
    );
    tokio::task::block_in_place(|| kafka.restart_broker(0)).unwrap();
    tokio::task::block_in_place(|| {
        let from = BTreeMap::from([((TINY.to_owned(), 0), 0)]);
        let found = quarterday_kafka::damaged::find(&broker.kafka, &from).unwrap();
        let ranges: Vec<_> = found.iter().map(|damage| damage.first..damage.next).collect();
        assert_eq!(ranges, [whole.offsets], "nothing lies before or behind it");
        let from = BTreeMap::from([((FOREIGN.to_owned(), 0), 0)]);
        let found = quarterday_kafka::damaged::find(&broker.kafka, &from).unwrap();
        let ranges: Vec<_> = found.iter().map(|damage| damage.first..damage.next).collect();
        assert_eq!(
            ranges.as_slice(),
            std::slice::from_ref(&other.offsets),
            "of a version that there is not"
        );
        found_each_time(&broker.kafka, &damaged);
    });

    let worker = field.worker(&clickhouse);
    let recovery = field.recovered().await;
    field.traffic.produce(part).await;
    let recovery = recovery.max(field.recovered().await);
    let verdict = field.check().await;
    tokio::task::block_in_place(|| worker.stop());
    told(&field, &damaged, verdict, recovery).await;
}

/// However often one asks: an answer must not be lost between one question and the next.
fn found_each_time(kafka: &KafkaSettings, damaged: &[(String, i32, Range<i64>)]) {
    let from: BTreeMap<_, _> = damaged
        .iter()
        .rev()
        .map(|(topic, partition, offsets)| ((topic.clone(), *partition), offsets.start))
        .collect();
    for _ in 0..2 {
        let found = quarterday_kafka::damaged::find(kafka, &from).unwrap();
        assert_eq!(found.len(), from.len());
        for damage in found {
            let one = (damage.topic, damage.partition, damage.first..damage.next);
            assert!(damaged.contains(&one), "{one:?} was not damaged");
        }
    }
}

/// Gives a batch a version that there is not; its checksum does not cover that.
fn make_foreign(segment: &Path, batch: &Range<usize>) {
    let mut bytes = fs::read(segment).unwrap();
    bytes[batch.start + MAGIC] = 7;
    fs::write(segment, bytes).unwrap();
}

/// Two messages more, which lie in one batch.
async fn make_tiny(kafka: &KafkaSettings, topic: &str) {
    let plan = TopicPlan::kept_for_ever(topic, 1);
    Topics::new(kafka).unwrap().ensure(&[plan]).await.unwrap();
    let producer = Producer::new(kafka, ProducerOptions::default()).unwrap();
    let messages = ["one", "two"].map(|text| Record::new(topic, "k", text.repeat(20)));
    producer.send_all(messages).await.unwrap();
}

/// What is lost is what was damaged, and the books say so by range.
async fn told(field: &Field, damaged: &[(String, i32, Range<i64>)], verdict: Verdict, recovery: Duration) {
    let store = &field.system.store;
    let sql = format!(
        "SELECT toString(topic) AS topic, kafka_partition, first_offset, next_offset FROM {}.gaps FINAL WHERE kind = 'damaged'",
        store.names().store()
    );
    let gaps: Vec<Gap> = store.rows("read gaps", &sql, &[]).await.unwrap();
    let offsets = |ranges: &mut dyn Iterator<Item = (String, i32, Range<i64>)>| {
        let mut all: Vec<Place> = ranges
            .flat_map(|(topic, partition, range)| range.map(move |offset| (topic.clone(), partition, offset)))
            .collect();
        all.sort();
        all
    };
    let noted = offsets(
        &mut gaps
            .into_iter()
            .map(|gap| (gap.topic, gap.kafka_partition, gap.first_offset..gap.next_offset)),
    );
    let made = offsets(&mut damaged.iter().cloned());
    assert_eq!(noted, made);
    assert_eq!(verdict.lost, made.len(), "more was lost than was damaged");
    let mut line = Line::new(
        "record batches damaged in Kafka's only copy (what was in them is lost, and named by range)",
    );
    line.destroys(made.len());
    line.add(recovery, verdict);
    line.conclude();
}

fn ends(places: &[Place]) -> BTreeMap<(String, i32), i64> {
    let mut ends = BTreeMap::new();
    for (topic, partition, offset) in places {
        let end = ends.entry((topic.clone(), *partition)).or_insert(0);
        *end = (*end).max(offset + 1);
    }
    ends
}

/// Flips a bit in the first, the last or any batch of each other partition that nobody has taken yet, and in its neighbour now and then.
fn damage(
    kafka: &ApacheKafka,
    name: &str,
    taken: &BTreeMap<(String, i32), i64>,
    dice: &mut Dice,
) -> Vec<(String, i32, Range<i64>)> {
    let mut damaged = Vec::new();
    let mut logs: Vec<_> = fs::read_dir(kafka.logs(0).unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(&format!("{name}."))
        })
        .collect();
    logs.sort();
    for (number, log) in logs.iter().enumerate() {
        let directory = log.file_name().unwrap().to_str().unwrap();
        let (topic, partition) = directory.rsplit_once('-').unwrap();
        let partition: i32 = partition.parse().unwrap();
        let next = taken.get(&(topic.to_owned(), partition)).copied().unwrap_or(0);
        let segment = log.join(SEGMENT);
        let batches = batches(&segment);
        let new: Vec<&Batch> = batches
            .iter()
            .filter(|batch| batch.offsets.start >= next)
            .collect();
        if new.is_empty() {
            continue;
        }
        let chosen = match number % 4 {
            0 => 0,
            1 => new.len() - 1,
            _ => dice.below(new.len()),
        };
        // A second one beside it, and one with good ones between.
        for at in [chosen, chosen + 1, chosen + 4].into_iter().take(1 + number % 3) {
            let Some(batch) = new.get(at) else { continue };
            flip(&segment, &batch.bytes, dice);
            damaged.push((topic.to_owned(), partition, batch.offsets.clone()));
        }
    }
    damaged
}

fn flip(segment: &Path, batch: &Range<usize>, dice: &mut Dice) {
    let mut bytes = fs::read(segment).unwrap();
    // Behind what else says where the batch ends.
    let checked = batch.start + UNDER_THE_CHECKSUM + 6..batch.end;
    bytes[checked.start + dice.below(checked.len())] ^= 1 << dice.below(8);
    fs::write(segment, bytes).unwrap();
}

fn batches(segment: &Path) -> Vec<Batch> {
    let bytes = fs::read(segment).unwrap();
    let number = |at: usize, length: usize| {
        bytes[at..at + length]
            .iter()
            .fold(0_i64, |number, byte| number << 8 | i64::from(*byte))
    };
    let mut batches = Vec::new();
    let mut at = 0;
    while at + UNDER_THE_CHECKSUM < bytes.len() {
        let length = usize::try_from(number(at + 8, 4)).unwrap();
        let (base, last) = (number(at, 8), number(at + 23, 4));
        batches.push(Batch {
            bytes: at..at + 12 + length,
            offsets: base..base + last + 1,
        });
        at += 12 + length;
    }
    batches
}
