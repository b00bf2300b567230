//! Reading an Avro datum for people as far as it can be read, field by field, whatever record type it was meant for.

use apache_avro::Schema;
use apache_avro::schema::RecordSchema;
use apache_avro::types::Value as Datum;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use serde_json::{Map, Value};

/// A datum as far as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The fields that could be read, those of a record within it under its name.
    pub fields: Map<String, Value>,
    /// Where reading broke off; none if all of it could be read.
    pub fault: Option<Fault>,
}

/// Where a datum cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field.
    pub field: String,
    /// How many bytes of the datum had been read before the field.
    pub at: usize,
    /// What is wrong.
    pub problem: String,
}

/// Reads a datum that was written by this schema.
#[must_use]
pub fn read(writer: &Schema, datum: &[u8]) -> Partial {
    let mut reading = Reading {
        writer,
        length: datum.len(),
        rest: datum,
    };
    let mut fields = Map::new();
    let fault = match writer {
        Schema::Record(record) => reading.record(record, "", &mut fields).err(),
        _ => Some(reading.fault("", "the schema is not that of a record")),
    };
    let trailing = || {
        let left = reading.rest.len();
        (left > 0).then(|| reading.fault("", &format!("{left} bytes are left after the end")))
    };
    let fault = fault.or_else(trailing);
    Partial { fields, fault }
}

const ENDS: &str = "the message ends in the middle of a value";

struct Reading<'d> {
    /// What named types are found in.
    writer: &'d Schema,
    length: usize,
    rest: &'d [u8],
}

impl Reading<'_> {
    fn record(
        &mut self,
        record: &RecordSchema,
        path: &str,
        into: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        for field in &record.fields {
            let path = if path.is_empty() {
                field.name.clone()
            } else {
                format!("{path}.{}", field.name)
            };
            self.field(&field.schema, &path, &field.name, into)?;
        }
        Ok(())
    }

    /// A record within is kept as far as it can be read.
    fn field(
        &mut self,
        schema: &Schema,
        path: &str,
        name: &str,
        into: &mut Map<String, Value>,
    ) -> Result<(), Fault> {
        match schema {
            Schema::Record(record) => {
                let mut inner = Map::new();
                let read = self.record(record, path, &mut inner);
                into.insert(name.to_owned(), Value::Object(inner));
                read
            }
            Schema::Union(union) => {
                let Value::Number(branch) = self.leaf(&Schema::Long, path)? else {
                    return Err(self.fault(path, "no branch of a union"));
                };
                let index = branch.as_u64().and_then(|index| usize::try_from(index).ok());
                let Some(schema) = index.and_then(|index| union.variants().get(index)) else {
                    let branches = union.variants().len();
                    let problem = format!("branch {branch} of a union that has {branches}");
                    return Err(self.fault(path, &problem));
                };
                self.field(schema, path, name, into)
            }
            leaf => {
                let value = self.leaf(leaf, path)?;
                into.insert(name.to_owned(), value);
                Ok(())
            }
        }
    }

    fn leaf(&mut self, schema: &Schema, path: &str) -> Result<Value, Fault> {
        // The library takes the end of the bytes for a number's zero bits.
        if self.rest.is_empty() && !matches!(schema, Schema::Null) {
            return Err(self.fault(path, ENDS));
        }
        let mut rest = self.rest;
        // Schemata that the leaf may name are those of the writer; the leaf itself is read as it stands.
        let read = apache_avro::from_avro_datum_schemata(schema, vec![self.writer], &mut rest, None);
        let value = read.map_err(|error| self.fault(path, &error.to_string()))?;
        let read = self.rest.len().saturating_sub(rest.len());
        let last = read.checked_sub(1).and_then(|last| self.rest.get(last));
        let is_cut = is_number(&value) && last.is_none_or(|byte| byte & 0x80 != 0);
        // And for a text that is cut it gives null.
        let is_nothing = matches!(value, Datum::Null) && !matches!(schema, Schema::Null);
        if is_cut || is_nothing {
            return Err(self.fault(path, ENDS));
        }
        self.rest = rest;
        if let Some(day_or_time) = printed(&value) {
            return Ok(Value::String(day_or_time));
        }
        Value::try_from(value).map_err(|error| self.fault(path, &error.to_string()))
    }

    fn fault(&self, path: &str, problem: &str) -> Fault {
        Fault {
            field: path.to_owned(),
            at: self.length.saturating_sub(self.rest.len()),
            problem: problem.to_owned(),
        }
    }
}

/// Whether it is written as a number of variable length, each byte but the last of which says that another follows.
fn is_number(value: &Datum) -> bool {
    matches!(
        value,
        Datum::Int(_)
            | Datum::Long(_)
            | Datum::Date(_)
            | Datum::Enum(..)
            | Datum::TimeMillis(_)
            | Datum::TimeMicros(_)
            | Datum::TimestampMillis(_)
            | Datum::TimestampMicros(_)
    )
}

/// Days and times as people write them; one that cannot be stays a number.
fn printed(value: &Datum) -> Option<String> {
    let time = |time: Result<Timestamp, jiff::Error>| time.ok().map(|time| time.to_string());
    match value {
        Datum::Date(days) => {
            let day = Date::constant(1970, 1, 1).checked_add(Span::new().try_days(*days).ok()?);
            day.ok().map(|day| day.to_string())
        }
        Datum::TimestampMillis(millis) => time(Timestamp::from_millisecond(*millis)),
        Datum::TimestampMicros(micros) => time(Timestamp::from_microsecond(*micros)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoder, RecordType};
    use serde_json::json;

    const SCHEMA: &str = include_str!("../../../schemas/avro/cctv_incident.avsc");

    fn datum() -> Vec<u8> {
        let record_type = RecordType::parse("cctv_incident", SCHEMA).unwrap();
        let record = json!({
            "feed": "cctv-incidents", "partner": "TWBC_CCTV", "ref": "C-1", "op": "SUBMIT", "version": 1,
            "sent_at": "2014-05-13T16:53:20Z",
            "body": {
                "occurred_at": "2014-05-13T16:53:20Z", "incident_type": "VIOLENCE", "instigated_by": "CCTV",
                "monitored": true, "arrests": 1, "camera_area": "A1"
            }
        });
        Encoder::new(&record_type).encode(&record).unwrap()
    }

    #[test]
    fn a_whole_datum_is_read_whole() {
        let schema = Schema::parse_str(SCHEMA).unwrap();
        let read = read(&schema, &datum());
        assert_eq!(read.fault, None);
        assert_eq!(read.fields["ref"], "C-1");
        assert_eq!(read.fields["op"], "SUBMIT");
        assert_eq!(read.fields["sent_at"], "2014-05-13T16:53:20Z");
        assert_eq!(read.fields["body"]["incident_type"], "VIOLENCE");
    }

    #[test]
    fn of_a_cut_one_the_beginning_and_the_place_of_the_cut() {
        let (schema, datum) = (Schema::parse_str(SCHEMA).unwrap(), datum());
        let cut = &datum[..datum.len() - 4];
        let read = read(&schema, cut);
        let fault = read.fault.unwrap();
        assert_eq!(fault.field, "body.arrests");
        assert_eq!(fault.at, cut.len());
        assert_eq!(read.fields["body"]["monitored"], true);
        for length in 0..datum.len() {
            let read = super::read(&schema, &datum[..length]);
            assert!(
                read.fault.is_some(),
                "{length} of {}: {:?}",
                datum.len(),
                read.fields
            );
        }
    }

    #[test]
    fn what_is_behind_is_told() {
        let schema = Schema::parse_str(SCHEMA).unwrap();
        let longer = [datum(), vec![0, 0]].concat();
        let fault = read(&schema, &longer).fault.unwrap();
        assert_eq!(fault.problem, "2 bytes are left after the end");
    }
}
