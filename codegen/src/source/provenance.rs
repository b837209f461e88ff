//! The provenance of a draft: `x-source`, and the descriptions that are still to be written.

use super::document::Document;
use super::node::{Kind, Node};
use super::pointer::pointer_join;
use crate::diagnostic::Location;

/// The beginning of a description that a person has to write. The lines to read follow it.
pub const GAP: &str = "To be described: ";

/// The extension with the lines of the document that an object comes from.
const SOURCE: &str = "x-source";

/// Keys whose values are data of the venue. Nothing is removed from them.
const DATA: [&str; 6] = ["example", "examples", "default", "enum", "const", "value"];

/// Keys whose members have names of the venue.
const NAMES: [&str; 10] = [
    "properties",
    "patternProperties",
    "schemas",
    "parameters",
    "responses",
    "headers",
    "definitions",
    "securitySchemes",
    "x-security-schemes",
    "requestBodies",
];

/// Removes `x-source` from all objects. It is for people and tools, and has no effect.
pub(super) fn remove(root: &mut Node) {
    remove_in(root, false);
}

fn remove_in(node: &mut Node, has_names: bool) {
    match node.kind_mut() {
        Kind::Map(members) => {
            let states = members.get(SOURCE).is_some_and(|source| source.as_str().is_some());
            if !has_names && states {
                members.remove(SOURCE);
            }
            for (name, member) in members.iter_mut() {
                if has_names || !DATA.contains(&name) {
                    let names = !has_names && NAMES.contains(&name);
                    remove_in(member, names);
                }
            }
        }
        Kind::Seq(nodes) => nodes.iter_mut().for_each(|node| remove_in(node, false)),
        _ => {}
    }
}

/// Returns the number of descriptions that are to be written, and the place of the first.
pub(super) fn gaps(document: &Document) -> Option<(usize, Location)> {
    let mut found: Option<(usize, String)> = None;
    count(document.root(), "", &mut found);
    found.map(|(number, pointer)| (number, document.location(&pointer)))
}

fn count(node: &Node, pointer: &str, found: &mut Option<(usize, String)>) {
    match node.kind() {
        Kind::Map(members) => {
            for (name, member) in members.iter() {
                let is_gap = matches!(name, "description" | "summary")
                    && member.as_str().is_some_and(|text| text.starts_with(GAP));
                let place = pointer_join(pointer, name);
                if is_gap {
                    found.get_or_insert_with(|| (0, place)).0 += 1;
                } else {
                    count(member, &place, found);
                }
            }
        }
        Kind::Seq(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                count(node, &pointer_join(pointer, &index.to_string()), found);
            }
        }
        _ => {}
    }
}
