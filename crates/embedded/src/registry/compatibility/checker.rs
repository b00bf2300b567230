//! Comparing two schemas part by part.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::registry::schema::{AvroSchema, Names};

/// Types nested deeper than this are not compared: nobody writes such schemas by hand, and the stack is finite.
const DEPTH_LIMIT: usize = 200;

/// Reports end here: one wrong type used everywhere would fill pages.
const REPORT_LIMIT: usize = 50;

/// Why data of `writer` cannot be read with `reader`, each with the path of the field; nothing when it can.
pub(in crate::registry) fn unreadable(reader: &AvroSchema, writer: &AvroSchema) -> Vec<String> {
    let mut checker = Checker {
        reader: reader.names(),
        writer: writer.names(),
        open: HashSet::new(),
        seen: HashMap::new(),
    };
    let path = Path {
        text: String::new(),
        depth: 0,
    };
    let mut problems = checker.compare(reader.resolved(), writer.resolved(), &path);
    problems.truncate(REPORT_LIMIT);
    problems
}

struct Checker<'a> {
    reader: Names<'a>,
    writer: Names<'a>,
    /// Named types that are being compared: taken as compatible meanwhile, which makes recursive types right.
    open: HashSet<(&'a str, &'a str)>,
    /// What was found for two named types.
    seen: HashMap<(&'a str, &'a str), Vec<String>>,
}

/// Where in the schema.
struct Path {
    text: String,
    depth: usize,
}

/// A schema by its kind.
enum Kind<'a> {
    Primitive(&'a str),
    Union(&'a [Value]),
    Array(&'a Value),
    Map(&'a Value),
    Record(&'a Map<String, Value>),
    Enum(&'a Map<String, Value>),
    Fixed(&'a Map<String, Value>),
    Other,
}

impl Path {
    fn into(&self, part: &str) -> Self {
        let separator = if self.text.is_empty() { "" } else { "." };
        Self {
            text: format!("{}{separator}{part}", self.text),
            depth: self.depth + 1,
        }
    }

    fn problem(&self, message: impl std::fmt::Display) -> Vec<String> {
        let place = if self.text.is_empty() {
            "the schema"
        } else {
            &self.text
        };
        vec![format!("{place}: {message}")]
    }
}

impl<'a> Checker<'a> {
    fn compare(&mut self, reader: &'a Value, writer: &'a Value, path: &Path) -> Vec<String> {
        if path.depth > DEPTH_LIMIT {
            return path.problem("types are nested too deeply to be compared");
        }
        let (reader, writer) = (follow(&self.reader, reader), follow(&self.writer, writer));
        if let (Some(ours), Some(theirs)) = (logical_type(reader), logical_type(writer))
            && ours != theirs
        {
            return path.problem(format_args!("logical type {theirs} would be read as {ours}"));
        }
        match (kind(reader), kind(writer)) {
            (_, Kind::Union(branches)) => branches
                .iter()
                .flat_map(|branch| {
                    self.compare(reader, branch, &path.into(&format!("<{}>", name_of(branch))))
                })
                .collect(),
            (Kind::Union(branches), _) => self.compare_with_any(branches, writer, path),
            (
                Kind::Record(_) | Kind::Enum(_) | Kind::Fixed(_),
                Kind::Record(_) | Kind::Enum(_) | Kind::Fixed(_),
            ) => self.compare_named(reader, writer, path),
            (Kind::Array(ours), Kind::Array(theirs)) => self.compare(ours, theirs, &path.into("items")),
            (Kind::Map(ours), Kind::Map(theirs)) => self.compare(ours, theirs, &path.into("values")),
            (Kind::Primitive(ours), Kind::Primitive(theirs)) if reads(ours, theirs) => Vec::new(),
            _ => type_mismatch(reader, writer, path),
        }
    }

    /// One branch of a reader's union must read what was written; the report is of the branch that comes nearest.
    fn compare_with_any(&mut self, branches: &'a [Value], writer: &'a Value, path: &Path) -> Vec<String> {
        let mut nearest = None;
        for branch in branches {
            let problems = self.compare(branch, writer, path);
            if problems.is_empty() {
                return problems;
            }
            if nearest.is_none() && name_of(follow(&self.reader, branch)) == name_of(writer) {
                nearest = Some(problems);
            }
        }
        nearest.unwrap_or_else(|| {
            path.problem(format_args!(
                "the union has no branch that reads {}",
                name_of(writer)
            ))
        })
    }

    fn compare_named(&mut self, reader: &'a Value, writer: &'a Value, path: &Path) -> Vec<String> {
        let names = (name_of(reader), name_of(writer));
        if let Some(found) = self.seen.get(&names) {
            return found.clone();
        }
        if !same_name(reader, writer) {
            return type_mismatch(reader, writer, path);
        }
        if !self.open.insert(names) {
            return Vec::new();
        }
        let problems = match (kind(reader), kind(writer)) {
            (Kind::Record(ours), Kind::Record(theirs)) => self.compare_fields(ours, theirs, path),
            (Kind::Enum(ours), Kind::Enum(theirs)) => compare_symbols(ours, theirs, path),
            (Kind::Fixed(ours), Kind::Fixed(theirs)) if ours.get("size") == theirs.get("size") => Vec::new(),
            (Kind::Fixed(_), Kind::Fixed(_)) => path.problem("the size of a fixed type cannot change"),
            _ => type_mismatch(reader, writer, path),
        };
        self.open.remove(&names);
        if !problems.is_empty() {
            // Types found compatible meanwhile may have been so only because these were taken as compatible.
            self.seen.retain(|_, found| !found.is_empty());
        }
        self.seen.insert(names, problems.clone());
        problems
    }

    fn compare_fields(
        &mut self,
        reader: &'a Map<String, Value>,
        writer: &'a Map<String, Value>,
        path: &Path,
    ) -> Vec<String> {
        let mut problems = Vec::new();
        for field in fields(reader) {
            let name = text(field, "name");
            let path = path.into(name);
            match (
                fields(writer).find(|theirs| answers_to(field, text(theirs, "name"))),
                field.get("type"),
            ) {
                (Some(theirs), Some(ours)) => {
                    if let Some(theirs) = theirs.get("type") {
                        problems.extend(self.compare(ours, theirs, &path));
                    }
                }
                _ if field.get("default").is_some() => {}
                _ => problems.extend(path.problem(format_args!(
                    "field {name} is missing in the data and has no default; give it one"
                ))),
            }
        }
        problems
    }
}

fn compare_symbols(reader: &Map<String, Value>, writer: &Map<String, Value>, path: &Path) -> Vec<String> {
    let symbols = |of: &'_ Map<String, Value>| {
        of.get("symbols")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let known = symbols(reader);
    let unknown: Vec<String> = symbols(writer)
        .iter()
        .filter(|symbol| !known.contains(symbol))
        .filter_map(|symbol| symbol.as_str().map(str::to_owned))
        .collect();
    if unknown.is_empty() || reader.contains_key("default") {
        return Vec::new();
    }
    path.problem(format_args!(
        "the enum lacks {} and has no default",
        unknown.join(", ")
    ))
}

fn type_mismatch(reader: &Value, writer: &Value, path: &Path) -> Vec<String> {
    path.problem(format_args!(
        "{} cannot be read as {}",
        name_of(writer),
        name_of(reader)
    ))
}

/// The definition of a name, or the schema itself.
fn follow<'a>(names: &Names<'a>, schema: &'a Value) -> &'a Value {
    schema
        .as_str()
        .and_then(|name| names.get(name))
        .copied()
        .unwrap_or(schema)
}

fn kind(schema: &Value) -> Kind<'_> {
    match schema {
        Value::String(name) => Kind::Primitive(name),
        Value::Array(branches) => Kind::Union(branches),
        Value::Object(map) => match map.get("type") {
            Some(Value::String(word)) => match (word.as_str(), map.get("items"), map.get("values")) {
                ("array", Some(items), _) => Kind::Array(items),
                ("map", _, Some(values)) => Kind::Map(values),
                ("record" | "error", ..) => Kind::Record(map),
                ("enum", ..) => Kind::Enum(map),
                ("fixed", ..) => Kind::Fixed(map),
                (primitive, ..) => Kind::Primitive(primitive),
            },
            Some(inner) => kind(inner),
            None => Kind::Other,
        },
        _ => Kind::Other,
    }
}

/// A reader's primitive type takes these writers' types.
fn reads(reader: &str, writer: &str) -> bool {
    reader == writer
        || match reader {
            "long" => writer == "int",
            "float" => matches!(writer, "int" | "long"),
            "double" => matches!(writer, "int" | "long" | "float"),
            "string" => writer == "bytes",
            "bytes" => writer == "string",
            _ => false,
        }
}

fn logical_type(schema: &Value) -> Option<&str> {
    schema.get("logicalType").and_then(Value::as_str)
}

/// What people call a schema: the name of a named type, else its kind.
fn name_of(schema: &Value) -> &str {
    match kind(schema) {
        Kind::Primitive(name) => name,
        Kind::Union(_) => "union",
        Kind::Array(_) => "array",
        Kind::Map(_) => "map",
        Kind::Record(map) | Kind::Enum(map) | Kind::Fixed(map) => {
            map.get("name").and_then(Value::as_str).unwrap_or_default()
        }
        Kind::Other => "unknown",
    }
}

/// Avro compares the names of types without their namespaces, or the reader's aliases.
fn same_name(reader: &Value, writer: &Value) -> bool {
    let short = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    let (ours, theirs) = (name_of(reader), name_of(writer));
    short(ours) == short(theirs) || aliases(reader).any(|alias| alias == theirs)
}

fn answers_to(field: &Value, name: &str) -> bool {
    text(field, "name") == name || aliases(field).any(|alias| alias == name)
}

fn aliases(of: &Value) -> impl Iterator<Item = &str> {
    of.get("aliases")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn fields(record: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    record
        .get("fields")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn text<'a>(of: &'a Value, key: &str) -> &'a str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}
