//! Findings at the places of keys, in the document that has the key.

use venuekit_codegen::model::{Api, Operation};
use venuekit_codegen::source::Located;

use crate::alignment::labels::whole;
use crate::alignment::operations::OperationPair;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::below;
use crate::finding::Finding;
use crate::rules::Rule;

/// Returns a finding on the API as a whole, in the new document.
pub(super) fn api(rule: &'static Rule, pointer: &str) -> Finding {
    Finding::in_new(rule, Subject::default(), pointer)
}

/// Returns a finding on the API as a whole, in the old document.
pub(super) fn removed_from_api(rule: &'static Rule, pointer: &str) -> Finding {
    Finding::in_old(rule, Subject::default(), pointer)
}

/// Returns a finding on the API as a whole, in the new document if it has the value.
pub(super) fn of_api(rule: &'static Rule, pointer: &str, is_in_new: bool) -> Finding {
    if is_in_new { api(rule, pointer) } else { removed_from_api(rule, pointer) }
}

/// Returns a finding at a key of an operation, or at the same key of the root, which applies to all
/// operations without the key. Findings at the root form one change.
pub(super) fn of_operation(rule: &'static Rule, sides: &Sides<'_>, pair: &OperationPair<'_>, key: &str) -> Finding {
    let has = |at: &Located<'_>| at.node.get(key).is_some();
    let (old, new) = (&pair.old.at, &pair.new.at);
    let (old_root, new_root) = (sides.old.root(), sides.new.root());
    let subject = whole(pair.new);
    if has(new) {
        Finding::in_new(rule, subject, below(new, key))
    } else if has(old) {
        Finding::in_old(rule, subject, below(old, key))
    } else if has(&new_root) {
        Finding::in_new(rule, subject, below(&new_root, key))
    } else if has(&old_root) {
        Finding::in_old(rule, subject, below(&old_root, key))
    } else {
        Finding::in_new(rule, subject, new.pointer.clone())
    }
}

/// Returns an operation of the model.
pub(super) fn in_model<'a>(api: &'a Api, pointer: &str) -> Option<&'a Operation> {
    api.operations.iter().find(|operation| operation.pointer == pointer)
}
