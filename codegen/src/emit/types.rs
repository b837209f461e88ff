//! `src/types.rs`: the types of requests and responses.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::model::{
    Alternative, Api, Bounds, ContentKind, Docs, EnumVariant, Field, JsonKind, MarketRule, OrderValue, Others,
    RuleKind, StatusVariant, Type, TypeDef, TypeKind,
};

use super::constraints;
use super::docs::{OTHER_PROPERTIES, field_docs, item_docs, item_docs_with, on_the_wire, push_docs};
use super::format::{Piece, file};
use super::markdown;
use super::paths::Paths;
use super::tokens::{Scope, adaptor_within, ident, rust_type, same};
use super::unions;

pub(super) fn types(api: &Api) -> Vec<Piece> {
    let paths = Paths::beside(api.types.iter().map(|def| def.name.as_str()));
    file(&paths, api.types.iter().flat_map(|def| definition(api, &paths, def)))
}

fn definition(api: &Api, paths: &Paths, def: &TypeDef) -> Vec<Piece> {
    let name = ident(&def.name);
    let fields = match &def.kind {
        TypeKind::Struct(fields) => fields.as_slice(),
        _ => &[],
    };
    let constraints: Vec<String> = constraints::of_object(&def.constraints, fields).into_iter().collect();
    let docs = item_docs_with(&def.docs, &def.bounds, &format!("`{}`.", def.name), &constraints);
    let tokens = match &def.kind {
        TypeKind::Struct(fields) => {
            let rules = order_rules(api, &name, fields);
            let fields = fields.iter().map(|field| member(api, def, field)).chain(def.others.iter().map(others));
            let declaration = quote! {
                #docs
                #[derive(Clone, Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
                #[serde(remote = "Self")]
                #[non_exhaustive]
                pub struct #name { #(#fields)* }
            };
            let object = match &def.others {
                Some(others) => {
                    let value = match &others.map {
                        Type::Map(value) => adaptor_within(api, def, value).unwrap_or_else(same),
                        _ => same(),
                    };
                    let value = paths.short_text(value);
                    format!("venuekit::impl_object!({}, others = {}: {value});\n", def.name, others.name)
                }
                None => format!("venuekit::impl_object!({});\n", def.name),
            };
            let rules = rules.map(Piece::Tokens);
            return [Piece::Tokens(declaration), Piece::Text(object)].into_iter().chain(rules).collect();
        }
        TypeKind::Row { columns, required } => return row(api, paths, def, columns, *required, &docs),
        TypeKind::Enum { integer, variants } => return vec![open_enum(def, *integer, variants)],
        TypeKind::ByStatus(variants) => return vec![by_status(api, paths, def, variants)],
        TypeKind::Either(alternatives) => return vec![either(api, paths, def, alternatives)],
        TypeKind::Union(union) => return vec![unions::union(api, paths, def, union)],
        TypeKind::OneOrMany(ty) => {
            let ty = rust_type(ty, Scope::Types);
            quote!(#docs pub type #name = ::venuekit::wire::OneOrMany<#ty>;)
        }
        TypeKind::Alias(ty) => {
            let ty = rust_type(ty, Scope::Types);
            quote!(#docs pub type #name = #ty;)
        }
    };
    vec![Piece::Tokens(tokens)]
}

/// Returns the method that collects the rules of a market (`x-market-rule`); `None` if no field is
/// a rule.
fn order_rules(api: &Api, name: &Ident, fields: &[Field]) -> Option<TokenStream> {
    let rules: Vec<TokenStream> = fields
        .iter()
        .filter(|field| is_rule_number(api, &field.ty))
        .filter_map(|field| {
            let MarketRule { of, is } = field.market_rule?;
            let value = match of {
                OrderValue::Price => quote!(price),
                OrderValue::Quantity => quote!(quantity),
                OrderValue::Amount => quote!(amount),
            };
            let add = match is {
                RuleKind::Step => quote!(add_step),
                RuleKind::Scale => quote!(add_scale),
                RuleKind::Minimum => quote!(add_minimum),
                RuleKind::Maximum => quote!(add_maximum),
            };
            let field = ident(&field.name);
            Some(quote!(rules.#value.#add(&self.#field);))
        })
        .collect();
    (!rules.is_empty()).then(|| {
        quote! {
            impl #name {
                /// Returns the rules for orders that are stated here, to round and check an order
                /// before it is sent.
                pub fn order_rules(&self) -> ::venuekit::market::OrderRules {
                    let mut rules = ::venuekit::market::OrderRules::default();
                    #(#rules)*
                    rules
                }
            }
        }
    })
}

/// Returns whether a type implements `venuekit::market::RuleNumber`.
fn is_rule_number(api: &Api, ty: &Type) -> bool {
    match api.resolve(ty) {
        Type::Int32 | Type::Int64 | Type::Uint32 | Type::Uint64 => true,
        Type::DecimalText | Type::DecimalNumber | Type::Number => true,
        Type::Nullable(inner) => is_rule_number(api, inner),
        _ => false,
    }
}

/// Returns the field of a property. An optional property is an `Option`: `None` is not written, and
/// null reads as `None`. If null is also a value of the property, the field is a `Maybe`. In the
/// type for any JSON, null is a value.
fn member(api: &Api, def: &TypeDef, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let docs = field_docs(api, field, &on_the_wire(&field.wire), &[]);
    let mut serde = Vec::new();
    if field.wire != field.name {
        let wire = &field.wire;
        serde.push(quote!(rename = #wire));
    }
    let ty = field.held();
    let adaptor = match api.resolve(&field.ty) {
        Type::Json if !field.required => Some(quote!(::venuekit::wire::Present)),
        _ => adaptor_within(api, def, &ty),
    };
    if let Some(adaptor) = adaptor {
        let with = format!("::venuekit::wire::As::<{adaptor}>");
        serde.push(quote!(with = #with));
    }
    if !field.required {
        serde.push(quote!(default));
        serde.push(match ty {
            Type::Maybe(_) => quote!(skip_serializing_if = "::venuekit::wire::Maybe::is_absent"),
            _ => quote!(skip_serializing_if = "::std::option::Option::is_none"),
        });
    }
    let serde = (!serde.is_empty()).then(|| quote!(#[serde(#(#serde),*)]));
    let ty = rust_type(&ty, Scope::Types);
    quote!(#docs #serde pub #name: #ty,)
}

/// Returns the field for the properties of other names. The derived code leaves it out: the
/// implementation for the object reads and writes it.
fn others(others: &Others) -> TokenStream {
    let (name, ty) = (ident(&others.name), rust_type(&others.map, Scope::Types));
    let docs = item_docs(&Docs::default(), &others.bounds, OTHER_PROPERTIES);
    quote!(#docs #[serde(skip)] pub #name: #ty,)
}

fn row(api: &Api, paths: &Paths, def: &TypeDef, columns: &[Field], required: usize, docs: &TokenStream) -> Vec<Piece> {
    let name = ident(&def.name);
    let fields = columns.iter().map(|column| {
        let field = ident(&column.name);
        let fallback = format!("The column {}.", markdown::code(&column.wire));
        let docs = field_docs(api, column, &fallback, &[]);
        let ty = rust_type(&column.held(), Scope::Types);
        quote!(#docs pub #field: #ty,)
    });
    let declaration = quote! {
        #docs
        ///
        /// An array on the wire.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields)* }
    };
    let mut text = format!("venuekit::impl_row!({name}, required = {required}, {{\n");
    for column in columns {
        let adaptor = paths.short_text(adaptor_within(api, def, &column.held()).unwrap_or_else(same));
        text.push_str(&format!("    {}: {adaptor},\n", column.name));
    }
    text.push_str("});\n");
    vec![Piece::Tokens(declaration), Piece::Text(text)]
}

/// Returns an enum as text, because code inside a macro is not formatted.
fn open_enum(def: &TypeDef, integer: bool, variants: &[EnumVariant]) -> Piece {
    let mut text = "venuekit::open_enum! {\n".to_owned();
    push_docs(&mut text, "    ", &def.docs, &def.bounds, &format!("`{}`.", def.name));
    let repr = if integer { "i64" } else { "str" };
    text.push_str(&format!("    pub enum {}: {repr} {{\n", def.name));
    for variant in variants {
        let docs = Docs { description: variant.description.clone(), ..Docs::default() };
        push_docs(&mut text, "        ", &docs, &Bounds::default(), &format!("{}.", markdown::code(&variant.wire)));
        let mut value = if integer { variant.wire.clone() } else { format!("{:?}", variant.wire) };
        if !variant.spellings.is_empty() {
            let spellings: Vec<String> = variant.spellings.iter().map(|s| markdown::code(&s.literal())).collect();
            text.push_str(&format!("        ///\n        /// Also read from {}.\n", and(&spellings)));
            variant.spellings.iter().for_each(|spelling| value.push_str(&format!(" | {}", spelling.literal())));
        }
        text.push_str(&format!("        {} = {value},\n", variant.name));
    }
    text.push_str("    }\n}\n");
    Piece::Text(text)
}

fn either(api: &Api, paths: &Paths, def: &TypeDef, alternatives: &[Alternative]) -> Piece {
    let mut text = "venuekit::either! {\n".to_owned();
    push_docs(&mut text, "    ", &def.docs, &def.bounds, &format!("`{}`.", def.name));
    // Two alternatives of the same type, such as a decimal as text and as a number, cannot both
    // have `From`.
    let mut types: Vec<String> =
        alternatives.iter().map(|one| rust_type(api.resolve(&one.ty), Scope::Types).to_string()).collect();
    types.sort();
    types.dedup();
    let from = if types.len() < alternatives.len() { " without From" } else { "" };
    text.push_str(&format!("    pub enum {}{from} {{\n", def.name));
    for alternative in alternatives {
        let (kind, docs) = match alternative.kind {
            JsonKind::Object => ("object", "An object."),
            JsonKind::Array => ("array", "An array."),
            JsonKind::String => ("string", "A string."),
            JsonKind::Integer => ("integer", "An integer."),
            JsonKind::Number => ("number", "A number."),
            JsonKind::Boolean => ("boolean", "A boolean."),
        };
        let ty = paths.short_text(rust_type(&alternative.ty, Scope::Types));
        let through =
            adaptor_within(api, def, &alternative.ty).map(|adaptor| format!(" as {}", paths.short_text(adaptor)));
        let name = &alternative.name;
        text.push_str(&format!("        /// {docs}\n        {kind} => {name}({ty}{}),\n", through.unwrap_or_default()));
    }
    text.push_str("    }\n}\n");
    Piece::Text(text)
}

fn by_status(api: &Api, paths: &Paths, def: &TypeDef, variants: &[StatusVariant]) -> Piece {
    let mut text = "venuekit::by_status! {\n".to_owned();
    push_docs(&mut text, "    ", &def.docs, &def.bounds, &format!("`{}`.", def.name));
    text.push_str(&format!("    pub enum {} {{\n", def.name));
    for StatusVariant { status, name, description, content } in variants {
        let docs = Docs { description: description.clone(), ..Docs::default() };
        push_docs(&mut text, "        ", &docs, &Bounds::default(), &format!("The response of status {status}."));
        let content = match content {
            Some((ContentKind::Json, ty)) => {
                let adaptor = adaptor_within(api, def, ty).unwrap_or_else(same);
                let (ty, adaptor) = (paths.short_text(rust_type(ty, Scope::Types)), paths.short_text(adaptor));
                format!(": json({ty} as {adaptor})")
            }
            Some((ContentKind::Text, _)) => ": text".to_owned(),
            Some((ContentKind::Bytes | ContentKind::Stream, _)) => ": bytes".to_owned(),
            None => String::new(),
        };
        text.push_str(&format!("        {status:?} => {name}{content},\n"));
    }
    text.push_str("    }\n}\n");
    Piece::Text(text)
}

/// Returns a list as text: `a`, `b` and `c`.
fn and(items: &[String]) -> String {
    match items {
        [first @ .., second, last] => {
            let first: String = first.iter().map(|item| format!("{item}, ")).collect();
            format!("{first}{second} and {last}")
        }
        items => items.concat(),
    }
}
