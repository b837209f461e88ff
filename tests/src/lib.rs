//! What the tests of the workspace share; the tests themselves stand in `tests/tests`, one file a subject.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

pub mod awkward;
pub mod examples;
pub mod mutation;
#[cfg(doctest)]
mod readme;
