//! One column of a batch, of whichever kind.

use super::{DateLists, StrLists, Strs, Values};
use crate::kind::{ColumnSpec, DefaultValue, Kind};

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// 0 or 1 a row.
    Bool(Values<u8>),
    /// The position of the symbol in [`Kind::Enum`].
    Enum(Values<u8>),
    /// Ints, and dates in days since 1970-01-01.
    Int(Values<i32>),
    /// Longs, and timestamps in milliseconds since 1970-01-01T00:00:00Z.
    Long(Values<i64>),
    /// Doubles.
    Double(Values<f64>),
    /// Strings.
    Str(Strs),
    /// Arrays of strings; never null.
    StrList(StrLists),
    /// Arrays of dates in days since 1970-01-01; never null, but their entries may be.
    DateList(DateLists),
}

/// Does the same with whichever column it is.
macro_rules! each_kind {
    ($column:expr, $inner:ident => $do:expr) => {
        match $column {
            Column::Bool($inner) | Column::Enum($inner) => $do,
            Column::Int($inner) => $do,
            Column::Long($inner) => $do,
            Column::Double($inner) => $do,
            Column::Str($inner) => $do,
            Column::StrList($inner) => $do,
            Column::DateList($inner) => $do,
        }
    };
}

impl Column {
    pub(super) fn new(spec: &ColumnSpec) -> Self {
        match spec.kind {
            Kind::Bool => Self::Bool(Values::new(spec.nullable)),
            Kind::Enum(_) => Self::Enum(Values::new(spec.nullable)),
            Kind::Int | Kind::Date => Self::Int(Values::new(spec.nullable)),
            Kind::Long | Kind::TimestampMillis => Self::Long(Values::new(spec.nullable)),
            Kind::Double => Self::Double(Values::new(spec.nullable)),
            Kind::String => Self::Str(Strs::new(spec.nullable)),
            Kind::Strings => Self::StrList(StrLists::new(Strs::new(false))),
            Kind::Dates => Self::DateList(DateLists::new(Values::new(spec.nullable))),
        }
    }

    /// One byte a row, 1 = null; `None` when the column is not nullable.
    pub fn nulls(&self) -> Option<&[u8]> {
        match self {
            Self::Bool(values) | Self::Enum(values) => values.nulls(),
            Self::Int(values) => values.nulls(),
            Self::Long(values) => values.nulls(),
            Self::Double(values) => values.nulls(),
            Self::Str(strs) => strs.nulls(),
            Self::StrList(_) | Self::DateList(_) => None,
        }
    }

    pub(super) fn truncate(&mut self, len: usize) {
        each_kind!(self, column => column.truncate(len));
    }

    pub(super) fn byte_size(&self) -> usize {
        each_kind!(self, column => column.byte_size())
    }

    /// Null in a nullable column, else the type's zero or an empty array.
    pub(crate) fn push_absent(&mut self) {
        match self {
            Self::Bool(values) | Self::Enum(values) => values.push_absent(),
            Self::Int(values) => values.push_absent(),
            Self::Long(values) => values.push_absent(),
            Self::Double(values) => values.push_absent(),
            Self::Str(strs) => strs.push_absent(),
            Self::StrList(lists) => lists.end_list(),
            Self::DateList(lists) => lists.end_list(),
        }
    }

    /// A default; one of another kind (which the record type's parsing rules out) counts as absent.
    pub(crate) fn push_default(&mut self, value: &DefaultValue) {
        match (self, value) {
            (Self::Bool(values), DefaultValue::Bool(value)) => values.push(u8::from(*value)),
            (Self::Enum(values), DefaultValue::Enum(value)) => values.push(*value),
            (Self::Int(values), DefaultValue::Int(value)) => values.push(*value),
            (Self::Long(values), DefaultValue::Long(value)) => values.push(*value),
            (Self::Double(values), DefaultValue::Double(value)) => values.push(*value),
            (Self::Str(strs), DefaultValue::Str(value)) => strs.push(value),
            (Self::StrList(lists), DefaultValue::Strings(values)) => {
                for value in values {
                    lists.push_item(value);
                }
                lists.end_list();
            }
            (column, _) => column.push_absent(),
        }
    }

    /// Null as the value itself, or as an entry of the array that is being read.
    pub(crate) fn push_null(&mut self) {
        match self {
            Self::DateList(lists) => lists.push_null_item(),
            column => column.push_absent(),
        }
    }

    /// A default as the next entry of the array that is being read.
    pub(crate) fn push_entry(&mut self, value: &DefaultValue) {
        match (self, value) {
            (Self::StrList(lists), DefaultValue::Str(value)) => lists.push_item(value),
            (Self::DateList(lists), DefaultValue::Int(days)) => lists.push_item(*days),
            (Self::DateList(lists), _) => lists.push_null_item(),
            (Self::StrList(lists), _) => lists.push_item(""),
            _ => {}
        }
    }

    /// Ends the array whose entries were read; does nothing in a column of single values.
    pub(crate) fn end_list(&mut self) {
        match self {
            Self::StrList(lists) => lists.end_list(),
            Self::DateList(lists) => lists.end_list(),
            _ => {}
        }
    }
}
