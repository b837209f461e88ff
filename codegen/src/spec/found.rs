//! A value of a document together with its place.

use super::node::Node;
use super::pointer::pointer_join;

/// A value and where it stands.
#[derive(Clone)]
pub(crate) struct Found<'a> {
    pub(crate) pointer: String,
    pub(crate) node: &'a Node,
}

impl<'a> Found<'a> {
    /// A member.
    pub(crate) fn get(&self, key: &str) -> Option<Found<'a>> {
        Some(Found { node: self.node.get(key)?, pointer: pointer_join(&self.pointer, key) })
    }

    /// The members, or none.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Found<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_map()
            .into_iter()
            .flat_map(|members| members.iter())
            .map(move |(name, node)| (name, Found { pointer: pointer_join(&pointer, name), node }))
    }

    /// The elements, or none.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Found<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_seq()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(i, node)| Found { pointer: pointer_join(&pointer, &i.to_string()), node })
    }

    /// The elements of a member, or none.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = Found<'a>> + use<'a> {
        self.get(key).into_iter().flat_map(|list| list.elements())
    }

    /// The text of a member.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Whether a member is `true`.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }
}
