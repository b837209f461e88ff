//! Helpers of the workspace's tests. The tests are in `tests/tests`, one file per subject.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

pub mod awkward;
pub mod examples;
pub mod mutation;
#[cfg(doctest)]
mod readme;
pub mod spellings;
pub mod styles;
