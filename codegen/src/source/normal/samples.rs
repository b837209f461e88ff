//! Makes up missing examples from the schemas of a document, for the mock and for documentation.

use std::cell::Cell;

use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node, Position};

/// The number of levels with optional members and with elements of arrays. A `$ref` is a level. A
/// deeper value has its required members only.
const OPTIONAL_LEVELS: usize = 6;

/// The maximum number of levels. It ends the value of a schema that requires itself.
const LEVELS: usize = 40;

/// The maximum number of schemas that are read for one value. It bounds the time for schemas that
/// refer to each other many times.
const SCHEMAS: usize = 20_000;

/// Returns a value of a schema; `None` if it would be nested too deeply, or if a `$ref` leads
/// nowhere.
pub(super) fn sample(document: &Document, schema: &Node) -> Option<Node> {
    Sampler { document, schemas_left: Cell::new(SCHEMAS) }.value(schema, 0)
}

/// Makes up one value.
struct Sampler<'d> {
    document: &'d Document,
    schemas_left: Cell<usize>,
}

impl Sampler<'_> {
    fn value(&self, schema: &Node, level: usize) -> Option<Node> {
        if level >= LEVELS {
            return None;
        }
        self.schemas_left.set(self.schemas_left.get().checked_sub(1)?);
        if let Some(reference) = schema.get("$ref").and_then(Node::as_str) {
            return self.value(self.document.node(reference.strip_prefix('#')?)?, level + 1);
        }
        if let Some(stated) = stated(schema) {
            return Some(stated.clone().without_key());
        }
        if let Some(alternatives) = schema.get("oneOf").or(schema.get("anyOf")).and_then(Node::as_seq) {
            return alternatives.iter().find_map(|alternative| self.value(alternative, level + 1));
        }
        let at = schema.position();
        match type_name(schema) {
            Some("null") => Some(Node::new(at, Kind::Null)),
            Some("boolean") => Some(Node::new(at, Kind::Bool(true))),
            Some("integer") => Some(Node::new(at, Kind::Number(bound(schema).unwrap_or("1").into()))),
            Some("number") => Some(Node::new(at, Kind::Number(bound(schema).unwrap_or("1.5").into()))),
            Some("array") => Some(self.array(schema, level + 1, at)),
            Some("object") => self.object(schema, level + 1, at),
            Some("string") => Some(text(schema, at)),
            _ => Some(Node::new(at, Kind::Map(Box::default()))),
        }
    }

    /// Returns an array, whose elements are at `level`.
    fn array(&self, schema: &Node, level: usize, at: Position) -> Node {
        let columns = schema.get("x-tuple").and_then(Node::as_seq);
        let schemas: Vec<&Node> = match columns {
            Some(columns) => columns.iter().filter_map(|column| column.get("schema")).collect(),
            None => schema.get("items").filter(|_| level < OPTIONAL_LEVELS).into_iter().collect(),
        };
        let elements: Vec<Node> = schemas.into_iter().filter_map(|schema| self.value(schema, level)).collect();
        Node::new(at, Kind::Seq(elements.into_boxed_slice()))
    }

    /// Returns an object, whose members are at `level`.
    fn object(&self, schema: &Node, level: usize, at: Position) -> Option<Node> {
        let required: Vec<&str> =
            schema.get("required").and_then(Node::as_seq).into_iter().flatten().filter_map(Node::as_str).collect();
        let mut members: Vec<(Box<str>, Node)> = Vec::new();
        for (name, property) in schema.get("properties").and_then(Node::as_map).into_iter().flat_map(Members::iter) {
            let is_required = required.contains(&name);
            if !is_required && level >= OPTIONAL_LEVELS {
                continue;
            }
            match self.value(property, level) {
                Some(value) => members.push((name.into(), value)),
                None if is_required => return None,
                None => {}
            }
        }
        if members.is_empty()
            && level < OPTIONAL_LEVELS
            && let Some(value) = schema.get("additionalProperties").filter(|others| others.as_map().is_some())
            && let Some(value) = self.value(value, level)
        {
            members.push(("name".into(), value));
        }
        Some(Node::new(at, Kind::Map(Box::new(Members::from(members)))))
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
