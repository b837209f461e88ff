//! Names in Rust: types, their fields and their values.

use std::collections::{BTreeSet, HashMap, HashSet};

use venuekit_codegen::model::{Api, Field, Type, TypeDef, TypeKind};
use venuekit_codegen::source::pointer_join;

use crate::alignment::schemas::{SchemaPair, Schemas};
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::document::element;
use crate::finding::{Finding, Findings};
use crate::rules;
use crate::schema::resolved::component;

/// The types of a model.
struct Names<'s> {
    api: &'s Api,
    by_pointer: HashMap<&'s str, &'s TypeDef>,
    all: BTreeSet<&'s str>,
}

impl<'s> Names<'s> {
    fn new(api: &'s Api) -> Self {
        let by_pointer = api.types.iter().map(|def| (def.pointer.as_str(), def)).collect();
        Self { api, by_pointer, all: api.types.iter().map(|def| def.name.as_str()).collect() }
    }
}

/// Compares the types of paired schemas, then the other types of components.
pub(super) fn names(sides: &Sides<'_>, schemas: &Schemas<'_>) -> Findings {
    let mut findings = Findings::default();
    let Some((old, new)) = sides.apis() else { return findings };
    let (old, new) = (Names::new(old), Names::new(new));
    let (mut seen, mut renamed) = (BTreeSet::new(), BTreeSet::new());
    for pair in &schemas.pairs {
        let before = old.by_pointer.get(pair.old.at.pointer.as_str());
        let after = new.by_pointer.get(pair.new.at.pointer.as_str());
        let (Some(before), Some(after)) = (before, after) else { continue };
        if std::mem::discriminant(&before.kind) != std::mem::discriminant(&after.kind) {
            continue;
        }
        if before.name != after.name && seen.insert((before.name.as_str(), after.name.as_str())) {
            // A type that exists in both crates was not renamed.
            let is_replaced = new.all.contains(before.name.as_str()) || old.all.contains(after.name.as_str());
            if is_replaced {
                findings.push(replaced(pair, before, after, new.api));
            } else {
                renamed.insert((before.name.as_str(), after.name.as_str()));
                findings.push(type_finding(&rules::TYPE_RENAMED, pair, before, after));
            }
        }
        findings.add(inside(sides, &pair.subject, before, after));
    }
    findings.add(components(&old, &new, &renamed));
    findings
}

fn type_finding(rule: &'static rules::Rule, pair: &SchemaPair<'_>, before: &TypeDef, after: &TypeDef) -> Finding {
    let finding = Finding::in_new(rule, pair.subject.clone(), after.pointer.as_str());
    finding.was(before.name.as_str()).is(after.name.as_str())
}

fn replaced(pair: &SchemaPair<'_>, before: &TypeDef, after: &TypeDef, new_api: &Api) -> Finding {
    let is_alias = matches!(before.kind, TypeKind::Alias(_));
    let old_name = Type::Named(before.name.clone());
    let resolved = new_api.resolve_def(&old_name);
    let stands_for_new = resolved.is_some_and(|def| def.name == after.name) && !has_builder(before);
    let is_irrelevant = !pair.usage.held || is_alias;
    let finding = type_finding(&rules::TYPE_REPLACED, pair, before, after);
    let finding = finding.case_if(is_irrelevant, &rules::NOTHING_TO_CHANGE);
    finding.case_if(!is_irrelevant && stands_for_new, &rules::ALIAS)
}

/// Compares builders, and the names of fields and values by their names on the wire.
fn inside(sides: &Sides<'_>, subject: &Subject, before: &TypeDef, after: &TypeDef) -> Findings {
    let mut findings = Findings::default();
    let builder = |def: &TypeDef| format!("{}Builder", def.name);
    match (has_builder(before), has_builder(after)) {
        (false, true) => {
            let finding = Finding::in_new(&rules::BUILDER_ADDED, subject.clone(), after.pointer.as_str());
            findings.push(finding.is(builder(after)));
        }
        (true, false) => {
            let finding = Finding::in_new(&rules::BUILDER_REMOVED, subject.clone(), after.pointer.as_str());
            findings.push(finding.was(builder(before)));
        }
        _ => {}
    }
    match (&before.kind, &after.kind) {
        (TypeKind::Struct(old), TypeKind::Struct(new)) => {
            let list = format!("{}/properties", after.pointer);
            findings.add(fields(subject, old, new, &|field, _| pointer_join(&list, &field.wire)));
        }
        (TypeKind::Row { columns: old, .. }, TypeKind::Row { columns: new, .. }) => {
            let list = format!("{}/x-tuple", after.pointer);
            findings.add(fields(subject, old, new, &|_, index| element(&list, index)));
        }
        (TypeKind::Enum { variants: old, .. }, TypeKind::Enum { variants: new, .. }) => {
            let before: HashMap<&str, _> = old.iter().rev().map(|was| (was.wire.as_str(), was)).collect();
            let names: HashSet<&str> = new.iter().map(|variant| variant.name.as_str()).collect();
            let list = |key: &str| format!("{}/{key}", after.pointer);
            let has_names = sides.new.document.node(&list("x-enum-varnames")).is_some();
            let list = list(if has_names { "x-enum-varnames" } else { "enum" });
            for (index, variant) in new.iter().enumerate() {
                let Some(was) = before.get(variant.wire.as_str()).filter(|was| was.name != variant.name) else {
                    continue;
                };
                let reused = Some(was.name.as_str()).filter(|was| names.contains(was));
                let finding = Finding::in_new(&rules::VARIANT_RENAMED, subject.clone(), element(&list, index));
                let finding = finding.was(was.name.as_str()).is(variant.name.as_str());
                let finding = finding.case_if(reused.is_some(), &rules::VALUES_SWAPPED);
                findings.push(finding.case_of_some(&rules::OLD_NAME_REUSED, reused));
            }
        }
        _ => {}
    }
    findings
}

/// Compares the names of fields; `place` returns the place of a field by its index.
fn fields(subject: &Subject, old: &[Field], new: &[Field], place: &dyn Fn(&Field, usize) -> String) -> Findings {
    let mut findings = Findings::default();
    let before: HashMap<&str, &Field> = old.iter().rev().map(|was| (was.wire.as_str(), was)).collect();
    let names: HashSet<&str> = new.iter().map(|field| field.name.as_str()).collect();
    for (index, field) in new.iter().enumerate() {
        let Some(was) = before.get(field.wire.as_str()).filter(|was| was.name != field.name) else { continue };
        let reused = Some(was.name.as_str()).filter(|was| names.contains(was));
        let finding = Finding::in_new(&rules::FIELD_RENAMED, subject.property(&field.wire), place(field, index));
        let finding = finding.was(was.name.as_str()).is(field.name.as_str());
        findings.push(finding.case_of_some(&rules::OLD_NAME_REUSED, reused));
    }
    findings
}

/// Finds the components whose types are added or removed, under any name.
fn components(old: &Names<'_>, new: &Names<'_>, renamed: &BTreeSet<(&str, &str)>) -> Findings {
    let mut findings = Findings::default();
    let (was, is): (HashSet<&str>, HashSet<&str>) = renamed.iter().copied().unzip();
    let lacking = |names: &Names<'_>, others: &Names<'_>, renamed: &HashSet<&str>| {
        let is_lacking = |def: &&TypeDef| {
            let name = def.name.as_str();
            component(&def.pointer).is_some() && !others.all.contains(name) && !renamed.contains(name)
        };
        names.api.types.iter().filter(is_lacking).cloned().collect::<Vec<_>>()
    };
    let subject = |def: &TypeDef| Subject { schema: component(&def.pointer), ..Subject::default() };
    for def in lacking(old, new, &was) {
        let finding = Finding::in_old(&rules::TYPE_REMOVED, subject(&def), def.pointer.as_str());
        findings.push(finding.was(def.name.as_str()));
    }
    for def in lacking(new, old, &is) {
        let finding = Finding::in_new(&rules::TYPE_ADDED, subject(&def), def.pointer.as_str());
        findings.push(finding.is(def.name.as_str()));
    }
    findings
}

/// Returns whether a type has a builder.
fn has_builder(def: &TypeDef) -> bool {
    def.in_request && matches!(def.kind, TypeKind::Struct(_) | TypeKind::Row { .. })
}
