//! Gives all schemas one form, and a type to each schema whose type can be inferred.

mod all_of;
mod enums;
mod formats;
mod infer;
mod keys;
mod nullable;
mod openrpc;
mod recent;
mod relax;
mod unions;
mod unknown;

use super::notes::Notes;
use super::remarks::Remarks;
use super::visit;
use crate::source::document::Document;

/// Gives all schemas one form.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let is_openrpc = document.node("/openrpc").is_some();
    let mut remarks = Remarks::default();
    visit::schemas(document, &mut |pointer, schema| {
        unknown::drop_unknown(pointer, schema, &mut remarks);
        recent::normalise(pointer, schema, is_openrpc, &mut remarks);
        nullable::normalise(schema);
        infer::types(pointer, schema, &mut remarks);
        formats::normalise(pointer, schema, &mut remarks);
    });
    remarks.note(document, notes);
    all_of::merge(document, notes);
    unions::reduce(document, notes);
    relax::by_examples(document, notes);
    let mut remarks = Remarks::default();
    visit::schemas(document, &mut |pointer, schema| {
        enums::normalise(pointer, schema, &mut remarks);
        keys::drop_misplaced(pointer, schema, &mut remarks);
        if is_openrpc {
            openrpc::null_as_a_type(schema);
        }
    });
    remarks.note(document, notes);
}
