//! `src/operations.rs`: one type per operation, and the static that describes it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{
    Api, Batch, CodeRule, Condition, ConditionTest, Envelope, Idempotent, NestedConstraints, Operation, PagedBy,
    Pagination, Parameter, ParameterLocation, Protocol, Route, Security, Type, Weight,
};
use crate::source::Style;

use super::bodies;
use super::bounds::BoundedTypes;
use super::constraints;
use super::docs::{doc_lines, item_docs, on_the_wire, operation_paragraphs, own_paragraphs, value_docs};
use super::error_table::ErrorTable;
use super::examples;
use super::format::{Piece, Section, file};
use super::markdown;
use super::paths::Paths;
use super::setters::{argument, optional};
use super::subscriptions;
use super::tokens::{AdaptorFor, Scope, adaptor, adaptor_for, ident, number, rust_type, same};

pub(super) fn operations(api: &Api) -> Vec<Piece> {
    let defined = api.operations.iter().flat_map(|operation| {
        let parameters = required_of(operation).into_iter().map(|(_, parameter)| parameter);
        let family = operation.subscription.iter().map(|family| family.const_name.as_str());
        [operation.type_name.as_str(), operation.const_name.as_str()].into_iter().chain(parameters).chain(family)
    });
    let paths = Paths::beside(defined);
    let (bounded, nested) = (BoundedTypes::new(api), NestedConstraints::new(api));
    let codes = ErrorTable::new(api);
    let (bounded, nested, codes) = (&bounded, &nested, &codes);
    let items = api.operations.iter().flat_map(|operation| {
        let subscription = operation.subscription.as_ref();
        let statics = [
            Some(operation_static(api, bounded, nested, operation)),
            subscription.map(|subscription| subscriptions::unsubscribe(api, operation, subscription)),
            subscription.map(|subscription| subscriptions::family(api, operation, subscription)),
        ];
        let called = (!api.is_login(operation)).then(|| operation_type(api, codes, nested, operation));
        statics.into_iter().flatten().map(Into::into).chain(called)
    });
    file(&paths, items)
}

/// Returns the required values, each with its type parameter: the parameters by name, then the
/// body.
pub(super) fn required_of(operation: &Operation) -> Vec<(&str, &str)> {
    let parameters =
        operation.parameters.iter().filter(|p| p.required).map(|p| (p.name.as_str(), p.type_parameter.as_str()));
    let body = operation.body.iter().filter(|body| body.required).map(|body| ("body", body.type_parameter.as_str()));
    parameters.chain(body).collect()
}

fn operation_static(
    api: &Api,
    bounded: &BoundedTypes<'_>,
    nested: &NestedConstraints<'_>,
    operation: &Operation,
) -> TokenStream {
    let (name, id) = (ident(&operation.const_name), &operation.id);
    let name_of_type = &operation.type_name;
    // A static or a macro may have the same name.
    let is_own_login = api.socket.as_ref().and_then(|socket| socket.login.as_ref()) == Some(&operation.id);
    let docs = if is_own_login {
        " The login of a connection. The signer adds its parameters.".to_owned()
    } else if api.is_login(operation) {
        " Another login of a connection. The client calls it if its signer names it.".to_owned()
    } else {
        format!(" Route, parameters and limits of [`{name_of_type}`](struct@{name_of_type}).")
    };
    let start = match &operation.route {
        Route::Http { method, path } => {
            let method = ident(match method.as_str() {
                "POST" => "Post",
                "PUT" => "Put",
                "PATCH" => "Patch",
                "DELETE" => "Delete",
                "HEAD" => "Head",
                _ => "Get",
            });
            quote!(::venuekit::operation::Operation::http(#id, ::venuekit::operation::Method::#method, #path))
        }
        Route::Rpc { method } => {
            let start = ident(match (api.protocol, operation.is_notification) {
                (_, true) => "notification",
                (Protocol::JsonRpc(Envelope::Bare), false) => "rpc",
                (_, false) => "json_rpc",
            });
            quote!(::venuekit::operation::Operation::#start(#id, #method))
        }
    };
    let query = (!operation.query.is_empty()).then(|| {
        let pairs = operation.query.iter().map(|(name, value)| quote!((#name, #value)));
        quote!(.with_query(&[#(#pairs),*]))
    });
    let parameters = (!operation.parameters.is_empty() && !api.is_login(operation)).then(|| {
        let parameters = operation.parameters.iter().map(|parameter| parameter_static(bounded, parameter));
        quote!(.with_parameters(&[#(#parameters),*]))
    });
    let body = operation.body.as_ref().map(|body| {
        let required = body.required;
        let bounds = bounded.reference(&body.ty, &body.bounds).map(|bounds| quote!(.with_body_bounds(#bounds)));
        let content = bodies::content(body);
        quote!(.with_body(#required) #content #bounds)
    });
    let form = bodies::form(operation);
    let response = bodies::response(operation);
    let error_types = bodies::error_types(api, operation);
    let security = match operation.security {
        Security::Public => None,
        Security::Key => Some(quote!(.with_security(::venuekit::operation::Security::Key))),
        Security::Signed => Some(quote!(.with_security(::venuekit::operation::Security::Signed))),
        Security::Login => Some(quote!(.with_security(::venuekit::operation::Security::Login))),
    };
    let schemes = (!operation.schemes.is_empty()).then(|| {
        let alternatives = operation.schemes.iter().map(|names| quote!(&[#(#names),*]));
        quote!(.with_schemes(&[#(#alternatives),*]))
    });
    let weight = match &operation.weight {
        Weight::Fixed(1) => None,
        Weight::Fixed(weight) => {
            let weight = proc_macro2::Literal::u32_unsuffixed(*weight);
            Some(quote!(.with_weight(::venuekit::operation::Weight::Fixed(#weight))))
        }
        Weight::ByParameter { when_present, otherwise } => {
            let cases = when_present.iter().filter_map(|(index, weight)| {
                let name = &operation.parameters.get(*index)?.wire;
                let weight = proc_macro2::Literal::u32_unsuffixed(*weight);
                Some(quote!((#name, #weight)))
            });
            let otherwise = proc_macro2::Literal::u32_unsuffixed(*otherwise);
            Some(quote!(.with_weight(::venuekit::operation::Weight::by_parameter(&[#(#cases),*], #otherwise))))
        }
    };
    let limits = (!operation.limits.is_empty()).then(|| {
        let names = operation.limits.iter().filter_map(|index| api.limits.get(*index)).map(|limit| &limit.name);
        quote!(.with_limits(&[#(#names),*]))
    });
    let is_get = matches!(&operation.route, Route::Http { method, .. } if matches!(method.as_str(), "GET" | "HEAD"));
    let idempotent = match (&operation.idempotent, is_get) {
        (Idempotent::Always, true) | (Idempotent::Never, false) => None,
        (Idempotent::Always, false) => Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::Always))),
        (Idempotent::Never, true) => Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::Never))),
        (Idempotent::WhenPresent(names), _) => {
            Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::WhenPresent(&[#(#names),*]))))
        }
    };
    let constraints = constraints::statics(nested, operation);
    let funds = operation.moves_funds.then(|| quote!(.with_moves_funds()));
    let cancels = operation.cancels.then(|| quote!(.with_cancels()));
    let done = code_rules(&operation.done_codes, "with_done_codes");
    let gone = code_rules(&operation.gone_codes, "with_gone_codes");
    let unknown = code_rules(&operation.unknown_codes, "with_unknown_codes");
    let open_statuses = (!operation.unknown_statuses.is_empty()).then(|| {
        let statuses = operation.unknown_statuses.iter().map(|status| proc_macro2::Literal::u16_unsuffixed(*status));
        quote!(.with_unknown_statuses(&[#(#statuses),*]))
    });
    let refused = code_rules(&operation.refused_codes, "with_refused_codes");
    let failed = conditions(&operation.failed_when);
    let batch = operation
        .batch
        .as_ref()
        .map(|Batch { request, response }| quote!(.with_batch(::venuekit::operation::Batch::new(#request, #response))));
    let pages = operation.pagination.as_ref().map(|pages| pagination(operation, pages));
    quote! {
        #[doc = #docs]
        pub static #name: ::venuekit::operation::Operation = #start
            #query #parameters #body #form #response #error_types #security #schemes #weight #limits
            #constraints #idempotent #funds #cancels #done #gone #unknown #open_statuses #refused #failed
            #batch #pages;
    }
}

/// Returns the call of a setter that takes codes; `None` if there are no codes.
pub(super) fn code_rules(codes: &[CodeRule], setter: &str) -> Option<TokenStream> {
    let setter = ident(setter);
    let rules = codes.iter().map(|CodeRule { code, status, pointer, message }| {
        let status = status.map(|status| {
            let status = proc_macro2::Literal::u16_unsuffixed(status);
            quote!(.with_status(#status))
        });
        let pointer = pointer.iter().map(|pointer| quote!(.with_pointer(#pointer)));
        let message = message.iter().map(|message| quote!(.with_message(#message)));
        quote!(::venuekit::operation::CodeRule::new(#code) #status #(#pointer)* #(#message)*)
    });
    (!codes.is_empty()).then(|| quote!(.#setter(&[#(#rules),*])))
}

/// Returns the call of the setter that takes conditions; `None` if there are no conditions.
/// Conditions that follow each other and differ only in their scalar are one condition.
pub(super) fn conditions(conditions: &[Condition]) -> Option<TokenStream> {
    let scalar = |condition: &Condition| match &condition.test {
        ConditionTest::Equals(json) => Some(json.clone()),
        ConditionTest::Present => None,
    };
    let is_alike = |one: &Condition, next: &Condition| {
        let is_same = (&one.pointer, &one.beside, one.leaves_open) == (&next.pointer, &next.beside, next.leaves_open);
        // All values at a pointer have to pass, and a second `*` stands for several values.
        let has_one_value = one.pointer.matches("/*").count() <= 1;
        is_same && has_one_value && scalar(one).is_some() && scalar(next).is_some()
    };
    let tokens = conditions.chunk_by(is_alike).filter_map(|alike| {
        let Condition { pointer, beside, leaves_open, .. } = alike.first()?;
        let scalars: Vec<_> = alike.iter().filter_map(scalar).collect();
        let test = match scalars.as_slice() {
            [] => quote!(::venuekit::operation::Condition::present(#pointer)),
            [json] => quote!(::venuekit::operation::Condition::equals(#pointer, #json)),
            several => quote!(::venuekit::operation::Condition::one_of(#pointer, &[#(#several),*])),
        };
        let beside = beside.iter().map(|pointer| quote!(.beside(#pointer)));
        let open = leaves_open.then(|| quote!(.leaves_open()));
        Some(quote!(#test #(#beside)* #open))
    });
    (!conditions.is_empty()).then(|| quote!(.with_failed_when(&[#(#tokens),*])))
}

fn parameter_static(bounded: &BoundedTypes<'_>, parameter: &Parameter) -> TokenStream {
    let (name, kind) = (&parameter.wire, ident(if parameter.required { "required" } else { "optional" }));
    let place = ident(match parameter.location {
        ParameterLocation::Path => "Path",
        ParameterLocation::Query => "Query",
        ParameterLocation::QueryJoined => "QueryJoined",
        ParameterLocation::Header => "Header",
        ParameterLocation::Form => "Form",
        ParameterLocation::Cookie => "Cookie",
        ParameterLocation::Position => "Position",
        ParameterLocation::Rest => "Rest",
        ParameterLocation::Name => "Name",
    });
    let bounds = bounded.reference(&parameter.ty, &parameter.bounds).map(|bounds| quote!(.with_bounds(#bounds)));
    let style = parameter.style.map(|(style, explode)| {
        let style = ident(match style {
            Style::Simple => "Simple",
            Style::Label => "Label",
            Style::Matrix => "Matrix",
            Style::Form => "Form",
            Style::SpaceDelimited => "SpaceDelimited",
            Style::PipeDelimited => "PipeDelimited",
            Style::DeepObject => "DeepObject",
            Style::Json => "Json",
        });
        quote!(.with_style(::venuekit::operation::Style::#style, #explode))
    });
    let reserved = parameter.keeps_reserved.then(|| quote!(.with_reserved()));
    let start = quote!(::venuekit::operation::Parameter::#kind(#name, ::venuekit::operation::ParameterIn::#place));
    let field = bodies::form_style(parameter);
    quote!(#start #style #reserved #field #bounds)
}

/// Returns the type of an operation: the call of the macro that defines it.
fn operation_type(api: &Api, codes: &ErrorTable<'_>, nested: &NestedConstraints<'_>, operation: &Operation) -> Piece {
    let required = section("required", required_setters(api, operation));
    let optional = section("optional", optional_setters(api, operation));
    let send = match &operation.subscription {
        Some(subscription) => subscriptions::send(api, subscription),
        None => send(api, operation),
    };
    let (head, send) = (Section::plain(head(api, codes, nested, operation)), Section::plain(send));
    let items = items(api, operation).map(Section::plain);
    let sections = [Some(head), required, optional, Some(send), items].into_iter().flatten().collect();
    Piece::Macro { name: "venuekit::codegen::operation", sections }
}

/// Returns a section with a title; `None` if it would be empty.
fn section(title: &'static str, items: Vec<TokenStream>) -> Option<Section> {
    (!items.is_empty()).then(|| Section { title: Some(title), items: quote!(#(#items)*) })
}

fn head(api: &Api, codes: &ErrorTable<'_>, nested: &NestedConstraints<'_>, operation: &Operation) -> TokenStream {
    let name = ident(&operation.type_name);
    let mut paragraphs = own_paragraphs(&operation.docs);
    paragraphs.insert(paragraphs.len().min(1), examples::whole_call(api, operation));
    if let Some(deviation) = &operation.docs.deviation {
        paragraphs.push(format!("Differs from the venue's document: {}", markdown::line(deviation)));
    }
    paragraphs.extend(operation_paragraphs(api, codes, operation, constraints::of_operation(nested, operation)));
    let docs = doc_lines(&paragraphs);
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated = "the venue calls it deprecated"]));
    let reads = (operation.only_reads() && operation.subscription.is_none()).then(|| quote!((Reads)));
    quote! {
        #docs
        #deprecated
        pub struct #name #reads;
    }
}

fn parameter_docs(api: &Api, operation: &Operation, parameter: &Parameter) -> TokenStream {
    let constraints = constraints::of_parameter(operation, &parameter.wire);
    let Parameter { docs, ty, bounds, wire, .. } = parameter;
    value_docs(api, docs, ty, bounds, &on_the_wire(wire), &constraints)
}

/// Returns the setters of required values, each with its type parameter.
fn required_setters(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let parameters = operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.required).map(
        |(position, parameter)| {
            let (setter, mark) = (ident(&parameter.name), ident(&parameter.type_parameter));
            let docs = parameter_docs(api, operation, parameter);
            let file = bodies::write_file(position, parameter);
            let (ty, write) = file.unwrap_or_else(|| write(api, position, &parameter.ty));
            quote!(#docs fn #setter(value: #ty) -> #mark { #write })
        },
    );
    let body = operation.body.iter().filter(|body| body.required).map(|body| {
        let (docs, mark) = (item_docs(&body.docs, &body.bounds, "The body."), ident(&body.type_parameter));
        let (ty, write) = bodies::write(api, body);
        quote!(#docs fn body(value: #ty) -> #mark { #write })
    });
    parameters.chain(body).collect()
}

/// Returns the setters of optional values.
fn optional_setters(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let parameters = operation.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.required).map(
        |(position, parameter)| {
            let setter = ident(&parameter.name);
            let docs = parameter_docs(api, operation, parameter);
            let (ty, write) = if let Some(file) = bodies::write_file(position, parameter) {
                file
            } else if makes_idempotent(operation, &parameter.wire) {
                write(api, position, &parameter.ty)
            } else {
                write_optional(api, position, &parameter.ty)
            };
            quote!(#docs fn #setter(value: #ty) { #write })
        },
    );
    let body = operation.body.iter().filter(|body| !body.required).map(|body| {
        let docs = item_docs(&body.docs, &body.bounds, "The body.");
        let (plain, write) = bodies::write_optional(api, body);
        quote!(#docs fn body(value: impl ::venuekit::setters::Optional<#plain>) { #write })
    });
    parameters.chain(body).collect()
}

fn send(api: &Api, operation: &Operation) -> TokenStream {
    let (response, send) = bodies::send(api, operation);
    let mut docs = vec!["Sends the request.".to_owned()];
    if let Some(text) = &operation.response_docs {
        docs.push(format!("The response: {}", markdown::line(text)));
    }
    let docs = doc_lines(&docs);
    quote!(#docs fn send() -> #response { #send })
}

/// Returns the call of the setter of the pages.
fn pagination(operation: &Operation, pages: &Pagination) -> TokenStream {
    let Pagination { items, by, value, first, repeats, .. } = pages;
    let parameter = operation.parameters.get(pages.parameter).map(|parameter| parameter.wire.as_str());
    let parameter = parameter.unwrap_or_default();
    let first = proc_macro2::Literal::u32_unsuffixed(*first);
    let repeats = repeats.then(|| quote!(.with_repeated_item()));
    let path = quote!(::venuekit::operation::Pagination);
    let pages = match by {
        PagedBy::Offset => quote!(#path::by_offset(#items, #parameter)),
        PagedBy::Number => {
            let number = (!value.is_empty()).then(|| quote!(.with_number_at(#value)));
            quote!(#path::by_number(#items, #parameter, #first) #number)
        }
        PagedBy::Cursor => quote!(#path::by_cursor(#items, #parameter, #value)),
        PagedBy::LastItem => quote!(#path::by_last_item(#items, #parameter, #value) #repeats),
    };
    quote!(.with_pagination(#pages))
}

/// Returns the method with the items of all pages; `None` if the operation has no pages, if their
/// items have no type, or if a setter has the name of the method.
fn items(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let pages = operation.pagination.as_ref().filter(|_| operation.subscription.is_none())?;
    if operation.parameters.iter().any(|parameter| parameter.name == "items") {
        return None;
    }
    let item = api.item_at(operation.response.as_ref()?, &pages.items)?;
    let ty = rust_type(item, Scope::Elsewhere);
    let adaptor = adaptor_for(api, item, AdaptorFor::Response).unwrap_or_else(same);
    let docs = doc_lines(&[
        "Returns the items of all pages, as a stream. It asks for a page when the items before it were taken, and ends \
         with a page without items."
            .to_owned(),
    ]);
    Some(quote!(#docs fn items() -> #ty { items::<#ty, #adaptor>() }))
}

/// Returns the argument type of a setter, and the method of the request that the setter calls.
fn write(api: &Api, position: usize, ty: &Type) -> (TokenStream, TokenStream) {
    let position = number(position);
    if *api.resolve(ty) == Type::Text {
        return (quote!(impl ::std::convert::AsRef<str>), quote!(set(#position, value.as_ref())));
    }
    let argument = argument(api, ty);
    let (ty_tokens, owned) = (argument.ty, argument.owned);
    let plain = rust_type(ty, Scope::Elsewhere);
    let write = match adaptor(api, ty) {
        Some(adaptor) => quote!(set_as::<#plain, #adaptor>(#position, &#owned)),
        None if owned.to_string() == "value" => quote!(set(#position, &value)),
        None => quote!(set::<#plain>(#position, &#owned)),
    };
    (ty_tokens, write)
}

/// Returns whether this value makes it safe to send an operation again. Its setter takes no
/// `Option`, because leaving the value out has to be a decision of the caller.
pub(super) fn makes_idempotent(operation: &Operation, wire: &str) -> bool {
    matches!(&operation.idempotent, Idempotent::WhenPresent(names) if names.iter().any(|name| name == wire))
}

/// Returns the argument type of an optional value's setter, and the method of the request that the
/// setter calls.
fn write_optional(api: &Api, position: usize, ty: &Type) -> (TokenStream, TokenStream) {
    let (position, plain) = (number(position), rust_type(ty, Scope::Elsewhere));
    let write = match adaptor(api, ty) {
        Some(adaptor) => quote!(set_optional_as::<#plain, #adaptor>(#position, value)),
        None => quote!(set_optional::<#plain>(#position, value)),
    };
    (optional(api, ty), write)
}
