//! What a setter takes, and how it brings it into the type of its value.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, Type, TypeKind};

use super::tokens::{Scope, rust_type};

/// The argument of a setter: its type, and the expression that makes the owned value of the
/// argument `value`.
pub(super) struct Argument {
    pub(super) ty: TokenStream,
    pub(super) owned: TokenStream,
}

/// Returns what a setter for a value of this type takes: text and ids as anything that becomes one,
/// lists as anything that yields their elements.
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
                Type::Text | Type::IntegerOrText => Argument {
                    ty: quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<#plain>>),
                    owned: quote!(value.into_iter().map(::std::convert::Into::into).collect()),
                },
                _ => Argument {
                    ty: quote!(impl ::std::iter::IntoIterator<Item = #plain>),
                    owned: quote!(value.into_iter().collect()),
                },
            }
        }
        Type::IntegerOrText => Argument { ty: quote!(impl ::std::convert::Into<#plain>), owned: quote!(value.into()) },
        Type::Named(name) if is_either(api, name) => {
            Argument { ty: quote!(impl ::std::convert::Into<#plain>), owned: quote!(value.into()) }
        }
        _ => Argument { ty: plain, owned: quote!(value) },
    }
}

fn is_either(api: &Api, name: &str) -> bool {
    api.type_def(name).is_some_and(|def| matches!(def.kind, TypeKind::Either(_)))
}
