//! `$ref`s by the names that schemas give themselves: `$anchor`, `$id`, `$dynamicAnchor`. They
//! become `$ref`s by pointer.
//!
//! A `$dynamicRef` is a `$ref` if one schema of the document has its anchor. If several have it,
//! the schema depends on the path by which it was reached. No type has this, so the key stays and
//! is reported.

use std::collections::HashMap;

use super::notes::Notes;
use super::remarks::Remarks;
use super::visit;
use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::pointer::{parent, pointer_join};

/// The place of the schema that an anchor names; `None` if several have the anchor.
type Anchors = HashMap<(String, String), Option<String>>;

/// The schemas that have names of their own.
#[derive(Default)]
struct Named {
    /// The identifier of each schema that is a document of its own (`$id`), by its place.
    ids: HashMap<String, String>,
    /// The places of these schemas, by their whole identifiers.
    by_identifier: HashMap<String, String>,
    /// By the place of the document and the anchor.
    anchors: Anchors,
    /// By the anchor; the place of the document is empty.
    dynamic: Anchors,
}

/// Changes the `$ref`s by name to `$ref`s by pointer.
pub(super) fn resolve(document: &mut Document, notes: &mut Notes) {
    let mut named = Named::default();
    visit::schemas(document, &mut |pointer, schema| named.collect_id(pointer, schema));
    visit::schemas(document, &mut |pointer, schema| named.collect_anchors(pointer, schema));
    named.identify();
    let (mut found, mut remarks) = (Vec::new(), Remarks::default());
    visit::schemas(document, &mut |pointer, schema| {
        for key in ["$ref", "$dynamicRef", "$recursiveRef"] {
            if let Some(text) = schema.get(key).and_then(Node::as_str) {
                found.push((pointer.to_owned(), key, text.to_owned()));
            }
        }
    });
    for (pointer, key, text) in found {
        let target = named.target(document, &pointer, key, &text);
        if target.is_none() && key == "$ref" {
            continue;
        }
        let Some(members) = document.node_mut(&pointer).and_then(Node::as_map_mut) else { continue };
        if key != "$ref" && members.contains_key("$ref") {
            continue;
        }
        let Some(mut reference) = members.remove(key) else { continue };
        match target {
            Some(target) => {
                reference.set_kind(Kind::String(format!("#{}", target.replace('%', "%25")).into()));
                members.insert("$ref", reference);
            }
            None => {
                let message = format!("any JSON value, without a type: `{key}: {text}` does not name one schema");
                let help = "write a `$ref` to the schema in an overlay";
                remarks.untyped(&pointer_join(&pointer, key), &reference, message, help);
            }
        }
    }
    remarks.note(document, notes);
}

impl Named {
    fn collect_id(&mut self, pointer: &str, schema: &Node) {
        if let Some(id) = schema.get("$id").and_then(Node::as_str).filter(|id| !id.starts_with('#')) {
            self.ids.insert(pointer.to_owned(), id.trim_end_matches('#').to_owned());
        }
    }

    fn collect_anchors(&mut self, pointer: &str, schema: &Node) {
        let text = |key: &str| schema.get(key).and_then(Node::as_str);
        // Older versions of JSON Schema write an anchor as an `$id`.
        let old = text("$id").and_then(|id| id.strip_prefix('#'));
        let names = [text("$anchor"), text("$dynamicAnchor"), old];
        let resource = self.resource(pointer);
        for name in names.into_iter().flatten() {
            add(&mut self.anchors, &resource, name, pointer);
        }
        if let Some(name) = text("$dynamicAnchor") {
            add(&mut self.dynamic, "", name, pointer);
        }
    }

    /// Returns the place of the schema with an `$id` that a place is in; empty for the document.
    fn resource(&self, pointer: &str) -> String {
        let mut at = Some(pointer);
        while let Some(place) = at {
            if self.ids.contains_key(place) {
                return place.to_owned();
            }
            at = parent(place);
        }
        String::new()
    }

    /// Returns the whole identifier of a schema with an `$id`.
    fn identifier(&self, resource: &str) -> String {
        let Some(id) = self.ids.get(resource) else { return String::new() };
        let outer = parent(resource).map(|above| self.resource(above)).unwrap_or_default();
        joined(&self.identifier(&outer), id)
    }

    fn identify(&mut self) {
        let places = self.ids.keys().map(|place| (self.identifier(place), place.clone()));
        self.by_identifier = places.collect();
    }

    /// Returns the place that a reference leads to; `None` if it stays as it is.
    fn target(&self, document: &Document, pointer: &str, key: &str, text: &str) -> Option<String> {
        let resource = self.resource(pointer);
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        if key == "$dynamicRef" && file.is_empty() {
            return self.dynamic.get(&(String::new(), fragment.to_owned())).cloned().flatten();
        }
        let to = if file.is_empty() {
            resource.clone()
        } else {
            self.by_identifier.get(&joined(&self.identifier(&resource), file))?.clone()
        };
        if !fragment.is_empty() && !fragment.starts_with('/') {
            return self.anchors.get(&(to, fragment.to_owned())).cloned().flatten();
        }
        if to.is_empty() {
            return None;
        }
        let place = format!("{to}{fragment}");
        document.node(&place).map(|_| place)
    }
}

fn add(anchors: &mut Anchors, resource: &str, name: &str, pointer: &str) {
    let known = anchors.entry((resource.to_owned(), name.to_owned()));
    known.and_modify(|place| *place = None).or_insert_with(|| Some(pointer.to_owned()));
}

/// Returns an identifier that is relative to another as a whole one.
fn joined(base: &str, relative: &str) -> String {
    let is_whole = relative.contains("://") || relative.starts_with("urn:");
    match base.rsplit_once('/') {
        _ if is_whole => relative.to_owned(),
        Some((above, _)) => match (relative.strip_prefix('/'), base.split_once("://")) {
            (Some(path), Some((scheme, rest))) => {
                let host = rest.split('/').next().unwrap_or_default();
                format!("{scheme}://{host}/{path}")
            }
            _ => format!("{above}/{}", relative.trim_start_matches("./")),
        },
        None => relative.trim_start_matches("./").to_owned(),
    }
}
