//! Reads the modules of a crate from its files, without the items for tests.

use std::fs;
use std::path::{Path, PathBuf};

use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Item, ItemMod, Lit, Meta, MetaList, Token};

/// The number of a module within its crate; the root is 0.
pub(super) type ModuleId = usize;

/// A crate with its modules. A parent comes before its children.
pub(super) struct Crate {
    pub(super) modules: Vec<Module>,
}

/// A module in its own file or within another file.
pub(super) struct Module {
    /// The parent; `None` for the root.
    pub(super) parent: Option<ModuleId>,
    pub(super) name: String,
    pub(super) file: PathBuf,
    pub(super) items: Vec<Item>,
}

impl Crate {
    /// Reads the crate whose root is this file; `None` if the file does not exist.
    pub(super) fn read(root: &Path) -> Result<Option<Self>, String> {
        if !root.is_file() {
            return Ok(None);
        }
        let mut krate = Self { modules: Vec::new() };
        let folder = root.parent().unwrap_or(Path::new(".")).to_owned();
        krate.add(None, String::new(), root.to_owned(), folder, parse(root)?)?;
        Ok(Some(krate))
    }

    /// Adds a module and the modules within it. The files of its child modules are in `folder`.
    fn add(
        &mut self,
        parent: Option<ModuleId>,
        name: String,
        file: PathBuf,
        folder: PathBuf,
        items: Vec<Item>,
    ) -> Result<(), String> {
        let id = self.modules.len();
        self.modules.push(Module { parent, name, file: file.clone(), items: Vec::new() });
        let (children, items): (Vec<Item>, Vec<Item>) = items
            .into_iter()
            .filter(|item| !is_for_tests(attributes(item)))
            .partition(|item| matches!(item, Item::Mod(_)));
        for child in children {
            let Item::Mod(child) = child else { continue };
            let name = child.ident.to_string();
            let below = folder.join(&name);
            match child.content {
                Some((_, items)) => self.add(Some(id), name, file.clone(), below, items)?,
                None => {
                    let path = file_of(&child, &name, &folder, &file)?;
                    let items = parse(&path)?;
                    self.add(Some(id), name, path, below, items)?;
                }
            }
        }
        if let Some(module) = self.modules.get_mut(id) {
            module.items = items;
        }
        Ok(())
    }
}

/// Returns the file of a module that is declared as `mod name;`. Returns an error if there is none.
fn file_of(module: &ItemMod, name: &str, folder: &Path, declared_in: &Path) -> Result<PathBuf, String> {
    let named = module.attrs.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(path), .. }) => Some(path.value()),
            _ => None,
        },
        _ => None,
    });
    let beside = declared_in.parent().unwrap_or(Path::new("."));
    let candidates = match named {
        Some(path) => vec![beside.join(path)],
        None => vec![folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")],
    };
    let found = candidates.iter().find(|path| path.is_file());
    found.cloned().ok_or_else(|| format!("{} declares module `{name}`, which has no file", declared_in.display()))
}

fn parse(path: &Path) -> Result<Vec<Item>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let file = syn::parse_file(&text).map_err(|error| format!("{} is not Rust: {error}", path.display()))?;
    Ok(file.items)
}

/// Returns true for `#[test]` functions, and for items with `#[cfg(test)]` or `#[cfg(all(..,
/// test))]`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg")
                && attribute.parse_args().is_ok_and(|condition| asks_for_tests(&condition))
    })
}

/// Returns true for the condition `test`, and for `all(..)` that contains it at any depth.
fn asks_for_tests(condition: &Meta) -> bool {
    let all = |list: &MetaList| {
        let conditions = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        list.path.is_ident("all") && conditions.is_ok_and(|conditions| conditions.iter().any(asks_for_tests))
    };
    condition.path().is_ident("test") || matches!(condition, Meta::List(list) if all(list))
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
