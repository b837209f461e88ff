//! `oneOf`: the client decides on the first character of a value.
//!
//! In OpenRPC one alternative may be `{type: 'null'}`, which makes the others nullable; OpenAPI 3.0 has no such type.

use std::collections::HashSet;

use super::types::JsonType;
use crate::spec::check::findings::Findings;
use crate::spec::check::tree::{Found, Tree};
use crate::spec::check::version::Dialect;
use crate::spec::is_null_type;
use crate::spec::pointer::parent;

/// Whether a schema is the alternative of a `oneOf` that stands for null.
pub(in crate::spec::check) fn is_null_alternative(tree: &Tree<'_>, schema: &Found<'_>) -> bool {
    tree.dialect == Dialect::OpenRpc
        && parent(&schema.pointer).is_some_and(|list| list.ends_with("/oneOf"))
        && is_null_type(schema.node)
}

pub(super) fn one_of(tree: &Tree<'_>, schema: &Found<'_>, findings: &mut Findings<'_>) {
    let Some(choice) = schema.get("oneOf") else { return };
    let alternatives: Vec<_> = choice.elements().collect();
    if alternatives.len() < 2 && choice.node.as_seq().is_some() {
        findings.at(&choice.pointer, "`oneOf` has fewer than two alternatives", "write the schema itself");
    }
    let (nulls, alternatives): (Vec<_>, Vec<_>) =
        alternatives.into_iter().partition(|alternative| is_null_alternative(tree, alternative));
    if let [_, second, ..] = nulls.as_slice() {
        findings.at(&second.pointer, "two alternatives of a `oneOf` are null", "write one of them");
    }
    if let ([null, ..], []) = (nulls.as_slice(), alternatives.as_slice()) {
        findings.at(&null.pointer, "a `oneOf` of null alone", "say what the value is when it is not null");
    }
    let mut kinds: HashSet<&str> = HashSet::new();
    for alternative in &alternatives {
        let Some(resolved) = tree.resolve(alternative.clone()) else { continue };
        if resolved.node.get("oneOf").is_some() {
            findings.at(
                &alternative.pointer,
                "a `oneOf` inside a `oneOf` is not supported",
                "list all alternatives in one",
            );
            continue;
        }
        if resolved.flag("nullable") || resolved.node.get("type").is_some_and(|t| t.as_seq().is_some()) {
            let null = findings.quoted("null");
            let help = match tree.dialect {
                Dialect::OpenApi => "leave it out there, and say at the `oneOf` that it is nullable".to_owned(),
                Dialect::OpenRpc => format!("leave it out there, and write {{type: {null}}} as one more alternative"),
            };
            findings.at(&alternative.pointer, "an alternative of a `oneOf` cannot be nullable", help);
        }
        let kind = match JsonType::of(&resolved) {
            Some(JsonType::Object) => "objects",
            Some(JsonType::Array) => "arrays",
            Some(JsonType::String) => "strings",
            Some(JsonType::Integer | JsonType::Number) => "numbers",
            Some(JsonType::Boolean) => "booleans",
            None if resolved.node.get("type").is_some() => continue,
            None => {
                let help = "give it a type; the client decides on the first character";
                findings.at(&alternative.pointer, "an alternative of a `oneOf` can be any JSON value", help);
                continue;
            }
        };
        if !kinds.insert(kind) {
            let help = match kind {
                "objects" => "write one schema that holds the members of all",
                "numbers" => "write one of them: a number (format: decimal) may be an integer",
                _ => "write one of them",
            };
            findings.at(&alternative.pointer, format!("two alternatives of a `oneOf` are {kind}"), help);
        }
    }
}
