//! Completes the methods of OpenRPC, and gives them the form that the check accepts.

mod descriptors;
mod errors;
mod methods;
mod names;
mod nodes;
mod pairings;
mod samples;

pub(super) use samples::{complete as complete_examples, is_made_up};

use super::notes::Notes;
use super::remarks::Remarks;
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_join;
use methods::Shared;

/// Gives the methods, their parameters, results, errors and examples one form.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    if document.node("/openrpc").is_none() {
        return;
    }
    let mut remarks = Remarks::default();
    let listed = document.node("/methods").and_then(Node::as_seq).unwrap_or_default().to_vec();
    let mut shared = Shared::new();
    let mut methods: Vec<Node> = Vec::with_capacity(listed.len());
    for (index, mut method) in listed.into_iter().enumerate() {
        let pointer = pointer_join("/methods", &index.to_string());
        methods::normalise(document, &pointer, &mut method, &mut shared, &mut remarks);
        methods.push(method);
    }
    names::normalise(&mut methods, &mut remarks);
    methods::state_structure(document.root(), &methods, &mut remarks);
    if let Some(node) = document.node_mut("/methods").filter(|node| node.as_seq().is_some()) {
        node.set_kind(Kind::Seq(methods.into_boxed_slice()));
    }
    components(document, &mut remarks);
    remarks.note(document, notes);
}

/// The sections of components whose content is copied into the methods, each with the keys that
/// have an effect in its objects. No keys are listed for example pairings, because `pairings`
/// checks their keys.
const COPIED: [(&str, &[&str]); 4] = [
    ("tags", &["$ref", "name"]),
    ("examples", &["$ref", "name", "value"]),
    ("examplePairings", &[]),
    ("examplePairingObjects", &[]),
];

/// Completes the content descriptors under `components`, and removes the components whose content
/// is now in the methods.
fn components(document: &mut Document, remarks: &mut Remarks) {
    let Some(components) = document.node_mut("/components") else { return };
    if let Some(links) = components.remove("links") {
        remarks.add_of(
            Effect::Ignored,
            "/components/links",
            &links,
            "`links` are ignored",
            "the client has no use for them",
        );
    }
    for (section, known) in COPIED {
        let pointer = pointer_join("/components", section);
        for (name, value) in components.get(section).and_then(Node::as_map).into_iter().flat_map(Members::iter) {
            let pointer = pointer_join(&pointer, name);
            if value.as_map().is_none() {
                remarks.add_of(Effect::Ignored, &pointer, value, format!("`{name}` is ignored"), "write an object");
            } else if known.is_empty() {
                pairings::unused_keys(&pointer, value, remarks);
            } else {
                remarks.add_others(&pointer, value, known);
            }
        }
    }
    components.remove_all(|key| matches!(key, "tags" | "examples" | "examplePairings" | "examplePairingObjects"));
    let descriptors = components.child_mut("contentDescriptors").and_then(Node::as_map_mut);
    for (name, descriptor) in descriptors.into_iter().flat_map(Members::iter_mut) {
        descriptors::complete(&pointer_join("/components/contentDescriptors", name), descriptor, name, remarks);
    }
}
