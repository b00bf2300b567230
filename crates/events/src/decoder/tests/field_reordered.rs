//! Fields are found by name, whatever their order.

use super::*;

#[test]
fn by_name() {
    let text = Value::String("text".to_owned());
    agrees(
        &record(r#"{"name":"b","type":"string"},{"name":"a","type":"int"},{"name":"c","type":"boolean"}"#),
        &record(r#"{"name":"a","type":"int"},{"name":"c","type":"boolean"},{"name":"b","type":"string"}"#),
        &fields(&[("b", text), ("a", Value::Int(7)), ("c", Value::Boolean(true))]),
    );
}
