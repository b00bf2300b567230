//! Replacing every spelling of a code by the code.

use quarterday_plan::codes::CodeList;

use super::rejection::{Reason, Rejection};
use crate::columns::Columns;
use crate::quote::quote;

/// A message names the codes of a list that has no more than these.
const MAX_NAMED: usize = 14;

/// Normalises the last row's string; a null stays.
pub(super) fn judge(
    list: &CodeList,
    path: &str,
    column: usize,
    rows: &mut Columns,
    row: usize,
) -> Result<(), Rejection> {
    let Some(given) = rows.str(column, row) else {
        return Ok(());
    };
    let code = list.normalise(given).ok_or_else(|| unknown(list, path, given))?;
    if code != given {
        rows.replace_last_str(column, code);
    }
    Ok(())
}

/// Normalises the strings of the last row's array, sorts them and takes repeats out.
pub(super) fn judge_list(
    list: &CodeList,
    path: &str,
    column: usize,
    rows: &mut Columns,
    row: usize,
) -> Result<(), Rejection> {
    let Some(given) = rows.list(column, row) else {
        return Ok(());
    };
    let mut is_normal = true;
    let mut before = None;
    for item in given {
        let code = list.normalise(item).ok_or_else(|| unknown(list, path, item))?;
        is_normal &= code == item && before.is_none_or(|before| before < item);
        before = Some(item);
    }
    if is_normal {
        return Ok(());
    }
    let given = rows.list(column, row).into_iter().flatten();
    let mut codes: Vec<&str> = given.filter_map(|item| list.normalise(item)).collect();
    codes.sort_unstable();
    codes.dedup();
    rows.replace_last_list(column, codes);
    Ok(())
}

/// Normalises the strings of the last row's array where they stand.
pub(super) fn judge_in_order(
    list: &CodeList,
    path: &str,
    column: usize,
    rows: &mut Columns,
    row: usize,
) -> Result<(), Rejection> {
    let Some(given) = rows.list(column, row) else {
        return Ok(());
    };
    let mut is_normal = true;
    for item in given {
        is_normal &= list.normalise(item).ok_or_else(|| unknown(list, path, item))? == item;
    }
    if !is_normal {
        let given = rows.list(column, row).into_iter().flatten();
        let codes: Vec<&str> = given.filter_map(|item| list.normalise(item)).collect();
        rows.replace_last_list(column, codes);
    }
    Ok(())
}

fn unknown(list: &CodeList, path: &str, given: &str) -> Rejection {
    let detail = format!(
        "{} is not on the list {}{}",
        quote(given),
        list.name(),
        some_of(list)
    );
    Rejection::new(Reason::UnknownCode, path, detail)
}

/// The codes to choose from, as the end of a sentence.
pub(super) fn some_of(list: &CodeList) -> String {
    let codes: Vec<&str> = list.codes().collect();
    if codes.len() > MAX_NAMED {
        String::new()
    } else {
        format!("; use one of {}", codes.join(", "))
    }
}
