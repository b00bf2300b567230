//! What is produced: the messages of a random history and some that nobody can read, each to the partition that its producer chose; and
//! what Kafka then has of them, which is what the model is given.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::strategy::{Strategy as _, ValueTree as _};
use quarterday::produce::Producing;
use quarterday::system::System;
use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::{KafkaSettings, MessageFields as _, read};

use super::files::topic;
use super::flow::Flow;
use crate::oracle::encode::json_of;
use crate::oracle::history::{self, Shape};
use crate::oracle::product::{feed_of, partner};
use crate::oracle::records::{Kind, Message};

/// How long a message may wait for its broker.
const LIMIT: Duration = Duration::from_secs(60);

/// One message in so many cannot be read.
const BAD: usize = 50;

/// Topic, partition, offset.
pub type Place = (String, i32, i64);

/// A history, of which a part is produced.
pub struct Traffic {
    pub partners: usize,
    records: std::vec::IntoIter<Record>,
    /// What the messages say, by their bytes.
    meaning: BTreeMap<Vec<u8>, Message>,
    producer: Producer,
    /// What was produced, to be produced again.
    sent: Vec<Record>,
    /// Messages that keep coming.
    flow: Option<Flow>,
    /// Where Kafka said that they are.
    pub acknowledged: Vec<Place>,
}

/// What Kafka has.
pub struct Log {
    /// Messages of the history, each at its place.
    pub messages: Vec<(Place, Message)>,
    /// Those that cannot be read.
    pub bad: BTreeSet<Place>,
}

impl Traffic {
    pub async fn new(system: &System, name: &str, what: u8, partners: usize) -> Self {
        let shape = Shape {
            partners,
            periods: 1,
            compared: 1,
            small_batches: 1,
            small_batch: 1,
            per_refresh: 1,
            is_repeated: false,
        };
        let history = history::history(shape)
            .new_tree(&mut super::runner(what))
            .unwrap()
            .current();
        let producing = Producing::new(system).await.unwrap();
        let (mut records, mut meaning) = (Vec::new(), BTreeMap::new());
        for (number, message) in history.log.into_iter().enumerate() {
            let message = Message {
                // Blanks around it are not accepted from outside.
                return_id: message.return_id.trim().to_owned(),
                ..message
            };
            let mut record = record(&producing, &message);
            // Wherever a producer's own hash puts it.
            record.partition = Some(i32::try_from(message.partition).unwrap() % system.partitions);
            if number % BAD == 0 {
                records.push(Record {
                    partition: record.partition,
                    ..Record::new(
                        topic(name, message.kind),
                        "k",
                        format!("not Avro, number {number}"),
                    )
                });
            }
            meaning.insert(record.value.clone().unwrap(), message);
            records.push(record);
        }
        Traffic {
            partners,
            records: records.into_iter(),
            meaning,
            producer: producer(system),
            sent: Vec::new(),
            flow: None,
            acknowledged: Vec::new(),
        }
    }

    /// The topic of a record type has more partitions: some messages that are left go there.
    pub fn widen(&mut self, system: &System, topic: &str, partitions: i32) {
        // The old producer learns of them only after some minutes.
        self.reach(system);
        let mut records: Vec<Record> = std::mem::take(&mut self.records).collect();
        let of_topic = records.iter_mut().filter(|record| record.topic == topic);
        for (record, partition) in of_topic.zip((0..partitions).cycle()) {
            record.partition = Some(partition);
        }
        self.records = records.into_iter();
    }

    /// Produces to this system from now on.
    pub fn reach(&mut self, system: &System) {
        self.producer = producer(system);
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.records.len()
    }

    /// Produces the next so many, and waits until Kafka has them.
    pub async fn produce(&mut self, count: usize) {
        let records: Vec<Record> = self.records.by_ref().take(count).collect();
        self.sent.extend(records.iter().cloned());
        let topics: Vec<String> = records.iter().map(|record| record.topic.clone()).collect();
        let delivered = self.producer.send_all(records).await.unwrap();
        let places = topics.into_iter().zip(delivered);
        self.acknowledged
            .extend(places.map(|(topic, place)| (topic, place.partition, place.offset)));
    }

    /// Produces so many messages of this size that nobody can read, all to one topic.
    pub async fn flood(&mut self, topic: &str, count: usize, bytes: usize) {
        let flood = (0..count).map(|number| {
            let text = format!("not Avro either, number {number}");
            Record::new(topic, "k", format!("{text:bytes$}"))
        });
        let delivered = self.producer.send_all(flood).await.unwrap();
        let places = delivered.into_iter();
        self.acknowledged
            .extend(places.map(|place| (topic.to_owned(), place.partition, place.offset)));
    }

    /// The next so many begin to flow, and others with them until [`Traffic::finish`].
    pub fn begin(&mut self, count: usize) {
        let new: Vec<Record> = self.records.by_ref().take(count).collect();
        let earlier = self.sent.clone();
        self.sent.extend(new.iter().cloned());
        let dice = super::dice(u8::try_from(self.sent.len() % 256).unwrap());
        self.flow = Some(Flow::begin(self.producer.clone(), new, earlier, dice));
    }

    /// Ends the flow, waits until it is known what has become of its messages, and gives how many have arrived for sure.
    pub async fn finish(&mut self) -> usize {
        let Some(flow) = self.flow.take() else { return 0 };
        let arrived = flow.finish().await;
        let count = arrived.len();
        self.acknowledged.extend(arrived);
        count
    }

    /// Ends the flow to a broker that is not there any more: what has not arrived by now may have, or not.
    pub fn abandon(&mut self) {
        let arrived = self.flow.take().map(Flow::abandon);
        self.acknowledged.extend(arrived.into_iter().flatten());
    }

    /// Reads everything that Kafka has.
    pub async fn read(&self, kafka: &KafkaSettings, name: &str) -> Log {
        let mut log = Log {
            messages: Vec::new(),
            bad: BTreeSet::new(),
        };
        let topics = Kind::ALL.iter().map(|kind| {
            let (kafka, topic) = (kafka.clone(), topic(name, *kind));
            tokio::task::spawn_blocking(move || values(&kafka, &topic))
        });
        for (place, value) in futures::future::try_join_all(topics)
            .await
            .unwrap()
            .into_iter()
            .flatten()
        {
            match self.meaning.get(&value) {
                Some(message) => log.messages.push((place.clone(), at(message, &place))),
                None => drop(log.bad.insert(place)),
            }
        }
        log
    }
}

fn producer(system: &System) -> Producer {
    let options = ProducerOptions {
        delivery_limit: LIMIT,
        ..ProducerOptions::default()
    };
    Producer::new(&system.kafka, options).unwrap()
}

fn record(producing: &Producing, message: &Message) -> Record {
    producing
        .message(
            &feed_of(message.kind),
            &partner(message.partner),
            &message.reference,
            &json_of(message),
        )
        .unwrap()
}

fn values(kafka: &KafkaSettings, topic: &str) -> Vec<(Place, Vec<u8>)> {
    let mut values = Vec::new();
    read::read_to_end(kafka, topic, |message| {
        let place = (topic.to_owned(), message.partition(), message.offset());
        values.push((place, message.payload().unwrap_or_default().to_vec()));
        Ok::<_, quarterday_kafka::Error>(())
    })
    .unwrap();
    values
}

fn at(message: &Message, place: &Place) -> Message {
    Message {
        partition: u32::try_from(place.1).unwrap(),
        offset: u64::try_from(place.2).unwrap(),
        ..message.clone()
    }
}
