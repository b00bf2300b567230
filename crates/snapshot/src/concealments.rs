//! The topic of what is hidden of snapshots from which audience. It has one partition: of several messages about one snapshot the first is
//! the concealment. Each takes those of all snapshots before into account, so they are made one after the other, in the order of the topic of
//! snapshots, by whoever comes first.

use std::collections::BTreeMap;

use quarterday_kafka::KafkaSettings;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Audience, Plan};
use serde::{Deserialize, Serialize};

use crate::disclosure::{Hidden, Shown, decide, facts_of};
use crate::{Error, Journal, Result, Snapshot, topic};

/// The topic; one partition.
pub const TOPIC: &str = "disclosures";

/// What is hidden of one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concealment {
    /// Whose snapshot it is.
    pub installation: String,
    /// Period and revision.
    pub snapshot: String,
    /// The snapshot's hash: a concealment is about no other.
    pub hash: String,
    /// By the audience's name.
    pub hidden: BTreeMap<String, Vec<Hidden>>,
}

impl Concealment {
    /// What is hidden from an audience. None if nothing was decided for it: it sees nothing of the snapshot.
    #[must_use]
    pub fn hidden_from(&self, audience: Audience) -> Option<&[Hidden]> {
        match audience {
            Audience::Restricted => Some(&[]),
            Audience::Partners | Audience::Public => self.hidden.get(audience.name()).map(Vec::as_slice),
        }
    }
}

/// All concealments of one installation.
#[derive(Debug, Default)]
pub struct Concealments {
    of_snapshots: BTreeMap<String, Concealment>,
}

impl Concealments {
    /// Reads the topic to its end.
    ///
    /// # Errors
    /// Kafka is not reached or refuses, or the topic is damaged or cannot be read by this version: what was shown must be known.
    pub async fn read(kafka: &KafkaSettings, installation: &str) -> Result<Self> {
        let installation = installation.to_owned();
        let note = move |all: &mut Self, offset, payload: &[u8]| all.note(&installation, offset, payload);
        topic::read(kafka, TOPIC, note).await
    }

    fn note(&mut self, installation: &str, offset: i64, payload: &[u8]) -> Result<()> {
        let concealment: Concealment = topic::parse(TOPIC, offset, payload)?;
        if concealment.installation == installation {
            self.of_snapshots
                .entry(concealment.snapshot.clone())
                .or_insert(concealment);
        }
        Ok(())
    }

    /// Writes a concealment; which one holds is seen by reading again.
    ///
    /// # Errors
    /// Kafka is not reached or refuses.
    pub async fn append(kafka: &KafkaSettings, concealment: &Concealment) -> Result<()> {
        let key = format!("{}|{}", concealment.installation, concealment.snapshot);
        topic::append(kafka, TOPIC, key, concealment).await
    }

    /// What is decided of a snapshot.
    #[must_use]
    pub fn of(&self, snapshot: &Snapshot) -> Option<&Concealment> {
        let concealment = self.of_snapshots.get(&snapshot.header.id);
        concealment.filter(|concealment| concealment.hash == snapshot.hash)
    }

    /// The first snapshot of which nothing is decided, and what is to be decided, by the plans in force.
    ///
    /// # Errors
    /// A snapshot's period is none.
    pub fn next(&self, journal: &Journal, plans: &[Plan]) -> Result<Option<Concealment>> {
        let Some(next) = journal.in_order().find(|snapshot| self.of(snapshot).is_none()) else {
            return Ok(None);
        };
        let before = journal
            .in_order()
            .take_while(|snapshot| snapshot.header.id != next.header.id);
        let before: Vec<(&Snapshot, &Concealment)> = before
            .filter_map(|snapshot| Some((snapshot, self.of(snapshot)?)))
            .collect();
        let mut hidden: BTreeMap<String, Vec<Hidden>> = BTreeMap::new();
        for audience in Audience::GUARDED {
            let mut seen = seen_by(&before, audience)?;
            for (other, of_next) in &hidden {
                let of_others = before
                    .iter()
                    .filter_map(|(snapshot, it)| Some((*snapshot, &it.hidden.get(other)?[..])));
                for (snapshot, hidden) in of_others.chain([(next, &of_next[..])]) {
                    seen.push(shown(snapshot, hidden, true)?);
                }
            }
            let facts = facts_of(plans, audience);
            let decided = decide(&facts, &shown(next, &[], false)?, &seen);
            hidden.insert(audience.name().to_owned(), decided);
        }
        Ok(Some(Concealment {
            installation: next.header.installation.clone(),
            snapshot: next.header.id.clone(),
            hash: next.hash.clone(),
            hidden,
        }))
    }
}

/// What was decided of others for this audience.
fn seen_by<'s>(before: &[(&'s Snapshot, &'s Concealment)], audience: Audience) -> Result<Vec<Shown<'s>>> {
    let decided = before.iter().filter_map(|(snapshot, concealment)| {
        let hidden = concealment.hidden_from(audience)?;
        Some(shown(snapshot, hidden, false))
    });
    decided.collect()
}

fn shown<'s>(snapshot: &'s Snapshot, hidden: &'s [Hidden], is_of_others: bool) -> Result<Shown<'s>> {
    let period = snapshot.header.period.parse::<Period>();
    Ok(Shown {
        period: period.map_err(|_| Error::Period {
            period: snapshot.header.period.clone(),
        })?,
        values: &snapshot.values,
        quarters: &snapshot.quarters,
        hidden,
        is_of_others,
    })
}
