//! Helpers of the integration tests: one embedded system for all, waiting on conditions, starting the program as a user
//! does, skipping loudly.

pub(crate) mod http;
mod program;
mod records;
pub(crate) mod shared;
pub(crate) mod trap;
mod waiting;

pub(crate) use program::{Program, Running};
pub(crate) use quarterday::bench::skip;
pub(crate) use records::cctv_incident;
pub(crate) use waiting::wait_until;
