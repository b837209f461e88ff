//! `src/error_codes.rs`: the error codes of the venue, as a table and as constants.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Api;
use crate::model::names::Words;

use super::docs::doc_lines;
use super::error_table::{ErrorTable, Row};
use super::format::{Piece, pieces};
use super::markdown;
use super::tokens::ident;

/// The maximum number of words in a name that is made from a message. For a longer message, the
/// name is made from the code.
const MOST_WORDS: usize = 6;

/// Returns the documentation of the module.
pub(super) fn docs(api: &Api) -> String {
    let codes = ErrorTable::new(api);
    format!(
        "The known error codes of the venue, to compare with `error.api_error()`. The venue may send others.\n\n{}",
        codes.in_rustdoc(&names(&codes))
    )
}

pub(super) fn error_codes(api: &Api) -> Vec<Piece> {
    let codes = ErrorTable::new(api);
    pieces(codes.rows().zip(names(&codes)).map(|(row, name)| constant(row, &name)))
}

/// Returns the name of the constant of each row.
fn names(codes: &ErrorTable<'_>) -> Vec<String> {
    let mut takers: BTreeMap<String, usize> = BTreeMap::new();
    for row in codes.rows() {
        *takers.entry(by_message(row).unwrap_or_default()).or_default() += 1;
    }
    // A name that several rows would get is ambiguous, so the constants of these rows are named
    // after their codes.
    let is_alone = |name: &String| takers.get(name) == Some(&1);
    let mut taken = BTreeSet::new();
    let name = |row: &Row<'_>| {
        let name = by_message(row).filter(is_alone).unwrap_or_else(|| by_code(row.code));
        let numbered = (2..).map(|number: usize| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
        free.unwrap_or(name)
    };
    codes.rows().map(name).collect()
}

fn constant(row: &Row<'_>, name: &str) -> TokenStream {
    let texts = row.meanings.iter().flat_map(|meaning| [meaning.message, meaning.description]).flatten();
    let texts: Vec<String> = texts.map(markdown::paragraphs).collect();
    let text = if texts.is_empty() { format!("{}.", markdown::code(row.code)) } else { texts.join("\n\n") };
    let docs = doc_lines(&[text]);
    let (name, code) = (ident(name), row.code);
    quote! {
        #docs
        pub const #name: &str = #code;
    }
}

/// Returns the name that the message gives: `NOT_FOUND` for "Not found". Without a message, a code
/// that is a word gives the name. A code with several messages has no such name, because the name
/// from one message would be taken for the only meaning of the code.
fn by_message(row: &Row<'_>) -> Option<String> {
    let mut messages = row.meanings.iter().filter_map(|meaning| meaning.message);
    let (message, other) = (messages.next(), messages.next());
    let is_word = row.code.starts_with(|first: char| first.is_ascii_alphabetic());
    let text = message.filter(|_| other.is_none()).or_else(|| (message.is_none() && is_word).then_some(row.code))?;
    let name = Words::parse(text).ok()?.screaming();
    // `CODE_` is the prefix of the names that `by_code` returns.
    (name.split('_').count() <= MOST_WORDS && !name.starts_with("CODE_") && !name.starts_with('_')).then_some(name)
}

/// Returns the name that the code gives: `CODE_MINUS_1` for `-1`.
fn by_code(code: &str) -> String {
    let stand_in: String = code.bytes().map(|byte| format!("{byte:02X}")).collect();
    format!(
        "CODE_{}",
        Words::parse(code).map_or(stand_in, |words| words.screaming().trim_start_matches('_').to_owned())
    )
}
