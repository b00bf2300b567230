//! The header of a CSV file: which column is which field.

use csv::ByteRecord;
use quarterday_plan::codes::normal_form;
use quarterday_plan::feeds::PartnerRule;

use crate::files::Context;
use crate::kind::ColumnSpec;
use crate::quote::quote;
use crate::record_type::RecordType;

/// Fields that a file may leave out, since the context or the first version stands for them; the partner too, where the
/// feed has one.
const COMPLETED: &[&str] = &["feed", "version", "op", "sent_at"];

/// A header that fits the feed.
#[derive(Debug)]
pub(super) struct Header<'c> {
    columns: Vec<Option<&'c ColumnSpec>>,
    record_type: &'c RecordType,
    date_format: Option<&'c str>,
}

impl<'c> Header<'c> {
    /// Finds the field of each cell of the header; gives all problems at once.
    pub(super) fn read(cells: &ByteRecord, context: Context<'c>) -> Result<Self, Vec<String>> {
        if let Some(sign) = other_separator(cells) {
            return Err(vec![format!(
                "the columns are separated by {sign}; save the file again as \"CSV (comma separated)\""
            )]);
        }
        let mut problems = Vec::new();
        let mut columns: Vec<Option<&'c ColumnSpec>> = Vec::with_capacity(cells.len());
        for (index, cell) in cells.iter().enumerate() {
            let header = String::from_utf8_lossy(cell);
            if header.trim().is_empty() {
                columns.push(None);
                continue;
            }
            let spec = field(&header, context);
            match spec {
                None => problems.push(format!(
                    "column {}, {}, is no header of feed {}; it takes {}",
                    index + 1,
                    shown(&header),
                    context.feed.name,
                    known(context)
                )),
                Some(spec) if columns.contains(&Some(spec)) => {
                    problems.push(format!("column {} is the field {} again", index + 1, spec.name));
                }
                Some(_) => {}
            }
            columns.push(spec);
        }
        let named = cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count();
        let unknown = named.saturating_sub(columns.iter().flatten().count());
        if unknown > 2 && unknown > named / 2 {
            let first = problems.swap_remove(0);
            return Err(vec![format!(
                "{unknown} of {named} columns are no headers of this feed: is it the file of another one? {first}"
            )]);
        }
        let missing = missing(context, &columns);
        if !missing.is_empty() && problems.is_empty() {
            problems.push(format!("these fields have no column: {}", missing.join(", ")));
        }
        if problems.is_empty() {
            Ok(Self {
                columns,
                record_type: context.record_type,
                date_format: context.feed.csv.date_format.as_deref(),
            })
        } else {
            Err(problems)
        }
    }

    /// The field of each column; `None` for a column without a header.
    pub(super) fn columns(&self) -> &[Option<&'c ColumnSpec>] {
        &self.columns
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.columns.iter().flatten().any(|spec| spec.name == field)
    }

    /// The record type of the rows.
    pub(super) fn record_type(&self) -> &'c RecordType {
        self.record_type
    }

    /// How dates are typed beside ISO.
    pub(super) fn date_format(&self) -> Option<&'c str> {
        self.date_format
    }
}

/// What separates the columns, where it is no comma.
fn other_separator(cells: &ByteRecord) -> Option<&'static str> {
    let [cell] = cells.iter().collect::<Vec<_>>().try_into().ok()?;
    let signs = [(b';', "semicolons"), (b'\t', "tabs")];
    let found = signs.into_iter().find(|(sign, _)| cell.contains(sign));
    found.map(|(_, name)| name)
}

fn field<'c>(header: &str, context: Context<'c>) -> Option<&'c ColumnSpec> {
    let normal = normal_form(header);
    let mapped = context
        .feed
        .csv
        .columns
        .iter()
        .find(|(header, _)| normal_form(header) == normal);
    let columns = context.record_type.columns();
    match mapped {
        Some((_, name)) => columns.iter().find(|spec| spec.name == *name),
        None => columns.iter().find(|spec| normal_form(&spec.name) == normal),
    }
}

fn missing<'c>(context: Context<'c>, columns: &[Option<&ColumnSpec>]) -> Vec<&'c str> {
    let is_completed = |name: &str| {
        COMPLETED.contains(&name) || (name == "partner" && context.feed.partner != PartnerRule::Any)
    };
    let needed = context.record_type.columns().iter();
    needed
        .filter(|spec| is_needed(context.record_type, spec))
        .filter(|spec| !is_completed(&spec.name) && !columns.contains(&Some(*spec)))
        .map(|spec| spec.name.as_str())
        .collect()
}

/// Whether nothing stands for a field that is not given.
fn is_needed(record_type: &RecordType, spec: &ColumnSpec) -> bool {
    let may_be_null_or_default = |spec: &ColumnSpec| spec.nullable || spec.default_value().is_some();
    match record_type.list_field(spec) {
        Some((list, field)) => !list.has_default && !may_be_null_or_default(&field.entry),
        None => !may_be_null_or_default(spec),
    }
}

fn known(context: Context<'_>) -> String {
    let headers: Vec<&str> = context.feed.csv.columns.keys().map(String::as_str).collect();
    if headers.is_empty() {
        "the names of its fields".to_owned()
    } else {
        headers.join(", ")
    }
}

/// A header may have blanks and still be no more than a name; beyond that it is not shown.
fn shown(header: &str) -> String {
    let header = header.trim();
    let words = header.split_ascii_whitespace().map(quote);
    if header.len() <= 32 && words.into_iter().all(|word| word.starts_with('"')) {
        format!("\"{header}\"")
    } else {
        quote(header)
    }
}
