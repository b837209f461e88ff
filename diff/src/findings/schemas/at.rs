//! Findings on a schema as a whole, or at one of its keys.

use venuekit_codegen::source::Document;

use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::document::below;
use crate::finding::Finding;
use crate::rules::{self, Rule};
use crate::schema::resolved::ResolvedSchema;
use crate::schema::rust_type::RustType;

/// Returns a finding on a value as a whole, with its old and its new schema.
pub(super) fn whole<'s>(sides: &Sides<'s>, rule: &'static Rule, pair: &SchemaPair<'s>) -> Finding {
    let SchemaPair { old, new, usage, subject, site, .. } = pair;
    let key = if old.types() == new.types() { "format" } else { "type" };
    // The change is a reference to another component, or a reference in place of an inline schema.
    let is_reference = new.component().is_some() && !pair.is_same_component();
    let stated = || new.get(key).map_or_else(|| new.at.pointer.clone(), |found| found.pointer);
    let pointer = if is_reference { site.clone() } else { stated() };
    let is_named = RustType::new(old).is_named() || RustType::new(new).is_named();
    let is_held = usage.held || is_named || pair.is_same_component();
    let (was, is) = descriptions(sides, pair);
    let finding = Finding::in_new(rule, subject.clone(), pointer).used(*usage);
    finding.was(was).is(is).case_if(!is_held, &rules::NOT_HELD)
}

/// Returns the descriptions of the old and of the new schema.
pub(super) fn descriptions<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> (String, String) {
    let describe = |document: &'s Document, schema: &ResolvedSchema<'s>| match pair.is_same_component() {
        true => schema.describe_content(document),
        false => schema.describe(document),
    };
    (describe(sides.old.document, &pair.old), describe(sides.new.document, &pair.new))
}

/// Returns a finding at a key of a schema, in the new document if the key exists there.
pub(super) fn key(rule: &'static Rule, pair: &SchemaPair<'_>, key: &str) -> Finding {
    // An annotation around a component belongs to the place, and not to the component.
    let is_around = |schema: &ResolvedSchema<'_>| schema.wrappers.iter().any(|at| at.node.get(key).is_some());
    let is_outer = is_around(&pair.old) || is_around(&pair.new);
    let subject = if is_outer { pair.outer.clone() } else { pair.subject.clone() };
    let has = |schema: &ResolvedSchema<'_>| schema.annotated(key).map(|at| below(at, key));
    let finding = if let Some(pointer) = has(&pair.new) {
        Finding::in_new(rule, subject, pointer)
    } else if let Some(pointer) = has(&pair.old) {
        Finding::in_old(rule, subject, pointer)
    } else {
        Finding::in_new(rule, subject, pair.new.at.pointer.clone())
    };
    finding.used(pair.usage)
}
