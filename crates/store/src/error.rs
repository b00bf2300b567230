//! What can go wrong between us and ClickHouse, and whether trying again can help.

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the store. `doing` says what was attempted, in words that fit behind "could not".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// ClickHouse could not be reached, or the connection was cut: trying again can help.
    #[error("could not {doing}: ClickHouse at {url} is not reachable")]
    Away {
        /// What was attempted.
        doing: String,
        /// The address of the ClickHouse HTTP interface.
        url: String,
        /// The client's own error.
        #[source]
        source: clickhouse::error::Error,
    },
    /// ClickHouse answered with an error.
    #[error("could not {doing}: ClickHouse refused")]
    Refused {
        /// What was attempted.
        doing: String,
        /// ClickHouse's error code, if the answer carried one.
        code: Option<u32>,
        /// The client's own error.
        #[source]
        source: clickhouse::error::Error,
    },
    /// A column block could not be built: a defect of this software, not of the data.
    #[error("could not build the column block for {table}, column {column}")]
    Block {
        /// The target table.
        table: String,
        /// The column that failed.
        column: String,
        /// The builder's own error.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The stored schema cannot be brought to the wanted one without losing data.
    #[error("{0}")]
    Migration(String),
    /// A migration has begun and not ended: measures stay as they are until it has.
    #[error(
        "measures stay as they are: a migration that began {seconds} s ago has not ended; if none is running any more, run \
         'quarterday migrate' again"
    )]
    UnderMigration {
        /// For how long.
        seconds: i64,
    },
    /// What was known at an instant was in a store that is not there any more.
    #[error("what was known at {at} UTC was in the store {store}, which was dropped")]
    Dropped {
        /// The store's database.
        store: String,
        /// The instant.
        at: String,
    },
    /// A setting is unusable.
    #[error("setting {key}: {problem}")]
    Setting {
        /// The configuration key.
        key: &'static str,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl Error {
    pub(crate) fn of(doing: impl Into<String>, url: &str, source: clickhouse::error::Error) -> Self {
        use clickhouse::error::Error as Client;
        let doing = doing.into();
        match source {
            Client::Network(_) | Client::TimedOut => Error::Away {
                doing,
                url: url.to_owned(),
                source,
            },
            Client::BadResponse(text) => {
                let source = Client::BadResponse(shortened(&text));
                Error::Refused {
                    doing,
                    code: code_of(&source),
                    source,
                }
            }
            _ => Error::Refused {
                doing,
                code: None,
                source,
            },
        }
    }

    /// Whether the same call may succeed later without anybody mending anything: the server is away, overloaded,
    /// starting or out of memory for now.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Away { .. } | Error::UnderMigration { .. } => true,
            // 75/243 disk full, 159 timeout, 173 no memory, 202 too many queries, 209/210 network, 225/999 keeper, 236/394 cut off as the server
            // shuts down, 241 memory limit, 242 read-only replica, 252 too many parts, 285 too few live replicas, 319 unknown status of
            // insert. No code: a proxy answered, or the answer was cut.
            Error::Refused { code, .. } => {
                matches!(
                    code,
                    None | Some(
                        75 | 159
                            | 173
                            | 202
                            | 209
                            | 210
                            | 225
                            | 236
                            | 241
                            | 242
                            | 243
                            | 252
                            | 285
                            | 319
                            | 394
                            | 999
                    )
                )
            }
            Error::Block { .. } | Error::Migration(_) | Error::Dropped { .. } | Error::Setting { .. } => {
                false
            }
        }
    }
}

/// ClickHouse repeats the statement in what it says of it, which can be a page: its beginning and its end say what is wrong.
fn shortened(text: &str) -> String {
    const BEGINNING: usize = 600;
    const END: usize = 200;
    let length = text.chars().count();
    if length <= BEGINNING + END {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(BEGINNING).collect();
    let end: String = text.chars().skip(length - END).collect();
    format!("{beginning} ... {end}")
}

/// The number behind `Code: ` of a ClickHouse error text.
fn code_of(error: &clickhouse::error::Error) -> Option<u32> {
    let clickhouse::error::Error::BadResponse(text) = error else {
        return None;
    };
    let rest = text.split_once("Code: ")?.1;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_what_is_tried_again() {
        let refused = |text: &str| {
            Error::of(
                "insert",
                "http://localhost:8123",
                clickhouse::error::Error::BadResponse(text.into()),
            )
        };
        assert!(!refused("Code: 62. DB::Exception: Syntax error").is_retryable());
        assert!(refused("Code: 252. DB::Exception: Too many parts").is_retryable());
        assert!(refused("502 Bad Gateway").is_retryable());
    }
}
