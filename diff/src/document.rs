//! Places in a document: its root, references, pointers.

use venuekit_codegen::source::Located;
use venuekit_codegen::source::{Document, pointer_join};

/// Returns the whole document.
pub(crate) fn root(document: &Document) -> Located<'_> {
    Located { pointer: String::new(), node: document.root() }
}

/// Returns the pointer of a property of an object.
pub(crate) fn below(at: &Located<'_>, key: &str) -> String {
    pointer_join(&at.pointer, key)
}

/// Returns the pointer of an element of a list.
pub(crate) fn element(list: &str, index: usize) -> String {
    pointer_join(list, &index.to_string())
}

/// Returns the pointer of a property if the object has it, or else the pointer of the object.
pub(crate) fn below_if_there(at: &Located<'_>, key: &str) -> String {
    if at.node.get(key).is_some() { below(at, key) } else { at.pointer.clone() }
}
