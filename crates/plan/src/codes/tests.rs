use proptest::prelude::*;

use super::*;

const RISK: &str = r#"
[[list]]
name = "risk"
title = "Risk"
source = "SafeLives"
version = "1"
codes = ["HIGH", "MEDIUM", "25+"]
[list.names]
HIGH = "High (visible)"
[list.aliases]
"Med & up" = "MEDIUM"
"#;

fn errors(toml: &str) -> String {
    CodeLists::parse(toml).unwrap_err().to_string()
}

#[test]
fn a_value_is_matched_by_its_normal_form() {
    let lists = CodeLists::parse(RISK).unwrap();
    let risk = lists.list("risk").unwrap();
    for (value, code) in [
        ("HIGH", Some("HIGH")),
        (" high ", Some("HIGH")),
        ("high, visible", Some("HIGH")),
        ("MED AND UP", Some("MEDIUM")),
        ("med&up", Some("MEDIUM")),
        ("25+", Some("25+")),
        ("very high", None),
        ("", None),
        ("?", None),
    ] {
        assert_eq!(risk.normalise(value), code, "{value}");
    }
    assert_eq!(risk.codes().collect::<Vec<_>>(), ["HIGH", "MEDIUM", "25+"]);
    assert_eq!(
        (risk.printed("HIGH"), risk.printed("MEDIUM")),
        ("High (visible)", "MEDIUM")
    );
    assert_eq!(
        (risk.name(), risk.source(), risk.version()),
        ("risk", "SafeLives", "1")
    );
}

#[test]
fn normal_forms() {
    for (value, normal) in [
        ("  St. James' ", "ST JAMES"),
        ("Pantiles & St Mark's", "PANTILES AND ST MARK S"),
        ("A&B", "A AND B"),
        ("&", "AND"),
        ("10\u{2013}17", "10 17"),
        ("straße", "STRASSE"),
        ("--", ""),
    ] {
        assert_eq!(normal_form(value), normal, "{value}");
    }
}

#[test]
fn every_problem_is_reported_with_its_place() {
    insta::assert_snapshot!(errors(r#"
[[list]]
name = "risk"
titel = "Risk"
source = "SafeLives"
version = 1
codes = ["HIGH", "High", "MEDIUM", "MEDIUM"]
[list.names]
LOW = "Low"
[list.aliases]
"M" = "MEDIUM"
"m." = "HIGH"
"-" = "HIGH"
"#), @r"
    line 2, column 1: [[list]] needs the key `title`
    line 4, column 1: [[list]] has no key `titel`; its keys are `aliases`, `codes`, `name`, `names`, `source`, `title`, `version`
    line 6, column 11: `version` must be text in quotes
    line 7, column 9: the code `MEDIUM` is there twice
    line 7, column 9: the codes `HIGH` and `High` cannot be told apart
    line 9, column 1: `Low` is given for `LOW`, which is no code of this list
    line 12, column 1: `m.` is given for `HIGH`, but already means `MEDIUM`
    line 13, column 1: `-` has no letter or digit to match by
    ");
}

#[test]
fn a_list_is_there_once_and_has_codes() {
    let twice = format!("{RISK}{}", RISK.replace(r#"["HIGH", "MEDIUM", "25+"]"#, "[]"));
    insta::assert_snapshot!(errors(&twice), @r"
    line 14, column 8: the list `risk` is there twice
    line 18, column 9: `codes` needs at least one entry
    line 20, column 1: `High (visible)` is given for `HIGH`, which is no code of this list
    line 22, column 1: `Med & up` is given for `MEDIUM`, which is no code of this list
    ");
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own(value in "\\PC{0,40}") {
        let normal = normal_form(&value);
        prop_assert_eq!(normal_form(&normal), normal.clone());
        prop_assert_eq!(normal_form(&format!(" {value}!")), normal);
    }

    #[test]
    fn any_file_gives_lists_or_an_error(toml in "[\\[\\]a-z=\"\\n {}.,]{0,80}") {
        let _ = CodeLists::parse(&toml);
    }

    #[test]
    fn any_value_gives_a_code_or_none(value in "\\PC{0,40}") {
        let lists = CodeLists::parse(RISK).unwrap();
        let risk = lists.list("risk").unwrap();
        if let Some(code) = risk.normalise(&value) {
            prop_assert!(risk.codes().any(|known| known == code));
        }
    }
}

const CAUSES: &str = r#"
[[mapping]]
name = "cause"
title = "What follows from a diagnosis"
source = "s"
version = "1"
[mapping.values]
"F10*" = "ALCOHOL"
"F10.9*" = "OTHER"
"F10.99" = "NONE"
"E24.4" = "ALCOHOL"
"#;

#[test]
fn of_several_keys_the_whole_one_or_the_longest_matches() {
    let lists = CodeLists::parse(CAUSES).unwrap();
    let cause = lists.mapping("cause").unwrap();
    for (code, value) in [
        ("F10", Some("ALCOHOL")),
        ("f10.2", Some("ALCOHOL")),
        ("F102", Some("ALCOHOL")),
        ("F10.91", Some("OTHER")),
        ("F10.99", Some("NONE")),
        ("E24.4", Some("ALCOHOL")),
        ("E24.41", None),
        ("E24", None),
        ("F1", None),
        ("é", None),
        ("", None),
    ] {
        assert_eq!(cause.value_of(code), value, "{code}");
    }
}

#[test]
fn keys_of_a_mapping_that_match_alike_are_told() {
    let again = CAUSES.to_owned() + "\"f10*\" = \"ALCOHOL\"\n\"*\" = \"NONE\"\n";
    let told = errors(&again);
    assert!(told.contains("`f10*` matches what another key matches"), "{told}");
    assert!(told.contains("`*` has no letter or digit to match by"), "{told}");
    let told = errors(&format!("{CAUSES}{CAUSES}"));
    assert!(told.contains("the mapping `cause` is there twice"), "{told}");
}
