//! What a migration refuses, before it has changed anything: stored returns are never rewritten, dropped, or made to say what
//! nobody has said.

use std::collections::BTreeMap;

use quarterday_events::RecordType;

use crate::sql::columns::stored_columns;
use crate::{Declared, Error, Result, Store};

impl Store {
    /// Refuses record types that do not fit what is stored.
    ///
    /// # Errors
    /// [`Error::Migration`] with what to do instead.
    pub(super) async fn refuse_what_would_break(&self, declared: &Declared) -> Result<()> {
        for (name, messages) in self.log_sizes().await? {
            let Some(record_type) = declared.record_types.get(&name) else {
                if messages > 0 {
                    return Err(gone(&name, messages));
                }
                continue;
            };
            let stored = self.types_of(&format!("log_{name}")).await?;
            refuse_other_types(record_type, &stored)?;
            if messages > 0 {
                refuse_unsaid_fields(record_type, &stored)?;
            }
        }
        Ok(())
    }
}

fn gone(record_type: &str, messages: u64) -> Error {
    Error::Migration(format!(
        "record type {record_type}: there is no schema of it any more, but {messages} returns of it are stored, which would count no longer. Put \
         the schema back; a feed that has ended stays in the feeds file."
    ))
}

fn refuse_other_types(record_type: &RecordType, stored: &BTreeMap<String, String>) -> Result<()> {
    for (column, wanted) in stored_columns(record_type) {
        match stored.get(&column) {
            Some(ty) if *ty != wanted => {
                return Err(Error::Migration(format!(
                    "record type {}: column {column} is stored as {ty}, the schema now says {wanted}. Stored returns are \
                     never rewritten: give the field a new name, or keep its type.",
                    record_type.name()
                )));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A new field needs a default: without one, stored returns would have a zero there that no partner has sent.
fn refuse_unsaid_fields(record_type: &RecordType, stored: &BTreeMap<String, String>) -> Result<()> {
    let columns = record_type.columns().iter();
    let mut new = columns.filter(|column| !stored.contains_key(&column.name));
    match new.find(|column| column.default_value().is_none()) {
        None => Ok(()),
        Some(column) => Err(Error::Migration(format!(
            "record type {}: the new field {} has no default, and stored returns do not say it. Give it a default, or make it \
             a field that may be null with the default null.",
            record_type.name(),
            column.name
        ))),
    }
}
