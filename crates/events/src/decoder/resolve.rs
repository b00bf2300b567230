//! Resolving one field's type: what the writer sends, to what its column holds.

use apache_avro::Schema;
use apache_avro::schema::EnumSchema;

use super::compile::Types;
use super::program::{Action, Item, Read};
use crate::kind::{ColumnSpec, Kind};

/// Why two types do not resolve; the message, without the field.
pub(super) struct Mismatch(pub(super) String);

impl Mismatch {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }

    fn between(writer: &Schema, spec: &ColumnSpec) -> Self {
        Self(format!(
            "the writer has {}, which cannot be read as {}",
            describe(writer),
            describe_column(spec)
        ))
    }
}

/// The action that reads the writer's type into a column.
pub(super) fn resolve<'s>(
    types: &mut Types<'s>,
    writer: &'s Schema,
    (column, spec): (usize, &ColumnSpec),
    depth: usize,
) -> Result<Action, Mismatch> {
    let writer = types.look_up(writer, depth)?;
    match (writer, &spec.kind) {
        (Schema::Union(union), _) => {
            let variants = union.variants().iter();
            let branches = variants
                .map(|variant| resolve(types, variant, (column, spec), depth + 1))
                .collect();
            branch(branches, Action::Refuse).map(Action::Branch)
        }
        (Schema::Null, _) if spec.nullable => Ok(Action::Null { column }),
        (Schema::Null, _) => Err(Mismatch::new("is null, and has to be given")),
        (Schema::Enum(writer), Kind::Enum(symbols)) => Ok(Action::Symbol {
            column,
            symbols: translate(writer, symbols, spec.enum_default),
        }),
        (Schema::Array(array), Kind::Strings) => {
            let item = resolve_item(types, &array.items, depth + 1)?;
            Ok(Action::List { column, item })
        }
        (writer, kind) => match read(writer, kind) {
            Some(read) => Ok(Action::Value { column, read }),
            None => Err(Mismatch::between(writer, spec)),
        },
    }
}

fn resolve_item<'s>(types: &mut Types<'s>, writer: &'s Schema, depth: usize) -> Result<Item, Mismatch> {
    match types.look_up(writer, depth)? {
        Schema::String | Schema::Bytes | Schema::Uuid => Ok(Item::Text),
        Schema::Union(union) => {
            let variants = union.variants().iter();
            let branches = variants
                .map(|variant| resolve_item(types, variant, depth + 1))
                .collect();
            branch(branches, Item::Refuse).map(Item::Branch)
        }
        other => Err(Mismatch::new(format!(
            "the writer's array has {}, which is no string",
            describe(other)
        ))),
    }
}

/// A union's branches; one that does not resolve is refused when a datum chooses it, but not all may be so.
fn branch<T>(branches: Vec<Result<T, Mismatch>>, refuse: fn(Box<str>) -> T) -> Result<Box<[T]>, Mismatch> {
    if branches.iter().all(Result::is_err) {
        let first = branches.into_iter().find_map(Result::err);
        return Err(first.unwrap_or_else(|| Mismatch::new("the writer's union is empty")));
    }
    let actions = branches
        .into_iter()
        .map(|branch| branch.unwrap_or_else(|Mismatch(why)| refuse(why.into())));
    Ok(actions.collect())
}

/// The reader's position of each of the writer's symbols; the reader's default stands for those it does not have.
fn translate(writer: &EnumSchema, symbols: &[String], default: Option<u8>) -> Box<[Option<u8>]> {
    let position = |symbol: &String| {
        symbols
            .iter()
            .position(|known| known == symbol)
            .and_then(|position| u8::try_from(position).ok())
            .or(default)
    };
    writer.symbols.iter().map(position).collect()
}

/// Avro's promotions. A logical type of the writer's is as good as none, but for another one of the reader's.
fn read(writer: &Schema, kind: &Kind) -> Option<Read> {
    match (kind, writer) {
        (Kind::Bool, Schema::Boolean) => Some(Read::Bool),
        (Kind::Int | Kind::Date, Schema::Int)
        | (Kind::Date, Schema::Date)
        | (Kind::Int, Schema::Date | Schema::TimeMillis) => Some(Read::Int),
        (Kind::Long | Kind::TimestampMillis, Schema::Int) => Some(Read::IntToLong),
        (Kind::Long | Kind::TimestampMillis, Schema::Long) => Some(Read::Long),
        (Kind::TimestampMillis, Schema::TimestampMillis) => Some(Read::Long),
        (Kind::Long, Schema::Date | Schema::TimeMillis) => Some(Read::IntToLong),
        (Kind::Long, writer) if is_logical_long(writer) => Some(Read::Long),
        (Kind::Double, Schema::Int) => Some(Read::IntToDouble),
        (Kind::Double, Schema::Long) => Some(Read::LongToDouble),
        (Kind::Double, Schema::Float) => Some(Read::FloatToDouble),
        (Kind::Double, Schema::Double) => Some(Read::Double),
        (Kind::String, Schema::String | Schema::Bytes | Schema::Uuid) => Some(Read::Text),
        _ => None,
    }
}

fn is_logical_long(schema: &Schema) -> bool {
    matches!(
        schema,
        Schema::TimeMicros
            | Schema::TimestampMillis
            | Schema::TimestampMicros
            | Schema::TimestampNanos
            | Schema::LocalTimestampMillis
            | Schema::LocalTimestampMicros
            | Schema::LocalTimestampNanos
    )
}

/// A type in the words of the schema.
pub(super) fn describe(schema: &Schema) -> String {
    match schema {
        Schema::Null => "null".to_owned(),
        Schema::Boolean => "boolean".to_owned(),
        Schema::Int => "int".to_owned(),
        Schema::Long => "long".to_owned(),
        Schema::Float => "float".to_owned(),
        Schema::Double => "double".to_owned(),
        Schema::Bytes => "bytes".to_owned(),
        Schema::String | Schema::Uuid => "string".to_owned(),
        Schema::Array(_) => "an array".to_owned(),
        Schema::Map(_) => "a map".to_owned(),
        Schema::Union(_) => "a union".to_owned(),
        Schema::Record(_) => "a record".to_owned(),
        Schema::Enum(_) => "an enum".to_owned(),
        Schema::Fixed(_) | Schema::Duration => "fixed".to_owned(),
        Schema::Decimal(_) | Schema::BigDecimal => "decimal".to_owned(),
        Schema::Date => "date".to_owned(),
        Schema::TimeMillis => "time-millis".to_owned(),
        Schema::TimeMicros => "time-micros".to_owned(),
        Schema::TimestampMillis => "timestamp-millis".to_owned(),
        Schema::TimestampMicros => "timestamp-micros".to_owned(),
        Schema::TimestampNanos => "timestamp-nanos".to_owned(),
        Schema::LocalTimestampMillis => "local-timestamp-millis".to_owned(),
        Schema::LocalTimestampMicros => "local-timestamp-micros".to_owned(),
        Schema::LocalTimestampNanos => "local-timestamp-nanos".to_owned(),
        Schema::Ref { name } => name.to_string(),
    }
}

fn describe_column(spec: &ColumnSpec) -> String {
    let kind = match &spec.kind {
        Kind::Bool => "boolean",
        Kind::Int => "int",
        Kind::Long => "long",
        Kind::Double => "double",
        Kind::String => "string",
        Kind::Date => "date (int)",
        Kind::TimestampMillis => "timestamp-millis (long)",
        Kind::Enum(symbols) => return format!("an enum of {}", symbols.join(", ")),
        Kind::Strings => "an array of strings",
        Kind::Dates => "an array of dates",
    };
    if spec.nullable {
        format!("{kind} or null")
    } else {
        kind.to_owned()
    }
}
