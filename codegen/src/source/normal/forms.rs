//! Marks the files in the forms of request bodies, and removes the keys of `encoding` that are not
//! supported.

use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_join;

/// The maximum nesting of `allOf` and `$ref` that is followed in the schema of a form.
const DEPTH: usize = 16;

/// A form in a request body.
pub(super) struct Form {
    /// The JSON pointer to the media type object of the form.
    pub(super) pointer: String,
    /// True if the binary properties of the form are files.
    pub(super) has_files: bool,
}

/// States a media type for each binary property of a form, which makes it a file. Removes the keys
/// of `encoding` that are not supported.
pub(super) fn mark_fields(document: &mut Document, form: &Form, remarks: &mut Remarks) {
    let mut files = Vec::new();
    if form.has_files
        && let Some(schema) = document.node(&pointer_join(&form.pointer, "schema"))
    {
        binary(document, schema, DEPTH, &mut files);
    }
    let Some(content) = document.node_mut(&form.pointer) else { return };
    let at = content.position();
    let Some(content) = content.as_map_mut() else { return };
    let place = pointer_join(&form.pointer, "encoding");
    let mut fields = content.remove("encoding").unwrap_or_else(|| Node::new(at, Kind::Map(Box::default())));
    for (name, field) in fields.as_map_mut().into_iter().flat_map(Members::iter_mut) {
        let has_style = ["style", "explode", "allowReserved"].iter().any(|key| field.get(key).is_some());
        let help = "a file has the headers of `File::with_header`; another field is sent without";
        let headers = ("headers", "`headers` of a field is ignored", help);
        let other = if form.has_files {
            ("allowReserved", "`allowReserved` of a field is ignored", "a part is not percent-encoded")
        } else {
            let help = "`style`, `explode` and `allowReserved` stand before it";
            ("contentType", "`contentType` beside a style is ignored", help)
        };
        for (key, message, help) in [headers, other] {
            let is_ignored = key != "contentType" || has_style;
            if let Some(value) = field.as_map_mut().filter(|_| is_ignored).and_then(|field| field.remove(key)) {
                remarks.ignored(&pointer_join(&pointer_join(&place, name), key), &value, message, help);
            }
        }
    }
    for name in files {
        let Some(fields) = fields.as_map_mut() else { continue };
        let text = |text: &str| Node::new(at, Kind::String(text.into()));
        if !fields.contains_key(&name) {
            fields.insert(&name, Node::new(at, Kind::Map(Box::default())));
        }
        if let Some(field) = fields.get_mut(&name).and_then(Node::as_map_mut)
            && !field.contains_key("contentType")
        {
            field.insert("contentType", text("application/octet-stream"));
        }
    }
    if fields.as_map().is_some_and(|fields| !fields.is_empty()) {
        content.insert("encoding", fields);
    }
}

/// Collects the names of the properties that are binary, or lists of binary values.
fn binary(document: &Document, schema: &Node, depth: usize, names: &mut Vec<String>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let schema = target(document, schema);
    for part in schema.get("allOf").and_then(Node::as_seq).into_iter().flatten() {
        binary(document, part, depth, names);
    }
    for (name, property) in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        let property = target(document, property);
        let element = property.get("items").map_or(property, |items| target(document, items));
        let format = |node: &Node| node.get("format").and_then(Node::as_str) == Some("binary");
        // In OpenAPI 3.1, a file has no `type`.
        let is_untyped = element.get("contentMediaType").is_some() && element.get("contentEncoding").is_none();
        if format(element) || is_untyped {
            names.push(name.to_owned());
        }
    }
}

/// Follows one `$ref`. Returns the schema itself if it has no `$ref`, or if the `$ref` leads
/// nowhere.
fn target<'d>(document: &'d Document, schema: &'d Node) -> &'d Node {
    let pointer = schema.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.node(pointer)).unwrap_or(schema)
}
