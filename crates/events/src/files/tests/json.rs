use proptest::prelude::*;

use super::*;

#[test]
fn an_array_of_objects() {
    let text = "\u{feff}[\n  {\"ref\": \"L1\"},\n  {\n    \"ref\": \"L,]}\\\"2\"\n  }\n]\n";
    assert_eq!(
        summary(Format::Json, text, "ref"),
        ["2: \"L1\"", "3: \"L,]}\\\"2\""]
    );
    assert_eq!(summary(Format::Json, "[]", "ref"), [""; 0]);
    assert_eq!(summary(Format::Json, "", "ref"), [""; 0]);
}

#[test]
fn one_object_or_several() {
    assert_eq!(
        summary(Format::Json, "{\n\"ref\":\n\"L1\"}", "ref"),
        ["1: \"L1\""]
    );
    assert_eq!(
        summary(Format::Json, "{\"ref\":1}{\"ref\":2}\n{\"ref\":3}", "ref"),
        ["1: 1", "1: 2", "2: 3"]
    );
}

#[test]
fn an_element_with_a_mistake_costs_only_itself() {
    let text = "[\n{\"ref\": 1},\n{\"ref\": 2,},\n7,\n{\"ref\":\n \"x\"\"},\n{\"ref\": 3}\n]";
    let found = summary(Format::Json, text, "ref");
    assert_eq!(
        found[..3],
        [
            "2: 1",
            "row 3, column 11: is not valid JSON here: a comma, quote or bracket missing or too many?",
            "row 4: is no object; a record is {\"field\": value, …}"
        ]
    );
}

#[test]
fn commas_and_ends_that_are_wrong() {
    assert_eq!(
        summary(Format::Json, "[{\"ref\":1} {\"ref\":2},,{\"ref\":3}", "ref"),
        [
            "1: 1",
            "row 1: a comma is missing before this",
            "1: 2",
            "row 1: a comma too many",
            "1: 3",
            "row 1: the file breaks off before the array ends"
        ]
    );
    assert_eq!(
        summary(Format::Json, "[]\nmore\nand more", "ref"),
        ["row 2: something follows the end of the array; it was not read"]
    );
    assert_eq!(
        summary(Format::Json, "[{\"ref\":", "ref")[0],
        "row 1, column 7: the JSON breaks off"
    );
}

#[test]
fn lines_of_objects() {
    let text = "{\"ref\": 1}\r\n\r\n{\"ref\": \n[]\n{\"ref\": 2}";
    assert_eq!(
        summary(Format::NdJson, text, "ref"),
        [
            "1: 1",
            "row 3, column 8: the JSON breaks off",
            "row 4: is no object; a record is {\"field\": value, …}",
            "5: 2"
        ]
    );
}

#[test]
fn rows_that_are_too_long_are_passed_over() {
    let long = "x".repeat(3 * MAX_ROW_BYTES);
    let text = format!("{{\"ref\": \"{long}\"}}\n{{\"ref\": 2}}\n");
    let expected = [
        "row 1: has more than 1048576 bytes, which no record needs",
        "2: 2",
    ];
    assert_eq!(summary(Format::NdJson, &text, "ref"), expected);
    assert_eq!(summary(Format::Json, &text, "ref"), expected);
    assert_eq!(
        summary(
            Format::Json,
            &format!("[{}]", text.replacen('\n', ",\n", 1)),
            "ref"
        ),
        expected
    );
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[\\[\\]{}\",:\\\\ \na1]{0,60}") {
        for format in [Format::Json, Format::NdJson] {
            let found = read(format, text.as_bytes()).unwrap().len();
            prop_assert!(found <= text.len() + 1);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        for format in [Format::Json, Format::NdJson, Format::Csv, Format::Avro] {
            let _ = read(format, &bytes);
        }
    }
}
