//! The query of the records that have warnings, for the parameters `feed` and `check`, empty for all.

use std::collections::BTreeSet;

use super::without_comments;
use crate::Names;

const OPEN: &str = include_str!("../../../../schemas/clickhouse/warnings_open.sql");

const WANTED: &str =
    "({feed:String} = '' OR feed = {feed:String}) AND ({check:String} = '' OR warning = {check:String})";

/// The feeds of which there are warnings, also such that were mended since.
pub(crate) fn feeds(names: &Names) -> String {
    let store = names.store();
    format!("SELECT DISTINCT toString(feed) AS feed FROM {store}.warnings WHERE {WANTED}")
}

/// The records of these types that have warnings; `None` without record types.
pub(crate) fn open<'t>(names: &Names, record_types: impl Iterator<Item = &'t str>) -> Option<String> {
    let record_types: BTreeSet<&str> = record_types.collect();
    let each = record_types.into_iter().map(|record_type| {
        let sql = without_comments(OPEN)
            .replace("{log}", &names.log(record_type))
            .replace("{record_type}", record_type)
            .replace("{wanted}", WANTED);
        names.fill(&sql)
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| each.join("\nUNION ALL\n"))
}
