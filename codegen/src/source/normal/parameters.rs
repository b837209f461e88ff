//! Normalises the parameters of OpenAPI: removes headers that the client or the signer sets, and
//! keys without an effect.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::media::MediaKind;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Keys that do not change the way in which the client sends a parameter.
const IGNORED: [&str; 2] = ["allowEmptyValue", "x-example"];

/// Normalises the parameters of components, paths and operations.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    let components = document.node_mut("/components/parameters").and_then(Node::as_map_mut);
    for (name, parameter) in components.into_iter().flat_map(Members::iter_mut) {
        normalise_one(&pointer_join("/components/parameters", name), parameter, &mut remarks);
    }
    let reserved: Vec<String> = document
        .node("/components/parameters")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(Members::iter)
        .filter(|(_, parameter)| is_reserved(parameter))
        .map(|(name, _)| format!("#{}", pointer_join("/components/parameters", name)))
        .collect();
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        normalise_list(&path, item, &reserved, &mut remarks);
        for method in METHODS {
            if let Some(operation) = item.child_mut(method) {
                normalise_list(&pointer_join(&path, method), operation, &reserved, &mut remarks);
            }
        }
    }
    remarks.note(document, notes);
}

/// Returns whether a parameter is a header that the client or the signer sets.
fn is_reserved(parameter: &Node) -> bool {
    let text = |key: &str| parameter.get(key).and_then(Node::as_str).unwrap_or_default();
    text("in") == "header"
        && ["accept", "content-type", "authorization"].contains(&text("name").to_ascii_lowercase().as_str())
}

fn normalise_list(pointer: &str, holder: &mut Node, reserved: &[String], remarks: &mut Remarks) {
    let pointer = pointer_join(pointer, "parameters");
    let Some(list) = holder.child_mut("parameters") else { return };
    let mut kept = Vec::new();
    for (index, mut parameter) in list.take_elements().into_iter().enumerate() {
        let pointer = pointer_join(&pointer, &index.to_string());
        let reference = parameter.get("$ref").and_then(Node::as_str);
        if is_reserved(&parameter) || reference.is_some_and(|found| reserved.iter().any(|known| known == found)) {
            remarks.ignored(
                &pointer,
                &parameter,
                "the header is not a parameter: the client or the signer sets it",
                "give the client a `Signer`, or set the header on the call",
            );
            continue;
        }
        normalise_one(&pointer, &mut parameter, remarks);
        kept.push(parameter);
    }
    list.set_kind(Kind::Seq(kept.into_boxed_slice()));
}

/// Converts a parameter whose content is text to one with a schema, if the schema is that of a
/// text.
fn text_content(parameter: &mut Node) {
    let Some(members) = parameter.as_map_mut().filter(|members| !members.contains_key("schema")) else { return };
    let Some(content) = members.get("content").and_then(Node::as_map) else { return };
    let (Some((media, value)), 1) = (content.iter().next(), content.len()) else { return };
    let schema = value.get("schema");
    let is_text = schema.is_some_and(|schema| schema.get("type").and_then(Node::as_str) == Some("string"));
    let others = value.as_map().is_some_and(|all| all.keys().any(|key| !matches!(key, "schema" | "example")));
    if MediaKind::new(media, value) != MediaKind::Text || !is_text || others {
        return;
    }
    let kept = ["schema", "example"].map(|key| (key, value.get(key).cloned()));
    members.remove("content");
    for (key, value) in kept {
        if let Some(value) = value {
            members.insert(key, value);
        }
    }
}

fn normalise_one(pointer: &str, parameter: &mut Node, remarks: &mut Remarks) {
    let (at, is_path) = (parameter.position(), parameter.get("in").and_then(Node::as_str) == Some("path"));
    if parameter.get("$ref").is_some() {
        return;
    }
    for key in IGNORED {
        if let Some(value) = parameter.get(key) {
            remarks.ignored(
                &pointer_join(pointer, key),
                value,
                format!("`{key}` is ignored"),
                "the client encodes what has to be encoded",
            );
        }
    }
    parameter.remove_all(|key| IGNORED.contains(&key));
    text_content(parameter);
    let is_in_query = parameter.get("in").and_then(Node::as_str) == Some("query");
    if !is_in_query
        && let Some(flag) = parameter.as_map_mut().and_then(|members| members.remove("allowReserved"))
        && flag.as_bool() == Some(true)
    {
        let place = pointer_join(pointer, "allowReserved");
        let message = "`allowReserved` is ignored: it is for the query";
        remarks.ignored(&place, &flag, message, "the client encodes what has to be encoded");
    }
    if let Some(content) = parameter.child_mut("content").and_then(Node::as_map_mut) {
        // JSON under another label, such as `application/json; charset=utf-8`.
        let mut all = content.take();
        if let [(media, value)] = all.as_mut_slice()
            && MediaKind::new(media, value) == MediaKind::Json
        {
            *media = "application/json".into();
        }
        *content = Members::from(all);
    }
    let Some(members) = parameter.as_map_mut() else { return };
    if is_path && members.get("required").and_then(Node::as_bool) != Some(true) {
        members.insert("required", Node::new(at, Kind::Bool(true)));
    }
    if members.get("schema").is_none() && members.get("content").is_none() {
        let text: Vec<(Box<str>, Node)> = vec![("type".into(), Node::new(at, Kind::String("string".into())))];
        members.insert("schema", Node::new(at, Kind::Map(Box::new(Members::from(text)))));
        remarks.synthesised(
            pointer,
            parameter,
            "the parameter has no `schema`; it is assumed to be text",
            "write its `schema` into an overlay",
        );
    }
}
