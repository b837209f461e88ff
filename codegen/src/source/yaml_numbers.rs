//! Decides whether plain scalars such as `0x1F` and `007`, which are numbers in YAML but not in
//! JSON, are text.
//!
//! In data, such as an example, they are text if the schema of the data declares text, and
//! otherwise numbers. Elsewhere, such as in a description, they are text, except as values of keys
//! such as `minimum`.

use std::collections::HashMap;

use super::document::Document;
use super::node::{Kind, Node};
use super::pointer::{pointer_join, pointer_segments};
use super::text::YamlNumber;

/// The keys of a schema that have numbers as values.
const NUMBERS: [&str; 11] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// The maximum number of schemas that are examined for one scalar.
const STEPS: usize = 256;

/// The maximum number of `$ref`s in a chain.
const HOPS: usize = 32;

/// Decides about each such scalar of a file, at its place and at each place where an alias repeats
/// it. If the place does not declare text, the scalar becomes a number, provided that it is one in
/// YAML 1.2.
pub(super) fn resolve(document: &mut Document) {
    let mut numbers = std::mem::take(&mut document.text_notes_mut().numbers);
    if numbers.is_empty() {
        return;
    }
    let at = |number: &YamlNumber| (number.finding.location.line, number.finding.location.column);
    let by_place: HashMap<(usize, usize), usize> = numbers.iter().map(at).zip(0..).collect();
    let mut found = Vec::new();
    places(document.root(), &by_place, &mut String::new(), &mut found);
    for (pointer, index) in found {
        let Some(YamlNumber { number, is_text, .. }) = numbers.get_mut(index) else { continue };
        if is_text_at(document, &pointer) {
            continue;
        }
        *is_text = false;
        if let (Some(number), Some(node)) = (number, document.node_mut(&pointer)) {
            node.set_kind(Kind::Number(number.clone()));
        }
    }
    document.text_notes_mut().numbers = numbers;
}

/// Finds the JSON pointers of scalars by their positions.
fn places(
    node: &Node,
    by_place: &HashMap<(usize, usize), usize>,
    pointer: &mut String,
    found: &mut Vec<(String, usize)>,
) {
    let mut below = |name: &str, node: &Node| {
        let length = pointer.len();
        pointer.push_str(&pointer_join("", name));
        places(node, by_place, pointer, found);
        pointer.truncate(length);
    };
    match node.kind() {
        Kind::Map(members) => members.iter().for_each(|(name, node)| below(name, node)),
        Kind::Seq(nodes) => nodes.iter().enumerate().for_each(|(index, node)| below(&index.to_string(), node)),
        Kind::String(_) => {
            let position = node.position();
            found.extend(by_place.get(&(position.line, position.column)).map(|index| (pointer.clone(), *index)));
        }
        _ => {}
    }
}

/// Returns whether the place of a scalar declares text.
fn is_text_at(document: &Document, pointer: &str) -> bool {
    let segments = pointer_segments(pointer).unwrap_or_default();
    let mut above: Vec<&Node> = vec![document.root()];
    for segment in &segments {
        let Some(next) = above.last().and_then(|node| node.child(segment)) else { break };
        above.push(next);
    }
    // The outermost key of data, such as `example`, counts: the schema beside that key describes
    // everything below it.
    for (depth, (holder, key)) in above.iter().zip(&segments).enumerate() {
        let is_named =
            depth.checked_sub(1).and_then(|before| segments.get(before)).is_some_and(|above| names_values(above));
        if is_named {
            continue;
        }
        let rest = segments.get(depth + 1..).unwrap_or_default();
        let below = match (key.as_str(), rest) {
            ("example" | "default" | "const", rest) => rest,
            ("enum", [_, rest @ ..]) => rest,
            ("examples", [name, value, rest @ ..]) if value == "value" && !is_index(name) => rest,
            ("examples", [name, rest @ ..]) if is_index(name) => rest,
            _ => continue,
        };
        let schema = holder.get("schema").unwrap_or(holder);
        return is_text_below(document, schema, below);
    }
    segments.last().is_none_or(|key| !NUMBERS.contains(&key.as_str()))
}

fn is_index(segment: &str) -> bool {
    segment.bytes().all(|b| b.is_ascii_digit())
}

/// Returns whether the keys below this key are names that the author of the document chooses.
fn names_values(key: &str) -> bool {
    matches!(key, "properties" | "patternProperties" | "schemas" | "definitions" | "$defs" | "parameters" | "responses")
}

/// Returns whether a schema declares text for the value at `segments` below its own.
fn is_text_below(document: &Document, schema: &Node, segments: &[String]) -> bool {
    let mut steps = STEPS;
    let mut schema = Some(schema);
    for segment in segments {
        schema = schema.and_then(|schema| member(document, schema, segment, &mut steps));
    }
    schema.is_some_and(|schema| is_text(document, schema, &mut steps))
}

fn followed<'a>(document: &'a Document, schema: &'a Node) -> Option<&'a Node> {
    let mut at = schema;
    for _ in 0..HOPS {
        let Some(reference) = at.get("$ref").and_then(Node::as_str) else { return Some(at) };
        at = document.node(reference.strip_prefix('#')?)?;
    }
    None
}

fn member<'a>(document: &'a Document, schema: &'a Node, name: &str, steps: &mut usize) -> Option<&'a Node> {
    *steps = steps.checked_sub(1)?;
    let schema = followed(document, schema)?;
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    own.or_else(|| schema.get("additionalProperties").filter(|others| others.as_map().is_some()))
        .or_else(|| schema.get("items").filter(|_| is_index(name)))
        .or_else(|| parts(schema).find_map(|part| member(document, part, name, steps)))
}

fn is_text(document: &Document, schema: &Node, steps: &mut usize) -> bool {
    let Some(left) = steps.checked_sub(1) else { return false };
    *steps = left;
    let Some(schema) = followed(document, schema) else { return false };
    match schema.get("type").map(Node::kind) {
        Some(Kind::String(text)) => **text == *"string",
        Some(Kind::Seq(types)) => types.iter().any(|text| text.as_str() == Some("string")),
        _ => parts(schema).any(|part| is_text(document, part, steps)),
    }
}

fn parts(schema: &Node) -> impl Iterator<Item = &Node> {
    schema.get("allOf").and_then(Node::as_seq).into_iter().flatten()
}
