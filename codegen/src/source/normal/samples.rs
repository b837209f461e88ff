//! Makes up missing examples from the schemas of a document, for the mock and for documentation.

use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node, Position};

/// The maximum nesting of a made-up value. Without it, the value of a schema that contains itself
/// would have no end.
const DEPTH: usize = 6;

/// Returns a value of a schema; `None` if it would be nested too deeply, or if a `$ref` leads
/// nowhere.
pub(super) fn sample(document: &Document, schema: &Node) -> Option<Node> {
    value(document, schema, DEPTH)
}

fn value(document: &Document, schema: &Node, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
        return value(document, document.node(reference.strip_prefix('#')?)?, depth);
    }
    if let Some(stated) = stated(schema) {
        return Some(stated.clone().without_key());
    }
    if let Some(alternatives) = schema.get("oneOf").or(schema.get("anyOf")).and_then(Node::as_seq) {
        return alternatives.iter().find_map(|alternative| value(document, alternative, depth));
    }
    let at = schema.position();
    match type_name(schema) {
        Some("null") => Some(Node::new(at, Kind::Null)),
        Some("boolean") => Some(Node::new(at, Kind::Bool(true))),
        Some("integer") => Some(Node::new(at, Kind::Number(bound(schema).unwrap_or("1").into()))),
        Some("number") => Some(Node::new(at, Kind::Number(bound(schema).unwrap_or("1.5").into()))),
        Some("array") => Some(array(document, schema, depth, at)),
        Some("object") => object(document, schema, depth, at),
        Some("string") => Some(text(schema, at)),
        _ => Some(Node::new(at, Kind::Map(Box::default()))),
    }
}

/// Returns the type of a schema. If it has several, returns the first that is not null.
fn type_name(schema: &Node) -> Option<&str> {
    let stated = schema.get("type")?;
    let listed = || stated.as_seq()?.iter().filter_map(Node::as_str).find(|name| *name != "null");
    stated.as_str().or_else(listed)
}

/// Returns a value that the schema itself states: its example, its default, or the first value of
/// its `enum`.
fn stated(schema: &Node) -> Option<&Node> {
    let first = |key: &str| schema.get(key).and_then(Node::as_seq).and_then(<[Node]>::first);
    schema.get("example").or_else(|| schema.get("default")).or_else(|| first("enum")).filter(|value| !value.is_null())
}

/// Returns the inclusive lower bound of a number, or else the inclusive upper bound.
fn bound(schema: &Node) -> Option<&str> {
    let bound = |key: &str| schema.get(key).and_then(Node::as_number);
    let is_open = |key: &str| schema.get(key).and_then(Node::as_bool) == Some(true);
    bound("minimum")
        .filter(|_| !is_open("exclusiveMinimum"))
        .or_else(|| bound("maximum").filter(|_| !is_open("exclusiveMaximum")))
}

fn text(schema: &Node, at: Position) -> Node {
    let text = match schema.get("format").and_then(Node::as_str) {
        Some("decimal") => "1.5",
        Some("date-time") => "2026-01-02T03:04:05Z",
        Some("date") => "2026-01-02",
        Some("uuid") => "00000000-0000-4000-8000-000000000000",
        Some("byte") => "dGV4dA==",
        _ => "text",
    };
    Node::new(at, Kind::String(text.into()))
}

fn array(document: &Document, schema: &Node, depth: usize, at: Position) -> Node {
    let columns = schema.get("x-tuple").and_then(Node::as_seq);
    let schemas: Vec<&Node> = match columns {
        Some(columns) => columns.iter().filter_map(|column| column.get("schema")).collect(),
        None => schema.get("items").into_iter().collect(),
    };
    let elements: Vec<Node> = schemas.into_iter().filter_map(|schema| value(document, schema, depth)).collect();
    Node::new(at, Kind::Seq(elements.into_boxed_slice()))
}

fn object(document: &Document, schema: &Node, depth: usize, at: Position) -> Option<Node> {
    let required: Vec<&str> =
        schema.get("required").and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str).collect();
    let mut members: Vec<(Box<str>, Node)> = Vec::new();
    for (name, property) in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
        match value(document, property, depth) {
            Some(value) => members.push((name.into(), value)),
            None if required.contains(&name) => return None,
            None => {}
        }
    }
    if members.is_empty()
        && let Some(value) = schema.get("additionalProperties").filter(|others| others.as_map().is_some())
        && let Some(value) = self::value(document, value, depth)
    {
        members.push(("name".into(), value));
    }
    Some(Node::new(at, Kind::Map(Box::new(Members::from(members)))))
}
