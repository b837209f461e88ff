//! The document that an overlay changes. JSONPaths select values in it.

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use crate::source::node::Node;

/// The tree of a document, and a copy of it as a `serde_json` value.
///
/// The JSONPath library can only search `serde_json` values. Each change is made to the tree and to
/// the copy, so that the tree need not be converted again for each action.
pub(super) struct Target<'a> {
    tree: &'a mut Node,
    values: Value,
}

impl<'a> Target<'a> {
    pub(super) fn new(tree: &'a mut Node) -> Self {
        let values = tree.to_value();
        Self { tree, values }
    }

    /// Returns the places that a path selects, each once, in the order of a walk from the root.
    pub(super) fn select(&self, path: &JsonPath) -> Vec<Vec<Segment>> {
        let located = path.query_located(&self.values);
        let mut places: Vec<Vec<Segment>> = located.locations().map(segments).collect();
        places.sort();
        places.dedup();
        places
    }

    /// Returns the value at a place.
    pub(super) fn node(&self, place: &[Segment]) -> Option<&Node> {
        place.iter().try_fold(&*self.tree, |node, segment| node.child(&segment.name()))
    }

    /// Changes the value at a place.
    pub(super) fn change<E>(
        &mut self,
        place: &[Segment],
        change: impl FnOnce(&mut Node) -> Result<(), E>,
    ) -> Result<(), E> {
        let node = place.iter().try_fold(&mut *self.tree, |node, segment| node.child_mut(&segment.name()));
        let Some(node) = node else { return Ok(()) };
        let result = change(node);
        if let Some(value) = value_at(&mut self.values, place) {
            *value = node.to_value();
        }
        result
    }

    /// Removes the value at a place. The root stays.
    pub(super) fn remove(&mut self, place: &[Segment]) {
        let Some((last, above)) = place.split_last() else { return };
        let node = above.iter().try_fold(&mut *self.tree, |node, segment| node.child_mut(&segment.name()));
        if let Some(node) = node {
            node.remove(&last.name());
        }
        match (value_at(&mut self.values, above), last) {
            (Some(Value::Object(members)), Segment::Name(name)) => {
                members.remove(name);
            }
            (Some(Value::Array(elements)), Segment::Index(index)) if *index < elements.len() => {
                elements.remove(*index);
            }
            _ => {}
        }
    }
}

/// A step from a value to one of its members or elements.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Segment {
    Index(usize),
    Name(String),
}

impl Segment {
    /// Returns the step as a segment of a JSON pointer, without escapes.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

fn segments(path: &NormalizedPath<'_>) -> Vec<Segment> {
    let segment = |element: &PathElement<'_>| match element {
        PathElement::Name(name) => Segment::Name((*name).to_owned()),
        PathElement::Index(index) => Segment::Index(*index),
    };
    path.iter().map(segment).collect()
}

fn value_at<'v>(root: &'v mut Value, place: &[Segment]) -> Option<&'v mut Value> {
    place.iter().try_fold(root, |value, segment| match (value, segment) {
        (Value::Object(members), Segment::Name(name)) => members.get_mut(name),
        (Value::Array(elements), Segment::Index(index)) => elements.get_mut(*index),
        _ => None,
    })
}
