//! Lowers OpenAPI documents.

use super::bodies::{body, responses};
use super::constraints::{Named, constraints};
use super::extensions::{cancels, condition, idempotent, own_docs, pagination, prose, weight};
use super::forms::{fields, form_kind};
use super::lowering::{Lowering, OperationNames, Place};
use super::root::Root;
use super::schema::without_null;
use crate::diagnostic::Diagnostics;
use crate::model::api::{Api, Batch, Docs, ExampleOf, Operation, Parameter, ParameterLocation, Protocol, Route, Type};
use crate::model::names::{RESERVED_SETTERS, Scope, Words};
use crate::source::FieldStyle;
use crate::source::openapi;
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
    let words = |found: &openapi::Parameter<'a>, lowering: &mut Lowering<'a>| {
        lowering.words("parameter", found.name, found.rust_name, &found.at.pointer)
    };
    let words: Vec<Words> = operation.parameters.iter().map(|found| words(found, lowering)).collect();
    let places = operation.parameters.iter().zip(&words);
    let places: Vec<Place<'_>> = places
        .map(|(found, words)| Place {
            wire: found.name,
            name: words.snake_beside(RESERVED_SETTERS),
            pointer: &found.at.pointer,
        })
        .collect();
    let setter_names = lowering.member_names("parameter", &places, &mut setters);
    let parameters = operation.parameters.iter().zip(words).zip(setter_names);
    let mut parameters: Vec<Parameter> = parameters
        .map(|((found, words), name)| parameter(lowering, found, operation.id, &names, (words, name)))
        .collect();
    let form = operation.body.as_ref().and_then(|found| form_kind(found.content.kind));
    let body = match (&operation.body, form) {
        (Some(found), Some(_)) => {
            parameters.extend(fields(lowering, found, operation.id, &names, &mut setters));
            None
        }
        (Some(found), None) => Some(body(lowering, found, operation.id, &names)),
        (None, _) => None,
    };
    let is_read = matches!(operation.method, "get" | "head");
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
        response: responses.ty,
        response_docs: responses.docs,
        response_schema: responses.schema,
        reading: responses.reading,
        successes: responses.successes,
        media_types: responses.media_types,
        error_statuses: responses.errors,
        error_types: responses.error_types,
        error_codes: Vec::new(),
        security: lowering.take(root.security(&operation.at))?,
        schemes: lowering.take(root.schemes(&operation.at))?,
        weight: weight(extensions.weight),
        limits: root.limits(extensions.limits),
        reads_only: extensions.reads_only.unwrap_or(is_read),
        moves_funds: extensions.moves_funds,
        cancels: cancels(extensions.cancels, operation.id, Some(operation.method)),
        constraints: constraints(&operation.at, &extensions.constraints, &Named::ByOperation(&parameter_names)),
        idempotent: idempotent(extensions.idempotent.as_ref(), is_read),
        done_codes: extensions.done_codes,
        gone_codes: extensions.gone_codes,
        refused_codes: extensions.refused_codes,
        unknown_codes: extensions.unknown_codes,
        unknown_statuses: extensions.unknown_statuses,
        failed_when: extensions.failed_when.iter().map(condition).collect(),
        batch: extensions
            .batch
            .map(|batch| Batch { request: batch.request.to_owned(), response: batch.response.to_owned() }),
        pagination: extensions.pagination.map(pagination),
        subscription: None,
        pointer: place.to_owned(),
        method_name: names.method_name,
        type_name: names.type_name,
        const_name: names.const_name,
        parameters,
        body,
        form,
    })
}

fn parameter<'a>(
    lowering: &mut Lowering<'a>,
    found: &openapi::Parameter<'a>,
    id: &str,
    names: &OperationNames,
    (words, name): (Words, String),
) -> Parameter {
    let place = found.at.pointer.as_str();
    let type_name = match &found.component {
        Some(component) => lowering.component_type_name(component, place),
        None => words.pascal_after(&names.type_name),
    };
    let of = ExampleOf::Parameter { operation: id.to_owned(), parameter: found.name.to_owned() };
    let ty = lowering.schema(&found.schema, &type_name, &of);
    let list_of_null = matches!(lowering.resolve(&ty), Type::List(item) if matches!(**item, Type::Nullable(_)));
    // In a published document, `nullable` often means that the parameter may be left out.
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
        field: FieldStyle::Plain,
        required: found.required,
        ty: without_null(ty),
        bounds: lowering.bounds(&found.schema),
        example,
        schema: found.schema.node.to_json(),
    }
}

/// Returns the part of the request that carries a parameter, and its style. The style is `None` if
/// it writes values of this type in the same way as the usual style of the location.
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
        // A list is written in the same way with and without `explode`.
        Style::Simple if is_list => (location, None),
        Style::Form if is_list && found.location == ParameterIn::Query => (ParameterLocation::QueryJoined, None),
        Style::Json | Style::Label | Style::Matrix => (location, Some((style, explode))),
        _ if is_scalar => (location, None),
        _ => (location, Some((style, explode))),
    }
}
