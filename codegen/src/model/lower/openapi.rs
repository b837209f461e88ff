//! OpenAPI documents.

use std::collections::HashSet;

use indexmap::IndexMap;
use openapiv3::{
    MediaType, OpenAPI, Parameter as ApiParameter, ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr,
    StatusCode,
};

use super::schema::{View, without_null};
use super::words::{self, Common, component_pointer, prose};
use super::{Lowering, OperationNames};
use crate::diagnostic::Diagnostics;
use crate::model::names::{RESERVED_SETTERS, Scope, compound};
use crate::model::{
    Api, Body, BodyEncoding, Docs, ExampleOf, Operation, Parameter, ParameterLocation, Protocol, Route, Type, Types,
};
use crate::spec::words::{OperationWords, ParameterWords, RootWords};
use crate::spec::{Document, pointer_join};

/// Methods that an operation can have.
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

pub(super) fn lower(document: &Document, api: &OpenAPI) -> Result<Api, Diagnostics> {
    let none = openapiv3::Components::default();
    let components = api.components.as_ref().unwrap_or(&none);
    let mut lowering = Lowering::new(document, &components.schemas);
    let words: RootWords = lowering.read("");

    let venue = lowering.venue(&api.info, &words);
    let servers = lowering.servers(&api.servers);
    let mut schemes = Vec::new();
    for (name, scheme) in &components.security_schemes {
        let place = component_pointer("securitySchemes", name);
        match scheme {
            ReferenceOr::Item(scheme) => schemes.push(lowering.security_scheme(name, scheme, &place)),
            ReferenceOr::Reference { .. } => {
                lowering.refuse(&place, "a scheme cannot be a `$ref`", "write the scheme itself")
            }
        }
    }
    let limits = lowering.limits(&words);
    let limit_index = words::limit_index(&limits);
    let default_limits = lowering.limits_by_name(&words.limits, &limit_index, "");
    let common = Common { limits, limit_index, default_limits, schemes, security: api.security.clone() };

    lowering.lower_components();
    let mut reader = Reader { lowering, components, common };
    let mut operations = Vec::new();
    for (path, item) in &api.paths.paths {
        let place = pointer_join("/paths", path);
        match item {
            ReferenceOr::Item(item) => reader.path(path, item, &place, &mut operations),
            ReferenceOr::Reference { .. } => reader.lowering.fault(&place, "a path is a `$ref`"),
        }
    }
    let Reader { mut lowering, common, .. } = reader;

    let server_time = lowering.server_time(words.server_time.as_ref());
    let error_shape = lowering.error_shape(&words.error);
    lowering.finish(Api {
        venue,
        protocol: Protocol::Http,
        auth: words.auth.clone(),
        private_key: words.private_key,
        recv_window: words::recv_window(words.recv_window.as_ref()),
        servers,
        base_path: words.base_path.clone(),
        security_schemes: common.schemes,
        limits: common.limits,
        server_time,
        error_shape,
        error_codes: words::error_codes(&words.error_codes),
        unknown_codes: words.unknown_codes.clone(),
        clock_codes: words.clock_codes.clone(),
        refused_codes: words.refused_codes.clone(),
        parameter_order_significant: words.parameter_order.is_some(),
        operations,
        types: Types::default(),
        examples: Vec::new(),
        component_schemas: Vec::new(),
        required_names: Vec::new(),
    })
}

struct Reader<'a> {
    lowering: Lowering<'a>,
    components: &'a openapiv3::Components,
    common: Common,
}

/// What an operation answers.
struct Replies {
    success: Reply,
    errors: Vec<(String, String)>,
}

/// A reply.
#[derive(Default)]
struct Reply {
    ty: Option<Type>,
    docs: Option<String>,
    schema: Option<String>,
}

/// Something that an operation has, perhaps by a `$ref`.
struct Found<'s, T> {
    item: &'s T,
    /// Where it stands.
    pointer: String,
    /// The component it is, if it is one.
    component: Option<String>,
}

impl<'a> Reader<'a> {
    fn path(&mut self, path: &str, item: &openapiv3::PathItem, place: &str, operations: &mut Vec<Operation>) {
        // `PathItem` has its methods in an order of its own.
        let document = self.lowering.document;
        let keys = document.node(place).and_then(|node| node.as_map()).map(|map| map.keys().collect::<Vec<_>>());
        for method in keys.unwrap_or_default().into_iter().filter(|key| METHODS.contains(key)) {
            let Some((_, operation)) = item.iter().find(|(name, _)| *name == method) else { continue };
            let place = pointer_join(place, method);
            operations.extend(self.operation(path, method, item, operation, &place));
        }
    }

    fn operation(
        &mut self,
        path: &str,
        method: &str,
        item: &openapiv3::PathItem,
        operation: &openapiv3::Operation,
        place: &str,
    ) -> Option<Operation> {
        let Some(id) = operation.operation_id.as_deref() else {
            self.lowering.fault(place, "the operation has no `operationId`");
            return None;
        };
        let words: OperationWords = self.lowering.read(place);
        let names = self.lowering.operation_names(id, words.rust_name.as_deref(), place);

        let parameters = self.parameters(path, item, operation, id, &names, place);
        let body = operation.request_body.as_ref().and_then(|body| self.body(body, id, &names, place));
        let replies = self.responses(&operation.responses, id, &names, place);

        let lowering = &mut self.lowering;
        let limits = match &words.limits {
            Some(own) => lowering.limits_by_name(own, &self.common.limit_index, place),
            None => self.common.default_limits.clone(),
        };
        let security_place = pointer_join(place, "security");
        Some(Operation {
            id: id.to_owned(),
            docs: Docs {
                summary: prose(operation.summary.as_deref()),
                description: prose(operation.description.as_deref()),
                deprecated: operation.deprecated,
                deviation: prose(words.doc_deviation.as_deref()),
            },
            tag: operation.tags.first().cloned(),
            route: Route::Http { method: method.to_ascii_uppercase(), path: path.to_owned() },
            reply: replies.success.ty,
            reply_docs: replies.success.docs,
            reply_schema: replies.success.schema,
            error_statuses: replies.errors,
            error_codes: Vec::new(),
            security: lowering.security(operation.security.as_ref(), &self.common, &security_place),
            weight: lowering.weight(words.weight.as_ref(), &parameters, place),
            limits,
            moves_funds: words.moves_funds,
            idempotent: words::idempotent(words.idempotent.as_ref(), method == "get"),
            done_codes: words.done_codes.clone(),
            gone_codes: words.gone_codes.clone(),
            unknown_codes: words.unknown_codes.clone(),
            refused_codes: words.refused_codes.clone(),
            failed_when: lowering.conditions(&words.failed_when, &pointer_join(place, "x-failed-when")),
            pointer: place.to_owned(),
            method_name: names.method_name,
            type_name: names.type_name,
            const_name: names.const_name,
            parameters,
            body,
        })
    }

    /// The parameters of the path, save those that the operation has its own of; then those of the operation.
    fn parameters(
        &mut self,
        path: &str,
        item: &openapiv3::PathItem,
        operation: &openapiv3::Operation,
        id: &str,
        names: &OperationNames,
        place: &str,
    ) -> Vec<Parameter> {
        let path_place = pointer_join("/paths", path);
        let mut found: Vec<Found<'_, ApiParameter>> = Vec::new();
        for (list, place) in [(&item.parameters, path_place.as_str()), (&operation.parameters, place)] {
            for (index, parameter) in list.iter().enumerate() {
                let place = pointer_join(&pointer_join(place, "parameters"), &index.to_string());
                let Some(parameter) = self.resolve(parameter, place, "parameters", |c| &c.parameters) else { continue };
                found.push(parameter);
            }
        }
        // The last of those with one name in one place counts.
        let mut known = HashSet::new();
        let mut is_last: Vec<bool> = found.iter().rev().map(|parameter| known.insert(key(parameter.item))).collect();
        found.retain(|_| is_last.pop().unwrap_or_default());
        let mut setters = Scope::default();
        found.iter().filter_map(|parameter| self.parameter(parameter, id, names, &mut setters)).collect()
    }

    fn parameter(
        &mut self,
        found: &Found<'_, ApiParameter>,
        id: &str,
        names: &OperationNames,
        setters: &mut Scope,
    ) -> Option<Parameter> {
        let place = found.pointer.as_str();
        let data = found.item.parameter_data_ref();
        let lowering = &mut self.lowering;
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            lowering.fault(place, "the parameter has `content`");
            return None;
        };
        let words: ParameterWords = lowering.read(place);
        let name_words = lowering.words("parameter", &data.name, words.rust_name.as_deref(), place);
        let name = name_words.snake_beside(RESERVED_SETTERS);
        if let Err(holder) = setters.claim(&name, &data.name, place) {
            lowering.collision("parameter", &data.name, &name, place, &holder, "with `x-rust-name`");
        }

        let type_name = match &found.component {
            Some(component) => lowering.component_type_name(component, place),
            None => name_words.pascal_after(&names.type_name),
        };
        let of = ExampleOf::Parameter { operation: id.to_owned(), parameter: data.name.clone() };
        let schema_place = pointer_join(place, "schema");
        let view = View::of(schema);
        let ty = lowering.schema(view, &schema_place, &type_name, &of);
        let list_of_null = matches!(lowering.resolve(&ty), Type::List(item) if matches!(**item, Type::Nullable(_)));
        if list_of_null || matches!(ty, Type::Nullable(_)) {
            lowering.refuse(
                &schema_place,
                "null cannot travel in a path, a query or a header",
                "leave `nullable` out: a parameter that is not required may be left out",
            );
        }
        lowering.request_roots.push(ty.clone());
        let example = lowering
            .example(&pointer_join(place, "example"), &ty, &of)
            .or_else(|| lowering.schema_example(view, &schema_place));
        let mut docs = lowering.place_docs(place);
        docs.description = docs.description.or_else(|| lowering.schema_description(view, &schema_place));
        Some(Parameter {
            wire: data.name.clone(),
            name,
            type_parameter: name_words.pascal(),
            docs,
            location: self.location(found.item, &ty, place),
            required: data.required,
            ty: without_null(ty),
            example,
            schema: self.lowering.text(&schema_place),
        })
    }

    /// Where the parameter travels.
    fn location(&mut self, parameter: &ApiParameter, ty: &Type, place: &str) -> ParameterLocation {
        match parameter {
            ApiParameter::Query { parameter_data, style: QueryStyle::Form, .. } => {
                let joined =
                    parameter_data.explode == Some(false) && matches!(self.lowering.resolve(ty), Type::List(_));
                if joined { ParameterLocation::QueryJoined } else { ParameterLocation::Query }
            }
            ApiParameter::Header { .. } => ParameterLocation::Header,
            ApiParameter::Path { style: PathStyle::Simple, .. } => ParameterLocation::Path,
            ApiParameter::Query { .. } | ApiParameter::Path { .. } | ApiParameter::Cookie { .. } => {
                self.lowering.fault(place, "the parameter travels in a way that is not supported");
                ParameterLocation::Query
            }
        }
    }

    /// Where the values of `examples` stand.
    fn example_pointers(
        &mut self,
        examples: &IndexMap<String, ReferenceOr<openapiv3::Example>>,
        place: &str,
    ) -> Vec<String> {
        let place = pointer_join(place, "examples");
        let found = examples.iter().filter_map(|(name, example)| {
            let place = pointer_join(&place, name);
            let found = self.resolve(example, place, "examples", |c| &c.examples)?;
            Some(pointer_join(&found.pointer, "value"))
        });
        found.collect()
    }

    fn body(
        &mut self,
        body: &ReferenceOr<openapiv3::RequestBody>,
        id: &str,
        names: &OperationNames,
        place: &str,
    ) -> Option<Body> {
        let place = pointer_join(place, "requestBody");
        let found = self.resolve(body, place, "requestBodies", |c| &c.request_bodies)?;
        let place = found.pointer.as_str();
        let Some((media, content)) = json(&found.item.content, place) else {
            self.lowering.fault(place, "the body is not JSON");
            return None;
        };
        let type_name = match &found.component {
            Some(component) => self.lowering.component_type_name(component, place),
            None => compound(&names.type_name, "Body"),
        };
        let of = ExampleOf::Body { operation: id.to_owned() };
        let (ty, examples) = self.media(content, &media, &type_name, &of)?;
        let first = examples.into_iter().find_map(|pointer| self.lowering.document.node(&pointer));
        let example = first.map(|node| node.to_json()).or_else(|| {
            let schema = content.schema.as_ref()?;
            self.lowering.schema_example(View::of(schema), &pointer_join(&media, "schema"))
        });
        self.lowering.request_roots.push(ty.clone());
        let mut docs = self.lowering.place_docs(place);
        docs.description = docs.description.or_else(|| prose(found.item.description.as_deref()));
        Some(Body {
            type_parameter: String::new(),
            ty: if found.item.required { ty } else { without_null(ty) },
            required: found.item.required,
            docs,
            encoding: BodyEncoding::Json,
            example,
            schema: self.lowering.text(&pointer_join(&media, "schema")),
        })
    }

    /// The type of a media type, and where its examples may stand. `place` is the media type's.
    fn media(
        &mut self,
        content: &MediaType,
        place: &str,
        type_name: &str,
        of: &ExampleOf,
    ) -> Option<(Type, Vec<String>)> {
        let Some(schema) = &content.schema else {
            self.lowering.fault(place, "the JSON has no schema");
            return None;
        };
        let schema_place = pointer_join(place, "schema");
        let ty = self.lowering.schema(View::of(schema), &schema_place, type_name, of);
        let mut examples = vec![pointer_join(place, "example")];
        examples.extend(self.example_pointers(&content.examples, place));
        examples.iter().for_each(|pointer| self.lowering.note_example(pointer, &ty, of));
        Some((ty, examples))
    }

    /// The reply of success, and the statuses that are no success.
    fn responses(
        &mut self,
        responses: &openapiv3::Responses,
        id: &str,
        names: &OperationNames,
        place: &str,
    ) -> Replies {
        let place = pointer_join(place, "responses");
        let mut success: Option<(Reply, String, String)> = None;
        let mut errors = Vec::new();
        // In the order of the document, `default` included.
        let document = self.lowering.document;
        let keys = document
            .node(&place)
            .and_then(|node| node.as_map())
            .map(|map| map.keys().map(str::to_owned).collect::<Vec<_>>());
        for key in keys.unwrap_or_default() {
            let matching = |status: &&StatusCode| status.to_string().eq_ignore_ascii_case(&key);
            let status = responses.responses.keys().find(matching);
            let response = match status {
                Some(status) => responses.responses.get(status),
                None => responses.default.as_ref().filter(|_| key == "default"),
            };
            let Some(response) = response else { continue };
            let own_place = pointer_join(&place, &key);
            let Some(found) = self.resolve(response, own_place.clone(), "responses", |c| &c.responses) else {
                continue;
            };
            let is_success = matches!(status, Some(StatusCode::Code(200..300) | StatusCode::Range(2)));
            let type_name = match &found.component {
                Some(component) => self.lowering.component_type_name(component, &found.pointer),
                None if is_success && success.is_none() => compound(&names.type_name, "Reply"),
                None if is_success => compound(&names.type_name, &format!("Reply{}", key.to_ascii_uppercase())),
                None if status.is_none() => compound(&names.type_name, "ErrorDefault"),
                None => compound(&names.type_name, &format!("Error{}", key.to_ascii_uppercase())),
            };
            let of = ExampleOf::Reply { operation: id.to_owned(), status: key.clone() };
            let reply = self.response(&found, &type_name, &of);
            if !is_success {
                errors.push((key, found.item.description.trim().to_owned()));
                continue;
            }
            match &success {
                None => success = Some((reply, key, own_place)),
                Some((first, first_key, first_place)) if first.ty != reply.ty => {
                    let at = self.lowering.document.location(first_place);
                    let message = format!(
                        "success has two shapes: that of {key}, and that of {first_key} at {}:{}:{}",
                        at.file, at.line, at.column
                    );
                    let help = "leave out what the venue does not send, or put one schema into `components/schemas` and refer to it \
                                from both; a reply without content beside one with content is a shape of its own";
                    self.lowering.refuse(&own_place, message, help);
                }
                Some(_) => {}
            }
        }
        if success.is_none() {
            self.lowering.fault(&place, "no response is a success");
        }
        Replies { success: success.map(|(reply, _, _)| reply).unwrap_or_default(), errors }
    }

    /// What a response holds.
    fn response(&mut self, found: &Found<'_, openapiv3::Response>, type_name: &str, of: &ExampleOf) -> Reply {
        let place = found.pointer.as_str();
        let mut reply = Reply { docs: prose(Some(&found.item.description)), ..Reply::default() };
        if found.item.content.is_empty() {
            return reply;
        }
        let Some((media, content)) = json(&found.item.content, place) else {
            self.lowering.fault(place, "the reply is not JSON");
            return reply;
        };
        if let Some((ty, _)) = self.media(content, &media, type_name, of) {
            self.lowering.reply_roots.push(ty.clone());
            reply.ty = Some(ty);
            reply.schema = Some(self.lowering.text(&pointer_join(&media, "schema")));
        }
        reply
    }

    /// Follows a `$ref` to a component.
    fn resolve<'s, T>(
        &mut self,
        item: &'s ReferenceOr<T>,
        place: String,
        kind: &str,
        of: fn(&'a openapiv3::Components) -> &'a IndexMap<String, ReferenceOr<T>>,
    ) -> Option<Found<'s, T>>
    where
        'a: 's,
    {
        let mut next = item;
        let mut component = None;
        let mut pointer = place;
        // A `$ref` leads to another at most as often as there are components.
        for _ in 0..=of(self.components).len() {
            let reference = match next {
                ReferenceOr::Item(item) => return Some(Found { item, pointer, component }),
                ReferenceOr::Reference { reference } => reference,
            };
            let name = words::component(reference, kind);
            let Some((name, found)) = name.and_then(|name| of(self.components).get(&name).map(|found| (name, found)))
            else {
                break;
            };
            next = found;
            pointer = component_pointer(kind, &name);
            component = Some(name);
        }
        self.lowering.fault(&pointer, "the `$ref` leads nowhere");
        None
    }
}

/// What makes a parameter itself: its name and where it travels.
fn key(parameter: &ApiParameter) -> (&str, u8) {
    let location = match parameter {
        ApiParameter::Query { .. } => 0,
        ApiParameter::Header { .. } => 1,
        ApiParameter::Path { .. } => 2,
        ApiParameter::Cookie { .. } => 3,
    };
    (&parameter.parameter_data_ref().name, location)
}

/// The JSON among the media types, and where it stands.
fn json<'m>(content: &'m IndexMap<String, MediaType>, place: &str) -> Option<(String, &'m MediaType)> {
    let name = "application/json";
    let place = pointer_join(&pointer_join(place, "content"), name);
    content.get(name).map(|media| (place, media))
}
