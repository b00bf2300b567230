//! Partner events: from bytes and files to checked, normalised columns, and back. No I/O.
//!
//! The way of one message: [`wire`] takes the frame off, [`SchemaStore`] finds the decoder that was compiled for the
//! writer's schema, [`Decoder`] reads the datum straight into [`Columns`], [`Judge`] checks and normalises the row in
//! place. The way of one pushed row: a reader of [`files`] makes JSON of it, [`Encoder`] makes Avro of that.
//!
//! Nothing here panics on outside bytes, text or schemas (I11); what is refused is told with its field, and a refused
//! value is quoted only where it looks like a code (I10).

pub mod avsc;
pub mod canonical;
pub mod columns;
pub mod decoder;
pub mod encoder;
pub mod files;
pub mod judge;
mod kind;
mod london;
pub mod partial;
mod quote;
mod record_type;
pub mod schema_store;
pub mod wire;

pub use columns::{Column, Columns, Strs, Values};
pub use decoder::{CompileError, DecodeError, Decoder};
pub use encoder::{EncodeError, Encoder};
pub use judge::{Judge, Reason, Rejection};
pub use kind::{ColumnSpec, DefaultValue, Kind};
pub use record_type::{RecordType, RecordTypeError};
pub use schema_store::SchemaStore;

#[cfg(test)]
mod testing;
