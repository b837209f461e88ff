//! The values that a document's examples show, by the names of their fields.

use std::collections::HashMap;

use crate::source::{Kind, Members, Node};

/// The keys whose values are examples.
const KEYS: [&str; 4] = ["example", "examples", "x-example", "default"];

/// The texts and the numbers in the examples of a document, by the names of their fields.
#[derive(Debug, Default)]
pub(super) struct Evidence(HashMap<String, Vec<Shown>>);

/// A value in an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// A text or a number, as it is written.
    Scalar(String),
    /// A flag, an object or a list inside a list. Null says nothing and is not kept.
    Other,
}

impl Evidence {
    /// Collects the values of all examples.
    pub(super) fn of(root: &Node) -> Self {
        let mut evidence = Self::default();
        evidence.search(root);
        evidence
    }

    /// Returns the values of a field.
    pub(super) fn values(&self, name: &str) -> &[Shown] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Looks for examples.
    fn search(&mut self, node: &Node) {
        for (key, value) in node.as_map().into_iter().flat_map(Members::iter) {
            if KEYS.contains(&key) {
                if let Some(name) = node.get("name").and_then(Node::as_str) {
                    self.value(name, value);
                }
                self.members(value);
            } else {
                self.search(value);
            }
        }
        node.as_seq().into_iter().flatten().for_each(|element| self.search(element));
    }

    /// Keeps the members of all objects inside an example.
    fn members(&mut self, example: &Node) {
        for (name, value) in example.as_map().into_iter().flat_map(Members::iter) {
            self.value(name, value);
            self.members(value);
        }
        // OpenRPC names the values of an example.
        let scalar = |value: &&Node| value.as_map().is_none();
        if let (Some(name), Some(value)) =
            (example.get("name").and_then(Node::as_str), example.get("value").filter(scalar))
        {
            self.value(name, value);
        }
        example.as_seq().into_iter().flatten().for_each(|element| self.members(element));
    }

    /// Keeps a value, or the elements of a list.
    fn value(&mut self, name: &str, value: &Node) {
        match value.kind() {
            Kind::Seq(elements) => {
                let elements = elements.iter().filter(|element| element.as_map().is_none());
                elements.for_each(|element| self.keep(name, element));
            }
            _ => self.keep(name, value),
        }
    }

    fn keep(&mut self, name: &str, value: &Node) {
        if let Some(shown) = Shown::of(value) {
            self.0.entry(name.to_owned()).or_default().push(shown);
        }
    }
}

impl Shown {
    /// Returns what a value shows; `None` for null.
    pub(super) fn of(value: &Node) -> Option<Self> {
        match value.kind() {
            Kind::Null => None,
            Kind::String(text) | Kind::Number(text) => Some(Self::Scalar(text.to_string())),
            Kind::Bool(_) | Kind::Seq(_) | Kind::Map(_) => Some(Self::Other),
        }
    }
}
