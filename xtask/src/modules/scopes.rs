//! Finds the items that paths lead to, and the files that define these items.

use std::collections::HashMap;
use std::path::Path;

use syn::{Item, UseTree};

use super::crates::{Crate, ModuleId};

/// The maximum number of `use` declarations that are followed for one path. A cycle of re-exports
/// ends there.
const MAX_STEPS: usize = 32;

/// The names in all modules of a crate.
pub(super) struct Scopes<'c> {
    krate: &'c Crate,
    scopes: Vec<Scope>,
}

/// The names in a module.
#[derive(Default)]
struct Scope {
    names: HashMap<String, Binding>,
    /// The paths of `use path::*`.
    globs: Vec<Vec<String>>,
}

/// The item, module or import that a name in a module stands for.
enum Binding {
    /// An item of this module.
    Item,
    Module(ModuleId),
    /// An import of the item or module at this path. The path is relative to the module with the
    /// import.
    Import(Vec<String>),
}

/// The target of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Module(ModuleId),
    /// An item that the module with this id defines.
    Item(ModuleId),
}

impl<'c> Scopes<'c> {
    pub(super) fn new(krate: &'c Crate) -> Self {
        let mut scopes: Vec<Scope> = krate.modules.iter().map(|_| Scope::default()).collect();
        for (id, module) in krate.modules.iter().enumerate() {
            if let Some(scope) = module.parent.and_then(|parent| scopes.get_mut(parent)) {
                scope.names.insert(module.name.clone(), Binding::Module(id));
            }
            for item in &module.items {
                // A macro with `#[macro_export]` is also a name of the root.
                if let Item::Macro(macro_) = item
                    && macro_.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export"))
                    && let (Some(name), Some(root)) = (&macro_.ident, scopes.first_mut())
                    && id != 0
                {
                    let path = path_of(krate, id).into_iter().chain([name.to_string()]).collect();
                    root.names.insert(name.to_string(), Binding::Import(path));
                }
                if let Some(scope) = scopes.get_mut(id) {
                    scope.add(item);
                }
            }
        }
        Self { krate, scopes }
    }

    /// Returns the file of a module, or of the module that defines an item.
    pub(super) fn file(&self, target: Target) -> Option<&'c Path> {
        let (Target::Module(id) | Target::Item(id)) = target;
        self.krate.modules.get(id).map(|module| module.file.as_path())
    }

    /// Returns the target of a path in the module `from`; `None` if it is in another crate or
    /// cannot be found.
    pub(super) fn resolve(&self, from: ModuleId, path: &[String]) -> Option<Target> {
        self.resolve_within(from, path, MAX_STEPS)
    }

    fn resolve_within(&self, from: ModuleId, path: &[String], steps: usize) -> Option<Target> {
        let steps = steps.checked_sub(1)?;
        let (first, mut rest) = path.split_first()?;
        let mut target = match first.as_str() {
            "crate" => Target::Module(0),
            "self" => Target::Module(from),
            "super" => Target::Module(self.krate.modules.get(from)?.parent?),
            name => self.named(from, name, steps)?,
        };
        while let (Target::Module(module), Some((next, after))) = (target, rest.split_first()) {
            target = match next.as_str() {
                "super" => Target::Module(self.krate.modules.get(module)?.parent?),
                name => self.named(module, name, steps)?,
            };
            rest = after;
        }
        Some(target)
    }

    /// Returns the target of a name in a module.
    fn named(&self, module: ModuleId, name: &str, steps: usize) -> Option<Target> {
        let scope = self.scopes.get(module)?;
        match scope.names.get(name) {
            Some(Binding::Item) => Some(Target::Item(module)),
            Some(Binding::Module(id)) => Some(Target::Module(*id)),
            Some(Binding::Import(path)) => self.resolve_within(module, path, steps),
            None => scope.globs.iter().find_map(|path| {
                let Target::Module(id) = self.resolve_within(module, path, steps)? else { return None };
                self.named(id, name, steps.checked_sub(1)?)
            }),
        }
    }
}

impl Scope {
    fn add(&mut self, item: &Item) {
        let name = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Macro(item) => {
                let Some(name) = &item.ident else { return };
                name
            }
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Use(item) => {
                each_import(&item.tree, &mut Vec::new(), &mut |name, path| match name {
                    // `pub(crate) use name;` re-exports a macro that the module defines above it.
                    // The macro is recorded already.
                    Some(name) if path.len() == 1 && name == path.concat() => {}
                    Some(name) => {
                        self.names.insert(name.to_owned(), Binding::Import(path.to_vec()));
                    }
                    None => self.globs.push(path.to_vec()),
                });
                return;
            }
            _ => return,
        };
        self.names.insert(name.to_string(), Binding::Item);
    }
}

/// Calls `found` with the name and the path of each import of a `use` tree. The name is `None` for
/// `*`.
pub(super) fn each_import(tree: &UseTree, path: &mut Vec<String>, found: &mut dyn FnMut(Option<&str>, &[String])) {
    match tree {
        UseTree::Path(step) => {
            path.push(step.ident.to_string());
            each_import(&step.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) if name.ident == "self" => found(path.last().cloned().as_deref(), path),
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            path.push(name.clone());
            found(Some(&name), path);
            path.pop();
        }
        UseTree::Rename(rename) => {
            let is_self = rename.ident == "self";
            if !is_self {
                path.push(rename.ident.to_string());
            }
            found(Some(&rename.rename.to_string()), path);
            if !is_self {
                path.pop();
            }
        }
        UseTree::Glob(_) => found(None, path),
        UseTree::Group(group) => group.items.iter().for_each(|tree| each_import(tree, path, found)),
    }
}

/// Returns the path of a module from the root.
fn path_of(krate: &Crate, id: ModuleId) -> Vec<String> {
    let mut names = Vec::new();
    let mut at = krate.modules.get(id);
    while let Some(module) = at {
        let Some(parent) = module.parent else { break };
        names.push(module.name.clone());
        at = krate.modules.get(parent);
    }
    names.push("crate".to_owned());
    names.reverse();
    names
}
