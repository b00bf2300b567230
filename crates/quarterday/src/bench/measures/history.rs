//! Histories and new versions, filled by SQL into the version logs as a worker would have inserted them.

use anyhow::Result;
use quarterday_store::Store;

/// Records of each quarter, all record types together.
const PER_QUARTER: u64 = 250_000;

/// Partitions of each topic, as the SQL files have them.
const PARTITIONS: u64 = 8;

/// New versions, as the SQL file makes them.
const VERSIONS: u64 = 1000;

/// Records of one type, which stand for all of their kind of measure.
pub(super) struct Filled {
    /// The record type.
    pub(super) record_type: &'static str,
    topic: &'static str,
    insert: &'static str,
    /// Of 20 records of a history, so many are of this type.
    share: u64,
}

/// Crimes, whose references are like hashes.
pub(super) const CRIMES: Filled = Filled {
    record_type: "recorded_crime",
    topic: "returns.recorded-crimes",
    insert: include_str!("recorded_crime.sql"),
    share: 11,
};

/// Contacts with people, who are counted once.
pub(super) const CONTACTS: Filled = Filled {
    record_type: "engagement",
    topic: "returns.kenward-contacts",
    insert: include_str!("engagement.sql"),
    share: 3,
};

/// Orders, of which those in force are counted.
pub(super) const ORDERS: Filled = Filled {
    record_type: "order",
    topic: "returns.pubwatch-exclusions",
    insert: include_str!("order.sql"),
    share: 3,
};

/// Incidents of domestic abuse, whose victims may have had one before.
pub(super) const INCIDENTS: Filled = Filled {
    record_type: "police_incident",
    topic: "returns.police-incidents",
    insert: include_str!("police_incident.sql"),
    share: 3,
};

impl Filled {
    /// Fills its part of a history of so many records.
    ///
    /// # Errors
    /// ClickHouse refuses.
    pub(super) async fn fill(&self, store: &Store, records: u64) -> Result<()> {
        let own = self.of(records);
        self.insert(store, records, include_str!("history.sql")).await?;
        self.note_positions(store, own).await
    }

    /// Inserts the new versions.
    ///
    /// # Errors
    /// ClickHouse refuses.
    pub(super) async fn amend(&self, store: &Store, records: u64) -> Result<()> {
        self.insert(store, records, include_str!("versions.sql")).await?;
        self.note_positions(store, self.of(records) + VERSIONS).await
    }

    async fn insert(&self, store: &Store, records: u64, rows: &str) -> Result<()> {
        let sql = store
            .names()
            .fill(&self.insert.replace("{rows}", rows))
            .replace("{records}", &self.of(records).to_string())
            .replace("{per_quarter}", &self.of(PER_QUARTER).to_string());
        Ok(store.execute("fill a history", &sql).await?)
    }

    async fn note_positions(&self, store: &Store, messages: u64) -> Result<()> {
        let sql = format!(
            "INSERT INTO {}.positions (topic, kafka_partition, record_type, next_offset) \
             SELECT '{}', number, '{}', {} FROM numbers({PARTITIONS})",
            store.names().store(),
            self.topic,
            self.record_type,
            messages / PARTITIONS,
        );
        Ok(store.execute("note positions", &sql).await?)
    }

    /// How many of these records are of this type.
    fn of(&self, records: u64) -> u64 {
        records / 20 * self.share
    }
}
