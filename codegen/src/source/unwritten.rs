//! Counts the descriptions of a draft that are still to be written.

use super::document::Document;
use super::node::{Kind, Node};
use super::pointer::pointer_join;
use crate::diagnostic::Location;

/// The beginning of a description that a person has to write. The lines to read follow it.
pub const GAP: &str = "To be described: ";

/// A word of [`GAP`]. A text may be wrapped between words.
pub(super) const GAP_WORD: &str = "described";

/// Returns the number of descriptions that are to be written, and the place of the first.
pub(super) fn count(document: &Document) -> Option<(usize, Location)> {
    let mut found: Option<(usize, String)> = None;
    count_in(document.root(), "", &mut found);
    found.map(|(number, pointer)| (number, document.location(&pointer)))
}

fn count_in(node: &Node, pointer: &str, found: &mut Option<(usize, String)>) {
    match node.kind() {
        Kind::Map(members) => {
            for (name, member) in members.iter() {
                let is_gap = matches!(name, "description" | "summary")
                    && member.as_str().is_some_and(|text| text.starts_with(GAP));
                let place = pointer_join(pointer, name);
                if is_gap {
                    found.get_or_insert_with(|| (0, place)).0 += 1;
                } else {
                    count_in(member, &place, found);
                }
            }
        }
        Kind::Seq(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                count_in(node, &pointer_join(pointer, &index.to_string()), found);
            }
        }
        _ => {}
    }
}
