//! The `quarterday` program as a library, so that its tests can use the same parts as its commands.
