//! The program as its users run it: child processes, their output, their exit codes.

mod bad_input;
mod demo;
mod files;
mod formats;
mod plan;
mod quarantine;
mod remarks;
mod up;
mod watched;
