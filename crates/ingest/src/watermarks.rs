//! Tells Kafka of every refresh that was shown: its watermark, and the hash of what it was made by. ClickHouse has it first, in the same
//! block as the numbers; whoever is alive tells the rest, so one that was killed in between leaves nothing untold.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan};
use quarterday_kafka::KafkaSettings;
use quarterday_kafka::producer::{Producer, ProducerOptions};
use quarterday_kafka::watermarks::{self, Watermark};
use quarterday_store::{ShownRefresh, Store, sql};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{Error, causes};

/// Two refreshes at once may be seen in another order than they began, and clocks may differ: so far back is looked again.
const LOOK_BACK_MINUTES: i64 = 60;

/// A failure is tried again after so long.
const PAUSE: Duration = Duration::from_secs(5);

/// The telling task of one worker.
pub(crate) struct Teller {
    store: Store,
    kafka: KafkaSettings,
    /// Changes with every refresh.
    refreshed: watch::Receiver<()>,
    /// What Kafka was told of lately; `None` until that was looked up.
    told: Option<Told>,
    producer: Option<Producer>,
}

/// What Kafka was told of.
#[derive(Default)]
struct Told {
    /// Record type and instant of each since then.
    refreshes: BTreeSet<(String, String)>,
    /// Refreshes before this instant, as ClickHouse writes it, were told of; empty where nobody knows.
    since: String,
}

impl Teller {
    pub(crate) fn new(store: Store, kafka: KafkaSettings, refreshed: watch::Receiver<()>) -> Self {
        Teller {
            store,
            kafka,
            refreshed,
            told: None,
            producer: None,
        }
    }

    /// Tells until it is to stop. What is left then, the next worker tells.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        loop {
            let pause = match self.tell().await {
                Ok(()) => Duration::MAX,
                Err(error) => {
                    let cause = causes::of(&error);
                    tracing::warn!(%error, cause, "Kafka was not told of refreshes, trying again");
                    PAUSE
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                changed = self.refreshed.changed() => if changed.is_err() { return },
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Tells of what Kafka has not been told of.
    async fn tell(&mut self) -> Result<(), Error> {
        let installation = self.store.names().bi().to_owned();
        if self.told.is_none() {
            self.told = Some(told_lately(&self.kafka, &installation).await?);
        }
        let Some(told) = &mut self.told else {
            return Ok(());
        };
        let shown = self.store.shown_refreshes(&told.since).await?;
        let new = shown.into_iter().map(|shown| message(&installation, shown));
        let new: Vec<Watermark> = new.filter(|new| !told.refreshes.contains(&name(new))).collect();
        if new.is_empty() {
            return Ok(());
        }
        let producer = match &self.producer {
            Some(producer) => producer,
            None => self
                .producer
                .insert(Producer::new(&self.kafka, ProducerOptions::default())?),
        };
        producer.send_all(new.iter().map(Watermark::record)).await?;
        told.refreshes.extend(new.iter().map(name));
        told.forget();
        Ok(())
    }
}

impl Told {
    /// Whether everything that it needs is told of since this instant, or it was all read.
    fn reaches_back_to(&self, began: Option<Timestamp>) -> bool {
        let Some(began) = began else { return true };
        // What is told was shown before, and clocks may differ.
        let began = sql::instant(began + LOOK_BACK_MINUTES.minutes());
        !self.since.is_empty() && self.since > began
    }

    /// What lies further back than another refresh may come late is not asked for again.
    fn forget(&mut self) {
        let newest = self.refreshes.iter().map(|(_, shown_at)| shown_at.as_str()).max();
        if let Some(since) = newest.and_then(before) {
            self.refreshes.retain(|(_, shown_at)| *shown_at > since);
            self.since = since;
        }
    }
}

fn name(of: &Watermark) -> (String, String) {
    (of.record_type.clone(), of.shown_at.clone())
}

fn message(installation: &str, shown: ShownRefresh) -> Watermark {
    Watermark {
        installation: installation.to_owned(),
        record_type: shown.record_type,
        shown_at: shown.shown_at,
        watermark: shown.watermark,
        definitions: shown.definitions,
        contents: shown.contents,
    }
}

/// The instant so far back.
fn before(shown_at: &str) -> Option<String> {
    let shown_at: DateTime = shown_at.parse().ok()?;
    let before = shown_at.checked_sub(LOOK_BACK_MINUTES.minutes()).ok()?;
    Some(before.strftime("%Y-%m-%d %H:%M:%S%.6f").to_string())
}

/// How many minutes back the topic is read, one after the other, until what was told last is there. `None`: all of it.
const WINDOWS: [Option<i64>; 3] = [Some(6 * 60), Some(14 * 24 * 60), None];

async fn told_lately(kafka: &KafkaSettings, installation: &str) -> Result<Told, Error> {
    let (kafka, installation) = (kafka.clone(), installation.to_owned());
    let read = move || {
        for minutes in WINDOWS {
            let began = minutes.map(|minutes| Timestamp::now() - minutes.minutes());
            let told = told_since(&kafka, &installation, began)?;
            if told.reaches_back_to(began) {
                return Ok(told);
            }
        }
        Ok(Told::default())
    };
    let told: Result<Told, quarterday_kafka::Error> = tokio::task::spawn_blocking(read)
        .await
        .map_err(|_| Error::Ended("reading of the topic watermarks"))?;
    Ok(told?)
}

fn told_since(
    kafka: &KafkaSettings,
    installation: &str,
    began: Option<Timestamp>,
) -> Result<Told, quarterday_kafka::Error> {
    let mut told = Told::default();
    let since = began.map(Timestamp::as_millisecond);
    watermarks::each(kafka, installation, since, |of| {
        told.refreshes.insert(name(&of));
    })?;
    told.forget();
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_back_is_looked_again() {
        let mut told = Told::default();
        for minute in ["09:00", "09:31", "10:30"] {
            told.refreshes
                .insert(("order".to_owned(), format!("2026-10-14 {minute}:00.000001")));
        }
        told.forget();
        assert_eq!(told.since, "2026-10-14 09:30:00.000001");
        assert_eq!(told.refreshes.len(), 2);
    }

    #[test]
    fn more_is_read_until_the_hour_before_the_newest_is_surely_there() {
        let mut told = Told::default();
        assert!(!told.reaches_back_to(Some("2026-10-14T00:00:00Z".parse().unwrap())));
        assert!(told.reaches_back_to(None), "nothing was ever told");
        told.refreshes
            .insert(("order".to_owned(), "2026-10-14 10:30:00.000001".to_owned()));
        told.forget();
        assert!(told.reaches_back_to(Some("2026-10-14T08:30:00Z".parse().unwrap())));
        assert!(!told.reaches_back_to(Some("2026-10-14T08:31:00Z".parse().unwrap())));
    }
}
