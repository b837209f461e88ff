//! Reduces each body and each response to one media type, and normalises statuses.

use super::forms::{Form, mark_fields};
use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::media::{self, MediaKind};
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// Gives each body and each response one media type.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let (mut remarks, mut forms) = (Remarks::default(), Vec::new());
    for section in ["requestBodies", "responses"] {
        let pointer = format!("/components/{section}");
        let holders = document.node_mut(&pointer).and_then(Node::as_map_mut);
        for (name, holder) in holders.into_iter().flat_map(Members::iter_mut) {
            content(&pointer_join(&pointer, name), holder, section == "requestBodies", &mut forms, &mut remarks);
        }
    }
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        for method in METHODS {
            let Some(operation) = item.child_mut(method) else { continue };
            let pointer = pointer_join(&path, method);
            if let Some(body) = operation.child_mut("requestBody") {
                content(&pointer_join(&pointer, "requestBody"), body, true, &mut forms, &mut remarks);
            }
            if let Some(list) = operation.child_mut("responses") {
                let pointer = pointer_join(&pointer, "responses");
                if method == "head" {
                    without_bodies(&pointer, list, &mut remarks);
                }
                responses(&pointer, list, &mut remarks);
            }
        }
    }
    forms.iter().for_each(|form| mark_fields(document, form, &mut remarks));
    remarks.note(document, notes);
}

/// Keeps only the preferred media type of a body or a response.
fn content(pointer: &str, holder: &mut Node, is_request: bool, forms: &mut Vec<Form>, remarks: &mut Remarks) {
    let Some(content) = holder.child_mut("content") else { return };
    let pointer = pointer_join(pointer, "content");
    let Some((chosen, kind)) = media::used(content, is_request) else { return };
    let chosen = chosen.to_owned();
    let Some(members) = content.as_map_mut() else { return };
    let used = if kind == MediaKind::Json { "JSON" } else { &format!("`{chosen}`") };
    for (media, value) in members.iter().filter(|(media, _)| *media != chosen) {
        let message = format!("`{media}` is ignored: the body is {used}");
        remarks.ignored(&pointer_join(&pointer, media), value, message, "leave it out by an overlay");
    }
    if let Some(mut body) = members.remove(&chosen) {
        let at = body.position();
        if let Some(body) = body.as_map_mut()
            && !body.contains_key("schema")
        {
            body.insert("schema", Node::new(at, Kind::Map(Box::default())));
        }
        let place = pointer_join(&pointer, &chosen);
        match kind {
            MediaKind::Form | MediaKind::Multipart => {
                forms.push(Form { pointer: place, has_files: kind == MediaKind::Multipart });
            }
            MediaKind::Json => drop_encoding(&place, &mut body, remarks),
            _ => {
                drop_encoding(&place, &mut body, remarks);
                if let Some(schema) = body.child_mut("schema") {
                    raw(&pointer_join(&place, "schema"), schema, kind, remarks);
                }
            }
        }
        // A range such as `*/*` is bytes only because of the schema, which is gone.
        let name = if kind == MediaKind::Bytes { media::sent(&chosen, kind) } else { &chosen };
        *members = Members::from(vec![(name.into(), body)]);
    }
}

/// Removes `encoding`. It is for forms, and OpenAPI ignores it in any other content.
fn drop_encoding(pointer: &str, body: &mut Node, remarks: &mut Remarks) {
    if let Some(encoding) = body.as_map_mut().and_then(|body| body.remove("encoding")) {
        let place = pointer_join(pointer, "encoding");
        remarks.ignored(&place, &encoding, "`encoding` is ignored", "only the fields of a form have it");
    }
}

/// Replaces the schema of text or bytes. Such content is sent and read as it is, whatever its
/// schema says.
fn raw(pointer: &str, schema: &mut Node, kind: MediaKind, remarks: &mut Remarks) {
    let at = schema.position();
    for (key, value) in schema.as_map().into_iter().flat_map(Members::iter) {
        let says_so = match key {
            "description" => true,
            "type" => value.as_str() == Some("string"),
            "format" => kind == MediaKind::Bytes && value.as_str() == Some("binary"),
            _ => false,
        };
        if !says_so {
            let message = format!("`{key}` is ignored: the content is no JSON");
            let help = "it is sent and read as it is";
            remarks.ignored(&pointer_join(pointer, key), value, message, help);
        }
    }
    let description = schema.get("description").filter(|text| text.as_str().is_some()).cloned();
    let description = description.map(|text| ("description".into(), text));
    let mut members: Vec<(Box<str>, Node)> = description.into_iter().collect();
    if kind != MediaKind::Bytes {
        members.push(("type".into(), Node::new(at, Kind::String("string".into()))));
    }
    schema.set_kind(Kind::Map(Box::new(Members::from(members))));
}

/// Removes the bodies of the responses to a HEAD.
fn without_bodies(pointer: &str, list: &mut Node, remarks: &mut Remarks) {
    for (key, response) in list.as_map_mut().into_iter().flat_map(Members::iter_mut) {
        if let Some(content) = response.as_map_mut().and_then(|response| response.remove("content")) {
            let pointer = pointer_join(&pointer_join(pointer, key), "content");
            let help = "leave it out by an overlay; `with_response()` has the headers";
            remarks.ignored(&pointer, &content, "a response to HEAD has no body: `content` is ignored", help);
        }
    }
}

fn responses(pointer: &str, list: &mut Node, remarks: &mut Remarks) {
    let keys: Vec<String> = list.as_map().into_iter().flat_map(Members::keys).map(str::to_owned).collect();
    for key in &keys {
        if let Some(response) = list.child_mut(key) {
            content(&pointer_join(pointer, key), response, false, &mut Vec::new(), remarks);
            if let Some(headers) = response.get("headers") {
                let place = pointer_join(&pointer_join(pointer, key), "headers");
                let help = "`with_response()` has all headers of the response";
                remarks.ignored(&place, headers, "`headers` of a response are ignored", help);
            }
        }
    }
    let Some(members) = list.as_map_mut() else { return };
    let has_success = keys.iter().any(|key| key.starts_with(['2', '3']));
    let renamed: Vec<(Box<str>, Node)> = members
        .take()
        .into_iter()
        .flat_map(|(key, response)| match &*key {
            "2xx" | "4xx" | "5xx" | "3xx" | "1xx" => vec![(key.to_ascii_uppercase().into(), response)],
            // If no success is described, `default` stands for all statuses.
            "default" if !has_success => {
                let others = response.clone();
                vec![("2XX".into(), response), (key, others)]
            }
            _ => vec![(key, response)],
        })
        .collect();
    *members = Members::from(renamed);
    if !has_success && !keys.iter().any(|key| key == "default") && !keys.is_empty() {
        let message = "no success is described: its response has no value";
        let help = "describe it in an overlay; `with_response()` has its body until then";
        remarks.synthesised(pointer, list, message, help);
        let at = list.position();
        let description = vec![("description".into(), Node::new(at, Kind::String("".into())))];
        if let Some(members) = list.as_map_mut() {
            members.insert("2XX", Node::new(at, Kind::Map(Box::new(Members::from(description)))));
        }
    }
}
