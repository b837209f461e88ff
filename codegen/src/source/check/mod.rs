//! Finds all faults of a document in one run.
//!
//! The check looks at the version first, then compares the keys with their descriptions (`walk` and
//! `shapes`), then checks the keys that depend on each other. If the view has a reader for a value,
//! the check calls the reader and reports its refusal.

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
mod pagination;
mod parameters;
mod root;
mod routes;
mod run;
mod schemas;
mod security;
mod sites;
mod subscriptions;
mod version;
mod walk;

pub(super) use run::sites;
pub use run::{check, read};
