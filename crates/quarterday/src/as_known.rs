//! What was known at an instant: from the store that readers saw then, or, where that is gone, derived again from the version logs by what
//! the topics `watermarks` and `contents` say of then.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::Timestamp;
use quarterday_kafka::watermarks::Shown;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Measure, Plan};
use quarterday_store::{Breakdown, Error, FrozenValue, MadeOf, MeasureRow, Store, Traced, sql};

use crate::builtin::InForce;
use crate::freezing::{in_force_of, losses};
use crate::progress::Progress;
use crate::system::System;

/// A store that has what was known at an instant. To be given back with [`AsKnown::close`].
pub(crate) struct AsKnown<'s> {
    system: &'s System,
    store: Store,
    /// The hash of the files that were in force.
    contents: Option<String>,
    from: From,
}

enum From {
    /// The store of then, which is asked as of this instant.
    Then(Timestamp),
    /// A store that was derived, and when each record type was refreshed.
    Derived(BTreeMap<String, String>),
}

impl<'s> AsKnown<'s> {
    /// None where nothing was shown yet.
    ///
    /// # Errors
    /// The files of then are not in the topic `contents`, or not usable any more; Kafka or ClickHouse refuses or is away.
    pub(crate) async fn open(system: &'s System, period: &Period, at: Timestamp) -> Result<Option<Self>> {
        match system.store.in_force_at(at).await {
            Ok(store) if !store.made_of(at).await?.is_empty() => {
                let contents = store.contents_at(at).await?;
                let from = From::Then(at);
                Ok(Some(AsKnown {
                    system,
                    store,
                    contents,
                    from,
                }))
            }
            Ok(_) | Err(Error::Dropped { .. }) => Self::derive(system, period, at).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn derive(system: &'s System, period: &Period, at: Timestamp) -> Result<Option<Self>> {
        let (kafka, installation) = (system.kafka.clone(), system.store.names().bi().to_owned());
        let at = sql::instant(at);
        let shown = tokio::task::spawn_blocking(move || Shown::at(&kafka, &installation, &at)).await??;
        let Some(contents) = shown.contents().map(str::to_owned) else {
            return Ok(None);
        };
        let in_force = in_force_of(system, &contents).await?;
        let made_of = made_of(&shown);
        say_what_is_lost(&system.store, &made_of).await?;
        let progress = Progress::steps();
        let step = progress.step("tables and views of then");
        let store = system.store.proof(&in_force.declared(), period).await?;
        step.done();
        let step = progress.step("the logs, up to the watermarks");
        let placed = store.place_up_to(&made_of, &in_force.notice_topics()).await;
        step.done();
        let known = AsKnown {
            system,
            store,
            contents: Some(contents),
            from: From::Derived(
                shown
                    .newest()
                    .map(|of| (of.record_type.clone(), of.shown_at.clone()))
                    .collect(),
            ),
        };
        if let Err(error) = placed {
            known.close().await?;
            return Err(error.into());
        }
        Ok(Some(known))
    }

    fn at(&self) -> Option<Timestamp> {
        match self.from {
            From::Then(at) => Some(at),
            From::Derived(_) => None,
        }
    }

    /// The plan, feeds and code lists of then.
    ///
    /// # Errors
    /// As [`AsKnown::open`].
    pub(crate) async fn in_force(&self) -> Result<InForce> {
        match &self.contents {
            Some(hash) => in_force_of(self.system, hash).await,
            None => Ok(self.system.in_force.clone()),
        }
    }

    /// Measures of the period, value for value as they were shown.
    ///
    /// # Errors
    /// As [`AsKnown::open`].
    pub(crate) async fn measures(
        &self,
        period: &Period,
        id: Option<&str>,
        by: Breakdown,
    ) -> Result<Vec<MeasureRow>> {
        let mut rows = self.store.measures_of_this(period, id, by, self.at()).await?;
        if let From::Derived(times) = &self.from {
            let in_force = self.in_force().await?;
            for row in &mut rows {
                let definition = in_force.definition(&row.id);
                let record_type = definition.and_then(|(plan, measure)| plan.record_type(measure));
                if let Some(computed_at) = record_type.and_then(|record_type| times.get(record_type)) {
                    computed_at.clone_into(&mut row.computed_at);
                }
            }
        }
        Ok(rows)
    }

    /// What is set beside them.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub(crate) async fn frozen_values(&self, period: &Period) -> Result<Vec<FrozenValue>> {
        Ok(self.store.frozen_values(period, self.at(), false).await?)
    }

    /// The records behind a measure of a plan of then.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub(crate) async fn trace(&self, plan: &Plan, measure: &Measure, period: &Period) -> Result<Vec<Traced>> {
        Ok(self.store.trace(plan, measure, period, self.at()).await?)
    }

    /// Drops what was derived.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub(crate) async fn close(self) -> Result<()> {
        match self.from {
            From::Then(_) => Ok(()),
            From::Derived(_) => Ok(self.store.drop_proof().await?),
        }
    }
}

fn made_of(shown: &Shown) -> Vec<MadeOf> {
    let each = shown.newest().map(|watermark| MadeOf {
        record_type: watermark.record_type.clone(),
        watermark: watermark.watermark.clone(),
    });
    each.collect()
}

/// Numbers of then are those of now without what retention or an erasure took since.
async fn say_what_is_lost(store: &Store, made_of: &[MadeOf]) -> Result<()> {
    let lost = losses::known(made_of, store.lost(None).await?);
    let messages: i64 = lost.iter().map(|lost| lost.next - lost.first).sum();
    if let Some(first) = lost.first() {
        eprintln!(
            "the store of then is gone, and {messages} messages below its watermarks are lost (the first: {}/{} offset {}): numbers may differ \
             from what was shown",
            first.topic, first.partition, first.first
        );
    }
    Ok(())
}
