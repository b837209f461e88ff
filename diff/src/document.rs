//! Places in a document: its root, references, pointers.

use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::{Document, pointer_join};

/// Returns the whole document.
pub(crate) fn root(document: &Document) -> Found<'_> {
    Found { pointer: String::new(), node: document.root() }
}

/// The most `$ref`s that may lead from one to the next; a longer chain is a circle.
const MAX_HOPS: usize = 32;

/// Returns the target of a `$ref`, or the object itself if it has none. A reference that leads
/// nowhere is its own target.
pub(crate) fn resolve<'d>(document: &'d Document, found: Found<'d>) -> Found<'d> {
    let mut found = found;
    for _ in 0..MAX_HOPS {
        let Some(pointer) = found.text("$ref").and_then(|target| target.strip_prefix('#')) else { break };
        // A pointer in an address is percent-encoded.
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8_lossy();
        let Some(node) = document.node(&pointer) else { break };
        found = Found { pointer: pointer.into_owned(), node };
    }
    found
}

/// Returns the pointer of a property of an object.
pub(crate) fn below(at: &Found<'_>, key: &str) -> String {
    pointer_join(&at.pointer, key)
}

/// Returns the pointer of an element of a list.
pub(crate) fn element(list: &str, index: usize) -> String {
    pointer_join(list, &index.to_string())
}

/// Returns the pointer of a property if the object has it, else that of the object.
pub(crate) fn below_if_there(at: &Found<'_>, key: &str) -> String {
    if at.node.get(key).is_some() { below(at, key) } else { at.pointer.clone() }
}
