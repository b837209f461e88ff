//! Completes a method: its summary, tags, parameters, result, errors and examples.

use heck::ToSnakeCase;

use super::errors::Errors;
use super::nodes::{Budget, inline, list, object, target, text};
use super::{descriptors, pairings};
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::located::Located;
use crate::source::node::{Kind, Node};
use crate::source::normal::operations::first_sentence;
use crate::source::normal::remarks::Remarks;
use crate::source::normal::servers::is_same;
use crate::source::openrpc::is_by_name;
use crate::source::pointer::pointer_join;
use crate::source::references::ComponentKind;

/// The state that the methods of a document share.
#[derive(Debug)]
pub(super) struct Shared {
    budget: Budget,
    errors: Errors,
}

impl Shared {
    pub(super) fn new() -> Self {
        Self { budget: Budget::new(), errors: Errors::default() }
    }
}

/// Gives a method the form that the check accepts.
pub(super) fn normalise(
    document: &Document,
    pointer: &str,
    method: &mut Node,
    shared: &mut Shared,
    remarks: &mut Remarks,
) {
    if method.as_map().is_none() {
        return;
    }
    let Shared { budget, errors } = shared;
    let target = method.get("$ref").and_then(|_| target(document, pointer, method));
    if let Some(inlined) = target.and_then(|target| budget.copy(target)) {
        *method = inlined;
    }
    summary(pointer, method, remarks);
    tags(document, pointer, method, remarks);
    if let Some(links) = method.remove("links") {
        let pointer = pointer_join(pointer, "links");
        remarks.add_of(Effect::Ignored, &pointer, &links, "`links` are ignored", "the client has no use for them");
    }
    let of_root = document.node("/servers");
    if of_root.zip(method.get("servers")).is_some_and(|(of_root, own)| is_same(of_root, own)) {
        method.remove("servers");
    }
    let is_by_name = is_by_name(&Located { pointer: pointer.to_owned(), node: method });
    let at = method.position();
    if let Some(members) = method.as_map_mut()
        && !members.contains_key("params")
    {
        members.insert("params", list(at, Vec::new()));
    }
    if let Some(Kind::Seq(params)) = method.child_mut("params").map(Node::kind_mut) {
        let pointer = pointer_join(pointer, "params");
        params.iter_mut().enumerate().for_each(|(index, param)| {
            inline(
                document,
                &pointer_join(&pointer, &index.to_string()),
                param,
                ComponentKind::ContentDescriptor,
                budget,
            );
        });
        descriptors::parameters(&pointer, params, is_by_name, remarks);
    }
    if let Some(result) = method.child_mut("result") {
        let pointer = pointer_join(pointer, "result");
        inline(document, &pointer, result, ComponentKind::ContentDescriptor, budget);
        descriptors::result(&pointer, result, remarks);
    }
    errors.normalise(document, pointer, method, budget, remarks);
    pairings::normalise(document, pointer, method, budget, remarks);
}

/// Adds one warning for all methods that do not state how their parameters are sent.
pub(super) fn state_structure(root: &Node, methods: &[Node], remarks: &mut Remarks) {
    let is_silent = |method: &&Node| {
        method.get("paramStructure").is_none()
            && method.get("params").and_then(Node::as_seq).is_some_and(|params| !params.is_empty())
    };
    let silent = methods.iter().filter(is_silent).count();
    if silent > 0 {
        let message = format!("{silent} methods state no `paramStructure`; their parameters are sent by position");
        remarks.add_of(
            Effect::Synthesised,
            "",
            root,
            message,
            "write `paramStructure: by-name` into an overlay, for methods that need names",
        );
    }
}

fn summary(pointer: &str, method: &mut Node, remarks: &mut Remarks) {
    let stated = |key: &str| method.get(key).and_then(Node::as_str).filter(|text| !text.trim().is_empty());
    if stated("summary").is_some() {
        return;
    }
    let summary = match (stated("description"), stated("name")) {
        (Some(description), _) => first_sentence(description),
        (None, Some(name)) => {
            let words = name.to_snake_case().replace('_', " ");
            let mut letters = words.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            format!("{}{}.", first.map(String::from).unwrap_or_default(), letters.as_str())
        }
        (None, None) => return,
    };
    let help = "write its `summary` into an overlay";
    remarks.add_of(
        Effect::Synthesised,
        pointer,
        method,
        format!("the summary of the operation is made up: `{summary}`"),
        help,
    );
    let at = method.position();
    if let Some(members) = method.as_map_mut() {
        members.insert("summary", text(at, &summary));
    }
}

/// Keeps only the names of the tags, which group the methods. A tag that is a `$ref` gets the name
/// of its target.
fn tags(document: &Document, pointer: &str, method: &mut Node, remarks: &mut Remarks) {
    let pointer = pointer_join(pointer, "tags");
    let Some(tags) = method.child_mut("tags").filter(|tags| tags.as_seq().is_some()) else { return };
    let mut kept = Vec::new();
    for (index, tag) in tags.take_elements().into_iter().enumerate() {
        let pointer = pointer_join(&pointer, &index.to_string());
        remarks.add_others(&pointer, &tag, &["$ref", "name"]);
        let found = if tag.get("$ref").is_some() { target(document, &pointer, &tag) } else { Some(&tag) };
        match found.and_then(|found| found.get("name")).filter(|name| name.as_str().is_some()) {
            Some(name) => kept.push(object(tag.position(), vec![("name", name.clone())])),
            None => remarks.add_of(
                Effect::Ignored,
                &pointer,
                &tag,
                "a tag without a name is ignored",
                "write its `name` into an overlay",
            ),
        }
    }
    tags.set_kind(Kind::Seq(kept.into_boxed_slice()));
    if tags.as_seq().is_some_and(<[Node]>::is_empty) {
        method.remove("tags");
    }
}
