//! What the tests of the workspace share; the tests themselves stand in `tests/tests`, one file a subject.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

pub mod awkward;
pub mod clock;
pub mod examples;
pub mod json;
pub mod mutation;
pub mod nobody;
pub mod patience;
#[cfg(doctest)]
mod readme;
pub mod scripted;
pub mod server;
