//! The names of databases, tables and views, in one place.

use quarterday_plan::plan::Audience;

/// Names of one installation. All but `bi` are internal and may change with a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    bi: String,
    store: String,
    is_beside: bool,
}

impl Default for Names {
    fn default() -> Self {
        Names::new(Names::DEFAULT)
    }
}

impl Names {
    /// The BI database where no other is named.
    pub const DEFAULT: &str = "quarterday";

    /// Names for the BI database `bi`; the internal database is `<bi>_store`.
    #[must_use]
    pub fn new(bi: &str) -> Self {
        Names {
            bi: bi.to_owned(),
            store: format!("{bi}_store"),
            is_beside: false,
        }
    }

    /// The same installation with its internal database in this one.
    #[must_use]
    pub(crate) fn in_store(&self, store: &str) -> Self {
        Names {
            bi: self.bi.clone(),
            store: store.to_owned(),
            is_beside: false,
        }
    }

    /// The same installation derived again beside, in this internal database; what BI tools read is made in there as well, where
    /// nobody reads it.
    #[must_use]
    pub(crate) fn beside(&self, store: &str) -> Self {
        Names {
            is_beside: true,
            ..self.in_store(store)
        }
    }

    /// Whether these are the names of a store that nobody reads yet.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        self.is_beside
    }

    /// Whether `name` can stand in SQL without quotes.
    #[must_use]
    pub fn is_identifier(name: &str) -> bool {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    }

    /// The database that BI tools read.
    #[must_use]
    pub fn bi(&self) -> &str {
        &self.bi
    }

    /// The internal database.
    #[must_use]
    pub fn store(&self) -> &str {
        &self.store
    }

    /// The small database that says which internal database holds.
    #[must_use]
    pub(crate) fn stores(&self) -> String {
        format!("{}_stores", self.bi)
    }

    /// The database that BI tools of an audience read.
    #[must_use]
    pub fn shown(&self, audience: Audience) -> String {
        match audience {
            Audience::Restricted => self.bi.clone(),
            Audience::Partners | Audience::Public => format!("{}_{}", self.bi, audience.name()),
        }
    }

    /// The internal database of the `number`th time that the store was derived.
    #[must_use]
    pub(crate) fn numbered(&self, number: u32) -> String {
        match number {
            0 | 1 => format!("{}_store", self.bi),
            _ => format!("{}_store_{number}", self.bi),
        }
    }

    /// The version log of a record type: one row per topic, partition and offset.
    #[must_use]
    pub fn log(&self, record_type: &str) -> String {
        format!("{}.log_{record_type}", self.store)
    }

    /// The records that count.
    #[must_use]
    pub fn live(&self, record_type: &str) -> String {
        format!("{}.live_{record_type}", self.store)
    }

    /// The incremental materialised view from the version log to the arrivals.
    #[must_use]
    pub fn keep_arrivals(&self, record_type: &str) -> String {
        format!("{}.keep_arrivals_{record_type}", self.store)
    }

    /// Changed records as rows of the table of contributions.
    #[must_use]
    pub fn placings(&self, record_type: &str) -> String {
        format!("{}.placings_{record_type}", self.store)
    }

    /// The refreshable materialised view that keeps the table of return notices.
    #[must_use]
    pub fn refreshed_notices(&self) -> String {
        format!("{}.refreshed_notices", self.store)
    }

    /// The refreshable materialised view that computes the measures of record types that look back.
    #[must_use]
    pub fn refreshed_look_backs(&self) -> String {
        format!("{}.refreshed_look_backs", self.store)
    }

    /// The refreshable materialised view that computes the measures of the other record types.
    #[must_use]
    pub fn refreshed_measures(&self) -> String {
        format!("{}.refreshed_measures", self.store)
    }

    /// The refreshable materialised view that refreshes record types of which nothing is counted.
    #[must_use]
    pub fn refreshed_uncounted(&self) -> String {
        format!("{}.refreshed_uncounted", self.store)
    }

    /// Fills the placeholders `{bi}`, `{store}` and `{stores}` of an SQL file, whose comments are left out.
    #[must_use]
    pub fn fill(&self, sql: &str) -> String {
        let views = if self.is_beside { &self.store } else { &self.bi };
        crate::sql::without_comments(sql)
            .replace("{bi}", views)
            .replace("{stores}", &self.stores())
            .replace("{store}", &self.store)
    }
}
