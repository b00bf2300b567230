//! Running a compiled program over one datum.

use super::cursor::Cursor;
use super::error::{DecodeError, Problem};
use super::program::{Action, Added, Item, Program, Read, Shape, Step};
use crate::columns::{Column, StrLists};

/// What was read.
pub(super) struct Done {
    pub(super) has_body: bool,
    /// Bytes that the datum took.
    pub(super) read: usize,
}

/// Adds a value to every column. On an error some columns have a value more.
pub(super) fn run(program: &Program, payload: &[u8], columns: &mut [Column]) -> Result<Done, DecodeError> {
    let mut run = Run {
        cursor: Cursor::new(payload),
        columns,
        program,
        has_body: None,
        failed: "",
    };
    match run.datum() {
        Ok(()) => Ok(Done {
            has_body: run.has_body == Some(true),
            read: run.cursor.position(),
        }),
        Err(problem) => Err(DecodeError {
            at: run.cursor.position(),
            field: run.failed.to_owned(),
            problem,
        }),
    }
}

struct Run<'r> {
    cursor: Cursor<'r>,
    columns: &'r mut [Column],
    program: &'r Program,
    /// `None` until the body was read or found missing.
    has_body: Option<bool>,
    /// The path of the field that failed.
    failed: &'r str,
}

impl<'r> Run<'r> {
    fn datum(&mut self) -> Result<(), Problem> {
        let program = self.program;
        if self.columns.len() != program.columns {
            return Err(Problem::OtherColumns);
        }
        self.steps(&program.steps)?;
        self.add(&program.added);
        if self.has_body.is_none() {
            self.no_body();
        }
        Ok(())
    }

    fn steps(&mut self, steps: &'r [Step]) -> Result<(), Problem> {
        for step in steps {
            if let Err(problem) = self.act(&step.action) {
                if self.failed.is_empty() {
                    self.failed = &step.path;
                }
                return Err(problem);
            }
        }
        Ok(())
    }

    fn act(&mut self, action: &'r Action) -> Result<(), Problem> {
        match action {
            Action::Value { column, read } => self.value(*column, *read),
            Action::Branch(branches) => {
                let action = choose(&mut self.cursor, branches)?;
                self.act(action)
            }
            Action::Null { column } => self.null(*column),
            Action::Symbol { column, symbols } => self.symbol(*column, symbols),
            Action::List { column, item } => self.list(*column, item),
            Action::Records { record, columns } => self.records(record, columns),
            Action::Record { steps, added } => {
                self.steps(steps)?;
                self.add_entries(added);
                Ok(())
            }
            Action::Body { steps, added } => {
                self.has_body = Some(true);
                self.steps(steps)?;
                self.add(added);
                Ok(())
            }
            Action::NoBody => {
                self.no_body();
                Ok(())
            }
            Action::Skip(shape) => skip(&mut self.cursor, shape),
            Action::Refuse(why) => Err(Problem::Unresolvable(why.clone())),
        }
    }

    #[inline]
    fn value(&mut self, column: usize, read: Read) -> Result<(), Problem> {
        let cursor = &mut self.cursor;
        match (read, self.columns.get_mut(column)) {
            (Read::Text, Some(Column::Str(strs))) => strs.push(cursor.text()?),
            (Read::Text, Some(Column::StrList(lists))) => lists.push_item(cursor.text()?),
            (Read::Int, Some(Column::Int(values))) => values.push(cursor.int()?),
            (Read::Int, Some(Column::DateList(lists))) => lists.push_item(cursor.int()?),
            (Read::Bool, Some(Column::Bool(values))) => values.push(cursor.boolean()?),
            (Read::Long, Some(Column::Long(values))) => values.push(cursor.long()?),
            (Read::IntToLong, Some(Column::Long(values))) => values.push(i64::from(cursor.int()?)),
            (Read::Double, Some(Column::Double(values))) => values.push(cursor.double()?),
            (Read::IntToDouble, Some(Column::Double(values))) => values.push(f64::from(cursor.int()?)),
            (Read::LongToDouble, Some(Column::Double(values))) => values.push(long_to_double(cursor.long()?)),
            (Read::FloatToDouble, Some(Column::Double(values))) => values.push(f64::from(cursor.float()?)),
            _ => return Err(Problem::OtherColumns),
        }
        Ok(())
    }

    fn null(&mut self, column: usize) -> Result<(), Problem> {
        self.columns
            .get_mut(column)
            .ok_or(Problem::OtherColumns)?
            .push_null();
        Ok(())
    }

    fn symbol(&mut self, column: usize, symbols: &[Option<u8>]) -> Result<(), Problem> {
        let read = self.cursor.long()?;
        let wrong = Problem::Symbol {
            symbol: read,
            symbols: symbols.len(),
        };
        let known = usize::try_from(read)
            .ok()
            .and_then(|position| symbols.get(position))
            .ok_or(wrong)?;
        let symbol = known.ok_or(Problem::UnknownSymbol(read))?;
        match self.columns.get_mut(column) {
            Some(Column::Enum(values)) => values.push(symbol),
            _ => return Err(Problem::OtherColumns),
        }
        Ok(())
    }

    fn list(&mut self, column: usize, item: &Item) -> Result<(), Problem> {
        let Some(Column::StrList(list)) = self.columns.get_mut(column) else {
            return Err(Problem::OtherColumns);
        };
        loop {
            let (count, _) = block(&mut self.cursor)?;
            if count == 0 {
                break;
            }
            // A string takes a byte at least, and so does a union's branch.
            bounded(count, self.cursor.left())?;
            for _ in 0..count {
                push_item(&mut self.cursor, item, list)?;
            }
        }
        list.end_list();
        Ok(())
    }

    fn records(&mut self, record: &'r Action, columns: &'r [usize]) -> Result<(), Problem> {
        loop {
            let (count, _) = block(&mut self.cursor)?;
            if count == 0 {
                break;
            }
            // Records without any bytes are refused when compiling.
            bounded(count, self.cursor.left())?;
            for _ in 0..count {
                self.act(record)?;
            }
        }
        for &column in columns {
            if let Some(column) = self.columns.get_mut(column) {
                column.end_list();
            }
        }
        Ok(())
    }

    fn add_entries(&mut self, added: &Added) {
        for (column, value) in added {
            if let Some(column) = self.columns.get_mut(*column) {
                column.push_entry(value);
            }
        }
    }

    fn add(&mut self, added: &Added) {
        for (column, value) in added {
            if let Some(column) = self.columns.get_mut(*column) {
                column.push_default(value);
            }
        }
    }

    fn no_body(&mut self) {
        self.has_body = Some(false);
        for &column in &self.program.body_columns {
            if let Some(column) = self.columns.get_mut(column) {
                column.push_absent();
            }
        }
    }
}

fn push_item(cursor: &mut Cursor<'_>, item: &Item, list: &mut StrLists) -> Result<(), Problem> {
    match item {
        Item::Text => {
            list.push_item(cursor.text()?);
            Ok(())
        }
        Item::Branch(branches) => {
            let item = choose(cursor, branches)?;
            push_item(cursor, item, list)
        }
        Item::Refuse(why) => Err(Problem::Unresolvable(why.clone())),
    }
}

/// The branch that a union's index chooses.
#[inline]
fn choose<'b, T>(cursor: &mut Cursor<'_>, branches: &'b [T]) -> Result<&'b T, Problem> {
    let branch = cursor.long()?;
    usize::try_from(branch)
        .ok()
        .and_then(|index| branches.get(index))
        .ok_or(Problem::Branch {
            branch,
            branches: branches.len(),
        })
}

/// The head of a block of an array or map: its count, and its size in bytes where the writer gave it.
fn block(cursor: &mut Cursor<'_>) -> Result<(u64, Option<usize>), Problem> {
    let count = cursor.long()?;
    if count >= 0 {
        return Ok((count.unsigned_abs(), None));
    }
    let length = cursor.long()?;
    let size = usize::try_from(length).ok().filter(|&size| size <= cursor.left());
    let size = size.ok_or(Problem::Length {
        length,
        left: cursor.left(),
    })?;
    Ok((count.unsigned_abs(), Some(size)))
}

fn bounded(count: u64, left: usize) -> Result<(), Problem> {
    match usize::try_from(count) {
        Ok(count) if count <= left => Ok(()),
        _ => Err(Problem::Length {
            length: i64::try_from(count).unwrap_or(i64::MAX),
            left,
        }),
    }
}

fn skip(cursor: &mut Cursor<'_>, shape: &Shape) -> Result<(), Problem> {
    match shape {
        Shape::Bytes(bytes) => cursor.skip(*bytes),
        Shape::Varint => cursor.long().map(drop),
        Shape::Lengthed => cursor.lengthed().map(drop),
        Shape::Union(branches) => {
            let shape = choose(cursor, branches)?;
            skip(cursor, shape)
        }
        Shape::Record(fields) => fields.iter().try_for_each(|field| skip(cursor, field)),
        Shape::Array(item) => skip_blocks(cursor, item, false),
        Shape::Map(value) => skip_blocks(cursor, value, true),
        Shape::Enum(symbols) => {
            let symbol = cursor.long()?;
            let is_known = usize::try_from(symbol).is_ok_and(|position| position < *symbols);
            if is_known {
                Ok(())
            } else {
                Err(Problem::Symbol {
                    symbol,
                    symbols: *symbols,
                })
            }
        }
    }
}

fn skip_blocks(cursor: &mut Cursor<'_>, item: &Shape, has_keys: bool) -> Result<(), Problem> {
    loop {
        match block(cursor)? {
            (0, _) => return Ok(()),
            (_, Some(size)) => cursor.skip(size)?,
            // However many items of no bytes there are, there is nothing to pass over.
            (_, None) if !has_keys && item.is_empty() => {}
            (count, None) => {
                bounded(count, cursor.left())?;
                for _ in 0..count {
                    if has_keys {
                        cursor.lengthed()?;
                    }
                    skip(cursor, item)?;
                }
            }
        }
    }
}

/// The nearest double, as Avro's promotion of long means it.
#[expect(
    clippy::as_conversions,
    reason = "the only conversion of i64 to f64 there is; it rounds, as Avro's does"
)]
fn long_to_double(value: i64) -> f64 {
    value as f64
}
