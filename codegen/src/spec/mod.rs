//! The first floor: a spec as a positioned tree, checked.
//!
//! [`Document::parse`] keeps every scalar as written and knows where it stands; [`check`] finds all that is wrong with the
//! tree, in our own words; [`read`] hands a clean one to `openapiv3`, or to our own [`openrpc`] types.

mod build;
mod check;
mod document;
pub mod found;
mod json;
mod node;
pub mod openrpc;
mod pointer;
mod read;
mod scalar;
pub mod words;
mod yaml;

pub use build::first_line;
pub use check::check;
pub use document::Document;
pub use node::{Kind, Members, Node, Position};
pub use pointer::{parent, pointer_join, pointer_segments};
pub(crate) use read::is_null_type;
pub use read::{Source, read};
