//! Merges a value into another.

use crate::source::node::{Kind, Node};
use crate::source::pointer::pointer_join;

/// The place at which two values cannot be merged.
#[derive(Debug, PartialEq)]
pub(super) struct Mismatch {
    /// The JSON pointer from the target to this place.
    pub(super) pointer: String,
    pub(super) target: &'static str,
    pub(super) update: &'static str,
}

/// Merges `update` into the value that a target selects.
///
/// Properties of objects are merged one by one, and missing ones are added. A list is appended to a
/// list. If the target itself is a list, any other value is appended to it as an element. A scalar
/// replaces a scalar, and any value replaces null.
///
/// # Errors
/// Returns the first place at which the two values cannot be merged.
pub(super) fn merge(target: &mut Node, update: &Node) -> Result<(), Mismatch> {
    match (target.kind(), update.kind()) {
        (Kind::Seq(_), Kind::Seq(_)) | (Kind::Map(_), _) => merge_at("", target, update),
        (Kind::Seq(_), _) => {
            target.append([update.clone().without_key()]);
            Ok(())
        }
        _ => merge_at("", target, update),
    }
}

fn merge_at(pointer: &str, target: &mut Node, update: &Node) -> Result<(), Mismatch> {
    match (target.kind(), update.kind()) {
        (Kind::Map(_), Kind::Map(new)) => {
            for (name, value) in new.iter() {
                match target.child_mut(name) {
                    Some(old) => merge_at(&pointer_join(pointer, name), old, value)?,
                    None => {
                        if let Some(members) = target.as_map_mut() {
                            members.insert(name, value.clone());
                        }
                    }
                }
            }
            Ok(())
        }
        (Kind::Seq(_), Kind::Seq(new)) => {
            target.append(new.iter().cloned());
            Ok(())
        }
        (Kind::Map(_) | Kind::Seq(_), _)
        | (Kind::Bool(_) | Kind::Number(_) | Kind::String(_), Kind::Map(_) | Kind::Seq(_)) => {
            Err(Mismatch { pointer: pointer.to_owned(), target: target.kind_name(), update: update.kind_name() })
        }
        _ => {
            *target = update.clone();
            Ok(())
        }
    }
}
