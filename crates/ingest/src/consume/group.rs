//! Following the group: partitions that came begin where the store is; when some went, what was taken and is not written is
//! dropped, and the others begin anew.

use quarterday_kafka::positions::TopicPartition;

use super::Consume;
use crate::listener::Change;
use crate::{Error, outcomes, retry};

impl Consume {
    /// Lets partitions come and go.
    pub(super) fn follow_the_group(&mut self) -> Result<(), Error> {
        for change in self.links.consumer.listener().take() {
            let (Change::Came(partitions) | Change::Went(partitions)) = &change;
            self.found.retain(|place, _| !partitions.contains(place));
            self.partitions.forget(partitions);
            match change {
                Change::Came(partitions) => self.partitions.meet(partitions),
                Change::Went(_) => self.begin_term()?,
            }
        }
        let waiting = self.partitions.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        self.look_up(&waiting)?;
        for place in waiting {
            let Some(outcomes) = self.found.remove(&place) else {
                continue;
            };
            if self.links.consumer.start_at(&place, outcomes.next)? {
                if outcomes.next > 0 && outcomes.committed != Some(outcomes.next) {
                    self.batch.reach((&place.0, place.1), outcomes.next);
                }
                self.partitions.begin(&place, outcomes);
            } else {
                self.found.insert(place, outcomes);
            }
        }
        Ok(())
    }

    /// Partitions went, and what the batch that is being filled has of them is somebody else's to take. Of those that stay it is
    /// taken anew, from what the store has when the writer has ended with the batches before.
    fn begin_term(&mut self) -> Result<(), Error> {
        self.term = self.links.consumer.listener().term();
        if self.begin_batch().events > 0 {
            self.links.signs.drop_newest_batch();
        }
        self.partitions.stop_all();
        self.found.clear();
        let under_way = self.links.consumer.listener().under_way().clone();
        let batches = self.links.batches.clone();
        self.patiently("ClickHouse", async move {
            tokio::select! {
                () = under_way.none() => {}
                // The writer has ended, and finishes none.
                () = batches.closed() => {}
            }
        })
    }

    /// Finds out what earlier workers have left of partitions, as far as that is not known.
    fn look_up(&mut self, partitions: &[TopicPartition]) -> Result<(), Error> {
        let new = partitions.iter().filter(|place| !self.found.contains_key(*place));
        let new: Vec<TopicPartition> = new.cloned().collect();
        if new.is_empty() {
            return Ok(());
        }
        let (parts, stop) = (self.parts.clone(), self.links.stop.clone());
        let group = self.settings.group.clone();
        let load = || outcomes::load(&parts, &group, &new);
        let loading = retry::until_done(
            "look up where to begin",
            retry::Until::stopped(&stop),
            Error::is_retryable,
            load,
        );
        // Told to stop meanwhile: nothing was found, and nothing is needed.
        if let Some(found) = self.patiently("ClickHouse or Kafka", loading)?.transpose()? {
            self.found.extend(found);
        }
        Ok(())
    }
}
