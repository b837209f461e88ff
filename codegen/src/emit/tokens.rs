//! Turns types and names into tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote};

use crate::model::{Api, Operation, Type, TypeDef, TypeKind};

/// Returns a name of the model as an identifier. All names in the model are valid identifiers.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The place of tokens, which decides how they refer to the items of the module `types`.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// The module `types` itself.
    Types,
    /// Any other module. Its tokens name `crate::types`.
    Elsewhere,
}

/// Returns a type as tokens, with full paths.
pub(super) fn rust_type(ty: &Type, scope: Scope) -> TokenStream {
    match ty {
        Type::Boolean => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Uint32 => quote!(u32),
        Type::Uint64 => quote!(u64),
        Type::Text => quote!(::std::string::String),
        Type::Base64 => quote!(::venuekit::wire::Base64),
        Type::IntegerOrText => quote!(::venuekit::wire::IntegerOrText),
        Type::DecimalText | Type::DecimalNumber => quote!(::venuekit::Decimal),
        Type::Time(format) => {
            let name = ident(format.rust_name());
            quote!(::venuekit::time::#name)
        }
        Type::Number => quote!(::venuekit::wire::Number),
        Type::Json | Type::Object => quote!(::venuekit::wire::Json),
        Type::List(element) => {
            let element = rust_type(element, scope);
            quote!(::std::vec::Vec<#element>)
        }
        Type::Map(value) => {
            let value = rust_type(value, scope);
            quote!(::std::collections::BTreeMap<::std::string::String, #value>)
        }
        Type::Nullable(inner) => {
            let inner = rust_type(inner, scope);
            quote!(::std::option::Option<#inner>)
        }
        Type::Maybe(inner) => {
            let inner = rust_type(inner, scope);
            quote!(::venuekit::wire::Maybe<#inner>)
        }
        Type::RawBytes => quote!(::venuekit::bytes::Bytes),
        Type::File => quote!(::venuekit::File),
        Type::Boxed(inner) => {
            let inner = rust_type(inner, scope);
            quote!(::std::boxed::Box<#inner>)
        }
        Type::Named(name) => {
            let name = ident(name);
            match scope {
                Scope::Types => quote!(#name),
                Scope::Elsewhere => quote!(crate::types::#name),
            }
        }
    }
}

/// The part of a call in which an adaptor is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AdaptorFor {
    /// A request. If a list is read with its adaptor, a bad element is an error.
    Request,
    /// A response. A lenient call drops the bad elements of a list.
    Response,
}

/// Returns the adaptor with which a type is encoded in a request; `None` if it is encoded without
/// an adaptor.
///
/// The adaptor of a decimal decides whether it is written as a string or as a number. The adaptor
/// of a time that is a number in a string writes a string. The adaptor of a time that is an integer
/// refuses a time with a fraction.
pub(super) fn adaptor(api: &Api, ty: &Type) -> Option<TokenStream> {
    adaptor_for(api, ty, AdaptorFor::Request)
}

/// Returns the adaptor of a type; `None` if it has none.
pub(super) fn adaptor_for(api: &Api, ty: &Type, part: AdaptorFor) -> Option<TokenStream> {
    let inner = |ty: &Type| adaptor_for(api, ty, part);
    let inner_or_same = |ty: &Type| inner(ty).unwrap_or_else(same);
    match ty {
        Type::DecimalText => Some(quote!(::venuekit::wire::DecimalString)),
        Type::DecimalNumber => Some(quote!(::venuekit::wire::DecimalNumber)),
        Type::RawBytes => Some(quote!(::venuekit::wire::RawBytes)),
        Type::Time(format) if format.is_number_in_text() => Some(quote!(::venuekit::time::TimeText)),
        // In a response, the venue may send decimals nevertheless, and the value is written as it
        // came.
        Type::Time(format) if format.is_integer && part == AdaptorFor::Request => {
            Some(quote!(::venuekit::time::TimeInteger))
        }
        Type::List(element) if part == AdaptorFor::Response => {
            let element = inner_or_same(element);
            Some(quote!(::venuekit::wire::List<#element>))
        }
        Type::Map(value) if part == AdaptorFor::Response => {
            let value = inner_or_same(value);
            Some(quote!(::venuekit::wire::Map<#value>))
        }
        Type::List(element) => inner(element).map(|element| quote!(::std::vec::Vec<#element>)),
        Type::Map(value) => {
            inner(value).map(|value| quote!(::std::collections::BTreeMap<::venuekit::wire::Same, #value>))
        }
        Type::Nullable(ty) => inner(ty).map(|inner| quote!(::std::option::Option<#inner>)),
        Type::Maybe(ty) => inner(ty).map(|inner| quote!(::venuekit::wire::Maybe<#inner>)),
        Type::Named(name) => match api.type_def(name).map(|def| &def.kind) {
            Some(TypeKind::Alias(target)) => inner(target),
            _ => None,
        },
        // A boxed type contains itself, so it is a struct, a row or a union, and needs no adaptor.
        Type::Boxed(_)
        | Type::Boolean
        | Type::Int32
        | Type::Int64
        | Type::Uint32
        | Type::Uint64
        | Type::Text
        | Type::Base64
        | Type::IntegerOrText
        | Type::Time(_)
        | Type::Number
        | Type::Json
        | Type::Object
        | Type::File => None,
    }
}

/// Returns the adaptor of a part of a named type.
pub(super) fn adaptor_within(api: &Api, def: &TypeDef, ty: &Type) -> Option<TokenStream> {
    adaptor_for(api, ty, if def.in_response { AdaptorFor::Response } else { AdaptorFor::Request })
}

/// Returns the adaptor, or `Same` for a type without an adaptor.
pub(super) fn adaptor_or_same(api: &Api, ty: &Type) -> TokenStream {
    adaptor(api, ty).unwrap_or_else(same)
}

/// Returns the adaptor `Same`, for a type that needs no adaptor.
pub(super) fn same() -> TokenStream {
    quote!(::venuekit::wire::Same)
}

/// Returns an integer without a suffix.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// Returns the path of an operation's static, for use in other generated modules.
pub(super) fn static_path(operation: &Operation) -> TokenStream {
    let name = format_ident!("{}", operation.const_name);
    quote!(crate::operations::#name)
}
