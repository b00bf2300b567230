//! How a worker is, for whoever asks: whether its parts are alive, whether it can do its work, and what its gauges read.
//!
//! Alive and ready are different questions. A worker that waits for ClickHouse is alive, and starting it again would not help; it is
//! not ready. A worker one of whose parts has ended, or hangs, is not alive.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quarterday_kafka::consumer::{Standing, StandingReader};
use quarterday_store::Store;
use tokio::sync::Mutex;

use crate::causes;
use crate::metrics::{Metrics, Readings};
use crate::signs::{Part, Signs, Waits};

/// A consuming loop that has not turned for so much longer than it may wait for others hangs.
const TURN_LIMIT: Duration = Duration::from_secs(30);

/// A broker answers a fetch within four seconds, also when there is nothing; one that has not answered for so long is away.
const KAFKA_LIMIT: Duration = Duration::from_secs(15);

/// Whoever asks sooner than that gets the same answer of ClickHouse again: asking often costs nothing.
const ANSWER_HOLDS: Duration = Duration::from_secs(1);

/// What kept ClickHouse from being worked with, and when that was so.
type Answer = Option<(Instant, Option<String>)>;

/// What a worker tells of itself; clones ask the same worker.
#[derive(Clone)]
pub struct Health {
    pub(crate) signs: Arc<Signs>,
    pub(crate) standing: StandingReader,
    pub(crate) store: Store,
    pub(crate) metrics: Metrics,
    /// How long the consuming loop may wait for others without turning.
    pub(crate) patience: Duration,
    pub(crate) answer: Arc<Mutex<Answer>>,
}

impl Health {
    /// What is wrong with the worker itself; nothing if it is alive.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let ended = Part::ALL.into_iter().filter(|part| !self.signs.is_running(*part));
        let mut faults: Vec<String> = ended
            .map(|part| format!("the {} has ended", part.name()))
            .collect();
        let (since, limit) = (self.signs.since_turn(), self.patience + TURN_LIMIT);
        if since > limit {
            faults.push(format!(
                "the consuming loop has not turned for {} seconds",
                since.as_secs()
            ));
        }
        faults
    }

    /// What keeps the worker from doing its work now; nothing if it can. Asks ClickHouse.
    pub async fn obstacles(&self) -> Vec<String> {
        let mut obstacles = self.faults();
        obstacles.extend(obstacles_of_kafka(self.standing.read().as_ref()));
        obstacles.extend(self.signs.waits().map(obstacle_of));
        obstacles.extend(self.obstacle_of_store().await);
        obstacles
    }

    async fn obstacle_of_store(&self) -> Option<String> {
        let mut answer = self.answer.lock().await;
        match &*answer {
            Some((at, obstacle)) if at.elapsed() < ANSWER_HOLDS => obstacle.clone(),
            _ => {
                let obstacle = self
                    .store
                    .is_ready()
                    .await
                    .err()
                    .map(|error| causes::with(&error));
                *answer = Some((Instant::now(), obstacle.clone()));
                obstacle
            }
        }
    }

    /// The text that Prometheus reads.
    pub async fn metrics(&self) -> String {
        let standing = self.standing.read();
        let lag_messages = standing.map_or(0, |standing| standing.behind);
        self.metrics.text(&Readings {
            lag_messages,
            lag: self.signs.lag(lag_messages),
            partitions: standing.map_or(0, |standing| standing.partitions),
            freshness: self.signs.since_up_to_date(),
            probe_waiting: self.signs.probe_waiting(),
            is_healthy: self.faults().is_empty(),
            is_ready: self.obstacles().await.is_empty(),
        })
    }
}

fn obstacles_of_kafka(standing: Option<&Standing>) -> Vec<String> {
    let Some(standing) = standing else {
        return vec!["nothing is known of Kafka yet".to_owned()];
    };
    let mut obstacles = Vec::new();
    match standing.silent {
        Some(silent) if silent > KAFKA_LIMIT => {
            obstacles.push(format!("Kafka has not answered for {} seconds", silent.as_secs()));
        }
        None => obstacles.push("Kafka has not answered yet".to_owned()),
        Some(_) => {}
    }
    if !standing.has_joined {
        obstacles.push("the worker has not joined its consumer group".to_owned());
    }
    obstacles
}

/// Nothing is taken meanwhile, though all that was asked here may answer.
fn obstacle_of(waits: Waits) -> String {
    let (whom, since) = (waits.whom, waits.since.elapsed().as_secs());
    format!("the worker waits for {whom}, for {since} seconds: partitions are paused")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kafka_keeps_a_worker_from_its_work_until_it_answers_and_the_group_is_joined() {
        let good = Standing {
            behind: 0,
            has_joined: true,
            partitions: 2,
            silent: Some(Duration::from_secs(4)),
        };
        assert!(obstacles_of_kafka(Some(&good)).is_empty());
        let silent = Standing {
            silent: Some(Duration::from_secs(16)),
            ..good
        };
        assert_eq!(
            obstacles_of_kafka(Some(&silent)),
            ["Kafka has not answered for 16 seconds"]
        );
        let never = Standing {
            silent: None,
            has_joined: false,
            ..good
        };
        assert_eq!(obstacles_of_kafka(Some(&never)).len(), 2);
        assert_eq!(obstacles_of_kafka(None).len(), 1);
    }
}
