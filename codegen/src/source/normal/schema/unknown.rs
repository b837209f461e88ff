//! Removes the unknown keys of schemas that later steps rewrite: schemas with a choice, an `allOf`,
//! a list of types or a `$ref`, and the parts of choices and of `allOf`. The later steps would drop
//! these keys without a warning. The check reports the unknown keys of all other schemas.

use super::keys::CONSTRAINTS;
use crate::source::node::Node;
use crate::source::normal::remarks::Remarks;
use crate::source::pointer::pointer_join;
use crate::source::shapes::schema::SCHEMA;

/// Keys that steps of `normal` convert.
const CONVERTED: [&str; 10] = [
    "$ref",
    "allOf",
    "anyOf",
    "const",
    "examples",
    "nullable",
    "patternProperties",
    "prefixItems",
    "x-enumNames",
    "x-nullable",
];

/// Removes the unknown keys of a schema that a later step rewrites, with a warning on each.
pub(super) fn drop_unknown(pointer: &str, schema: &mut Node, remarks: &mut Remarks) {
    let is_part = matches!(pointer.rsplit('/').nth(1), Some("allOf" | "anyOf" | "oneOf"));
    let Some(members) = schema.as_map() else { return };
    let has_parts = ["allOf", "anyOf", "oneOf"].iter().any(|key| members.contains_key(key));
    let has_types = members.get("type").is_some_and(|types| types.as_seq().is_some());
    let is_reference = members.contains_key("$ref");
    if !is_part && !has_parts && !has_types && !is_reference {
        return;
    }
    let is_known = |key: &str| CONVERTED.contains(&key) || CONSTRAINTS.contains(&key) || SCHEMA.key(key).is_some();
    let gone: Vec<String> = members.keys().filter(|key| !is_known(key)).map(str::to_owned).collect();
    for key in &gone {
        if let Some(value) = members.get(key) {
            let message = format!("ignored: a schema has no key `{key}`");
            remarks.ignored(&pointer_join(pointer, key), value, message, "leave it out");
        }
    }
    if !gone.is_empty() {
        schema.remove_all(|key| gone.iter().any(|name| name == key));
    }
}
