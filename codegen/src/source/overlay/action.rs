//! Reads the actions of an overlay from its document.

use serde_json_path::JsonPath;

use crate::source::document::Document;
use crate::source::findings::Findings;
use crate::source::located::Located;
use crate::source::node::Node;
use crate::source::object::text_or_number;
use crate::source::pointer::pointer_join;

/// An action.
pub(super) struct Action<'a> {
    /// The JSON pointer to the action in the overlay.
    pub(super) pointer: String,
    pub(super) target: JsonPath,
    pub(super) effect: Effect<'a>,
}

/// The effect of an action on each value that its target selects.
pub(super) enum Effect<'a> {
    /// Merges this value into the selected value.
    Update(&'a Node),
    /// Removes the selected value.
    Remove,
    /// Merges the value at this path into the selected value.
    Copy(JsonPath),
    /// Changes nothing: `remove: false`.
    None,
}

/// Reads the actions of an overlay whose keys are already checked.
pub(super) fn actions<'a>(overlay: &'a Document, findings: &mut Findings<'_>) -> Vec<Action<'a>> {
    let version = overlay.root().get("overlay").and_then(text_or_number).unwrap_or_default();
    let can_copy = match version.split('.').collect::<Vec<_>>().as_slice() {
        ["1", "0", ..] => false,
        ["1", "1", ..] => true,
        _ => {
            let message = format!("`{version}` is not a supported version of overlays");
            findings.at("/overlay", message, "write 1.1.0, or 1.0.0");
            return Vec::new();
        }
    };
    let root = Located { pointer: String::new(), node: overlay.root() };
    let actions: Vec<Located<'_>> = root.list("actions").collect();
    if actions.is_empty() && root.get("actions").is_some_and(|actions| actions.node.as_seq().is_some()) {
        findings.at("/actions", "the overlay has no action", "write one, or delete the file");
    }
    actions.into_iter().filter_map(|at| action(&at, can_copy, findings)).collect()
}

fn action<'a>(at: &Located<'a>, can_copy: bool, findings: &mut Findings<'_>) -> Option<Action<'a>> {
    let target = path(at, "target", findings)?;
    let (update, remove, copy) = (at.get("update"), at.get("remove"), at.get("copy"));
    if copy.is_some() && !can_copy {
        let help = "write `overlay: 1.1.0` at the root";
        findings.at_key(&pointer_join(&at.pointer, "copy"), "`copy` needs version 1.1 of overlays", help);
        return None;
    }
    let removes = remove.as_ref().is_some_and(|remove| remove.node.as_bool() == Some(true));
    let effect = match (update, removes, copy, remove) {
        (Some(update), false, None, _) => Effect::Update(update.node),
        (None, true, None, _) => Effect::Remove,
        (None, false, Some(_), _) => Effect::Copy(path(at, "copy", findings)?),
        (None, false, None, Some(_)) => Effect::None,
        (None, false, None, None) => {
            findings.at(&at.pointer, "the action changes nothing", "write `update`, `copy` or `remove: true`");
            return None;
        }
        _ => {
            let message = "an action can have only one of `update`, `copy` and `remove: true`";
            findings.at(&at.pointer, message, "write a separate action for each");
            return None;
        }
    };
    Some(Action { pointer: at.pointer.clone(), target, effect })
}

/// Reads the JSONPath at a key. If it cannot be parsed, adds a finding and returns `None`.
fn path(at: &Located<'_>, key: &str, findings: &mut Findings<'_>) -> Option<JsonPath> {
    let text = at.text(key)?;
    match JsonPath::parse(text) {
        Ok(path) => Some(path),
        Err(error) => {
            // The position is a number of bytes.
            let before = text.get(..error.position()).unwrap_or(text);
            let character = before.chars().count() + 1;
            let message =
                format!("`{text}` is not a JSONPath (RFC 9535): {} at character {character}", error.message());
            let help = "write it as $.paths['/v1/orders'].get or $.components.schemas.Order.properties['price', 'qty']";
            findings.at(&pointer_join(&at.pointer, key), message, help);
            None
        }
    }
}
