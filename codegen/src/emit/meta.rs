//! `src/meta.rs`: the API as data, and calls by name.
//!
//! Its expressions are written as text (see [`super::layout`]).

use quote::quote;

use crate::model::{
    Api, Body, ContentKind, EnumVariant, Example, ExampleCall, ExampleOf, Operation, Parameter, ResponseReading,
    SecurityScheme, Subscription, Type, TypeKind,
};
use crate::source::SchemeKind;

use super::credentials;
use super::docs::value_description;
use super::error_table::{ErrorTable, Meaning};
use super::format::{Piece, file, piece};
use super::layout::{Chain, Layout};
use super::operations::makes_idempotent;
use super::paths::Paths;
use super::tokens::{Scope, TypePath, adaptor_path_or_same, same_path, type_path};

/// The module of the types of data.
const META: &str = "venuekit::meta";

pub(super) fn meta(api: &Api) -> Vec<Piece> {
    let paths = Paths::beside(["META", "connect"]);
    // The short names go to the items that come first, so the items are made in their order.
    let data = Piece::Text(data(api, &paths));
    let connect = piece(
        &paths,
        quote! {
            fn connect(client: ::venuekit::Client) -> ::std::boxed::Box<dyn ::venuekit::meta::AnyClient> {
                ::std::boxed::Box::new(crate::Client::from(client))
            }
        },
    );
    file(&paths, [data, connect, calls(api, &paths)])
}

/// Returns the operations that are only called, and those that subscribe.
fn plain_and_subscribing(api: &Api) -> (Vec<&Operation>, Vec<&Operation>) {
    api.callable().partition(|operation| operation.subscription.is_none())
}

/// Returns the static `META`.
fn data(api: &Api, paths: &Paths) -> String {
    let mut code = Layout::new(paths, 0);
    let venue = &api.venue;
    code.begin_group();
    code.word("pub static META: ");
    code.path(META, "VenueMeta");
    code.word(" = ");
    code.never_break();
    let mut chain = code.chain();
    code.path(META, "VenueMeta");
    code.word("::new(");
    code.open();
    code.word("&");
    code.path("crate", "VENUE");
    code.next();
    code.literal(&venue.spec_file);
    code.next();
    code.word("connect");
    code.close();
    code.word(")");
    code.method_with_literal(&mut chain, "with_api_version", &venue.api_version);
    given(&mut code, &mut chain, "with_description", venue.description.as_deref());
    let (plain, subscribing) = plain_and_subscribing(api);
    list(&mut code, &mut chain, "with_operations", plain, |code, one| operation_meta(code, api, one));
    let subscriptions = subscribing.into_iter().filter_map(|one| Some((one, one.subscription.as_deref()?)));
    list(&mut code, &mut chain, "with_subscriptions", subscriptions, |code, (operation, subscription)| {
        subscription_meta(code, api, operation, subscription);
    });
    list(&mut code, &mut chain, "with_security_schemes", credentials::used(api), scheme_meta);
    list(&mut code, &mut chain, "with_schemas", &api.component_schemas, |code, (name, json)| {
        code.word("(");
        code.list([name, json], |code, text| code.literal(text));
        code.word(")");
    });
    list(&mut code, &mut chain, "with_examples", &api.examples, |code, one| example_meta(code, api, one));
    let codes = ErrorTable::new(api);
    let codes = codes.rows().flat_map(|row| row.meanings.iter().map(|meaning| (row.code, meaning)));
    list(&mut code, &mut chain, "with_error_codes", codes, error_code_meta);
    signing(&mut code, &mut chain, api);
    code.end_chain(&chain);
    code.word(";");
    code.end_group();
    code.end_line();
    format!("/// The API as data.\n{}", code.text())
}

/// Writes how credentials are made, if a crate signs.
fn signing(code: &mut Layout<'_>, chain: &mut Chain, api: &Api) {
    let Some(auth) = &api.auth else { return };
    let library = auth.library();
    let mut credentials = |setter: &str, function: &str, arguments: &[&str]| {
        code.method(chain, setter, |code| {
            code.closure(arguments, |code| {
                code.word("Ok(");
                code.one(|code| {
                    code.path("std::sync", "Arc");
                    code.word("::new(");
                    code.one(|code| {
                        code.path(&library, "Credentials");
                        code.word("::");
                        code.word(function);
                        code.word("(");
                        code.list(arguments, |code, argument| code.word(argument));
                        code.word(")?");
                    });
                    code.word(")");
                });
                code.word(")");
            });
        });
    };
    credentials("with_credentials", "new", &["key", "secret"]);
    if api.private_key {
        credentials("with_private_key", "rsa", &["key", "pem"]);
    }
    if api.key_only {
        credentials("with_key_only", "key_only", &["key"]);
    }
    if api.token_login {
        credentials("with_token_login", "from_token", &["token", "source"]);
    }
}

/// Returns the implementation of calls by name.
fn calls(api: &Api, paths: &Paths) -> Piece {
    let unknown = quote!(Err(::venuekit::meta::ArgumentError::unknown_operation(&crate::VENUE, operation)));
    let (plain, subscribing) = plain_and_subscribing(api);
    let (arguments, body) = if plain.is_empty() {
        (quote!(_), unknown.clone())
    } else {
        (quote!(arguments), quote!(match operation { _ => #unknown }))
    };
    let subscribe = (!subscribing.is_empty()).then(|| {
        quote! {
            fn subscribe(
                &self,
                operation: &str,
                arguments: ::venuekit::meta::Arguments,
            ) -> ::std::result::Result<::venuekit::meta::AnySubscribe, ::venuekit::meta::ArgumentError> {
                match operation { _ => #unknown }
            }
        }
    });
    let whole = quote! {
        impl ::venuekit::meta::AnyClient for crate::Client {
            fn meta(&self) -> &'static ::venuekit::meta::VenueMeta {
                &META
            }

            fn call(
                &self,
                operation: &str,
                #arguments: ::venuekit::meta::Arguments,
            ) -> ::std::result::Result<::venuekit::meta::AnyCall, ::venuekit::meta::ArgumentError> {
                #body
            }

            #subscribe
        }
    };
    // One text for each `match`.
    let arms = [plain, subscribing].into_iter().filter(|operations| !operations.is_empty());
    let arms = arms.map(|operations| operations.into_iter().map(|operation| arm(api, paths, operation)).collect());
    piece(paths, whole).with_lines_before("            _ => ", arms)
}

/// Writes the call of a setter; nothing if `text` is `None`.
fn given(code: &mut Layout<'_>, chain: &mut Chain, setter: &str, text: Option<&str>) {
    if let Some(text) = text {
        code.method_with_literal(chain, setter, text);
    }
}

/// Writes the call of a setter that takes a list; nothing if the list is empty.
fn list<'a, T>(
    code: &mut Layout<'a>,
    chain: &mut Chain,
    setter: &str,
    items: impl IntoIterator<Item = T>,
    write: impl FnMut(&mut Layout<'a>, T),
) {
    let mut items = items.into_iter().peekable();
    if items.peek().is_none() {
        return;
    }
    code.method(chain, setter, |code| {
        code.one(|code| {
            code.word("&[");
            code.list(items, write);
            code.word("]");
        });
    });
}

fn example_meta(code: &mut Layout<'_>, api: &Api, example: &Example) {
    code.path(META, "Example");
    code.word("::new::");
    code.generics(&[type_path(&example.ty, Scope::Elsewhere), adaptor_path_or_same(api, &example.ty)]);
    code.word("(");
    code.open();
    code.literal(&example.pointer);
    code.next();
    code.path(META, "ExampleOf");
    match &example.of {
        ExampleOf::Response { operation, status } => texts(code, "::response", &[operation, status]),
        ExampleOf::Body { operation } => texts(code, "::body", &[operation]),
        ExampleOf::Parameter { operation, parameter } => texts(code, "::parameter", &[operation, parameter]),
        ExampleOf::Component(name) => texts(code, "::Component", &[name]),
        ExampleOf::Schema => code.word("::Schema"),
    }
    code.next();
    code.literal(&example.json);
    code.close();
    code.word(")");
}

/// Writes the call of a function with literals.
fn texts(code: &mut Layout<'_>, function: &str, texts: &[&str]) {
    code.word(function);
    code.word("(");
    code.list(texts, |code, text| code.literal(text));
    code.word(")");
}

/// Starts a chain of setters on a value that is made from literals.
fn made(code: &mut Layout<'_>, name: &str, arguments: &[&str]) -> Chain {
    let chain = code.chain();
    code.path(META, name);
    texts(code, "::new", arguments);
    chain
}

fn scheme_meta(code: &mut Layout<'_>, scheme: &SecurityScheme) {
    let SecurityScheme { name, wire, .. } = scheme;
    let mut chain = code.chain();
    code.path(META, "SchemeMeta");
    match scheme.kind {
        SchemeKind::Basic => texts(code, "::basic", &[name]),
        SchemeKind::Token => texts(code, "::bearer", &[name]),
        SchemeKind::Key => texts(code, &format!("::{}", scheme.location), &[name, wire]),
    }
    if scheme.signature {
        code.method(&mut chain, "with_signature", |_| {});
    }
    list(code, &mut chain, "with_fills", &scheme.fills, |code, name| code.literal(name));
    code.end_chain(&chain);
}

fn error_code_meta(code: &mut Layout<'_>, (error, meaning): (&str, &Meaning<'_>)) {
    let mut chain = made(code, "ErrorCodeMeta", &[error]);
    given(code, &mut chain, "with_message", meaning.message);
    given(code, &mut chain, "with_description", meaning.description);
    code.end_chain(&chain);
}

fn operation_meta(code: &mut Layout<'_>, api: &Api, operation: &Operation) {
    let mut chain = code.chain();
    code.path(META, "OperationMeta");
    code.word("::new(");
    code.open();
    code.word("&");
    code.path("crate::operations", &operation.const_name);
    code.next();
    code.literal(&operation.method_name);
    code.close();
    code.word(")");
    given(code, &mut chain, "with_summary", operation.docs.summary.as_deref());
    given(code, &mut chain, "with_description", operation.docs.description.as_deref());
    list(code, &mut chain, "with_parameters", &operation.parameters, |code, one| parameter_meta(code, api, one));
    if let Some(body) = &operation.body {
        code.method(&mut chain, "with_body", |code| code.list([body], body_meta));
    }
    given(code, &mut chain, "with_response_schema", operation.response_schema.as_deref());
    given(code, &mut chain, "with_response_description", operation.response_docs.as_deref());
    list(code, &mut chain, "with_statuses", &operation.error_statuses, |code, (status, description)| {
        texts(code, "", &[status, description]);
    });
    deprecated(code, &mut chain, operation.docs.deprecated);
    let (short, full) = (ExampleCall::short(operation), ExampleCall::full(operation));
    if short.parameters().any(|parameter| !parameter.required) {
        names(code, &mut chain, "with_short_example", &short);
    }
    let mut with_example = operation.parameters.iter().enumerate().filter(|(_, one)| one.example.is_some());
    if with_example.any(|(index, _)| !full.gives(index)) {
        names(code, &mut chain, "with_full_example", &full);
    }
    code.end_chain(&chain);
}

fn subscription_meta(code: &mut Layout<'_>, api: &Api, operation: &Operation, subscription: &Subscription) {
    code.path(META, "SubscriptionMeta");
    code.word("::new(");
    code.open();
    operation_meta(code, api, operation);
    code.next();
    code.word("&");
    code.path("crate::operations", &subscription.const_name);
    code.next();
    code.literal(&subscription.schema);
    code.close();
    code.word(")");
}

/// Writes the call of a setter that takes the names of the parameters of an example.
fn names(code: &mut Layout<'_>, chain: &mut Chain, setter: &str, example: &ExampleCall<'_>) {
    code.method(chain, setter, |code| {
        code.one(|code| {
            let mut names = example.parameters().map(|parameter| &parameter.wire).peekable();
            code.word("&[");
            if names.peek().is_some() {
                code.list(names, |code, name| code.literal(name));
            }
            code.word("]");
        });
    });
}

fn deprecated(code: &mut Layout<'_>, chain: &mut Chain, is_deprecated: bool) {
    if is_deprecated {
        code.method(chain, "with_deprecated", |_| {});
    }
}

fn parameter_meta(code: &mut Layout<'_>, api: &Api, parameter: &Parameter) {
    let mut chain = made(code, "ParameterMeta", &[&parameter.wire, &parameter.name, &parameter.schema]);
    let description = value_description(api, &parameter.docs, &parameter.ty);
    given(code, &mut chain, "with_description", description.as_deref());
    given(code, &mut chain, "with_example", parameter.example.as_deref());
    list(code, &mut chain, "with_values", variants(api, &parameter.ty), enum_value);
    deprecated(code, &mut chain, parameter.docs.deprecated);
    code.end_chain(&chain);
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

fn enum_value(code: &mut Layout<'_>, variant: &EnumVariant) {
    let mut chain = made(code, "EnumValue", &[&variant.wire, &variant.name]);
    given(code, &mut chain, "with_description", variant.description.as_deref());
    code.end_chain(&chain);
}

fn body_meta(code: &mut Layout<'_>, body: &Body) {
    let mut chain = made(code, "BodyMeta", &[&body.schema]);
    given(code, &mut chain, "with_description", body.docs.description.as_deref());
    given(code, &mut chain, "with_example", body.example.as_deref());
    code.end_chain(&chain);
}

/// Returns one match arm: it decodes the arguments into their types, sets them by name on the typed
/// operation, and sends it or subscribes.
fn arm(api: &Api, paths: &Paths, operation: &Operation) -> String {
    let mut lines = Layout::new(paths, 12);
    lines.literal(&operation.id);
    lines.word(" => {");
    lines.end_line();
    let mut text = lines.text();
    let mut statement = |write: &mut dyn FnMut(&mut Layout<'_>)| {
        let mut code = Layout::new(paths, 16);
        write(&mut code);
        code.end_line();
        text.push_str(&code.text());
    };
    statement(&mut |code| {
        code.word("let arguments = ");
        code.never_break();
        let mut chain = code.chain();
        code.word("arguments");
        code.method(&mut chain, "for_operation", |code| {
            code.list([&operation.const_name], |code, name| {
                code.word("&");
                code.path("crate::operations", name);
            });
        });
        code.end_chain(&chain);
        code.word("?;");
    });
    let is_decided = |one: &Parameter| !one.required && makes_idempotent(operation, &one.wire);
    statement(&mut |code| {
        code.word("let operation = ");
        code.never_break();
        let mut chain = code.chain();
        code.word("self");
        code.method(&mut chain, &operation.method_name, |_| {});
        for parameter in operation.parameters.iter().filter(|one| !is_decided(one)) {
            code.method(&mut chain, &parameter.name, |code| {
                let read = if parameter.required { "required" } else { "optional" };
                code.list([parameter], |code, parameter| {
                    argument(code, api, read, &parameter.ty, Some(&parameter.wire))
                });
            });
        }
        if let Some(body) = &operation.body {
            code.method(&mut chain, "body", |code| {
                let read = if body.required { "body" } else { "optional_body" };
                code.list([body], |code, body| argument(code, api, read, &body.ty, None));
            });
        }
        code.end_chain(&chain);
        code.word(";");
    });
    // The setters of parameters that decide whether a call may be sent again take a value, not an
    // option.
    for parameter in operation.parameters.iter().filter(|one| is_decided(one)) {
        statement(&mut |code| {
            code.word("let operation = ");
            code.never_break();
            code.matching(
                |code| argument(code, api, "optional", &parameter.ty, Some(&parameter.wire)),
                |code| {
                    code.arm("Some(value)", |code| {
                        let mut chain = code.chain();
                        code.word("operation");
                        code.method(&mut chain, &parameter.name, |code| code.list(["value"], Layout::word));
                        code.end_chain(&chain);
                    });
                    code.arm("None", |code| code.word("operation"));
                },
            );
            code.word(";");
        });
    }
    let typed = |ty| vec![type_path(api.resolve(ty), Scope::Elsewhere), adaptor_path_or_same(api, ty)];
    let (method, types) = match (&operation.subscription, &operation.response) {
        (Some(subscription), _) => ("subscribe", typed(&subscription.ty)),
        (None, None) => ("call", vec![TypePath::unit(), same_path()]),
        (None, Some(_)) if operation.reading == ResponseReading::One(ContentKind::Stream) => {
            ("call_stream", Vec::new())
        }
        (None, Some(ty)) => ("call", typed(ty)),
    };
    statement(&mut |code| {
        code.word("Ok(");
        code.one(|code| {
            let mut chain = code.chain();
            code.word("arguments");
            code.generic_method(&mut chain, method, &types, |code| {
                code.one(|code| {
                    let mut chain = code.chain();
                    code.word("operation");
                    code.method(&mut chain, "send", |_| {});
                    code.end_chain(&chain);
                });
            });
            code.end_chain(&chain);
        });
        code.word(")");
    });
    text.push_str("            }\n");
    text
}

/// Writes code that reads an argument, with its name unless it is the body.
fn argument(code: &mut Layout<'_>, api: &Api, read: &str, ty: &Type, name: Option<&str>) {
    let mut chain = code.chain();
    code.word("arguments");
    let types = [type_path(ty, Scope::Elsewhere), adaptor_path_or_same(api, ty)];
    code.generic_method(&mut chain, read, &types, |code| {
        if let Some(name) = name {
            code.list([name], Layout::literal);
        }
    });
    code.end_chain(&chain);
    code.word("?");
}
