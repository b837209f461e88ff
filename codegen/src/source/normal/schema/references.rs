//! `$ref`s that do not lead to a component: their targets become components.

use std::collections::BTreeMap;

use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::visit;
use crate::source::pointer::{pointer_join, pointer_segments};

/// Gives each target of a `$ref` a place under `components/schemas`, and changes the `$ref`s.
pub(super) fn hoist(document: &mut Document, _notes: &mut Notes) {
    // A target can hold `$ref`s to other places itself; each round follows one more step.
    for _ in 0..8 {
        let mut wanted: BTreeMap<String, String> = BTreeMap::new();
        visit::schemas(document, &mut |_, schema| {
            if let Some(pointer) = foreign_target(schema) {
                wanted.entry(pointer).or_default();
            }
        });
        if wanted.is_empty() {
            return;
        }
        let mut found: Vec<(String, Node)> = Vec::new();
        for (pointer, name) in &mut wanted {
            let Some(target) = document.node(pointer) else { continue };
            *name = unused_name(document, pointer, &found);
            found.push((name.clone(), target.clone().without_key()));
        }
        wanted.retain(|_, name| !name.is_empty());
        if wanted.is_empty() {
            return;
        }
        for (name, node) in found {
            insert_component(document, &name, node);
        }
        visit::schemas(document, &mut |_, schema| {
            if let Some(name) = foreign_target(schema).and_then(|pointer| wanted.get(&pointer)) {
                let at = schema.position();
                if let Some(members) = schema.as_map_mut() {
                    let reference = format!("#{}", pointer_join("/components/schemas", name));
                    members.insert("$ref", Node::new(at, Kind::String(reference.into())));
                }
            }
        });
    }
}

/// Returns the pointer of a `$ref` that leads into this document, but not to a component.
fn foreign_target(schema: &Node) -> Option<String> {
    let reference = schema.get("$ref")?.as_str()?;
    let pointer = percent_encoding::percent_decode_str(reference.strip_prefix('#')?).decode_utf8().ok()?;
    let segments = pointer_segments(&pointer)?;
    let is_component = segments.len() == 3 && segments.first().is_some_and(|first| first == "components");
    (!is_component).then(|| pointer.into_owned())
}

/// Returns an unused name for a component, made from the path to the target.
fn unused_name(document: &Document, pointer: &str, found: &[(String, Node)]) -> String {
    let words: Vec<String> = pointer_segments(pointer)
        .unwrap_or_default()
        .into_iter()
        .filter(|segment| {
            !matches!(
                segment.as_str(),
                "components" | "schemas" | "properties" | "definitions" | "$defs" | "schema" | "paths"
            )
        })
        .map(|segment| segment.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect())
        .collect();
    let base = words.join("_");
    let base = if base.starts_with(|c: char| c.is_ascii_alphabetic()) { base } else { format!("schema_{base}") };
    let is_taken = |name: &str| {
        document.node(&pointer_join("/components/schemas", name)).is_some()
            || found.iter().any(|(known, _)| known == name)
    };
    let mut name = base.clone();
    let mut number = 1;
    while is_taken(&name) {
        number += 1;
        name = format!("{base}_{number}");
    }
    name
}

fn insert_component(document: &mut Document, name: &str, node: Node) {
    let mut at = document.root_mut();
    for key in ["components", "schemas"] {
        let position = at.position();
        let Some(members) = at.as_map_mut() else { return };
        if members.get(key).is_none_or(|section| section.as_map().is_none()) {
            members.insert(key, Node::new(position, Kind::Map(Box::default())));
        }
        let Some(section) = members.get_mut(key) else { return };
        at = section;
    }
    if let Some(schemas) = at.as_map_mut() {
        schemas.insert(name, node);
    }
}
