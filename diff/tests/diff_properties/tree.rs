//! Additions to the exact JSON tree: reading it from YAML, and reading and changing its members.

use venuekit_codegen::source::{Document, Kind, Node};
use venuekit_json::{Tree, pointer};

/// Returns the value of a node of a document.
pub(crate) fn from_node(node: &Node) -> Tree {
    match node.kind() {
        Kind::Null => Tree::Null,
        Kind::Bool(value) => Tree::Bool(*value),
        Kind::Number(digits) => Tree::number(digits),
        Kind::String(text) => Tree::text(&**text),
        Kind::Seq(elements) => Tree::Array(elements.iter().map(from_node).collect()),
        Kind::Map(members) => {
            Tree::Object(members.iter().map(|(name, node)| (name.to_owned(), from_node(node))).collect())
        }
    }
}

/// Reads YAML or JSON.
pub(crate) fn from_yaml(text: &str) -> Tree {
    let document = Document::parse("text.yaml", text).unwrap_or_else(|findings| panic!("{findings}"));
    from_node(document.root())
}

/// Functions of the tree that only these tests need.
pub(crate) trait TreeExt {
    /// Returns whether an object has a property.
    fn has(&self, key: &str) -> bool;

    /// Returns the characters of a property that is a string.
    fn text(&self, key: &str) -> Option<&str>;

    /// Returns whether a property is `true`.
    fn flag(&self, key: &str) -> bool;

    /// Returns the elements of a property, or none.
    fn list(&self, key: &str) -> &[Tree];

    /// Returns the pointers of all values, each before the pointers inside it.
    fn pointers(&self) -> Vec<String>;

    /// Removes the property or the element that a segment of a pointer names.
    fn remove_segment(&mut self, segment: &str) -> Option<Tree>;
}

impl TreeExt for Tree {
    fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key) == Some(&Self::Bool(true))
    }

    fn list(&self, key: &str) -> &[Tree] {
        self.get(key).map(Self::elements).unwrap_or_default()
    }

    fn pointers(&self) -> Vec<String> {
        let mut all = Vec::new();
        collect(self, "", &mut all);
        all
    }

    fn remove_segment(&mut self, segment: &str) -> Option<Tree> {
        match self {
            Self::Array(elements) => {
                let index = pointer::index(segment).filter(|index| *index < elements.len())?;
                Some(elements.remove(index))
            }
            object => object.remove(segment),
        }
    }
}

fn collect(value: &Tree, place: &str, all: &mut Vec<String>) {
    all.push(place.to_owned());
    for (name, property) in value.members() {
        collect(property, &pointer::join(place, name), all);
    }
    for (index, element) in value.elements().iter().enumerate() {
        collect(element, &pointer::join(place, &index.to_string()), all);
    }
}

/// Returns the pointer of the parent of a value, and the value's key in it.
pub(crate) fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, _) = pointer.rsplit_once('/')?;
    let key = pointer::segments(pointer)?.pop()?;
    Some((parent, key))
}
