//! The `quarterday` program: only routes.
fn main() {}
