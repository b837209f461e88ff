//! Shortens paths in emitted code.
//!
//! The emitter uses the full path of every name that it does not define (`::venuekit::Decimal`,
//! `crate::types::Order`), so that no name of a spec can shadow it. [`Paths`] shortens these paths
//! for one file, and lists the `use` lines. If the short name has another meaning in the file, the
//! full path stays. For example, a venue may name a schema `Option`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

use super::tokens::ident;

/// Names of the standard library that need no `use`.
const PRELUDE: &[&str] =
    &["AsRef", "Box", "FnOnce", "From", "Into", "IntoIterator", "Option", "Result", "String", "Vec"];

/// Attributes of serde that contain a path.
pub(super) const SERDE_PATHS: &[&str] = &["skip_serializing_if", "with"];

/// The paths of one file.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// The names that the file defines.
    defined: BTreeSet<String>,
    /// The short names in use, and the module of each.
    used: RefCell<BTreeMap<String, String>>,
    /// The short forms of literals in attributes. A literal has the same short form in all of the
    /// file, because names in use stay in use.
    literals: RefCell<HashMap<String, Literal>>,
}

impl Paths {
    /// Creates the paths of a file that defines these names.
    pub(super) fn beside<'a>(defined: impl IntoIterator<Item = &'a str>) -> Self {
        Self { defined: defined.into_iter().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Shortens every path whose short name has no other meaning in the file.
    pub(super) fn short(&self, tokens: TokenStream) -> TokenStream {
        self.shorten(tokens.into_iter().collect(), false)
    }

    /// Writes the path of an item piece by piece, short if its short name has no other meaning in
    /// the file. An item of a module of this crate (`crate::types`) is named with its module.
    pub(super) fn short_path(&self, module: &str, name: &str, mut write: impl FnMut(&str)) {
        let (imported, from) = match module.split_once("::") {
            Some(("crate", inner)) => (inner, "crate"),
            _ => (name, module),
        };
        if !module.is_empty() && !self.imports(imported, from) {
            if from != "crate" {
                write("::");
            }
            write(from);
            write("::");
        }
        if imported != name {
            write(imported);
            write("::");
        }
        write(name);
    }

    /// Shortens the paths in a type, and returns the type as text in the usual style.
    pub(super) fn short_text(&self, tokens: TokenStream) -> String {
        self.short(tokens).to_string().replace(' ', "").replace(',', ", ")
    }

    /// Returns the `use` lines of all shortened names: first those of the standard library, then
    /// those of other crates, then those of this crate.
    pub(super) fn uses(&self) -> TokenStream {
        let used = self.used.borrow();
        let mut grouped: BTreeMap<(u8, &str), Vec<Ident>> = BTreeMap::new();
        for (name, module) in used.iter().filter(|(_, module)| !module.is_empty()) {
            let group = if module.starts_with("std") { 0 } else { u8::from(module.starts_with("crate")) + 1 };
            grouped.entry((group, module)).or_default().push(ident(name));
        }
        let lines = grouped.into_iter().filter_map(|((_, module), names)| {
            let module: TokenStream = module.parse().ok()?;
            Some(match names.as_slice() {
                [name] => quote!(use #module::#name;),
                names => quote!(use #module::{#(#names),*};),
            })
        });
        quote!(#(#lines)*)
    }

    fn shorten(&self, mut tokens: Vec<TokenTree>, in_serde: bool) -> TokenStream {
        tokens.reverse();
        let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
        while let Some(token) = tokens.pop() {
            match token {
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    let is_attribute = |name| group.delimiter() == Delimiter::Bracket && begins_with(&inner, name);
                    if is_attribute("doc") {
                        out.push(group.into());
                        continue;
                    }
                    let in_serde = in_serde || is_attribute("serde");
                    let mut shortened = Group::new(group.delimiter(), self.shorten(inner, in_serde));
                    shortened.set_span(group.span());
                    out.push(shortened.into());
                }
                TokenTree::Literal(literal) if in_serde && holds_path(&out) => out.push(self.literal(literal).into()),
                TokenTree::Ident(name) if name == "crate" && starts_path(&tokens) => {
                    out.push(name.into());
                    self.path(&mut tokens, &mut out);
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' && !continues(&out) && is_leading(&tokens) => {
                    out.push(colon.into());
                    out.extend(tokens.pop());
                    out.extend(tokens.pop());
                    self.path(&mut tokens, &mut out);
                }
                other => out.push(other),
            }
        }
        out.into_iter().collect()
    }

    /// Reads the rest of a path whose first segment is at the end of `out`, and replaces the path
    /// there by its short form.
    fn path(&self, rest: &mut Vec<TokenTree>, out: &mut Vec<TokenTree>) {
        let Some(TokenTree::Ident(first)) = out.last().cloned() else { return };
        let in_crate = first == "crate";
        let mut module = first.to_string();
        // The start of the path in `out`, at which a short form replaces it.
        let mut start = out.len() - if in_crate { 1 } else { 3 };
        while starts_path(rest) {
            let Some(TokenTree::Ident(name)) = rest.iter().rev().nth(2).cloned() else { return };
            out.extend(rest.pop());
            out.extend(rest.pop());
            out.extend(rest.pop());
            let text = name.to_string();
            if Self::is_imported(&text, in_crate) {
                if self.imports(&text, &module) {
                    out.truncate(std::mem::take(&mut start));
                    out.push(name.into());
                }
                return;
            }
            module.push_str("::");
            module.push_str(&text);
        }
    }

    /// Returns whether the short form of a path begins with this segment. Types are imported.
    /// Modules are imported only from this crate, except `required`, which has modules itself.
    pub(super) fn is_imported(name: &str, in_crate: bool) -> bool {
        name.starts_with(|c: char| c.is_ascii_uppercase()) || in_crate && name != "required"
    }

    /// Returns whether `name` can stand for the item of `module` in this file, and records its use.
    /// False if the file defines the name, or already uses it for another item.
    pub(super) fn imports(&self, name: &str, module: &str) -> bool {
        if self.defined.contains(name) {
            return false;
        }
        let module = if module.starts_with("std::") && PRELUDE.contains(&name) { "" } else { module };
        let mut used = self.used.borrow_mut();
        match used.get(name) {
            Some(other) => other == module,
            None => {
                used.insert(name.to_owned(), module.to_owned());
                true
            }
        }
    }

    /// Returns the literal of an attribute of serde with a short path, if it is a path.
    pub(super) fn literal(&self, literal: Literal) -> Literal {
        let written = literal.to_string();
        if let Some(short) = self.literals.borrow().get(&written) {
            return short.clone();
        }
        let text = syn::parse_str::<syn::LitStr>(&written).map(|text| text.value());
        let short = match text.map(|text| text.parse::<TokenStream>()) {
            Ok(Ok(path)) => Literal::string(&self.short_text(path)),
            _ => literal,
        };
        self.literals.borrow_mut().insert(written, short.clone());
        short
    }
}

fn begins_with(tokens: &[TokenTree], name: &str) -> bool {
    matches!(tokens.first(), Some(TokenTree::Ident(first)) if first == name)
}

/// Returns whether the next token is the value of a serde attribute that contains a path.
fn holds_path(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(name), TokenTree::Punct(equals)]
        if equals.as_char() == '=' && SERDE_PATHS.iter().any(|path| name == path))
}

/// Returns whether the next tokens are `::` and a name; the rest is in reverse.
fn starts_path(rest: &[TokenTree]) -> bool {
    matches!(rest, [.., TokenTree::Ident(_), TokenTree::Punct(second), TokenTree::Punct(first)]
        if first.as_char() == ':' && first.spacing() == Spacing::Joint && second.as_char() == ':')
}

/// Returns whether the next tokens are the second half of a leading `::` and a name; the rest is in
/// reverse.
fn is_leading(rest: &[TokenTree]) -> bool {
    matches!(rest, [.., TokenTree::Ident(_), TokenTree::Punct(second)] if second.as_char() == ':')
}

/// Returns whether `::` continues a path or a type before it.
fn continues(before: &[TokenTree]) -> bool {
    let is = |punct: &Punct, c: char| punct.as_char() == c;
    match before {
        [.., TokenTree::Punct(arrow), TokenTree::Punct(end)] if is(end, '>') => !(is(arrow, '-') || is(arrow, '=')),
        [.., TokenTree::Punct(quote), TokenTree::Ident(_)] if is(quote, '\'') => false,
        [.., TokenTree::Punct(end)] => is(end, '>'),
        [.., TokenTree::Ident(name)] => !["as", "dyn", "for", "impl", "in", "mut", "return"].iter().any(|k| name == k),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(defined: &[&str], tokens: TokenStream) -> (String, String) {
        let paths = Paths::beside(defined.iter().copied());
        let text = paths.short(tokens).to_string();
        (text, paths.uses().to_string())
    }

    fn check(defined: &[&str], whole: TokenStream, expected: TokenStream, uses: TokenStream) {
        assert_eq!(short(defined, whole), (expected.to_string(), uses.to_string()));
    }

    #[test]
    fn a_path_is_shortened_and_imported() {
        check(
            &[],
            quote!(
                fn f(a: ::std::vec::Vec<::venuekit::Decimal>) -> ::std::option::Option<crate::types::Order> {
                    ::venuekit::wire::Json::parse(a)
                }
            ),
            quote!(
                fn f(a: Vec<Decimal>) -> Option<types::Order> {
                    Json::parse(a)
                }
            ),
            quote!(
                use venuekit::Decimal;
                use venuekit::wire::Json;
                use crate::types;
            ),
        );
        check(
            &[],
            quote!(impl crate::required::given::price for ::venuekit::setters::Given {}),
            quote!(impl given::price for Given {}),
            quote!(
                use venuekit::setters::Given;
                use crate::required::given;
            ),
        );
    }

    #[test]
    fn a_path_stays_whole_if_its_short_name_has_another_meaning() {
        check(
            &["Option", "Decimal"],
            quote!(
                struct Decimal(::std::option::Option<::venuekit::Decimal>);
            ),
            quote!(
                struct Decimal(::std::option::Option<::venuekit::Decimal>);
            ),
            quote!(),
        );
        check(
            &[],
            quote!(
                fn f(a: crate::Client, b: ::venuekit::Client) -> ::venuekit::Client {}
            ),
            quote!(
                fn f(a: Client, b: ::venuekit::Client) -> ::venuekit::Client {}
            ),
            quote!(
                use crate::Client;
            ),
        );
    }

    #[test]
    fn texts_and_paths_that_do_not_begin_with_a_crate_do_not_change() {
        let same = quote! {
            #[doc = " ::std::option::Option"]
            #[serde(rename = "::std::option::Option")]
            pub(crate) a: Vec::<u8>::new(<T as Trait>::item, "::std::string::String")
        };
        check(&[], same.clone(), same, quote!());
    }

    #[test]
    fn paths_in_attributes_of_serde_are_shortened() {
        check(
            &[],
            quote!(#[serde(rename = "a", with = "::venuekit::wire::As::<::std::option::Option<::venuekit::wire::Same>>")]),
            quote!(#[serde(rename = "a", with = "As::<Option<Same>>")]),
            quote!(
                use venuekit::wire::{As, Same};
            ),
        );
    }
}
