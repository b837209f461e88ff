//! Turns the target of a `$ref` into a component, if the `$ref` leads to another file, or to a
//! value of the document that is not a component.
//!
//! - `roles` says which kind of value each place of a document has.
//! - `links` lists the `$ref`s of a tree, each with its role.
//! - `files` has the other files, and decides which file a `$ref` names.
//! - `hoist` copies the targets and changes the `$ref`s.

mod files;
mod hoist;
mod links;
mod names;
mod roles;

pub use files::referenced_files;
pub(super) use files::{Files, directory};
pub(super) use hoist::hoist;

use super::document::Document;
use super::pointer::parent;

/// Returns the JSON pointer of each schema that is a `$ref`.
pub(super) fn schema_references(document: &Document) -> impl Iterator<Item = String> {
    let links = links::links(document.root(), roles::Role::Root).into_iter();
    let links = links.filter(|link| link.role == roles::Role::Schema);
    links.filter_map(|link| parent(&link.pointer).map(str::to_owned))
}
