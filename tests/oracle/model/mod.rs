//! The model: what every number must be, from the messages, by plain loops. It is a transcription of the domain's
//! text that shares nothing with the product, neither plan files nor code.

pub mod calendar;
pub mod catalogue;
pub mod count;
mod dates;
pub mod live;
pub mod returns;
pub mod values;
pub mod world;
