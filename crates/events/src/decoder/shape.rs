//! The form of a field that only the writer has, so that it can be passed over.

use apache_avro::Schema;

use super::compile::Types;
use super::program::Shape;
use super::resolve::Mismatch;

impl Shape {
    /// Whether a value of it takes no bytes at all. Every other value takes one at least.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Bytes(0))
    }
}

/// The form of a type of the writer's.
pub(super) fn shape<'s>(types: &mut Types<'s>, schema: &'s Schema, depth: usize) -> Result<Shape, Mismatch> {
    let shape_of = match types.look_up(schema, depth)? {
        Schema::Null => Shape::Bytes(0),
        Schema::Boolean => Shape::Bytes(1),
        Schema::Float => Shape::Bytes(4),
        Schema::Double => Shape::Bytes(8),
        Schema::Duration => Shape::Bytes(12),
        Schema::Fixed(fixed) => Shape::Bytes(fixed.size),
        Schema::Decimal(decimal) => return shape(types, &decimal.inner, depth + 1),
        Schema::Bytes | Schema::String | Schema::Uuid | Schema::BigDecimal => Shape::Lengthed,
        Schema::Enum(schema) => Shape::Enum(schema.symbols.len()),
        Schema::Array(array) => Shape::Array(Box::new(shape(types, &array.items, depth + 1)?)),
        Schema::Map(map) => Shape::Map(Box::new(shape(types, &map.types, depth + 1)?)),
        Schema::Union(union) => {
            let variants = union.variants().iter();
            Shape::Union(
                variants
                    .map(|variant| shape(types, variant, depth + 1))
                    .collect::<Result<_, _>>()?,
            )
        }
        Schema::Record(record) => {
            let fields = record
                .fields
                .iter()
                .map(|field| shape(types, &field.schema, depth + 1));
            let mut fields = fields.collect::<Result<Vec<_>, _>>()?;
            // What takes no bytes would cost time and no message length.
            fields.retain(|field| !field.is_empty());
            if fields.is_empty() {
                Shape::Bytes(0)
            } else {
                Shape::Record(fields.into_boxed_slice())
            }
        }
        Schema::Int
        | Schema::Long
        | Schema::Date
        | Schema::TimeMillis
        | Schema::TimeMicros
        | Schema::TimestampMillis
        | Schema::TimestampMicros
        | Schema::TimestampNanos
        | Schema::LocalTimestampMillis
        | Schema::LocalTimestampMicros
        | Schema::LocalTimestampNanos => Shape::Varint,
        Schema::Ref { .. } => return Err(Mismatch::new("a name that stands for another name")),
    };
    Ok(shape_of)
}
