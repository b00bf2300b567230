//! The registry's topic: written with the acknowledgement of all replicas, read to its end.

use std::collections::BTreeMap;

use quarterday_kafka::producer::{Producer, ProducerOptions, Record};
use quarterday_kafka::read::read_undamaged;
use quarterday_kafka::topics::{TopicPlan, Topics};
use quarterday_kafka::{Error, KafkaSettings, Message};

use super::record::{self, Entry};

/// The topic's name with Confluent's registry too.
pub(super) const TOPIC: &str = "_schemas";

/// One partition, so that there is one order.
const PARTITION: i32 = 0;

/// The topic, and how far it has been read.
pub(super) struct Journal {
    settings: KafkaSettings,
    producer: Producer,
    next: i64,
}

impl Journal {
    /// Makes the topic if it is missing.
    pub(super) async fn open(settings: KafkaSettings) -> Result<Self, Error> {
        Topics::new(&settings)?
            .ensure(&[TopicPlan::kept_for_ever(TOPIC, 1)])
            .await?;
        let producer = Producer::new(&settings, ProducerOptions::default())?;
        Ok(Self {
            settings,
            producer,
            next: 0,
        })
    }

    /// The messages that came since the last reading.
    pub(super) async fn read(&mut self) -> Result<Vec<Entry>, Error> {
        let (settings, from) = (self.settings.clone(), BTreeMap::from([(PARTITION, self.next)]));
        let reading = tokio::task::spawn_blocking(move || {
            let mut entries = Vec::new();
            // An id that is forgotten would be given to another schema.
            let ends = read_undamaged(&settings, TOPIC, &from, |message| {
                entries.extend(understood(&Message::from(message)));
                Ok::<(), Error>(())
            })?;
            Ok::<_, Error>((entries, ends))
        });
        let (entries, ends) = reading.await.map_err(|_| Error::Stopping)??;
        self.next = ends.get(&PARTITION).copied().unwrap_or(self.next);
        Ok(entries)
    }

    /// Writes a message and returns what is new in the topic, it included.
    pub(super) async fn write(&mut self, (key, value): (Vec<u8>, Vec<u8>)) -> Result<Vec<Entry>, Error> {
        let entry = record::parse(&key, Some(&value)).unwrap_or(Entry::Irrelevant);
        let record = Record {
            partition: Some(PARTITION),
            ..Record::new(TOPIC, key, value)
        };
        let written = self.producer.send(record).await?;
        if written.offset != self.next {
            return self.read().await;
        }
        // Nobody else wrote since the last reading.
        self.next = written.offset + 1;
        Ok(vec![entry])
    }
}

fn understood(message: &Message) -> Option<Entry> {
    let key = message.key.as_deref().unwrap_or_default();
    match record::parse(key, message.value.as_deref()) {
        Ok(entry) => Some(entry),
        Err(reason) => {
            tracing::warn!(
                topic = TOPIC,
                offset = message.offset,
                reason,
                "a message of the schema registry is skipped"
            );
            None
        }
    }
}
