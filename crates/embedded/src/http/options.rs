//! Who may ask the interface what, and its limits.

use std::{fmt, time::Duration};

/// Options of the interface.
#[derive(Debug, Clone)]
pub struct Options {
    /// The users. A request without credentials is one of `default`.
    pub users: Vec<User>,
    /// Sessions that may be open at the same time.
    pub sessions: usize,
    /// How long a client may be silent within its body.
    pub body_timeout: Duration,
    /// How long [`super::Server::shutdown`] waits for requests under way.
    pub shutdown_timeout: Duration,
}

/// A user of the interface.
#[derive(Clone)]
pub struct User {
    /// Name.
    pub name: String,
    /// Password; `None` is only allowed on a loopback address.
    pub password: Option<String>,
    /// What the user may do.
    pub access: Access,
}

/// What a user may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// Everything that stays inside of the engine.
    Full,
    /// Read one database, which must be one of the engine's `read_databases`.
    ReadDatabase(String),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            users: vec![User {
                name: "default".to_owned(),
                password: None,
                access: Access::Full,
            }],
            sessions: 64,
            body_timeout: Duration::from_secs(300),
            shutdown_timeout: Duration::from_secs(10),
        }
    }
}

// A password must not get into a log by way of a debug print.
impl fmt::Debug for User {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("User")
            .field("name", &self.name)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}
