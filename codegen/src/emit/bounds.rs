//! Emits the bounds of values: as sentences for the documentation, and as `src/bounds.rs`, which
//! has the bounds of the types that requests contain.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{Api, Bounds, Field, Type, TypeDef, TypeKind};

use super::format::{Piece, file};
use super::markdown;
use super::paths::Paths;
use super::tokens::{ident, number};

/// Returns the bounds as sentences: "At least 1, at most 1000. Default: `500`."
pub(super) fn sentences(bounds: &Bounds) -> Option<String> {
    let mut text = Vec::new();
    write_sentences(bounds, "", &mut text);
    (!text.is_empty()).then(|| text.join(" "))
}

/// Adds the sentences about a value; `of` names the value if it is a part of the documented value.
fn write_sentences(bounds: &Bounds, of: &str, out: &mut Vec<String>) {
    let sentence =
        |text: String| if of.is_empty() { capitalized(&text) } else { format!("{}: {text}", capitalized(of)) };
    let phrases = phrases(bounds);
    if !phrases.is_empty() {
        out.push(sentence(format!("{}.", phrases.join(", "))));
    }
    out.extend(bounds.pattern.as_ref().map(|pattern| sentence(format!("pattern: {}.", markdown::code(pattern)))));
    out.extend(bounds.default.as_ref().map(|default| sentence(format!("default: {}.", value(default)))));
    for (name, inner) in [("each element", &bounds.elements), ("each value", &bounds.values)] {
        if let Some(inner) = inner {
            let of = if of.is_empty() { name.to_owned() } else { format!("{name} of {of}") };
            write_sentences(inner, &of, out);
        }
    }
}

fn phrases(bounds: &Bounds) -> Vec<String> {
    let text = |phrase: &str, bound: &Option<String>| bound.as_ref().map(|bound| format!("{phrase} {bound}"));
    let count = |phrase: &str, bound: Option<u32>, unit: &str| {
        let plural = if bound == Some(1) { "" } else { "s" };
        bound.map(|bound| format!("{phrase} {bound} {unit}{plural}"))
    };
    let all = [
        text("at least", &bounds.minimum),
        text("more than", &bounds.exclusive_minimum),
        text("at most", &bounds.maximum),
        text("less than", &bounds.exclusive_maximum),
        text("a multiple of", &bounds.multiple_of),
        count("at least", bounds.min_length, "character"),
        count("at most", bounds.max_length, "character"),
        count("at most", bounds.max_bytes, "byte"),
        count("at least", bounds.min_items, "element"),
        count("at most", bounds.max_items, "element"),
    ];
    all.into_iter().flatten().collect()
}

/// Returns a JSON value as Markdown: a number as it is, a text without its quotes.
fn value(json: &str) -> String {
    match json.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(text) if !text.is_empty() && !text.contains('\\') => markdown::code(text),
        None if json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => json.to_owned(),
        _ => markdown::code(json),
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| format!("{}{}", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}

/// Finds the types that have bounds or contain values that have bounds.
pub(super) struct BoundedTypes<'a> {
    api: &'a Api,
    names: BTreeSet<&'a str>,
    /// The types to whose statics operations refer, directly or through other statics.
    used: BTreeSet<&'a str>,
}

impl<'a> BoundedTypes<'a> {
    /// Finds the types that have bounds, or contain values that have bounds, at any depth.
    pub(super) fn new(api: &'a Api) -> Self {
        let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let (mut names, mut found) = (BTreeSet::new(), Vec::new());
        for def in api.types.iter() {
            let fields = fields(def);
            let mut bounds = fields.iter().map(|field| &field.bounds).chain(def.others.iter().map(|one| &one.bounds));
            if !def.bounds.is_empty() || bounds.any(|bounds| !bounds.is_empty()) {
                found.push(def.name.as_str());
            }
            let others = def.others.iter().map(|others| &others.map);
            let inner = parts(def).chain(fields.iter().map(|field| &field.ty)).chain(others);
            for part in inner.filter_map(named) {
                holders.entry(part).or_default().push(&def.name);
            }
        }
        while let Some(name) = found.pop() {
            if names.insert(name) {
                found.extend(holders.get(name).into_iter().flatten());
            }
        }
        let mut types = Self { api, names, used: BTreeSet::new() };
        let mut used = BTreeSet::new();
        for operation in &api.operations {
            operation.parameters.iter().for_each(|parameter| types.use_value(&parameter.ty, &mut used));
            operation.body.iter().for_each(|body| types.use_value(&body.ty, &mut used));
        }
        types.used = used;
        types
    }

    /// Adds the types to whose statics [`reference`](Self::reference) refers for this value.
    fn use_value(&self, ty: &'a Type, used: &mut BTreeSet<&'a str>) {
        match self.plain(ty) {
            Type::Named(name) if self.has_parts(name) => {
                if self.names.contains(name.as_str()) && used.insert(name) {
                    self.use_parts(ty, used);
                }
            }
            _ => self.use_parts(ty, used),
        }
    }

    /// Adds the types to whose statics [`inner`](Self::inner) refers.
    fn use_parts(&self, ty: &'a Type, used: &mut BTreeSet<&'a str>) {
        match self.plain(ty) {
            Type::List(inner) | Type::Map(inner) => self.use_value(inner, used),
            Type::Named(name) => {
                let Some(def) = self.api.type_def(name) else { return };
                fields(def).iter().for_each(|field| self.use_value(&field.ty, used));
                def.others.iter().for_each(|others| self.use_parts(&others.map, used));
                match &def.kind {
                    TypeKind::Either(alternatives) => {
                        alternatives.iter().for_each(|one| self.use_parts(&one.ty, used));
                    }
                    TypeKind::OneOrMany(one) => {
                        self.use_parts(one, used);
                        self.use_value(one, used);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// Returns the types that get a static: the value has parts, and an operation refers to it. An
    /// alternative of a union has none, because its bounds do not hold for the others.
    fn statics(&self) -> impl Iterator<Item = &'a TypeDef> {
        let has_parts =
            |def: &&TypeDef| !matches!(def.kind, TypeKind::Alias(_) | TypeKind::Enum { .. } | TypeKind::ByStatus(_));
        self.api.types.iter().filter(has_parts).filter(|def| self.used.contains(def.name.as_str()))
    }

    /// Returns whether the crate has a module of bounds.
    pub(super) fn any(&self) -> bool {
        self.statics().next().is_some()
    }

    /// Returns a reference to the bounds of a value; `None` if neither the value nor a part of it
    /// has bounds.
    pub(super) fn reference(&self, ty: &Type, bounds: &Bounds) -> Option<TokenStream> {
        let ty = self.plain(ty);
        match ty {
            Type::Named(name) if self.has_parts(name) => self.names.contains(name.as_str()).then(|| {
                let name = ident(name);
                quote!(&crate::bounds::#name)
            }),
            _ => {
                let setters = [own(bounds), self.inner(ty, bounds)].concat();
                (!setters.is_empty()).then(|| quote!(&::venuekit::operation::Bounds::new() #(#setters)*))
            }
        }
    }

    /// Returns the type behind aliases, nullable types and boxes.
    fn plain<'t>(&self, ty: &'t Type) -> &'t Type
    where
        'a: 't,
    {
        match self.api.resolve(ty) {
            Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => self.plain(inner),
            ty => ty,
        }
    }

    fn has_parts(&self, name: &str) -> bool {
        self.api.type_def(name).is_some_and(|def| !matches!(def.kind, TypeKind::Enum { .. }))
    }

    /// Returns the setters for the parts of a value.
    fn inner(&self, ty: &Type, bounds: &Bounds) -> Vec<TokenStream> {
        let none = Bounds::default();
        match self.plain(ty) {
            Type::List(element) => {
                let elements = self.reference(element, bounds.elements.as_deref().unwrap_or(&none));
                elements.map(|elements| quote!(.with_elements(#elements))).into_iter().collect()
            }
            Type::Map(value) => {
                let values = self.reference(value, bounds.values.as_deref().unwrap_or(&none));
                values.map(|values| quote!(.with_values(#values))).into_iter().collect()
            }
            Type::Named(name) => self.api.type_def(name).map(|def| self.members(def)).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Returns the setters for the parts of a named type.
    fn members(&self, def: &TypeDef) -> Vec<TokenStream> {
        let reference = |field: &Field| self.reference(&field.ty, &field.bounds);
        match &def.kind {
            TypeKind::Struct(fields) => {
                let values: Vec<_> =
                    def.others.iter().flat_map(|others| self.inner(&others.map, &others.bounds)).collect();
                // The bounds of the other values do not hold for a property that has none.
                let none = || (!values.is_empty()).then(|| quote!(&::venuekit::operation::Bounds::new()));
                let members = fields.iter().filter_map(|field| {
                    let (wire, bounds) = (&field.wire, reference(field).or_else(none)?);
                    Some(quote!((#wire, #bounds)))
                });
                [setter(quote!(with_members), members.collect()), values].concat()
            }
            TypeKind::Row { columns, .. } => {
                let columns = columns.iter().enumerate().filter_map(|(index, column)| {
                    let (index, bounds) = (number(index), reference(column)?);
                    Some(quote!((#index, #bounds)))
                });
                setter(quote!(with_columns), columns.collect())
            }
            TypeKind::Either(alternatives) => {
                alternatives.iter().flat_map(|one| self.inner(&one.ty, &def.bounds)).collect()
            }
            TypeKind::OneOrMany(ty) => {
                let many = Type::List(Box::new(ty.clone()));
                [self.inner(ty, &def.bounds), self.inner(&many, &def.bounds)].concat()
            }
            // The bounds of one alternative do not hold for another.
            TypeKind::Alias(_) | TypeKind::Enum { .. } | TypeKind::Union(_) | TypeKind::ByStatus(_) => Vec::new(),
        }
    }
}

fn fields(def: &TypeDef) -> &[Field] {
    match &def.kind {
        TypeKind::Struct(fields) | TypeKind::Row { columns: fields, .. } => fields,
        _ => &[],
    }
}

/// Returns the types of the parts of a type that is not an object or a row.
fn parts(def: &TypeDef) -> impl Iterator<Item = &Type> {
    let (alternatives, one) = match &def.kind {
        TypeKind::Either(alternatives) => (alternatives.as_slice(), None),
        TypeKind::OneOrMany(ty) | TypeKind::Alias(ty) => (&[][..], Some(ty)),
        _ => (&[][..], None),
    };
    alternatives.iter().map(|alternative| &alternative.ty).chain(one)
}

/// Returns the name of the named type inside a type.
fn named(ty: &Type) -> Option<&str> {
    match ty {
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) | Type::Maybe(inner) | Type::Boxed(inner) => {
            named(inner)
        }
        Type::Named(name) => Some(name),
        _ => None,
    }
}

fn setter(name: TokenStream, items: Vec<TokenStream>) -> Vec<TokenStream> {
    if items.is_empty() { Vec::new() } else { vec![quote!(.#name(&[#(#items),*]))] }
}

/// Returns the setters for the bounds of a value itself.
fn own(bounds: &Bounds) -> Vec<TokenStream> {
    let text = |setter: &str, bound: &Option<String>| {
        let setter = ident(setter);
        bound.as_ref().map(|bound| quote!(.#setter(#bound)))
    };
    let count = |setter: &str, bound: Option<u32>| {
        let (setter, bound) = (ident(setter), Literal::u32_unsuffixed(bound?));
        Some(quote!(.#setter(#bound)))
    };
    let all = [
        text("with_minimum", &bounds.minimum),
        text("with_exclusive_minimum", &bounds.exclusive_minimum),
        text("with_maximum", &bounds.maximum),
        text("with_exclusive_maximum", &bounds.exclusive_maximum),
        text("with_multiple_of", &bounds.multiple_of),
        count("with_min_length", bounds.min_length),
        count("with_max_length", bounds.max_length),
        count("with_max_bytes", bounds.max_bytes),
        count("with_min_items", bounds.min_items),
        count("with_max_items", bounds.max_items),
        text("with_pattern", &bounds.pattern),
        text("with_default", &bounds.default),
    ];
    all.into_iter().flatten().collect()
}

/// Returns the items of `src/bounds.rs`: one static per type, which is named after the type.
pub(super) fn bounds(api: &Api) -> Vec<Piece> {
    let bounded = BoundedTypes::new(api);
    let paths = Paths::beside(bounded.statics().map(|def| def.name.as_str()));
    let items = bounded.statics().map(|def| {
        let name = ident(&def.name);
        let setters = [own(&def.bounds), bounded.members(def)].concat();
        Piece::from(quote! {
            #[allow(non_upper_case_globals, reason = "it has the name of its type")]
            pub(crate) static #name: ::venuekit::operation::Bounds = ::venuekit::operation::Bounds::new() #(#setters)*;
        })
    });
    file(&paths, items)
}
