//! How to reach ClickHouse.

use serde::Deserialize;

use crate::{Error, Names, Result};

/// The `[clickhouse]` section of the configuration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Address of the HTTP interface, e.g. `http://localhost:8123`.
    pub url: String,
    /// User that may create databases and write. Default `default`.
    #[serde(default = "default_user")]
    pub user: String,
    /// Its password; empty for none.
    #[serde(default)]
    pub password: String,
    /// The database that BI tools read; the internal one has `_store` behind it. Default `quarterday`.
    #[serde(default = "default_database")]
    pub database: String,
    /// Whether requests and answers are compressed (LZ4): worth it over a network, not over loopback. Default true.
    #[serde(default = "default_compression")]
    pub compression: bool,
}

impl Settings {
    /// Settings for an embedded engine at this address.
    #[must_use]
    pub fn loopback(url: &str) -> Self {
        Settings {
            url: url.to_owned(),
            user: default_user(),
            password: String::new(),
            database: default_database(),
            compression: false,
        }
    }

    /// Checks what can be checked without a connection.
    ///
    /// # Errors
    /// An address that is not http(s), or a database name that is not a plain identifier.
    pub fn validate(&self) -> Result<()> {
        if !(self.url.starts_with("http://") || self.url.starts_with("https://")) {
            return Err(Error::Setting {
                key: "clickhouse.url",
                problem: format!("'{}' is not an http:// or https:// address", self.url),
            });
        }
        if !Names::is_identifier(&self.database) {
            return Err(Error::Setting {
                key: "clickhouse.database",
                problem: format!("'{}' must be letters, digits and underscores only", self.database),
            });
        }
        Ok(())
    }
}

fn default_user() -> String {
    "default".to_owned()
}

fn default_database() -> String {
    Names::DEFAULT.to_owned()
}

fn default_compression() -> bool {
    true
}
