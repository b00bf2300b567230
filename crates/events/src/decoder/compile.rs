//! Compiling a pair of schemas: which field of the writer goes where.

use std::collections::HashMap;

use apache_avro::Schema;
use apache_avro::schema::{Name, RecordField, RecordSchema};

use super::error::CompileError;
use super::program::{Action, Added, Program, Step};
use super::resolve::{Mismatch, describe, resolve};
use super::shape::shape;
use crate::avsc::MAX_DEPTH;
use crate::kind::{ColumnSpec, DefaultValue};
use crate::record_type::{BODY, RecordType};

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

/// Where a field of the writer goes.
#[derive(Clone, Copy)]
enum Target {
    Column(usize),
    Body,
}

impl<'s> Compiler<'s> {
    fn program(&mut self, writer: &'s Schema) -> Result<Program, Fault> {
        let Schema::Record(record) = self.types.look_up(writer, 0).map_err(Fault::at(""))? else {
            let problem = format!("the top level is {}, not a record", describe(writer));
            return Err(Fault {
                field: String::new(),
                problem,
            });
        };
        let (steps, added) = self.record(record, false, 0)?;
        let body_columns = self.columns(true).map(|(index, _)| index).collect();
        Ok(Program {
            steps,
            added,
            body_columns,
            columns: self.to.columns().len(),
        })
    }

    /// The steps of one level, envelope or body, and the columns of it that the writer does not have.
    fn record(
        &mut self,
        record: &'s RecordSchema,
        in_body: bool,
        depth: usize,
    ) -> Result<(Box<[Step]>, Added), Fault> {
        let targets = self.targets(record, in_body);
        let mut steps = Vec::with_capacity(record.fields.len());
        for (position, field) in record.fields.iter().enumerate() {
            let path = path(&field.name, in_body);
            let action = match targets.get(&position) {
                Some(Target::Body) => self.body(&field.schema, depth + 1)?,
                Some(Target::Column(column)) => {
                    self.column(*column, field, depth).map_err(Fault::at(&path))?
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
        let reached = |target: usize| {
            targets
                .values()
                .any(|t| matches!(t, Target::Column(c) if *c == target))
        };
        let added = self
            .columns(in_body)
            .filter(|(index, _)| !reached(*index))
            .map(|(index, spec)| {
                let value = spec.default.clone().ok_or_else(|| missing(&spec.path()))?;
                Ok::<(usize, DefaultValue), Fault>((index, value))
            });
        let added = added.collect::<Result<_, _>>()?;
        let has_body = targets.values().any(|target| matches!(target, Target::Body));
        if !in_body && !has_body && self.to.body().is_some_and(|body| !body.has_default) {
            return Err(missing(BODY));
        }
        Ok((steps.into_boxed_slice(), added))
    }

    fn column(&mut self, column: usize, field: &'s RecordField, depth: usize) -> Result<Action, Mismatch> {
        match self.to.columns().get(column) {
            Some(spec) => resolve(&mut self.types, &field.schema, (column, spec), depth + 1),
            None => Err(Mismatch::new("has no column")),
        }
    }

    /// The columns of one level with their positions.
    fn columns(&self, in_body: bool) -> impl Iterator<Item = (usize, &'s ColumnSpec)> + use<'s> {
        self.to
            .columns()
            .iter()
            .enumerate()
            .filter(move |(_, spec)| spec.in_body == in_body)
    }

    /// For each field of the writer, by its position, where it goes: by name first, else by an alias.
    fn targets(&self, record: &RecordSchema, in_body: bool) -> HashMap<usize, Target> {
        let mut readers: Vec<(&str, &[String], Target)> = self
            .columns(in_body)
            .map(|(index, spec)| (spec.name.as_str(), spec.aliases.as_slice(), Target::Column(index)))
            .collect();
        if let (false, Some(body)) = (in_body, self.to.body()) {
            readers.push((BODY, &body.aliases, Target::Body));
        }
        let position = |name: &str| record.fields.iter().position(|field| field.name == name);
        let mut targets = HashMap::new();
        readers.retain(|(name, _, target)| {
            let found = position(name);
            targets.extend(found.map(|position| (position, *target)));
            found.is_none()
        });
        for (_, aliases, target) in readers {
            let free = |position: &usize| !targets.contains_key(position);
            if let Some(position) = aliases.iter().filter_map(|alias| position(alias)).find(free) {
                targets.insert(position, target);
            }
        }
        targets
    }

    fn body(&mut self, schema: &'s Schema, depth: usize) -> Result<Action, Fault> {
        match self.types.look_up(schema, depth).map_err(Fault::at(BODY))? {
            Schema::Null => Ok(Action::NoBody),
            Schema::Record(record) => {
                let (steps, added) = self.record(record, true, depth)?;
                Ok(Action::Body { steps, added })
            }
            Schema::Union(union) => self.body_branches(union.variants(), depth),
            other => {
                let problem = format!(
                    "the writer has {} where a record or null is needed",
                    describe(other)
                );
                Err(Fault {
                    field: BODY.to_owned(),
                    problem,
                })
            }
        }
    }

    /// A branch that does not fit is no error until a datum chooses it, as long as some record fits.
    fn body_branches(&mut self, variants: &'s [Schema], depth: usize) -> Result<Action, Fault> {
        let mut branches = Vec::with_capacity(variants.len());
        let mut first_fault = None;
        let mut fits = false;
        for variant in variants {
            match self.body(variant, depth + 1) {
                Ok(action) => {
                    fits |= matches!(action, Action::Body { .. });
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

fn path(name: &str, in_body: bool) -> String {
    if in_body {
        format!("{BODY}.{name}")
    } else {
        name.to_owned()
    }
}

fn missing(path: &str) -> Fault {
    let problem = "the writer does not have it, and there is no default to stand for it".to_owned();
    Fault {
        field: path.to_owned(),
        problem,
    }
}
