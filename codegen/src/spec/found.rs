//! A value of a document together with its place.

use super::node::Node;
use super::pointer::pointer_join;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// The value.
    pub node: &'a Node,
}

impl<'a> Found<'a> {
    /// Returns a member.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Found<'a>> {
        Some(Found { node: self.node.get(key)?, pointer: pointer_join(&self.pointer, key) })
    }

    /// Returns the members; none of what is not an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Found<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_map()
            .into_iter()
            .flat_map(|members| members.iter())
            .map(move |(name, node)| (name, Found { pointer: pointer_join(&pointer, name), node }))
    }

    /// Returns the elements; none of what is not an array.
    pub fn elements(&self) -> impl Iterator<Item = Found<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_seq()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(i, node)| Found { pointer: pointer_join(&pointer, &i.to_string()), node })
    }

    /// Returns the elements of a member; none if it is not an array.
    pub fn list(&self, key: &str) -> impl Iterator<Item = Found<'a>> + use<'a> {
        self.get(key).into_iter().flat_map(|list| list.elements())
    }

    /// Returns the text of a member.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Returns whether a member is `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }
}
