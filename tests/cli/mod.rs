//! The program as its users run it: child processes, their output, their exit codes.

mod audience;
mod bad_input;
mod demo;
mod directory;
mod files;
mod formats;
mod frozen;
mod known;
mod plan;
mod quarantine;
mod rebuild;
mod reference;
mod remarks;
mod returns;
mod schedule;
mod up;
mod watched;
