//! What return notices say: the statements of their views.

use super::literal;
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
    let sql = super::without_comments(include_str!("../../../../schemas/clickhouse/notices.sql"))
        .replace("{notice_hashes}", &hashes("{store}.notices"))
        .replace("{feeds}", &feeds);
    let sql = names.fill(&sql);
    super::measures::split_statements(&sql)
}

/// The statements that (re)create the refreshed view of notices.
#[must_use]
pub fn refresh_view(names: &Names) -> Vec<String> {
    let view = names.refreshed_notices();
    let create = names
        .fill(include_str!("../../../../schemas/clickhouse/notices_refresh.sql"))
        .replace("{view}", &view)
        .replace("{record_type}", RETURN_NOTICE)
        .replace("{log}", &names.log(RETURN_NOTICE));
    vec![format!("DROP VIEW IF EXISTS {view}"), create]
}

/// The query of a hash of these notices about each quarter of each record type.
pub(super) fn hashes(notices: &str) -> String {
    super::without_comments(include_str!("../../../../schemas/clickhouse/notice_hashes.sql"))
        .replace("{notices}", notices)
}
