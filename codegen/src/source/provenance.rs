//! The provenance of a draft: `x-source`, the lines of the document that an object comes from.

use super::node::{Kind, Node};

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
