//! Records that follow an earlier one about the same person (domain.md P1.02c, R35).
//!
//! Of all earlier records the newest is the only one that need be looked at: if it lies too far back, so do the others. An
//! ASOF join finds it without setting every record of a person against every other.

use quarterday_events::Kind;
use quarterday_plan::plan::{Counting, LookBack};

use super::source::Source;
use crate::Names;
use crate::declared::Defined;

/// The condition that a record has such an earlier one. Earlier records count in every district (G10).
pub(super) fn condition(
    names: &Names,
    source: &Source<'_>,
    defined: &Defined<'_>,
    counting: &Counting,
    look_back: &LookBack,
) -> String {
    let live = names.live(source.name());
    let who = source.identity(counting, &look_back.same);
    let shared = look_back
        .sharing
        .as_ref()
        .map_or("''".to_owned(), |list| format!("arrayJoin({})", identities(list)));
    let before = moment(source, &look_back.before);
    let from: Vec<String> = look_back
        .counted_from
        .iter()
        .map(|field| moment(source, field))
        .collect();
    let from_day: Vec<String> = look_back
        .counted_from
        .iter()
        .map(|field| source.date(counting, field))
        .collect();
    let day = source.date(counting, &look_back.before);
    let partners = source.returned_by(defined);
    let earlier = match &look_back.filter {
        Some(filter) => format!(" AND {}", filter.to_sql(&|field| source.column(counting, field))),
        None => String::new(),
    };
    let months = look_back.months;
    format!(
        "(feed, partner, ref) IN (\n    SELECT later.feed, later.partner, later.ref\n    FROM\n    (\n        \
         SELECT feed, partner, ref, {who} AS who, {shared} AS shared, coalesce({from_day}) AS counted_from,\n            \
         assumeNotNull(least({before}, coalesce({from}))) AS moment\n        FROM {live}\n        \
         WHERE {partners} AND notEmpty({who})\n    ) AS later\n    ASOF INNER JOIN\n    (\n        \
         SELECT {who} AS who, {shared} AS shared, assumeNotNull({day}) AS day, assumeNotNull({before}) AS moment\n        \
         FROM {live}\n        WHERE {partners} AND notEmpty({who}){earlier}\n    ) AS earlier\n    \
         ON later.who = earlier.who AND later.shared = earlier.shared AND later.moment > earlier.moment\n    \
         WHERE later.counted_from <= addMonths(earlier.day, {months}))",
        from_day = from_day.join(", "),
        from = from.join(", "),
    )
}

/// The entries of a list; P pseudonyms are the same person within a partner only (domain.md section 3).
fn identities(list: &str) -> String {
    if list.ends_with("_pids") {
        format!("arrayMap(pid -> if(startsWith(pid, 'P'), concat(partner, ' ', pid), toString(pid)), {list})")
    } else {
        list.to_owned()
    }
}

/// A point in time to compare by: the instant itself, or the day.
fn moment(source: &Source<'_>, field: &str) -> String {
    match source.spec(field).map(|spec| &spec.kind) {
        Some(Kind::TimestampMillis) => format!("toUnixTimestamp64Milli({field})"),
        _ => format!("toInt64(toInt32({field}))"),
    }
}
