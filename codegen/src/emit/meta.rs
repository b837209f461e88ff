//! `src/meta.rs`: the API as data, and calls by name.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{
    Api, Body, ContentKind, Docs, EnumVariant, ExampleCall, ExampleOf, Operation, Parameter, ResponseReading, Type,
    TypeKind,
};

use super::docs::value_description;
use super::error_table::{ErrorTable, Meaning};
use super::format::{Piece, file, pieces};
use super::operations::makes_idempotent;
use super::paths::Paths;
use super::tokens::{Scope, adaptor_or_same, ident, rust_type, static_path};

pub(super) fn meta(api: &Api) -> Vec<Piece> {
    let (plain, subscribing): (Vec<&Operation>, Vec<&Operation>) =
        api.callable().partition(|operation| operation.subscription.is_none());
    let operations = plain.iter().map(|operation| operation_meta(api, operation));
    let subscribing = || {
        let subscribing = subscribing.iter();
        subscribing.filter_map(|operation| Some((*operation, operation.subscription.as_deref()?)))
    };
    let examples = api.examples.iter().map(|example| {
        let (pointer, json) = (&example.pointer, &example.json);
        let (ty, adaptor) = (rust_type(&example.ty, Scope::Elsewhere), adaptor_or_same(api, &example.ty));
        let of = match &example.of {
            ExampleOf::Response { operation, status } => quote!(response(#operation, #status)),
            ExampleOf::Body { operation } => quote!(body(#operation)),
            ExampleOf::Parameter { operation, parameter } => quote!(parameter(#operation, #parameter)),
            ExampleOf::Component(name) => quote!(Component(#name)),
            ExampleOf::Schema => quote!(Schema),
        };
        let of = quote!(::venuekit::meta::ExampleOf::#of);
        quote!(::venuekit::meta::Example::new::<#ty, #adaptor>(#pointer, #of, #json))
    });
    let schemas = api.component_schemas.iter().map(|(name, json)| quote!((#name, #json)));
    let (spec, version) = (&api.venue.spec_file, &api.venue.api_version);
    let description = given("with_description", api.venue.description.as_deref());
    let operations = list("with_operations", operations);
    let subscriptions = subscribing()
        .map(|(operation, subscription)| super::subscriptions::meta(&operation_meta(api, operation), subscription));
    let subscriptions = list("with_subscriptions", subscriptions);
    let schemas = list("with_schemas", schemas);
    let examples = list("with_examples", examples);
    let codes = ErrorTable::new(api);
    let codes = codes.rows().flat_map(|row| row.meanings.iter().map(|meaning| error_code_meta(row.code, meaning)));
    let error_codes = list("with_error_codes", codes);
    let signing = api.auth.as_ref().map(|auth| {
        let krate = ident(&auth.library());
        let private_key = api.private_key.then(
            || quote!(.with_private_key(|key, pem| Ok(::std::sync::Arc::new(::#krate::Credentials::rsa(key, pem)?)))),
        );
        let key_only = api
            .key_only
            .then(|| quote!(.with_key_only(|key| Ok(::std::sync::Arc::new(::#krate::Credentials::key_only(key)?)))));
        quote! {
            .with_credentials(|key, secret| Ok(::std::sync::Arc::new(::#krate::Credentials::new(key, secret)?)))
            #private_key
            #key_only
        }
    });
    let unknown = quote!(Err(::venuekit::meta::ArgumentError::unknown_operation(&crate::VENUE, operation)));
    let (arguments, call) = if plain.is_empty() {
        (quote!(_), unknown)
    } else {
        let calls = plain.iter().map(|operation| call(api, operation));
        (quote!(arguments), quote!(match operation { #(#calls)* _ => #unknown }))
    };
    let arms = subscribing().map(|(operation, subscription)| {
        super::subscriptions::arm(api, operation, subscription, &setters_by_name(api, operation))
    });
    let arms: Vec<TokenStream> = arms.collect();
    let unknown = quote!(Err(::venuekit::meta::ArgumentError::unknown_operation(&crate::VENUE, operation)));
    let subscribe = (!arms.is_empty()).then(|| {
        quote! {
            fn subscribe(
                &self,
                operation: &str,
                arguments: ::venuekit::meta::Arguments,
            ) -> ::std::result::Result<::venuekit::meta::AnySubscribe, ::venuekit::meta::ArgumentError> {
                match operation { #(#arms)* _ => #unknown }
            }
        }
    });
    let items = pieces([
        quote! {
            /// The API as data.
            pub static META: ::venuekit::meta::VenueMeta =
                ::venuekit::meta::VenueMeta::new(&crate::VENUE, #spec, connect).with_api_version(#version)
                    #description #operations #subscriptions #schemas #examples #error_codes #signing;
        },
        quote! {
            fn connect(client: ::venuekit::Client) -> ::std::boxed::Box<dyn ::venuekit::meta::AnyClient> {
                ::std::boxed::Box::new(crate::Client::from(client))
            }
        },
        quote! {
            impl ::venuekit::meta::AnyClient for crate::Client {
                fn meta(&self) -> &'static ::venuekit::meta::VenueMeta {
                    &META
                }

                fn call(
                    &self,
                    operation: &str,
                    #arguments: ::venuekit::meta::Arguments,
                ) -> ::std::result::Result<::venuekit::meta::AnyCall, ::venuekit::meta::ArgumentError> {
                    #call
                }

                #subscribe
            }
        },
    ]);
    file(&Paths::beside(["META", "connect"]), items)
}

/// Returns the code `.setter("text")`; `None` if `text` is `None`.
fn given(setter: &str, text: Option<&str>) -> Option<TokenStream> {
    let setter = ident(setter);
    text.map(|text| quote!(.#setter(#text)))
}

/// Returns the call of a setter that takes a list; `None` if the list is empty.
fn list(setter: &str, items: impl Iterator<Item = TokenStream>) -> Option<TokenStream> {
    let (setter, items): (_, Vec<TokenStream>) = (ident(setter), items.collect());
    (!items.is_empty()).then(|| quote!(.#setter(&[#(#items),*])))
}

fn error_code_meta(code: &str, meaning: &Meaning<'_>) -> TokenStream {
    let message = given("with_message", meaning.message);
    let description = given("with_description", meaning.description);
    quote!(::venuekit::meta::ErrorCodeMeta::new(#code) #message #description)
}

fn operation_meta(api: &Api, operation: &Operation) -> TokenStream {
    let (path, method) = (static_path(operation), &operation.method_name);
    let summary = given("with_summary", operation.docs.summary.as_deref());
    let description = given("with_description", operation.docs.description.as_deref());
    let parameters =
        list("with_parameters", operation.parameters.iter().map(|parameter| parameter_meta(api, parameter)));
    let body = operation.body.as_ref().map(|body| {
        let body = body_meta(body);
        quote!(.with_body(#body))
    });
    let response = given("with_response_schema", operation.response_schema.as_deref());
    let response_docs = given("with_response_description", operation.response_docs.as_deref());
    let statuses = operation.error_statuses.iter().map(|(status, description)| quote!((#status, #description)));
    let statuses = list("with_statuses", statuses);
    let deprecated = deprecated(&operation.docs);
    let (short, full) = (ExampleCall::short(operation), ExampleCall::full(operation));
    let short = short.parameters().any(|parameter| !parameter.required).then(|| names(&short, "with_short_example"));
    let mut with_example = operation.parameters.iter().enumerate().filter(|(_, one)| one.example.is_some());
    let full = with_example.any(|(index, _)| !full.gives(index)).then(|| names(&full, "with_full_example"));
    quote! {
        ::venuekit::meta::OperationMeta::new(&#path, #method) #summary #description #parameters #body #response
            #response_docs #statuses #deprecated #short #full
    }
}

/// Returns the call of a setter that takes the names of the parameters of an example.
fn names(example: &ExampleCall<'_>, setter: &str) -> TokenStream {
    let (setter, names) = (ident(setter), example.parameters().map(|parameter| &parameter.wire));
    quote!(.#setter(&[#(#names),*]))
}

fn deprecated(docs: &Docs) -> Option<TokenStream> {
    docs.deprecated.then(|| quote!(.with_deprecated()))
}

fn parameter_meta(api: &Api, parameter: &Parameter) -> TokenStream {
    let (name, setter, schema) = (&parameter.wire, &parameter.name, &parameter.schema);
    let description = value_description(api, &parameter.docs, &parameter.ty);
    let description = given("with_description", description.as_deref());
    let example = given("with_example", parameter.example.as_deref());
    let values = list("with_values", variants(api, &parameter.ty).iter().map(enum_value));
    let deprecated = deprecated(&parameter.docs);
    quote!(::venuekit::meta::ParameterMeta::new(#name, #setter, #schema) #description #example #values #deprecated)
}

/// Returns the values of an enum, or of a list of them.
fn variants<'a>(api: &'a Api, ty: &'a Type) -> &'a [EnumVariant] {
    match api.resolve(ty) {
        Type::List(inner) | Type::Nullable(inner) | Type::Maybe(inner) => variants(api, inner),
        ty => match api.resolve_def(ty).map(|def| &def.kind) {
            Some(TypeKind::Enum { variants, .. }) => variants,
            _ => &[],
        },
    }
}

fn enum_value(variant: &EnumVariant) -> TokenStream {
    let (value, name) = (&variant.wire, &variant.name);
    let description = given("with_description", variant.description.as_deref());
    quote!(::venuekit::meta::EnumValue::new(#value, #name) #description)
}

fn body_meta(body: &Body) -> TokenStream {
    let schema = &body.schema;
    let description = given("with_description", body.docs.description.as_deref());
    let example = given("with_example", body.example.as_deref());
    quote!(::venuekit::meta::BodyMeta::new(#schema) #description #example)
}

fn is_decided(operation: &Operation, parameter: &Parameter) -> bool {
    !parameter.required && makes_idempotent(operation, &parameter.wire)
}

/// Returns the calls of setters with the arguments, except those that decide whether a call may be
/// sent again.
fn setters_by_name(api: &Api, operation: &Operation) -> TokenStream {
    let free = operation.parameters.iter().filter(|parameter| !is_decided(operation, parameter));
    let setters = free.map(|parameter| {
        let (setter, name) = (ident(&parameter.name), &parameter.wire);
        let how = ident(if parameter.required { "required" } else { "optional" });
        let (plain, adaptor) = (rust_type(&parameter.ty, Scope::Elsewhere), adaptor_or_same(api, &parameter.ty));
        quote!(.#setter(arguments.#how::<#plain, #adaptor>(#name)?))
    });
    quote!(#(#setters)*)
}

/// Returns one match arm: it decodes the arguments into their types, sets them by name on the typed
/// operation, and sends it.
fn call(api: &Api, operation: &Operation) -> TokenStream {
    let (id, path, method) = (&operation.id, static_path(operation), ident(&operation.method_name));
    let setters = setters_by_name(api, operation);
    let read = |ty: &Type, how: &str, name: &str| {
        let (plain, adaptor, how) = (rust_type(ty, Scope::Elsewhere), adaptor_or_same(api, ty), format_ident!("{how}"));
        quote!(arguments.#how::<#plain, #adaptor>(#name)?)
    };
    let decided = operation.parameters.iter().filter(|p| is_decided(operation, p));
    // The setters of parameters that decide whether a call may be sent again take a value, not an
    // option.
    let decided = decided.map(|parameter| {
        let setter = ident(&parameter.name);
        let value = read(&parameter.ty, "optional", &parameter.wire);
        quote! {
            let operation = match #value {
                Some(value) => operation.#setter(value),
                None => operation,
            };
        }
    });
    let body = operation.body.as_ref().map(|body| {
        let (plain, adaptor) = (rust_type(&body.ty, Scope::Elsewhere), adaptor_or_same(api, &body.ty));
        let read = format_ident!("{}", if body.required { "body" } else { "optional_body" });
        quote!(.body(arguments.#read::<#plain, #adaptor>()?))
    });
    let send = match &operation.response {
        None => quote!(arguments.call::<(), ::venuekit::wire::Same>(operation.send())),
        Some(_) if operation.reading == ResponseReading::One(ContentKind::Stream) => {
            quote!(arguments.call_stream(operation.send()))
        }
        Some(ty) => {
            let (plain, adaptor) = (rust_type(api.resolve(ty), Scope::Elsewhere), adaptor_or_same(api, ty));
            quote!(arguments.call::<#plain, #adaptor>(operation.send()))
        }
    };
    quote! {
        #id => {
            let arguments = arguments.for_operation(&#path)?;
            let operation = self.#method() #setters #body;
            #(#decided)*
            Ok(#send)
        }
    }
}
