//! Finds all faults of a document in one run.
//!
//! It checks the version first, then the keys (`walk`, by the descriptions of `shapes`), then the
//! keys that depend on each other. If the view has a reader for a value, the check reports the
//! refusal of the reader.

mod bodies;
mod components;
mod constraints;
mod error_codes;
mod examples;
mod extensions;
mod help;
mod methods;
mod names;
mod operations;
mod outcomes;
pub(super) mod overlay;
mod parameters;
mod root;
mod routes;
mod run;
mod schemas;
mod security;
mod sites;
mod version;
mod walk;

pub(super) use run::sites;
pub use run::{check, read};
