//! Schemas that contain themselves, or unfold without end, are refused when compiling.

use super::*;

#[track_caller]
fn refused(writer: &str) -> String {
    let to = reader(&record(r#"{"name":"a","type":"int","default":1}"#));
    Decoder::compile(&schema(writer), &to).unwrap_err().problem
}

#[test]
fn a_list_that_points_to_itself() {
    let problem = refused(&record(r#"{"name":"next","type":["null","R"]}"#));
    assert_eq!(problem, "the type contains itself, or is nested too deeply");
}

#[test]
fn a_tree_of_two_branches_each() {
    refused(&record(
        r#"{"name":"left","type":["null","R"]},{"name":"right","type":["null","R"]}"#,
    ));
}

#[test]
fn names_that_double_at_each_level() {
    let mut levels = String::from(r#"{"type":"record","name":"L0","fields":[{"name":"x","type":"int"}]}"#);
    for level in 1..30 {
        levels = format!(
            r#"{{"type":"record","name":"L{level}","fields":[
                {{"name":"a1","type":{levels}}},{{"name":"a2","type":"L{}"}}]}}"#,
            level - 1
        );
    }
    refused(&record(&format!(r#"{{"name":"x","type":{levels}}}"#)));
}

#[test]
fn no_record_at_the_top() {
    let to = reader(&record(r#"{"name":"a","type":"int","default":1}"#));
    let error = Decoder::compile(&Schema::String, &to).unwrap_err();
    assert_eq!(error.problem, "the top level is string, not a record");
}
