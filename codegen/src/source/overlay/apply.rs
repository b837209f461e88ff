//! Applies the actions of an overlay to a document.

use super::action::{Action, Effect, actions};
use super::merge::{Mismatch, merge};
use super::target::{Segment, Target};
use crate::diagnostic::{Diagnostics, thousands};
use crate::source::check::overlay;
use crate::source::document::Document;
use crate::source::findings::Findings;
use crate::source::node::Node;
use crate::source::pointer::pointer_join;
use crate::source::text::{MAX_DEPTH, MAX_NODES};

/// Applies the overlay in `document` to a tree.
///
/// # Errors
/// Returns the findings on the overlay, if there are any. A target that selects nothing is a
/// finding.
pub(in crate::source) fn apply(tree: &mut Node, document: &Document) -> Result<(), Diagnostics> {
    let mut findings = Findings::new(document);
    overlay::keys(document, &mut findings);
    let actions = actions(document, &mut findings);
    let mut applied = Applied { nodes: tree.count(), target: Target::new(tree), findings };
    for action in &actions {
        applied.apply(action);
        if applied.nodes > MAX_NODES {
            let message = format!("with this action the document has more than {} values", thousands(MAX_NODES));
            applied.findings.at(&action.pointer, message, "check whether its target selects too many values");
            break;
        }
    }
    applied.findings.into_result(())
}

/// A document to which some of the actions were applied.
struct Applied<'t, 'o> {
    target: Target<'t>,
    /// An upper bound on the number of values in the document.
    nodes: usize,
    findings: Findings<'o>,
}

impl Applied<'_, '_> {
    fn apply(&mut self, action: &Action<'_>) {
        let places = self.target.select(&action.target);
        let target = pointer_join(&action.pointer, "target");
        if places.is_empty() {
            let help = "check whether the document still has it under this name; otherwise remove the action";
            self.findings.at(&target, format!("`{}` selects nothing", action.target), help);
            return;
        }
        match &action.effect {
            Effect::None => {}
            Effect::Update(update) => self.merge_into(&places, update, &pointer_join(&action.pointer, "update")),
            Effect::Remove if places.iter().any(Vec::is_empty) => {
                self.findings.at(&target, "the whole document cannot be removed", "select a part of it");
            }
            // The last value is removed first, so that the indices of the others stay valid.
            Effect::Remove => places.iter().rev().for_each(|place| self.target.remove(place)),
            Effect::Copy(path) => {
                let pointer = pointer_join(&action.pointer, "copy");
                let sources = self.target.select(path);
                match sources.as_slice() {
                    [source] => {
                        let Some(node) = self.target.node(source).cloned() else { return };
                        self.merge_into(&places, &node, &pointer);
                    }
                    others => {
                        let message = format!("`{path}` selects {} values", thousands(others.len()));
                        self.findings.at(&pointer, message, "select the one value to copy");
                    }
                }
            }
        }
    }

    /// Merges `update` into the values at some places. `pointer` is the JSON pointer to `update` in
    /// the overlay.
    fn merge_into(&mut self, places: &[Vec<Segment>], update: &Node, pointer: &str) {
        self.nodes = self.nodes.saturating_add(update.count().saturating_mul(places.len()));
        if self.nodes > MAX_NODES {
            return;
        }
        let depth = update.depth();
        for place in places {
            if place.len() + depth > MAX_DEPTH {
                let message = format!("with this action, values nest deeper than {MAX_DEPTH} levels");
                return self.findings.at(pointer, message, "select a value nearer to the root");
            }
            let merged = self.target.change(place, |node| merge(node, update));
            if let Err(Mismatch { pointer: below, target, update }) = merged {
                let place =
                    place.iter().fold(String::new(), |pointer, segment| pointer_join(&pointer, &segment.name()));
                let message = format!("{update} cannot be merged into {target}, which is at `{place}{below}`");
                let help = "remove the value there by an action before this one, and write the new one here";
                return self.findings.at(&format!("{pointer}{below}"), message, help);
            }
        }
    }
}
