//! Makes new nodes, and finds the targets of `$ref`s.

use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::node::{Kind, Members, Node, Position};
use crate::source::references::{ComponentKind, follow};

/// The maximum number of values that may be copied in place of `$ref`s.
const MAX_VALUES: usize = 1_000_000;

pub(super) fn text(at: Position, text: &str) -> Node {
    Node::new(at, Kind::String(text.into()))
}

pub(super) fn object(at: Position, members: Vec<(&str, Node)>) -> Node {
    let members: Vec<(Box<str>, Node)> = members.into_iter().map(|(name, node)| (name.into(), node)).collect();
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}

pub(super) fn list(at: Position, elements: Vec<Node>) -> Node {
    Node::new(at, Kind::Seq(elements.into_boxed_slice()))
}

/// Returns the value that the `$ref`s of a node lead to; `None` if they lead nowhere.
pub(super) fn target<'a>(document: &'a Document, pointer: &str, node: &'a Node) -> Option<&'a Node> {
    let end = follow(document, Located { pointer: pointer.to_owned(), node });
    end.node.get("$ref").is_none().then_some(end.node)
}

/// The number of values that may still be copied in place of `$ref`s. It limits the size of the
/// document, because many methods can refer to one large value.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new() -> Self {
        Self(MAX_VALUES)
    }

    /// Copies a value; `None` if there is no room for it. After the first `None`, each call returns
    /// `None`.
    pub(super) fn copy(&mut self, node: &Node) -> Option<Node> {
        let count = if self.0 == 0 { usize::MAX } else { node.count() };
        self.0 = self.0.saturating_sub(count);
        (self.0 > 0).then(|| node.clone().without_key())
    }
}

/// Replaces a `$ref` by its target, unless it leads to a component of its kind.
pub(super) fn inline(document: &Document, pointer: &str, node: &mut Node, kind: ComponentKind, budget: &mut Budget) {
    let Some(reference) = node.get("$ref").and_then(Node::as_str) else { return };
    let is_component = reference.strip_prefix('#').is_some_and(|pointer| {
        let name = pointer.strip_prefix("/components/").and_then(|rest| rest.strip_prefix(kind.section()));
        name.and_then(|rest| rest.strip_prefix('/')).is_some_and(|name| !name.contains('/'))
    });
    if is_component {
        return;
    }
    if let Some(inlined) = target(document, pointer, node).and_then(|target| budget.copy(target)) {
        *node = inlined;
    }
}
