//! From a batch's columns to a block of ClickHouse's Native format: whole columns, no row is ever put together.

use clickhouse::native::builder::BlockBuilder;
use clickhouse::native::encode::{Encode, ValueWriter};
use clickhouse::native::{Block, DataTypeNode};
use clickhouse_types::data_types::DateTimePrecision;
use quarterday_events::{Column, ColumnSpec, Kind};

type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// Builds a block column by column; the first error names its table and column.
pub(crate) struct Columnar<'t> {
    builder: BlockBuilder,
    table: &'t str,
}

impl<'t> Columnar<'t> {
    pub(crate) fn new(table: &'t str) -> Self {
        Columnar {
            builder: BlockBuilder::new(),
            table,
        }
    }

    /// Adds a column of plain values.
    pub(crate) fn add<T: Encode>(
        &mut self,
        name: &str,
        values: impl IntoIterator<Item = T>,
    ) -> crate::Result<()> {
        let mut column = self
            .builder
            .upsert_column::<T>(name)
            .map_err(|e| self::error(self.table, name, e))?;
        column
            .add_all(values)
            .map_err(|e| self::error(self.table, name, e))?;
        Ok(())
    }

    /// Adds a record's column, in the type that [`crate::sql::columns::stored_type`] gives it (dictionary encoding is
    /// left to ClickHouse).
    pub(crate) fn add_record_column(&mut self, spec: &ColumnSpec, column: &Column) -> crate::Result<()> {
        let name = spec.name.as_str();
        match (column, &spec.kind) {
            (Column::Bool(v), _) => self.add_values(name, v.values(), v.nulls(), |b| b != 0),
            (Column::Enum(v), Kind::Enum(symbols)) => {
                let symbol = |i: u8| symbols.get(usize::from(i)).map_or("", String::as_str);
                self.add_values(name, v.values(), v.nulls(), symbol)
            }
            (Column::Int(v), Kind::Date) => self.add_values(name, v.values(), v.nulls(), Date32),
            (Column::Int(v), _) => self.add_values(name, v.values(), v.nulls(), |n| n),
            (Column::Long(v), Kind::TimestampMillis) => self.add_values(name, v.values(), v.nulls(), Millis),
            (Column::Long(v), _) => self.add_values(name, v.values(), v.nulls(), |n| n),
            (Column::Double(v), _) => self.add_values(name, v.values(), v.nulls(), |n| n),
            (Column::Str(strs), _) => match strs.nulls() {
                None => self.add(name, strs.iter()),
                Some(nulls) => self.add(
                    name,
                    strs.iter().zip(nulls).map(|(s, null)| (*null == 0).then_some(s)),
                ),
            },
            (Column::StrList(lists), _) => self.add(
                name,
                (0..lists.ends().len()).map(|row| Vec::from_iter(lists.get(row).into_iter().flatten())),
            ),
            (Column::Enum(_), _) => Err(error(self.table, name, "an enum column without symbols")),
        }
    }

    pub(crate) fn build(mut self) -> crate::Result<Block> {
        self.builder.build().map_err(|e| error(self.table, "(all)", e))
    }

    fn add_values<V: Copy, T: Encode>(
        &mut self,
        name: &str,
        values: &[V],
        nulls: Option<&[u8]>,
        convert: impl Fn(V) -> T,
    ) -> crate::Result<()> {
        match nulls {
            None => self.add(name, values.iter().map(|v| convert(*v))),
            Some(nulls) => self.add(
                name,
                values
                    .iter()
                    .zip(nulls)
                    .map(|(v, null)| (*null == 0).then(|| convert(*v))),
            ),
        }
    }
}

/// Days since 1970-01-01.
pub(crate) struct Date32(pub(crate) i32);

impl Encode for Date32 {
    fn produces() -> DataTypeNode {
        DataTypeNode::Date32
    }

    fn encode(&self, writer: &mut ValueWriter<'_>) -> Result<(), BoxedError> {
        Ok(writer.write_fixed(&self.0.to_le_bytes())?)
    }
}

/// Milliseconds since 1970-01-01T00:00:00Z.
pub(crate) struct Millis(pub(crate) i64);

impl Encode for Millis {
    fn produces() -> DataTypeNode {
        DataTypeNode::DateTime64(DateTimePrecision::Precision3, Some("UTC".to_owned()))
    }

    fn encode(&self, writer: &mut ValueWriter<'_>) -> Result<(), BoxedError> {
        Ok(writer.write_fixed(&self.0.to_le_bytes())?)
    }
}

fn error(table: &str, column: &str, source: impl Into<BoxedError>) -> crate::Error {
    crate::Error::Block {
        table: table.to_owned(),
        column: column.to_owned(),
        source: source.into(),
    }
}
