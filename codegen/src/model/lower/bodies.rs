//! Lowers the bodies of requests, and the responses.

use super::extensions::{own_docs, prose};
use super::lowering::{Lowering, OperationNames};
use super::schema::without_null;
use crate::model::api::{Body, ContentKind, Docs, ExampleOf, ResponseReading, StatusVariant, Type, TypeDef, TypeKind};
use crate::model::names::compound;
use crate::source::Bounds;
use crate::source::media::{MediaKind, accepted, sent};
use crate::source::openapi::{self, Content, Response, Status};
use crate::source::pointer::parent;

/// The responses of an operation.
pub(super) struct Responses {
    /// The type of a successful response; `None` if it has no value.
    pub(super) ty: Option<Type>,
    pub(super) docs: Option<String>,
    pub(super) schema: Option<String>,
    pub(super) reading: ResponseReading,
    pub(super) successes: Vec<(String, bool)>,
    pub(super) media_types: Vec<String>,
    /// The other statuses, with their descriptions.
    pub(super) errors: Vec<(String, String)>,
    pub(super) error_types: Vec<(String, Type)>,
}

/// The successful response of one status.
struct Success<'a> {
    key: &'a str,
    /// The description in the spec.
    docs: Option<String>,
    content: Option<(ContentKind, Type)>,
    /// The schema in the spec.
    schema: Option<String>,
}

/// Lowers a body.
pub(super) fn body<'a>(
    lowering: &mut Lowering<'a>,
    found: &openapi::Body<'a>,
    id: &str,
    names: &OperationNames,
) -> Body {
    let type_name = match &found.component {
        Some(component) => lowering.component_type_name(component, &found.at.pointer),
        None => compound(&names.type_name, "Body"),
    };
    let of = ExampleOf::Body { operation: id.to_owned() };
    let (kind, ty) = content(lowering, &found.content, &type_name, &of);
    let first = found.content.examples.first().map(|example| example.node.to_json());
    let example = first.or_else(|| lowering.schema_example(&found.content.schema));
    lowering.request_roots.push(ty.clone());
    let mut docs = own_docs(&found.at);
    docs.description = docs.description.or_else(|| prose(found.description));
    Body {
        type_parameter: String::new(),
        ty: if found.required { ty } else { without_null(ty) },
        bounds: if kind == ContentKind::Json { lowering.bounds(&found.content.schema) } else { Bounds::default() },
        required: found.required,
        docs,
        kind,
        media_type: sent(found.content.media, found.content.kind).to_owned(),
        example,
        schema: found.content.schema.node.to_json(),
    }
}

/// Lowers the content of a body or a response, and records its examples.
fn content<'a>(
    lowering: &mut Lowering<'a>,
    content: &Content<'a>,
    type_name: &str,
    of: &ExampleOf,
) -> (ContentKind, Type) {
    let (kind, ty) = match content.kind {
        MediaKind::Json => (ContentKind::Json, lowering.schema(&content.schema, type_name, of)),
        MediaKind::Text | MediaKind::Xml => (ContentKind::Text, Type::Text),
        MediaKind::Events => (ContentKind::Stream, Type::RawBytes),
        _ => (ContentKind::Bytes, Type::RawBytes),
    };
    // An example of text or bytes has to be a string; any other example is ignored.
    let fits = |node: &crate::source::Node| kind == ContentKind::Json || node.as_str().is_some();
    content.examples.iter().filter(|example| fits(example.node)).for_each(|example| {
        lowering.note_example(example, &ty, of);
    });
    (kind, ty)
}

/// Lowers the responses. A response that is not a success has a description, and a type if its
/// content is JSON.
pub(super) fn responses<'a>(
    lowering: &mut Lowering<'a>,
    found: &[Response<'a>],
    id: &str,
    names: &OperationNames,
) -> Responses {
    let mut successes: Vec<Success<'a>> = Vec::new();
    let mut media_types: Vec<String> = Vec::new();
    let (mut errors, mut error_types) = (Vec::new(), Vec::new());
    for response in found {
        let key = response.key;
        let is_success = response.status == Status::Success;
        let docs = prose(Some(response.description));
        let schema = response.content.as_ref().map(|content| content.schema.node.to_json());
        if is_success && let Some(content) = &response.content {
            let media_type = accepted(content.media, content.kind).to_owned();
            if !media_types.contains(&media_type) {
                media_types.push(media_type);
            }
            // Successful JSON responses with the same schema share one type.
            let kind = content.kind;
            let same = successes.iter().find(|other| {
                kind == MediaKind::Json
                    && other.schema == schema
                    && matches!(other.content, Some((ContentKind::Json, _)))
            });
            if let Some(content) = same.map(|other| other.content.clone()) {
                successes.push(Success { key, docs, content, schema });
                continue;
            }
        }
        let type_name = match &response.component {
            Some(component) => lowering.component_type_name(component, &response.at.pointer),
            None if is_success && successes.is_empty() => compound(&names.type_name, "Response"),
            None if is_success => compound(&names.type_name, &format!("Response{}", key.to_ascii_uppercase())),
            None if response.status == Status::Rest => compound(&names.type_name, "ErrorDefault"),
            None => compound(&names.type_name, &format!("Error{}", key.to_ascii_uppercase())),
        };
        let of = ExampleOf::Response { operation: id.to_owned(), status: key.to_owned() };
        let content = response.content.as_ref().map(|found| content(lowering, found, &type_name, &of));
        lowering.response_roots.extend(content.as_ref().map(|(_, ty)| ty.clone()));
        if is_success {
            successes.push(Success { key, docs, content, schema });
        } else {
            errors.push((key.to_owned(), response.description.trim().to_owned()));
            if let Some((ContentKind::Json, ty)) = content {
                error_types.push((key.to_owned(), ty));
            }
        }
    }
    let place = found.first().and_then(|response| parent(&response.place.pointer)).unwrap_or_default();
    let (reading, ty) = reading(lowering, &successes, (id, place), names);
    let first = successes.iter().find(|success| success.content.is_some()).or(successes.first());
    Responses {
        ty,
        docs: docs(&successes),
        schema: first.and_then(|success| success.schema.clone()),
        reading,
        successes: successes.iter().map(|success| (success.key.to_owned(), success.content.is_some())).collect(),
        media_types,
        errors,
        error_types,
    }
}

/// Returns the documentation of the response: the description of the only success, or those of all
/// with their statuses.
fn docs(successes: &[Success<'_>]) -> Option<String> {
    let described: Vec<(&str, &str)> =
        successes.iter().filter_map(|success| Some((success.key, success.docs.as_deref()?))).collect();
    match described.as_slice() {
        [] => None,
        [(_, first), rest @ ..] if rest.iter().all(|(_, other)| other == first) => Some((*first).to_owned()),
        all => {
            let sentences: Vec<String> = all.iter().map(|(key, text)| format!("{key}: {text}")).collect();
            Some(sentences.join(" "))
        }
    }
}

/// Decides how a successful response is read, and which type it has.
fn reading(
    lowering: &mut Lowering<'_>,
    successes: &[Success<'_>],
    (id, place): (&str, &str),
    names: &OperationNames,
) -> (ResponseReading, Option<Type>) {
    let mut contents: Vec<&(ContentKind, Type)> = Vec::new();
    for content in successes.iter().filter_map(|success| success.content.as_ref()) {
        if !contents.contains(&content) {
            contents.push(content);
        }
    }
    let has_empty = successes.iter().any(|success| success.content.is_none());
    // A stream has the status. So it stands for the responses of all statuses.
    if let Some((_, ty)) = contents.iter().find(|(kind, _)| *kind == ContentKind::Stream) {
        return (ResponseReading::One(ContentKind::Stream), Some(ty.clone()));
    }
    match contents.as_slice() {
        [] => (ResponseReading::Unit, None),
        [(kind, ty)] if !has_empty => (ResponseReading::One(*kind), Some(ty.clone())),
        // A nullable type is excluded, because its `Option` could not tell null from no content.
        [(ContentKind::Json, ty)] if !matches!(ty, Type::Nullable(_)) => {
            (ResponseReading::Optional, Some(Type::Nullable(Box::new(ty.clone()))))
        }
        _ => {
            let variant = |success: &Success<'_>| StatusVariant {
                status: success.key.to_owned(),
                name: format!("Status{}", success.key.to_ascii_lowercase()),
                description: success.docs.clone(),
                content: success.content.clone(),
            };
            let def = TypeDef {
                name: compound(&names.type_name, "Success"),
                docs: Docs { summary: Some(format!("The responses of `{id}`, by their statuses.")), ..Docs::default() },
                kind: TypeKind::ByStatus(successes.iter().map(variant).collect()),
                others: None,
                bounds: Bounds::default(),
                constraints: Vec::new(),
                in_request: false,
                in_response: false,
                pointer: place.to_owned(),
            };
            let at = lowering.inline.len();
            let ty = lowering.define(at, def);
            lowering.response_roots.push(ty.clone());
            (ResponseReading::ByStatus, Some(ty))
        }
    }
}
