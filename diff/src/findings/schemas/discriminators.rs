//! The values that tell alternatives apart (`discriminator`).

use std::collections::{BTreeMap, HashSet};

use venuekit_codegen::source::{Document, Located, Node, follow};

use crate::alignment::schemas::{SchemaPair, Schemas};
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules::{self, Rule};
use crate::schema::resolved::{ResolvedSchema, component};

/// The pairs of components that are at the same places in both documents.
pub(super) struct Partners<'s>(HashSet<(&'s str, &'s str)>);

impl<'s> Partners<'s> {
    pub(super) fn new(schemas: &'s Schemas<'_>) -> Self {
        let pairs = schemas.pairs.iter();
        Self(pairs.map(|pair| (pair.old.at.pointer.as_str(), pair.new.at.pointer.as_str())).collect())
    }
}

/// The alternatives that a discriminator tells apart.
struct Discriminator<'d> {
    at: Located<'d>,
    property: &'d str,
    /// The pointers of the alternatives, by the values that stand for them.
    targets: BTreeMap<String, String>,
}

/// Compares the discriminators of two schemas.
pub(super) fn discriminators(sides: &Sides<'_>, pair: &SchemaPair<'_>, partners: &Partners<'_>) -> Findings {
    let mut findings = Findings::default();
    let old = read(sides.old.document, &pair.old);
    let new = read(sides.new.document, &pair.new);
    let in_new = |rule: &'static Rule, at: &Located<'_>| {
        Finding::in_new(rule, pair.subject.clone(), at.pointer.as_str()).used(pair.usage)
    };
    let in_old = |rule: &'static Rule, at: &Located<'_>| {
        Finding::in_old(rule, pair.subject.clone(), at.pointer.as_str()).used(pair.usage)
    };
    match (old, new) {
        (None, None) => {}
        (Some(old), None) => findings.push(in_old(&rules::DISCRIMINATOR_CHANGED, &old.at).was(old.property)),
        (None, Some(new)) => findings.push(in_new(&rules::DISCRIMINATOR_CHANGED, &new.at).is(new.property)),
        (Some(old), Some(new)) if old.property != new.property => {
            findings.push(in_new(&rules::DISCRIMINATOR_CHANGED, &new.at).was(old.property).is(new.property));
        }
        (Some(old), Some(new)) => {
            let name = |pointer: &str| component(pointer).unwrap_or_else(|| pointer.to_owned());
            for (value, target) in &old.targets {
                match new.targets.get(value) {
                    None => findings.push(in_old(&rules::DISCRIMINATOR_VALUE_REMOVED, &old.at).was(value.as_str())),
                    Some(now) if !partners.0.contains(&(target.as_str(), now.as_str())) => {
                        let text = |target: &str| format!("{value}: {}", name(target));
                        let finding = in_new(&rules::DISCRIMINATOR_VALUE_MOVED, &new.at);
                        findings.push(finding.was(text(target)).is(text(now)));
                    }
                    Some(_) => {}
                }
            }
            for value in new.targets.keys().filter(|value| !old.targets.contains_key(*value)) {
                findings.push(in_new(&rules::DISCRIMINATOR_VALUE_ADDED, &new.at).is(value.as_str()));
            }
        }
    }
    findings
}

fn read<'d>(document: &'d Document, schema: &ResolvedSchema<'d>) -> Option<Discriminator<'d>> {
    let at = schema.get("discriminator")?;
    // OpenAPI 2.0 has the name of the property alone.
    let property = at.text("propertyName").or_else(|| at.node.as_str())?;
    let mut targets = BTreeMap::new();
    for (value, target) in at.get("mapping").iter().flat_map(Located::members) {
        let Some(text) = target.node.as_str() else { continue };
        targets.insert(value.to_owned(), target_of(document, text));
    }
    // An alternative without a value in the mapping is known by the name of its component.
    let mapped: HashSet<&String> = targets.values().collect();
    let alternatives = schema.alternatives().into_iter().map(|found| follow(document, found).pointer);
    let named = alternatives.filter(|pointer| !mapped.contains(pointer));
    let named: Vec<(String, String)> = named.filter_map(|pointer| Some((component(&pointer)?, pointer))).collect();
    targets.extend(named);
    Some(Discriminator { at, property, targets })
}

/// Returns the pointer of the schema that a value of a mapping names, by a `$ref` or by its name.
fn target_of(document: &Document, text: &str) -> String {
    let pointer = match text.strip_prefix('#') {
        Some(pointer) => pointer.to_owned(),
        None => format!("/components/schemas/{text}"),
    };
    match document.node(&pointer) {
        Some(node) => {
            let found: Located<'_> = Located { pointer, node: node as &Node };
            follow(document, found).pointer
        }
        None => pointer,
    }
}
