//! Collects warnings while a step changes the tree. They become notes when the step is done.

use super::notes::Notes;
use crate::diagnostic::{Diagnostic, Effect, Help, Level};
use crate::source::document::Document;
use crate::source::node::{Node, Position};
use crate::source::pointer::pointer_join;

/// The warnings of a step.
#[derive(Default)]
pub(super) struct Remarks(Vec<Remark>);

struct Remark {
    effect: Effect,
    pointer: String,
    position: Position,
    message: String,
    help: Help,
}

impl Remarks {
    /// Adds a warning on a value that lacked something, which was made up.
    pub(super) fn synthesised(
        &mut self,
        pointer: &str,
        node: &Node,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        self.add_of(Effect::Synthesised, pointer, node, message, help);
    }

    /// Adds a warning on a value that has no effect.
    pub(super) fn ignored(&mut self, pointer: &str, node: &Node, message: impl Into<String>, help: impl Into<Help>) {
        self.add_of(Effect::Ignored, pointer, node, message, help);
    }

    /// Adds a warning on a value for which the client accepts more than the document states.
    pub(super) fn relaxed(&mut self, pointer: &str, node: &Node, message: impl Into<String>, help: impl Into<Help>) {
        self.add_of(Effect::Relaxed, pointer, node, message, help);
    }

    /// Adds a warning on a schema whose values become any JSON value.
    pub(super) fn untyped(&mut self, pointer: &str, node: &Node, message: impl Into<String>, help: impl Into<Help>) {
        self.add_of(Effect::Untyped, pointer, node, message, help);
    }

    /// Adds a warning with this effect on a value.
    pub(super) fn add_of(
        &mut self,
        effect: Effect,
        pointer: &str,
        node: &Node,
        message: impl Into<String>,
        help: impl Into<Help>,
    ) {
        let (message, help) = (message.into(), help.into());
        self.0.push(Remark { effect, pointer: pointer.to_owned(), position: node.anchor(), message, help });
    }

    /// Adds a warning on each key of an object that is not in `known`. Such a key has no effect.
    pub(super) fn add_others(&mut self, pointer: &str, node: &Node, known: &[&str]) {
        for (key, value) in node.as_map().into_iter().flat_map(|members| members.iter()) {
            if !known.contains(&key) {
                let message = format!("`{key}` is ignored");
                self.ignored(&pointer_join(pointer, key), value, message, "the client has no use for it");
            }
        }
    }

    /// Adds the warnings to the notes on a document.
    pub(super) fn note(self, document: &Document, notes: &mut Notes) {
        for Remark { effect, pointer, position, message, help } in self.0 {
            let finding = Diagnostic::error(document.place(&pointer, position), message, Some(help));
            notes.push(Diagnostic { level: Level::Warning, effect: Some(effect), ..finding });
        }
    }
}
