//! `src/meta.rs`: the API as data, and calls by name.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, Body, ExampleOf, Operation, Parameter, Type};

use super::format::{Piece, pieces};
use super::operations::static_path;
use super::tokens::{Scope, adaptor_or_same, ident, imports, rust_type};

pub(super) fn meta(api: &Api) -> Vec<Piece> {
    let operations = api.operations.iter().map(operation_meta);
    let examples = api.examples.iter().map(|example| {
        let (pointer, json) = (&example.pointer, &example.json);
        let (ty, adaptor) = (rust_type(&example.ty, Scope::Elsewhere), adaptor_or_same(api, &example.ty));
        let of = match &example.of {
            ExampleOf::Reply { operation, status } => {
                quote!(ExampleOf::Reply { operation: #operation, status: #status })
            }
            ExampleOf::Body { operation } => quote!(ExampleOf::Body { operation: #operation }),
            ExampleOf::Parameter { operation, parameter } => {
                quote!(ExampleOf::Parameter { operation: #operation, parameter: #parameter })
            }
            ExampleOf::Component(name) => quote!(ExampleOf::Component(#name)),
            ExampleOf::Schema => quote!(ExampleOf::Schema),
        };
        quote!(Example::of::<#ty, #adaptor>(#pointer, #of, #json))
    });
    let schemas = api.component_schemas.iter().map(|(name, json)| quote!((#name, #json)));
    let description = option(&api.venue.description);
    let spec = &api.venue.spec_file;
    let version = &api.venue.api_version;
    let calls = api.operations.iter().map(|operation| call(api, operation));
    let is_deprecated = |operation: &Operation| {
        operation.docs.deprecated || operation.parameters.iter().any(|parameter| parameter.docs.deprecated)
    };
    let allow = api.operations.iter().any(is_deprecated).then(
        || quote!(#[allow(deprecated, reason = "what the venue calls deprecated can be called by name as well")]),
    );
    let credentials = match &api.auth {
        Some(auth) => {
            let krate = ident(&format!("venuekit_auth_{}", auth.replace('-', "_")));
            quote!(Some(|key, secret| Ok(Arc::new(#krate::Credentials::new(key, secret)?))))
        }
        None => quote!(None),
    };
    let private_key = match &api.auth {
        Some(auth) if api.private_key => {
            let krate = ident(&format!("venuekit_auth_{}", auth.replace('-', "_")));
            quote!(Some(|key, pem| Ok(Arc::new(#krate::Credentials::rsa(key, pem)?))))
        }
        _ => quote!(None),
    };
    let items = pieces([
        quote! {
            /// The API as data.
            pub static META: VenueMeta = VenueMeta {
                venue: &VENUE,
                description: #description,
                api_version: #version,
                spec: #spec,
                operations: &[#(#operations),*],
                schemas: &[#(#schemas),*],
                examples: &[#(#examples),*],
                connect,
                credentials: #credentials,
                private_key: #private_key,
            };
        },
        quote! {
            fn connect(client: venuekit::Client) -> Box<dyn AnyClient> {
                Box::new(Client::from(client))
            }
        },
        quote! {
            #allow
            impl AnyClient for Client {
                fn meta(&self) -> &'static VenueMeta {
                    &META
                }

                fn call(&self, operation: &str, arguments: Arguments) -> Result<AnyCall, ArgumentError> {
                    match operation {
                        #(#calls)*
                        _ => Err(ArgumentError::operation(&META, operation)),
                    }
                }
            }
        },
    ]);
    let uses = imports(
        &items,
        &[
            ("BTreeMap", "std::collections"),
            ("Arc", "std::sync"),
            ("Decimal", "venuekit"),
            ("AnyCall", "venuekit::meta"),
            ("AnyClient", "venuekit::meta"),
            ("ArgumentError", "venuekit::meta"),
            ("Arguments", "venuekit::meta"),
            ("BodyMeta", "venuekit::meta"),
            ("Example", "venuekit::meta"),
            ("ExampleOf", "venuekit::meta"),
            ("OperationMeta", "venuekit::meta"),
            ("ParameterMeta", "venuekit::meta"),
            ("VenueMeta", "venuekit::meta"),
            ("DecimalNumber", "venuekit::wire"),
            ("DecimalString", "venuekit::wire"),
            ("Json", "venuekit::wire"),
            ("Same", "venuekit::wire"),
            ("Client", "crate"),
            ("VENUE", "crate"),
            ("operations", "crate"),
            ("types", "crate"),
        ],
    );
    let mut file = vec![Piece::Tokens(uses)];
    file.extend(items);
    file
}

fn option(text: &Option<String>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

fn operation_meta(operation: &Operation) -> TokenStream {
    let (path, method) = (static_path(operation), &operation.method_name);
    let summary = operation.docs.summary.clone().unwrap_or_default();
    let description = option(&operation.docs.description);
    let parameters = operation.parameters.iter().map(parameter_meta);
    let body = match &operation.body {
        Some(body) => {
            let body = body_meta(body);
            quote!(Some(#body))
        }
        None => quote!(None),
    };
    let reply = option(&operation.reply_schema);
    quote! {
        OperationMeta {
            operation: &#path,
            method: #method,
            summary: #summary,
            description: #description,
            parameters: &[#(#parameters),*],
            body: #body,
            reply_schema: #reply,
        }
    }
}

fn parameter_meta(parameter: &Parameter) -> TokenStream {
    let (name, setter, schema) = (&parameter.wire, &parameter.name, &parameter.schema);
    let (description, example) = (option(&parameter.docs.description), option(&parameter.example));
    quote! {
        ParameterMeta { name: #name, setter: #setter, description: #description, schema: #schema, example: #example }
    }
}

fn body_meta(body: &Body) -> TokenStream {
    let schema = &body.schema;
    let (description, example) = (option(&body.docs.description), option(&body.example));
    quote!(BodyMeta { description: #description, schema: #schema, example: #example })
}

/// One arm: the arguments read into their types, set by name on the typed operation, and sent.
fn call(api: &Api, operation: &Operation) -> TokenStream {
    let (id, path, method) = (&operation.id, static_path(operation), ident(&operation.method_name));
    let read = |ty: &Type, how: &str, name: &str| {
        let (plain, adaptor, how) = (rust_type(ty, Scope::Elsewhere), adaptor_or_same(api, ty), format_ident!("{how}"));
        quote!(arguments.#how::<#plain, #adaptor>(#name)?)
    };
    let parameters = operation.parameters.iter().map(|parameter| {
        let setter = ident(&parameter.name);
        if parameter.required {
            let value = read(&parameter.ty, "required", &parameter.wire);
            quote!(.#setter(#value))
        } else {
            let value = read(&parameter.ty, "optional", &parameter.wire);
            quote!(.maybe(#value, |operation, value| operation.#setter(value)))
        }
    });
    let body = operation.body.as_ref().map(|body| {
        let (plain, adaptor) = (rust_type(&body.ty, Scope::Elsewhere), adaptor_or_same(api, &body.ty));
        if body.required {
            quote!(.body(arguments.body::<#plain, #adaptor>()?))
        } else {
            quote!(.maybe(arguments.optional_body::<#plain, #adaptor>()?, |operation, body| operation.body(body)))
        }
    });
    let send = match &operation.reply {
        None => quote!(arguments.call::<(), Same>(operation.send())),
        Some(ty) => {
            let (plain, adaptor) = (rust_type(api.resolve(ty), Scope::Elsewhere), adaptor_or_same(api, ty));
            quote!(arguments.call::<#plain, #adaptor>(operation.send()))
        }
    };
    quote! {
        #id => {
            let arguments = arguments.of(&#path)?;
            let operation = self.#method() #(#parameters)* #body;
            Ok(#send)
        }
    }
}
