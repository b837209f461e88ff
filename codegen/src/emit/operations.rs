//! `src/operations.rs`: one type an operation, and the static that describes it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{
    Api, CodeRule, Condition, ConditionTest, Idempotent, Operation, Parameter, ParameterLocation, Route, Security,
    Type, Weight,
};

use super::docs::{doc_lines, item_docs, on_the_wire, operation_paragraphs, own_paragraphs};
use super::examples;
use super::format::{Piece, file};
use super::markdown;
use super::paths::Paths;
use super::setters::argument;
use super::tokens::{Scope, adaptor, adaptor_or_same, ident, number, rust_type};

pub(super) fn operations(api: &Api) -> Vec<Piece> {
    let defined = api.operations.iter().flat_map(|operation| {
        let parameters = required_of(operation).into_iter().map(|(_, parameter)| parameter);
        [operation.type_name.as_str(), operation.const_name.as_str()].into_iter().chain(parameters)
    });
    let paths = Paths::beside(defined);
    let mut items: Vec<Piece> = Vec::new();
    for operation in &api.operations {
        items.push(operation_static(api, operation).into());
        items.push(operation_type(api, operation).into());
        items.push(operation_impl(api, operation).into());
        items.extend(required_setters(api, operation).into_iter().map(Piece::Tokens));
    }
    file(&paths, items)
}

/// The names of the type parameters: of required parameters, and of a required body.
pub(super) fn required_of(operation: &Operation) -> Vec<(&str, &str)> {
    let parameters =
        operation.parameters.iter().filter(|p| p.required).map(|p| (p.name.as_str(), p.type_parameter.as_str()));
    let body = operation.body.iter().filter(|body| body.required).map(|body| ("body", body.type_parameter.as_str()));
    parameters.chain(body).collect()
}

fn operation_static(api: &Api, operation: &Operation) -> TokenStream {
    let (name, id) = (ident(&operation.const_name), &operation.id);
    let name_of_type = &operation.type_name;
    // A name can be that of a static or of a macro as well.
    let docs = format!(" Route, parameters and limits of [`{name_of_type}`](struct@{name_of_type}).");
    let start = match &operation.route {
        Route::Http { method, path } => {
            let method = ident(match method.as_str() {
                "POST" => "Post",
                "PUT" => "Put",
                "PATCH" => "Patch",
                "DELETE" => "Delete",
                _ => "Get",
            });
            quote!(::venuekit::operation::Operation::http(#id, ::venuekit::operation::Method::#method, #path))
        }
        Route::Rpc { method } => quote!(::venuekit::operation::Operation::rpc(#id, #method)),
    };
    let parameters = (!operation.parameters.is_empty()).then(|| {
        let parameters = operation.parameters.iter().map(parameter_static);
        quote!(.with_parameters(&[#(#parameters),*]))
    });
    let body = operation.body.as_ref().map(|body| {
        let required = body.required;
        quote!(.with_body(#required))
    });
    let security = match operation.security {
        Security::Public => None,
        Security::Key => Some(quote!(.with_security(::venuekit::operation::Security::Key))),
        Security::Signed => Some(quote!(.with_security(::venuekit::operation::Security::Signed))),
    };
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
    let is_get = matches!(&operation.route, Route::Http { method, .. } if method == "GET");
    let idempotent = match (&operation.idempotent, is_get) {
        (Idempotent::Always, true) | (Idempotent::Never, false) => None,
        (Idempotent::Always, false) => Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::Always))),
        (Idempotent::Never, true) => Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::Never))),
        (Idempotent::WhenPresent(name), _) => {
            Some(quote!(.with_idempotent(::venuekit::operation::Idempotent::WhenPresent(#name))))
        }
    };
    let funds = operation.moves_funds.then(|| quote!(.with_moves_funds()));
    let done = code_rules(&operation.done_codes, "with_done_codes");
    let gone = code_rules(&operation.gone_codes, "with_gone_codes");
    let unknown = code_rules(&operation.unknown_codes, "with_unknown_codes");
    let refused = code_rules(&operation.refused_codes, "with_refused_codes");
    let failed = conditions(&operation.failed_when);
    quote! {
        #[doc = #docs]
        pub static #name: ::venuekit::operation::Operation = #start #parameters #body #security #weight #limits #idempotent #funds #done #gone #unknown #refused #failed;
    }
}

/// The call of a setter that takes codes; none where there is no code.
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

/// The call of the setter that takes conditions; none where there is no condition.
pub(super) fn conditions(conditions: &[Condition]) -> Option<TokenStream> {
    let tokens = conditions.iter().map(|Condition { pointer, test, leaves_open }| {
        let test = match test {
            ConditionTest::Equals(json) => quote!(::venuekit::operation::Condition::equals(#pointer, #json)),
            ConditionTest::Present => quote!(::venuekit::operation::Condition::present(#pointer)),
        };
        let open = leaves_open.then(|| quote!(.leaves_open()));
        quote!(#test #open)
    });
    (!conditions.is_empty()).then(|| quote!(.with_failed_when(&[#(#tokens),*])))
}

fn parameter_static(parameter: &Parameter) -> TokenStream {
    let (name, kind) = (&parameter.wire, ident(if parameter.required { "required" } else { "optional" }));
    let location = ident(match parameter.location {
        ParameterLocation::Path => "Path",
        ParameterLocation::Query => "Query",
        ParameterLocation::QueryJoined => "QueryJoined",
        ParameterLocation::Header => "Header",
        ParameterLocation::Position => "Position",
        ParameterLocation::Rest => "Rest",
    });
    quote!(::venuekit::operation::Parameter::#kind(#name, ::venuekit::operation::Location::#location))
}

fn operation_type(api: &Api, operation: &Operation) -> TokenStream {
    let name = ident(&operation.type_name);
    let mut paragraphs = own_paragraphs(&operation.docs);
    paragraphs.insert(paragraphs.len().min(1), examples::whole_call(api, operation));
    if let Some(deviation) = &operation.docs.deviation {
        paragraphs.push(format!("Differs from the venue's document: {}", markdown::line(deviation)));
    }
    paragraphs.extend(operation_paragraphs(operation));
    let docs = doc_lines(&paragraphs);
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated = "the venue calls it deprecated"]));
    let required = required_of(operation);
    let (generics, mark) = if required.is_empty() {
        (None, None)
    } else {
        let parameters = required.iter().map(|(_, parameter)| ident(parameter));
        let marks = required.iter().map(|(_, parameter)| ident(parameter));
        (
            Some(quote!(<#(#parameters = ::venuekit::builder::Given),*>)),
            Some(quote!(, given: ::std::marker::PhantomData<(#(#marks,)*)>)),
        )
    };
    quote! {
        #docs
        #deprecated
        #[must_use = "an operation does nothing until it is sent"]
        #[derive(Clone, Debug)]
        pub struct #name #generics { draft: ::venuekit::Draft #mark }
    }
}

/// What holds whatever is missing: optional setters and `send`.
fn operation_impl(api: &Api, operation: &Operation) -> TokenStream {
    let name = ident(&operation.type_name);
    let required = required_of(operation);
    let parameters: Vec<_> = required.iter().map(|(_, parameter)| ident(parameter)).collect();
    let generics = (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>));
    let mark = (!parameters.is_empty()).then(|| quote!(, given: ::std::marker::PhantomData));
    let conditions = required.iter().map(|(name, parameter)| {
        let (name, parameter) = (ident(name), ident(parameter));
        quote!(#parameter: crate::required::given::#name)
    });
    let conditions = (!parameters.is_empty()).then(|| quote!(where #(#conditions),*));
    let optional = operation.parameters.iter().enumerate().filter(|(_, parameter)| !parameter.required).map(
        |(position, parameter)| {
            let setter = ident(&parameter.name);
            let docs = item_docs(&parameter.docs, &on_the_wire(&parameter.wire));
            let (ty, write) = if makes_idempotent(operation, &parameter.wire) {
                write(api, position, &parameter.ty)
            } else {
                write_optional(api, position, &parameter.ty)
            };
            quote! {
                #docs
                pub fn #setter(self, value: #ty) -> Self {
                    Self::of(#write)
                }
            }
        },
    );
    let body = operation.body.as_ref().filter(|body| !body.required).map(|body| {
        let docs = item_docs(&body.docs, "The body.");
        let (plain, adaptor) = (rust_type(&body.ty, Scope::Elsewhere), adaptor_or_same(api, &body.ty));
        quote! {
            #docs
            pub fn body(self, value: impl ::venuekit::setters::Optional<#plain>) -> Self {
                Self::of(self.draft.set_optional_body::<#plain, #adaptor>(value))
            }
        }
    });
    let (reply, send) = match &operation.reply {
        None => (quote!(()), quote!(send_unit())),
        Some(ty) => {
            let reply = rust_type(ty, Scope::Elsewhere);
            match adaptor(api, ty) {
                None => (reply, quote!(send())),
                Some(adaptor) => (reply.clone(), quote!(send_as::<#reply, #adaptor>())),
            }
        }
    };
    let mut send_docs = vec!["Sends it.".to_owned()];
    if let Some(text) = &operation.reply_docs {
        send_docs.push(format!("The reply: {}", markdown::line(text)));
    }
    let send_docs = doc_lines(&send_docs);
    quote! {
        impl #generics #name #generics {
            pub(crate) fn of(draft: ::venuekit::Draft) -> Self {
                Self { draft #mark }
            }

            #(#optional)*
            #body

            #send_docs
            #[inline]
            pub fn send(self) -> ::venuekit::Call<#reply> #conditions {
                self.draft.#send
            }
        }
    }
}

/// One block a required value: it can be given once, while it is missing.
fn required_setters(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    let name = ident(&operation.type_name);
    let required = required_of(operation);
    let parameters = operation.parameters.iter().enumerate().filter(|(_, parameter)| parameter.required).map(
        |(position, parameter)| {
            let docs = item_docs(&parameter.docs, &on_the_wire(&parameter.wire));
            (parameter.name.as_str(), docs, write(api, position, &parameter.ty))
        },
    );
    let body = operation
        .body
        .iter()
        .filter(|body| body.required)
        .map(|body| ("body", item_docs(&body.docs, "The body."), write_body(api, &body.ty)));
    let setters = parameters.chain(body).map(|(setter, docs, (ty, write))| {
        let others: Vec<_> =
            required.iter().filter(|(name, _)| *name != setter).map(|(_, parameter)| ident(parameter)).collect();
        let generics = (!others.is_empty()).then(|| quote!(<#(#others),*>));
        let side = |mark: TokenStream| {
            let arguments = required.iter().map(|(name, parameter)| {
                if *name == setter {
                    mark.clone()
                } else {
                    let parameter = ident(parameter);
                    quote!(#parameter)
                }
            });
            quote!(<#(#arguments),*>)
        };
        let setter = ident(setter);
        let (before, after) =
            (side(quote!(crate::required::missing::#setter)), side(quote!(::venuekit::builder::Given)));
        quote! {
            impl #generics #name #before {
                #docs
                pub fn #setter(self, value: #ty) -> #name #after {
                    #name::of(#write)
                }
            }
        }
    });
    setters.collect()
}

/// The type of a setter's argument, and the draft with it set.
fn write(api: &Api, position: usize, ty: &Type) -> (TokenStream, TokenStream) {
    let position = number(position);
    if *api.resolve(ty) == Type::Text {
        return (quote!(impl ::std::convert::AsRef<str>), quote!(self.draft.set(#position, value.as_ref())));
    }
    let argument = argument(api, ty);
    let (ty_tokens, owned) = (argument.ty, argument.owned);
    let plain = rust_type(ty, Scope::Elsewhere);
    let write = match adaptor(api, ty) {
        Some(adaptor) if owned.to_string() == "value" => {
            quote!(self.draft.set(#position, &::venuekit::wire::EncodeAs::<#plain, #adaptor>::new(&value)))
        }
        Some(adaptor) => {
            quote!(self.draft.set(#position, &::venuekit::wire::EncodeAs::<#plain, #adaptor>::new(&#owned)))
        }
        None if owned.to_string() == "value" => quote!(self.draft.set(#position, &value)),
        None => quote!(self.draft.set::<#plain>(#position, &#owned)),
    };
    (ty_tokens, write)
}

/// Whether an operation may be sent again only with this value. Its setter takes no option: leaving the value out has to
/// be a decision.
pub(super) fn makes_idempotent(operation: &Operation, wire: &str) -> bool {
    matches!(&operation.idempotent, Idempotent::WhenPresent(name) if name == wire)
}

/// The type of the argument of an optional value's setter, and the draft with it set.
fn write_optional(api: &Api, position: usize, ty: &Type) -> (TokenStream, TokenStream) {
    let (position, plain) = (number(position), rust_type(ty, Scope::Elsewhere));
    let write = match adaptor(api, ty) {
        Some(adaptor) => quote!(self.draft.set_optional_as::<#plain, #adaptor>(#position, value)),
        None => quote!(self.draft.set_optional::<#plain>(#position, value)),
    };
    (quote!(impl ::venuekit::setters::Optional<#plain>), write)
}

fn write_body(api: &Api, ty: &Type) -> (TokenStream, TokenStream) {
    let plain = rust_type(ty, Scope::Elsewhere);
    match adaptor(api, ty) {
        Some(adaptor) => (
            quote!(impl ::std::borrow::Borrow<#plain>),
            quote!(self.draft.set_body(&::venuekit::wire::EncodeAs::<#plain, #adaptor>::new(::std::borrow::Borrow::borrow(&value)))),
        ),
        None => (
            quote!(impl ::std::borrow::Borrow<#plain>),
            quote!(self.draft.set_body::<#plain>(::std::borrow::Borrow::borrow(&value))),
        ),
    }
}

/// The name of the static of an operation, as other generated modules refer to it.
pub(super) fn static_path(operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", operation.const_name);
    quote!(crate::operations::#name)
}
