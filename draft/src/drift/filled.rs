//! The rows of values that signing fills in.
//!
//! A specification has such a value once, at a security scheme, and without a type. So the rows of
//! an operation are held against those of the other operations.

use crate::facts::Operation;

use super::finding::{Difference, Finding};
use super::rows::{Usual, row, table_of};
use super::schema::Comparison;
use super::specification::Node;

impl<'a> Comparison<'a, '_> {
    /// Compares the rows of an operation with those of the other operations.
    pub(super) fn filled_rows(&mut self, name: &str, operation: &Operation, nodes: &[&Node<'a>], schemes: &str) {
        let pointer = nodes.first().map(|node| node.pointer.as_str()).unwrap_or_default();
        let all: Vec<Usual> = self.usual.iter().filter(|usual| usual.is_for(schemes)).cloned().collect();
        // An operation that has none of several such rows is of another kind, such as one that
        // needs a key and no signature. No row was removed from it.
        let everywhere = || all.iter().filter(|usual| usual.is_everywhere);
        let is_other = everywhere().nth(1).is_some() && everywhere().all(|usual| row(operation, &usual.name).is_none());
        if is_other {
            return;
        }
        for usual in all {
            let subject = format!("{name}: {}", usual.name);
            let names = [usual.name.as_str()];
            let Some(own) = row(operation, &usual.name) else {
                let is_parameter = operation.parameters.iter().any(|own| own.member.name == usual.name);
                let finding = || Finding {
                    at: table_of(operation),
                    kind: Difference::Undocumented,
                    subject,
                    text: format!("the document does not have `{}` here, as most operations have", usual.name),
                    pointer: pointer.to_owned(),
                };
                if usual.is_everywhere {
                    self.check_named(is_parameter, finding, nodes, &names);
                }
                continue;
            };
            let finding = |text: String| Finding {
                at: own.at,
                kind: Difference::Contradicts,
                subject: subject.clone(),
                text,
                pointer: pointer.to_owned(),
            };
            if let Some(kind) = usual.kind.as_ref() {
                let found = if own.states_type { own.schema.type_name() } else { "missing".to_owned() };
                let text = format!("the type is {found} here and {kind} in most operations");
                self.check_named(found == *kind, || finding(text), nodes, &names);
            }
            if let Some(required) = usual.required {
                let word = |required: Option<bool>| if required == Some(true) { "required" } else { "optional" };
                let (found, usual) = (word(own.required), word(Some(required)));
                let text = format!("it is {found} here and {usual} in most operations");
                self.check_named(found == usual, || finding(text), nodes, &names);
            }
        }
    }
}
