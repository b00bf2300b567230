//! The handle to one ClickHouse installation.

use std::time::Duration;

use clickhouse::{Client, Compression};
use serde::de::DeserializeOwned;

use crate::{Error, Names, Result, Settings};

/// How long a small statement may take.
const STATEMENT_LIMIT: Duration = Duration::from_secs(60);
/// How long a question may take.
const QUERY_LIMIT: Duration = Duration::from_secs(300);
/// How long work on all that is stored may take.
const WORK_LIMIT: Duration = Duration::from_secs(3600);

/// A cheap handle; clones share one connection pool.
#[derive(Clone)]
pub struct Store {
    client: Client,
    url: String,
    names: Names,
}

impl Store {
    /// A handle for these settings; nothing is connected yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let compression = if settings.compression {
            Compression::Lz4
        } else {
            Compression::None
        };
        let client = Client::default()
            .with_url(&settings.url)
            .with_user(&settings.user)
            .with_password(&settings.password)
            .with_compression(compression)
            .with_validation(false)
            // Views of many measures and partners are long.
            .with_setting("max_query_size", "33554432")
            // Every reader collapses what consuming again has written twice; collapsing each block as it comes as well would
            // double what an insert costs.
            .with_setting("optimize_on_insert", "0");
        Store {
            client,
            url: settings.url.clone(),
            names: Names::new(&settings.database),
        }
    }

    /// The names of this installation's tables.
    #[must_use]
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// A handle on the same installation by other names.
    pub(crate) fn with_names(&self, names: Names) -> Self {
        Store {
            names,
            ..self.clone()
        }
    }

    /// The underlying client, for inserts.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Wraps a client's error with what was attempted.
    pub(crate) fn error(&self, doing: impl Into<String>, source: clickhouse::error::Error) -> Error {
        Error::of(doing, &self.url, source)
    }

    /// Runs one statement that takes a moment. `doing` says what it is for.
    ///
    /// # Errors
    /// [`Error::Away`], also when there is no answer within a minute, or [`Error::Refused`].
    pub async fn execute(&self, doing: &str, sql: &str) -> Result<()> {
        let run = self.client.query_raw(sql).execute();
        self.within(STATEMENT_LIMIT, doing, run).await
    }

    /// Runs one statement that may take long: it works on all that is stored, for example.
    ///
    /// # Errors
    /// As [`Store::execute`], after an hour.
    pub async fn execute_patiently(&self, doing: &str, sql: &str) -> Result<()> {
        let run = self.client.query_raw(sql).execute();
        self.within(WORK_LIMIT, doing, run).await
    }

    /// A connection that is open and silent says nothing of itself.
    async fn within<T>(
        &self,
        limit: Duration,
        doing: &str,
        work: impl Future<Output = Result<T, clickhouse::error::Error>>,
    ) -> Result<T> {
        tokio::time::timeout(limit, work)
            .await
            .unwrap_or(Err(clickhouse::error::Error::TimedOut))
            .map_err(|e| self.error(doing, e))
    }

    /// Runs one statement that has parameters.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn execute_with(&self, doing: &str, sql: &str, params: &[(&str, &str)]) -> Result<()> {
        let mut query = self.client.query_raw(sql);
        for (name, value) in params {
            query = query.param(name, value);
        }
        self.within(STATEMENT_LIMIT, doing, query.execute()).await
    }

    /// Runs a query and reads its rows as JSON objects into `T`. For small results (definitions, measures, lists): one
    /// object per row.
    ///
    /// # Errors
    /// [`Error::Away`] or [`Error::Refused`], the latter also when a row does not have the shape of `T`.
    pub async fn rows<T: DeserializeOwned>(
        &self,
        doing: &str,
        sql: &str,
        params: &[(&str, &str)],
    ) -> Result<Vec<T>> {
        let mut query = self
            .client
            .query_raw(sql)
            .with_setting("output_format_json_quote_64bit_integers", "0")
            .with_setting("output_format_json_named_tuples_as_objects", "1");
        for (name, value) in params {
            query = query.param(name, value);
        }
        let mut cursor = query
            .fetch_bytes("JSONEachRow")
            .map_err(|e| self.error(doing, e))?;
        let bytes = self.within(QUERY_LIMIT, doing, cursor.collect()).await?;
        serde_json::Deserializer::from_slice(&bytes)
            .into_iter::<T>()
            .collect::<Result<Vec<T>, _>>()
            .map_err(|e| self.error(doing, clickhouse::error::Error::Custom(e.to_string())))
    }

    /// Whether there is such a table or view.
    pub(crate) async fn has_table(&self, database: &str, name: &str) -> Result<bool> {
        let sql =
            "SELECT name FROM system.tables WHERE database = {database:String} AND name = {name:String}";
        let params = [("database", database), ("name", name)];
        let found: Vec<serde_json::Value> = self.rows("look for a table", sql, &params).await?;
        Ok(!found.is_empty())
    }

    /// Whether ClickHouse answers.
    ///
    /// # Errors
    /// [`Error::Away`] when it does not, [`Error::Refused`] for a wrong user or password.
    pub async fn ping(&self) -> Result<()> {
        self.execute("ask ClickHouse for a sign of life", "SELECT 1")
            .await
    }
}
