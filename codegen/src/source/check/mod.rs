//! Finds all that is wrong with a document, in one run.
//!
//! First the version, then the keys (`walk`, by the descriptions of `shapes`), then the meaning of
//! keys together. Where a value is read by a reader of the view, the check reports what the reader
//! refuses.

mod bodies;
mod components;
mod examples;
mod extensions;
mod help;
mod methods;
mod names;
mod operations;
mod outcomes;
mod parameters;
mod root;
mod run;
mod schemas;
mod security;
mod sites;
mod version;
mod walk;

pub use run::{check, read};
