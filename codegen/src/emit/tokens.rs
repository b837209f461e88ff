//! Types and names as tokens.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use crate::model::{Api, Type, TypeKind};

use super::format::Piece;

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

/// A type as tokens. Uses `Decimal`, `Json` and `BTreeMap` by their short names: see [`imports`].
pub(super) fn rust_type(ty: &Type, scope: Scope) -> TokenStream {
    match ty {
        Type::Boolean => quote!(bool),
        Type::Int32 => quote!(i32),
        Type::Int64 => quote!(i64),
        Type::Uint32 => quote!(u32),
        Type::Uint64 => quote!(u64),
        Type::Text => quote!(String),
        Type::IntegerOrText => quote!(::venuekit::wire::IntegerOrText),
        Type::DecimalText | Type::DecimalNumber => quote!(Decimal),
        Type::Json | Type::Object => quote!(Json),
        Type::List(element) => {
            let element = rust_type(element, scope);
            quote!(Vec<#element>)
        }
        Type::Map(value) => {
            let value = rust_type(value, scope);
            quote!(BTreeMap<String, #value>)
        }
        Type::Nullable(inner) => {
            let inner = rust_type(inner, scope);
            quote!(Option<#inner>)
        }
        Type::Maybe(inner) => {
            let inner = rust_type(inner, scope);
            quote!(::venuekit::wire::Maybe<#inner>)
        }
        Type::Named(name) => {
            let name = ident(name);
            match scope {
                Scope::Types => quote!(#name),
                Scope::Elsewhere => quote!(types::#name),
            }
        }
    }
}

/// The adaptor through which a type travels; `None` when it travels as itself.
///
/// Decimals say by it whether they are written as texts or as numbers.
pub(super) fn adaptor(api: &Api, ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::DecimalText => Some(quote!(DecimalString)),
        Type::DecimalNumber => Some(quote!(DecimalNumber)),
        Type::List(element) => adaptor(api, element).map(|element| quote!(Vec<#element>)),
        Type::Map(value) => adaptor(api, value).map(|value| quote!(BTreeMap<Same, #value>)),
        Type::Nullable(inner) => adaptor(api, inner).map(|inner| quote!(Option<#inner>)),
        Type::Maybe(inner) => adaptor(api, inner).map(|inner| quote!(::venuekit::wire::Maybe<#inner>)),
        Type::Named(name) => match api.types.iter().find(|def| &def.name == name).map(|def| &def.kind) {
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
    adaptor(api, ty).unwrap_or_else(|| quote!(Same))
}

/// An integer without a suffix.
pub(super) fn number(value: usize) -> Literal {
    Literal::usize_unsuffixed(value)
}

/// `use` lines for those short names that occur in `pieces`: the standard library's, other crates', this crate's.
///
/// `known`: each name and the path it is found under.
pub(super) fn imports<'a>(pieces: impl IntoIterator<Item = &'a Piece>, known: &[(&str, &str)]) -> TokenStream {
    let mut used = BTreeSet::new();
    for piece in pieces {
        collect(piece.tokens(), &mut used);
    }
    let mut grouped: BTreeMap<(u8, &str), Vec<&str>> = BTreeMap::new();
    for (name, path) in known.iter().filter(|(name, _)| used.contains(*name)) {
        let group = if path.starts_with("std") { 0 } else { u8::from(path.starts_with("crate")) + 1 };
        grouped.entry((group, path)).or_default().push(name);
    }
    let lines = grouped.into_iter().filter_map(|((_, path), names)| {
        let path: TokenStream = path.parse().ok()?;
        let names: Vec<Ident> = names.into_iter().map(ident).collect();
        Some(match names.as_slice() {
            [name] => quote!(use #path::#name;),
            names => quote!(use #path::{#(#names),*};),
        })
    });
    quote!(#(#lines)*)
}

/// What stands between the brackets of `#[doc = ".."]`.
fn is_documentation(group: &Group) -> bool {
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "doc")
}

fn collect(tokens: TokenStream, used: &mut BTreeSet<String>) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) if is_documentation(&group) => {}
            TokenTree::Group(group) => collect(group.stream(), used),
            TokenTree::Ident(name) => {
                used.insert(name.to_string());
            }
            TokenTree::Literal(literal) => {
                // serde's attributes name types in strings.
                let text = literal.to_string();
                let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
                if text.starts_with('"') && text.contains("::") {
                    used.extend(words.map(str::to_owned));
                }
            }
            TokenTree::Punct(_) => {}
        }
    }
}
