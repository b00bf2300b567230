//! The `quarterday` program as a library, so that its tests can use the same parts as its commands.

mod as_known;
pub mod bench;
pub mod builtin;
pub mod certificate;
pub mod cli;
pub mod commands;
pub mod embedded;
mod files_in_force;
pub mod freezing;
pub mod instant;
pub mod keeper;
pub mod logging;
pub mod marks;
pub mod monitoring;
pub mod output;
pub mod produce;
pub mod progress;
pub mod rebuilding;
pub mod remedies;
pub mod retention;
pub mod settings;
pub mod setup;
pub mod stopping;
pub mod synthetic;
pub mod system;
pub mod target;
mod texts;
