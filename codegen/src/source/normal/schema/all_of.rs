//! `allOf`: one schema with the members of all.

use crate::source::document::Document;
use crate::source::node::{Kind, Members, Node};
use crate::source::normal::notes::Notes;
use crate::source::normal::remarks::Remarks;
use crate::source::normal::visit;

/// The keys that tell of a schema and do not change its values.
pub(super) const DOCUMENTATION: &[&str] =
    &["title", "description", "deprecated", "default", "example", "externalDocs", "readOnly", "writeOnly", "nullable"];

/// Merges the elements of each `allOf`.
pub(super) fn merge(document: &mut Document, notes: &mut Notes) {
    let mut places = Vec::new();
    visit::schemas(document, &mut |pointer, schema| {
        if schema.get("allOf").is_some() {
            places.push(pointer.to_owned());
        }
    });
    let mut remarks = Remarks::default();
    for pointer in places {
        let Some(schema) = document.node(&pointer).filter(|schema| schema.get("allOf").is_some()) else { continue };
        let merged = match merged(document, schema, &mut Vec::new()) {
            Ok(merged) => merged,
            Err(reason) => {
                let message = format!("any JSON value, without a type: `allOf` cannot be merged: {reason}");
                remarks.add(&pointer, schema, message, "write one schema into an overlay");
                without_type(schema)
            }
        };
        if let Some(node) = document.node_mut(&pointer) {
            node.set_kind(merged.into_kind());
        }
    }
    remarks.note(document, notes);
}

/// Returns a schema of any JSON value with the documentation of a schema.
pub(super) fn without_type(schema: &Node) -> Node {
    let kept = schema.as_map().into_iter().flat_map(Members::iter).filter(|(key, _)| *key == "description");
    let kept: Vec<(Box<str>, Node)> = kept.map(|(key, value)| (key.into(), value.clone())).collect();
    Node::new(schema.position(), Kind::Map(Box::new(Members::from(kept))))
}

/// Returns the schema that is the element and has the documentation of `schema`.
pub(super) fn documented(schema: &Node, element: &Node) -> Node {
    let mut result = element.clone();
    if let (Some(members), Some(own)) = (result.as_map_mut(), schema.as_map()) {
        for (key, value) in own.iter().filter(|(key, _)| DOCUMENTATION.contains(key) || key.starts_with("x-")) {
            members.insert(key, value.clone());
        }
    }
    result
}

/// Returns one schema for a schema with `allOf`. `open` are the `$ref`s that are being followed.
fn merged(document: &Document, schema: &Node, open: &mut Vec<String>) -> Result<Node, String> {
    let elements = schema.get("allOf").and_then(Node::as_seq).unwrap_or_default();
    let own: Vec<(Box<str>, Node)> = schema
        .as_map()
        .into_iter()
        .flat_map(Members::iter)
        .filter(|(key, _)| *key != "allOf")
        .map(|(key, value)| (key.into(), value.clone()))
        .collect();
    let is_documentation = own.iter().all(|(key, _)| DOCUMENTATION.contains(&&**key) || key.starts_with("x-"));
    let elements: Vec<&Node> = elements.iter().filter(|element| !says_nothing(element)).collect();
    match elements.as_slice() {
        [] => return Ok(Node::new(schema.position(), Kind::Map(Box::new(Members::from(own))))),
        [only] if is_documentation => return Ok(documented(schema, only)),
        _ => {}
    }
    let mut result: Option<Node> = None;
    for element in elements {
        let element = resolved(document, element, open)?;
        result = Some(match result {
            Some(before) => together(before, &element)?,
            None => element,
        });
    }
    let own = Node::new(schema.position(), Kind::Map(Box::new(Members::from(own))));
    match result {
        Some(result) if says_nothing(&own) => Ok(documented(&own, &result)),
        Some(result) => {
            let all = together(result, &own)?;
            Ok(documented(&own, &all))
        }
        None => Ok(own),
    }
}

/// Returns whether a schema allows any value.
fn says_nothing(schema: &Node) -> bool {
    schema
        .as_map()
        .is_none_or(|members| members.keys().all(|key| DOCUMENTATION.contains(&key) || key.starts_with("x-")))
}

/// Returns an element with its `$ref`s followed and its own `allOf` merged.
fn resolved(document: &Document, element: &Node, open: &mut Vec<String>) -> Result<Node, String> {
    let Some(reference) = element.get("$ref").and_then(Node::as_str) else {
        return if element.get("allOf").is_some() { merged(document, element, open) } else { Ok(element.clone()) };
    };
    if open.iter().any(|known| known == reference) {
        return Err(format!("`{reference}` contains itself"));
    }
    let target = reference.strip_prefix('#').and_then(|pointer| document.node(pointer));
    let target = target.ok_or_else(|| format!("`{reference}` leads nowhere"))?;
    open.push(reference.to_owned());
    let result = resolved(document, target, open);
    open.pop();
    result
}

/// Returns one schema of the values that both have.
fn together(mut first: Node, second: &Node) -> Result<Node, String> {
    for schema in [&first, second] {
        if let Some(key) = ["oneOf", "anyOf", "not"].into_iter().find(|key| schema.get(key).is_some()) {
            return Err(format!("an element is a `{key}`"));
        }
    }
    let (one, other) = (type_of(&first), type_of(second));
    if let (Some(one), Some(other)) = (one, other)
        && one != other
    {
        return match (one, other) {
            ("number", "integer") | ("integer", "number") => Ok(if one == "integer" { first } else { second.clone() }),
            _ => Err(format!("a value cannot be {one} and {other}")),
        };
    }
    let is_nullable = |schema: &Node| schema.get("nullable").and_then(Node::as_bool) == Some(true);
    let both_nullable = is_nullable(&first) && (is_nullable(second) || says_nothing(second));
    let Some(members) = first.as_map_mut() else { return Ok(second.clone()) };
    for (key, value) in second.as_map().into_iter().flat_map(Members::iter) {
        match (key, members.get_mut(key)) {
            ("properties", Some(properties)) => {
                for (name, schema) in value.as_map().into_iter().flat_map(Members::iter) {
                    let Some(known) = properties.as_map_mut() else { continue };
                    match known.get(name) {
                        Some(before) => {
                            let narrower =
                                narrower(before, schema).map_err(|reason| format!("property `{name}`: {reason}"))?;
                            known.insert(name, narrower);
                        }
                        None => known.insert(name, schema.clone()),
                    }
                }
            }
            ("required", Some(required)) => {
                let known: Vec<String> =
                    required.as_seq().into_iter().flatten().filter_map(Node::as_str).map(str::to_owned).collect();
                let new = value.as_seq().into_iter().flatten();
                let new = new.filter(|name| name.as_str().is_some_and(|name| known.iter().all(|known| known != name)));
                required.append(new.cloned());
            }
            ("enum", Some(values)) => {
                let kept: Vec<Node> = values
                    .as_seq()
                    .into_iter()
                    .flatten()
                    .filter(|one| value.as_seq().into_iter().flatten().any(|other| other.kind() == one.kind()))
                    .cloned()
                    .collect();
                if kept.is_empty() {
                    return Err("the `enum`s have no value in common".to_owned());
                }
                let at = values.position();
                members.insert("enum", Node::new(at, Kind::Seq(kept.into_boxed_slice())));
            }
            // The documentation of the first element stays: it is the base.
            (_, Some(_)) => {}
            (_, None) => members.insert(key, value.clone()),
        }
    }
    if !both_nullable {
        members.remove("nullable");
    }
    Ok(first)
}

fn type_of(schema: &Node) -> Option<&str> {
    let stated = schema.get("type").and_then(Node::as_str);
    stated.or_else(|| schema.get("properties").map(|_| "object"))
}

/// Returns the narrower of two schemas of one member.
fn narrower(first: &Node, second: &Node) -> Result<Node, String> {
    if says_nothing(first) {
        return Ok(documented(first, second));
    }
    if says_nothing(second) || first.to_json() == second.to_json() {
        return Ok(first.clone());
    }
    let reference = |schema: &Node| schema.get("$ref").and_then(Node::as_str).map(str::to_owned);
    match (reference(first), reference(second)) {
        (Some(one), Some(other)) if one == other => Ok(second.clone()),
        // A `$ref` is more exact than a plain type.
        (Some(_), None) if is_plain(second) => Ok(first.clone()),
        (None, Some(_)) if is_plain(first) => Ok(second.clone()),
        (None, None) => together(first.clone(), second),
        _ => Err("it is two schemas".to_owned()),
    }
}

/// Returns whether a schema says no more than a type.
fn is_plain(schema: &Node) -> bool {
    schema.as_map().is_some_and(|members| members.keys().all(|key| key == "type" || DOCUMENTATION.contains(&key)))
}
