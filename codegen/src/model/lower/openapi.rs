//! OpenAPI documents.

use super::constraints::{Named, constraints};
use super::extensions::{cancels, condition, idempotent, own_docs, prose, weight};
use super::lowering::{Lowering, OperationNames};
use super::root::Root;
use super::schema::without_null;
use crate::diagnostic::Diagnostics;
use crate::model::api::{
    Api, Body, BodyEncoding, Docs, ExampleOf, Operation, Parameter, ParameterLocation, Protocol, Route, Type,
};
use crate::model::names::{RESERVED_SETTERS, Scope, compound};
use crate::source::openapi::{self, Response, Status};
use crate::source::parameters::ParameterIn;
use crate::source::styles::{Encoding, Style};
use crate::source::view::View;

pub(super) fn lower(view: &View<'_>) -> Result<Api, Diagnostics> {
    let mut lowering = Lowering::new(view);
    let Some(root) = lowering.take(Root::read(view)) else { return lowering.give_up() };
    lowering.lower_components();
    let Some(found) = lowering.take(openapi::operations(view, &root.limit_names)) else { return lowering.give_up() };
    let mut operations = Vec::new();
    for operation in found {
        let Some(operation) = lowering.take(operation) else { continue };
        operations.extend(lower_operation(&mut lowering, &root, operation));
    }
    let api = root.into_api(view.document, Protocol::Http, operations, Vec::new());
    lowering.finish(api)
}

/// The responses of an operation.
#[derive(Default)]
struct Responses {
    success: Success,
    /// The other statuses, with their descriptions.
    errors: Vec<(String, String)>,
}

/// The response of a success.
#[derive(Default)]
struct Success {
    ty: Option<Type>,
    docs: Option<String>,
    schema: Option<String>,
}

fn lower_operation<'a>(
    lowering: &mut Lowering<'a>,
    root: &Root<'a>,
    operation: openapi::Operation<'a>,
) -> Option<Operation> {
    let extensions = operation.extensions;
    let place = operation.at.pointer.as_str();
    let names = lowering.operation_names(operation.id, extensions.rust_name, place);
    let mut setters = Scope::default();
    let parameter_names = operation.parameters.iter().map(|found| found.name).collect();
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|found| parameter(lowering, found, operation.id, &names, &mut setters)).collect();
    let body = operation.body.as_ref().map(|found| body(lowering, found, operation.id, &names));
    let responses = responses(lowering, &operation.responses, operation.id, &names);
    Some(Operation {
        id: operation.id.to_owned(),
        docs: Docs {
            summary: prose(operation.summary),
            description: prose(operation.description),
            deprecated: operation.deprecated,
            deviation: prose(extensions.doc_deviation),
        },
        tag: operation.tag.map(str::to_owned),
        route: Route::Http { method: operation.method.to_ascii_uppercase(), path: operation.path.to_owned() },
        is_notification: false,
        query: operation.query,
        response: responses.success.ty,
        response_docs: responses.success.docs,
        response_schema: responses.success.schema,
        error_statuses: responses.errors,
        error_codes: Vec::new(),
        security: lowering.take(root.security(&operation.at))?,
        schemes: lowering.take(root.schemes(&operation.at))?,
        weight: weight(extensions.weight),
        limits: root.limits(extensions.limits),
        reads_only: extensions.reads_only.unwrap_or(operation.method == "get"),
        moves_funds: extensions.moves_funds,
        cancels: cancels(extensions.cancels, operation.id, Some(operation.method)),
        constraints: constraints(&operation.at, &extensions.constraints, &Named::ByOperation(&parameter_names)),
        idempotent: idempotent(extensions.idempotent.as_ref(), operation.method == "get"),
        done_codes: extensions.done_codes,
        gone_codes: extensions.gone_codes,
        refused_codes: extensions.refused_codes,
        unknown_codes: extensions.unknown_codes,
        failed_when: extensions.failed_when.iter().map(condition).collect(),
        pointer: place.to_owned(),
        method_name: names.method_name,
        type_name: names.type_name,
        const_name: names.const_name,
        parameters,
        body,
    })
}

fn parameter<'a>(
    lowering: &mut Lowering<'a>,
    found: &openapi::Parameter<'a>,
    id: &str,
    names: &OperationNames,
    setters: &mut Scope,
) -> Parameter {
    let place = found.at.pointer.as_str();
    let words = lowering.words("parameter", found.name, found.rust_name, place);
    let name = words.snake_beside(RESERVED_SETTERS);
    if let Err(holder) = setters.claim(&name, found.name, place) {
        lowering.collision("parameter", found.name, &name, place, &holder, "with `x-rust-name`");
    }
    let type_name = match &found.component {
        Some(component) => lowering.component_type_name(component, place),
        None => words.pascal_after(&names.type_name),
    };
    let of = ExampleOf::Parameter { operation: id.to_owned(), parameter: found.name.to_owned() };
    let ty = lowering.schema(&found.schema, &type_name, &of);
    let list_of_null = matches!(lowering.resolve(&ty), Type::List(item) if matches!(**item, Type::Nullable(_)));
    // A document of others often means that the parameter may be left out.
    let is_null = matches!(ty, Type::Nullable(_)) && !lowering.view.document.is_normal();
    if (list_of_null || is_null) && found.encoding.style != Style::Json {
        lowering.refuse(
            &found.schema.pointer,
            "null cannot be sent in a path, a query or a header",
            "leave `nullable` out: a parameter that is not required may be left out",
        );
    }
    lowering.request_roots.push(ty.clone());
    let example = lowering.own_example(&found.described, &ty, &of).or_else(|| lowering.schema_example(&found.schema));
    let mut docs = own_docs(&found.at);
    docs.description = docs.description.or_else(|| lowering.schema_description(&found.schema));
    docs.deprecated |= lowering.is_deprecated(&found.schema);
    let (location, style) = location(lowering, found, &ty);
    Parameter {
        wire: found.name.to_owned(),
        name,
        type_parameter: words.pascal(),
        docs,
        location,
        style,
        keeps_reserved: found.encoding.keeps_reserved,
        required: found.required,
        ty: without_null(ty),
        bounds: lowering.bounds(&found.schema),
        example,
        schema: found.schema.node.to_json(),
    }
}

/// Returns the part of the request that carries a parameter, and its style if values of its type
/// are written in another way than those of other parameters.
fn location(
    lowering: &Lowering<'_>,
    found: &openapi::Parameter<'_>,
    ty: &Type,
) -> (ParameterLocation, Option<(Style, bool)>) {
    let Encoding { style, explode, .. } = found.encoding;
    let location = match found.location {
        ParameterIn::Path => ParameterLocation::Path,
        ParameterIn::Header => ParameterLocation::Header,
        ParameterIn::Cookie => ParameterLocation::Cookie,
        ParameterIn::Query => ParameterLocation::Query,
    };
    let usual = (found.location.usual_style(), found.location.usual_style() == Style::Form);
    let (is_list, is_scalar) = match lowering.resolve(ty) {
        Type::List(_) => (true, false),
        Type::Map(_) | Type::Named(_) | Type::Boxed(_) | Type::Json | Type::Object => (false, false),
        _ => (false, true),
    };
    match style {
        _ if (style, explode) == usual => (location, None),
        // The elements of a list are written alike in both forms.
        Style::Simple if is_list => (location, None),
        Style::Form if is_list && found.location == ParameterIn::Query => (ParameterLocation::QueryJoined, None),
        Style::Json | Style::Label | Style::Matrix => (location, Some((style, explode))),
        _ if is_scalar => (location, None),
        _ => (location, Some((style, explode))),
    }
}

fn body<'a>(lowering: &mut Lowering<'a>, found: &openapi::Body<'a>, id: &str, names: &OperationNames) -> Body {
    let type_name = match &found.component {
        Some(component) => lowering.component_type_name(component, &found.at.pointer),
        None => compound(&names.type_name, "Body"),
    };
    let of = ExampleOf::Body { operation: id.to_owned() };
    let ty = json(lowering, &found.content, &type_name, &of);
    let first = found.content.examples.first().map(|example| example.node.to_json());
    let example = first.or_else(|| lowering.schema_example(&found.content.schema));
    lowering.request_roots.push(ty.clone());
    let mut docs = own_docs(&found.at);
    docs.description = docs.description.or_else(|| prose(found.description));
    Body {
        type_parameter: String::new(),
        ty: if found.required { ty } else { without_null(ty) },
        bounds: lowering.bounds(&found.content.schema),
        required: found.required,
        docs,
        encoding: BodyEncoding::Json,
        example,
        schema: found.content.schema.node.to_json(),
    }
}

/// Lowers the JSON of a body or a response, and records its examples.
fn json<'a>(lowering: &mut Lowering<'a>, json: &openapi::Json<'a>, type_name: &str, of: &ExampleOf) -> Type {
    let ty = lowering.schema(&json.schema, type_name, of);
    json.examples.iter().for_each(|example| lowering.note_example(example, &ty, of));
    ty
}

/// Lowers the responses. The response of a success has a type; the others have a description.
fn responses<'a>(lowering: &mut Lowering<'a>, found: &[Response<'a>], id: &str, names: &OperationNames) -> Responses {
    let mut success: Option<(Success, &Response<'a>)> = None;
    let mut errors = Vec::new();
    for response in found {
        let key = response.key;
        let is_success = response.status == Status::Success;
        let type_name = match &response.component {
            Some(component) => lowering.component_type_name(component, &response.at.pointer),
            None if is_success && success.is_none() => compound(&names.type_name, "Response"),
            None if is_success => compound(&names.type_name, &format!("Response{}", key.to_ascii_uppercase())),
            None if response.status == Status::Rest => compound(&names.type_name, "ErrorDefault"),
            None => compound(&names.type_name, &format!("Error{}", key.to_ascii_uppercase())),
        };
        let of = ExampleOf::Response { operation: id.to_owned(), status: key.to_owned() };
        let lowered = response_content(lowering, response, &type_name, &of);
        if !is_success {
            errors.push((key.to_owned(), response.description.trim().to_owned()));
            continue;
        }
        match &success {
            None => success = Some((lowered, response)),
            Some((first, other)) if first.ty != lowered.ty => {
                let at = lowering.view.document.location(&other.place.pointer);
                let message = format!(
                    "success has two shapes: that of {key}, and that of {} at {}:{}:{}",
                    other.key, at.file, at.line, at.column
                );
                let help = "leave out what the venue does not send, or put one schema into `components/schemas` and refer to it \
                            from both; a response without content beside one with content is a shape of its own";
                lowering.refuse(&response.place.pointer, message, help);
            }
            Some(_) => {}
        }
    }
    Responses { success: success.map(|(success, _)| success).unwrap_or_default(), errors }
}

fn response_content<'a>(
    lowering: &mut Lowering<'a>,
    response: &Response<'a>,
    type_name: &str,
    of: &ExampleOf,
) -> Success {
    let docs = prose(Some(response.description));
    let Some(content) = &response.content else { return Success { docs, ..Success::default() } };
    let ty = json(lowering, content, type_name, of);
    lowering.response_roots.push(ty.clone());
    Success { ty: Some(ty), docs, schema: Some(content.schema.node.to_json()) }
}
