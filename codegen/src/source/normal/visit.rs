//! Walks through all schemas of a document, to change them.

use crate::source::document::Document;
use crate::source::node::{Kind, Node};
use crate::source::openapi::METHODS;
use crate::source::pointer::pointer_join;

/// The role of a value, by its place.
#[derive(Clone, Copy)]
enum Role {
    Root,
    PathItem,
    Operation,
    Method,
    /// A parameter, a header, a content descriptor, a column or a media type: an object with a
    /// schema.
    Described,
    /// A request body or a response: an object with media types.
    Bodied,
    Components,
    Schema,
    /// A schema, or `true` or `false`.
    SchemaOrFlag,
    /// An object with a value of this role for each name.
    Map(&'static Self),
    /// A list of values of this role.
    List(&'static Self),
}

/// Returns the role of a member of a value with this role; `None` if the member has no role.
fn member(role: Role, key: &str) -> Option<Role> {
    use Role::{Bodied, Components, Described, List, Map, Method, Operation, PathItem, Root, Schema, SchemaOrFlag};
    Some(match (role, key) {
        (Map(role), _) => *role,
        (Root, "paths" | "webhooks") => Map(&PathItem),
        (Root, "components") => Components,
        // OpenAPI 2.0 has its schemas at the root.
        (Root, "definitions") => Map(&Schema),
        (Bodied, "schema") => Schema,
        (Root, "methods") => List(&Method),
        (PathItem, method) if METHODS.contains(&method) => Operation,
        (PathItem | Operation, "parameters") => List(&Described),
        (Operation, "requestBody") => Bodied,
        (Operation, "responses") => Map(&Bodied),
        (Method, "params") => List(&Described),
        (Method, "result") | (Described, "schema") => {
            if key == "schema" {
                Schema
            } else {
                Described
            }
        }
        (Described | Bodied, "content") => Map(&Described),
        (Bodied, "headers") => Map(&Described),
        (Components, "schemas") => Map(&Schema),
        (Components, "parameters" | "headers" | "contentDescriptors") => Map(&Described),
        (Components, "responses" | "requestBodies") => Map(&Bodied),
        (Components, "pathItems") => Map(&PathItem),
        (Schema | SchemaOrFlag, "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas") => {
            Map(&Schema)
        }
        (Schema | SchemaOrFlag, "additionalProperties" | "unevaluatedProperties" | "additionalItems") => SchemaOrFlag,
        (Schema | SchemaOrFlag, "items" | "not" | "contains" | "propertyNames" | "if" | "then" | "else") => Schema,
        (Schema | SchemaOrFlag, "allOf" | "anyOf" | "oneOf" | "prefixItems") => List(&Schema),
        (Schema | SchemaOrFlag, "x-tuple") => List(&Described),
        _ => return None,
    })
}

/// Calls `change` with each schema and its JSON pointer. The schemas inside a schema come before
/// it.
pub(super) fn schemas(document: &mut Document, change: &mut dyn FnMut(&str, &mut Node)) {
    walk("", document.root_mut(), Role::Root, change);
}

/// Calls `change` with the schema of each property, column and parameter, and its name.
pub(super) fn fields(document: &mut Document, change: &mut dyn FnMut(&str, &mut Node)) {
    walk_fields(document.root_mut(), Role::Root, change);
}

fn walk_fields(node: &mut Node, role: Role, change: &mut dyn FnMut(&str, &mut Node)) {
    if let Role::Described = role
        && let Some(name) = node.get("name").and_then(Node::as_str).map(str::to_owned)
        && let Some(schema) = node.child_mut("schema")
    {
        change(&name, schema);
    }
    if let Role::Schema | Role::SchemaOrFlag = role
        && let Some(properties) = node.child_mut("properties").and_then(Node::as_map_mut)
    {
        properties.iter_mut().for_each(|(name, schema)| change(name, schema));
    }
    match (role, node.kind_mut()) {
        (Role::List(role), Kind::Seq(nodes)) => nodes.iter_mut().for_each(|node| walk_fields(node, *role, change)),
        (_, Kind::Map(members)) => {
            for (name, node) in members.iter_mut() {
                if let Some(role) = member(role, name) {
                    walk_fields(node, role, change);
                }
            }
        }
        _ => {}
    }
}

fn walk(pointer: &str, node: &mut Node, role: Role, change: &mut dyn FnMut(&str, &mut Node)) {
    match (role, node.kind_mut()) {
        (Role::List(role), Kind::Seq(nodes)) => {
            for (index, node) in nodes.iter_mut().enumerate() {
                walk(&pointer_join(pointer, &index.to_string()), node, *role, change);
            }
        }
        // In older versions of JSON Schema, `items` can be a list.
        (Role::Schema, Kind::Seq(nodes)) => {
            for (index, node) in nodes.iter_mut().enumerate() {
                walk(&pointer_join(pointer, &index.to_string()), node, Role::Schema, change);
            }
        }
        (_, Kind::Map(members)) => {
            for (name, node) in members.iter_mut() {
                if let Some(role) = member(role, name) {
                    walk(&pointer_join(pointer, name), node, role, change);
                }
            }
        }
        _ => {}
    }
    match (role, node.kind()) {
        (Role::SchemaOrFlag, Kind::Map(_)) | (Role::Schema, Kind::Map(_) | Kind::Bool(_)) => change(pointer, node),
        _ => {}
    }
}
