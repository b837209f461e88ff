//! Removes incomplete errors, and errors that are listed twice, from methods.

use std::collections::{HashMap, HashSet};

use super::nodes::{Budget, inline};
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::node::{Kind, Node};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;
use crate::source::references::{ComponentKind, follow};

/// Gives each error a number; errors with the same content have the same number. Each error is
/// converted to text once, even if many methods refer to it.
#[derive(Debug, Default)]
pub(super) struct Errors {
    by_pointer: HashMap<String, usize>,
    by_text: HashMap<String, usize>,
}

impl Errors {
    /// Removes errors that are listed twice, and those without a code or a message.
    pub(super) fn normalise(
        &mut self,
        document: &Document,
        pointer: &str,
        method: &mut Node,
        budget: &mut Budget,
        remarks: &mut Remarks,
    ) {
        let pointer = pointer_join(pointer, "errors");
        let Some(errors) = method.child_mut("errors").filter(|errors| errors.as_seq().is_some()) else { return };
        let mut kept: Vec<Node> = Vec::new();
        let mut known: HashSet<usize> = HashSet::new();
        for (index, mut error) in errors.take_elements().into_iter().enumerate() {
            let pointer = pointer_join(&pointer, &index.to_string());
            inline(document, &pointer, &mut error, ComponentKind::ErrorObject, budget);
            let found = follow(document, Located { pointer: pointer.clone(), node: &error });
            let is_complete = found.get("code").is_some() && found.text("message").is_some();
            if let Some(data) = found.get("data") {
                let message = "`data` is ignored: the client has the data of each response";
                remarks.add_of(Effect::Ignored, &data.pointer, data.node, message, "write it into the message");
            }
            // A `$ref` that leads nowhere is kept, because the check reports it.
            if found.get("$ref").is_some() || (is_complete && known.insert(self.number(&found))) {
                kept.push(error);
            } else if is_complete {
                let help = "remove one of them by an overlay";
                remarks.add_of(Effect::Ignored, &pointer, &error, "an error that is listed twice is ignored", help);
            } else {
                let help = "write its `code` and its `message` into an overlay";
                remarks.add_of(
                    Effect::Ignored,
                    &pointer,
                    &error,
                    "an error without a code or a message is ignored",
                    help,
                );
            }
        }
        errors.set_kind(Kind::Seq(kept.into_boxed_slice()));
    }

    fn number(&mut self, error: &Located<'_>) -> usize {
        if let Some(known) = self.by_pointer.get(&error.pointer) {
            return *known;
        }
        let next = self.by_text.len();
        let number = *self.by_text.entry(error.node.to_json()).or_insert(next);
        self.by_pointer.insert(error.pointer.clone(), number);
        number
    }
}
