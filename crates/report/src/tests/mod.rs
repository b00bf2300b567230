//! What reports look like, of a small plan with all that is hard to write.

mod cells;
mod fixture;
mod page;
mod workbook;
