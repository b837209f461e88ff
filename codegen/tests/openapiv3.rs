//! Compares the reader of specs with `openapiv3`, an independent reader, on the same documents.
//!
//! Both must find the same operations, parameters, failure statuses, properties and enum values,
//! and agree on whether there is a body.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use openapiv3::{OpenAPI, ParameterSchemaOrContent, ReferenceOr, Schema, SchemaKind, StatusCode};
use venuekit_codegen::model::{Api, Operation, Parameter, ParameterLocation, Route, TypeDef, TypeKind};
use venuekit_codegen::read;
use venuekit_codegen::source::Document;
use venuekit_codegen::source::Style;

/// Returns the OpenAPI documents that the generator accepts, each with the results of both readers.
fn documents() -> Vec<(PathBuf, Api, OpenAPI)> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut documents = Vec::new();
    for folder in ["../specs", "tests/features", "tests/refusals/accepted"] {
        for entry in fs::read_dir(crate_folder.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "yaml") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap();
            let document = Document::parse(name, &text).unwrap();
            if document.node("/openapi").is_some() {
                // Some documents in `tests/refusals/accepted` pass the check, but their names
                // collide in Rust, so `read` refuses them.
                let Ok(api) = read(&venuekit_codegen::Spec::new(name, &*text)) else { continue };
                let typed = serde_json::from_str(&document.root().to_json()).unwrap();
                documents.push((path, api, typed));
            }
        }
    }
    assert!(documents.len() > 15, "{} documents (expected more than 15)", documents.len());
    documents
}

/// Returns the item, or the component to which a reference leads. The component must not be a
/// reference itself.
fn resolved<'a, T>(value: &'a ReferenceOr<T>, find: impl Fn(&str) -> Option<&'a ReferenceOr<T>>) -> &'a T {
    match value {
        ReferenceOr::Item(item) => item,
        ReferenceOr::Reference { reference } => {
            let name = reference.rsplit('/').next().unwrap();
            find(name).and_then(ReferenceOr::as_item).unwrap_or_else(|| panic!("{reference}"))
        }
    }
}

fn parameters_of<'a>(typed: &'a OpenAPI, listed: &'a [ReferenceOr<openapiv3::Parameter>]) -> Vec<Seen> {
    let components = typed.components.as_ref();
    let find = |name: &str| components.and_then(|components| components.parameters.get(name));
    listed.iter().map(|parameter| Seen::from_openapiv3(resolved(parameter, find))).collect()
}

/// A parameter in a common form, to which the results of both readers are converted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Seen {
    name: String,
    place: &'static str,
    /// True if the parameter has `content`, so that its value is sent as JSON text.
    is_json: bool,
    required: bool,
}

/// Returns whether the document also lists this as a parameter. The model has form fields as
/// parameters; in the document they are part of the request body.
fn is_parameter(parameter: &&Parameter) -> bool {
    parameter.location != ParameterLocation::Form
}

impl Seen {
    fn from_openapiv3(parameter: &openapiv3::Parameter) -> Self {
        let data = parameter.parameter_data_ref();
        let is_json = matches!(data.format, ParameterSchemaOrContent::Content(_));
        let place = match parameter {
            openapiv3::Parameter::Query { .. } => "query",
            openapiv3::Parameter::Header { .. } => "header",
            openapiv3::Parameter::Path { .. } => "path",
            openapiv3::Parameter::Cookie { .. } => "cookie",
        };
        Self { name: data.name.clone(), place, is_json, required: data.required }
    }

    fn from_model(parameter: &Parameter) -> Self {
        let place = match parameter.location {
            ParameterLocation::Query | ParameterLocation::QueryJoined => "query",
            ParameterLocation::Header => "header",
            ParameterLocation::Cookie => "cookie",
            ParameterLocation::Path => "path",
            other => panic!("{other:?}"),
        };
        let is_json = matches!(parameter.style, Some((Style::Json, _)));
        Self { name: parameter.wire.clone(), place, is_json, required: parameter.required }
    }
}

/// Returns the failure statuses of an operation, including ranges (`4XX`) and `default`.
fn failures(operation: &openapiv3::Operation) -> BTreeSet<String> {
    let codes = operation.responses.responses.keys().map(|status| match status {
        StatusCode::Code(code) => code.to_string(),
        StatusCode::Range(class) => format!("{class}XX"),
    });
    let default = operation.responses.default.iter().map(|_| "default".to_owned());
    let all: BTreeSet<String> = codes.chain(default).collect();
    // If an operation has no 2xx response, its 3xx responses are its successes.
    let is_redirect = !all.iter().any(|status| status.starts_with('2'));
    all.into_iter().filter(|status| !(status.starts_with('2') || is_redirect && status.starts_with('3'))).collect()
}

fn assert_same_operation(
    place: &str,
    typed: &OpenAPI,
    path: &openapiv3::PathItem,
    theirs: &openapiv3::Operation,
    ours: &Operation,
) {
    assert_eq!(theirs.operation_id.as_deref(), Some(ours.id.as_str()), "{place}");
    assert_eq!(theirs.tags.first(), ours.tag.as_ref(), "{place}");
    let own = parameters_of(typed, &theirs.parameters);
    let is_replaced = |shared: &Seen| own.iter().any(|own| (&own.name, own.place) == (&shared.name, shared.place));
    let shared = parameters_of(typed, &path.parameters).into_iter().filter(|shared| !is_replaced(shared));
    let expected: BTreeSet<Seen> = shared.chain(own.clone()).collect();
    let found: BTreeSet<Seen> = ours.parameters.iter().filter(is_parameter).map(Seen::from_model).collect();
    assert_eq!(found, expected, "{place}");
    assert_eq!(ours.body.is_some() || ours.form.is_some(), theirs.request_body.is_some(), "{place}");
    let statuses: BTreeSet<String> = ours.error_statuses.iter().map(|(status, _)| status.clone()).collect();
    assert_eq!(statuses, failures(theirs), "{place}");
}

#[test]
fn both_find_the_same_operations_parameters_and_failure_statuses() {
    let mut compared = 0;
    for (file, api, typed) in documents() {
        let mut left: BTreeSet<&str> = api.operations.iter().map(|operation| operation.id.as_str()).collect();
        for (key, item) in &typed.paths.paths {
            let item = item.as_item().unwrap();
            // Fixed query values and a name after `#` are part of the key, but not of the route.
            let path = key.split(['#', '?']).next().unwrap();
            for (method, theirs) in item.iter() {
                let place = format!("{}: {method} {key}", file.display());
                let route = Route::Http { method: method.to_uppercase(), path: path.to_owned() };
                let is_same = |ours: &&Operation| theirs.operation_id.as_ref() == Some(&ours.id);
                let mut of_route = api.operations.iter().filter(|operation| operation.route == route);
                let ours = of_route.find(is_same);
                let ours = ours.unwrap_or_else(|| panic!("{place} is missing"));
                assert_same_operation(&place, &typed, item, theirs, ours);
                left.remove(ours.id.as_str());
                compared += 1;
            }
        }
        assert!(left.is_empty(), "{}: {left:?}", file.display());
    }
    assert!(compared > 60, "{compared} operations were compared (expected more than 60)");
}

/// Compares a component with its named type. Returns false if the type is of a kind that is not
/// compared.
fn same_component(place: &str, theirs: &Schema, ours: &TypeDef) -> bool {
    match (&theirs.schema_kind, &ours.kind) {
        (SchemaKind::Type(openapiv3::Type::Object(object)), TypeKind::Struct(fields)) => {
            // The type of a request has no read-only properties.
            let is_left_out = |property: &ReferenceOr<Box<Schema>>| {
                ours.in_request && property.as_item().is_some_and(|schema| schema.schema_data.read_only)
            };
            let sent = object.properties.iter().filter(|(_, property)| !is_left_out(property));
            let expected: Vec<&String> = sent.map(|(name, _)| name).collect();
            assert_eq!(fields.iter().map(|field| &field.wire).collect::<Vec<_>>(), expected, "{place}");
            for field in fields {
                // `x-always` may require more properties than `required`.
                let is_required = object.required.contains(&field.wire);
                assert!(
                    field.required || !is_required,
                    "{place}: `{}` is required in the document, but optional in the model",
                    field.wire
                );
            }
            true
        }
        (SchemaKind::Type(openapiv3::Type::String(string)), TypeKind::Enum { integer: false, variants }) => {
            let expected: Vec<&String> = string.enumeration.iter().flatten().collect();
            assert_eq!(variants.iter().map(|variant| &variant.wire).collect::<Vec<_>>(), expected, "{place}");
            true
        }
        (SchemaKind::Type(openapiv3::Type::Integer(integer)), TypeKind::Enum { integer: true, variants }) => {
            let expected: Vec<String> = integer.enumeration.iter().flatten().map(ToString::to_string).collect();
            assert_eq!(variants.iter().map(|variant| variant.wire.clone()).collect::<Vec<_>>(), expected, "{place}");
            true
        }
        (SchemaKind::OneOf { one_of }, TypeKind::Either(alternatives)) => {
            assert!(alternatives.len() <= one_of.len(), "{place}");
            true
        }
        _ => false,
    }
}

#[test]
fn both_find_the_same_properties_and_enum_values_of_components() {
    let mut compared = 0;
    for (file, api, typed) in documents() {
        for (name, schema) in typed.components.iter().flat_map(|components| &components.schemas) {
            let pointer = format!("/components/schemas/{name}");
            let (ReferenceOr::Item(schema), Some(ours)) = (schema, api.types.iter().find(|def| def.pointer == pointer))
            else {
                continue;
            };
            compared += usize::from(same_component(&format!("{}#{pointer}", file.display()), schema, ours));
        }
    }
    assert!(compared > 80, "{compared} components were compared (expected more than 80)");
}
