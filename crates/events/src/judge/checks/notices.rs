//! Tests of return notices: records that are about the records of another feed.

use std::collections::HashMap;

use quarterday_plan::codes::CodeList;
use quarterday_plan::feeds::CoveredFeed;
use quarterday_plan::period::Period;

use super::{Day, Failed};
use crate::columns::Columns;
use crate::london;
use crate::quote::quote;

/// For each feed, by its name, the codes that its records can be narrowed to; `None` of a feed that has no such codes.
pub(in crate::judge) type Scopes = HashMap<String, Option<CodeList>>;

/// Whether the text names a feed of the row's partner.
pub(super) fn covers(
    feeds: &[CoveredFeed],
    (feed, partner): (usize, usize),
    rows: &Columns,
    row: usize,
) -> Result<(), Failed> {
    let (Some(given), Some(partner)) = (rows.str(feed, row), rows.str(partner, row)) else {
        return Ok(());
    };
    let of_partner = || feeds.iter().filter(|feed| feed.partner.includes(partner));
    if of_partner().any(|feed| feed.name == given) {
        return Ok(());
    }
    let names: Vec<&str> = of_partner().map(|feed| feed.name.as_str()).collect();
    Err(Failed(if names.is_empty() {
        format!("{} has no feed.", quote(partner))
    } else {
        format!("Feeds of {} are {}.", quote(partner), names.join(", "))
    }))
}

/// Whether the codes are scopes of the named feed; writes them as the list has them, sorted and without repeats. The name
/// of no feed passes.
pub(super) fn narrow(
    scopes: &Scopes,
    (codes, feed): (usize, usize),
    rows: &mut Columns,
    row: usize,
) -> Result<(), Failed> {
    let given = || rows.list(codes, row).into_iter().flatten();
    let name = rows.str(feed, row).unwrap_or_default();
    if given().next().is_none() {
        return Ok(());
    }
    let list = match scopes.get(name) {
        None => return Ok(()),
        Some(None) => {
            return Err(Failed(format!(
                "Notices about {} are always about the whole feed: leave it empty.",
                quote(name)
            )));
        }
        Some(Some(list)) => list,
    };
    if let Some(code) = given().find(|code| list.normalise(code).is_none()) {
        let known: Vec<&str> = list.codes().collect();
        return Err(Failed(format!(
            "{} is none; they are {}.",
            quote(code),
            known.join(", ")
        )));
    }
    let mut normal: Vec<&str> = given().filter_map(|code| list.normalise(code)).collect();
    normal.sort_unstable();
    normal.dedup();
    rows.replace_last_list(codes, normal);
    Ok(())
}

/// Whether the day is not before the last one of a quarter.
pub(super) fn is_after_quarter(
    day: Day,
    (year, quarter): (usize, usize),
    rows: &Columns,
    row: usize,
) -> bool {
    let (Some(year), Some(quarter)) = (rows.str(year, row), rows.integer(quarter, row)) else {
        return true;
    };
    let Ok(period) = format!("{year}/Q{quarter}").parse::<Period>() else {
        return true;
    };
    let last = london::days_of(period.last());
    day.all(rows, row, |day| day >= last)
}
