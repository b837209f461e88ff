//! Converts the document of a venue to the form that the check accepts.
//!
//! A published document is often incomplete. The same thing may be written in several ways, and it
//! may have parts that this generator does not support. The steps in this module change its tree.
//! Values keep their positions, so that a finding names the line in the venue's file.
//!
//! - Steps that keep the whole meaning of the document are made for every document.
//! - Steps that add, ignore or relax something are made for documents that are not strict
//!   (`x-strict`). Each is a warning ([`Notes`]).
//! - Parts that still have findings are degraded: a schema without an exact type becomes any JSON
//!   value, and an operation whose requests or responses would be wrong is left out.

mod anchors;
mod bodies;
mod decimals;
mod degrade;
mod directions;
mod examples;
mod fills;
mod forms;
mod info;
mod inheritance;
mod key_parameters;
mod kinds;
mod notes;
mod openrpc;
mod operations;
mod parameters;
mod paths;
mod remarks;
mod resolved;
mod root;
mod samples;
mod schema;
mod security;
mod servers;
mod swagger;
mod unused;
mod version;
mod visit;

pub(super) use decimals::declare_decimals;
pub use decimals::{DecimalField, decimal_fields};
pub use degrade::degrade;
pub use examples::complete_examples;
pub use notes::Notes;
pub use root::{environment_of_host, environment_of_server};
pub use unused::note_unused;

use super::bundle::{self, Files};
use super::document::Document;

/// Returns whether a document states that it is strict, so that its warnings are errors.
#[must_use]
pub fn is_strict(document: &Document) -> bool {
    document.node("/x-strict").and_then(|strict| strict.as_bool()) == Some(true)
}

/// Converts OpenAPI 2.0 to 3.0, and leaves any other document as it is.
pub(super) fn in_version_three(mut document: Document) -> Document {
    version::in_version_three(&mut document, &mut Notes::default());
    document
}

/// Converts a document that is not strict to normal form, which is complete and has one notation
/// for each thing.
#[must_use]
pub fn normalise(document: Document, notes: &mut Notes) -> Document {
    let mut document = document.in_normal_form();
    document.text_notes().iter().for_each(|finding| notes.push(finding));
    kinds::flags_of_parameters(&mut document, notes);
    version::normalise(&mut document, notes);
    kinds::normalise(&mut document, notes);
    anchors::resolve(&mut document, notes);
    bundle::hoist(&mut document, &Files::default());
    version::drop_path_items(&mut document, notes);
    servers::drop_repeated(&mut document, notes);
    info::complete(&mut document, notes);
    servers::drop_relative(&mut document, notes);
    root::complete(&mut document, notes);
    openrpc::normalise(&mut document, notes);
    paths::complete(&mut document, notes);
    operations::complete(&mut document, notes);
    fills::normalise(&mut document, notes);
    inheritance::normalise(&mut document, notes);
    directions::normalise(&mut document, notes);
    security::normalise(&mut document, notes);
    key_parameters::normalise(&mut document, notes);
    parameters::normalise(&mut document, notes);
    bodies::normalise(&mut document, notes);
    schema::normalise(&mut document, notes);
    document
}
