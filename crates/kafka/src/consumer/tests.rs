use std::sync::{Arc, Mutex};

use super::*;
use crate::KafkaSettings;
use crate::message::{Header, headers_of};
use crate::mock::{Cluster, cluster, producer, records, wait_for};
use crate::positions::Positions;

/// Notes what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>, Arc<Mutex<Vec<TopicPartition>>>);

impl Notes {
    /// Partitions that were assigned and not started.
    fn new_ones(&self) -> Vec<TopicPartition> {
        self.1.lock().expect("notes").clone()
    }
}

impl GroupListener for Notes {
    fn assigned(&self, partitions: &[TopicPartition]) {
        self.0
            .lock()
            .expect("notes")
            .push(format!("+{}", partitions.len()));
        self.1.lock().expect("notes").extend_from_slice(partitions);
    }

    fn revoked(&self, partitions: &[TopicPartition], lost: bool) {
        self.0.lock().expect("notes").push(format!(
            "-{}{}",
            partitions.len(),
            if lost { " lost" } else { "" }
        ));
    }
}

fn join(settings: &KafkaSettings, notes: &Notes) -> GroupConsumer<Notes> {
    // The mock broker waits for the sessions of members that left; it takes no less than six seconds.
    let options = ConsumerOptions {
        session_limit: Duration::from_secs(6),
        ..ConsumerOptions::new("g", ["t"])
    };
    GroupConsumer::join(settings, &options, notes.clone()).expect("joined")
}

/// Starts new partitions at these offsets, or at their beginning.
fn start(consumer: &GroupConsumer<Notes>, from: &Offsets) {
    for partition in consumer.listener().new_ones() {
        let offset = from.get(&partition).copied().unwrap_or(0);
        if consumer.start_at(&partition, offset).expect("started") {
            let mut new = consumer.listener().1.lock().expect("notes");
            new.retain(|other| *other != partition);
        }
    }
}

fn take(consumer: &GroupConsumer<Notes>, count: usize) -> Offsets {
    take_from(consumer, count, &Offsets::new())
}

/// Takes messages; new partitions from these offsets on, or from their beginning.
fn take_from(consumer: &GroupConsumer<Notes>, count: usize, from: &Offsets) -> Offsets {
    let mut next = Offsets::new();
    let mut taken = 0;
    wait_for("messages", || {
        start(consumer, from);
        if let Some(message) = consumer.poll(Duration::from_millis(100)).expect("poll") {
            let partition = (message.topic().to_owned(), message.partition());
            // What comes before a partition's start is complete comes again.
            if !consumer.listener().new_ones().contains(&partition) {
                next.insert(partition, message.offset() + 1);
                taken += 1;
            }
        }
        (taken == count).then_some(())
    });
    next
}

fn filled(count: usize) -> (Cluster, KafkaSettings) {
    let (cluster, settings) = cluster("t", 2);
    futures::executor::block_on(producer(&settings).send_all(records("t", count))).expect("delivered");
    (cluster, settings)
}

#[test]
fn consumes_commits_and_goes_on_where_it_stopped() {
    let (_cluster, settings) = filled(20);
    let notes = Notes::default();
    let consumer = join(&settings, &notes);
    let next = take(&consumer, 20);
    assert_eq!(consumer.assignment().expect("assignment").len(), 2);
    consumer.commit(&next).expect("committed");
    consumer.leave();
    assert_eq!(*notes.0.lock().expect("notes"), ["+2", "-2"]);

    let positions = Positions::new(&settings, "g")
        .expect("client")
        .read(&["t"])
        .expect("positions");
    assert_eq!(positions.len(), 2);
    assert!(
        positions.values().all(|position| position.lag() == 0),
        "{positions:?}"
    );
    assert_eq!(positions.values().map(|position| position.high).sum::<i64>(), 20);

    futures::executor::block_on(producer(&settings).send_all(records("t", 3))).expect("delivered");
    let again = join(&settings, &Notes::default());
    let seen = take_from(&again, 3, &next);
    assert!(
        seen.iter()
            .all(|(partition, offset)| next.get(partition).is_none_or(|before| offset > before))
    );
    assert!(
        again.poll(Duration::from_millis(50)).expect("poll").is_none(),
        "nothing comes twice"
    );
}

#[test]
fn without_a_commit_everything_comes_again() {
    let (_cluster, settings) = filled(5);
    let consumer = join(&settings, &Notes::default());
    take(&consumer, 5);
    consumer.leave();
    take(&join(&settings, &Notes::default()), 5);
}

#[test]
fn paused_partitions_give_nothing_and_lose_nothing() {
    let (_cluster, settings) = filled(10);
    let consumer = join(&settings, &Notes::default());
    let mut next = take(&consumer, 4);
    consumer.pause().expect("paused");
    for _ in 0..5 {
        assert!(consumer.poll(Duration::from_millis(50)).expect("poll").is_none());
    }
    consumer.resume().expect("resumed");
    // Some may come again: librdkafka goes back to what it last gave out, and no further.
    wait_for("the other six", || {
        if let Some(message) = consumer.poll(Duration::from_millis(100)).expect("poll") {
            let partition = (message.topic().to_owned(), message.partition());
            let wanted = next.entry(partition).or_default();
            assert!(message.offset() <= *wanted, "{wanted} is left out");
            *wanted = (*wanted).max(message.offset() + 1);
        }
        (next.values().sum::<i64>() == 10).then_some(())
    });
}

#[test]
fn headers_come_whole() {
    let (_cluster, settings) = filled(1);
    let consumer = join(&settings, &Notes::default());
    let headers = wait_for("a message", || {
        start(&consumer, &Offsets::new());
        consumer
            .poll(Duration::from_millis(100))
            .expect("poll")
            .map(|message| headers_of(&message))
    });
    assert_eq!(headers, [Header::text("n", "0")]);
}

#[test]
fn a_new_partition_gives_nothing_until_it_is_said_from_where_on() {
    let (_cluster, settings) = filled(20);
    let consumer = join(&settings, &Notes::default());
    let partitions = wait_for("partitions", || {
        assert!(consumer.poll(Duration::from_millis(50)).expect("poll").is_none());
        let new = consumer.listener().new_ones();
        (!new.is_empty()).then_some(new)
    });
    for _ in 0..5 {
        assert!(consumer.poll(Duration::from_millis(50)).expect("poll").is_none());
    }
    let from: Offsets = partitions.into_iter().map(|partition| (partition, 4)).collect();
    let mut first = Offsets::new();
    wait_for("messages of both", || {
        start(&consumer, &from);
        if let Some(message) = consumer.poll(Duration::from_millis(50)).expect("poll") {
            let place = (message.topic().to_owned(), message.partition());
            if !consumer.listener().new_ones().contains(&place) {
                first.entry(place).or_insert(message.offset());
            }
        }
        (first.len() == 2).then_some(())
    });
    assert!(first.values().all(|offset| *offset == 4), "{first:?}");
    wait_for("the ends", || {
        let _ = consumer.poll(Duration::from_millis(50)).expect("poll");
        let ends = consumer.take_ends();
        (ends.values().sum::<i64>() == 20).then_some(())
    });
}

#[test]
fn an_empty_commit_is_a_success() {
    let (_cluster, settings) = filled(1);
    join(&settings, &Notes::default())
        .commit(&Offsets::new())
        .expect("nothing to do");
}
