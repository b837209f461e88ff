//! Names in Rust.

use venuekit_codegen::model::names::Words;
use venuekit_codegen::source::Located;

/// Returns the name of a property or a parameter in Rust.
pub(crate) fn rust_name(found: &Located<'_>, wire: &str) -> String {
    let name = found.text("x-rust-name").unwrap_or(wire);
    Words::parse(name).map_or_else(|_| name.to_owned(), |words| words.snake())
}
