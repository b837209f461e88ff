//! Walks through the schemas of a document, to change them. Skips callbacks and encodings.

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
    /// A subscription (`x-subscription`).
    Subscription,
    /// A parameter, a header, a content descriptor, a column or a media type: an object with a
    /// schema.
    WithSchema,
    /// A request body or a response: an object with media types (or a schema, in OpenAPI 2.0).
    WithContent,
    Components,
    /// A schema. [`schemas`] visits it even if it is `true` or `false`.
    Schema,
    /// A schema at a place that also takes a flag, such as `additionalProperties`. [`schemas`] does
    /// not visit the flags `true` and `false`.
    SchemaOrFlag,
    /// An object whose members all have this role.
    Map(&'static Self),
    /// A list of values of this role.
    List(&'static Self),
}

/// Returns the role of the member `key` of a value. `role` is the role of the value. `None` if the
/// member has no role.
fn member(role: Role, key: &str) -> Option<Role> {
    use Role::{
        Components, List, Map, Method, Operation, PathItem, Root, Schema, SchemaOrFlag, Subscription, WithContent,
        WithSchema,
    };
    Some(match (role, key) {
        (Map(role), _) => *role,
        (Root, "paths" | "webhooks") => Map(&PathItem),
        (Root, "components") => Components,
        // OpenAPI 2.0 has its components at the root.
        (Root, "definitions") => Map(&Schema),
        (Root, "parameters") => Map(&WithSchema),
        (Root, "responses") => Map(&WithContent),
        (WithSchema | WithContent, "schema") => Schema,
        (Root, "methods") => List(&Method),
        (PathItem, method) if METHODS.contains(&method) => Operation,
        (PathItem | Operation, "parameters") => List(&WithSchema),
        (Operation, "requestBody") => WithContent,
        (Operation, "responses") => Map(&WithContent),
        (Method, "params") => List(&WithSchema),
        (Method, "x-subscription") => Subscription,
        (Subscription, "params") => Schema,
        (Method, "result") => WithSchema,
        (WithSchema | WithContent, "content") => Map(&WithSchema),
        (WithContent, "headers") => Map(&WithSchema),
        (Components, "schemas") => Map(&Schema),
        (Components, "parameters" | "headers" | "contentDescriptors") => Map(&WithSchema),
        (Components, "responses" | "requestBodies") => Map(&WithContent),
        (Components, "pathItems") => Map(&PathItem),
        (Schema | SchemaOrFlag, "properties" | "patternProperties" | "$defs" | "definitions") => Map(&Schema),
        (Schema | SchemaOrFlag, "additionalProperties" | "unevaluatedProperties" | "additionalItems") => SchemaOrFlag,
        (Schema | SchemaOrFlag, "items") => Schema,
        (Schema | SchemaOrFlag, "allOf" | "anyOf" | "oneOf" | "prefixItems") => List(&Schema),
        (Schema | SchemaOrFlag, "x-tuple") => List(&WithSchema),
        // Keys such as `not`, `if` and `contains` have no role, because their schemas are not used
        // for types. They are not changed here, and are removed later.
        _ => return None,
    })
}

/// Calls `change` with each schema and its JSON pointer, but not with a `true` or `false` of
/// `additionalProperties` and similar keys. Inner schemas come before outer ones.
pub(super) fn schemas(document: &mut Document, change: &mut dyn FnMut(&str, &mut Node)) {
    walk("", document.root_mut(), Role::Root, change);
}

/// Calls `change` with the name and the schema of each property, column, parameter and OpenRPC
/// result. If a parameter has no `schema`, `change` gets the parameter: in OpenAPI 2.0, its type is
/// beside its name.
pub(super) fn fields(document: &mut Document, change: &mut dyn FnMut(&str, &mut Node)) {
    walk_fields(document.root_mut(), Role::Root, change);
}

fn walk_fields(node: &mut Node, role: Role, change: &mut dyn FnMut(&str, &mut Node)) {
    if let Role::WithSchema = role
        && let Some(name) = node.get("name").and_then(Node::as_str).map(str::to_owned)
    {
        match node.get("schema") {
            Some(_) => node.child_mut("schema").into_iter().for_each(|schema| change(&name, schema)),
            None => change(&name, node),
        }
    }
    if let Role::Schema | Role::SchemaOrFlag = role
        && let Some(properties) = node.child_mut("properties").and_then(Node::as_map_mut)
    {
        properties.iter_mut().for_each(|(name, schema)| change(name, schema));
    }
    match (role, node.kind_mut()) {
        (Role::List(role), Kind::Seq(nodes)) => nodes.iter_mut().for_each(|node| walk_fields(node, *role, change)),
        // In older versions of JSON Schema, `items` can be a list.
        (Role::Schema, Kind::Seq(nodes)) => nodes.iter_mut().for_each(|node| walk_fields(node, role, change)),
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
