//! Media types and statuses: one JSON body for each request, and one for each success.

use super::notes::Notes;
use super::remarks::Remarks;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// The media type that the client sends and reads.
const JSON: &str = "application/json";

/// Gives bodies and responses one media type.
pub(super) fn normalise(document: &mut Document, notes: &mut Notes) {
    let mut remarks = Remarks::default();
    for section in ["requestBodies", "responses"] {
        let pointer = format!("/components/{section}");
        let holders = document.node_mut(&pointer).and_then(Node::as_map_mut);
        for (name, holder) in holders.into_iter().flat_map(Members::iter_mut) {
            content(&pointer_join(&pointer, name), holder, &mut remarks);
        }
    }
    let paths = document.node_mut("/paths").and_then(Node::as_map_mut);
    for (path, item) in paths.into_iter().flat_map(Members::iter_mut) {
        let path = pointer_join("/paths", path);
        for method in METHODS {
            let Some(operation) = item.child_mut(method) else { continue };
            let pointer = pointer_join(&path, method);
            if let Some(body) = operation.child_mut("requestBody") {
                content(&pointer_join(&pointer, "requestBody"), body, &mut remarks);
            }
            if let Some(list) = operation.child_mut("responses") {
                responses(&pointer_join(&pointer, "responses"), list, &mut remarks);
            }
        }
    }
    remarks.note(document, notes);
}

/// Returns whether a media type is JSON. It may have parameters or a suffix, or stand for any type.
fn is_json(media: &str) -> bool {
    let name = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(name.as_str(), JSON | "text/json" | "*/*" | "application/*" | "application/javascript")
        || name.ends_with("+json")
}

/// Keeps only the JSON of a body, as `application/json`.
fn content(pointer: &str, holder: &mut Node, remarks: &mut Remarks) {
    let Some(content) = holder.child_mut("content") else { return };
    let pointer = pointer_join(pointer, "content");
    let Some(members) = content.as_map() else { return };
    let exact = members.get(JSON).map(|_| JSON.to_owned());
    let chosen = exact.or_else(|| members.keys().find(|media| is_json(media)).map(str::to_owned));
    let Some(chosen) = chosen else { return };
    for (media, value) in members.iter().filter(|(media, _)| *media != chosen) {
        let message = format!("`{media}` is ignored: the body is JSON");
        remarks.add(&pointer_join(&pointer, media), value, message, "leave it out by an overlay");
    }
    let Some(members) = content.as_map_mut() else { return };
    if let Some(mut body) = members.remove(&chosen) {
        if body.get("schema").is_none() {
            let at = body.position();
            if let Some(body) = body.as_map_mut() {
                body.insert("schema", Node::new(at, Kind::Map(Box::default())));
            }
        }
        if let Some(body) = body.as_map_mut() {
            body.remove("encoding");
        }
        *members = Members::from(vec![(JSON.into(), body)]);
    }
}

fn responses(pointer: &str, list: &mut Node, remarks: &mut Remarks) {
    let keys: Vec<String> = list.as_map().into_iter().flat_map(Members::keys).map(str::to_owned).collect();
    for key in &keys {
        if let Some(response) = list.child_mut(key) {
            content(&pointer_join(pointer, key), response, remarks);
        }
    }
    let Some(members) = list.as_map_mut() else { return };
    let renamed: Vec<(Box<str>, Node)> = members
        .take()
        .into_iter()
        .map(|(key, response)| match &*key {
            "2xx" | "4xx" | "5xx" | "3xx" | "1xx" => (key.to_ascii_uppercase().into(), response),
            "default" if keys.len() == 1 => ("200".into(), response),
            _ => (key, response),
        })
        .collect();
    *members = Members::from(renamed);
    successes(pointer, members, remarks);
}

/// Merges several successes with JSON into one response, whose body is one of theirs (`oneOf`).
fn successes(pointer: &str, members: &mut Members, remarks: &mut Remarks) {
    let schema = |response: &Node| response.get("content")?.get(JSON)?.get("schema").cloned();
    let found: Vec<(String, Node)> = members
        .iter()
        .filter(|(key, _)| key.starts_with('2'))
        .filter_map(|(key, response)| Some((key.to_owned(), schema(response)?)))
        .collect();
    let [(first, own), others @ ..] = found.as_slice() else { return };
    if others.is_empty() {
        return;
    }
    let mut schemas = vec![own.clone()];
    for (key, schema) in others {
        if schemas.iter().all(|known| known.to_json() != schema.to_json()) {
            schemas.push(schema.clone());
        }
        if let Some(response) = members.remove(key) {
            let message = format!("the response of status {key} is read like that of {first}");
            remarks.add(&pointer_join(pointer, key), &response, message, "check which of the two the venue sends");
        }
    }
    let Some(response) = members.get_mut(first) else { return };
    let body = response.child_mut("content").and_then(|content| content.child_mut(JSON)).and_then(Node::as_map_mut);
    if let (Some(body), 2..) = (body, schemas.len()) {
        let at = own.position();
        let schemas: Vec<Node> = schemas.into_iter().map(Node::without_key).collect();
        let choice: Vec<(Box<str>, Node)> =
            vec![("oneOf".into(), Node::new(at, Kind::Seq(schemas.into_boxed_slice())))];
        body.insert("schema", Node::new(at, Kind::Map(Box::new(Members::from(choice)))));
    }
}
