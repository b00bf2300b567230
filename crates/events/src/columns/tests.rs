use super::*;
use crate::testing;

/// Pushes a row of absent values, or only into the first columns of it.
fn push(columns: &mut Columns, first: usize) {
    for column in columns.columns_mut().iter_mut().take(first) {
        match column {
            Column::Str(strs) => strs.push("some text"),
            Column::StrList(lists) => {
                lists.push_item("one");
                lists.push_item("two");
                lists.end_list();
            }
            Column::DateList(lists) => {
                lists.push_item(7);
                lists.push_null_item();
                lists.end_list();
            }
            column => column.push_absent(),
        }
    }
}

#[test]
fn truncate_takes_back_half_a_row() {
    let record_type = testing::incident();
    let mut columns = Columns::new(&record_type);
    push(&mut columns, usize::MAX);
    columns.end_row(true);
    let before = columns.clone();
    push(&mut columns, 5);
    columns.truncate(1);
    assert_eq!(columns, before);
    columns.truncate(0);
    assert_eq!(columns, Columns::new(&record_type));
    assert_eq!(columns.byte_size(), 0);
}

#[test]
fn truncate_takes_back_items_of_an_unended_array() {
    let mut lists = StrLists::new(Strs::new(false));
    lists.push_item("a");
    lists.end_list();
    lists.push_item("b");
    lists.truncate(1);
    assert_eq!(
        (lists.items().len(), lists.get(0).unwrap().collect::<Vec<_>>()),
        (1, vec!["a"])
    );
}

#[test]
fn the_last_row_is_changed_in_place() {
    let record_type = testing::incident();
    let mut columns = Columns::new(&record_type);
    for _ in 0..2 {
        push(&mut columns, usize::MAX);
        columns.end_row(true);
    }
    let district = record_type.column_index("district").unwrap();
    let strands = record_type.column_index("strands").unwrap();
    columns.replace_last_str(district, "E07000116");
    columns.replace_last_list(strands, ["RACE"]);
    assert_eq!(
        (columns.str(district, 0), columns.str(district, 1)),
        (Some("some text"), Some("E07000116"))
    );
    assert_eq!(
        columns.list(strands, 0).unwrap().collect::<Vec<_>>(),
        ["one", "two"]
    );
    assert_eq!(columns.list(strands, 1).unwrap().collect::<Vec<_>>(), ["RACE"]);
}

#[test]
fn truncate_takes_back_dates_of_an_unended_array() {
    let mut lists = DateLists::new(Values::new(true));
    lists.push_item(1);
    lists.push_null_item();
    lists.end_list();
    lists.push_item(2);
    lists.truncate(1);
    assert_eq!(lists.items().values(), [1, 0]);
    assert_eq!(lists.get(0).unwrap().collect::<Vec<_>>(), [Some(1), None]);
    assert!(lists.get(1).is_none());
}

#[test]
fn a_string_is_cleared_where_it_may_be_null() {
    let mut strs = Strs::new(true);
    strs.push("a");
    strs.push("b");
    strs.clear_last();
    assert_eq!((strs.get(0), strs.get(1)), (Some("a"), None));
    let mut strs = Strs::new(false);
    strs.push("a");
    strs.clear_last();
    assert_eq!(strs.get(0), Some("a"));
}
