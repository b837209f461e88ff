//! `src/builders.rs`: builders of what requests carry.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::model::{Api, Field, Type, TypeDef, TypeKind};

use super::docs::item_docs;
use super::format::Piece;
use super::setters::argument;
use super::tokens::{Scope, ident, imports, rust_type};

/// Whether the API has any.
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
    let mut items: Vec<Piece> = Vec::new();
    for (def, fields) in built(api) {
        items.extend(builder(api, def, fields).into_iter().map(Piece::Tokens));
    }
    let uses = imports(
        &items,
        &[
            ("BTreeMap", "std::collections"),
            ("PhantomData", "std::marker"),
            ("Decimal", "venuekit"),
            ("Blank", "venuekit::builder"),
            ("Given", "venuekit::builder"),
            ("Json", "venuekit::wire"),
            ("given", "crate::required"),
            ("missing", "crate::required"),
            ("types", "crate"),
        ],
    );
    let mut file = vec![Piece::Tokens(uses)];
    file.extend(items);
    file
}

fn builder(api: &Api, def: &TypeDef, fields: &[Field]) -> Vec<TokenStream> {
    let name = ident(&def.name);
    let builder = format_ident!("{}Builder", def.name);
    let required: Vec<&Field> = fields.iter().filter(|field| field.required).collect();
    let parameters: Vec<_> = required.iter().map(|field| ident(&field.type_parameter)).collect();
    let names: Vec<_> = required.iter().map(|field| ident(&field.name)).collect();
    let (defaults, generics, start, mark, conditions) = if required.is_empty() {
        (None, None, None, None, None)
    } else {
        (
            Some(quote!(<#(#parameters = Given),*>)),
            Some(quote!(<#(#parameters),*>)),
            Some(quote!(<#(missing::#names),*>)),
            Some(quote!(, given: PhantomData<(#(#parameters,)*)>)),
            Some(quote!(where #(#parameters: given::#names),*)),
        )
    };
    let mark_value = (!required.is_empty()).then(|| quote!(, given: PhantomData));
    let start_docs = format!(" Starts a [`types::{}`].", def.name);
    let docs = format!(" Builds a [`types::{}`]; what is required has to be given before `build` is there.", def.name);
    let blanks = fields.iter().map(|field| {
        let name = ident(&field.name);
        quote!(#name: Blank::blank())
    });
    let optional = fields.iter().filter(|field| !field.required).map(|field| {
        let setter = ident(&field.name);
        let docs = field_docs(field);
        let (ty, owned) = setter_argument(api, field);
        let held = match field.held() {
            Type::Maybe(_) => owned,
            _ => quote!(Some(#owned)),
        };
        quote! {
            #docs
            pub fn #setter(mut self, value: #ty) -> Self {
                self.value.#setter = #held;
                self
            }
        }
    });
    let mut items = vec![
        quote! {
            impl types::#name {
                #[doc = #start_docs]
                pub fn builder() -> #builder #start {
                    #builder::of(Blank::blank())
                }
            }

            impl Blank for types::#name {
                fn blank() -> Self {
                    Self { #(#blanks),* }
                }
            }
        },
        quote! {
            #[doc = #docs]
            #[must_use = "a builder does nothing until it is built"]
            #[derive(Clone, Debug)]
            pub struct #builder #defaults { value: types::#name #mark }
        },
        quote! {
            impl #generics #builder #generics {
                fn of(value: types::#name) -> Self {
                    Self { value #mark_value }
                }

                #(#optional)*

                /// Sets a value that may be absent: `.maybe(tag, |b, tag| b.tag(tag))`.
                pub fn maybe<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
                    match value {
                        Some(value) => set(self, value),
                        None => self,
                    }
                }

                /// What was built.
                pub fn build(self) -> types::#name #conditions {
                    self.value
                }
            }
        },
    ];
    for field in &required {
        let others = required.iter().filter(|other| other.name != field.name).map(|other| ident(&other.type_parameter));
        let others: Vec<_> = others.collect();
        let generics = (!others.is_empty()).then(|| quote!(<#(#others),*>));
        let setter = ident(&field.name);
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
        let (before, after) = (side(quote!(missing::#setter)), side(quote!(Given)));
        let docs = field_docs(field);
        let (ty, owned) = setter_argument(api, field);
        items.push(quote! {
            impl #generics #builder #before {
                #docs
                pub fn #setter(mut self, value: #ty) -> #builder #after {
                    self.value.#setter = #owned;
                    #builder::of(self.value)
                }
            }
        });
    }
    items
}

fn field_docs(field: &Field) -> TokenStream {
    let docs = item_docs(&field.docs, &format!("`{}` on the wire.", field.wire));
    let null = matches!(field.held(), Type::Maybe(_)).then(|| {
        quote! {
            ///
            /// Takes a value, an option, or `Maybe::Null` to send null.
        }
    });
    quote!(#docs #null)
}

fn setter_argument(api: &Api, field: &Field) -> (TokenStream, TokenStream) {
    match (field.required, field.held()) {
        // A required member that may be null takes an option.
        (true, ty @ Type::Nullable(_)) => (rust_type(&ty, Scope::Elsewhere), quote!(value)),
        // One that can be missing as well takes a value, an option, or null by its name.
        (_, ty @ Type::Maybe(_)) => {
            let ty = rust_type(&ty, Scope::Elsewhere);
            (quote!(impl Into<#ty>), quote!(value.into()))
        }
        _ => {
            let argument = argument(api, &field.ty);
            (argument.ty, argument.owned)
        }
    }
}
