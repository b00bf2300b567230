//! Reports: what a committee reads of a snapshot, as one page for browsers and printers, and as a workbook.
//!
//! Contract:
//! - A report is made of what its audience sees and nothing else ([`Source`]): what is hidden is not in it, in no form.
//! - The same snapshot, seen by the same audience, gives the same report, byte for byte.
//! - Zero, nil, not returned, not applicable, not known and hidden look different (I7), by sign and word, never by colour alone.
//! - Whatever stands in titles, comments and definitions is text: escaped in the page, inert in the workbook.
//!
//! [`Report::of`] puts together what both forms say; [`html`] and [`xlsx`] only write it down.

mod cell;
mod error;
mod front;
pub mod html;
mod methods;
mod report;
mod row;
mod source;
mod spark;
#[cfg(test)]
mod tests;
pub mod xlsx;

pub use error::{Error, Result};
pub use report::Report;
pub use row::{Direction, Status};
pub use source::{Frozen, Source};
