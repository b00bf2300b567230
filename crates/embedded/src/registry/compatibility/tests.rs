use super::*;

fn schema(text: &str) -> AvroSchema {
    AvroSchema::parse(text).expect(text)
}

fn record(fields: &str) -> AvroSchema {
    schema(&format!(
        r#"{{"type":"record","name":"n.R","fields":[{fields}]}}"#
    ))
}

fn of_type(kind: &str) -> AvroSchema {
    record(&format!(r#"{{"name":"f","type":{kind}}}"#))
}

#[track_caller]
fn reads(reader: &AvroSchema, writer: &AvroSchema) {
    assert_eq!(unreadable(reader, writer), Vec::<String>::new());
}

#[track_caller]
fn refuses(reader: &AvroSchema, writer: &AvroSchema, words: &str) {
    let problems = unreadable(reader, writer).join("; ");
    assert!(problems.contains(words), "{problems:?} should contain {words:?}");
}

const A: &str = r#"{"name":"a","type":"int"}"#;

#[test]
fn a_field_added_without_default_is_refused_by_name_and_with_one_taken() {
    refuses(
        &record(&format!(r#"{A},{{"name":"b","type":"int"}}"#)),
        &record(A),
        "field b is missing",
    );
    reads(
        &record(&format!(r#"{A},{{"name":"b","type":"int","default":0}}"#)),
        &record(A),
    );
    reads(
        &record(&format!(
            r#"{A},{{"name":"b","type":["null","int"],"default":null}}"#
        )),
        &record(A),
    );
}

#[test]
fn a_field_may_be_removed() {
    reads(
        &record(A),
        &record(&format!(r#"{A},{{"name":"b","type":"int"}}"#)),
    );
}

#[test]
fn a_field_may_be_renamed_by_an_alias() {
    reads(
        &record(r#"{"name":"b","type":"int","aliases":["a"]}"#),
        &record(A),
    );
    refuses(&record(r#"{"name":"b","type":"int"}"#), &record(A), "field b");
}

#[test]
fn promotions_go_one_way() {
    for (narrow, wide) in [
        ("int", "long"),
        ("int", "double"),
        ("long", "float"),
        ("float", "double"),
        ("bytes", "string"),
        ("string", "bytes"),
    ] {
        reads(&of_type(&format!("{wide:?}")), &of_type(&format!("{narrow:?}")));
    }
    refuses(
        &of_type(r#""int""#),
        &of_type(r#""long""#),
        "f: long cannot be read as int",
    );
    refuses(
        &of_type(r#""string""#),
        &of_type(r#""int""#),
        "f: int cannot be read as string",
    );
    refuses(
        &of_type(r#""boolean""#),
        &of_type(r#""int""#),
        "f: int cannot be read as boolean",
    );
}

#[test]
fn unions_may_be_widened_and_not_narrowed() {
    reads(&of_type(r#"["null","string"]"#), &of_type(r#""string""#));
    reads(
        &of_type(r#"["null","string","int"]"#),
        &of_type(r#"["null","string"]"#),
    );
    reads(&of_type(r#"["null","long"]"#), &of_type(r#"["null","int"]"#));
    refuses(
        &of_type(r#""string""#),
        &of_type(r#"["null","string"]"#),
        "null cannot be read as string",
    );
    refuses(
        &of_type(r#"["null","string"]"#),
        &of_type(r#"["null","int"]"#),
        "no branch that reads int",
    );
}

#[test]
fn enums_need_the_symbols_or_a_default() {
    let of = |symbols: &str, rest: &str| {
        of_type(&format!(
            r#"{{"type":"enum","name":"E","symbols":[{symbols}]{rest}}}"#
        ))
    };
    reads(&of(r#""A","B""#, ""), &of(r#""A""#, ""));
    refuses(&of(r#""A""#, ""), &of(r#""A","B""#, ""), "the enum lacks B");
    reads(&of(r#""A""#, r#","default":"A""#), &of(r#""A","B""#, ""));
}

#[test]
fn fixed_types_keep_size_and_name() {
    let of = |name: &str, size: u8| of_type(&format!(r#"{{"type":"fixed","name":"{name}","size":{size}}}"#));
    reads(&of("F", 2), &of("F", 2));
    refuses(&of("F", 2), &of("F", 3), "size");
    refuses(&of("G", 2), &of("F", 2), "n.F cannot be read as n.G");
}

#[test]
fn containers_are_compared_by_their_contents() {
    reads(
        &of_type(r#"{"type":"array","items":"long"}"#),
        &of_type(r#"{"type":"array","items":"int"}"#),
    );
    refuses(
        &of_type(r#"{"type":"map","values":"int"}"#),
        &of_type(r#"{"type":"map","values":"string"}"#),
        "f.values",
    );
    refuses(
        &of_type(r#"{"type":"array","items":"int"}"#),
        &of_type(r#"{"type":"map","values":"int"}"#),
        "map cannot",
    );
}

#[test]
fn a_type_used_twice_or_recursively_is_compared_by_its_definition() {
    // apache-avro 0.21 refuses both.
    let twice = |first: &str, second: &str| {
        record(&format!(
            r#"{{"name":"x","type":{first}}},{{"name":"y","type":{second}}}"#
        ))
    };
    let definition = r#"{"type":"record","name":"S","fields":[{"name":"s","type":"int"}]}"#;
    let other = r#"{"type":"record","name":"T","fields":[]}"#;
    let both = |x: &str| {
        record(&format!(
            r#"{{"name":"w","type":["null",{definition}]}},{{"name":"x","type":{x}}}"#
        ))
    };
    reads(&twice(definition, r#""S""#), &twice(definition, r#""S""#));
    reads(&both(r#""S""#), &both(r#""S""#));
    refuses(
        &twice(other, definition),
        &twice(definition, r#""S""#),
        "x: n.S cannot be read as n.T",
    );
    let list = |kind: &str| {
        schema(&format!(
            r#"{{"type":"record","name":"L","fields":[{{"name":"v","type":"{kind}"}},{{"name":"next","type":["null","L"]}}]}}"#
        ))
    };
    reads(&list("long"), &list("int"));
    refuses(&list("int"), &list("long"), "v: long cannot be read as int");
}

#[test]
fn another_logical_type_on_the_same_bytes_is_refused() {
    let of = |name: &str| of_type(&format!(r#"{{"type":"long","logicalType":"{name}"}}"#));
    refuses(
        &of("timestamp-micros"),
        &of("timestamp-millis"),
        "timestamp-millis would be read as timestamp-micros",
    );
    reads(&of("timestamp-millis"), &of_type(r#""long""#));
}

#[test]
fn a_problem_deep_down_is_told_with_its_path() {
    let deep = |kind: &str| {
        let inner = format!(r#"{{"type":"record","name":"S","fields":[{{"name":"s","type":"{kind}"}}]}}"#);
        record(&format!(
            r#"{{"name":"f","type":["null",{{"type":"array","items":{inner}}}]}}"#
        ))
    };
    refuses(
        &deep("int"),
        &deep("string"),
        "f.<array>.items.s: string cannot be read as int",
    );
}

#[test]
fn a_long_chain_of_types_does_not_exhaust_the_stack() {
    let mut types = vec![r#"{"type":"record","name":"R0","fields":[]}"#.to_owned()];
    for n in 1..3000 {
        let before = n - 1;
        types.push(format!(
            r#"{{"type":"record","name":"R{n}","fields":[{{"name":"f","type":"R{before}"}}]}}"#
        ));
    }
    types.reverse();
    let chain = format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, {
        types.reverse();
        let fields: Vec<String> = types
            .iter()
            .enumerate()
            .rev()
            .map(|(n, kind)| format!(r#"{{"name":"g{n}","type":{kind}}}"#))
            .rev()
            .collect();
        fields.join(",")
    });
    let chain = schema(&chain);
    // Compared from the simplest type on, each is known when the next one needs it.
    reads(&chain, &chain);
}

#[test]
fn levels_choose_direction_and_reach() {
    let (v1, v2) = (
        record(A),
        record(&format!(r#"{A},{{"name":"b","type":"int","default":0}}"#)),
    );
    let v3 = record(&format!(r#"{A},{{"name":"b","type":"int"}}"#));
    let objections = |level: &str, new: &AvroSchema, earlier: &[&AvroSchema]| {
        let level: Level = level.parse().expect("a level");
        level
            .objections(
                new,
                (1..).zip(earlier.iter().copied()).collect::<Vec<_>>().into_iter(),
            )
            .len()
    };
    assert_eq!(objections("NONE", &v3, &[&v1]), 0);
    assert_eq!(objections("BACKWARD", &v3, &[&v1]), 1);
    assert_eq!(objections("FORWARD", &v3, &[&v1]), 0);
    assert_eq!(objections("FULL", &v3, &[&v1]), 1);
    assert_eq!(
        objections("BACKWARD", &v3, &[&v1, &v2]),
        0,
        "only the last version counts"
    );
    assert_eq!(objections("BACKWARD_TRANSITIVE", &v3, &[&v1, &v2]), 1);
    assert_eq!(objections("FORWARD_TRANSITIVE", &v1, &[&v3, &v2]), 1);
    for (name, _) in LEVELS {
        assert_eq!(name.parse::<Level>().expect("known").to_string(), *name);
    }
    assert_eq!(Level::default().to_string(), "BACKWARD");
    assert!("SIDEWARD".parse::<Level>().is_err());
}
