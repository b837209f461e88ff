//! Types and names as tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::model::{Api, Type, TypeKind};

/// Returns an identifier; the names in the model are valid identifiers.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The place of tokens, which decides how they refer to the items of the module `types`.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// The module `types` itself.
    Types,
    /// A module with `use crate::types`.
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
        Type::IntegerOrText => quote!(::venuekit::wire::IntegerOrText),
        Type::DecimalText | Type::DecimalNumber => quote!(::venuekit::Decimal),
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
        Type::Named(name) => {
            let name = ident(name);
            match scope {
                Scope::Types => quote!(#name),
                Scope::Elsewhere => quote!(crate::types::#name),
            }
        }
    }
}

/// Returns the adaptor with which a type is encoded; `None` if it is encoded without an adaptor.
///
/// The adaptor of a decimal states whether it is written as a string or as a number.
pub(super) fn adaptor(api: &Api, ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::DecimalText => Some(quote!(::venuekit::wire::DecimalString)),
        Type::DecimalNumber => Some(quote!(::venuekit::wire::DecimalNumber)),
        Type::List(element) => adaptor(api, element).map(|element| quote!(::std::vec::Vec<#element>)),
        Type::Map(value) => {
            adaptor(api, value).map(|value| quote!(::std::collections::BTreeMap<::venuekit::wire::Same, #value>))
        }
        Type::Nullable(inner) => adaptor(api, inner).map(|inner| quote!(::std::option::Option<#inner>)),
        Type::Maybe(inner) => adaptor(api, inner).map(|inner| quote!(::venuekit::wire::Maybe<#inner>)),
        Type::Named(name) => match api.type_def(name).map(|def| &def.kind) {
            Some(TypeKind::Alias(target)) => adaptor(api, target),
            _ => None,
        },
        Type::Boolean
        | Type::Int32
        | Type::Int64
        | Type::Uint32
        | Type::Uint64
        | Type::Text
        | Type::IntegerOrText
        | Type::Number
        | Type::Json
        | Type::Object => None,
    }
}

/// Returns the adaptor, or `Same` for a type without an adaptor.
pub(super) fn adaptor_or_same(api: &Api, ty: &Type) -> TokenStream {
    adaptor(api, ty).unwrap_or_else(|| quote!(::venuekit::wire::Same))
}

/// Returns an integer without a suffix.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}
