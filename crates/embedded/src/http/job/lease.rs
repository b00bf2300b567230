//! A connection for the time of a request: a fresh one, or the one its session keeps.

use super::{Job, external};
use crate::{
    engine::{Connection, Failure, reader_role},
    http::{failure, parameters::database_for, session::Taken, sql},
};

/// The connection and what has to be put back in order afterwards.
pub(super) struct Lease {
    connection: Connection,
    session: Option<Taken>,
    /// Whether the connection was a session's before.
    kept: bool,
    /// Statements that undo what this request has set, for a kept connection.
    undo: Vec<String>,
}

impl Lease {
    pub(super) fn take(job: &Job) -> Result<Self, Failure> {
        let (session, kept) = match &job.parameters.session {
            Some(request) => {
                let (taken, connection) = job.sessions.take(&job.user.name, request)?;
                (Some(taken), connection)
            }
            None => (None, None),
        };
        let is_kept = kept.is_some();
        let connection = match kept {
            Some(connection) => connection,
            None => job
                .engine
                .connect()
                .map_err(|error| failure::internal(error.to_string()))?,
        };
        Ok(Self {
            connection,
            session,
            kept: is_kept,
            undo: Vec::new(),
        })
    }

    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Whether the connection may hold settings that this request knows nothing of.
    pub(super) fn is_kept(&self) -> bool {
        self.kept
    }

    /// Applies settings and database, makes external tables, and takes the user's role; in this order, because the
    /// role may do none of it.
    pub(super) fn prepare(&mut self, job: &Job) -> Result<(), Failure> {
        let parameters = &job.parameters;
        let database = database_for(&parameters.database, job.confined_to())?;
        let mut settings = parameters.settings.clone();
        settings.retain(|(name, _)| name != "log_comment");
        settings.push(("log_comment".to_owned(), parameters.query_id.clone()));
        if self.kept {
            self.remember(&settings)?;
        }
        let assignments: Vec<String> = settings
            .iter()
            .map(|(name, value)| format!("{name} = {}", sql::quote(value)))
            .collect();
        self.connection.text(&format!("SET {}", assignments.join(", ")))?;
        if !database.is_empty() {
            self.connection
                .text(&format!("USE {}", sql::quote_name(database)))?;
        }
        for table in &job.tables {
            self.undo.push(external::drop_statement(table));
            external::create(&mut self.connection, table)?;
        }
        if let Some(database) = job.confined_to() {
            self.connection
                .text(&format!("SET ROLE {}", reader_role(database)))?;
            self.connection.text("SET readonly = 2")?;
        }
        Ok(())
    }

    /// Notes how to restore the settings that are about to change.
    fn remember(&mut self, settings: &[(String, String)]) -> Result<(), Failure> {
        let names: Vec<String> = settings.iter().map(|(name, _)| sql::quote(name)).collect();
        let found = self.connection.text(&format!(
            "SELECT name, changed, hex(value) FROM system.settings WHERE name IN ({})",
            names.join(", ")
        ))?;
        for line in found.lines() {
            let mut columns = line.split('\t');
            let (Some(name), Some(changed), Some(value)) = (columns.next(), columns.next(), columns.next())
            else {
                continue;
            };
            let before = if changed == "1" {
                sql::quote(&unhex(value))
            } else {
                "DEFAULT".to_owned()
            };
            self.undo.push(format!("SET {name} = {before}"));
        }
        Ok(())
    }

    /// Parameters for an insert, which takes none of its own. Values are escaped as in TabSeparated, as those of
    /// requests are.
    pub(super) fn set_params(&mut self, params: &[(String, String)]) -> Result<(), Failure> {
        for (name, value) in params {
            if !name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            {
                return Err(failure::bad_arguments(format!(
                    "{name:?} cannot be the name of a parameter"
                )));
            }
            self.connection
                .text(&format!("SET param_{name} = {}", sql::quote(value)))?;
        }
        Ok(())
    }

    /// Ends the request. A session keeps the connection if it had it before or if the statement left something in it.
    pub(super) fn give_back(mut self, leaves: bool) {
        let Some(session) = self.session.take() else {
            return;
        };
        if session.closes() {
            return;
        }
        if !self.kept && !leaves {
            session.give_back(None);
            return;
        }
        let restored = self
            .undo
            .iter()
            .rev()
            .try_for_each(|sql| self.connection.text(sql).map(drop));
        // A connection that cannot be put back in order must not pass its settings on.
        session.give_back(restored.is_ok().then_some(self.connection));
    }
}

fn unhex(text: &str) -> String {
    let nibble = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
            .unwrap_or_default()
    };
    let bytes: Vec<u8> = text
        .as_bytes()
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | nibble(*digit)))
        .collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn hex_is_undone() {
        assert_eq!(super::unhex("6974277320C3BC"), "it's ü");
        assert_eq!(super::unhex(""), "");
    }
}
