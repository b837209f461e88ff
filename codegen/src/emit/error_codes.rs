//! `src/error_codes.rs`: the error codes that the document states.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::names::Words;
use crate::model::{Api, ErrorCode};

use super::docs::doc_lines;
use super::format::{Piece, pieces};
use super::markdown;
use super::tokens::ident;

/// The maximum number of words in a name from a message. For a longer message, the code gives the
/// name.
const MOST_WORDS: usize = 6;

/// Returns whether the document states error codes.
pub(super) fn any(api: &Api) -> bool {
    stated(api).next().is_some()
}

fn stated(api: &Api) -> impl Iterator<Item = &ErrorCode> {
    api.error_codes.iter().chain(api.operations.iter().flat_map(|operation| &operation.error_codes))
}

pub(super) fn error_codes(api: &Api) -> Vec<Piece> {
    // A code that several operations state becomes one constant, with the first text.
    let mut codes: IndexMap<&str, &ErrorCode> = IndexMap::new();
    for error in stated(api) {
        codes.entry(&error.code).or_insert(error);
    }
    let mut takers: BTreeMap<String, usize> = BTreeMap::new();
    for error in codes.values() {
        *takers.entry(by_message(error).unwrap_or_default()).or_default() += 1;
    }
    // A name that would apply to two codes is ambiguous, so their codes give the names.
    let is_alone = |name: &String| takers.get(name) == Some(&1);
    let mut taken = BTreeSet::new();
    let constants = codes.values().map(|error| {
        let name = by_message(error).filter(is_alone).unwrap_or_else(|| by_code(error));
        let numbered = (2..).map(|number: usize| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
        constant(error, &free.unwrap_or(name))
    });
    pieces(constants)
}

fn constant(error: &ErrorCode, name: &str) -> TokenStream {
    let texts = [Some(&error.message), error.description.as_ref()].into_iter().flatten();
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).map(|text| markdown::paragraphs(text)).collect();
    let text = if texts.is_empty() { format!("{}.", markdown::code(&error.code)) } else { texts.join("\n\n") };
    let docs = doc_lines(&[text]);
    let (name, code) = (ident(name), &error.code);
    quote! {
        #docs
        pub const #name: &str = #code;
    }
}

/// Returns the name from the message: `NOT_FOUND` for "Not found".
fn by_message(error: &ErrorCode) -> Option<String> {
    let words = Words::parse(&error.message).ok()?;
    let name = words.screaming();
    // `CODE_` is the prefix of the names that `by_code` returns.
    (name.split('_').count() <= MOST_WORDS && !name.starts_with("CODE_") && !name.starts_with('_')).then_some(name)
}

/// Returns the name from the code: `CODE_MINUS_1` for `-1`.
fn by_code(error: &ErrorCode) -> String {
    let stand_in: String = error.code.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!(
        "CODE_{}",
        Words::parse(&error.code).map_or(stand_in, |words| words.screaming().trim_start_matches('_').to_owned())
    )
}
