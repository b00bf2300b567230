//! One definition of the plan files as SQL: which rows of a record type count, when, and what each adds.

use quarterday_plan::plan::{Against, Area, Counted, Counting, Graded, Placing, Span};

use super::source::{ELEMENT, GRADE, Source};
use super::{literal, quoted_list};
use crate::declared::Defined;

/// A day after any that can be in force.
pub(super) const FOR_EVER: &str = "toDate32('2299-12-31')";

/// Which periods a contribution counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// Those that its span touches.
    During,
    /// Those whose last day is in its span.
    AtEnd,
    /// The one that is its span.
    Exactly,
}

impl Counts {
    /// Its number in the column `counts`.
    pub(super) fn number(self) -> &'static str {
        match self {
            Counts::During => "0",
            Counts::AtEnd => "1",
            Counts::Exactly => "2",
        }
    }
}

/// What one record contributes to one measure, as expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contribution {
    pub(super) measure: String,
    pub(super) condition: String,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) counts: Counts,
    pub(super) amount: String,
    pub(super) identity: String,
    pub(super) approximate: String,
    pub(super) tallied: String,
    pub(super) place: String,
    /// Whether it counts only if it follows an earlier record.
    pub(super) looks_back: bool,
    /// The list whose entries count one by one.
    pub(super) list: Option<String>,
    /// The list of grades.
    pub(super) grades: Option<String>,
}

/// When a record counts: since, until (inclusive), and how the two are read.
pub(super) struct When {
    pub(super) since: String,
    pub(super) until: String,
    pub(super) counts: Counts,
}

impl Source<'_> {
    pub(super) fn contribute(&self, defined: &Defined<'_>, counting: &Counting) -> Contribution {
        let when = self.when(counting);
        let adds = self.adds(counting);
        let place = match &counting.against {
            Against::Areas(ranking) => self.column(counting, &ranking.by),
            _ => "''".to_owned(),
        };
        Contribution {
            measure: defined.measure.id.clone(),
            condition: self.condition(defined, counting, &when.since),
            since: when.since,
            until: when.until,
            counts: when.counts,
            amount: adds.amount,
            identity: adds.identity,
            approximate: adds.approximate,
            tallied: adds.tallied,
            place,
            looks_back: counting.look_back.is_some(),
            list: counting
                .each
                .first()
                .and_then(|list| self.list_column(list))
                .map(str::to_owned),
            grades: graded(counting).map(|graded| graded.on.clone()),
        }
    }

    pub(super) fn when(&self, counting: &Counting) -> When {
        let date = |field: &String| self.date(counting, field);
        match &counting.placing {
            Placing::On(dates) => {
                let dates: Vec<String> = dates.iter().map(date).collect();
                let first = match dates.as_slice() {
                    [one] => one.clone(),
                    several => format!("coalesce({})", several.join(", ")),
                };
                When {
                    until: first.clone(),
                    since: first,
                    counts: Counts::During,
                }
            }
            Placing::During(span) => self.span(counting, span, Counts::During),
            Placing::InForce(span, None) => self.span(counting, span, Counts::AtEnd),
            Placing::InForce(span, Some(graded)) => {
                let whole = self.span(counting, span, Counts::AtEnd);
                let next = format!(
                    "if({GRADE} < length({0}), {0}[{GRADE} + 1] - 1, {FOR_EVER})",
                    graded.on
                );
                When {
                    since: format!("greatest({}, {}[{GRADE}])", whole.since, graded.on),
                    until: format!("least({}, {next})", whole.until),
                    counts: Counts::AtEnd,
                }
            }
            Placing::ReportedFor(from, to) => When {
                since: date(from),
                until: date(to),
                counts: Counts::Exactly,
            },
            Placing::DoneBy(done) => {
                let day = date(done);
                When {
                    // The last day of its financial year (G1).
                    until: format!("makeDate32(toYear({day}) + (toMonth({day}) > 3), 3, 31)"),
                    since: day,
                    counts: Counts::AtEnd,
                }
            }
        }
    }

    /// The span in which a stock is in force, whatever its grade on the way.
    pub(super) fn whole_span(&self, counting: &Counting) -> Option<(String, String)> {
        let Placing::InForce(span, _) = &counting.placing else {
            return None;
        };
        let when = self.span(counting, span, Counts::AtEnd);
        Some((when.since, when.until))
    }

    fn span(&self, counting: &Counting, span: &Span, counts: Counts) -> When {
        let ends: Vec<String> = span
            .until
            .iter()
            .map(|end| format!("ifNull({}, {FOR_EVER})", self.date(counting, end)))
            .collect();
        let first_end = if ends.len() == 1 {
            ends.concat()
        } else {
            format!("least({})", ends.join(", "))
        };
        When {
            since: self.date(counting, &span.from),
            until: format!("{first_end} - 1"),
            counts,
        }
    }

    fn condition(&self, defined: &Defined<'_>, counting: &Counting, since: &str) -> String {
        let column = |field: &str| self.column(counting, field);
        let mut all = vec![self.returned_by(defined)];
        if counting.area == Area::District {
            all.push(format!("district = {}", literal(&defined.plan.district)));
        }
        if let Some(filter) = &counting.filter {
            all.push(filter.to_sql(&column));
        }
        if let Some(graded) = graded(counting) {
            all.push(format!("{}[{GRADE}] = {}", graded.by, literal(&graded.is)));
        }
        if let Counted::Distinct {
            identity,
            tally: false,
        } = &counting.counted
        {
            all.push(format!("notEmpty({})", self.identity(counting, identity)));
        }
        if let Against::Areas(ranking) = &counting.against {
            let among = quoted_list(ranking.among.iter().map(String::as_str));
            all.push(format!("{} IN ({among})", column(&ranking.by)));
        }
        all.push(format!("({since}) IS NOT NULL"));
        all.join(" AND ")
    }

    pub(super) fn returned_by(&self, defined: &Defined<'_>) -> String {
        let partners = defined.measure.returned_by.iter().map(String::as_str);
        format!("partner IN ({})", quoted_list(partners))
    }

    /// Amount and identity: each contribution has one or the other.
    fn adds(&self, counting: &Counting) -> Adds {
        let column = |field: &str| self.column(counting, field);
        let estimated = if self.has("approximate") {
            "approximate"
        } else {
            "false"
        };
        let plain = |amount: String| Adds {
            amount,
            identity: "''".to_owned(),
            approximate: estimated.to_owned(),
            tallied: "false".to_owned(),
        };
        match &counting.counted {
            Counted::Events { amount: None } => plain("1".to_owned()),
            Counted::Events { amount: Some(amount) } | Counted::Sum { amount } => {
                plain(amount.to_sql(&column))
            }
            Counted::Distinct {
                identity,
                tally: false,
            } => Adds {
                identity: self.identity(counting, identity),
                ..plain("0".to_owned())
            },
            Counted::Distinct {
                identity,
                tally: true,
            } => {
                let person = self.identity(counting, identity);
                let unnamed = format!("empty({person})");
                Adds {
                    amount: format!("multiIf(basis = 'TALLY', headcount, {unnamed}, 1, 0)"),
                    identity: format!("if(basis = 'TALLY', '', {person})"),
                    approximate: format!("({estimated} OR (basis <> 'TALLY' AND {unnamed}))"),
                    tallied: format!("(basis = 'TALLY' OR {unnamed})"),
                }
            }
        }
    }

    /// What tells people, families or units apart; empty where it is not known. P pseudonyms are distinct within a partner, M
    /// pseudonyms across partners (domain.md section 3).
    pub(super) fn identity(&self, counting: &Counting, field: &str) -> String {
        let column = self.column(counting, field);
        let text = format!("ifNull(toString({column}), '')");
        if field.ends_with("_pid") {
            format!("if(startsWith({text}, 'P'), concat(partner, ' ', {text}), {text})")
        } else {
            text
        }
    }
}

/// What a record adds, as expressions.
struct Adds {
    amount: String,
    identity: String,
    approximate: String,
    tallied: String,
}

fn graded(counting: &Counting) -> Option<&Graded> {
    match &counting.placing {
        Placing::InForce(_, graded) => graded.as_ref(),
        _ => None,
    }
}

impl Contribution {
    /// Whether the record makes it; null is no.
    pub(super) fn is_made(&self) -> String {
        format!("ifNull({}, false)", self.condition)
    }

    /// The record's contributions of this number, of a measure that counts a list entry by entry: an array of (number, entry,
    /// grade).
    pub(super) fn per_entry(&self, number: usize, list: &str) -> String {
        let condition = self.is_made();
        match &self.grades {
            None => format!(
                "arrayMap({ELEMENT} -> ({number}, {ELEMENT}, 0), arrayFilter({ELEMENT} -> {condition}, arrayEnumerate({list})))"
            ),
            Some(grades) => format!(
                "arrayFlatten(arrayMap({ELEMENT} -> arrayMap({GRADE} -> ({number}, {ELEMENT}, {GRADE}), \
                 arrayFilter({GRADE} -> {condition}, arrayEnumerate({grades}))), arrayEnumerate({list})))"
            ),
        }
    }
}
