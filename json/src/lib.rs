#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking"))]

pub mod pointer;
pub mod reader;
mod tree;

pub use tree::{Tree, is_number, quoted};
