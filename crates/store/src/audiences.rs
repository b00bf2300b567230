//! What partners and the public see of snapshots: one database for the BI tools of each audience, with views and nothing else.

use quarterday_plan::plan::Audience;
use serde::Deserialize;

use crate::sql::measures::split_statements;
use crate::stores;
use crate::{Names, Result, Store};

const VALUES: &str = include_str!("../../../schemas/clickhouse/shown_values.sql");
const VIEWS: &str = include_str!("../../../schemas/clickhouse/audience_views.sql");

/// A snapshot that an audience sees.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct ShownTo {
    /// The audience's name.
    pub audience: String,
    /// The snapshot.
    pub snapshot: String,
}

/// The statements that make tables and views of the audiences from whom something may be hidden; they may be run again.
fn statements(names: &Names) -> Vec<String> {
    let views = Audience::GUARDED.into_iter().map(|audience| {
        names
            .fill(VIEWS)
            .replace("{shown}", &names.shown(audience))
            .replace("{audience}", audience.name())
    });
    let columns = stores::columns(names, "shown_values");
    let all = [names.fill(VALUES), columns].into_iter().chain(views);
    all.flat_map(|sql| split_statements(&sql)).collect()
}

impl Store {
    /// Makes the tables and views of audiences.
    pub(crate) async fn make_audiences(&self) -> Result<()> {
        for statement in statements(self.names()) {
            self.execute("make the views of audiences", &statement).await?;
        }
        Ok(())
    }

    /// Adds what an audience sees of a snapshot, JSON objects, one a line, whose fields are those of `shown_values`.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn keep_shown(&self, rows: &str) -> Result<()> {
        let sql = format!(
            "INSERT INTO {}.shown_values SETTINGS input_format_skip_unknown_fields = 1, \
             input_format_json_named_tuples_as_objects = 1 FORMAT JSONEachRow\n{rows}\n",
            self.names().stores()
        );
        self.execute("keep what an audience sees", &sql).await
    }

    /// Which snapshots audiences see.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn shown_to(&self) -> Result<Vec<ShownTo>> {
        let sql = format!(
            "SELECT DISTINCT audience, snapshot FROM {}.shown_values",
            self.names().stores()
        );
        self.rows("list what audiences see", &sql, &[]).await
    }
}
