//! Reduces each body and each response to one media type, and normalises statuses.

use super::forms::{Form, has_no_fields, mark_fields, used_elsewhere};
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
    drop_empty(document, &mut remarks);
    for section in ["requestBodies", "responses"] {
        let pointer = format!("/components/{section}");
        let holders = document.node_mut(&pointer).and_then(Node::as_map_mut);
        for (name, holder) in holders.into_iter().flat_map(Members::iter_mut) {
            let place = pointer_join(&pointer, name);
            content(&place, holder, section == "requestBodies", &mut forms, &mut remarks);
            if section == "responses" {
                drop_headers(&place, holder, &mut remarks);
            }
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
    let elsewhere = used_elsewhere(document, &forms);
    forms.iter().for_each(|form| mark_fields(document, form, &elsewhere, &mut remarks));
    remarks.note(document, notes);
}

/// Removes the request bodies without any content: a form without fields, or no media type at all.
fn drop_empty(document: &mut Document, remarks: &mut Remarks) {
    let mut empty = Vec::new();
    for (path, item) in document.node("/paths").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        for method in METHODS {
            let Some(stated) = item.get(method).and_then(|operation| operation.get("requestBody")) else { continue };
            let reference = stated.get("$ref").and_then(Node::as_str).and_then(|reference| reference.strip_prefix('#'));
            let body = reference.and_then(|pointer| document.node(pointer)).unwrap_or(stated);
            let Some(content) = body.get("content") else { continue };
            let message = match media::used(content, true) {
                None if content.as_map().is_some_and(Members::is_empty) => {
                    "the request body is ignored: it has no media type"
                }
                Some((media, kind)) if kind.is_form() => {
                    let schema = content.get(media).and_then(|body| body.get("schema"));
                    if !schema.is_some_and(|schema| has_no_fields(document, schema)) {
                        continue;
                    }
                    "the request body is ignored: it is a form without fields"
                }
                _ => continue,
            };
            let pointer = ["paths", path, method].iter().fold(String::new(), |above, key| pointer_join(&above, key));
            remarks.ignored(
                &pointer_join(&pointer, "requestBody"),
                stated,
                message,
                "the request is sent without a body",
            );
            empty.push(pointer);
        }
    }
    for pointer in empty {
        document.node_mut(&pointer).and_then(|operation| operation.remove("requestBody"));
    }
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
        // The range `*/*` is bytes only because of the schema, which is gone. A response can have
        // any other range.
        let is_any = matches!(&*chosen, "*/*" | "application/*");
        let name =
            if kind == MediaKind::Bytes && (is_request || is_any) { media::sent(&chosen, kind) } else { &chosen };
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

/// Removes the headers of a response. They are not read, so nothing in them is a fault.
fn drop_headers(pointer: &str, response: &mut Node, remarks: &mut Remarks) {
    if let Some(headers) = response.as_map_mut().and_then(|response| response.remove("headers")) {
        let place = pointer_join(pointer, "headers");
        let help = "`with_response()` has all headers of the response";
        remarks.ignored(&place, &headers, "`headers` of a response are ignored", help);
    }
}

fn responses(pointer: &str, list: &mut Node, remarks: &mut Remarks) {
    let all: Vec<String> = list.as_map().into_iter().flat_map(Members::keys).map(str::to_owned).collect();
    let (extensions, keys): (Vec<String>, Vec<String>) = all.into_iter().partition(|key| key.starts_with("x-"));
    for key in &extensions {
        if let Some(value) = list.as_map_mut().and_then(|list| list.remove(key)) {
            let message = format!("`{key}` is ignored");
            remarks.ignored(&pointer_join(pointer, key), &value, message, "the client has no use for it");
        }
    }
    for key in &keys {
        if let Some(response) = list.child_mut(key) {
            content(&pointer_join(pointer, key), response, false, &mut Vec::new(), remarks);
            drop_headers(&pointer_join(pointer, key), response, remarks);
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
