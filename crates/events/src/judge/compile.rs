//! Fitting a feed's rules to the columns of its record type.

mod check;
mod derivation;

use quarterday_plan::codes::{CodeList, CodeLists};
use quarterday_plan::feeds::{Feed, PartnerRule};

use super::envelope::{Envelope, EnvelopeColumns, Partner};
use super::forms::{FieldRule, Form, Span};
use super::{Judge, JudgeError, RecordTypes};
use crate::kind::{ColumnSpec, Kind};
use crate::record_type::RecordType;

/// The code list of all partners.
const PARTNERS: &str = "partner";

/// Fields of the envelope that have rules of their own.
const RULED: &[&str] = &["feed", "partner", "ref", "reason", "sent_at", "district", "ward"];

pub(super) fn compile(
    (record_type, feed): (&RecordType, &Feed),
    lists: &CodeLists,
    others: &RecordTypes<'_>,
) -> Result<Judge, JudgeError> {
    let mut compiler = Compiler {
        record_type,
        lists,
        others,
        problems: Vec::new(),
    };
    let envelope = compiler.envelope(feed);
    let fields = compiler.fields();
    let derived = feed.derivations.iter();
    let derived = derived.filter_map(|one| compiler.derivation(one)).collect();
    let checks = feed
        .checks
        .iter()
        .filter_map(|check| compiler.check(check))
        .collect();
    match envelope {
        Some(envelope) if compiler.problems.is_empty() => Ok(Judge {
            envelope,
            fields,
            derived,
            checks,
        }),
        _ => Err(JudgeError {
            feed: feed.name.clone(),
            record_type: record_type.name().to_owned(),
            problems: compiler.problems,
        }),
    }
}

struct Compiler<'c> {
    record_type: &'c RecordType,
    lists: &'c CodeLists,
    /// Finds the record types of other feeds.
    others: &'c RecordTypes<'c>,
    problems: Vec<String>,
}

impl<'c> Compiler<'c> {
    fn envelope(&mut self, feed: &Feed) -> Option<Envelope> {
        if feed.record_type != self.record_type.name() {
            self.problems
                .push(format!("the feed is of record type {}", feed.record_type));
        }
        if self.record_type.body().is_none() {
            self.problems.push("the schema has no field body".to_owned());
        }
        let text = |kind: &Kind| matches!(kind, Kind::String);
        let columns = EnvelopeColumns {
            feed: self.envelope_column("feed", text)?,
            partner: self.envelope_column("partner", text)?,
            reference: self.envelope_column("ref", text)?,
            op: self.envelope_column("op", |kind| matches!(kind, Kind::Enum(_)))?,
            version: self.envelope_column("version", |kind| matches!(kind, Kind::Int))?,
            reason: self.envelope_column("reason", text)?,
            sent_at: self.envelope_column("sent_at", |kind| matches!(kind, Kind::TimestampMillis))?,
            district: self.envelope_column("district", text)?,
            ward: self.envelope_column("ward", text)?,
        };
        Some(Envelope {
            feed: feed.name.clone(),
            partner: self.partner(&feed.partner)?,
            district: feed.district.clone(),
            wards: self.list_of(columns.ward)?,
            reasons: self.list_of(columns.reason)?,
            withdraw: self.withdraw(columns.op)?,
            columns,
        })
    }

    fn partner(&mut self, rule: &PartnerRule) -> Option<Partner> {
        match rule {
            PartnerRule::Only(code) => Some(Partner::Only(code.clone())),
            PartnerRule::Any => {
                let list = self.lists.list(PARTNERS).cloned().map(Box::new).map(Partner::Any);
                if list.is_none() {
                    self.problems.push(format!(
                        "the feed takes every partner of the code list {PARTNERS}, which is not there"
                    ));
                }
                list
            }
        }
    }

    fn envelope_column(&mut self, name: &str, is_kind: impl Fn(&Kind) -> bool) -> Option<usize> {
        match self.column(name) {
            Some((column, spec)) if !spec.in_body && is_kind(&spec.kind) => Some(column),
            Some(_) => {
                self.problems.push(format!(
                    "field {name} of the envelope is not of the envelope's type"
                ));
                None
            }
            None => None,
        }
    }

    fn withdraw(&mut self, op: usize) -> Option<u8> {
        let Some(Kind::Enum(symbols)) = self.record_type.columns().get(op).map(|spec| &spec.kind) else {
            return None;
        };
        let position = symbols.iter().position(|symbol| symbol == "WITHDRAW");
        if position.is_none() {
            self.problems.push("op has no symbol WITHDRAW".to_owned());
        }
        position.and_then(|position| u8::try_from(position).ok())
    }

    fn column(&mut self, name: &str) -> Option<(usize, &'c ColumnSpec)> {
        let found = self
            .record_type
            .columns()
            .iter()
            .enumerate()
            .find(|(_, spec)| spec.name == name);
        if found.is_none() {
            self.problems.push(format!("there is no field {name}"));
        }
        found
    }

    fn list_of(&mut self, column: usize) -> Option<CodeList> {
        let spec = self.record_type.columns().get(column)?;
        let name = spec.codes.as_deref();
        let list = name.and_then(|name| self.lists.list(name)).cloned();
        if list.is_none() {
            let problem = match name {
                Some(name) => format!(
                    "field {} is to be on the code list {name}, which is not there",
                    spec.name
                ),
                None => format!("field {} names no code list", spec.name),
            };
            self.problems.push(problem);
        }
        list
    }

    fn fields(&mut self) -> Vec<FieldRule> {
        let columns = self.record_type.columns().iter().enumerate();
        let mut rules = Vec::new();
        for (column, spec) in columns {
            if !spec.in_body && RULED.contains(&spec.name.as_str()) {
                continue;
            }
            if let Some(form) = self.form(column, spec) {
                rules.push(FieldRule {
                    path: spec.path(),
                    column,
                    in_body: spec.in_body,
                    form,
                });
            }
        }
        rules
    }

    fn form(&mut self, column: usize, spec: &ColumnSpec) -> Option<Form> {
        let is_pseudonym = spec.name.ends_with("_pid") || spec.name.ends_with("_pids");
        match (&spec.kind, spec.codes.is_some(), is_pseudonym) {
            (Kind::String, true, _) => self.list_of(column).map(Form::Code),
            (Kind::Strings, true, _) if spec.list.is_some() => self.list_of(column).map(Form::CodesInOrder),
            (Kind::Strings, true, _) => self.list_of(column).map(Form::Codes),
            (Kind::String, _, true) => Some(Form::Pseudonym),
            (Kind::Strings, _, true) => Some(Form::Pseudonyms),
            (Kind::String, ..) if !spec.in_body => Some(Form::Reference),
            (Kind::String, ..) => Some(Form::Text),
            (Kind::Strings, ..) => Some(Form::Texts),
            (Kind::Date, ..) => Some(Form::Within(Span::DATES)),
            (Kind::Dates, ..) => Some(Form::AllWithin(Span::DATES)),
            (Kind::Double, ..) => Some(Form::Finite),
            (Kind::TimestampMillis, ..) => Some(Form::Within(Span::INSTANTS)),
            (Kind::Bool | Kind::Int | Kind::Long | Kind::Enum(_), ..) => None,
        }
    }
}
