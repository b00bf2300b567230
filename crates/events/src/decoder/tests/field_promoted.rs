//! int becomes long or double, long and float become double; nothing becomes narrower.

use super::*;

#[track_caller]
fn promotes(from: &str, to: &str, value: Value) -> Value {
    let writer = record(&format!(r#"{{"name":"a","type":"{from}"}}"#));
    let reader = record(&format!(r#"{{"name":"a","type":"{to}"}}"#));
    agrees(&writer, &reader, &fields(&[("a", value)]))
}

#[test]
fn int_to_long() {
    assert_eq!(
        promotes("int", "long", Value::Int(i32::MIN)),
        fields(&[("a", Value::Long(i32::MIN.into()))])
    );
}

#[test]
fn int_to_double() {
    promotes("int", "double", Value::Int(-7));
}

#[test]
fn long_to_double() {
    promotes("long", "double", Value::Long(1 << 53));
}

#[test]
fn float_to_double() {
    promotes("float", "double", Value::Float(1.25));
}

#[test]
fn not_the_other_way() {
    let refused = |from: &str, to: &str, value: Value| {
        let writer = record(&format!(r#"{{"name":"a","type":"{from}"}}"#));
        let reader = record(&format!(r#"{{"name":"a","type":"{to}"}}"#));
        decode(&writer, &reader, &fields(&[("a", value)])).unwrap_err()
    };
    assert_eq!(
        refused("long", "int", Value::Long(1)),
        "the writer's schema does not fit record type r: field a: the writer has long, which cannot be read as int"
    );
    assert!(
        refused("double", "long", Value::Double(1.0)).contains("has double, which cannot be read as long")
    );
    assert!(refused("string", "int", Value::String(String::new())).contains("has string"));
    assert!(refused("int", "string", Value::Int(1)).contains("cannot be read as string"));
    assert!(refused("boolean", "int", Value::Boolean(true)).contains("has boolean"));
}
