//! Gives all schemas one form, and a type to each schema whose type can be inferred.

mod all_of;
mod enums;
mod formats;
mod infer;
mod keys;
mod narrower;
mod nullable;
mod openrpc;
mod others;
mod recent;
mod relax;
mod unions;
mod unknown;

use super::notes::Notes;
use super::remarks::Remarks;
use super::visit;
use crate::source::document::Document;
use crate::source::node::Node;
use crate::source::schema::alternatives::is_result;

/// Gives all schemas one form.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let is_openrpc = document.node("/openrpc").is_some();
    let mut remarks = Remarks::default();
    // A result that is always null keeps its type: the call returns no value.
    let is_null_result =
        |pointer: &str, schema: &mut Node| is_openrpc && is_result(pointer) && nullable::is_null(schema);
    visit::schemas(document, &mut |pointer, schema| {
        if is_null_result(pointer, schema) {
            return;
        }
        unknown::drop_unknown(pointer, schema, &mut remarks);
        recent::normalise(pointer, schema, is_openrpc, &mut remarks);
        others::normalise(pointer, schema, &mut remarks);
        nullable::normalise(schema);
        infer::types(pointer, schema, &mut remarks);
        formats::normalise(pointer, schema, &mut remarks);
        formats::widen(pointer, schema, &mut remarks);
    });
    remarks.note(document, notes);
    all_of::merge(document, notes);
    unions::reduce(document, notes);
    relax::by_examples(document, notes);
    let mut remarks = Remarks::default();
    visit::schemas(document, &mut |pointer, schema| {
        if is_null_result(pointer, schema) {
            return;
        }
        enums::default_as_text(schema);
        enums::normalise(pointer, schema, &mut remarks);
        keys::drop_misplaced(pointer, schema, &mut remarks);
        if is_openrpc {
            openrpc::null_as_a_type(schema);
        }
    });
    remarks.note(document, notes);
}
