//! The kind of value that each place of a document has.

use crate::source::openapi::METHODS;

/// The role of a value, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Role {
    Root,
    PathItem,
    Operation,
    Method,
    Parameter,
    Header,
    RequestBody,
    Response,
    MediaType,
    Encoding,
    Example,
    SecurityScheme,
    ContentDescriptor,
    ErrorObject,
    ExamplePairing,
    Components,
    Schema,
    Discriminator,
    /// A value in the mapping of a discriminator: the name of a schema, or a reference to one.
    Mapping,
    /// A column of a row.
    Column,
    /// An object with a value of this role for each name.
    Map(&'static Self),
    /// A list of values of this role.
    List(&'static Self),
}

/// The keys that lead to a section of the components.
pub(super) type Section = &'static [&'static str];

/// Returns the role of a member of a value with this role; `None` if the member has no role.
pub(super) fn member(role: Role, key: &str) -> Option<Role> {
    use Role::{List, Map};
    Some(match (role, key) {
        (Role::Map(role), _) => *role,
        (Role::Root, "paths") => Map(&Role::PathItem),
        (Role::Root, "components") => Role::Components,
        (Role::Root, "methods") => List(&Role::Method),
        // OpenAPI 2.0 has its components at the root.
        (Role::Root, "definitions") | (Role::Components, "schemas") => Map(&Role::Schema),
        (Role::Root | Role::Components, "parameters") => Map(&Role::Parameter),
        (Role::Root | Role::Components, "responses") => Map(&Role::Response),
        (Role::Components, "requestBodies") => Map(&Role::RequestBody),
        (Role::Components, "headers") => Map(&Role::Header),
        (Role::Components, "examples") => Map(&Role::Example),
        (Role::Components, "securitySchemes") => Map(&Role::SecurityScheme),
        (Role::Components, "contentDescriptors") => Map(&Role::ContentDescriptor),
        (Role::Components, "errors") => Map(&Role::ErrorObject),
        (Role::Components, "examplePairings") => Map(&Role::ExamplePairing),
        (Role::PathItem, key) if METHODS.contains(&key) => Role::Operation,
        (Role::PathItem, "head" | "options" | "trace" | "query") => Role::Operation,
        (Role::PathItem | Role::Operation, "parameters") => List(&Role::Parameter),
        (Role::Operation, "requestBody") => Role::RequestBody,
        (Role::Operation, "responses") => Map(&Role::Response),
        (Role::Method, "params") => List(&Role::ContentDescriptor),
        (Role::Method, "result") => Role::ContentDescriptor,
        (Role::Method, "errors") => List(&Role::ErrorObject),
        (Role::Method, "examples") => List(&Role::ExamplePairing),
        (Role::ExamplePairing, "params") => List(&Role::Example),
        (Role::ExamplePairing, "result") => Role::Example,
        (
            Role::Parameter | Role::Header | Role::MediaType | Role::ContentDescriptor | Role::Response | Role::Column,
            "schema",
        ) => Role::Schema,
        (Role::Parameter | Role::Header | Role::MediaType, "examples") => Map(&Role::Example),
        (Role::Parameter | Role::Header | Role::RequestBody | Role::Response, "content") => Map(&Role::MediaType),
        (Role::Response | Role::Encoding, "headers") => Map(&Role::Header),
        (Role::MediaType, "encoding") => Map(&Role::Encoding),
        (Role::Schema, "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas") => {
            Map(&Role::Schema)
        }
        (
            Role::Schema,
            "additionalProperties"
            | "unevaluatedProperties"
            | "additionalItems"
            | "items"
            | "not"
            | "contains"
            | "propertyNames"
            | "if"
            | "then"
            | "else",
        ) => Role::Schema,
        (Role::Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => List(&Role::Schema),
        (Role::Schema, "x-tuple") => List(&Role::Column),
        (Role::Schema, "discriminator") => Role::Discriminator,
        (Role::Discriminator, "mapping") => Map(&Role::Mapping),
        _ => return None,
    })
}

/// Returns the section of the components for values of a role; `None` if there is no such section.
pub(super) fn section(role: Role, is_swagger: bool) -> Option<Section> {
    Some(match (role, is_swagger) {
        (Role::Schema | Role::Mapping, false) => &["components", "schemas"],
        (Role::Schema | Role::Mapping, true) => &["definitions"],
        (Role::Parameter, false) => &["components", "parameters"],
        (Role::Parameter, true) => &["parameters"],
        (Role::Response, false) => &["components", "responses"],
        (Role::Response, true) => &["responses"],
        (Role::Header, _) => &["components", "headers"],
        (Role::RequestBody, _) => &["components", "requestBodies"],
        (Role::Example, _) => &["components", "examples"],
        (Role::SecurityScheme, _) => &["components", "securitySchemes"],
        (Role::ContentDescriptor, _) => &["components", "contentDescriptors"],
        (Role::ErrorObject, _) => &["components", "errors"],
        (Role::ExamplePairing, _) => &["components", "examplePairings"],
        _ => return None,
    })
}

/// Returns whether a `$ref` of this role is replaced by its target.
pub(super) fn is_inlined(role: Role) -> bool {
    matches!(role, Role::PathItem | Role::Method)
}
