//! Types and names as tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use crate::model::{Api, Type, TypeKind};

/// An identifier; names in the model are valid ones.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// How the items of the module `types` are named where tokens are put.
#[derive(Clone, Copy)]
pub(super) enum Scope {
    /// In `types` itself.
    Types,
    /// In a module that says `use crate::types`.
    Elsewhere,
}

/// A type as tokens, with whole paths.
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

/// The adaptor through which a type travels; `None` when it travels as itself.
///
/// Decimals say by it whether they are written as texts or as numbers.
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
        | Type::Json
        | Type::Object => None,
    }
}

/// The adaptor, or the one of a type that travels as itself.
pub(super) fn adaptor_or_same(api: &Api, ty: &Type) -> TokenStream {
    adaptor(api, ty).unwrap_or_else(|| quote!(::venuekit::wire::Same))
}

/// An integer without a suffix.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}
