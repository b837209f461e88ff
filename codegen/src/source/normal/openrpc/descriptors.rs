//! Completes content descriptors: parameters and results.

use std::collections::HashSet;

use heck::ToSnakeCase;

use super::names::readable;
use super::nodes::{object, text};
use crate::diagnostic::Effect;
use crate::source::node::{Kind, Node};
use crate::source::normal::remarks::Remarks;

/// Adds the name and the schema that a content descriptor lacks.
pub(super) fn complete(pointer: &str, descriptor: &mut Node, name: &str, remarks: &mut Remarks) {
    if descriptor.get("$ref").is_some() || descriptor.as_map().is_none() {
        return;
    }
    let at = descriptor.position();
    let has_name = descriptor.get("name").and_then(Node::as_str).is_some_and(|name| !name.trim().is_empty());
    let has_schema = descriptor.get("schema").is_some();
    if !has_schema {
        remarks.add_of(
            Effect::Untyped,
            pointer,
            descriptor,
            "without a schema, any JSON value",
            "write its `schema` into an overlay",
        );
    }
    let Some(members) = descriptor.as_map_mut() else { return };
    if !has_name {
        members.insert("name", text(at, name));
    }
    if !has_schema {
        members.insert("schema", object(at, Vec::new()));
    }
}

/// Completes parameters. A parameter gets an `x-rust-name` if its name cannot become a name in
/// Rust, or if another parameter already has that name in Rust. No name is made up for a parameter
/// that is sent by name, because the venue would not know it; the check then refuses the method.
pub(super) fn parameters(pointer: &str, list: &mut [Node], is_by_name: bool, remarks: &mut Remarks) {
    let mut taken: HashSet<String> = HashSet::new();
    for (index, parameter) in list.iter_mut().enumerate() {
        let pointer = format!("{pointer}/{index}");
        if !is_by_name || parameter.get("name").is_some() {
            complete(&pointer, parameter, &format!("param{}", index + 1), remarks);
        }
        let Some(name) = parameter.get("name").and_then(Node::as_str).map(str::to_owned) else { continue };
        if parameter.get("x-rust-name").is_some() {
            continue;
        }
        let snake = readable(&name, &format!("param{}", index + 1)).to_snake_case();
        let mut rust = snake.clone();
        let mut number = 1;
        while !taken.insert(rust.clone()) {
            number += 1;
            rust = format!("{snake}_{number}");
        }
        if rust == name.to_snake_case() {
            continue;
        }
        let message = format!("the parameter `{name}` is called `{rust}`");
        remarks.add_of(Effect::Synthesised, &pointer, parameter, message, "write its `x-rust-name` into an overlay");
        let at = parameter.position();
        if let Some(members) = parameter.as_map_mut() {
            members.insert("x-rust-name", text(at, &rust));
        }
    }
}

/// Makes a result nullable if it states `required: false`.
pub(super) fn result(pointer: &str, descriptor: &mut Node, remarks: &mut Remarks) {
    complete(pointer, descriptor, "result", remarks);
    if descriptor.get("required").and_then(Node::as_bool) != Some(false) {
        return;
    }
    let Some(schema) = descriptor.child_mut("schema") else { return };
    let at = schema.position();
    let is_null = schema.get("type").is_some_and(|stated| stated.is_null() || stated.as_str() == Some("null"));
    let has_type = !is_null && ["type", "$ref", "oneOf", "anyOf", "allOf"].iter().any(|key| schema.get(key).is_some());
    if has_type && let Some(members) = schema.as_map_mut() {
        members.insert("nullable", Node::new(at, Kind::Bool(true)));
        let help = "write `required: true` into an overlay if there always is a result";
        remarks.relaxed(pointer, descriptor, "the result may be null, because it is not required", help);
    }
}
