//! Findings on a schema as a whole, or at one of its keys.

use venuekit_codegen::source::Document;

use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::document::{below, below_if_there};
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
    let pointer = if is_reference { site.clone() } else { below_if_there(&new.at, key) };
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
    let subject = pair.subject.clone();
    let finding = if pair.new.at.node.get(key).is_some() {
        Finding::in_new(rule, subject, below(&pair.new.at, key))
    } else if pair.old.at.node.get(key).is_some() {
        Finding::in_old(rule, subject, below(&pair.old.at, key))
    } else {
        Finding::in_new(rule, subject, pair.new.at.pointer.clone())
    };
    finding.used(pair.usage)
}
