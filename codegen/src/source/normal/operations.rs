//! Completes the operations of OpenAPI: their ids, summaries, responses and security. Removes the
//! parts that no client uses.

use std::collections::{HashMap, HashSet};

use heck::ToSnakeCase;

use super::notes::Notes;
use crate::diagnostic::Effect;
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// An operation, with its place.
struct Place {
    pointer: String,
    method: &'static str,
    path: String,
    id: Option<String>,
}

/// Adds the missing parts of operations, and removes the parts that no client uses.
pub(super) fn complete(document: &mut Document, notes: &mut Notes) {
    without_operations(document, notes);
    let places = places(document);
    without_links_and_callbacks(document, &places, notes);
    names(document, &places, notes);
    for place in &places {
        summary(document, &place.pointer, notes);
        without_response(document, &place.pointer, notes);
        responses(document, &place.pointer);
    }
    security(document, &places, notes);
}

fn places(document: &Document) -> Vec<Place> {
    let paths = document.node("/paths").and_then(Node::as_map);
    let mut places = Vec::new();
    for (path, item) in paths.into_iter().flat_map(|paths| paths.iter()) {
        let pointer = pointer_join("/paths", path);
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|operation| operation.as_map().is_some()) else { continue };
            places.push(Place {
                pointer: pointer_join(&pointer, method),
                method,
                path: path.to_owned(),
                id: operation.get("operationId").and_then(Node::as_str).map(str::to_owned),
            });
        }
    }
    places
}

/// Removes the keys of `paths` that have no operations: extensions, and paths with only a summary,
/// a description or parameters.
fn without_operations(document: &mut Document, notes: &mut Notes) {
    let Some(paths) = document.node("/paths").and_then(Node::as_map) else { return };
    let is_silent = |item: &Node| {
        item.as_map().is_some_and(|item| {
            item.keys()
                .all(|key| matches!(key, "summary" | "description" | "parameters" | "servers") || key.starts_with("x-"))
        })
    };
    let gone: Vec<String> = paths
        .iter()
        .filter(|(path, item)| path.starts_with("x-") || is_silent(item))
        .map(|(path, _)| path.to_owned())
        .collect();
    for path in &gone {
        let message = match path.starts_with("x-") {
            true => format!("`{path}` is ignored"),
            false => format!("the path `{path}` is ignored: it has no operations"),
        };
        notes.warn_of(Effect::Ignored, document, &pointer_join("/paths", path), message, "remove it by an overlay");
    }
    if let Some(paths) = document.node_mut("/paths").filter(|_| !gone.is_empty()) {
        paths.remove_all(|path| gone.iter().any(|known| known == path));
    }
}

/// Describes a success of an operation that describes no response.
fn without_response(document: &mut Document, pointer: &str, notes: &mut Notes) {
    let Some(operation) = document.node(pointer) else { return };
    if operation.get("responses").is_some_and(|stated| stated.as_map().is_none_or(|all| !all.is_empty())) {
        return;
    }
    let help = "describe its responses in an overlay; `with_response()` has the body until then";
    let message = "the operation describes no response: that of its success has no value";
    notes.synthesised(document, pointer, message, help);
    let at = operation.position();
    let map = |key: &str, value: Kind| {
        Kind::Map(Box::new(Members::from(vec![(Box::<str>::from(key), Node::new(at, value))])))
    };
    let responses = map("2XX", map("description", Kind::String("".into())));
    if let Some(members) = document.node_mut(pointer).and_then(Node::as_map_mut) {
        members.insert("responses", Node::new(at, responses));
    }
}

/// Removes `callbacks` and `links`: a callback is a request of the venue, and a link tells which
/// operation takes a value of a response. Neither changes a request or a response of the client.
fn without_links_and_callbacks(document: &mut Document, places: &[Place], notes: &mut Notes) {
    let mut holders = vec![("/components".to_owned(), "links"), ("/components".to_owned(), "callbacks")];
    let operations = places.iter().map(|place| place.pointer.as_str());
    holders.extend(operations.clone().map(|pointer| (pointer.to_owned(), "callbacks")));
    let lists = operations.map(|pointer| pointer_join(pointer, "responses"));
    for list in lists.chain(["/components/responses".to_owned()]) {
        let responses = document.node(&list).and_then(Node::as_map);
        let names = responses.into_iter().flat_map(|responses| responses.keys());
        holders.extend(names.map(|name| (pointer_join(&list, name), "links")));
    }
    for (holder, key) in holders {
        if document.node(&holder).is_some_and(|holder| holder.get(key).is_some()) {
            let message = format!("`{key}` are ignored");
            let help = "the client has no use for them";
            notes.warn_of(Effect::Ignored, document, &pointer_join(&holder, key), message, help);
            document.node_mut(&holder).and_then(|holder| holder.remove(key));
        }
    }
}

/// Gives each operation an id that can become a name in Rust, and that no other operation has.
///
/// A missing id is made from the route (the HTTP method and the path), so that it does not change
/// if other operations do. If several ids become the same name in Rust, all of these operations are
/// named after their routes. A name that is still taken gets a number.
fn names(document: &mut Document, places: &[Place], notes: &mut Notes) {
    let usable = |id: &str| {
        let name = id.to_snake_case();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        name.starts_with(|c: char| c.is_ascii_lowercase())
            && id.starts_with(|c: char| c.is_ascii_alphabetic())
            && id.chars().all(fits)
    };
    let stated: Vec<Option<String>> = places
        .iter()
        .map(|place| {
            let id = place.id.as_deref()?;
            if usable(id) { Some(id.to_owned()) } else { Some(ascii(id).to_snake_case()).filter(|id| usable(id)) }
        })
        .collect();
    let mut uses: HashMap<String, usize> = HashMap::new();
    for id in stated.iter().flatten() {
        *uses.entry(id.to_snake_case()).or_default() += 1;
    }
    let is_unique = |id: &String| uses.get(&id.to_snake_case()) == Some(&1);
    let mut taken: HashSet<String> =
        stated.iter().flatten().filter(|id| is_unique(id)).map(|id| id.to_snake_case()).collect();
    let states_id: Vec<bool> = stated.iter().map(Option::is_some).collect();
    let mut ids: Vec<Option<String>> = stated.into_iter().map(|id| id.filter(is_unique)).collect();
    // Operations without an id that can be a name are named first, so that an operation whose id is
    // taken does not get their name. Numbered names are chosen last, so that none of them is the
    // name of another route.
    for with_id in [false, true] {
        for ((place, id), states_id) in places.iter().zip(&mut ids).zip(&states_id) {
            if id.is_none() && *states_id == with_id {
                *id = Some(route_name(place)).filter(|route| taken.insert(route.to_snake_case()));
            }
        }
    }
    for (place, id) in places.iter().zip(ids) {
        let id = id.unwrap_or_else(|| {
            let route = route_name(place);
            let mut number = 2;
            while !taken.insert(format!("{route}_{number}").to_snake_case()) {
                number += 1;
            }
            format!("{route}_{number}")
        });
        if place.id.as_deref() == Some(&id) {
            continue;
        }
        let message = match &place.id {
            None => format!("the operation is called `{id}`"),
            Some(stated) => format!("the operation `{stated}` is called `{id}`"),
        };
        notes.synthesised(
            document,
            &place.pointer,
            message,
            "write its `operationId` into an overlay to name it yourself",
        );
        insert_text(document, &place.pointer, "operationId", &id);
    }
}

/// Returns `get_v1_orders_by_id` for `GET /v1/orders/{id}`.
fn route_name(place: &Place) -> String {
    let mut words = place.method.to_owned();
    for segment in place.path.split('/').filter(|segment| !segment.is_empty()) {
        words.push(' ');
        words.push_str(&ascii(&segment.replace('{', " by ")));
    }
    words.to_snake_case()
}

/// Replaces each ASCII character that is neither a letter nor a digit by a space, and each
/// character outside ASCII by its code point.
pub(super) fn ascii(text: &str) -> String {
    let mut result = String::new();
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() => result.push(c),
            c if c.is_ascii() => result.push(' '),
            c => result.push_str(&format!(" u{:x} ", u32::from(c))),
        }
    }
    result
}

fn summary(document: &mut Document, pointer: &str, notes: &mut Notes) {
    let Some(operation) = document.node(pointer) else { return };
    let text = |key: &str| operation.get(key).and_then(Node::as_str).filter(|text| !text.trim().is_empty());
    if text("summary").is_some() {
        return;
    }
    let summary = match (text("description"), text("operationId")) {
        (Some(description), _) => first_sentence(description),
        (None, Some(id)) => {
            let words = id.to_snake_case().replace('_', " ");
            let mut letters = words.chars();
            letters
                .next()
                .map(|first| format!("{}{}.", first.to_ascii_uppercase(), letters.as_str()))
                .unwrap_or_default()
        }
        (None, None) => return,
    };
    let help = "write its `summary` into an overlay";
    notes.synthesised(document, pointer, format!("the summary of the operation is made up: `{summary}`"), help);
    insert_text(document, pointer, "summary", &summary);
}

/// Returns the first sentence of the first line that is not blank.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let end = line.find(". ").map_or(line.len(), |at| at + 1);
    line.get(..end).unwrap_or(line).trim_start_matches(['#', ' ']).to_owned()
}

/// Adds empty descriptions to responses without one, because the standard requires a description.
fn responses(document: &mut Document, pointer: &str) {
    let pointer = pointer_join(pointer, "responses");
    let Some(responses) = document.node_mut(&pointer) else { return };
    let statuses: Vec<String> =
        responses.as_map().into_iter().flat_map(|responses| responses.keys()).map(str::to_owned).collect();
    for status in statuses {
        let Some(response) = responses.child_mut(&status) else { continue };
        if response.get("$ref").is_some() || response.get("description").is_some() {
            continue;
        }
        let position = response.position();
        if let Some(members) = response.as_map_mut() {
            members.insert("description", Node::new(position, Kind::String("".into())));
        }
    }
}

/// States at the root that operations without `security` are public, unless the root has a
/// `security` or all operations have one.
fn security(document: &mut Document, places: &[Place], notes: &mut Notes) {
    if document.node("/security").is_some() || document.root().get("paths").is_none_or(|paths| paths.as_map().is_none())
    {
        return;
    }
    let is_silent = |place: &&Place| document.node(&place.pointer).is_some_and(|found| found.get("security").is_none());
    let silent = places.iter().filter(is_silent).count();
    if silent == 0 {
        return;
    }
    let message = format!("{silent} operations state no `security`; they are assumed to be public");
    notes.synthesised(
        document,
        "",
        message,
        "write `security` at the root of an overlay, or on the operations that need a key",
    );
    let position = document.position("");
    if let Some(members) = document.root_mut().as_map_mut() {
        members.insert("security", Node::new(position, Kind::Seq(Box::default())));
    }
}

fn insert_text(document: &mut Document, pointer: &str, key: &str, text: &str) {
    let Some(node) = document.node_mut(pointer) else { return };
    let position = node.position();
    if let Some(members) = node.as_map_mut() {
        members.insert(key, Node::new(position, Kind::String(text.into())));
    }
}
