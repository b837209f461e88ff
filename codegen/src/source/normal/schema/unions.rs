//! `oneOf` and `anyOf`: alternatives that are told apart by their first character.

use super::all_of::{documented, without_type};
use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::remarks::Remarks;
use crate::source::normal::visit;
use crate::source::schema::types::JsonType;

/// Reduces each `oneOf` and `anyOf` to one alternative per JSON type.
pub(super) fn reduce(document: &mut Document, notes: &mut Notes) {
    let mut places = Vec::new();
    visit::schemas(document, &mut |pointer, schema| {
        if schema.get("oneOf").is_some() || schema.get("anyOf").is_some() {
            places.push(pointer.to_owned());
        }
    });
    let mut remarks = Remarks::default();
    for pointer in places {
        let Some(schema) = document.node(&pointer) else { continue };
        let reduced = reduced(document, &pointer, schema, &mut remarks);
        if let Some(node) = document.node_mut(&pointer) {
            node.set_kind(reduced.into_kind());
        }
    }
    remarks.note(document, notes);
}

/// The maximum depth of nested `$ref`s and choices.
const DEPTH: usize = 16;

/// An alternative, as written and with its `$ref`s resolved.
struct Alternative<'a> {
    stated: &'a Node,
    resolved: &'a Node,
}

impl Alternative<'_> {
    fn json_type(&self) -> Option<JsonType> {
        self.resolved.get("type").and_then(JsonType::stated)
    }

    fn is_null(&self) -> bool {
        let members = self.resolved.as_map();
        // `{type: 'null'}` is `{nullable: true}` here.
        members.is_some_and(|members| {
            members.keys().all(|key| matches!(key, "nullable" | "description" | "title"))
                && members.get("nullable").and_then(Node::as_bool) == Some(true)
        })
    }
}

/// Lists the alternatives, and those of nested choices.
fn list<'a>(document: &'a Document, schema: &'a Node, depth: usize, found: &mut Vec<Alternative<'a>>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.as_seq());
    for stated in choices.flatten() {
        let mut resolved = stated;
        for _ in 0..DEPTH {
            let Some(reference) = resolved.get("$ref").and_then(Node::as_str) else { break };
            match reference.strip_prefix('#').and_then(|pointer| document.node(pointer)) {
                Some(target) => resolved = target,
                None => break,
            }
        }
        if resolved.get("oneOf").is_some() || resolved.get("anyOf").is_some() {
            if resolved.get("nullable").and_then(Node::as_bool) == Some(true) {
                found.push(Alternative { stated: resolved, resolved: null() });
            }
            list(document, resolved, depth, found);
        } else {
            found.push(Alternative { stated, resolved });
        }
    }
}

/// Returns the schema that stands for null.
fn null() -> &'static Node {
    static NULL: std::sync::OnceLock<Node> = std::sync::OnceLock::new();
    NULL.get_or_init(|| {
        let at = crate::source::node::Position::START;
        let members: Vec<(Box<str>, Node)> = vec![("nullable".into(), Node::new(at, Kind::Bool(true)))];
        Node::new(at, Kind::Map(Box::new(Members::from(members))))
    })
}

fn reduced(document: &Document, pointer: &str, schema: &Node, remarks: &mut Remarks) -> Node {
    let mut alternatives = Vec::new();
    list(document, schema, DEPTH, &mut alternatives);
    let mut is_nullable = schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let all = alternatives.len();
    alternatives.retain(|alternative| !alternative.is_null());
    is_nullable |= alternatives.len() < all;
    is_nullable |= alternatives
        .iter()
        .any(|alternative| alternative.resolved.get("nullable").and_then(Node::as_bool) == Some(true));
    let mut seen: Vec<String> = Vec::new();
    alternatives.retain(|alternative| {
        let text = alternative.stated.to_json();
        let is_new = !seen.contains(&text);
        seen.push(text);
        is_new
    });
    let at = schema.position();
    let own = |key: &str| schema.get(key).is_some();
    let mut result = match alternatives.as_slice() {
        [] => without_type(schema),
        [only] if !own("properties") && !own("type") => documented(schema, only.stated),
        _ if alternatives.iter().any(|alternative| alternative.json_type().is_none()) => {
            remarks.add(pointer, schema, "any JSON value, without a type: an alternative can be any value", HELP);
            return without_type(schema);
        }
        several => match choice(several, pointer, schema, remarks) {
            Ok(node) => documented(schema, &node),
            Err(alternatives) => {
                let members: Vec<(Box<str>, Node)> =
                    vec![("oneOf".into(), Node::new(at, Kind::Seq(alternatives.into_boxed_slice())))];
                documented(schema, &Node::new(at, Kind::Map(Box::new(Members::from(members)))))
            }
        },
    };
    if let Some(members) = result.as_map_mut() {
        members.remove("discriminator");
        if is_nullable {
            members.insert("nullable", Node::new(at, Kind::Bool(true)));
        }
    }
    result
}

const HELP: &str = "say in an overlay how the alternatives are told apart, or write one schema";

/// Returns one schema if all alternatives have the same JSON type. Otherwise the error has one
/// alternative per JSON type.
fn choice(
    alternatives: &[Alternative<'_>],
    pointer: &str,
    schema: &Node,
    remarks: &mut Remarks,
) -> Result<Node, Vec<Node>> {
    let kinds: [(&str, fn(JsonType) -> bool); 5] = [
        ("objects", |json_type| json_type == JsonType::Object),
        ("arrays", |json_type| json_type == JsonType::Array),
        ("texts", |json_type| json_type == JsonType::String),
        ("numbers", |json_type| matches!(json_type, JsonType::Integer | JsonType::Number)),
        ("booleans", |json_type| json_type == JsonType::Boolean),
    ];
    let mut result = Vec::new();
    for (name, is_of) in kinds {
        let of_kind: Vec<&Alternative<'_>> =
            alternatives.iter().filter(|alternative| alternative.json_type().is_some_and(is_of)).collect();
        match of_kind.as_slice() {
            [] => {}
            [only] => result.push(without_null(only)),
            several => {
                if matches!(name, "objects" | "arrays") {
                    let message = format!("any JSON {name}, without a type: the alternatives are not told apart");
                    remarks.add(pointer, schema, message, HELP);
                }
                result.push(joined(name, several, schema));
            }
        }
    }
    match <[Node; 1]>::try_from(result) {
        Ok([only]) => Ok(only),
        Err(several) => Err(several),
    }
}

/// Returns an alternative without `nullable`, because the choice has it instead.
fn without_null(alternative: &Alternative<'_>) -> Node {
    if alternative.resolved.get("nullable").is_none() {
        return alternative.stated.clone().without_key();
    }
    let mut node = alternative.resolved.clone().without_key();
    if let Some(members) = node.as_map_mut() {
        members.remove("nullable");
    }
    node
}

/// Returns one schema for several alternatives of one JSON type.
fn joined(kind: &str, several: &[&Alternative<'_>], schema: &Node) -> Node {
    let at = schema.position();
    let text = |text: &str| Node::new(at, Kind::String(text.into()));
    let mut members: Vec<(Box<str>, Node)> = Vec::new();
    match kind {
        "objects" => members.push(("type".into(), text("object"))),
        "arrays" => {
            members.push(("type".into(), text("array")));
            members.push(("items".into(), Node::new(at, Kind::Map(Box::default()))));
        }
        "texts" => {
            members.push(("type".into(), text("string")));
            let values: Vec<&Node> =
                several.iter().filter_map(|alternative| alternative.resolved.get("enum")).collect();
            if values.len() == several.len() {
                let values = values.into_iter().filter_map(Node::as_seq).flatten().cloned().collect();
                members.push(("enum".into(), Node::new(at, Kind::Seq(values))));
            }
        }
        "numbers" => {
            let is_integer = several.iter().all(|alternative| alternative.json_type() == Some(JsonType::Integer));
            members.push(("type".into(), text(if is_integer { "integer" } else { "number" })));
        }
        _ => members.push(("type".into(), text("boolean"))),
    }
    Node::new(at, Kind::Map(Box::new(Members::from(members))))
}
