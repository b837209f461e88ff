//! Tests the lowering with tiny specs: the model of each document, or the findings on it.

#![allow(
    missing_docs,
    clippy::panic,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod constraints;
mod examples;
mod json_rpc;
mod names;
mod operations;
mod reads;
mod support;
mod types;
mod usage;
