//! Converts a document of another version of a standard to the version that the check knows.

use super::notes::Notes;
use super::remarks::Remarks;
use super::swagger;
use super::visit;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::object::text_or_number;
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Converts OpenAPI 2.0 to 3.0.
pub(super) fn in_version_three(document: &mut Document, notes: &mut Notes) {
    let version = document.root().get("swagger").and_then(text_or_number);
    let is_second = matches!(version, Some("2.0" | "2")) && document.root().get("openapi").is_none();
    if is_second {
        swagger::convert(document, notes);
    }
}

/// Converts a document to OpenAPI 3.0 or OpenRPC 1.3. A document of an unknown version stays as it
/// is.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    if document.root().get("swagger").is_some() && document.root().get("openapi").is_none() {
        return in_version_three(document, notes);
    }
    let version = |key: &str| document.root().get(key).and_then(text_or_number).map(str::to_owned);
    if let Some(version) = version("openapi") {
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
            remarks.ignored(&format!("/{key}"), value, format!("`{key}` is ignored"), "the client only sends requests");
        }
    }
    if let Some(summary) = document.root_mut().child_mut("info").and_then(|info| info.remove("summary")) {
        remarks.ignored("/info/summary", &summary, "`info.summary` is ignored", "write it into the description");
    }
    newer_methods(document, notes);
    keys_beside_references(document);
    document.root_mut().remove_all(|key| matches!(key, "webhooks" | "jsonSchemaDialect" | "$self"));
    if document.root().get("paths").is_none() {
        let at = document.root().position();
        if let Some(members) = document.root_mut().as_map_mut() {
            members.insert("paths", Node::new(at, Kind::Map(Box::default())));
        }
    }
    remarks.note(document, notes);
}

/// Removes `components.pathItems`. A path that has a `$ref` to one has its operations already.
pub(super) fn drop_path_items(document: &mut Document, notes: &mut Notes) {
    let Some(items) = document.node_mut("/components").and_then(|components| components.remove("pathItems")) else {
        return;
    };
    let mut remarks = Remarks::default();
    let message = "`pathItems` are ignored, except where a path has a `$ref` to one";
    remarks.ignored("/components/pathItems", &items, message, "write the operations under `paths`");
    remarks.note(document, notes);
}

/// The keys that change the values of a schema. Since OpenAPI 3.1, they apply beside a `$ref` too.
const BESIDE_REFERENCES: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "required",
];

/// Converts a `$ref` with keys beside it to an `allOf`, which is merged later.
fn keys_beside_references(document: &mut Document) {
    visit::schemas(document, &mut |_, schema| {
        if !BESIDE_REFERENCES.iter().any(|key| schema.get(key).is_some()) {
            return;
        }
        let Some(reference) = schema.remove("$ref") else { return };
        let at = reference.position();
        let members = Members::from(vec![(Box::<str>::from("$ref"), reference)]);
        let element = Node::new(at, Kind::Map(Box::new(members)));
        let Some(members) = schema.as_map_mut() else { return };
        let mut elements = vec![element];
        elements.extend(members.remove("allOf").into_iter().flat_map(|mut all| all.take_elements()));
        members.insert("allOf", Node::new(at, Kind::Seq(elements.into_boxed_slice())));
    });
}

/// Leaves out the operations with HTTP methods that only OpenAPI 3.2 has: `query`, and those in
/// `additionalOperations`.
fn newer_methods(document: &mut Document, notes: &mut Notes) {
    let mut left_out: Vec<(String, String)> = Vec::new();
    for (path, item) in document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        let pointer = pointer_join("/paths", path);
        // A path that has only such operations is left out as a whole.
        let is_whole = METHODS.iter().all(|method| item.get(method).is_none());
        let place = |below: String| if is_whole { pointer.clone() } else { below };
        if item.get("query").is_some() {
            left_out.push((place(pointer_join(&pointer, "query")), format!("QUERY {path}")));
        }
        let others = item.get("additionalOperations").and_then(Node::as_map);
        for method in others.into_iter().flat_map(Members::keys) {
            let below = pointer_join(&pointer_join(&pointer, "additionalOperations"), method);
            left_out.push((place(below), format!("{method} {path}")));
        }
    }
    for (pointer, route) in &left_out {
        notes.leave_out(document, pointer, route.clone(), "its method is not supported", "remove it by an overlay");
    }
    let paths = document.root_mut().child_mut("paths").and_then(Node::as_map_mut);
    for (_, item) in paths.into_iter().flat_map(Members::iter_mut) {
        item.remove_all(|key| matches!(key, "query" | "additionalOperations"));
    }
    if let Some(paths) = document.root_mut().child_mut("paths") {
        paths.remove_all(|path| left_out.iter().any(|(pointer, _)| *pointer == pointer_join("/paths", path)));
    }
}
