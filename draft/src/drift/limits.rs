//! The rate limits of a document and those of a specification.

use venuekit_json::Tree;

use crate::document::Lines;

use super::finding::{Difference, Finding};
use super::schema::Comparison;
use super::specification::Node;

impl<'a> Comparison<'a, '_> {
    /// Compares the limits: each has a number and a time. The specification can have more limits
    /// than a document that states none.
    pub(super) fn limits(&mut self) {
        let facts = self.facts;
        let root = self.specification.root();
        let listed = root.child("x-rate-limits");
        let all: Vec<Node<'a>> = listed.iter().flat_map(Node::elements).collect();
        let of_operations = facts.operations.iter().flat_map(|operation| &operation.limits);
        let stated: Vec<_> = facts.limits.iter().chain(of_operations).collect();
        let number = |node: &Node<'a>| node.tree.get("limit").and_then(Tree::scalar).unwrap_or_default();
        let is_same = |node: &Node<'a>, own: &crate::facts::Limit| {
            number(node) == own.number.to_string() && seconds(node.text("window").unwrap_or("")) == seconds(&own.window)
        };
        for own in &stated {
            // A limit of the same time states the difference.
            let is_near = |node: &&Node<'a>| seconds(node.text("window").unwrap_or("")) == seconds(&own.window);
            let carriers: Vec<&Node<'a>> = all.iter().filter(is_near).collect();
            let finding = || Finding {
                at: own.at,
                kind: Difference::Missing,
                subject: "rate limits".to_owned(),
                text: format!("the specification does not have `{}`", own.text),
                pointer: "/x-rate-limits".to_owned(),
            };
            self.check(all.iter().any(|node| is_same(node, own)), finding, &carriers);
        }
        let Some(at) = stated.iter().map(|own| own.at).reduce(Lines::to) else { return };
        for node in &all {
            let finding = || Finding {
                at,
                kind: Difference::Undocumented,
                subject: "rate limits".to_owned(),
                text: format!(
                    "the document does not have a limit of {} per {}",
                    number(node),
                    node.text("window").unwrap_or("")
                ),
                pointer: node.pointer.clone(),
            };
            self.check(stated.iter().any(|own| is_same(node, own)), finding, &[node]);
        }
    }
}

/// Returns a time such as `5m` in seconds.
fn seconds(window: &str) -> Option<u64> {
    let digits = window.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match window.get(digits.len()..)? {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}
