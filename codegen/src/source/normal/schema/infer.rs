//! Gives one type to a schema that states no type, several types, or a type of another language.

use crate::diagnostic::Effect;
use crate::source::node::{Kind, Members, Node};
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;
use crate::source::schema::formats::formats;
use crate::source::schema::keys::types_of_key;
use crate::source::schema::types::JsonType;

/// Gives a schema the one type that its keys state or imply. If they imply none, it stays without a
/// type.
pub(super) fn types(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    if ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|key| schema.get(key).is_some()) {
        return;
    }
    several(pointer, schema, remarks);
    if let Some(name) = schema.get("type").and_then(Node::as_str).map(str::to_owned)
        && JsonType::parse(&name).is_none()
    {
        foreign(pointer, schema, &name, remarks);
    }
    if schema.get("type").is_none()
        && schema.get("oneOf").is_none()
        && let Some(json_type) = implied(schema)
    {
        let message = format!("the type is assumed to be `{}`, by the other keys", json_type.name());
        remarks.synthesised(pointer, schema, message, "write its `type` into an overlay");
        set_type(schema, json_type.name());
    }
    if schema.get("type").and_then(Node::as_str) == Some("array") && schema.get("items").is_none() {
        remarks.untyped(pointer, schema, "the elements of the array are any JSON", "write its `items` into an overlay");
        let at = schema.position();
        if let Some(members) = schema.as_map_mut() {
            members.insert("items", Node::new(at, Kind::Map(Box::default())));
        }
    }
}

fn set_type(schema: &mut Node, name: &str) {
    let at = schema.position();
    if let Some(members) = schema.as_map_mut() {
        members.insert("type", Node::new(at, Kind::String(name.into())));
    }
}

/// Converts `type: [a, b]` to a `oneOf`. `integer` beside `number` is dropped.
fn several(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let Some(list) = schema.get("type").and_then(Node::as_seq) else { return };
    let mut names: Vec<String> = list.iter().filter_map(Node::as_str).map(str::to_owned).collect();
    if names.iter().any(|name| name == "number") {
        names.retain(|name| name != "integer");
    }
    names.dedup();
    let at = schema.position();
    let Some(members) = schema.as_map_mut() else { return };
    if let [only] = names.as_slice() {
        return members.insert("type", Node::new(at, Kind::String(only.as_str().into())));
    }
    members.remove("type");
    // A format belongs to the types that have it.
    let format = members.remove("format");
    let is_of = |format: &Node, name: &str| {
        let known = JsonType::parse(name).map(formats).unwrap_or_default();
        format.as_str().is_some_and(|format| known.contains(&format))
    };
    if let Some(format) = format.as_ref().filter(|format| !names.iter().any(|name| is_of(format, name))) {
        let message = "the `format` of several types is ignored: none of them has it";
        remarks.ignored(&pointer_join(pointer, "format"), format, message, "the value is kept as it is written");
    }
    let all = members.take();
    let (own, shared): (Vec<_>, Vec<_>) = all.into_iter().partition(|(key, _)| types_of_key(key).is_some());
    let alternative = |name: &String| {
        let fits =
            |key: &str| types_of_key(key).is_some_and(|types| types.iter().any(|json_type| json_type.name() == name));
        let mut keys: Vec<(Box<str>, Node)> = vec![("type".into(), Node::new(at, Kind::String(name.as_str().into())))];
        // From an `enum`, each alternative gets the values of its type.
        keys.extend(own.iter().filter(|(key, _)| fits(key)).filter_map(|(key, value)| {
            if &**key == "enum" {
                Some((key.clone(), values_of(value, name)?))
            } else {
                Some((key.clone(), value.clone()))
            }
        }));
        keys.extend(format.iter().filter(|format| is_of(format, name)).map(|format| ("format".into(), format.clone())));
        Node::new(at, Kind::Map(Box::new(Members::from(keys))))
    };
    let alternatives: Box<[Node]> = names.iter().map(alternative).collect();
    let mut keys = shared;
    keys.push(("oneOf".into(), Node::new(at, Kind::Seq(alternatives))));
    *members = Members::from(keys);
}

/// Returns those values of an `enum` that have a type; `None` if there are none.
fn values_of(values: &Node, name: &str) -> Option<Node> {
    let is_of = |value: &&Node| match name {
        "string" => value.as_str().is_some(),
        "integer" | "number" => value.as_number().is_some(),
        "boolean" => value.as_bool().is_some(),
        _ => false,
    };
    let values: Box<[Node]> = values.as_seq()?.iter().filter(is_of).cloned().collect();
    if values.is_empty() { None } else { Some(Node::new(values.first()?.position(), Kind::Seq(values))) }
}

/// Replaces a type that JSON Schema does not have by the one that it most likely means.
fn foreign(pointer: &str, schema: &mut Node, name: &str, remarks: &mut Remarks) {
    let known = match name.to_ascii_lowercase().as_str() {
        "integer" | "int" | "int32" | "int64" | "long" | "short" | "uint" | "uint32" | "uint64" | "bigint" => {
            Some("integer")
        }
        "number" | "float" | "double" | "decimal" | "numeric" | "bigdecimal" => Some("number"),
        "boolean" | "bool" => Some("boolean"),
        "string" | "str" | "text" | "date" | "datetime" | "date-time" | "uuid" | "enum" | "file" | "binary"
        | "byte" => Some("string"),
        "array" | "list" | "set" => Some("array"),
        "object" | "map" | "dict" | "hash" | "json" => Some("object"),
        _ => None,
    };
    let (meaning, shown) = match known {
        Some(known) => (known, format!("`{known}`")),
        None => ("", "any JSON value".to_owned()),
    };
    let effect = if known.is_some() { Effect::Relaxed } else { Effect::Untyped };
    let message = format!("`type: {name}` is taken for {shown}");
    remarks.add_of(effect, pointer, schema, message, "write its `type` into an overlay");
    if meaning.is_empty() {
        if let Some(members) = schema.as_map_mut() {
            members.remove("type");
        }
    } else {
        set_type(schema, meaning);
    }
}

/// Returns the type that the keys of a schema imply; `None` if they imply none.
fn implied(schema: &Node) -> Option<JsonType> {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    if has(&["properties", "additionalProperties", "required", "minProperties", "maxProperties"]) {
        return Some(JsonType::Object);
    }
    if has(&["items", "x-tuple", "minItems", "maxItems", "uniqueItems"]) {
        return Some(JsonType::Array);
    }
    if let Some(values) = schema.get("enum").and_then(Node::as_seq) {
        let all = |is: fn(&Node) -> bool| !values.is_empty() && values.iter().all(is);
        return if all(|value| value.as_str().is_some()) {
            Some(JsonType::String)
        } else if all(|value| value.as_bool().is_some()) {
            Some(JsonType::Boolean)
        } else if all(|value| value.as_number().is_some_and(|text| text.parse::<i64>().is_ok())) {
            Some(JsonType::Integer)
        } else if all(|value| value.as_number().is_some()) {
            Some(JsonType::Number)
        } else {
            None
        };
    }
    if has(&["pattern", "minLength", "maxLength"]) {
        return Some(JsonType::String);
    }
    if has(&["minimum", "maximum", "multipleOf"]) {
        return Some(JsonType::Number);
    }
    match schema.get("format").and_then(Node::as_str) {
        Some("date-time" | "date" | "uuid" | "uri" | "email" | "byte" | "base64url" | "binary" | "password") => {
            Some(JsonType::String)
        }
        Some("int32" | "int64" | "uint32" | "uint64") => Some(JsonType::Integer),
        Some("float" | "double") => Some(JsonType::Number),
        _ => None,
    }
}
