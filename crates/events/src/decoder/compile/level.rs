//! The fields of one level of a record type, envelope, body or the records of an array, and where they are found in the
//! writer's record.

use std::collections::HashMap;

use apache_avro::schema::RecordSchema;

use super::{Fault, missing};
use crate::decoder::program::Added;
use crate::kind::{ColumnSpec, DefaultValue};
use crate::record_type::{BODY, Body, List, RecordType};

/// One level of a record type.
#[derive(Clone, Copy)]
pub(super) enum Level<'s> {
    Envelope,
    Body,
    Record(&'s List),
}

/// A field of a level.
pub(super) struct Field<'s> {
    name: &'s str,
    aliases: &'s [String],
    target: Target<'s>,
}

/// Where a field goes.
#[derive(Clone, Copy)]
pub(super) enum Target<'s> {
    Column(usize, &'s ColumnSpec),
    List(&'s List),
    Body(&'s Body),
}

impl<'s> Level<'s> {
    /// The path that messages name a field of the writer by.
    pub(super) fn path(self, name: &str) -> String {
        match self {
            Self::Envelope => name.to_owned(),
            Self::Body => format!("{BODY}.{name}"),
            Self::Record(list) => format!("{}.{name}", list.path()),
        }
    }

    /// The fields that the record type has here.
    pub(super) fn fields(self, of: &'s RecordType) -> Vec<Field<'s>> {
        if let Self::Record(list) = self {
            let entries = list.fields.iter().map(|field| (field.column, &field.entry));
            return entries
                .map(|(column, entry)| Field::of_column(column, entry))
                .collect();
        }
        let in_body = matches!(self, Self::Body);
        let columns = of.columns().iter().enumerate();
        let mut fields: Vec<Field<'s>> = columns
            .filter(|(_, spec)| spec.in_body == in_body && spec.list.is_none())
            .map(|(column, spec)| Field::of_column(column, spec))
            .collect();
        if in_body {
            fields.extend(of.lists().iter().map(|list| Field {
                name: &list.name,
                aliases: &list.aliases,
                target: Target::List(list),
            }));
        } else {
            fields.extend(of.body().map(|body| Field {
                name: BODY,
                aliases: &body.aliases,
                target: Target::Body(body),
            }));
        }
        fields
    }
}

impl<'s> Field<'s> {
    fn of_column(column: usize, spec: &'s ColumnSpec) -> Self {
        Self {
            name: spec.field(),
            aliases: &spec.aliases,
            target: Target::Column(column, spec),
        }
    }

    /// What stands for the field where the writer does not have it.
    fn absent(&self) -> Result<Vec<(usize, DefaultValue)>, Fault> {
        match self.target {
            Target::Column(column, spec) => match &spec.default {
                Some(value) => Ok(vec![(column, value.clone())]),
                None => Err(missing(&spec.path())),
            },
            Target::List(list) if list.has_default => {
                let columns = list.fields.iter().map(|field| field.column);
                Ok(columns.map(|column| (column, DefaultValue::NoEntries)).collect())
            }
            Target::List(list) => Err(missing(&list.path())),
            Target::Body(body) if body.has_default => Ok(Vec::new()),
            Target::Body(_) => Err(missing(BODY)),
        }
    }
}

/// For each field of the writer, by its position, where it goes, and what stands for the fields that it does not have.
/// A field is found by its name first, else by an alias.
pub(super) fn match_up<'s>(
    fields: Vec<Field<'s>>,
    record: &RecordSchema,
) -> Result<(HashMap<usize, Target<'s>>, Added), Fault> {
    let position = |name: &str| record.fields.iter().position(|field| field.name == name);
    let mut targets = HashMap::new();
    let mut unnamed = Vec::new();
    for field in fields {
        match position(field.name) {
            Some(position) => {
                targets.insert(position, field.target);
            }
            None => unnamed.push(field),
        }
    }
    let mut added = Vec::new();
    for field in unnamed {
        let free = |position: &usize| !targets.contains_key(position);
        match field
            .aliases
            .iter()
            .filter_map(|alias| position(alias))
            .find(free)
        {
            Some(position) => {
                targets.insert(position, field.target);
            }
            None => added.extend(field.absent()?),
        }
    }
    Ok((targets, added.into_boxed_slice()))
}
