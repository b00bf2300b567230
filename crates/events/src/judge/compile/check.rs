//! Fitting the checks of a feed.

mod columns;

use quarterday_plan::feeds::{Check, CoveredFeed, Rule};
use regex_lite::Regex;

use super::Compiler;
use crate::judge::checks::{CompiledCheck, Relation, Scopes, Test};
use crate::judge::forms::days_of;
use crate::kind::{ColumnSpec, Kind};

impl Compiler<'_> {
    pub(super) fn check(&mut self, check: &Check) -> Option<CompiledCheck> {
        let before = self.problems.len();
        let compiled = self.compile_check(check);
        for problem in self.problems.iter_mut().skip(before) {
            *problem = format!("check {}: {problem}", check.id);
        }
        compiled
    }

    fn compile_check(&mut self, check: &Check) -> Option<CompiledCheck> {
        let test = self.test(&check.rule)?;
        let conditions = check.when.iter().map(|condition| self.condition(condition));
        let when = conditions.collect::<Option<_>>()?;
        let fields = check.fields();
        let columns = self.record_type.columns().iter();
        let blamed = check.rule.blamed();
        Some(CompiledCheck {
            id: check.id.clone(),
            severity: check.severity,
            message: check.message.clone(),
            path: columns
                .clone()
                .find(|spec| spec.name == blamed)
                .map(ColumnSpec::path)
                .unwrap_or_default(),
            needs_body: columns
                .clone()
                .any(|spec| spec.in_body && fields.contains(&spec.name.as_str())),
            when,
            test,
        })
    }

    fn test(&mut self, rule: &Rule) -> Option<Test> {
        match rule {
            Rule::NotBefore { earlier, later } => self.pair(earlier, later, Relation::NotBefore),
            Rule::NotSameOrBefore { earlier, later } => self.pair(earlier, later, Relation::After),
            Rule::SameFinancialYear { earlier, later } => {
                self.pair(earlier, later, Relation::SameFinancialYear)
            }
            &Rule::Lasts {
                ref earlier,
                ref later,
                min,
                max,
            } => self.pair(earlier, later, Relation::Lasts { min, max }),
            Rule::Range { field, min, max } => self.range(field, *min, *max),
            Rule::Whole { field } => {
                let column = self.of_kind(field, "a double", |kind| matches!(kind, Kind::Double))?;
                Some(Test::Whole { column })
            }
            Rule::YearNear { field, date, years } => Some(Test::YearNear {
                column: self.integer(field)?,
                day: self.day(date)?,
                years: *years,
            }),
            Rule::Hour { field, min, max } => {
                let is_time = |kind: &Kind| matches!(kind, Kind::TimestampMillis);
                let column = self.of_kind(field, "a time", is_time)?;
                Some(Test::Hour {
                    column,
                    min: *min,
                    max: *max,
                })
            }
            Rule::OneOf { field, values } => {
                let (column, values) = self.wanted(field, values)?;
                Some(Test::OneOf { column, values })
            }
            Rule::Required { field } => Some(Test::Required {
                column: self.column(field)?.0,
            }),
            Rule::Absent { field } => Some(Test::Absent {
                column: self.can_be_absent(field)?,
            }),
            Rule::DateWithin { field, from, until } => Some(Test::Within {
                day: self.day(field)?,
                from: from.map_or(i64::MIN, days_of),
                until: until.map_or(i64::MAX, days_of),
            }),
            Rule::Reference { field } => Some(Test::Reference {
                column: self.text(field)?,
            }),
            Rule::Matches { field, pattern } => {
                let column = self.text(field)?;
                self.regex(pattern).map(|form| Test::Matches { column, form })
            }
            Rule::Ascending { .. } | Rule::NextNotBefore { .. } | Rule::SameFirst { .. } => {
                self.of_list(rule)
            }
            Rule::AfterQuarter { .. } | Rule::FeedOfPartner { .. } | Rule::ScopeOfFeed { .. } => {
                self.of_notice(rule)
            }
        }
    }

    fn regex(&mut self, pattern: &str) -> Option<Regex> {
        let regex = Rule::regex(pattern);
        if let Err(error) = &regex {
            self.problems
                .push(format!("`pattern` is no regular expression: {error}"));
        }
        regex.ok()
    }

    fn of_list(&mut self, rule: &Rule) -> Option<Test> {
        match rule {
            Rule::Ascending { field } => Some(Test::Ascending {
                column: self.dates(field)?,
            }),
            Rule::NextNotBefore {
                earlier,
                later,
                min_days,
            } => {
                let (ends, begins) = (self.dates(earlier)?, self.dates(later)?);
                self.of_one_list(earlier, later)?;
                Some(Test::Apart {
                    ends,
                    begins,
                    min_days: *min_days,
                })
            }
            Rule::SameFirst { field, other } => Some(Test::SameFirst {
                column: self.dates(field)?,
                other: self.dates(other)?,
            }),
            _ => None,
        }
    }

    fn of_notice(&mut self, rule: &Rule) -> Option<Test> {
        match rule {
            Rule::AfterQuarter { field, year, quarter } => Some(Test::AfterQuarter {
                day: self.day(field)?,
                year: self.text(year)?,
                quarter: self.integer(quarter)?,
            }),
            Rule::FeedOfPartner { field, feeds } => Some(Test::FeedOfPartner {
                column: self.text(field)?,
                partner: self.text("partner")?,
                feeds: feeds.clone(),
            }),
            Rule::ScopeOfFeed { field, feed, feeds } => {
                let is_texts = |kind: &Kind| matches!(kind, Kind::Strings);
                Some(Test::ScopeOfFeed {
                    column: self.of_kind(field, "an array of strings", is_texts)?,
                    feed: self.text(feed)?,
                    scopes: self.scopes(feeds)?,
                })
            }
            _ => None,
        }
    }

    /// The scope codes of each feed, as far as the record types of others are known here.
    fn scopes(&mut self, feeds: &[CoveredFeed]) -> Option<Scopes> {
        let before = self.problems.len();
        let mut scopes = Scopes::new();
        for feed in feeds {
            let Some(record_type) = (self.others)(&feed.record_type) else {
                continue;
            };
            let list = feed.scope.as_ref().map(|field| {
                let spec = record_type.columns().iter().find(|spec| spec.name == *field);
                let codes = spec.and_then(|spec| spec.codes.as_deref());
                (field, codes.and_then(|codes| self.lists.list(codes)).cloned())
            });
            match list {
                None => {
                    scopes.insert(feed.name.clone(), None);
                }
                Some((_, Some(list))) => {
                    scopes.insert(feed.name.clone(), Some(list));
                }
                Some((field, None)) => self.problems.push(format!(
                    "the scope of {}, field {field}, has no code list",
                    feed.record_type
                )),
            }
        }
        (self.problems.len() == before).then_some(scopes)
    }

    fn range(&mut self, field: &str, min: Option<i64>, max: Option<i64>) -> Option<Test> {
        let is_number = |kind: &Kind| matches!(kind, Kind::Int | Kind::Long | Kind::Double);
        let column = self.of_kind(field, "a number", is_number)?;
        if self.record_type.columns().get(column).map(|spec| &spec.kind) != Some(&Kind::Double) {
            return Some(Test::Range {
                column,
                min: min.unwrap_or(i64::MIN),
                max: max.unwrap_or(i64::MAX),
            });
        }
        let mut bound = |bound: Option<i64>, otherwise: f64| match bound.map(i32::try_from) {
            None => Some(otherwise),
            Some(Ok(bound)) => Some(f64::from(bound)),
            Some(Err(_)) => {
                let problem = format!("field {field} is a double: a bound may have 32 bits at most");
                self.problems.push(problem);
                None
            }
        };
        Some(Test::DoubleRange {
            column,
            min: bound(min, f64::MIN)?,
            max: bound(max, f64::MAX)?,
        })
    }
}
