//! `src/builders.rs`: builders of the types that requests contain.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::names::{RESERVED_MEMBERS, beside, compound};
use crate::model::{Api, Docs, Field, Idempotent, Others, Type, TypeDef, TypeKind};

use super::constraints;
use super::docs::{self, on_the_wire};
use super::format::{Piece, file};
use super::paths::Paths;
use super::setters::{Argument, argument, nullable, optional};
use super::tokens::{Scope, ident, rust_type};

/// Returns whether the API has types with builders.
pub(super) fn any(api: &Api) -> bool {
    built(api).next().is_some()
}

fn built(api: &Api) -> impl Iterator<Item = (&TypeDef, &[Field])> {
    api.types.iter().filter(|def| def.in_request).filter_map(|def| match &def.kind {
        TypeKind::Struct(fields) => Some((def, fields.as_slice())),
        TypeKind::Row { columns, .. } => Some((def, columns.as_slice())),
        _ => None,
    })
}

pub(super) fn builders(api: &Api) -> Vec<Piece> {
    let names: Vec<String> = built(api).map(|(def, _)| builder_name(def)).collect();
    let parameters = built(api).flat_map(|(_, fields)| fields).filter(|field| field.required);
    let defined = parameters.map(|field| field.type_parameter.as_str()).chain(names.iter().map(String::as_str));
    let paths = Paths::beside(defined);
    let decided = decided(api);
    let items = built(api).flat_map(|(def, fields)| builder(api, &decided, def, fields));
    file(&paths, items.map(Piece::Tokens))
}

fn builder_name(def: &TypeDef) -> String {
    compound(&def.name, "Builder")
}

fn builder(api: &Api, decided: &DecidingProperties<'_>, def: &TypeDef, fields: &[Field]) -> Vec<TokenStream> {
    let name = ident(&def.name);
    let builder = ident(&builder_name(def));
    let required: Vec<&Field> = fields.iter().filter(|field| field.required).collect();
    let parameters: Vec<_> = required.iter().map(|field| ident(&field.type_parameter)).collect();
    let names: Vec<_> = required.iter().map(|field| ident(&field.name)).collect();
    let (defaults, generics, start, mark, conditions) = if required.is_empty() {
        (None, None, None, None, None)
    } else {
        (
            Some(quote!(<#(#parameters = ::venuekit::setters::Given),*>)),
            Some(quote!(<#(#parameters),*>)),
            Some(quote!(<#(crate::required::missing::#names),*>)),
            Some(quote!(, given: ::std::marker::PhantomData<(#(#parameters,)*)>)),
            Some(quote!(where #(#parameters: crate::required::given::#names),*)),
        )
    };
    let mark_value = (!required.is_empty()).then(|| quote!(, given: ::std::marker::PhantomData));
    let start_docs = format!(" Starts a [`types::{}`].", def.name);
    let docs = format!(" Builds a [`types::{}`]. `build` is available once all required values are given.", def.name);
    let names_of_all = fields.iter().map(|field| &field.name).chain(def.others.iter().map(|others| &others.name));
    let blanks = names_of_all.map(|name| {
        let name = ident(name);
        quote!(#name: ::venuekit::codegen::Blank::blank())
    });
    let others = def.others.iter().map(others);
    let optional = fields.iter().filter(|field| !field.required).map(|field| {
        let (name, setter) = (ident(&field.name), setter(field));
        let docs = field_docs(api, def, fields, field);
        let (ty, held) = optional_argument(api, decided, def, field);
        quote! {
            #docs
            pub fn #setter(mut self, value: #ty) -> Self {
                self.value.#name = #held;
                self
            }
        }
    });
    let mut items = vec![
        quote! {
            impl crate::types::#name {
                #[doc = #start_docs]
                pub fn builder() -> #builder #start {
                    #builder::new(::venuekit::codegen::Blank::blank())
                }
            }

            impl ::venuekit::codegen::Blank for crate::types::#name {
                fn blank() -> Self {
                    Self { #(#blanks),* }
                }
            }
        },
        quote! {
            #[doc = #docs]
            #[must_use = "a builder does nothing until it is built"]
            #[derive(Clone, Debug)]
            pub struct #builder #defaults { value: crate::types::#name #mark }
        },
        quote! {
            impl #generics #builder #generics {
                fn new(value: crate::types::#name) -> Self {
                    Self { value #mark_value }
                }

                #(#optional)*
                #(#others)*

                /// Returns the built value.
                pub fn build(self) -> crate::types::#name #conditions {
                    self.value
                }
            }
        },
    ];
    for field in &required {
        let others = required.iter().filter(|other| other.name != field.name).map(|other| ident(&other.type_parameter));
        let others: Vec<_> = others.collect();
        let generics = (!others.is_empty()).then(|| quote!(<#(#others),*>));
        let (name, setter) = (ident(&field.name), setter(field));
        let side = |mark: TokenStream| {
            let arguments = required.iter().map(|other| {
                if other.name == field.name {
                    mark.clone()
                } else {
                    let parameter = ident(&other.type_parameter);
                    quote!(#parameter)
                }
            });
            quote!(<#(#arguments),*>)
        };
        let (before, after) = (side(quote!(crate::required::missing::#name)), side(quote!(::venuekit::setters::Given)));
        let docs = field_docs(api, def, fields, field);
        let (ty, owned) = required_argument(api, field);
        items.push(quote! {
            impl #generics #builder #before {
                #docs
                pub fn #setter(mut self, value: #ty) -> #builder #after {
                    self.value.#name = #owned;
                    #builder::new(self.value)
                }
            }
        });
    }
    items
}

/// Returns the setter of the properties of other names.
fn others(others: &Others) -> TokenStream {
    let (name, setter) = (ident(&others.name), ident(&beside(others.name.clone(), RESERVED_MEMBERS)));
    let docs = docs::item_docs(&Docs::default(), &others.bounds, docs::OTHER_PROPERTIES);
    let value = match &others.map {
        Type::Map(value) => rust_type(value, Scope::Elsewhere),
        ty => rust_type(ty, Scope::Elsewhere),
    };
    quote! {
        #docs
        pub fn #setter(
            mut self,
            value: impl ::std::iter::IntoIterator<Item = (impl ::std::convert::Into<::std::string::String>, #value)>,
        ) -> Self {
            self.value.#name = value.into_iter().map(|(name, value)| (name.into(), value)).collect();
            self
        }
    }
}

/// Returns the setter of a property. It has the name of the field. An underscore is added if every
/// builder has a method of that name.
fn setter(field: &Field) -> Ident {
    ident(&beside(field.name.clone(), RESERVED_MEMBERS))
}

fn field_docs(api: &Api, def: &TypeDef, fields: &[Field], field: &Field) -> TokenStream {
    let constraints = constraints::of_field(&def.constraints, fields, field);
    let docs = docs::field_docs(api, field, &on_the_wire(&field.wire), &constraints);
    let null = matches!(field.held(), Type::Maybe(_)).then(|| {
        quote! {
            ///
            /// Takes a value, an option, or `Maybe::Null` to send null.
        }
    });
    quote!(#docs #null)
}

/// Returns the argument type of an optional property's setter, and the expression for the field.
fn optional_argument(
    api: &Api,
    decided: &DecidingProperties<'_>,
    def: &TypeDef,
    field: &Field,
) -> (TokenStream, TokenStream) {
    if let Type::Maybe(inner) = field.held() {
        return (nullable(api, &inner), quote!(::venuekit::setters::Nullable::into_maybe(value)));
    }
    if decided.contains(&(def.name.as_str(), field.wire.as_str())) {
        let Argument { ty, owned } = argument(api, &field.ty);
        return (ty, quote!(Some(#owned)));
    }
    (optional(api, &field.ty), quote!(::venuekit::setters::Optional::into_optional(value)))
}

/// The properties that decide whether an operation may be sent again, as the name of the type in
/// Rust and the name of the property on the wire. Their setters take no option, because leaving the
/// value out has to be a decision.
type DecidingProperties<'a> = BTreeSet<(&'a str, &'a str)>;

fn decided(api: &Api) -> DecidingProperties<'_> {
    let mut decided = DecidingProperties::new();
    for operation in &api.operations {
        if let (Idempotent::WhenPresent(names), Some(body)) = (&operation.idempotent, &operation.body)
            && let Type::Named(ty) = api.resolve(&body.ty)
        {
            decided.extend(names.iter().map(|name| (ty.as_str(), name.as_str())));
        }
    }
    decided
}

fn required_argument(api: &Api, field: &Field) -> (TokenStream, TokenStream) {
    match field.held() {
        // The setter of a required value that may be null takes an option.
        ty @ Type::Nullable(_) => (rust_type(&ty, Scope::Elsewhere), quote!(value)),
        _ => {
            let Argument { ty, owned } = argument(api, &field.ty);
            (ty, owned)
        }
    }
}
