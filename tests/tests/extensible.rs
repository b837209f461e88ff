//! Tests that a newer runtime can add variants and fields without breaking generated crates.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Attribute, ExprStruct, Field, Fields, Item, ItemEnum, ItemStruct, ItemUse, Token, UseTree, Variant, Visibility,
};

/// Types that stay closed, because JSON or their meaning allows no further variant or field.
const CLOSED: &[&str] = &[
    // A value is absent, null or present.
    "Maybe",
    // One value or an array of values.
    "OneOrMany",
    // An order book has two sides.
    "Side",
    // Generated code writes it as a value, for the runtime of its own version.
    "Content",
    // An id is an integer or a text.
    "IntegerOrText",
    // It has no state, and is constructed as a value.
    "SystemClock",
    // Adaptors are used as types only, never as values.
    "DecimalNumber",
    "DecimalString",
    "Present",
    "TimeInteger",
    "TimeText",
];

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Returns the files below a folder of the repository, read by syn.
fn parsed(folder: &str) -> Vec<(String, syn::File)> {
    let mut files = Vec::new();
    rust_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder), &mut files);
    files.sort();
    assert!(files.len() > 3, "{folder}");
    let read =
        |path: PathBuf| (path.display().to_string(), syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap());
    files.into_iter().map(read).collect()
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    let hides = |attribute: &Attribute| {
        attribute.path().is_ident("doc") && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "hidden")
    };
    attributes.iter().any(hides)
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns the reason why a public struct or enum cannot get another field or variant; `None` if it
/// can, and for any other item.
fn closed(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => closed_struct(item),
        Item::Enum(item) => closed_enum(item),
        _ => None,
    }
}

fn closed_struct(ItemStruct { attrs, vis, ident, fields, .. }: &ItemStruct) -> Option<String> {
    let is_open = !is_public(vis) || is_hidden(attrs) || has(attrs, "non_exhaustive");
    let is_literal = |fields: &Punctuated<Field, Token![,]>| fields.iter().all(|field| is_public(&field.vis));
    let reason = match fields {
        Fields::Unit => "a unit struct can be written as a value",
        Fields::Named(fields) if is_literal(&fields.named) => "all fields are public",
        Fields::Unnamed(fields) if is_literal(&fields.unnamed) => "all fields are public",
        Fields::Named(_) | Fields::Unnamed(_) => return None,
    };
    (!is_open && !CLOSED.contains(&ident.to_string().as_str())).then(|| format!("struct {ident}: {reason}"))
}

fn closed_enum(ItemEnum { attrs, vis, ident, variants, .. }: &ItemEnum) -> Option<String> {
    if !is_public(vis) || is_hidden(attrs) || variants.is_empty() || CLOSED.contains(&ident.to_string().as_str()) {
        return None;
    }
    if !has(attrs, "non_exhaustive") {
        return Some(format!("enum {ident}: a variant cannot be added"));
    }
    let is_closed =
        |variant: &&Variant| matches!(variant.fields, Fields::Named(_)) && !has(&variant.attrs, "non_exhaustive");
    variants.iter().find(is_closed).map(|variant| format!("enum {ident}: {} cannot have another field", variant.ident))
}

#[test]
fn no_public_type_of_the_runtime_is_closed_to_a_newer_version() {
    let mut closed_types = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, file) in parsed("runtime/src") {
        // A generated crate requires the runtime version that it was generated for, so parts that
        // only generated code uses may change.
        if path.contains("/runtime/src/codegen/") {
            continue;
        }
        for item in &file.items {
            if let Item::Struct(ItemStruct { ident, .. }) | Item::Enum(ItemEnum { ident, .. }) = item {
                seen.insert(ident.to_string());
            }
            closed_types.extend(closed(item).map(|reason| format!("{path}: {reason}")));
        }
    }
    assert_eq!(closed_types, Vec::<String>::new());
    let gone: Vec<_> = CLOSED.iter().filter(|name| !seen.contains(**name)).collect();
    assert!(gone.is_empty(), "`CLOSED` has names of no type of the runtime: {gone:?}");
}

#[test]
fn a_closed_type_is_found() {
    for (code, reason) in [
        ("pub struct A { pub b: u8 }", "struct A: all fields are public"),
        ("pub struct A(pub u8);", "struct A: all fields are public"),
        ("pub struct A;", "struct A: a unit struct can be written as a value"),
        ("pub enum A { B }", "enum A: a variant cannot be added"),
        ("#[non_exhaustive] pub enum A { B { c: u8 } }", "enum A: B cannot have another field"),
    ] {
        assert_eq!(closed(&syn::parse_str(code).unwrap()).as_deref(), Some(reason), "{code}");
    }
    for code in [
        "pub struct A { b: u8 }",
        "pub(crate) struct A { pub b: u8 }",
        "#[non_exhaustive] pub struct A { pub b: u8 }",
        "pub enum A {}",
        "#[non_exhaustive] pub enum A { B(u8), #[non_exhaustive] C { d: u8 } }",
    ] {
        assert_eq!(closed(&syn::parse_str(code).unwrap()), None, "{code}");
    }
}

/// The struct literals in a file that make a type of the runtime.
#[derive(Default)]
struct Literals {
    /// The names that the file imports from the runtime.
    imported: BTreeSet<String>,
    found: Vec<String>,
}

impl Literals {
    fn of_file(file: &syn::File) -> Vec<String> {
        let mut literals = Self::default();
        literals.visit_file(file);
        literals.found
    }

    fn import(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.import(&path.tree),
            UseTree::Name(name) => drop(self.imported.insert(name.ident.to_string())),
            UseTree::Rename(name) => drop(self.imported.insert(name.rename.to_string())),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree)),
            UseTree::Glob(_) => {}
        }
    }
}

impl Visit<'_> for Literals {
    fn visit_item_use(&mut self, item: &ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "venuekit"
        {
            self.import(&path.tree);
        }
    }

    fn visit_expr_struct(&mut self, literal: &ExprStruct) {
        let segments: Vec<_> = literal.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.first().is_some_and(|first| first == "venuekit" || self.imported.contains(first)) {
            self.found.push(segments.join("::"));
        }
        visit::visit_expr_struct(self, literal);
    }
}

#[test]
fn generated_code_makes_values_of_the_runtime_by_functions_only() {
    for (path, file) in parsed("generated") {
        assert_eq!(Literals::of_file(&file), Vec::<String>::new(), "{path}");
    }
    let code = "use venuekit::operation::{self, Weight}; \
        static A: u8 = (Weight::ByParameter { otherwise: 1 }, ::venuekit::meta::Example { json: \"\" }, Own { a: 1 });";
    let found = Literals::of_file(&syn::parse_str(code).unwrap());
    assert_eq!(found, ["Weight::ByParameter", "venuekit::meta::Example"]);
}
