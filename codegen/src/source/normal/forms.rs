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
    let mut files = Binary::default();
    let schema = pointer_join(&form.pointer, "schema");
    if form.has_files {
        binary(document, &schema, DEPTH, &mut files);
    }
    // A schema elsewhere can be used in JSON as well.
    for place in files.places.iter().filter(|place| place.starts_with(&schema)) {
        if let Some(property) = document.node_mut(place).and_then(Node::as_map_mut) {
            property.remove("format");
        }
    }
    let mut others = Vec::new();
    other_fields(document, &schema, DEPTH, &mut others);
    for place in others {
        if let Some(value) = document.node(&place) {
            let message = "fields of other names are ignored: a form has the fields of its `properties`";
            remarks.ignored(&place, value, message, "describe each field under `properties` in an overlay");
        }
    }
    later_examples(document, form, remarks);
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
    for name in files.names {
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

/// Warns of the examples of a form that have a field of an earlier one: each field has one example.
fn later_examples(document: &Document, form: &Form, remarks: &mut Remarks) {
    let pointer = pointer_join(&form.pointer, "examples");
    let examples = document.node(&pointer).and_then(Node::as_map).into_iter().flat_map(Members::iter);
    let mut known: Vec<&str> = Vec::new();
    for (name, example) in examples {
        let Some(value) = example.get("value") else { continue };
        let fields: Vec<&str> = value.as_map().into_iter().flat_map(Members::keys).collect();
        if fields.iter().any(|field| known.contains(field)) {
            let place = pointer_join(&pointer_join(&pointer, name), "value");
            let message = "fields that an earlier example has are ignored in this one";
            remarks.ignored(&place, value, message, "the documentation shows one example of each field");
        }
        known.extend(fields);
    }
}

/// The binary properties of a form.
#[derive(Default)]
struct Binary {
    names: Vec<String>,
    /// The places of their schemas.
    places: Vec<String>,
}

/// Collects the properties that are binary, or lists of binary values.
fn binary(document: &Document, pointer: &str, depth: usize, found: &mut Binary) {
    let Some((pointer, schema)) = target(document, pointer) else { return };
    let Some(depth) = depth.checked_sub(1) else { return };
    for index in 0..schema.get("allOf").and_then(Node::as_seq).map_or(0, <[Node]>::len) {
        binary(document, &format!("{pointer}/allOf/{index}"), depth, found);
    }
    for name in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::keys) {
        let Some((place, property)) = target(document, &pointer_join(&format!("{pointer}/properties"), name)) else {
            continue;
        };
        let items = property.get("items").and_then(|_| target(document, &format!("{place}/items")));
        let (place, element) = items.unwrap_or((place, property));
        let is_binary = element.get("format").and_then(Node::as_str) == Some("binary");
        // In OpenAPI 3.1, a file has no `type`.
        let is_untyped = element.get("contentMediaType").is_some() && element.get("contentEncoding").is_none();
        if is_binary || is_untyped {
            found.names.push(name.to_owned());
        }
        if is_binary {
            found.places.push(place);
        }
    }
}

/// Follows one `$ref`. Returns the place of the schema and the schema itself, also if it has none,
/// or one that leads nowhere.
fn target<'d>(document: &'d Document, pointer: &str) -> Option<(String, &'d Node)> {
    let schema = document.node(pointer)?;
    let target = schema.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
    match target.and_then(|target| Some((target.to_owned(), document.node(target)?))) {
        Some(found) => Some(found),
        None => Some((pointer.to_owned(), schema)),
    }
}

/// Collects the places that allow a form to have fields of other names.
fn other_fields(document: &Document, pointer: &str, depth: usize, places: &mut Vec<String>) {
    let Some((pointer, schema)) = target(document, pointer) else { return };
    let Some(depth) = depth.checked_sub(1) else { return };
    for index in 0..schema.get("allOf").and_then(Node::as_seq).map_or(0, <[Node]>::len) {
        other_fields(document, &format!("{pointer}/allOf/{index}"), depth, places);
    }
    let has_properties =
        schema.get("properties").and_then(Node::as_map).is_some_and(|properties| !properties.is_empty());
    for key in ["additionalProperties", "patternProperties"] {
        if has_properties && schema.get(key).is_some_and(|others| others.as_bool() != Some(false)) {
            places.push(pointer_join(&pointer, key));
        }
    }
}
