//! A value of a document together with its place.

use super::node::Node;
use super::pointer::pointer_join;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// The JSON pointer of the value.
    pub pointer: String,
    /// The value.
    pub node: &'a Node,
}

impl<'a> Located<'a> {
    /// Returns the member at a key; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Located<'a>> {
        Some(Located { node: self.node.get(key)?, pointer: pointer_join(&self.pointer, key) })
    }

    /// Returns the members of an object; none if the value is not an object.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Located<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_map()
            .into_iter()
            .flat_map(|members| members.iter())
            .map(move |(name, node)| (name, Located { pointer: pointer_join(&pointer, name), node }))
    }

    /// Returns the elements of a list; none if the value is not a list.
    pub fn elements(&self) -> impl Iterator<Item = Located<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        self.node
            .as_seq()
            .into_iter()
            .flatten()
            .enumerate()
            .map(move |(i, node)| Located { pointer: pointer_join(&pointer, &i.to_string()), node })
    }

    /// Returns the elements of the list at a key; none if there is no list.
    pub fn list(&self, key: &str) -> impl Iterator<Item = Located<'a>> + use<'a> {
        self.get(key).into_iter().flat_map(|list| list.elements())
    }

    /// Returns the text at a key; `None` if there is no text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    /// Returns whether the member at a key is `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.node.get(key).and_then(Node::as_bool) == Some(true)
    }
}
