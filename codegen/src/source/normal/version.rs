//! Converts each version of the standard to one that the check knows.

use super::notes::Notes;
use super::remarks::Remarks;
use super::swagger;
use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::object::text_or_number;

/// Converts a document to OpenAPI 3.0 or OpenRPC 1.3.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let version = |key: &str| document.root().get(key).and_then(text_or_number).map(str::to_owned);
    if let Some(version) = version("swagger").filter(|_| document.root().get("openapi").is_none()) {
        if version == "2.0" || version == "2" {
            swagger::convert(document, notes);
        }
    } else if let Some(version) = version("openapi") {
        if version.starts_with("3.") && !version.starts_with("3.0") {
            set(document, "openapi", "3.0.3");
            recent(document, notes);
        } else if version == "3" || version == "3.0" {
            set(document, "openapi", "3.0.3");
        }
    } else if let Some(version) = version("openrpc")
        && version.starts_with("1.")
    {
        set(document, "openrpc", "1.3.2");
    }
}

fn set(document: &mut Document, key: &str, version: &str) {
    if let Some(node) = document.root_mut().child_mut(key) {
        node.set_kind(Kind::String(version.into()));
    }
}

/// Converts the parts of OpenAPI 3.1 and 3.2 that are not schemas.
fn recent(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    for key in ["webhooks", "jsonSchemaDialect", "$self"] {
        if let Some(value) = document.root().get(key) {
            remarks.add(&format!("/{key}"), value, format!("`{key}` is ignored"), "the client only calls");
        }
    }
    if let Some(summary) = document.root_mut().child_mut("info").and_then(|info| info.remove("summary")) {
        remarks.add("/info/summary", &summary, "`info.summary` is ignored", "the description says more");
    }
    document.root_mut().remove_all(|key| matches!(key, "webhooks" | "jsonSchemaDialect" | "$self"));
    if document.root().get("paths").is_none() {
        let at = document.root().position();
        if let Some(members) = document.root_mut().as_map_mut() {
            members.insert("paths", Node::new(at, Kind::Map(Box::default())));
        }
    }
    remarks.note(document, notes);
}
