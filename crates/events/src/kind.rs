//! What a column of a record type holds: its kind, its code list, its default.

/// The type of a column, as the reader's schema states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Avro `boolean`.
    Bool,
    /// Avro `int`, 32 bits.
    Int,
    /// Avro `long`, 64 bits.
    Long,
    /// Avro `double`.
    Double,
    /// Avro `string`.
    String,
    /// Avro `int` with logical type `date`: days since 1970-01-01.
    Date,
    /// Avro `long` with logical type `timestamp-millis`: milliseconds since 1970-01-01T00:00:00Z.
    TimestampMillis,
    /// The Avro enum of `op`: its symbols, in order; the column holds their positions.
    Enum(Vec<String>),
    /// Avro array of `string`, or the strings of one field of an array of records.
    Strings,
    /// The dates of one field of an Avro array of records.
    Dates,
}

/// One column: a field of the envelope or of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnSpec {
    /// The field's name, unique over envelope and body.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Whether the schema allows null; of [`Kind::Dates`], whether an entry may be null: the list itself never is.
    pub nullable: bool,
    /// The code list that the string, or each string of the array, must be on.
    pub codes: Option<String>,
    /// Whether the field belongs to `body` rather than to the envelope.
    pub in_body: bool,
    /// The array of records that the column is one field of: `spells` of `spells_opened_on`. Its other columns have as
    /// many entries in each row.
    pub list: Option<String>,
    pub(crate) default: Option<DefaultValue>,
    pub(crate) aliases: Vec<String>,
    /// Whether null is the first branch of the union; only of use when `nullable`.
    pub(crate) null_first: bool,
    /// The enum's own default: what a symbol that the reader does not know is read as.
    pub(crate) enum_default: Option<u8>,
}

impl ColumnSpec {
    /// The field's path in a record, as messages name it: `ward`, `body.arrests`, `body.spells.opened_on`.
    pub fn path(&self) -> String {
        match &self.list {
            Some(list) => format!("body.{list}.{}", self.field()),
            None if self.in_body => format!("body.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// The field's name in its own record: `opened_on` of `spells_opened_on`.
    pub(crate) fn field(&self) -> &str {
        let list = self.list.as_deref().and_then(|list| self.name.strip_prefix(list));
        list.and_then(|rest| rest.strip_prefix('_')).unwrap_or(&self.name)
    }

    /// The value that stands for the field where a writer does not send it.
    pub fn default_value(&self) -> Option<&DefaultValue> {
        self.default.as_ref()
    }
}

/// The default of a field, in the type of its column.
#[derive(Debug, Clone, PartialEq)]
pub enum DefaultValue {
    /// Null, of a nullable column.
    Null,
    /// Of [`Kind::Bool`].
    Bool(bool),
    /// Of [`Kind::Int`] and [`Kind::Date`].
    Int(i32),
    /// Of [`Kind::Long`] and [`Kind::TimestampMillis`].
    Long(i64),
    /// Of [`Kind::Double`].
    Double(f64),
    /// Of [`Kind::String`].
    Str(String),
    /// Of [`Kind::Enum`]: the symbol's position.
    Enum(u8),
    /// Of [`Kind::Strings`].
    Strings(Vec<String>),
    /// Of each column of an array of records: no entry.
    NoEntries,
}

impl DefaultValue {
    /// The default that a schema's JSON states, or `None` when it is not of the column's kind.
    pub(crate) fn of(json: &serde_json::Value, kind: &Kind, nullable: bool) -> Option<Self> {
        if json.is_null() {
            return nullable.then_some(Self::Null);
        }
        match kind {
            Kind::Bool => json.as_bool().map(Self::Bool),
            Kind::Int | Kind::Date => json.as_i64().and_then(|n| i32::try_from(n).ok()).map(Self::Int),
            Kind::Long | Kind::TimestampMillis => json.as_i64().map(Self::Long),
            Kind::Double => json.as_f64().map(Self::Double),
            Kind::String => json.as_str().map(|s| Self::Str(s.to_owned())),
            Kind::Enum(symbols) => {
                let symbol = json.as_str()?;
                let position = symbols.iter().position(|s| s == symbol)?;
                u8::try_from(position).ok().map(Self::Enum)
            }
            Kind::Strings => {
                let items = json.as_array()?.iter();
                items
                    .map(|item| item.as_str().map(str::to_owned))
                    .collect::<Option<_>>()
                    .map(Self::Strings)
            }
            Kind::Dates => json.as_array()?.is_empty().then_some(Self::NoEntries),
        }
    }
}
