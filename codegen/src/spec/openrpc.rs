//! OpenRPC documents as types. Schemas are OpenAPI's: the reader turns JSON Schema's `type: [string, 'null']` into
//! `nullable: true` before it comes here, so that the next floor sees one dialect.

use indexmap::IndexMap;
use openapiv3::{ReferenceOr, Schema, SecurityScheme, Server};
use serde::Deserialize;

use super::words::{Code, OperationWords, ParameterWords, RootWords};

/// A document.
#[derive(Clone, Debug, Deserialize)]
pub struct OpenRpc {
    /// The version of OpenRPC.
    pub openrpc: String,
    /// What it is about.
    pub info: openapiv3::Info,
    /// Public hosts; their `x-environment` is among the extensions.
    #[serde(default)]
    pub servers: Vec<Server>,
    /// The methods.
    pub methods: Vec<Method>,
    /// What methods refer to.
    #[serde(default)]
    pub components: Components,
    /// `x-security-schemes`.
    #[serde(default, rename = "x-security-schemes")]
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// `x-security`: the default of the methods.
    #[serde(default, rename = "x-security")]
    pub security: Option<Vec<IndexMap<String, Vec<String>>>>,
    /// The other words.
    #[serde(flatten)]
    pub words: RootWords,
}

/// What methods refer to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Components {
    /// `#/components/schemas/..`
    pub schemas: IndexMap<String, ReferenceOr<Schema>>,
    /// `#/components/errors/..`
    pub errors: IndexMap<String, ErrorObject>,
    /// `#/components/contentDescriptors/..`
    pub content_descriptors: IndexMap<String, ContentDescriptor>,
    /// `#/components/examples/..`
    pub examples: IndexMap<String, ExampleObject>,
    /// `#/components/examplePairings/..`
    pub example_pairings: IndexMap<String, ExamplePairing>,
}

/// A method.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Method {
    /// Its name in the document; on the wire unless [`OperationWords::method`] says otherwise.
    pub name: String,
    /// Groups in the documentation.
    #[serde(default)]
    pub tags: Vec<serde_json::Value>,
    /// One line.
    #[serde(default)]
    pub summary: Option<String>,
    /// The rest.
    #[serde(default)]
    pub description: Option<String>,
    /// By position.
    #[serde(default)]
    pub params: Vec<ReferenceOr<ContentDescriptor>>,
    /// What a reply holds.
    #[serde(default)]
    pub result: Option<ReferenceOr<ContentDescriptor>>,
    /// Errors that the document states.
    #[serde(default)]
    pub errors: Vec<ReferenceOr<ErrorObject>>,
    /// Calls with their replies.
    #[serde(default)]
    pub examples: Vec<ReferenceOr<ExamplePairing>>,
    /// Whether it is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// `by-position` or `either`.
    #[serde(default)]
    pub param_structure: Option<String>,
    /// The `x-` words.
    #[serde(flatten)]
    pub words: OperationWords,
}

/// A parameter or a result.
#[derive(Clone, Debug, Deserialize)]
pub struct ContentDescriptor {
    /// Its name; positions, not names, travel.
    pub name: String,
    /// One line.
    #[serde(default)]
    pub summary: Option<String>,
    /// The rest.
    #[serde(default)]
    pub description: Option<String>,
    /// Must it be given?
    #[serde(default)]
    pub required: bool,
    /// Whether it is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Its type.
    pub schema: ReferenceOr<Schema>,
    /// The `x-` words.
    #[serde(flatten)]
    pub words: ParameterWords,
}

/// An error that the document states.
#[derive(Clone, Debug, Deserialize)]
pub struct ErrorObject {
    /// Its code.
    pub code: Code,
    /// The venue's message.
    pub message: String,
    /// What comes with it.
    #[serde(default)]
    pub data: Option<serde_json::Value>,
    /// `x-description`: what it means; the standard has no description here.
    #[serde(default, rename = "x-description")]
    pub description: Option<String>,
}

/// A call with its reply.
#[derive(Clone, Debug, Deserialize)]
pub struct ExamplePairing {
    /// Its name.
    pub name: String,
    /// One line.
    #[serde(default)]
    pub summary: Option<String>,
    /// The rest.
    #[serde(default)]
    pub description: Option<String>,
    /// The parameters, by position.
    #[serde(default)]
    pub params: Vec<ReferenceOr<ExampleObject>>,
    /// The reply.
    #[serde(default)]
    pub result: Option<ReferenceOr<ExampleObject>>,
}

/// A value in an example; its exact text is in the tree.
#[derive(Clone, Debug, Deserialize)]
pub struct ExampleObject {
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// One line.
    #[serde(default)]
    pub summary: Option<String>,
    /// The rest.
    #[serde(default)]
    pub description: Option<String>,
    /// The value.
    #[serde(default)]
    pub value: serde_json::Value,
}
