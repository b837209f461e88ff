//! Finds the imports between the files of a crate.

use std::collections::BTreeMap;
use std::path::PathBuf;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{ItemMacro, ItemUse, Macro, Path};

use super::crates::{Crate, ModuleId};
use super::scopes::{Scopes, Target, each_import};

/// The imported names, by the importing file and the file that defines them.
pub(super) type Imports = BTreeMap<(PathBuf, PathBuf), Vec<String>>;

/// Macros whose tokens become code of another crate. Paths in them are not imports.
const QUOTES: [&str; 4] = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned"];

/// Returns the names that each file imports from each other file. They are found in `use`
/// declarations, in paths, and in the arguments and definitions of macros (except [`QUOTES`]).
pub(super) fn between_files(krate: &Crate) -> Imports {
    let scopes = Scopes::new(krate);
    let mut visitor = Visitor { krate, scopes: &scopes, module: 0, imports: Imports::new() };
    for (id, module) in krate.modules.iter().enumerate() {
        visitor.module = id;
        module.items.iter().for_each(|item| visitor.visit_item(item));
    }
    for names in visitor.imports.values_mut() {
        names.sort_unstable();
        names.dedup();
    }
    visitor.imports
}

struct Visitor<'c> {
    krate: &'c Crate,
    scopes: &'c Scopes<'c>,
    /// The visited module.
    module: ModuleId,
    imports: Imports,
}

impl Visitor<'_> {
    /// Records a path in the visited module if it leads to an item of another file.
    ///
    /// A path that ends in a module is not recorded, but a path through a module to an item is.
    fn note(&mut self, path: &[String]) {
        if let Some(target @ Target::Item(_)) = self.scopes.resolve(self.module, path) {
            self.note_import(target, path.last().map_or("", String::as_str));
        }
    }

    /// Records the import of a name from the file of `target`, unless that is the visited file.
    fn note_import(&mut self, target: Target, name: &str) {
        if let (Some(from), Some(file)) = (self.krate.modules.get(self.module), self.scopes.file(target))
            && file != from.file
        {
            self.imports.entry((from.file.clone(), file.to_owned())).or_default().push(name.to_owned());
        }
    }

    /// Records the paths with at least two names (`a::b`) in the tokens of a macro.
    fn note_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.note_path_of_tokens(&mut path);
                    }
                    path.push(name.to_string());
                }
                TokenTree::Group(group) => {
                    self.note_path_of_tokens(&mut path);
                    self.note_tokens(group.stream());
                }
                _ => self.note_path_of_tokens(&mut path),
            }
            colons = 0;
        }
        self.note_path_of_tokens(&mut path);
    }

    fn note_path_of_tokens(&mut self, path: &mut Vec<String>) {
        if path.len() > 1 {
            self.note(path);
        }
        path.clear();
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        each_import(&item.tree, &mut Vec::new(), &mut |name, path| match name {
            Some(_) => self.note(path),
            None => {
                if let Some(target) = self.scopes.resolve(self.module, path) {
                    self.note_import(target, "*");
                }
            }
        });
    }

    fn visit_path(&mut self, path: &'ast Path) {
        // A single name needs no record: its `use` declaration is recorded, or this module defines
        // it.
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            self.note(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, macro_: &'ast Macro) {
        self.visit_path(&macro_.path);
        if !macro_.path.segments.last().is_some_and(|name| QUOTES.iter().any(|quote| name.ident == quote)) {
            self.note_tokens(macro_.tokens.clone());
        }
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        self.note_tokens(item.mac.tokens.clone());
    }
}
