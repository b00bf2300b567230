//! The plan, the feeds and the code lists as typed models, and the periods they are reported in.
//!
//! Contract: no I/O. Every parse function takes the text of one TOML file and gives either the whole model or an
//! [`Error`] with every problem of that file, each with its line and column. Unknown keys are problems, so that a
//! typing mistake cannot quietly change what is counted.

pub mod codes;
mod error;
pub mod expression;
pub mod feeds;
pub mod period;
pub mod plan;
mod reader;
pub mod rounding;

#[cfg(test)]
mod shipped_files;

pub use error::{Error, Problem};
