//! Compiling a pair of schemas: which field of the writer goes where.

mod level;

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::schema::{Name, RecordSchema, UnionSchema};

use super::error::CompileError;
use super::program::{Action, Added, Program, Step};
use super::resolve::{Mismatch, describe, resolve};
use super::shape::shape;
use crate::avsc::MAX_DEPTH;
use crate::record_type::{BODY, List, RecordType};
use level::{Level, Target, match_up};

/// A writer's schema may unfold to this many types; more only comes of one that repeats its own parts.
const MAX_TYPES: usize = 20_000;

/// Resolves the writer's schema to the record type.
pub(super) fn compile(writer: &Schema, to: &RecordType) -> Result<Program, CompileError> {
    let fail = |fault: Fault| CompileError {
        record_type: to.name().to_owned(),
        field: fault.field,
        problem: fault.problem,
    };
    let mut names = HashMap::new();
    collect_names(writer, &mut names, 0);
    let mut compiler = Compiler {
        types: Types { names, seen: 0 },
        to,
    };
    compiler.program(writer).map_err(fail)
}

struct Fault {
    field: String,
    problem: String,
}

impl Fault {
    fn new(field: &str, problem: impl Into<String>) -> Self {
        Self {
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    fn at(field: &str) -> impl Fn(Mismatch) -> Self {
        |Mismatch(problem)| Self {
            field: field.to_owned(),
            problem,
        }
    }
}

/// The named types of the writer's schema, and a count of how far it was unfolded.
pub(super) struct Types<'s> {
    names: HashMap<Name, &'s Schema>,
    seen: usize,
}

impl<'s> Types<'s> {
    /// The type that a schema stands for; counts it, and refuses what is nested or unfolds without end.
    pub(super) fn look_up(&mut self, schema: &'s Schema, depth: usize) -> Result<&'s Schema, Mismatch> {
        self.seen += 1;
        if depth > MAX_DEPTH || self.seen > MAX_TYPES {
            return Err(Mismatch::new("the type contains itself, or is nested too deeply"));
        }
        match schema {
            Schema::Ref { name } => {
                let found = self.names.get(name).copied();
                found.ok_or_else(|| Mismatch::new(format!("the type {name} is not defined in the schema")))
            }
            schema => Ok(schema),
        }
    }
}

fn collect_names<'s>(schema: &'s Schema, names: &mut HashMap<Name, &'s Schema>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match schema {
        Schema::Array(array) => collect_names(&array.items, names, depth + 1),
        Schema::Map(map) => collect_names(&map.types, names, depth + 1),
        Schema::Union(union) => {
            union
                .variants()
                .iter()
                .for_each(|variant| collect_names(variant, names, depth + 1));
        }
        Schema::Record(record) => {
            names.entry(record.name.clone()).or_insert(schema);
            record
                .fields
                .iter()
                .for_each(|field| collect_names(&field.schema, names, depth + 1));
        }
        Schema::Enum(schema_of_enum) => {
            names.entry(schema_of_enum.name.clone()).or_insert(schema);
        }
        Schema::Fixed(fixed) => {
            names.entry(fixed.name.clone()).or_insert(schema);
        }
        _ => {}
    }
}

struct Compiler<'s> {
    types: Types<'s>,
    to: &'s RecordType,
}

impl<'s> Compiler<'s> {
    fn program(&mut self, writer: &'s Schema) -> Result<Program, Fault> {
        let Schema::Record(record) = self.types.look_up(writer, 0).map_err(Fault::at(""))? else {
            let problem = format!("the top level is {}, not a record", describe(writer));
            return Err(Fault::new("", problem));
        };
        let (steps, added) = self.record(record, Level::Envelope, 0)?;
        let columns = self.to.columns().iter().enumerate();
        let in_body = columns.filter(|(_, spec)| spec.in_body);
        Ok(Program {
            steps,
            added,
            body_columns: in_body.map(|(column, _)| column).collect(),
            columns: self.to.columns().len(),
        })
    }

    /// The steps of one level, and the columns of it that the writer does not have.
    fn record(
        &mut self,
        record: &'s RecordSchema,
        level: Level<'s>,
        depth: usize,
    ) -> Result<(Box<[Step]>, Added), Fault> {
        let (targets, added) = match_up(level.fields(self.to), record)?;
        let mut steps = Vec::with_capacity(record.fields.len());
        for (position, field) in record.fields.iter().enumerate() {
            let path = level.path(&field.name);
            let action = match targets.get(&position) {
                Some(Target::Body(_)) => self.body(&field.schema, depth + 1)?,
                Some(Target::List(list)) => self.list(list, &field.schema, depth + 1)?,
                Some(Target::Column(column, spec)) => {
                    let action = resolve(&mut self.types, &field.schema, (*column, spec), depth + 1);
                    action.map_err(Fault::at(&path))?
                }
                None => {
                    let skipped = shape(&mut self.types, &field.schema, depth + 1);
                    Action::Skip(skipped.map_err(Fault::at(&path))?)
                }
            };
            steps.push(Step {
                path: path.into_boxed_str(),
                action,
            });
        }
        Ok((steps.into_boxed_slice(), added))
    }

    fn body(&mut self, schema: &'s Schema, depth: usize) -> Result<Action, Fault> {
        match self.types.look_up(schema, depth).map_err(Fault::at(BODY))? {
            Schema::Null => Ok(Action::NoBody),
            Schema::Record(record) => {
                let (steps, added) = self.record(record, Level::Body, depth)?;
                Ok(Action::Body { steps, added })
            }
            Schema::Union(union) => self.branches(
                union,
                |compiler, variant| compiler.body(variant, depth + 1),
                |action| matches!(action, Action::Body { .. }),
            ),
            other => {
                let problem = format!(
                    "the writer has {} where a record or null is needed",
                    describe(other)
                );
                Err(Fault::new(BODY, problem))
            }
        }
    }

    fn list(&mut self, list: &'s List, schema: &'s Schema, depth: usize) -> Result<Action, Fault> {
        let path = list.path();
        match self.types.look_up(schema, depth).map_err(Fault::at(&path))? {
            Schema::Array(array) => {
                let record = self.list_record(list, &array.items, depth + 1)?;
                Ok(Action::Records {
                    record: Box::new(record),
                    columns: list.fields.iter().map(|field| field.column).collect(),
                })
            }
            Schema::Union(union) => self.branches(
                union,
                |compiler, variant| compiler.list(list, variant, depth + 1),
                |_| true,
            ),
            Schema::Null => Err(Fault::new(&path, "is null, and has to be given")),
            other => {
                let problem = format!(
                    "the writer has {}, which cannot be read as an array of records",
                    describe(other)
                );
                Err(Fault::new(&path, problem))
            }
        }
    }

    fn list_record(&mut self, list: &'s List, schema: &'s Schema, depth: usize) -> Result<Action, Fault> {
        let path = list.path();
        match self.types.look_up(schema, depth).map_err(Fault::at(&path))? {
            Schema::Record(record) => {
                let shape = shape(&mut self.types, schema, depth).map_err(Fault::at(&path))?;
                if shape.is_empty() {
                    // Any number of them would fit into no bytes.
                    return Err(Fault::new(&path, "the writer's records have nothing in them"));
                }
                let (steps, added) = self.record(record, Level::Record(list), depth)?;
                Ok(Action::Record { steps, added })
            }
            Schema::Union(union) => self.branches(
                union,
                |compiler, variant| compiler.list_record(list, variant, depth + 1),
                |_| true,
            ),
            other => {
                let problem = format!("the writer's array has {}, which is no record", describe(other));
                Err(Fault::new(&path, problem))
            }
        }
    }

    /// A branch that cannot be read is no error until a datum chooses it, as long as some branch fits.
    fn branches(
        &mut self,
        union: &'s UnionSchema,
        mut read: impl FnMut(&mut Self, &'s Schema) -> Result<Action, Fault>,
        is_fit: fn(&Action) -> bool,
    ) -> Result<Action, Fault> {
        let mut branches = Vec::with_capacity(union.variants().len());
        let mut first_fault = None;
        let mut fits = false;
        for variant in union.variants() {
            match read(self, variant) {
                Ok(action) => {
                    fits |= is_fit(&action);
                    branches.push(action);
                }
                Err(fault) => {
                    branches.push(Action::Refuse(
                        format!("{}: {}", fault.field, fault.problem).into(),
                    ));
                    first_fault.get_or_insert(fault);
                }
            }
        }
        match first_fault {
            Some(fault) if !fits => Err(fault),
            _ => Ok(Action::Branch(branches.into_boxed_slice())),
        }
    }
}

fn missing(path: &str) -> Fault {
    Fault::new(
        path,
        "the writer does not have it, and there is no default to stand for it",
    )
}
