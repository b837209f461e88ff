//! Turns the target of a `$ref` into a component, if the `$ref` leads to another file, or to a
//! value of the document that is not a component.
//!
//! - `roles` says which kind of value each place of a document has.
//! - `links` lists the `$ref`s of a tree, each with its role.
//! - `files` has the other files, and decides which file a `$ref` names.
//! - `forms` finds the values that have another form than their place requires.
//! - `hoist` copies the targets and changes the `$ref`s.

mod files;
mod forms;
mod hoist;
mod links;
mod names;
mod roles;

pub use files::referenced_files;
pub(super) use files::{Files, directory};
pub use forms::misshapen;
pub(super) use hoist::hoist;

use super::document::Document;
use super::pointer::parent;
use super::references::ends;
use crate::diagnostic::Diagnostics;

/// Returns the JSON pointer of each schema that is a `$ref`.
pub(super) fn schema_references(document: &Document) -> impl Iterator<Item = String> {
    let links = links::links(document.root(), roles::Role::Root).into_iter();
    let links = links.filter(|link| link.role == roles::Role::Schema);
    links.filter_map(|link| parent(&link.pointer).map(str::to_owned))
}

/// Returns the `$ref`s of a document that lead to no value: the target is missing, its file cannot
/// be read, or the `$ref`s lead in a cycle. What is behind them is not known.
#[must_use]
pub fn dangling(document: &Document) -> Diagnostics {
    let mut findings = Diagnostics::complete();
    for link in links::links(document.root(), roles::Role::Root) {
        let is_reference = link.pointer.ends_with("/$ref");
        let Some(holder) = parent(&link.pointer).filter(|_| is_reference) else { continue };
        if let Some(reason) = document.unresolved(link.position) {
            findings.push(document.finding(&link.pointer, reason.message.clone(), Some(reason.help.clone().into())));
        } else if !ends(document, holder) {
            let message = format!("`{}` leads to no value", link.text);
            let help = "write the component that it names, or correct the name";
            findings.push(document.finding(&link.pointer, message, Some(help.into())));
        }
    }
    findings
}
