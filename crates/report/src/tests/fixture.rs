//! A small plan, with what was frozen of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use quarterday_plan::period::Period;
use quarterday_plan::plan::{Audience, Plan};
use quarterday_snapshot::disclosure::{Field, Hidden, Line};
use quarterday_snapshot::{Changed, Header, Part};
use quarterday_store::{Change, Coverage, FrozenValue, Known, ToDate};

use crate::{Frozen, Report, Source};

pub(super) const MARKUP: &str = "<script>alert(1)</script> & \"co\"";
pub(super) const FORMULA: &str = "=HYPERLINK(A1)";

fn measure(id: &str, title: &str, more: &str) -> String {
    format!(
        "[[measure]]\nid = \"{id}\"\ntitle = '''{title}'''\naction = \"{id}\"\nwording = \"as the plan has it\"\n\
         responsible = [\"Cyngor Sir Gâr\", \"Łódź Żółć\"]\nvalid_from = \"2015-04-01\"\nreturned_by = [\"A\"]\n\
         record_type = \"referral\"\npolarity = \"down\"\nsensitivity = \"person\"\nunit = \"cases\"\n{more}\n"
    )
}

pub(super) const EVENTS: &str = "kind = \"event_count\"\ndate = \"referred_on\"";

pub(super) fn plan(measures: &[(&str, &str, &str)]) -> Plan {
    let head = "[plan]\nid = \"small\"\ntitle = \"A small plan\"\nyear = \"2015-16\"\ndistrict = \"E07000116\"\nsource = \"none\"\n\
                [[priority]]\nid = \"P1\"\ntitle = \"Domestic abuse\"\n";
    let measures: String = measures
        .iter()
        .map(|(id, title, more)| measure(id, title, more))
        .collect();
    Plan::parse(&format!("{head}{measures}")).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn small() -> Plan {
    let rank = "kind = \"rank\"\nreported_for = { from = \"a\", until = \"b\" }\namount = \"value\"\narea = \"any\"\n\
                rank = { by = \"area\", order = \"ascending\", change = false, among = [\"E07000116\", \"E07000105\"] }";
    let milestone = "kind = \"milestone\"\ndate = \"done_on\"\nidentity = \"milestone_no\"\nexpected = 3";
    plan(&[
        ("P1.01", "Referrals", EVENTS),
        ("P1.02", MARKUP, EVENTS),
        ("P1.03", FORMULA, EVENTS),
        ("P1.04", "Protocols", milestone),
        ("Q.05", "Crime, rank", rank),
    ])
}

/// A line of which nothing is hidden.
pub(super) fn value(plan: &Plan, id: &str, number: Option<f64>, status: &str) -> FrozenValue {
    let measure = plan.definition(id).unwrap();
    FrozenValue {
        id: id.to_owned(),
        title: measure.title.clone(),
        unit: measure.unit.clone(),
        polarity: "down".to_owned(),
        value: number,
        numerator: number,
        denominator: None,
        status: status.to_owned(),
        coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        approximate: false,
        up_to: false,
        missing: Vec::new(),
        last_year: Known {
            value: number.map(|number| number - 2.0),
            status: status.to_owned(),
        },
        last_year_coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        last_year_approximate: false,
        last_year_up_to: false,
        change: Change {
            value: number.map(|_| 2.0),
            percent: number.map(|_| 12.5),
        },
        year_to_date: ToDate {
            value: number.map(|number| number + 1.0),
            numerator: number,
            denominator: None,
            status: status.to_owned(),
        },
        year_to_date_coverage: Coverage {
            returned: 1,
            expected: 1,
        },
        year_to_date_approximate: false,
        year_to_date_up_to: false,
        trend: number.map_or("unknown", |_| "up").to_owned(),
        direction: number.map_or("unknown", |_| "worse").to_owned(),
        definition_version: 1,
        definition_hash: plan.definition_hash(measure),
    }
}

pub(super) fn line(value: &FrozenValue) -> Line {
    Line::of(value, &[], "")
}

fn header(period: &str) -> Header {
    let parsed: Period = period.parse().unwrap();
    Header {
        id: format!("{period}/r2"),
        installation: "quarterday".to_owned(),
        period: period.to_owned(),
        first: parsed.first().to_string(),
        last: parsed.last().to_string(),
        revision: 2,
        provisional: false,
        reason: "late returns".to_owned(),
        taken_at: Timestamp::UNIX_EPOCH,
        taken_by: "scheduler".to_owned(),
        known_at: Timestamp::UNIX_EPOCH,
        software: "0.1.0".to_owned(),
        contents: "c0ffee".to_owned(),
        watermark: BTreeMap::new(),
        lost: Vec::new(),
        quarters_hash: String::new(),
        comments_hash: String::new(),
        values_hash: String::new(),
        ledger_hash: String::new(),
    }
}

/// The report of a quarter: of one measure with a comment, one that is hidden, one that is not returned, a milestone and a rank.
pub(super) fn report(audience: Audience) -> Report {
    let plan = small();
    let mut about = value(&plan, "P1.02", Some(1250.5), "provisional");
    (about.approximate, about.up_to) = (true, true);
    about.missing = vec!["WK_REFUGE 2015-16/Q1".to_owned()];
    let small = Hidden {
        id: "P1.01".to_owned(),
        field: Field::Numerator,
        mark: quarterday_snapshot::disclosure::Mark::Small,
    };
    let hidden = if audience == Audience::Public {
        vec![small]
    } else {
        Vec::new()
    };
    let lines = [
        Line::of(
            &value(&plan, "P1.01", Some(3.0), "final"),
            &hidden,
            "Two more came in May.",
        ),
        Line::of(&about, &hidden, "The shop moved."),
        line(&value(&plan, "P1.03", None, "not_returned")),
        line(&value(&plan, "P1.04", Some(2.0), "final")),
        line(&value(&plan, "Q.05", Some(1.0), "final")),
    ];
    let earlier = value(&plan, "P1.02", Some(900.0), "final");
    let mut another = value(&plan, "P1.02", Some(0.0), "nil");
    another.definition_hash = "another".to_owned();
    let frozen = |period: &str, lines: &[Line]| Frozen {
        period: period.parse().unwrap(),
        lines: lines.to_vec(),
    };
    let quarters = [
        frozen("2015-16/Q2", &lines),
        frozen("2015-16/Q1", &[line(&earlier)]),
        frozen("2014-15/Q4", &[line(&another)]),
    ];
    let part = Part {
        cause: "late".to_owned(),
        change: -1.0,
        count: 1,
        records: Vec::new(),
    };
    let ledger = [Changed {
        id: "P1.01".to_owned(),
        title: "Referrals".to_owned(),
        before: Some(4.0),
        after: Some(3.0),
        status_before: "final".to_owned(),
        status_after: "final".to_owned(),
        change: -1.0,
        parts: vec![part],
    }];
    let is_all = audience == Audience::Restricted;
    let header = header("2015-16/Q2");
    Report::of(&Source {
        header: &header,
        hash: is_all.then_some("abc123"),
        audience,
        reason: &header.reason,
        lines: &lines,
        quarters: &quarters,
        ledger: if is_all { &ledger } else { &[] },
        plans: &[plan],
    })
    .unwrap()
}

/// A report of so many measures, and nothing else.
pub(super) fn long(measures: usize) -> Report {
    let ids: Vec<String> = (0..measures).map(|number| format!("P1.{number}")).collect();
    let definitions: Vec<(&str, &str, &str)> =
        ids.iter().map(|id| (id.as_str(), "Measure", EVENTS)).collect();
    let plan = plan(&definitions);
    let lines: Vec<Line> = ids
        .iter()
        .map(|id| line(&value(&plan, id, Some(7.0), "final")))
        .collect();
    let header = header("2015-16/Q2");
    Report::of(&Source {
        header: &header,
        hash: None,
        audience: Audience::Public,
        reason: "",
        lines: &lines,
        quarters: &[],
        ledger: &[],
        plans: &[plan],
    })
    .unwrap()
}
