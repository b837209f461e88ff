//! Lowering: from the resolved view of a document to the model.
//!
//! Two readers, `openapi` and `openrpc`, share the lowering of schemas (`schema`) and of extensions
//! (`extensions`). `finish` settles what needs all types: usage, recursion, names. All of them go on after a
//! finding, with a type that stands in for the one that could not be read, so that one run tells everything.
//!
//! # Which inline schema becomes which type
//!
//! A schema that needs a name (an object with members, an enum, a row, a `oneOf`) is named after where it stands, never after
//! what it looks like, and two places never share a type unless they are one place (a `$ref`):
//!
//! | where | name |
//! |---|---|
//! | a component (schema, parameter, response, body) | its own name |
//! | a parameter of an operation | `Operation` + `Parameter` |
//! | the body, the reply | `Operation` + `Body`, `Reply` |
//! | the body of an error | `Operation` + `Error` + status |
//! | a member of an object, a column of a row | parent + member |
//! | an item of a list, a value of a map | parent + `Item`, `Value` |
//! | an alternative of a `oneOf` | parent + its JSON kind |
//!
//! `x-rust-name` on such a schema is its name instead; on a member or a parameter it is that of the member or the parameter, from
//! which its type's is made.

mod extensions;
mod finish;
mod lowering;
mod openapi;
mod openrpc;
mod root;
mod schema;

use crate::diagnostic::Diagnostics;
use crate::model::api::Api;
use crate::source::standard::Standard;
use crate::source::view::View;

/// Lowers a checked document.
///
/// # Errors
/// Everything in the document that has no faithful Rust: names that collide, shapes that contain themselves.
pub fn lower(view: &View<'_>) -> Result<Api, Diagnostics> {
    match view.standard {
        Standard::OpenApi => openapi::lower(view),
        Standard::OpenRpc => openrpc::lower(view),
    }
}
