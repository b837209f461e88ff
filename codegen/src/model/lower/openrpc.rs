//! Lowers OpenRPC documents.

use super::constraints::{Named, constraints};
use super::extensions::{cancels, idempotent, pagination, prose, weight};
use super::lowering::{CallExample, Lowering, OperationNames};
use super::root::Root;
use super::schema::without_null;
use crate::diagnostic::Diagnostics;
use crate::model::api::{
    Api, ContentKind, Docs, Envelope, ErrorCode, ExampleOf, Operation, Parameter, ParameterLocation, Protocol,
    ResponseReading, Route, Type,
};
use crate::model::names::{RESERVED_SETTERS, Scope, compound};
use crate::source::FieldStyle;
use crate::source::openrpc::{self, Descriptor, Error, Method, Pairing};
use crate::source::references::ComponentKind;
use crate::source::schema::alternatives::is_null_result;
use crate::source::view::View;

pub(super) fn lower(view: &View<'_>) -> Result<Api, Diagnostics> {
    let mut lowering = Lowering::new(view);
    let Some(root) = lowering.take(Root::read(view)) else { return lowering.give_up() };
    lowering.lower_components();
    let Some(methods) = lowering.take(openrpc::methods(view, &root.limit_names)) else { return lowering.give_up() };
    let mut operations = Vec::new();
    for method in methods {
        let Some(method) = lowering.take(method) else { continue };
        operations.extend(lower_method(&mut lowering, &root, method));
    }
    lowering.settle_recoveries(&mut operations);
    let errors = view.components(ComponentKind::ErrorObject);
    let read = |at| Error::read(view.resolve(at, ComponentKind::ErrorObject)?.at);
    let errors = errors.filter_map(|(_, at)| lowering.take(read(at)));
    let errors: Vec<ErrorCode> = errors.map(|error| error_code(&error)).collect();
    let envelope = if openrpc::has_bare_envelope(view) { Envelope::Bare } else { Envelope::V2 };
    let api = root.into_api(view.document, Protocol::JsonRpc(envelope), operations, errors);
    lowering.finish(api)
}

fn lower_method<'a>(lowering: &mut Lowering<'a>, root: &Root<'a>, method: Method<'a>) -> Option<Operation> {
    let place = method.at.pointer.as_str();
    let names = lowering.operation_names(method.name, method.extensions.rust_name, place);
    let parameter_names = method.parameters.iter().map(|found| found.name).collect();
    let mut setters = Scope::default();
    let mut parameters: Vec<Parameter> = Vec::new();
    for (index, found) in method.parameters.iter().enumerate() {
        parameters.push(parameter(lowering, found, index, &method, &names, &mut setters));
    }
    let result = method.result.as_ref().map(|found| result(lowering, found, &method, &names));
    lowering.calls.extend(method.examples.iter().map(|pairing| call_example(&method, pairing)));
    let security = lowering.take(root.security(&method.at))?;
    let schemes = lowering.take(root.schemes(&method.at))?;
    let extensions = method.extensions;
    let subscription = extensions.subscription.as_ref().map(|found| lowering.subscription(found, method.name));
    Some(Operation {
        id: method.name.to_owned(),
        docs: Docs {
            summary: prose(method.summary),
            description: prose(method.description),
            deprecated: method.deprecated,
            deviation: prose(extensions.doc_deviation),
        },
        tag: method.tag.map(str::to_owned),
        query: Vec::new(),
        schemes,
        route: Route::Rpc { method: extensions.method.unwrap_or(method.name).to_owned() },
        body: None,
        form: None,
        is_notification: method.result.is_none(),
        response_docs: result.as_ref().and_then(|result| result.docs.clone()),
        response_schema: result.as_ref().map(|result| result.schema.clone()),
        reading: match &result {
            Some(result) if result.ty.is_none() => ResponseReading::Unit,
            _ => ResponseReading::One(ContentKind::Json),
        },
        response: result.and_then(|result| result.ty),
        successes: Vec::new(),
        media_types: vec!["application/json".to_owned()],
        error_statuses: Vec::new(),
        error_types: Vec::new(),
        error_codes: method.errors.iter().map(error_code).collect(),
        security,
        weight: weight(extensions.weight),
        limits: root.limits(extensions.limits),
        reads_only: extensions.reads_only.unwrap_or(false),
        moves_funds: extensions.moves_funds,
        cancels: cancels(extensions.cancels, method.name, None),
        constraints: constraints(&method.at, &extensions.constraints, &Named::ByOperation(&parameter_names)),
        idempotent: idempotent(extensions.idempotent.as_ref(), false),
        done_codes: extensions.done_codes,
        gone_codes: extensions.gone_codes,
        refused_codes: extensions.refused_codes,
        unknown_codes: extensions.unknown_codes,
        unknown_statuses: extensions.unknown_statuses,
        failed_when: Vec::new(),
        batch: None,
        pagination: extensions.pagination.map(pagination),
        subscription: subscription.map(Box::new),
        pointer: place.to_owned(),
        method_name: names.method_name,
        type_name: names.type_name,
        const_name: names.const_name,
        parameters,
    })
}

fn parameter<'a>(
    lowering: &mut Lowering<'a>,
    found: &Descriptor<'a>,
    index: usize,
    method: &Method<'a>,
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
    let of = ExampleOf::Parameter { operation: method.name.to_owned(), parameter: found.name.to_owned() };
    let ty = lowering.schema(&found.schema, &type_name, &of);
    let ty = if found.required { ty } else { without_null(ty) };
    lowering.request_roots.push(ty.clone());
    // The emitter reads the list type of a variadic parameter directly, so an alias is resolved
    // here.
    let ty = if found.variadic { lowering.resolve(&ty).clone() } else { ty };
    let docs = Docs {
        summary: prose(found.summary),
        description: prose(found.description).or_else(|| lowering.schema_description(&found.schema)),
        deprecated: found.deprecated || lowering.is_deprecated(&found.schema),
        deviation: prose(found.doc_deviation),
    };
    let examples = method.examples.iter();
    let examples: Vec<String> =
        examples.filter_map(|pairing| pairing_example(lowering, pairing, index, &ty, &of)).collect();
    // A value that is not null is the better example.
    let example = examples.iter().find(|json| *json != "null").or(examples.first()).cloned();
    Parameter {
        wire: found.name.to_owned(),
        name,
        type_parameter: words.pascal(),
        docs,
        style: None,
        keeps_reserved: false,
        location: match (found.variadic, method.is_by_name) {
            (true, _) => ParameterLocation::Rest,
            (false, true) => ParameterLocation::Name,
            (false, false) => ParameterLocation::Position,
        },
        field: FieldStyle::Plain,
        required: found.required,
        example: example.or_else(|| lowering.schema_example(&found.schema)),
        schema: found.schema.node.to_json(),
        bounds: lowering.bounds(&found.schema),
        ty,
    }
}

/// Returns the values of the parameters in an example pairing. Null stands for a parameter that is
/// not given.
fn call_example(method: &Method<'_>, pairing: &Pairing<'_>) -> CallExample {
    let values = method.parameters.iter().zip(&pairing.parameters);
    CallExample {
        operation: method.name.to_owned(),
        pointer: pairing.pointer.clone(),
        values: values.map(|(parameter, value)| (parameter.name.to_owned(), value.node.to_json())).collect(),
    }
}

/// Records the value of a parameter in an example pairing, and returns its JSON text.
fn pairing_example<'a>(
    lowering: &mut Lowering<'a>,
    pairing: &Pairing<'a>,
    index: usize,
    ty: &Type,
    of: &ExampleOf,
) -> Option<String> {
    let value = pairing.parameters.get(index)?;
    // Null means that the parameter is not given, unless null is a value of its type.
    if value.node.is_null() && !matches!(ty, Type::Nullable(_) | Type::Json) {
        return None;
    }
    lowering.note_example(value, ty, of);
    Some(value.node.to_json())
}

/// The result of a method.
struct Success {
    /// `None` for null.
    ty: Option<Type>,
    docs: Option<String>,
    schema: String,
}

fn result<'a>(
    lowering: &mut Lowering<'a>,
    found: &Descriptor<'a>,
    method: &Method<'a>,
    names: &OperationNames,
) -> Success {
    let type_name = match &found.component {
        Some(component) => lowering.component_type_name(component, &method.at.pointer),
        None => compound(&names.type_name, "Response"),
    };
    let of = |status: &str| ExampleOf::Response { operation: method.name.to_owned(), status: status.to_owned() };
    let is_null = is_null_result(lowering.view.standard, &found.schema);
    let ty = (!is_null).then(|| lowering.schema(&found.schema, &type_name, &of("schema")));
    lowering.response_roots.extend(ty.clone());
    for pairing in &method.examples {
        if let (Some(result), Some(ty)) = (&pairing.result, &ty) {
            lowering.note_example(result, ty, &of(pairing.name));
        }
    }
    // A type without a name has no documentation of its own, so the description of its schema
    // becomes that of the response.
    let own = found.schema.node.get("description").and_then(|text| text.as_str());
    let docs = found.description.or(found.summary).or(own);
    Success { ty, docs: prose(docs), schema: found.schema.node.to_json() }
}

fn error_code(error: &Error<'_>) -> ErrorCode {
    ErrorCode { code: error.code.clone(), message: prose(Some(error.message)), description: None }
}
