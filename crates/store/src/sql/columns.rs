//! From the columns of a record type to the columns of its tables.

use quarterday_events::{ColumnSpec, DefaultValue, Kind, RecordType};

use super::{literal, quoted_list};

/// Columns that every version row has besides its record: where in the log it stands.
pub const LOG_COLUMNS: [(&str, &str); 4] = [
    ("topic", "LowCardinality(String)"),
    ("kafka_partition", "UInt32"),
    ("kafka_offset", "UInt64"),
    ("kafka_time", "DateTime64(3, 'UTC')"),
];

/// The stored type of a record's column. Coded strings repeat a lot, so they are dictionary-encoded.
#[must_use]
pub fn stored_type(column: &ColumnSpec) -> String {
    let coded = column.codes.is_some() || matches!(column.name.as_str(), "feed" | "partner" | "district");
    let plain = match &column.kind {
        Kind::Bool => "Bool".to_owned(),
        Kind::Int => "Int32".to_owned(),
        Kind::Long => "Int64".to_owned(),
        Kind::Double => "Float64".to_owned(),
        Kind::Date => "Date32".to_owned(),
        Kind::TimestampMillis => "DateTime64(3, 'UTC')".to_owned(),
        Kind::Strings => return "Array(LowCardinality(String))".to_owned(),
        Kind::Dates if column.nullable => return "Array(Nullable(Date32))".to_owned(),
        Kind::Dates => return "Array(Date32)".to_owned(),
        Kind::Enum(_) => return "LowCardinality(String)".to_owned(),
        Kind::String => "String".to_owned(),
    };
    match (column.nullable, coded && column.kind == Kind::String) {
        (false, false) => plain,
        (true, false) => format!("Nullable({plain})"),
        (false, true) => format!("LowCardinality({plain})"),
        (true, true) => format!("LowCardinality(Nullable({plain}))"),
    }
}

/// The schema's default of a column as an expression, where it is another than what the column holds anyway.
#[must_use]
pub fn default_of(column: &ColumnSpec) -> Option<String> {
    match column.default_value()? {
        DefaultValue::Null
        | DefaultValue::Bool(false)
        | DefaultValue::Int(0)
        | DefaultValue::Long(0)
        | DefaultValue::NoEntries => None,
        DefaultValue::Bool(true) => Some("true".to_owned()),
        DefaultValue::Int(days) if column.kind == Kind::Date => {
            Some(format!("toDate32('1970-01-01') + {days}"))
        }
        DefaultValue::Int(number) => Some(number.to_string()),
        DefaultValue::Long(millis) if column.kind == Kind::TimestampMillis => {
            Some(format!("fromUnixTimestamp64Milli({millis}, 'UTC')"))
        }
        DefaultValue::Long(number) => Some(number.to_string()),
        DefaultValue::Double(number) => (*number != 0.0).then(|| number.to_string()),
        DefaultValue::Str(text) => (!text.is_empty()).then(|| literal(text)),
        DefaultValue::Enum(position) => match &column.kind {
            Kind::Enum(symbols) => symbols.get(usize::from(*position)).map(|symbol| literal(symbol)),
            _ => None,
        },
        DefaultValue::Strings(texts) => {
            (!texts.is_empty()).then(|| format!("[{}]", quoted_list(texts.iter().map(String::as_str))))
        }
    }
}

/// The name of the London date of a timestamp column (G2), or the column itself when it is a date.
#[must_use]
pub fn date_column(column: &ColumnSpec) -> Option<String> {
    match column.kind {
        Kind::Date => Some(column.name.clone()),
        Kind::TimestampMillis => Some(format!("{}_london", column.name)),
        _ => None,
    }
}

/// The dates of a record's body, in schema order: what can place it in a quarter. Those of its arrays of records are not
/// among them: a record can have any number of each.
pub fn body_dates(record_type: &RecordType) -> impl Iterator<Item = &ColumnSpec> {
    record_type
        .columns()
        .iter()
        .filter(|c| c.in_body && matches!(c.kind, Kind::Date | Kind::TimestampMillis))
}

/// The expression for the date that first places a record (domain.md section 3): its first date that is always there, else
/// the first one that has happened. A record whose dates stand in arrays only is placed by the first entry of the first
/// array whose dates are always there, and not at all while that is empty. `None` for a record type without dates.
#[must_use]
pub fn first_date(record_type: &RecordType) -> Option<String> {
    if let Some(column) = body_dates(record_type).find(|c| !c.nullable) {
        return date_column(column);
    }
    let dates: Vec<String> = body_dates(record_type).filter_map(date_column).collect();
    if !dates.is_empty() {
        return Some(format!("coalesce({})", dates.join(", ")));
    }
    let columns = record_type.columns().iter();
    let mut lists = columns.filter(|c| c.in_body && c.kind == Kind::Dates && !c.nullable);
    let list = &lists.next()?.name;
    Some(format!("if(empty({list}), NULL, {list}[1])"))
}

/// Every stored column with its type, log columns first, in table order.
#[must_use]
pub fn stored_columns(record_type: &RecordType) -> Vec<(String, String)> {
    let log = LOG_COLUMNS
        .iter()
        .map(|(name, ty)| ((*name).to_owned(), (*ty).to_owned()));
    let record = record_type
        .columns()
        .iter()
        .map(|c| (c.name.clone(), stored_type(c)));
    log.chain(record).collect()
}

/// Columns that ClickHouse computes from the stored ones when a row is inserted: name, type, expression.
#[must_use]
pub fn derived_columns(record_type: &RecordType) -> Vec<(String, String, String)> {
    let london = body_dates(record_type)
        .filter(|c| c.kind == Kind::TimestampMillis)
        .filter_map(|c| {
            let name = date_column(c)?;
            let ty = if c.nullable { "Nullable(Date32)" } else { "Date32" };
            Some((
                name,
                ty.to_owned(),
                format!("toDate32({}, 'Europe/London')", c.name),
            ))
        });
    let rank = ("version_rank".to_owned(), "UInt128".to_owned(), RANK.to_owned());
    london.chain([rank]).collect()
}

/// Orders the messages of one natural key so that the largest is its live version (I4): the highest version number, and
/// among messages of one version the lowest (partition, offset).
const RANK: &str = "bitShiftLeft(toUInt128(version), 96) + bitShiftLeft(toUInt128(1), 96) - 1 \
     - bitShiftLeft(toUInt128(kafka_partition), 64) - toUInt128(kafka_offset)";

#[cfg(test)]
mod tests {
    use super::*;

    fn asb_case() -> RecordType {
        let schema = include_str!("../../../../schemas/avro/asb_case.avsc");
        RecordType::parse("asb_case", schema).unwrap()
    }

    #[test]
    fn columns_of_an_array_of_records_are_arrays() {
        let columns = stored_columns(&asb_case());
        let of = |name: &str| columns.iter().find(|(n, _)| n == name).map(|(_, ty)| ty.as_str());
        assert_eq!(of("spells_opened_on"), Some("Array(Date32)"));
        assert_eq!(of("spells_closed_on"), Some("Array(Nullable(Date32))"));
        assert_eq!(of("risk_changes_risk"), Some("Array(LowCardinality(String))"));
    }

    #[test]
    fn a_record_whose_dates_are_lists_is_placed_by_the_first_of_them() {
        let record_type = asb_case();
        assert_eq!(body_dates(&record_type).count(), 0);
        assert_eq!(
            first_date(&record_type).as_deref(),
            Some("if(empty(spells_opened_on), NULL, spells_opened_on[1])")
        );
    }

    #[test]
    fn an_empty_array_is_what_a_column_of_lists_holds_anyway() {
        let schema = include_str!("../../../../schemas/avro/asb_case.avsc")
            .replace(r#"{"name": "spells","#, r#"{"name": "spells", "default": [],"#);
        let record_type = RecordType::parse("asb_case", &schema).unwrap();
        let spells = record_type
            .columns()
            .iter()
            .filter(|c| c.list.as_deref() == Some("spells"));
        assert!(spells.map(default_of).all(|default| default.is_none()));
    }
}
