//! OpenRPC documents.

use std::collections::HashSet;

use openapiv3::ReferenceOr;

use super::schema::{View, without_null};
use super::words::{self, Common, component_pointer, prose};
use super::{Lowering, OperationNames};
use crate::diagnostic::Diagnostics;
use crate::model::names::{RESERVED_SETTERS, Scope, compound};
use crate::model::{
    Api, Docs, ErrorCode, ExampleOf, Operation, Parameter, ParameterLocation, Protocol, Route, Type, Types,
};
use crate::spec::openrpc::{
    Components, ContentDescriptor, ErrorObject, ExampleObject, ExamplePairing, Method, OpenRpc,
};
use crate::spec::{Document, pointer_join};

pub(super) fn lower(document: &Document, api: &OpenRpc) -> Result<Api, Diagnostics> {
    let mut lowering = Lowering::new(document, &api.components.schemas);
    let words = &api.words;

    let venue = lowering.venue(&api.info, words);
    let servers = lowering.servers(&api.servers);
    let schemes = api.security_schemes.iter();
    let schemes = schemes.map(|(name, scheme)| {
        let place = pointer_join("/x-security-schemes", name);
        lowering.security_scheme(name, scheme, &place)
    });
    let schemes = schemes.collect();
    let limits = lowering.limits(words);
    let limit_index = words::limit_index(&limits);
    let default_limits = lowering.limits_by_name(&words.limits, &limit_index, "");
    let common = Common { limits, limit_index, default_limits, schemes, security: api.security.clone() };

    lowering.lower_components();
    let mut reader = Reader { lowering, components: &api.components, common };
    let mut operations = Vec::new();
    for (index, method) in api.methods.iter().enumerate() {
        let place = pointer_join("/methods", &index.to_string());
        operations.push(reader.method(method, &place));
    }
    let Reader { mut lowering, common, .. } = reader;

    let mut error_codes = words::error_codes(&words.error_codes);
    let said = |code: &ErrorCode| (code.code.clone(), code.message.clone(), code.description.clone());
    let mut known: HashSet<_> = error_codes.iter().map(said).collect();
    error_codes.extend(api.components.errors.values().map(error_code).filter(|code| known.insert(said(code))));
    let server_time = lowering.server_time(words.server_time.as_ref());
    let error_shape = lowering.error_shape(&words.error);
    lowering.finish(Api {
        venue,
        protocol: Protocol::JsonRpc,
        auth: words.auth.clone(),
        private_key: words.private_key,
        recv_window: words::recv_window(words.recv_window.as_ref()),
        servers,
        base_path: words.base_path.clone(),
        security_schemes: common.schemes,
        limits: common.limits,
        server_time,
        error_shape,
        error_codes,
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
    components: &'a Components,
    common: Common,
}

/// An example of a call, and where it stands.
struct Pairing<'s> {
    pairing: &'s ExamplePairing,
    pointer: String,
}

impl<'a> Reader<'a> {
    fn method(&mut self, method: &Method, place: &str) -> Operation {
        let words = &method.words;
        let names = self.lowering.operation_names(&method.name, words.rust_name.as_deref(), place);
        let pairings = self.pairings(method, place);

        let mut setters = Scope::default();
        let mut parameters: Vec<Parameter> = Vec::new();
        for (index, parameter) in method.params.iter().enumerate() {
            let place = pointer_join(&pointer_join(place, "params"), &index.to_string());
            let is_last = index + 1 == method.params.len();
            let Some(found) = self.descriptor(parameter, place) else { continue };
            parameters.push(self.parameter(&found, (index, is_last), method, &names, &pairings, &mut setters));
        }

        let reply = self.result(method, &names, &pairings, place);
        let error_codes = self.errors(method, place);
        let lowering = &mut self.lowering;
        let limits = match &words.limits {
            Some(own) => lowering.limits_by_name(own, &self.common.limit_index, place),
            None => self.common.default_limits.clone(),
        };
        let security_place = pointer_join(place, "x-security");
        Operation {
            id: method.name.clone(),
            docs: Docs {
                summary: prose(method.summary.as_deref()),
                description: prose(method.description.as_deref()),
                deprecated: method.deprecated,
                deviation: prose(words.doc_deviation.as_deref()),
            },
            tag: method.tags.first().and_then(|tag| tag.get("name")?.as_str()).map(str::to_owned),
            route: Route::Rpc { method: words.method.clone().unwrap_or_else(|| method.name.clone()) },
            body: None,
            reply: reply.ty,
            reply_docs: reply.docs,
            reply_schema: reply.schema,
            error_statuses: Vec::new(),
            error_codes,
            security: lowering.security(words.security.as_ref(), &self.common, &security_place),
            weight: lowering.weight(words.weight.as_ref(), &parameters, place),
            limits,
            moves_funds: words.moves_funds,
            idempotent: words::idempotent(words.idempotent.as_ref(), false),
            done_codes: words.done_codes.clone(),
            gone_codes: words.gone_codes.clone(),
            unknown_codes: words.unknown_codes.clone(),
            refused_codes: words.refused_codes.clone(),
            failed_when: Vec::new(),
            pointer: place.to_owned(),
            method_name: names.method_name,
            type_name: names.type_name,
            const_name: names.const_name,
            parameters,
        }
    }

    fn parameter(
        &mut self,
        found: &Found<'_>,
        (index, is_last): (usize, bool),
        method: &Method,
        names: &OperationNames,
        pairings: &[Pairing<'_>],
        setters: &mut Scope,
    ) -> Parameter {
        let (descriptor, place) = (found.descriptor, found.pointer.as_str());
        let lowering = &mut self.lowering;
        let words = lowering.words("parameter", &descriptor.name, descriptor.words.rust_name.as_deref(), place);
        let name = words.snake_beside(RESERVED_SETTERS);
        if let Err(holder) = setters.claim(&name, &descriptor.name, place) {
            lowering.collision("parameter", &descriptor.name, &name, place, &holder, "with `x-rust-name`");
        }
        let type_name = match &found.component {
            Some(component) => lowering.component_type_name(component, place),
            None => words.pascal_after(&names.type_name),
        };
        let of = ExampleOf::Parameter { operation: method.name.clone(), parameter: descriptor.name.clone() };
        let schema_place = pointer_join(place, "schema");
        let view = View::of(&descriptor.schema);
        let ty = lowering.schema(view, &schema_place, &type_name, &of);
        let ty = if descriptor.required { ty } else { without_null(ty) };
        lowering.request_roots.push(ty.clone());

        let rest = descriptor.words.variadic;
        // What spreads is a list by its own name: the emitter looks at the type as it is.
        let ty = if rest { lowering.resolve(&ty).clone() } else { ty };
        if rest && !(is_last && matches!(ty, Type::List(_))) {
            lowering.fault(place, "what spreads over the remaining positions is not the last, or no array");
        }
        let docs = Docs {
            summary: prose(descriptor.summary.as_deref()),
            description: prose(descriptor.description.as_deref())
                .or_else(|| lowering.schema_description(view, &schema_place)),
            deprecated: descriptor.deprecated,
            deviation: prose(descriptor.words.doc_deviation.as_deref()),
        };
        let examples = pairings.iter().filter_map(|pairing| self.pairing_example(pairing, index, &ty, &of));
        let examples: Vec<String> = examples.collect();
        // One that is not null says more.
        let example = examples.iter().find(|json| *json != "null").or(examples.first()).cloned();
        Parameter {
            wire: descriptor.name.clone(),
            name,
            type_parameter: words.pascal(),
            docs,
            location: if rest { ParameterLocation::Rest } else { ParameterLocation::Position },
            required: descriptor.required,
            example: example.or_else(|| self.lowering.schema_example(view, &schema_place)),
            schema: self.lowering.text(&schema_place),
            ty,
        }
    }

    /// What a pairing has for a parameter: they go by position.
    fn pairing_example(&mut self, pairing: &Pairing<'_>, index: usize, ty: &Type, of: &ExampleOf) -> Option<String> {
        let place = pointer_join(&pointer_join(&pairing.pointer, "params"), &index.to_string());
        let pointer = self.value(pairing.pairing.params.get(index)?, &place)?;
        // Null in the place of an optional parameter is its absence.
        let is_null = self.lowering.document.node(&pointer)?.is_null();
        if is_null && !matches!(ty, Type::Nullable(_) | Type::Json) {
            return None;
        }
        self.lowering.example(&pointer, ty, of)
    }

    fn result(&mut self, method: &Method, names: &OperationNames, pairings: &[Pairing<'_>], place: &str) -> Reply {
        let Some(result) = &method.result else { return Reply::default() };
        let Some(found) = self.descriptor(result, pointer_join(place, "result")) else {
            return Reply::default();
        };
        let descriptor = found.descriptor;
        let type_name = match &found.component {
            Some(component) => self.lowering.component_type_name(component, place),
            None => compound(&names.type_name, "Reply"),
        };
        let schema_place = pointer_join(&found.pointer, "schema");
        let of = |status: &str| ExampleOf::Reply { operation: method.name.clone(), status: status.to_owned() };
        let ty = self.lowering.schema(View::of(&descriptor.schema), &schema_place, &type_name, &of("schema"));
        self.lowering.reply_roots.push(ty.clone());
        for pairing in pairings {
            let place = pointer_join(&pairing.pointer, "result");
            let example = pairing.pairing.result.as_ref().and_then(|result| self.value(result, &place));
            if let Some(pointer) = example {
                self.lowering.note_example(&pointer, &ty, &of(&pairing.pairing.name));
            }
        }
        Reply {
            ty: Some(ty),
            docs: prose(descriptor.description.as_deref().or(descriptor.summary.as_deref())),
            schema: Some(self.lowering.text(&schema_place)),
        }
    }

    fn errors(&mut self, method: &Method, place: &str) -> Vec<ErrorCode> {
        let components = self.components;
        let mut codes = Vec::new();
        for (index, error) in method.errors.iter().enumerate() {
            let place = pointer_join(&pointer_join(place, "errors"), &index.to_string());
            let found = match error {
                ReferenceOr::Item(error) => Some(error),
                ReferenceOr::Reference { reference } => {
                    let found = words::component(reference, "errors").and_then(|name| components.errors.get(&name));
                    if found.is_none() {
                        self.dangling(&place);
                    }
                    found
                }
            };
            codes.extend(found.map(error_code));
        }
        codes
    }

    fn pairings<'s>(&mut self, method: &'s Method, place: &str) -> Vec<Pairing<'s>>
    where
        'a: 's,
    {
        let components = self.components;
        let mut found = Vec::new();
        for (index, example) in method.examples.iter().enumerate() {
            let pointer = pointer_join(&pointer_join(place, "examples"), &index.to_string());
            match example {
                ReferenceOr::Item(pairing) => found.push(Pairing { pairing, pointer }),
                ReferenceOr::Reference { reference } => {
                    let name = words::component(reference, "examplePairings");
                    match name.and_then(|name| components.example_pairings.get(&name).map(|pairing| (name, pairing))) {
                        Some((name, pairing)) => {
                            found.push(Pairing { pairing, pointer: component_pointer("examplePairings", &name) });
                        }
                        None => self.dangling(&pointer),
                    }
                }
            }
        }
        found
    }

    /// Where the value of an example stands.
    fn value(&mut self, example: &ReferenceOr<ExampleObject>, place: &str) -> Option<String> {
        let holder = match example {
            ReferenceOr::Item(_) => place.to_owned(),
            ReferenceOr::Reference { reference } => {
                let name =
                    words::component(reference, "examples").filter(|name| self.components.examples.contains_key(name));
                let Some(name) = name else {
                    self.dangling(place);
                    return None;
                };
                component_pointer("examples", &name)
            }
        };
        Some(pointer_join(&holder, "value"))
    }

    fn descriptor<'s>(&mut self, descriptor: &'s ReferenceOr<ContentDescriptor>, place: String) -> Option<Found<'s>>
    where
        'a: 's,
    {
        let components = self.components;
        match descriptor {
            ReferenceOr::Item(descriptor) => Some(Found { descriptor, pointer: place, component: None }),
            ReferenceOr::Reference { reference } => {
                let name = words::component(reference, "contentDescriptors");
                match name.and_then(|name| components.content_descriptors.get(&name).map(|found| (name, found))) {
                    Some((name, descriptor)) => {
                        let pointer = component_pointer("contentDescriptors", &name);
                        Some(Found { descriptor, pointer, component: Some(name) })
                    }
                    None => {
                        self.dangling(&place);
                        None
                    }
                }
            }
        }
    }

    fn dangling(&mut self, place: &str) {
        self.lowering.fault(place, "the `$ref` leads nowhere");
    }
}

/// What success answers.
#[derive(Default)]
struct Reply {
    ty: Option<Type>,
    docs: Option<String>,
    schema: Option<String>,
}

/// A parameter or a result, perhaps by a `$ref`.
struct Found<'s> {
    descriptor: &'s ContentDescriptor,
    pointer: String,
    component: Option<String>,
}

fn error_code(error: &ErrorObject) -> ErrorCode {
    ErrorCode {
        code: error.code.0.clone(),
        message: error.message.clone(),
        description: prose(error.description.as_deref()),
    }
}
