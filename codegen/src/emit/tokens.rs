//! Turns types and names into tokens.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

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

/// The path of a type: its module, its name and its arguments.
pub(super) struct TypePath<'a> {
    /// The module, without a leading `::`; empty for a name that needs no path.
    pub(super) module: &'static str,
    pub(super) name: &'a str,
    pub(super) arguments: Vec<TypePath<'a>>,
}

impl<'a> TypePath<'a> {
    fn new(module: &'static str, name: &'a str) -> Self {
        Self { module, name, arguments: Vec::new() }
    }

    /// Returns the type `()`.
    pub(super) fn unit() -> Self {
        Self::new("", "()")
    }

    fn with(mut self, argument: TypePath<'a>) -> Self {
        self.arguments.push(argument);
        self
    }
}

impl ToTokens for TypePath<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (index, segment) in self.module.split("::").filter(|segment| !segment.is_empty()).enumerate() {
            if index > 0 || segment != "crate" {
                quote!(::).to_tokens(tokens);
            }
            ident(segment).to_tokens(tokens);
        }
        if !self.module.is_empty() {
            quote!(::).to_tokens(tokens);
        }
        ident(self.name).to_tokens(tokens);
        let arguments = &self.arguments;
        if !arguments.is_empty() {
            quote!(<#(#arguments),*>).to_tokens(tokens);
        }
    }
}

/// Returns a type as tokens, with full paths.
pub(super) fn rust_type(ty: &Type, scope: Scope) -> TokenStream {
    type_path(ty, scope).into_token_stream()
}

/// Returns the path of a type.
pub(super) fn type_path(ty: &Type, scope: Scope) -> TypePath<'_> {
    const WIRE: &str = "venuekit::wire";
    let inner = |ty| type_path(ty, scope);
    match ty {
        Type::Boolean => TypePath::new("", "bool"),
        Type::Int32 => TypePath::new("", "i32"),
        Type::Int64 => TypePath::new("", "i64"),
        Type::Uint32 => TypePath::new("", "u32"),
        Type::Uint64 => TypePath::new("", "u64"),
        Type::Text => TypePath::new("std::string", "String"),
        Type::Base64 => TypePath::new(WIRE, "Base64"),
        Type::IntegerOrText => TypePath::new(WIRE, "IntegerOrText"),
        Type::DecimalText | Type::DecimalNumber => TypePath::new("venuekit", "Decimal"),
        Type::Time(format) => TypePath::new("venuekit::time", format.rust_name()),
        Type::Number => TypePath::new(WIRE, "Number"),
        Type::Json | Type::Object => TypePath::new(WIRE, "Json"),
        Type::List(element) => TypePath::new("std::vec", "Vec").with(inner(element)),
        Type::Map(value) => TypePath::new("std::collections", "BTreeMap")
            .with(TypePath::new("std::string", "String"))
            .with(inner(value)),
        Type::Nullable(ty) => TypePath::new("std::option", "Option").with(inner(ty)),
        Type::Maybe(ty) => TypePath::new(WIRE, "Maybe").with(inner(ty)),
        Type::RawBytes => TypePath::new("venuekit::bytes", "Bytes"),
        Type::File => TypePath::new("venuekit", "File"),
        Type::Boxed(ty) => TypePath::new("std::boxed", "Box").with(inner(ty)),
        Type::Named(name) => match scope {
            Scope::Types => TypePath::new("", name),
            Scope::Elsewhere => TypePath::new("crate::types", name),
        },
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
    adaptor_path_for(api, ty, part).map(TypePath::into_token_stream)
}

/// Returns the path of the adaptor of a type; `None` if it has none.
fn adaptor_path_for<'a>(api: &'a Api, ty: &'a Type, part: AdaptorFor) -> Option<TypePath<'a>> {
    const WIRE: &str = "venuekit::wire";
    let inner = |ty| adaptor_path_for(api, ty, part);
    let inner_or_same = |ty| inner(ty).unwrap_or_else(same_path);
    match ty {
        Type::DecimalText => Some(TypePath::new(WIRE, "DecimalString")),
        Type::DecimalNumber => Some(TypePath::new(WIRE, "DecimalNumber")),
        Type::RawBytes => Some(TypePath::new(WIRE, "RawBytes")),
        Type::Time(format) if format.is_number_in_text() => Some(TypePath::new("venuekit::time", "TimeText")),
        // In a response, the venue may send decimals nevertheless, and the value is written as it
        // came.
        Type::Time(format) if format.is_integer && part == AdaptorFor::Request => {
            Some(TypePath::new("venuekit::time", "TimeInteger"))
        }
        Type::List(element) if part == AdaptorFor::Response => {
            Some(TypePath::new(WIRE, "List").with(inner_or_same(element)))
        }
        Type::Map(value) if part == AdaptorFor::Response => Some(TypePath::new(WIRE, "Map").with(inner_or_same(value))),
        Type::List(element) => inner(element).map(|element| TypePath::new("std::vec", "Vec").with(element)),
        Type::Map(value) => {
            inner(value).map(|value| TypePath::new("std::collections", "BTreeMap").with(same_path()).with(value))
        }
        Type::Nullable(ty) => inner(ty).map(|inner| TypePath::new("std::option", "Option").with(inner)),
        Type::Maybe(ty) => inner(ty).map(|inner| TypePath::new(WIRE, "Maybe").with(inner)),
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
    adaptor_path_or_same(api, ty).into_token_stream()
}

/// Returns the path of the adaptor of a type in a request, or of `Same` for a type without one.
pub(super) fn adaptor_path_or_same<'a>(api: &'a Api, ty: &'a Type) -> TypePath<'a> {
    adaptor_path_for(api, ty, AdaptorFor::Request).unwrap_or_else(same_path)
}

/// Returns the adaptor `Same`, for a type that needs no adaptor.
pub(super) fn same() -> TokenStream {
    same_path().into_token_stream()
}

/// Returns the path of the adaptor `Same`.
pub(super) fn same_path<'a>() -> TypePath<'a> {
    TypePath::new("venuekit::wire", "Same")
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
