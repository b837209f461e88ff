//! Emits the bodies of requests and the responses, as parts of `src/operations.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Api, Body, ContentKind, FieldStyle, FormKind, Operation, Parameter, ResponseReading, Type};

use super::setters::has_builder;
use super::tokens::{AdaptorFor, Scope, adaptor, adaptor_for, adaptor_or_same, ident, number, rust_type, same};

/// The media type of JSON, which an operation has unless it states another.
const JSON: &str = "application/json";

/// Returns the call of the setter of a body's content, unless the content is the default.
pub(super) fn content(body: &Body) -> Option<TokenStream> {
    let media = &body.media_type;
    let kind = match body.kind {
        ContentKind::Json if media == JSON => return None,
        ContentKind::Json => quote!(Json),
        ContentKind::Text => quote!(Text),
        ContentKind::Bytes | ContentKind::Stream => quote!(Bytes),
    };
    Some(quote!(.with_content(::venuekit::operation::BodyContent::#kind(#media))))
}

/// Returns the call of the setter of a form.
pub(super) fn form(operation: &Operation) -> Option<TokenStream> {
    let kind = match operation.form? {
        FormKind::UrlEncoded => quote!(Form),
        FormKind::Parts => quote!(Multipart),
    };
    Some(quote!(.with_content(::venuekit::operation::BodyContent::#kind)))
}

/// Returns the call of the setter of the style of a form field, unless the style is the default.
pub(super) fn form_style(parameter: &Parameter) -> Option<TokenStream> {
    let style = match &parameter.field {
        FieldStyle::Plain => return None,
        FieldStyle::Joined(separator) => quote!(Joined(#separator)),
        FieldStyle::Members => quote!(Members),
        FieldStyle::Brackets => quote!(Brackets),
        FieldStyle::Json => quote!(Json),
        FieldStyle::File(media_type) => quote!(File(#media_type)),
    };
    Some(quote!(.with_form_style(::venuekit::operation::FormStyle::#style)))
}

/// Returns the argument type of the setter of a file, and the method of the request that the setter
/// calls; `None` for a value that is not a file.
pub(super) fn write_file(position: usize, parameter: &Parameter) -> Option<(TokenStream, TokenStream)> {
    let position = number(position);
    let (plain, setter) = match &parameter.ty {
        Type::File => (quote!(::venuekit::File), "file"),
        Type::List(element) if **element == Type::File => (quote!(::std::vec::Vec<::venuekit::File>), "files"),
        _ => return None,
    };
    if !parameter.required {
        let setter = ident(&format!("set_optional_{setter}"));
        return Some((quote!(impl ::venuekit::setters::Optional<#plain>), quote!(#setter(#position, value))));
    }
    let argument = match setter {
        "file" => quote!(impl ::std::convert::Into<::venuekit::File>),
        _ => quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<::venuekit::File>>),
    };
    let setter = ident(&format!("set_{setter}"));
    Some((argument, quote!(#setter(#position, value))))
}

/// Returns the calls of the setters of the response, unless they are the defaults.
pub(super) fn response(operation: &Operation) -> TokenStream {
    let media = operation.media_types.join(", ");
    let kind = match operation.reading {
        ResponseReading::One(ContentKind::Text) => Some(quote!(Text)),
        ResponseReading::One(ContentKind::Bytes | ContentKind::Stream) => Some(quote!(Bytes)),
        _ if media.is_empty() || media == JSON => None,
        _ => Some(quote!(Json)),
    };
    let response = kind.map(|kind| quote!(.with_response(::venuekit::operation::ResponseContent::#kind, #media)));
    let is_usual = operation.successes.iter().all(|(status, _)| status.starts_with('2'));
    let by_status = matches!(operation.reading, ResponseReading::Optional | ResponseReading::ByStatus);
    let successes = (by_status || !is_usual).then(|| {
        let successes = operation.successes.iter().map(|(status, has_content)| quote!((#status, #has_content)));
        quote!(.with_successes(&[#(#successes),*]))
    });
    quote!(#response #successes)
}

/// Returns the call of the setter of the types of error bodies, if there are any. Types that need
/// an adaptor are left out.
pub(super) fn error_types(api: &Api, operation: &Operation) -> Option<TokenStream> {
    let types = operation.error_types.iter().filter(|(_, ty)| adaptor(api, ty).is_none());
    let types: Vec<TokenStream> = types
        .map(|(status, ty)| {
            let ty = rust_type(ty, Scope::Elsewhere);
            quote!(::venuekit::operation::ErrorType::new::<#ty>(#status))
        })
        .collect();
    (!types.is_empty()).then(|| quote!(.with_error_types(&[#(#types),*])))
}

/// Returns the argument type of the setter of a required body, and the method of the request that
/// the setter calls.
pub(super) fn write(api: &Api, body: &Body) -> (TokenStream, TokenStream) {
    match body.kind {
        ContentKind::Json => {
            let plain = rust_type(&body.ty, Scope::Elsewhere);
            let borrowed = quote!(::std::borrow::Borrow::borrow(&value));
            let write = match adaptor(api, &body.ty) {
                Some(adaptor) => quote!(set_body_as::<#plain, #adaptor>(#borrowed)),
                None => quote!(set_body::<#plain>(#borrowed)),
            };
            let ty = match has_builder(api, &body.ty) {
                true => quote!(impl ::venuekit::setters::BorrowedBody<#plain>),
                false => quote!(impl ::std::borrow::Borrow<#plain>),
            };
            (ty, write)
        }
        ContentKind::Text => (quote!(impl ::std::convert::Into<::std::string::String>), quote!(set_text_body(value))),
        ContentKind::Bytes | ContentKind::Stream => {
            (quote!(impl ::std::convert::Into<::venuekit::Upload>), quote!(set_bytes_body(value)))
        }
    }
}

/// Returns the type of the argument of the setter of an optional body, and the method of the
/// request that the setter calls.
pub(super) fn write_optional(api: &Api, body: &Body) -> (TokenStream, TokenStream) {
    let plain = rust_type(&body.ty, Scope::Elsewhere);
    match body.kind {
        ContentKind::Json => {
            let adaptor = adaptor_or_same(api, &body.ty);
            let write = quote!(set_optional_body::<#plain, #adaptor>(value));
            (plain, write)
        }
        ContentKind::Text => (plain, quote!(set_optional_text_body(value))),
        ContentKind::Bytes | ContentKind::Stream => {
            (quote!(::venuekit::Upload), quote!(set_optional_bytes_body(value)))
        }
    }
}

/// Returns the type of the response, and the method of the request that sends it.
pub(super) fn send(api: &Api, operation: &Operation) -> (TokenStream, TokenStream) {
    let Some(ty) = &operation.response else { return (quote!(()), quote!(send_unit())) };
    let response = rust_type(ty, Scope::Elsewhere);
    let send = match (operation.reading, ty) {
        (ResponseReading::ByStatus, _) => quote!(send_by_status::<#response>()),
        (ResponseReading::Optional, Type::Nullable(inner)) => {
            let plain = rust_type(inner, Scope::Elsewhere);
            let adaptor = adaptor_for(api, inner, AdaptorFor::Response).unwrap_or_else(same);
            quote!(send_optional::<#plain, #adaptor>())
        }
        (ResponseReading::One(ContentKind::Text), _) => quote!(send_text()),
        (ResponseReading::One(ContentKind::Bytes), _) => quote!(send_bytes()),
        (ResponseReading::One(ContentKind::Stream), _) => {
            return (quote!(::venuekit::ByteStream), quote!(send_stream()));
        }
        _ => match adaptor_for(api, ty, AdaptorFor::Response) {
            None => quote!(send()),
            Some(adaptor) => quote!(send_as::<#response, #adaptor>()),
        },
    };
    (response, send)
}
