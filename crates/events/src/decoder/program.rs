//! What a compiled decoder does, field by field of the writer.

use crate::kind::DefaultValue;

/// The whole of a datum.
#[derive(Debug)]
pub(super) struct Program {
    /// The writer's fields, in the writer's order.
    pub(super) steps: Box<[Step]>,
    /// Columns that the writer does not have.
    pub(super) added: Added,
    /// The columns of the body, for a datum without one.
    pub(super) body_columns: Box<[usize]>,
    /// How many columns the record type has.
    pub(super) columns: usize,
}

/// Columns that take their default.
pub(super) type Added = Box<[(usize, DefaultValue)]>;

/// One field of the writer.
#[derive(Debug)]
pub(super) struct Step {
    /// For messages: `body.arrests`.
    pub(super) path: Box<str>,
    pub(super) action: Action,
}

/// What to do with a value of the writer.
#[derive(Debug)]
pub(super) enum Action {
    /// Read it into a column.
    Value { column: usize, read: Read },
    /// It is null, and so is the column.
    Null { column: usize },
    /// Translate its symbol; `None` for one that the reader does not know.
    Symbol {
        column: usize,
        symbols: Box<[Option<u8>]>,
    },
    /// Read an array into a column.
    List { column: usize, item: Item },
    /// Read an array of records into columns of lists.
    Records {
        record: Box<Action>,
        columns: Box<[usize]>,
    },
    /// One record of an array: its fields, and the columns that the writer's record does not have.
    Record { steps: Box<[Step]>, added: Added },
    /// Read the branch of the union, then do as that branch says.
    Branch(Box<[Action]>),
    /// The body: its fields, and the columns that the writer's body does not have.
    Body { steps: Box<[Step]>, added: Added },
    /// The body is null.
    NoBody,
    /// The reader does not have it.
    Skip(Shape),
    /// A branch that the reader's type cannot take.
    Refuse(Box<str>),
}

/// How a value is written, and into which kind of column it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Read {
    Bool,
    Int,
    IntToLong,
    IntToDouble,
    Long,
    LongToDouble,
    FloatToDouble,
    Double,
    Text,
}

/// What to do with an item of an array of strings.
#[derive(Debug)]
pub(super) enum Item {
    /// A string, or bytes that are one.
    Text,
    /// Read the branch of the union, then do as that branch says.
    Branch(Box<[Item]>),
    /// A branch that is no string.
    Refuse(Box<str>),
}

/// The form of a value that is passed over.
#[derive(Debug)]
pub(super) enum Shape {
    /// A number of bytes known beforehand: null, boolean, float, double, fixed.
    Bytes(usize),
    /// An int or long.
    Varint,
    /// An enum with this many symbols.
    Enum(usize),
    /// A length and that many bytes: string, bytes.
    Lengthed,
    /// An array.
    Array(Box<Shape>),
    /// A map.
    Map(Box<Shape>),
    /// A union.
    Union(Box<[Shape]>),
    /// A record.
    Record(Box<[Shape]>),
}
