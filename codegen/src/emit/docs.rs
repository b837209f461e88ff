//! Emits documentation as attributes.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::{Api, Batch, Bounds, Docs, Field, Idempotent, Operation, PagedBy, Route, Security, Type};

use super::bounds::sentences;
use super::error_table::ErrorTable;
use super::layout::push_literal;
use super::value_docs::{field_sentences, type_sentences};
use super::{markdown, rate_limits};

/// Returns paragraphs as doc attributes, one per line.
pub(super) fn doc_lines(paragraphs: &[String]) -> TokenStream {
    let text =
        paragraphs.iter().map(|p| p.trim_matches('\n')).filter(|p| !p.is_empty()).collect::<Vec<_>>().join("\n\n");
    let lines = text.lines().map(|line| literal(if line.is_empty() { "" } else { " " }, line));
    quote!(#(#[doc = #lines])*)
}

/// Returns the literal of a text that follows a space or nothing.
fn literal(space: &str, text: &str) -> Literal {
    let text = format!("{space}{text}");
    let mut written = String::with_capacity(text.len() + 2);
    push_literal(&mut written, &text);
    // Reading it takes a quarter of the time of `Literal::string`.
    written.parse().unwrap_or_else(|_| Literal::string(&text))
}

/// Returns the summary and the description of an item.
pub(super) fn own_paragraphs(docs: &Docs) -> Vec<String> {
    [&docs.summary, &docs.description].into_iter().flatten().map(|text| markdown::paragraphs(text)).collect()
}

/// Returns the documentation of a value for which a spec has only a name.
pub(super) fn on_the_wire(name: &str) -> String {
    format!("{} on the wire.", markdown::code(name))
}

/// The documentation of the field for the properties of an object that have no name in the spec.
pub(super) const OTHER_PROPERTIES: &str =
    "Properties of other names. They are kept as they are read, and sent beside the properties above.";

/// Returns the documentation of an item as text; `fallback` if the spec has none.
pub(super) fn item_text(docs: &Docs, bounds: &Bounds, fallback: &str) -> String {
    text_with(docs, sentences(bounds).into_iter().collect(), fallback)
}

/// Adds the documentation of an item to text, because code inside a macro is not formatted.
pub(super) fn push_docs(text: &mut String, indent: &str, docs: &Docs, bounds: &Bounds, fallback: &str) {
    for line in item_text(docs, bounds, fallback).lines() {
        let line = if line.is_empty() { String::new() } else { format!(" {line}") };
        text.push_str(&format!("{indent}///{line}\n"));
    }
}

fn text_with(docs: &Docs, sentences: Vec<String>, fallback: &str) -> String {
    let mut paragraphs = own_paragraphs(docs);
    if paragraphs.is_empty() {
        paragraphs.push(fallback.to_owned());
    }
    paragraphs.extend(sentences);
    if let Some(deviation) = &docs.deviation {
        paragraphs.push(format!("Differs from the venue's document: {}", markdown::line(deviation)));
    }
    paragraphs.join("\n\n")
}

/// Returns the documentation of an item; `fallback` if the spec has none.
pub(super) fn item_docs(docs: &Docs, bounds: &Bounds, fallback: &str) -> TokenStream {
    item_docs_with(docs, bounds, fallback, &[])
}

/// Returns the documentation of an item, followed by the paragraphs `more`. `fallback` replaces the
/// item's own documentation if the spec has none.
pub(super) fn item_docs_with(docs: &Docs, bounds: &Bounds, fallback: &str, more: &[String]) -> TokenStream {
    attributes(docs, item_text(docs, bounds, fallback), more)
}

/// Returns the documentation of a value of a type, followed by the paragraphs `more`. `fallback`
/// replaces the value's own documentation if the spec has none.
pub(super) fn value_docs(
    api: &Api,
    docs: &Docs,
    ty: &Type,
    bounds: &Bounds,
    fallback: &str,
    more: &[String],
) -> TokenStream {
    let further = type_sentences(api, ty).into_iter().chain(sentences(bounds)).collect();
    attributes(docs, text_with(docs, further, fallback), more)
}

/// Returns the documentation of a property or a column, followed by the paragraphs `more`.
/// `fallback` replaces its own documentation if the spec has none.
pub(super) fn field_docs(api: &Api, field: &Field, fallback: &str, more: &[String]) -> TokenStream {
    let further = field_sentences(api, field).into_iter().chain(sentences(&field.bounds)).collect();
    attributes(&field.docs, text_with(&field.docs, further, fallback), more)
}

/// Returns the description of a value of a type, with the sentences about the type.
pub(super) fn value_description(api: &Api, docs: &Docs, ty: &Type) -> Option<String> {
    let paragraphs: Vec<String> = docs.description.iter().cloned().chain(type_sentences(api, ty)).collect();
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

fn attributes(docs: &Docs, text: String, more: &[String]) -> TokenStream {
    let mut paragraphs = vec![text];
    paragraphs.extend_from_slice(more);
    let lines = doc_lines(&paragraphs);
    let deprecated = docs.deprecated.then(|| quote!(#[deprecated = "the venue calls it deprecated"]));
    quote!(#lines #deprecated)
}

/// Returns the properties of an operation on one line: route, security, weight, idempotency.
pub(super) fn operation_summary(api: &Api, operation: &Operation) -> String {
    let mut phrases = vec![match &operation.route {
        Route::Http { method, path } => markdown::code(&format!("{method} {path}")),
        Route::Rpc { method } => format!("JSON-RPC {}", markdown::code(method)),
    }];
    phrases.push(
        match operation.security {
            Security::Public => "public",
            Security::Key if operation.schemes.iter().any(Vec::is_empty) => "public, or with the key",
            Security::Key => "needs the key",
            Security::Signed => "signed",
            Security::Login => "needs a login",
        }
        .to_owned(),
    );
    phrases.extend(rate_limits::weight(api, operation));
    phrases.push(match &operation.idempotent {
        Idempotent::Always => "idempotent".to_owned(),
        Idempotent::Never => "not idempotent".to_owned(),
        Idempotent::WhenPresent(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!("idempotent when {} is given", names.join(" or "))
        }
    });
    format!("{}.", phrases.join(", "))
}

/// Returns a sentence on the statuses that leave the outcome unknown; `None` if there are none.
fn unknown_statuses(operation: &Operation) -> Option<String> {
    let statuses: Vec<String> = operation.unknown_statuses.iter().map(u16::to_string).collect();
    (!statuses.is_empty()).then(|| {
        format!(
            "A response of status {} does not tell whether the request was carried out: the outcome is `Unknown`.",
            statuses.join(" or ")
        )
    })
}

/// Returns a paragraph on the lists of a batch; `None` if the operation sends none.
fn batch(operation: &Operation) -> Option<String> {
    let Batch { request, response } = operation.batch.as_ref()?;
    let place = |pointer: &str, whole: &str| match pointer {
        "" => whole.to_owned(),
        pointer => markdown::code(pointer),
    };
    Some(format!(
        "The list in the response ({}) has to have an element for each element of {}. An element that the response \
         lacks may have been carried out. So the outcome is `Unknown` if the numbers differ and each element in the \
         response failed, or if there is none. Otherwise the call is a success: `send().with_response()` has both \
         numbers, as `element_counts()`.",
        place(response, "its body"),
        place(request, "the request's body")
    ))
}

/// Returns a sentence on the pages of the list; `None` if the spec describes none.
fn pages(operation: &Operation) -> Option<String> {
    let pages = operation.pagination.as_ref()?;
    let parameter = operation.parameters.get(pages.parameter)?;
    let parameter = markdown::code(&parameter.wire);
    let value = match pages.by {
        PagedBy::Offset => "the number of items before it".to_owned(),
        PagedBy::Number if !pages.value.is_empty() => {
            format!("its number, which a response states at {}", markdown::code(&pages.value))
        }
        PagedBy::Number => format!("its number, from {}", pages.first),
        PagedBy::Cursor => format!("the value at {} in the response before", markdown::code(&pages.value)),
        PagedBy::LastItem => format!("the value at {} in the last item before", markdown::code(&pages.value)),
    };
    Some(format!("The list comes in pages. {parameter} of a page is {value}."))
}

/// Returns the paragraphs that are added to an operation's own documentation: its properties, the
/// given paragraph on its constraints, its limits, its statuses of unknown outcome, its lists and
/// its error codes.
pub(super) fn operation_paragraphs(
    api: &Api,
    codes: &ErrorTable<'_>,
    operation: &Operation,
    constraints: Option<String>,
) -> Vec<String> {
    let mut paragraphs = vec![operation_summary(api, operation)];
    paragraphs.extend(constraints);
    paragraphs.extend(rate_limits::of_operation(api, operation));
    paragraphs.extend(unknown_statuses(operation));
    paragraphs.extend(batch(operation));
    paragraphs.extend(pages(operation));
    if let Some(codes) = codes.of_operation(operation) {
        paragraphs.push(format!(
            "# Errors\nThe venue may send any of its [error codes](crate::error_codes). The spec names these for this \
             operation:\n\n{codes}"
        ));
    }
    paragraphs
}
