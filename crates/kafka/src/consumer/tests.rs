use std::sync::{Arc, Mutex};

use super::*;
use crate::KafkaSettings;
use crate::message::{Header, headers_of};
use crate::mock::{Cluster, cluster, producer, records, wait_for};
use crate::positions::Positions;

/// Notes what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl GroupListener for Notes {
    fn assigned(&self, partitions: &[TopicPartition]) {
        self.0
            .lock()
            .expect("notes")
            .push(format!("+{}", partitions.len()));
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

fn take(consumer: &GroupConsumer<Notes>, count: usize) -> Offsets {
    let mut next = Offsets::new();
    let mut taken = 0;
    wait_for("messages", || {
        if let Some(message) = consumer.poll(Duration::from_millis(100)).expect("poll") {
            next.insert(
                (message.topic().to_owned(), message.partition()),
                message.offset() + 1,
            );
            taken += 1;
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
    let seen = take(&again, 3);
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
    let before = take(&consumer, 4);
    consumer.pause().expect("paused");
    for _ in 0..5 {
        assert!(consumer.poll(Duration::from_millis(50)).expect("poll").is_none());
    }
    consumer.resume().expect("resumed");
    let after = take(&consumer, 6);
    let all: i64 = before
        .keys()
        .chain(after.keys())
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|partition| {
            after
                .get(partition)
                .or(before.get(partition))
                .copied()
                .unwrap_or(0)
        })
        .sum();
    assert_eq!(all, 10);
}

#[test]
fn headers_come_whole() {
    let (_cluster, settings) = filled(1);
    let consumer = join(&settings, &Notes::default());
    let headers = wait_for("a message", || {
        consumer
            .poll(Duration::from_millis(100))
            .expect("poll")
            .map(|message| headers_of(&message))
    });
    assert_eq!(headers, [Header::text("n", "0")]);
}

#[test]
fn an_empty_commit_is_a_success() {
    let (_cluster, settings) = filled(1);
    join(&settings, &Notes::default())
        .commit(&Offsets::new())
        .expect("nothing to do");
}
