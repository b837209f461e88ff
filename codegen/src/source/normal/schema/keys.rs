//! Removes the keys of a schema that have no effect on its type.

use crate::source::node::Node;
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;
use crate::source::schema::keys::types_of_key;
use crate::source::schema::types::JsonType;

/// The keys that do not change the type of a schema's values, except that `nullable` adds null.
pub(super) const DOCUMENTATION: &[&str] =
    &["title", "description", "deprecated", "default", "example", "externalDocs", "readOnly", "writeOnly", "nullable"];

/// Keys that constrain or describe values, and have no effect on their type in Rust.
pub(super) const CONSTRAINTS: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "discriminator",
    "else",
    "externalDocs",
    "if",
    "maxContains",
    "maxProperties",
    "minContains",
    "minProperties",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    "xml",
];

/// Removes the keys that have no effect on the type of a schema.
pub(super) fn drop_misplaced(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let json_type = schema.get("type").and_then(JsonType::stated);
    let is_choice = schema.get("oneOf").is_some();
    let is_reference = schema.get("$ref").is_some();
    let is_member = pointer.rsplit('/').nth(1) == Some("properties");
    let Some(members) = schema.as_map() else { return };
    let mut gone: Vec<String> = Vec::new();
    for (key, value) in members.iter() {
        let reason = if matches!(key, "$defs" | "definitions") {
            "its schemas are used where a `$ref` leads to them"
        } else if key == "discriminator" && is_choice {
            continue;
        } else if matches!(key, "$id" | "$anchor" | "$dynamicAnchor") {
            "it only gives the schema a name for `$ref`s"
        } else if matches!(key, "$schema" | "$comment" | "$vocabulary") {
            "it says nothing about values"
        } else if CONSTRAINTS.contains(&key) {
            "the client does not check it"
        } else if key == "nullable" && json_type.is_none() && !is_choice && !is_reference {
            "any JSON value can be null"
        } else if key == "readOnly" && !is_member {
            "it applies only to properties of objects"
        } else if value.as_bool().is_some()
            && ((key == "exclusiveMinimum" && !members.contains_key("minimum"))
                || (key == "exclusiveMaximum" && !members.contains_key("maximum")))
        {
            "there is no bound beside it"
        } else {
            match types_of_key(key) {
                Some(_) if key == "oneOf" => continue,
                Some(types) if json_type.is_some_and(|json_type| types.contains(&json_type)) => continue,
                Some(_) => "it has no effect here",
                None => continue,
            }
        };
        remarks.ignored(&pointer_join(pointer, key), value, format!("`{key}` is ignored"), reason);
        gone.push(key.to_owned());
    }
    if !gone.is_empty() {
        schema.remove_all(|key| gone.iter().any(|name| name == key));
    }
}
