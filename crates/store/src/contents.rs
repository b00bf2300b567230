//! The files that are in force, kept for as long as the store is: what a number was made by can be read years later.

use jiff::Timestamp;
use serde::Deserialize;

use crate::sql::{hash, literal};
use crate::{Result, Store};

/// Plans, feeds, code lists and schemas, as texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    hash: String,
    files: Vec<(String, String)>,
}

/// A refresh that was shown, with the hash of the contents that were in force.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownRefresh {
    /// The record type.
    pub record_type: String,
    /// When it began, UTC, to the microsecond.
    pub shown_at: String,
    /// Per `topic/partition`, the first offset that it has not seen.
    pub watermark: std::collections::BTreeMap<String, u64>,
    /// Hashes of what it was made by.
    pub definitions: String,
    /// Hash of the contents.
    pub contents: String,
}

#[derive(Deserialize)]
struct Newest {
    hash: String,
}

impl Contents {
    /// Files with their names, in an order that stays.
    #[must_use]
    pub fn new(files: Vec<(String, String)>) -> Self {
        let all: Vec<String> = files
            .iter()
            .map(|(name, text)| format!("{}\n{}\n{text}", name, text.len()))
            .collect();
        Contents {
            hash: hash(&all.join("\n")),
            files,
        }
    }

    /// SHA-256 of names and texts; empty where there are none.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Each file: name and text.
    #[must_use]
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }
}

impl Store {
    /// Notes which contents are in force; not again those that are.
    pub(crate) async fn keep_contents(&self, contents: &Contents) -> Result<()> {
        if contents.files.is_empty() {
            return Ok(());
        }
        let rows: Vec<String> = contents
            .files
            .iter()
            .map(|(name, text)| format!("({}, {})", literal(name), literal(text)))
            .collect();
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/keep_contents.sql"))
            .replace("{hash}", &contents.hash)
            .replace("{files}", &rows.join(",\n    "));
        self.execute("keep the files in force", &sql).await
    }

    /// Hash of the contents in force; none where nothing was ever migrated.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn contents_in_force(&self) -> Result<Option<String>> {
        if !self.has_table(self.names().store(), "contents_kept").await? {
            return Ok(None);
        }
        let sql = self
            .names()
            .fill("SELECT argMax(hash, installed_at) AS hash FROM {store}.contents_kept HAVING count() > 0");
        let newest: Vec<Newest> = self.rows("ask which contents are in force", &sql, &[]).await?;
        Ok(newest.into_iter().next().map(|newest| newest.hash))
    }

    /// Hash of the contents that were in force at an instant.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn contents_at(&self, at: Timestamp) -> Result<Option<String>> {
        let sql = self.names().fill(
            "SELECT argMax(hash, installed_at) AS hash FROM {store}.contents_kept \
             WHERE installed_at <= {at:DateTime64(6, 'UTC')} HAVING count() > 0",
        );
        let at = crate::sql::instant(at);
        let newest: Vec<Newest> = self
            .rows("ask which contents were in force", &sql, &[("at", &at)])
            .await?;
        Ok(newest.into_iter().next().map(|newest| newest.hash))
    }

    /// The refreshes that were shown after `since` (an instant as ClickHouse writes it; all if it is empty), in their order.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn shown_refreshes(&self, since: &str) -> Result<Vec<ShownRefresh>> {
        let sql = self
            .names()
            .fill(include_str!("../../../schemas/clickhouse/shown_refreshes.sql"));
        self.rows("list refreshes", &sql, &[("since", since)]).await
    }
}
