use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const FEEDS: &str = r#"
[[record_type]]
name = "visit"
date_format = "dd/mm/yyyy"
[record_type.columns]
"Job no" = "ref"
"Date done" = "done_on"
[[record_type.check]]
id = "quantity"
severity = "error"
rule = "range"
field = "quantity"
min = 1
message = "At least one."

[[feed]]
name = "warden-visits"
title = "Wardens"
partner = "KCC_WARDENS"
record_type = "visit"
district = "E07000116"

[[feed]]
name = "other-visits"
title = "Others"
partner = "OTHER"
record_type = "visit"
district = "required"
topic = "others.visits"
[feed.columns]
"job no." = "job"
[[feed.check]]
id = "dated"
severity = "warning"
rule = "date_within"
field = "done_on"
from = 2014-10-20
until = "2015-03-31"
when = { field = "type", is_in = ["A", "B"] }
message = "Not yet."
"#;

#[test]
fn a_feed_has_what_its_record_type_has_and_its_own() {
    let feeds = Feeds::parse(FEEDS).unwrap();
    let wardens = feeds.feed("warden-visits").unwrap();
    assert_eq!(wardens.topic, "returns.warden-visits");
    assert_eq!(wardens.district, DistrictRule::Default("E07000116".to_owned()));
    assert_eq!(wardens.checks.len(), 1);
    assert_eq!(wardens.csv.columns["Job no"], "ref");
    assert_eq!(wardens.csv.date_format.as_deref(), Some("dd/mm/yyyy"));

    let others = feeds.feed("other-visits").unwrap();
    assert_eq!(others.topic, "others.visits");
    assert_eq!(others.district, DistrictRule::Required);
    assert_eq!(
        others.csv.columns.keys().collect::<Vec<_>>(),
        ["Date done", "job no."]
    );
    let rule = &others.checks[1].rule;
    assert_eq!(
        others.checks[1].when,
        [Condition {
            field: "type".to_owned(),
            values: vec!["A".to_owned(), "B".to_owned()],
            is_negated: false
        }]
    );
    let (from, until) = (Some(date(2014, 10, 20)), Some(date(2015, 3, 31)));
    assert_eq!(
        rule,
        &Rule::DateWithin {
            field: "done_on".to_owned(),
            from,
            until
        }
    );
    assert_eq!(others.checks[1].fields(), ["done_on", "type"]);
    assert!(feeds.feed("no-such-feed").is_none());
}

fn errors(toml: &str) -> String {
    Feeds::parse(toml).unwrap_err().to_string()
}

#[test]
fn every_problem_of_a_feed_is_reported_with_its_place() {
    insta::assert_snapshot!(errors(r#"
[[record_type]]
name = "visit"
date_format = "mm/dd/yyyy"
[record_type.columns]
"Job no" = "ref"
"JOB-NO" = "job"

[[feed]]
name = "warden visits"
title = ""
partner = "KCC_WARDENS"
record_type = "visits"
district = "Tunbridge"
colums = {}

[[feed]]
name = "a"
title = "A"
partner = "A"
record_type = "visit"
district = "required"
[[feed]]
name = "a"
title = "A"
partner = "A"
record_type = "visit"
district = "required"
"#), @r"
    line 4, column 15: `date_format` is `mm/dd/yyyy`: it must be one of `dd/mm/yyyy`, `yyyy-mm-dd`
    line 7, column 1: the headers `Job no` and `JOB-NO` cannot be told apart
    line 10, column 8: `name` begins with a letter and holds at most 64 letters, digits and `-`
    line 11, column 9: `title` is blank: fill it in or leave the key out
    line 13, column 15: there is no [[record_type]] with the name `visits` in this file
    line 14, column 12: `district` must be `required`, `optional` or the GSS code that is filled in
    line 15, column 1: [[feed]] has no key `colums`; its keys are `check`, `columns`, `date_format`, `district`, `name`, `partner`, `record_type`, `title`, `topic`
    line 24, column 8: the feed `a` is there twice
    ");
}

#[test]
fn every_problem_of_a_check_is_reported_with_its_place() {
    insta::assert_snapshot!(errors(r#"
[[record_type]]
name = "visit"
[[record_type.check]]
id = "a"
severity = "fatal"
rule = "rnage"
field = "quantity"
message = "No."
[[record_type.check]]
id = "a"
severity = "error"
rule = "range"
field = "quantity"
min = 10
max = 1
earlier = "done_on"
message = "No."
[[record_type.check]]
id = "b"
severity = "error"
rule = "date_within"
field = "done_on"
from = "20/10/2014"
when = { is_in = [] }
message = "No."
[[record_type.check]]
id = "c"
severity = "error"
rule = "range"
field = "quantity"
message = "No."
"#), @r"
    line 6, column 12: `severity` is `fatal`: it must be one of `error`, `warning`
    line 7, column 8: `rule` is `rnage`: it must be one of `not_before`, `not_same_or_before`, `lasts`, `same_financial_year`, `range`, `whole`, `year_near`, `hour`, `one_of`, `required`, `absent`, `date_within`, `reference`, `matches`, `ascending`, `next_not_before`, `same_first`, `after_quarter`, `feed_of_partner`, `scope_of_feed`
    line 11, column 6: the check `a` is there twice
    line 16, column 7: `max` is below `min`: nothing would pass
    line 17, column 11: this rule takes no `earlier`
    line 24, column 8: `from` must be a date such as 2015-04-01
    line 25, column 8: `when` needs the key `field`
    line 25, column 18: `is_in` needs at least one entry
    line 30, column 8: this rule needs `min`, `max` or both
    ");
}

#[test]
fn what_may_be_there_once_is_told_with_both_lines() {
    insta::assert_snapshot!(errors(r#"
[[record_type]]
name = "visit"
[record_type.columns]
"Job no" = "ref"
"Number" = "ref"

[[feed]]
name = "a-visits"
title = "A"
partner = "A"
record_type = "visit"
district = "required"
[[feed]]
name = "more-visits"
title = "A"
partner = "A"
record_type = "visit"
district = "required"
[[feed]]
name = "all-visits"
title = "All"
partner = "any"
record_type = "visit"
district = "optional"
"#), @r"
    line 6, column 1: the field `ref` has the header `Job no` of line 5 already: a field has one header
    line 17, column 11: `visit` is returned by this partner in the feed `a-visits` of line 8 already: a partner has one feed of a record type
    line 23, column 11: `visit` is returned by this partner in the feed `a-visits` of line 8 already: a partner has one feed of a record type
    ");
}

const NOTICES: &str = r#"
[[record_type]]
name = "notice"
[[record_type.check]]
id = "feed"
severity = "error"
rule = "feed_of_partner"
field = "covered_feed"
message = "No."
[[record_type.check]]
id = "scope"
severity = "error"
rule = "scope_of_feed"
field = "scope"
feed = "covered_feed"
when = [{ field = "kind", not_in = ["X"] }, { field = "quarter", is_in = ["1"] }]
message = "No."

[[record_type]]
name = "visit"
scope = "type"
[record_type.columns]
"Job no" = "ref"

[[feed]]
name = "notices"
title = "Notices"
partner = "any"
record_type = "notice"
district = "optional"

[[feed]]
name = "visits"
title = "Visits"
partner = "A"
record_type = "visit"
district = "required"
[feed.columns]
"Number" = "ref"
"#;

#[test]
fn a_feed_of_every_partner_knows_the_others() {
    let feeds = Feeds::parse(NOTICES).unwrap();
    let notices = feeds.feed("notices").unwrap();
    assert_eq!(
        (&notices.partner, &notices.district),
        (&PartnerRule::Any, &DistrictRule::Optional)
    );
    assert_eq!(feeds.feed_of("B", "notice"), Some(notices));
    assert_eq!(feeds.feed_of("B", "visit"), None);
    assert_eq!(
        (feeds.scope("visit"), feeds.scope("notice")),
        (Some("type"), None)
    );
    let covered = vec![CoveredFeed {
        name: "visits".to_owned(),
        partner: PartnerRule::Only("A".to_owned()),
        record_type: "visit".to_owned(),
        scope: Some("type".to_owned()),
    }];
    let [by_name, by_scope] = notices.checks.as_slice() else {
        panic!()
    };
    let expected = Rule::FeedOfPartner {
        field: "covered_feed".to_owned(),
        feeds: covered.clone(),
    };
    assert_eq!(by_name.rule, expected);
    assert_eq!(by_scope.fields(), ["scope", "covered_feed", "kind", "quarter"]);
    let negated: Vec<bool> = by_scope.when.iter().map(|when| when.is_negated).collect();
    assert_eq!(negated, [true, false]);
}

#[test]
fn the_header_of_a_feed_replaces_the_one_of_its_record_type() {
    let feeds = Feeds::parse(NOTICES).unwrap();
    let columns = &feeds.feed("visits").unwrap().csv.columns;
    assert_eq!(
        columns.iter().collect::<Vec<_>>(),
        [(&"Number".to_owned(), &"ref".to_owned())]
    );
}

#[test]
fn the_bounds_of_a_length_are_told_apart() {
    insta::assert_snapshot!(errors(r#"
[[record_type]]
name = "visit"
[[record_type.check]]
id = "a"
severity = "error"
rule = "lasts"
earlier = "start_on"
later = "end_on"
min_days = 1
min_months = 1
message = "No."
[[record_type.check]]
id = "b"
severity = "error"
rule = "lasts"
earlier = "start_on"
later = "end_on"
when = { field = "x", is_in = ["A"], not_in = ["B"] }
message = "No."

[[record_type.check]]
id = "c"
severity = "error"
rule = "matches"
field = "x"
pattern = "[A-Z"
when = { field = "x", is_in = ["A"], is_given = true }
message = "No."
"#), @r"
    line 11, column 14: this rule takes `min_days` or `min_months`, not both
    line 16, column 8: this rule needs a length: `max_days`, `min_months` or the like
    line 19, column 47: `when` takes `is_in` or `not_in`, not both
    line 27, column 11: `pattern` is no regular expression: non-empty character class has no closing bracket
    line 28, column 31: a condition that the field is given takes no `is_in`
    ");
}

proptest! {
    #[test]
    fn a_damaged_file_gives_feeds_or_an_error(at in 0..FEEDS.len(), with in "[\\[\\]a-z=\"\\n {}.,0-9]{0,6}") {
        let mut toml = FEEDS.to_owned();
        toml.replace_range(at..(at + with.len()).min(FEEDS.len()), &with);
        let _ = Feeds::parse(&toml);
    }
}
