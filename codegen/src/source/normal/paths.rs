//! Describes the parameters in paths of OpenAPI that the document does not describe.

use std::collections::HashSet;

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node, Position};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// The longest chain of references that is followed.
const DEPTH: usize = 16;

/// Adds each parameter that is in a path and not described.
pub(super) fn complete(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let missing = undeclared(document);
    for (pointer, name) in missing {
        let Some(operation) = document.node_mut(&pointer) else { continue };
        let message = format!("the path parameter `{name}` is not described; it is assumed to be text");
        remarks.synthesised(&pointer, operation, message, "describe it under `parameters` in an overlay");
        let at = operation.position();
        let parameter = parameter(at, &name);
        match operation.child_mut("parameters") {
            Some(list) => list.append([parameter]),
            None => {
                if let Some(members) = operation.as_map_mut() {
                    members.insert("parameters", Node::new(at, Kind::Seq(Box::new([parameter]))));
                }
            }
        }
    }
    remarks.note(document, notes);
}

/// Returns a parameter in the path that is text.
fn parameter(at: Position, name: &str) -> Node {
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let schema: Vec<(Box<str>, Node)> = vec![("type".into(), text("string"))];
    let members: Vec<(Box<str>, Node)> = vec![
        ("name".into(), text(name)),
        ("in".into(), text("path")),
        ("required".into(), Node::new(at, Kind::Bool(true))),
        ("schema".into(), Node::new(at, Kind::Map(Box::new(Members::from(schema))))),
    ];
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}

/// Returns the names of the parameters of an operation in the path.
fn declared<'d>(document: &'d Document, item: &'d Node, operation: &'d Node) -> HashSet<&'d str> {
    let lists = [item, operation].into_iter().filter_map(|holder| holder.get("parameters")?.as_seq()).flatten();
    let described = lists.filter_map(|parameter| {
        let mut parameter = parameter;
        for _ in 0..DEPTH {
            let Some(reference) = parameter.get("$ref").and_then(Node::as_str) else { break };
            parameter = document.node(reference.strip_prefix('#')?)?;
        }
        let is_there = parameter.get("in").and_then(Node::as_str) == Some("path");
        parameter.get("name").and_then(Node::as_str).filter(|_| is_there)
    });
    described.collect()
}

/// Returns the parameters in paths that are not described, each with the place of its operation. If
/// the operation describes another parameter of the path that the path does not have, the names do
/// not match, and nothing is assumed.
fn undeclared(document: &Document) -> Vec<(String, String)> {
    let mut missing = Vec::new();
    for (path, item) in document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        let route = path.split(['?', '#']).next().unwrap_or_default();
        let names: Vec<&str> = route
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
            .filter(|name| !name.is_empty())
            .collect();
        if names.is_empty() {
            continue;
        }
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|operation| operation.as_map().is_some()) else { continue };
            let described = declared(document, item, operation);
            if described.iter().any(|name| !names.contains(name)) {
                continue;
            }
            let pointer = pointer_join(&pointer_join("/paths", path), method);
            let mut seen = HashSet::new();
            let new = names.iter().filter(|name| !described.contains(*name) && seen.insert(**name));
            missing.extend(new.map(|name| (pointer.clone(), (*name).to_owned())));
        }
    }
    missing
}
