//! Makes up examples for methods without examples.

use super::nodes::{list, object, target, text};
use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::samples::{Direction, sample};
use crate::source::pointer::{pointer_join, pointer_segments};

/// The name of an example that is made up.
pub(super) const MADE_UP: &str = "made up";

/// Adds an example to each method that has none, or that has a parameter without a value in any
/// example.
///
/// Each call makes them anew, because a schema may have lost its type since the last call.
pub(in crate::source::normal) fn complete(document: &mut Document, notes: &mut Notes) {
    let count = document.node("/methods").and_then(Node::as_seq).map_or(0, <[Node]>::len);
    let mut made = 0;
    for index in 0..count {
        let pointer = pointer_join("/methods", &index.to_string());
        let Some(method) = document.node(&pointer) else { continue };
        let stated = method.get("examples").and_then(Node::as_seq).unwrap_or_default();
        let mut examples: Vec<Node> = stated.iter().filter(|pairing| !is_named_made_up(pairing)).cloned().collect();
        let given = |pairing: &Node| pairing.get("params").and_then(Node::as_seq).map_or(0, <[Node]>::len);
        let most = examples.iter().map(given).max();
        let parameters = method.get("params").and_then(Node::as_seq).map_or(0, <[Node]>::len);
        if most.is_none_or(|most| most < parameters) {
            examples.push(pairing(document, &pointer, method));
            made += usize::from(!stated.iter().any(is_named_made_up));
        }
        let at = method.position();
        if let Some(members) = document.node_mut(&pointer).and_then(Node::as_map_mut) {
            members.insert("examples", list(at, examples));
        }
    }
    if made > 0 {
        let help = "write `examples` of methods into an overlay; the mock and the documentation use them";
        notes.synthesised(document, "", format!("{made} examples of methods are made up"), help);
    }
}

/// Returns whether the value at a pointer is in an example that is made up.
pub(in crate::source::normal) fn is_made_up(document: &Document, pointer: &str) -> bool {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    let ["methods", method, "examples", pairing, ..] = segments.as_slice() else { return false };
    document.node(&format!("/methods/{method}/examples/{pairing}")).is_some_and(is_named_made_up)
}

fn is_named_made_up(pairing: &Node) -> bool {
    pairing.get("name").and_then(Node::as_str) == Some(MADE_UP)
}

fn pairing(document: &Document, pointer: &str, method: &Node) -> Node {
    let at = method.position();
    let value = |pointer: &str, descriptor: &Node, direction: Direction| {
        let schema = target(document, pointer, descriptor).and_then(|descriptor| descriptor.get("schema"));
        let value = schema.and_then(|schema| sample(document, schema, direction));
        object(at, vec![("value", value.unwrap_or_else(|| Node::new(at, Kind::Null)))])
    };
    let params = method.get("params").and_then(Node::as_seq).unwrap_or_default();
    let params = params.iter().enumerate();
    let params = params.map(|(index, param)| value(&format!("{pointer}/params/{index}"), param, Direction::Request));
    let mut members = vec![("name", text(at, MADE_UP)), ("params", list(at, params.collect()))];
    if let Some(result) = method.get("result") {
        members.push(("result", value(&pointer_join(pointer, "result"), result, Direction::Response)));
    }
    object(at, members)
}
