//! The arguments of setters, and their conversion to the type of the value.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, Type, TypeKind};

use super::tokens::{Scope, rust_type};

/// The argument of a setter: its type, and the expression that converts the argument `value` to an
/// owned value.
pub(super) struct Argument {
    pub(super) ty: TokenStream,
    pub(super) owned: TokenStream,
}

/// Returns the argument of a setter for a value of this type. A setter of text or of an id takes
/// any type that converts into it, and a setter of a list takes any iterator of its elements.
pub(super) fn argument(api: &Api, ty: &Type) -> Argument {
    let plain = rust_type(ty, Scope::Elsewhere);
    match api.resolve(ty) {
        Type::DecimalText | Type::DecimalNumber => Argument {
            ty: quote!(impl ::venuekit::setters::IntoDecimal),
            owned: quote!(::venuekit::setters::IntoDecimal::into_decimal(value)),
        },
        Type::Text => {
            Argument { ty: quote!(impl ::std::convert::Into<::std::string::String>), owned: quote!(value.into()) }
        }
        Type::List(element) => {
            let plain = rust_type(element, Scope::Elsewhere);
            match api.resolve(element) {
                Type::Text | Type::Base64 | Type::IntegerOrText | Type::Number | Type::Time(_) | Type::File => {
                    Argument {
                        ty: quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#plain>>),
                        owned: quote!(value.into_iter().map(::std::convert::Into::into).collect()),
                    }
                }
                _ => Argument {
                    ty: quote!(impl ::std::iter::IntoIterator<Item = #plain>),
                    owned: quote!(value.into_iter().collect()),
                },
            }
        }
        Type::Base64 | Type::IntegerOrText | Type::Number | Type::Time(_) | Type::File => {
            Argument { ty: quote!(impl ::std::convert::Into<#plain>), owned: quote!(value.into()) }
        }
        Type::Named(name) if is_either(api, name) => {
            Argument { ty: quote!(impl ::std::convert::Into<#plain>), owned: quote!(value.into()) }
        }
        _ => Argument { ty: plain, owned: quote!(value) },
    }
}

/// Returns the argument type of the setter of an optional value. Decimals, texts and objects have a
/// message of their own for an argument that does not fit.
pub(super) fn optional(api: &Api, ty: &Type) -> TokenStream {
    match api.resolve(ty) {
        Type::DecimalText | Type::DecimalNumber => quote!(impl ::venuekit::setters::OptionalDecimal),
        Type::Text => quote!(impl ::venuekit::setters::OptionalText),
        _ if has_builder(api, ty) => {
            let plain = rust_type(ty, Scope::Elsewhere);
            quote!(impl ::venuekit::setters::OptionalObject<#plain>)
        }
        _ => {
            let plain = rust_type(ty, Scope::Elsewhere);
            quote!(impl ::venuekit::setters::Optional<#plain>)
        }
    }
}

/// Returns the argument type of the setter of a value that can be absent or null.
pub(super) fn nullable(api: &Api, ty: &Type) -> TokenStream {
    match api.resolve(ty) {
        Type::DecimalText | Type::DecimalNumber => quote!(impl ::venuekit::setters::NullableDecimal),
        _ => {
            let plain = rust_type(ty, Scope::Elsewhere);
            quote!(impl ::venuekit::setters::Nullable<#plain>)
        }
    }
}

/// Returns whether the values of a type are made by a builder.
pub(super) fn has_builder(api: &Api, ty: &Type) -> bool {
    let Type::Named(name) = api.resolve(ty) else { return false };
    api.type_def(name).is_some_and(|def| matches!(def.kind, TypeKind::Struct(_)))
}

fn is_either(api: &Api, name: &str) -> bool {
    api.type_def(name).is_some_and(|def| matches!(def.kind, TypeKind::Either(_) | TypeKind::Union(_)))
}
