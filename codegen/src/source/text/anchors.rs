//! The values with an anchor, which aliases repeat.

use std::collections::HashMap;

use crate::source::node::{Kind, Node};

/// A value with an anchor, and its size.
#[derive(Debug)]
pub(super) struct Anchored {
    pub(super) node: Node,
    /// The number of values: this one and all below it.
    pub(super) count: usize,
    /// The number of levels below this value.
    pub(super) depth: usize,
    /// The total length, in bytes, of the JSON pointers from this value to the values below it.
    pub(super) pointers: usize,
}

/// The values with an anchor, by the number of the anchor.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashMap<usize, Anchored>);

impl Anchors {
    /// Keeps the value of an anchor. Returns the number of values in it.
    pub(super) fn keep(&mut self, anchor: usize, node: &Node) -> usize {
        let (count, pointers) = sizes(node, 0);
        let node = node.clone().without_key();
        let anchored = Anchored { depth: node.depth(), node, count, pointers };
        self.0.insert(anchor, anchored);
        count
    }

    /// Returns the value of an anchor; `None` if the value has not ended yet.
    pub(super) fn get(&self, anchor: usize) -> Option<&Anchored> {
        self.0.get(&anchor)
    }
}

/// Returns the number of values in a value, and the total length of the JSON pointers to them.
/// `length` is the length of the pointer to the value itself. An index counts as one byte.
fn sizes(node: &Node, length: usize) -> (usize, usize) {
    let add = |(count, pointers): (usize, usize), (more, longer): (usize, usize)| (count + more, pointers + longer);
    match node.kind() {
        Kind::Seq(nodes) => nodes.iter().map(|node| sizes(node, length + 2)).fold((1, length), add),
        Kind::Map(members) => {
            members.iter().map(|(name, node)| sizes(node, length + 1 + name.len())).fold((1, length), add)
        }
        _ => (1, length),
    }
}
