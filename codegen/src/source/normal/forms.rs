//! Marks the files in the forms of request bodies, and removes the keys of `encoding` that are not
//! supported.

use std::collections::HashSet;

use super::remarks::Remarks;
use super::resolved::resolved;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_join;

/// A form in a request body.
pub(super) struct Form {
    /// The JSON pointer to the media type object of the form.
    pub(super) pointer: String,
    /// True if the binary properties of the form are files.
    pub(super) has_files: bool,
}

/// States a media type for each binary property of a form, which makes it a file. Removes the keys
/// of `encoding` that are not supported.
///
/// `elsewhere` has the names of the components that are used outside of forms with files.
pub(super) fn mark_fields(document: &mut Document, form: &Form, elsewhere: &HashSet<String>, remarks: &mut Remarks) {
    let mut files = Binary::default();
    let schema = pointer_join(&form.pointer, "schema");
    if form.has_files {
        binary(document, &schema, &mut files);
    }
    // A component can be used in JSON as well.
    let is_only_in_forms = |place: &&String| match component(place) {
        Some(name) => !elsewhere.contains(name),
        None => place.starts_with(&schema),
    };
    for place in files.places.iter().filter(is_only_in_forms) {
        if let Some(property) = document.node_mut(place).and_then(Node::as_map_mut) {
            property.remove("format");
            property.remove("contentMediaType");
        }
    }
    for place in other_fields(document, &schema) {
        if let Some(value) = document.node(&place) {
            let message = "fields of other names are ignored: a form has the fields of its `properties`";
            remarks.ignored(&place, value, message, "describe each field under `properties` in an overlay");
        }
    }
    later_examples(document, form, remarks);
    let properties = names(document, &schema);
    let Some(content) = document.node_mut(&form.pointer) else { return };
    let at = content.position();
    let Some(content) = content.as_map_mut() else { return };
    let place = pointer_join(&form.pointer, "encoding");
    let mut fields = content.remove("encoding").unwrap_or_else(|| Node::new(at, Kind::Map(Box::default())));
    if let (Some(properties), Some(members)) = (properties, fields.as_map_mut()) {
        let stated: Vec<String> = members.keys().map(str::to_owned).collect();
        for name in stated.iter().filter(|name| !properties.contains(*name)) {
            let Some(field) = members.remove(name) else { continue };
            let message = format!("the `encoding` of `{name}` is ignored: the form has no such property");
            remarks.ignored(&pointer_join(&place, name), &field, message, "correct the name in an overlay");
        }
    }
    for (name, field) in fields.as_map_mut().into_iter().flat_map(Members::iter_mut) {
        first_media_type(&pointer_join(&place, name), field, form, remarks);
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
    for (name, media) in files.names {
        let Some(fields) = fields.as_map_mut() else { continue };
        let text = |text: &str| Node::new(at, Kind::String(text.into()));
        if !fields.contains_key(&name) {
            fields.insert(&name, Node::new(at, Kind::Map(Box::default())));
        }
        if let Some(field) = fields.get_mut(&name).and_then(Node::as_map_mut)
            && !field.contains_key("contentType")
        {
            field.insert("contentType", text(media.as_deref().unwrap_or("application/octet-stream")));
        }
    }
    if fields.as_map().is_some_and(|fields| !fields.is_empty()) {
        content.insert("encoding", fields);
    }
}

/// Keeps the first of several media types of a file. The client sends one.
fn first_media_type(pointer: &str, field: &mut Node, form: &Form, remarks: &mut Remarks) {
    let Some(stated) = field.get("contentType").filter(|_| form.has_files).cloned() else { return };
    let mut all = stated.as_str().unwrap_or_default().split(',').map(str::trim);
    let Some(first) = all.clone().find(|name| !name.is_empty() && !name.contains('*')) else { return };
    if all.nth(1).is_none() {
        return;
    }
    let message = format!("the media type of the file is `{first}`, the first of several");
    let help = "write the media type of your files into an overlay";
    remarks.ignored(&pointer_join(pointer, "contentType"), &stated, message, help);
    if let Some(members) = field.as_map_mut() {
        members.insert("contentType", Node::new(stated.position(), Kind::String(first.into())));
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
    /// The names, each with the media type that its schema states.
    names: Vec<(String, Option<String>)>,
    /// The places of their schemas.
    places: Vec<String>,
}

/// Collects the properties that are binary, or lists of binary values.
fn binary(document: &Document, pointer: &str, found: &mut Binary) {
    for (pointer, schema) in parts(document, pointer) {
        for name in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::keys) {
            let mut files = Files::default();
            if file(document, &pointer_join(&format!("{pointer}/properties"), name), &mut files).is_some() {
                found.names.push((name.to_owned(), files.media));
                found.places.append(&mut files.places);
            }
        }
    }
}

/// Returns the schema of a form and those of its `allOf`, each once with its place: bases first.
fn parts<'d>(document: &'d Document, pointer: &str) -> Vec<(String, &'d Node)> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut found = Vec::new();
    // A part that is opened again comes after the parts of its `allOf`.
    let mut open = vec![(pointer.to_owned(), false)];
    while let Some((pointer, is_read)) = open.pop() {
        let Some((pointer, schema)) = target(document, &pointer) else { continue };
        if is_read {
            found.push((pointer, schema));
        } else if seen.insert(pointer.clone()) {
            let count = schema.get("allOf").and_then(Node::as_seq).map_or(0, <[Node]>::len);
            let bases = (0..count).rev().map(|index| (format!("{pointer}/allOf/{index}"), false));
            let bases: Vec<_> = bases.collect();
            open.push((pointer, true));
            open.extend(bases);
        }
    }
    found
}

/// A property whose values are binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FileKind {
    One,
    List,
}

/// The schemas of the files of a property.
#[derive(Default)]
struct Files {
    places: Vec<String>,
    /// The schemas that were read, so that each is read once.
    seen: HashSet<String>,
    /// The media type that they state.
    media: Option<String>,
}

/// Returns the kind of a property whose values, other than null, are all binary, or are all lists
/// of binary values. Adds the places of their schemas.
fn file(document: &Document, pointer: &str, files: &mut Files) -> Option<FileKind> {
    let (pointer, schema) = target(document, pointer)?;
    if !files.seen.insert(pointer.clone()) {
        return None;
    }
    let media = schema.get("contentMediaType").filter(|_| schema.get("contentEncoding").is_none());
    // In OpenAPI 3.1, a file has no `type`.
    if media.is_some() || schema.get("format").and_then(Node::as_str) == Some("binary") {
        files.places.push(pointer);
        files.media = media.and_then(Node::as_str).map(str::to_owned);
        return Some(FileKind::One);
    }
    if schema.get("items").is_some() {
        let of_items = file(document, &format!("{pointer}/items"), files)?;
        return (of_items == FileKind::One).then_some(FileKind::List);
    }
    let key = ["allOf", "anyOf", "oneOf"].into_iter().find(|key| schema.get(key).is_some())?;
    let mut kinds = Vec::new();
    for (index, part) in schema.get(key)?.as_seq()?.iter().enumerate() {
        let kind = file(document, &format!("{pointer}/{key}/{index}"), files);
        match kind {
            Some(kind) => kinds.push(kind),
            // A part that adds nothing, or null.
            None if key == "allOf" && part.get("$ref").is_none() || is_null(part) => {}
            None => return None,
        }
    }
    let first = *kinds.first()?;
    kinds.iter().all(|kind| *kind == first).then_some(first)
}

/// Returns whether a schema allows null only.
fn is_null(schema: &Node) -> bool {
    let is_null = |value: &Node| value.is_null() || value.as_str() == Some("null");
    let only = |key: &str| {
        schema.get(key).is_some_and(|stated| match stated.as_seq() {
            Some(values) => !values.is_empty() && values.iter().all(is_null),
            None => is_null(stated),
        })
    };
    only("type") || only("enum") || only("const")
}

/// Returns the name of the component that contains a place.
fn component(pointer: &str) -> Option<&str> {
    pointer.strip_prefix(SCHEMAS)?.split('/').nth(1)
}

const SCHEMAS: &str = "/components/schemas";

/// Returns the names of the components that are used outside of forms with files, as in pointers.
pub(super) fn used_elsewhere(document: &Document, forms: &[Form]) -> HashSet<String> {
    let of_forms = forms.iter().filter(|form| form.has_files);
    let schemas = of_forms.filter_map(|form| document.node(&pointer_join(&form.pointer, "schema")));
    let mut skipped: Vec<*const Node> = schemas.map(std::ptr::from_ref).collect();
    skipped.extend(document.node(SCHEMAS).map(std::ptr::from_ref));
    let mut open = Vec::new();
    references(document.root(), &skipped, &mut open);
    let mut found = HashSet::new();
    while let Some(reference) = open.pop() {
        let Some(name) = reference.strip_prefix('#').and_then(component) else { continue };
        if found.insert(name.to_owned())
            && let Some(schema) = document.node(&format!("{SCHEMAS}/{name}"))
        {
            references(schema, &[], &mut open);
        }
    }
    found
}

/// Collects the references inside a value, but for some parts of it.
fn references<'d>(node: &'d Node, skipped: &[*const Node], found: &mut Vec<&'d str>) {
    if skipped.contains(&std::ptr::from_ref(node)) {
        return;
    }
    found.extend(node.get("$ref").and_then(Node::as_str));
    match node.kind() {
        Kind::Map(members) => members.iter().for_each(|(_, node)| references(node, skipped, found)),
        Kind::Seq(nodes) => nodes.iter().for_each(|node| references(node, skipped, found)),
        _ => {}
    }
}

/// Returns the names of the properties of a form. `None` if it may have others, because it is a
/// choice.
fn names(document: &Document, pointer: &str) -> Option<HashSet<String>> {
    let parts = parts(document, pointer);
    let is_choice = |schema: &Node| ["anyOf", "oneOf"].iter().any(|key| schema.get(key).is_some());
    if parts.iter().any(|(_, schema)| is_choice(schema)) {
        return None;
    }
    let maps = parts.iter().filter_map(|(_, schema)| schema.get("properties").and_then(Node::as_map));
    Some(maps.flat_map(Members::keys).map(str::to_owned).collect())
}

/// Returns whether a schema describes an object without any property.
pub(super) fn has_no_fields(document: &Document, schema: &Node) -> bool {
    let schema = resolved(document, schema);
    let is_object = schema.get("type").is_some_and(|stated| stated.as_str() == Some("object"));
    let is_empty = |key: &str| schema.get(key).is_none_or(|stated| stated.as_map().is_some_and(Members::is_empty));
    let others = schema.get("additionalProperties");
    let has_other = ["$ref", "allOf", "anyOf", "oneOf", "not", "required"].iter().any(|key| schema.get(key).is_some());
    (is_object || schema.get("properties").is_some())
        && is_empty("properties")
        && is_empty("patternProperties")
        && others.is_none_or(|others| others.as_bool() == Some(false))
        && !has_other
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
fn other_fields(document: &Document, pointer: &str) -> Vec<String> {
    let mut places = Vec::new();
    for (pointer, schema) in parts(document, pointer) {
        let has_properties =
            schema.get("properties").and_then(Node::as_map).is_some_and(|properties| !properties.is_empty());
        for key in ["additionalProperties", "patternProperties"] {
            if has_properties && schema.get(key).is_some_and(|others| others.as_bool() != Some(false)) {
                places.push(pointer_join(&pointer, key));
            }
        }
    }
    places
}
