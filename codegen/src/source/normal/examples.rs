//! Makes up examples of parameters and bodies.

use super::notes::Notes;
use super::openrpc;
use super::resolved::resolved;
use super::samples::{Direction, sample};
use crate::source::check::sites;
use crate::source::document::Document;
use crate::source::media::MediaKind;
use crate::source::node::{Kind, Members, Node};
use crate::source::pointer::pointer_segments;
use crate::source::shapes::grammar::ObjectKind;

/// Adds an example to each parameter, each request body and each success that has none.
///
/// This is called in each round of degradation, because a parameter whose schema lost its type has
/// also lost its example.
pub fn complete_examples(document: &mut Document, notes: &mut Notes) {
    let mut made = 0;
    for (pointer, kind) in sites(document) {
        let needs_one = match kind {
            ObjectKind::Parameter => {
                document.node(&pointer).is_some_and(|parameter| parameter.get("content").is_none())
            }
            ObjectKind::MediaType => has_example(&pointer),
            _ => false,
        };
        if needs_one && add(document, &pointer).is_some() {
            made += 1;
        }
    }
    openrpc::complete_examples(document, notes);
    if made > 0 {
        let message = format!("{made} examples of parameters and bodies are made up");
        notes.synthesised(
            document,
            "",
            message,
            "write `example`s into an overlay; the mock and the documentation use them",
        );
    }
}

/// Returns whether a media type needs an example: if it is that of a parameter, a request body or a
/// success.
fn has_example(pointer: &str) -> bool {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match segments.as_slice() {
        [.., "parameters", _, "content", _] => true,
        [.., "requestBody", "content", _] | ["components", "requestBodies", _, "content", _] => true,
        [.., "responses", status, "content", _] => status.starts_with('2'),
        _ => false,
    }
}

/// Returns the direction of the body at a pointer.
fn direction(pointer: &str) -> Direction {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
    match segments.as_slice() {
        [.., "responses", _, "content", _] => Direction::Response,
        _ => Direction::Request,
    }
}

fn add(document: &mut Document, pointer: &str) -> Option<()> {
    let holder = document.node(pointer)?;
    let media = pointer_segments(pointer).unwrap_or_default().pop().unwrap_or_default();
    let kind = MediaKind::new(&media, holder);
    let has_any = holder.get("example").is_some() || holder.get("examples").is_some();
    if holder.get("in").is_none() && has_any && kind.is_form() {
        return add_fields(document, pointer);
    }
    if holder.get("example").is_some() || holder.get("$ref").is_some() {
        return None;
    }
    let listed = holder.get("examples").and_then(Node::as_map).and_then(|examples| examples.iter().next());
    let is_body = holder.get("in").is_none();
    if is_body && listed.is_some() {
        return None;
    }
    let example = match listed.and_then(|(_, example)| example.get("value")) {
        Some(value) => value.clone(),
        None if is_body && kind.is_form() => form(document, holder, direction(pointer))?,
        // Bytes have no schema.
        None if is_body && kind == MediaKind::Bytes => Node::new(holder.position(), Kind::String("text".into())),
        None if is_body => sample(document, holder.get("schema")?, direction(pointer))?,
        None => {
            let schema = holder.get("schema")?;
            let sample = sample(document, schema, Direction::Request)?;
            sendable(sample, Sent { holder, is_typed: is_typed(document, schema), is_field: false })
        }
    };
    let holder = document.node_mut(pointer)?.as_map_mut()?;
    holder.remove("examples");
    holder.insert("example", example);
    Some(())
}

/// Adds an example with all fields to a form whose examples lack some of them.
fn add_fields(document: &mut Document, pointer: &str) -> Option<()> {
    let holder = document.node(pointer)?;
    let listed = holder.get("examples").and_then(Node::as_map).into_iter().flat_map(Members::iter);
    let values = listed.filter_map(|(_, example)| example.get("value"));
    let stated: Vec<&Node> = holder.get("example").into_iter().chain(values).collect();
    let mut all = form(document, holder, direction(pointer))?;
    let has = |name: &str| stated.iter().find_map(|example| example.get(name));
    if all.as_map()?.keys().all(|name| has(name).is_some()) {
        return None;
    }
    for (name, value) in all.as_map_mut()?.iter_mut() {
        if let Some(stated) = has(name) {
            *value = stated.clone().without_key();
        }
    }
    let at = holder.position();
    let entry =
        |value: Node| Node::new(at, Kind::Map(Box::new(Members::from(vec![(Box::<str>::from("value"), value)]))));
    let holder = document.node_mut(pointer)?.as_map_mut()?;
    let mut examples = holder.remove("examples").unwrap_or_else(|| Node::new(at, Kind::Map(Box::default())));
    let members = examples.as_map_mut()?;
    if let Some(own) = holder.remove("example") {
        members.insert("example", entry(own.without_key()));
    }
    let mut name = "all-fields".to_owned();
    while members.contains_key(&name) {
        name.push('-');
    }
    members.insert(&name, entry(all));
    holder.insert("examples", examples);
    Some(())
}

/// Returns an example of a form: of each field, a value that a form can express.
fn form(document: &Document, media: &Node, direction: Direction) -> Option<Node> {
    let schema = media.get("schema")?;
    let mut form = sample(document, schema, direction)?;
    let properties = resolved(document, schema).get("properties");
    for (name, value) in form.as_map_mut()?.iter_mut() {
        let encoding = media.get("encoding").and_then(|encoding| encoding.get(name));
        let no_encoding = Node::new(value.position(), Kind::Map(Box::default()));
        let property = properties.and_then(|properties| properties.get(name));
        let is_typed = property.is_some_and(|property| is_typed(document, property));
        let holder = encoding.unwrap_or(&no_encoding);
        *value = sendable(value.clone(), Sent { holder, is_typed, is_field: true });
    }
    Some(form)
}

/// Returns whether a schema does not allow any value.
fn is_typed(document: &Document, schema: &Node) -> bool {
    let schema = resolved(document, schema);
    ["type", "oneOf"].iter().any(|key| schema.get(key).is_some())
}

/// A parameter, or a field of a form.
#[derive(Clone, Copy)]
struct Sent<'a> {
    /// The object that has the style.
    holder: &'a Node,
    /// False if any value is allowed.
    is_typed: bool,
    is_field: bool,
}

/// Returns an example that the style of a parameter or a field can express: a value that is not
/// empty, and an object for the style `deepObject` if any value is allowed. A field without a style
/// can be an empty object.
fn sendable(sample: Node, Sent { holder, is_typed, is_field }: Sent<'_>) -> Node {
    let text = Node::new(sample.position(), Kind::String("text".into()));
    let object = |text: Node| Kind::Map(Box::new(Members::from(vec![(Box::<str>::from("name"), text)])));
    let style = holder.get("style").and_then(Node::as_str);
    let is_for_objects = style == Some("deepObject");
    let kind = match sample.kind() {
        Kind::Map(members) if !members.is_empty() => return sample,
        Kind::Map(_) if !is_typed && !is_for_objects => return text,
        Kind::Map(_) if is_typed && is_field && style.is_none() && holder.get("explode").is_none() => return sample,
        Kind::Map(_) => object(text),
        _ if is_for_objects && !is_typed => object(text),
        Kind::Seq(elements) if elements.is_empty() => Kind::Seq(Box::new([text])),
        _ => return sample,
    };
    Node::new(sample.position(), kind)
}
