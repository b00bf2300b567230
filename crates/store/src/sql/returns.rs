//! What return notices say: the statements of their views, and what the query of cells needs to know of measures.

use super::source::Source;
use super::{literal, quoted_list};
use crate::Names;
use crate::declared::{Declared, RETURN_NOTICE};

/// The statements that replace the views of feeds and notices.
#[must_use]
pub fn notices(names: &Names, declared: &Declared) -> Vec<String> {
    let feeds: Vec<String> = declared
        .feeds
        .iter()
        .map(|(feed, record_type)| format!("({}, {})", literal(feed), literal(record_type)))
        .collect();
    let feeds = if feeds.is_empty() {
        "('', '')".to_owned()
    } else {
        feeds.join(", ")
    };
    let sql = names
        .fill(include_str!("../../../../schemas/clickhouse/notices.sql"))
        .replace("{feeds}", &feeds);
    super::measures::split_statements(&sql)
}

/// The statements that (re)create the refreshed view of notices.
#[must_use]
pub fn refresh_view(names: &Names) -> Vec<String> {
    let view = names.measure_view(RETURN_NOTICE);
    let create = names
        .fill(include_str!("../../../../schemas/clickhouse/notices_refresh.sql"))
        .replace("{view}", &view)
        .replace("{record_type}", RETURN_NOTICE)
        .replace("{live}", &names.live(RETURN_NOTICE));
    vec![format!("DROP VIEW IF EXISTS {view}"), create]
}

/// The statement that replaces the view of complete FULL returns of one record type.
#[must_use]
pub fn full_returns(names: &Names, record_type: &str) -> String {
    names
        .fill(include_str!("../../../../schemas/clickhouse/full_returns.sql"))
        .replace("{record_type}", record_type)
        .replace("{full_returns}", &names.full_returns(record_type))
        .replace("{log}", &names.log(record_type))
}

impl Source<'_> {
    /// The measures of the record type, as an array of (measure, partners, scope codes).
    #[must_use]
    pub fn expected(&self) -> String {
        let each = self.measures.iter().filter_map(|defined| {
            let counting = defined.measure.counting()?;
            let scope = self.scope.map(|field| counting.scope(field)).unwrap_or_default();
            let partners = defined.measure.returned_by.iter().map(String::as_str);
            Some(format!(
                "({}, [{}], [{}])",
                literal(&defined.measure.id),
                quoted_list(partners),
                quoted_list(scope)
            ))
        });
        let each: Vec<String> = each.collect();
        format!(
            "CAST([{}], 'Array(Tuple(String, Array(String), Array(String)))')",
            each.join(", ")
        )
    }
}
