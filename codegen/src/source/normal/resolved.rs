//! Follows references.

use crate::source::document::Document;
use crate::source::node::Node;

/// The longest chain of references that is followed.
const DEPTH: usize = 16;

/// Returns the value to which the references of a value lead; the value itself if it has none, or
/// one that leads nowhere.
pub(super) fn resolved<'d>(document: &'d Document, mut node: &'d Node) -> &'d Node {
    for _ in 0..DEPTH {
        let reference = node.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
        let Some(next) = reference.and_then(|pointer| document.node(pointer)) else { break };
        node = next;
    }
    node
}
