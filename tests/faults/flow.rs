//! Messages that keep coming, some fifty a second, whatever happens: a fault meets workers with work in hand. First those that are new,
//! between them and then for ever those that were there before, once more (duplicates, as of a producer that was not answered).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use quarterday_kafka::producer::{Producer, Record};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::traffic::Place;
use crate::oracle::history::dice::Dice;

const EVERY: Duration = Duration::from_millis(20);

pub struct Flow {
    stop: watch::Sender<bool>,
    flowing: JoinHandle<()>,
    arrived: Arc<Mutex<Vec<Place>>>,
}

impl Flow {
    /// `earlier` are messages that Kafka may have already.
    pub fn begin(producer: Producer, new: Vec<Record>, mut earlier: Vec<Record>, mut dice: Dice) -> Self {
        let (stop, is_stopped) = watch::channel(false);
        let arrived = Arc::default();
        let to = Arc::clone(&arrived);
        let flowing = tokio::spawn(async move {
            let mut sending = JoinSet::new();
            let mut ticks = tokio::time::interval(EVERY);
            let mut new = new.into_iter();
            while !*is_stopped.borrow() {
                ticks.tick().await;
                let repeated = !earlier.is_empty() && (new.len() == 0 || dice.chance(50));
                let record = if repeated {
                    earlier[dice.below(earlier.len())].clone()
                } else if let Some(record) = new.next() {
                    earlier.push(record.clone());
                    record
                } else {
                    continue;
                };
                sending.spawn(send(producer.clone(), record, Arc::clone(&to)));
            }
            new.for_each(|record| drop(sending.spawn(send(producer.clone(), record, Arc::clone(&to)))));
            sending.join_all().await;
        });
        Flow {
            stop,
            flowing,
            arrived,
        }
    }

    /// Sends at once what is new and was not sent yet, waits until it is known what has become of every message, and says which have arrived.
    pub async fn finish(self) -> Vec<Place> {
        self.stop.send_replace(true);
        self.flowing.await.unwrap();
        std::mem::take(&mut self.arrived.lock().unwrap())
    }

    /// Gives up what has not arrived: there is nobody any more to take it.
    pub fn abandon(self) -> Vec<Place> {
        self.flowing.abort();
        std::mem::take(&mut self.arrived.lock().unwrap())
    }
}

async fn send(producer: Producer, record: Record, arrived: Arc<Mutex<Vec<Place>>>) {
    let topic = record.topic.clone();
    if let Ok(place) = producer.send(record).await {
        let place = (topic, place.partition, place.offset);
        arrived.lock().unwrap().push(place);
    }
}
