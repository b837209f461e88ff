//! Names in Rust: of types, their members, their values.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::comparison::{Level, Subject};
use super::differ::{Differ, Finding};
use super::rules;
use super::schemas::view::component;
use super::schemas::within;
use venuekit_codegen::model::names::Words;
use venuekit_codegen::model::{Api, Field, Type, TypeDef, TypeKind};
use venuekit_codegen::spec::found::Found;
use venuekit_codegen::spec::pointer_join;

/// What a member or a parameter is called in Rust.
pub(super) fn rust_name(found: &Found<'_>, wire: &str) -> String {
    let name = found.text("x-rust-name").unwrap_or(wire);
    Words::parse(name).map_or_else(|_| name.to_owned(), |words| words.snake())
}

/// Why a name that changed is a break; the worse when the old one stands for something else now.
pub(super) fn renamed(finding: Finding, what: &'static str, was: &str, taken: bool) -> Finding {
    if taken {
        finding.source(Level::Breaking, format!("code compiles, and `{was}` is another {what} now"))
    } else {
        finding
    }
}

impl<'d> Differ<'d> {
    /// Compares the types that stand for each other, once schemas have been walked.
    pub(super) fn names(&mut self) {
        let Some((old_api, new_api)) = self.apis else { return };
        let (old, new) = (by_pointer(old_api), by_pointer(new_api));
        let names = |api: &'d Api| api.types.iter().map(|def| def.name.as_str()).collect::<BTreeSet<_>>();
        let (old_names, new_names) = (names(old_api), names(new_api));
        let (mut seen, mut renamed_types) = (BTreeSet::new(), BTreeSet::new());
        let pairs: Vec<(Subject, bool, Option<&TypeDef>, Option<&TypeDef>)> = self
            .pairs
            .iter()
            .map(|((before, after), pair)| {
                (
                    pair.subject.clone(),
                    pair.used.held,
                    old.get(before.as_str()).copied(),
                    new.get(after.as_str()).copied(),
                )
            })
            .collect();
        for (subject, held, before, after) in pairs {
            let (Some(before), Some(after)) = (before, after) else { continue };
            if std::mem::discriminant(&before.kind) != std::mem::discriminant(&after.kind) {
                continue;
            }
            if before.name != after.name && seen.insert((before.name.clone(), after.name.clone())) {
                // One that is there before and after was not renamed.
                let stays = new_names.contains(before.name.as_str()) || old_names.contains(after.name.as_str());
                let rule = if stays { &rules::TYPE_REPLACED } else { &rules::TYPE_RENAMED };
                let finding = Finding::new(rule, subject.clone(), after.pointer.clone());
                let finding = finding.was(before.name.as_str()).is(after.name.as_str());
                let aliases = matches!(before.kind, TypeKind::Alias(_));
                let alias =
                    new_api.resolve_def(&Type::Named(before.name.clone())).is_some_and(|def| def.name == after.name);
                self.report(match stays {
                    true if !held || aliases => {
                        finding.source(Level::Safe, "nothing in the crate has to change for it")
                    }
                    true if alias && !built(before) => {
                        finding.source(Level::Safe, "the old name stands for the new type")
                    }
                    _ => finding,
                });
                if !stays {
                    renamed_types.insert((before.name.clone(), after.name.clone()));
                }
            }
            self.inside(&subject, before, after);
        }
        self.components(old_api, new_api, &renamed_types);
    }

    /// Members, columns and values by their names on the wire.
    fn inside(&mut self, subject: &Subject, before: &TypeDef, after: &TypeDef) {
        match (built(before), built(after)) {
            (false, true) => self.report(
                Finding::new(&rules::BUILDER_ADDED, subject.clone(), after.pointer.clone())
                    .is(format!("{}Builder", after.name)),
            ),
            (true, false) => self.report(
                Finding::new(&rules::BUILDER_REMOVED, subject.clone(), after.pointer.clone())
                    .was(format!("{}Builder", before.name)),
            ),
            _ => {}
        }
        match (&before.kind, &after.kind) {
            (TypeKind::Struct(old), TypeKind::Struct(new)) => {
                let place = |field: &Field| pointer_join(&format!("{}/properties", after.pointer), &field.wire);
                self.fields(subject, old, new, &place);
            }
            (TypeKind::Row { columns: old, .. }, TypeKind::Row { columns: new, .. }) => {
                let indices: HashMap<&str, usize> =
                    new.iter().enumerate().rev().map(|(at, field)| (field.wire.as_str(), at)).collect();
                let index = |field: &Field| indices.get(field.wire.as_str()).copied().unwrap_or_default();
                let place =
                    |field: &Field| pointer_join(&format!("{}/x-tuple", after.pointer), &index(field).to_string());
                self.fields(subject, old, new, &place);
            }
            (TypeKind::Enum { variants: old, .. }, TypeKind::Enum { variants: new, .. }) => {
                let before: HashMap<&str, _> = old.iter().rev().map(|was| (was.wire.as_str(), was)).collect();
                let names: HashSet<&str> = new.iter().map(|variant| variant.name.as_str()).collect();
                for (index, variant) in new.iter().enumerate() {
                    let Some(was) = before.get(variant.wire.as_str()) else { continue };
                    if was.name == variant.name {
                        continue;
                    }
                    let list = |key: &str| format!("{}/{key}", after.pointer);
                    let named = self.new.document.node(&list("x-enum-varnames")).is_some();
                    let list = list(if named { "x-enum-varnames" } else { "enum" });
                    let finding =
                        Finding::new(&rules::VARIANT_RENAMED, subject.clone(), pointer_join(&list, &index.to_string()));
                    let finding = finding.was(was.name.as_str()).is(variant.name.as_str());
                    let taken = names.contains(was.name.as_str());
                    let finding = match taken {
                        true => finding.wire(Level::Risky, "what the values mean may have changed"),
                        false => finding,
                    };
                    self.report(renamed(finding, "value", &was.name, taken));
                }
            }
            _ => {}
        }
    }

    fn fields(&mut self, subject: &Subject, old: &[Field], new: &[Field], place: &dyn Fn(&Field) -> String) {
        let before: HashMap<&str, &Field> = old.iter().rev().map(|was| (was.wire.as_str(), was)).collect();
        let names: HashSet<&str> = new.iter().map(|field| field.name.as_str()).collect();
        for field in new {
            let Some(was) = before.get(field.wire.as_str()) else { continue };
            if was.name != field.name {
                let finding = Finding::new(&rules::FIELD_RENAMED, within(subject, &field.wire), place(field));
                let taken = names.contains(was.name.as_str());
                self.report(renamed(finding.was(was.name.as_str()).is(field.name.as_str()), "field", &was.name, taken));
            }
        }
    }

    /// Components whose type is new, or gone, under any name.
    fn components(&mut self, old_api: &'d Api, new_api: &'d Api, renamed: &BTreeSet<(String, String)>) {
        let named = |api: &'d Api| api.types.iter().filter(|def| component(&def.pointer).is_some());
        let all = |api: &'d Api| api.types.iter().map(|def| def.name.as_str()).collect::<BTreeSet<_>>();
        let (old_names, new_names) = (all(old_api), all(new_api));
        let (was, is): (HashSet<&str>, HashSet<&str>) =
            renamed.iter().map(|(was, is)| (was.as_str(), is.as_str())).unzip();
        let subject = |def: &TypeDef| Subject { schema: component(&def.pointer), ..Subject::default() };
        for def in named(old_api) {
            if !new_names.contains(def.name.as_str()) && !was.contains(def.name.as_str()) {
                self.report(
                    Finding::old(&rules::TYPE_REMOVED, subject(def), def.pointer.clone()).was(def.name.as_str()),
                );
            }
        }
        for def in named(new_api) {
            if !old_names.contains(def.name.as_str()) && !is.contains(def.name.as_str()) {
                self.report(Finding::new(&rules::TYPE_ADDED, subject(def), def.pointer.clone()).is(def.name.as_str()));
            }
        }
    }
}

/// Whether a type has a builder.
fn built(def: &TypeDef) -> bool {
    def.in_request && matches!(def.kind, TypeKind::Struct(_) | TypeKind::Row { .. })
}

fn by_pointer(api: &Api) -> HashMap<&str, &TypeDef> {
    api.types.iter().map(|def| (def.pointer.as_str(), def)).collect()
}
