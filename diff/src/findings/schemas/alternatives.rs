//! Alternatives (`oneOf`, `anyOf`) and requirements (`allOf`).

use venuekit_codegen::source::Document;

use crate::alignment::schema_parts::Part;
use crate::alignment::schemas::SchemaPair;
use crate::comparison::Revision;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::keys::DOCUMENTATION;
use crate::rules::{self, Case};
use crate::schema::overlap::{admits, are_disjoint};
use crate::schema::resolved::ResolvedSchema;

/// Compares alternatives and requirements.
pub(super) fn alternatives<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Findings {
    let mut findings = Findings::default();
    let removed = |rule, part: &Part<'s>| {
        let finding = Finding::in_old(rule, pair.subject.clone(), part.found.pointer.as_str());
        finding.was(part.schema.describe(sides.old.document)).used(pair.usage)
    };
    let added = |rule, part: &Part<'s>| {
        let finding = Finding::in_new(rule, pair.subject.clone(), part.found.pointer.as_str());
        finding.is(part.schema.describe(sides.new.document)).used(pair.usage)
    };
    for part in &pair.alternatives.removed {
        findings.push(removed(&rules::ALTERNATIVE_REMOVED, part));
    }
    let was_choice = !pair.old.alternatives().is_empty();
    for (index, part) in pair.alternatives.added.iter().enumerate() {
        let finding = added(&rules::ALTERNATIVE_ADDED, part);
        let is_compared = was_choice && index < MAX_COMPARED;
        let case = if is_compared { with_others(sides, pair, part) } else { None };
        findings.push(match case {
            Some(case) => finding.case(case),
            None => finding,
        });
    }
    findings.add(exclusivity(sides, pair).into());
    for part in &pair.requirements.removed {
        let finding = removed(&rules::REQUIREMENT_REMOVED, part);
        findings.push(finding.case_if(only_documents(part), &rules::ONLY_DOCUMENTS));
    }
    for part in &pair.requirements.added {
        let finding = added(&rules::REQUIREMENT_ADDED, part);
        findings.push(finding.case_if(only_documents(part), &rules::ONLY_DOCUMENTS));
    }
    findings
}

/// Returns the case of an alternative that is new, if old values that match an old alternative
/// match it as well, and exactly one may match.
fn with_others<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>, added: &Part<'s>) -> Option<&'static Case> {
    if !pair.new.is_exclusive() {
        return None;
    }
    let (old, new) = (sides.old.document, sides.new.document);
    let mut case = None;
    for (before, after) in pair.alternatives.pairs.iter().take(MAX_COMPARED) {
        if are_disjoint((new, &after.schema), (new, &added.schema)) {
            continue;
        }
        if admits((new, &added.schema), (old, &before.schema)) {
            return Some(&rules::MATCHES_SEVERAL);
        }
        case = Some(&rules::MAY_MATCH_SEVERAL);
    }
    case
}

/// Returns the case of one schema that became several alternatives of which exactly one may match.
pub(super) fn of_split<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Option<&'static Case> {
    let (old, new) = (sides.old.document, sides.new.document);
    if !pair.old.alternatives().is_empty() || !pair.new.is_exclusive() {
        return None;
    }
    let parts = || pair.new.alternatives().into_iter().take(MAX_COMPARED).map(|found| ResolvedSchema::new(new, found));
    let admitting = parts().filter(|part| admits((new, part), (old, &pair.old))).count();
    if admitting > 1 {
        return Some(&rules::MATCHES_SEVERAL);
    }
    let possible: Vec<_> = parts().filter(|part| !are_disjoint((new, part), (old, &pair.old))).collect();
    overlap(new, &possible).then_some(&rules::MAY_MATCH_SEVERAL)
}

/// Returns whether a value may match several of the schemas.
fn overlap<'s>(document: &'s Document, schemas: &[ResolvedSchema<'s>]) -> bool {
    schemas.iter().enumerate().any(|(index, one)| {
        let others = schemas.iter().skip(index + 1);
        others.into_iter().any(|other| !are_disjoint((document, one), (document, other)))
    })
}

/// The maximum number of alternatives that are compared with each other.
const MAX_COMPARED: usize = 100;

/// Compares whether exactly one alternative has to match. It makes no difference if no value
/// matches several.
fn exclusivity<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Option<Finding> {
    let is_choice = |schema: &ResolvedSchema<'_>| schema.alternatives().len() > 1;
    if !is_choice(&pair.old) || !is_choice(&pair.new) {
        return None;
    }
    let (rule, revision, side, schema, key) = match (pair.old.is_exclusive(), pair.new.is_exclusive()) {
        (false, true) => (&rules::ALTERNATIVES_BECAME_EXCLUSIVE, Revision::New, &sides.new, &pair.new, "oneOf"),
        (true, false) => (&rules::ALTERNATIVES_BECAME_INCLUSIVE, Revision::Old, &sides.old, &pair.old, "oneOf"),
        _ => return None,
    };
    let all =
        schema.alternatives().into_iter().take(MAX_COMPARED).map(|found| ResolvedSchema::new(side.document, found));
    if !overlap(side.document, &all.collect::<Vec<_>>()) {
        return None;
    }
    let pointer = schema.get(key).map(|found| found.pointer).unwrap_or_default();
    let finding = Finding::in_new(rule, pair.subject.clone(), pointer).used(pair.usage);
    Some(Finding { revision, ..finding })
}

/// Returns whether a schema admits every value.
fn only_documents(part: &Part<'_>) -> bool {
    part.schema.at.node.as_map().is_some_and(|members| members.keys().all(|key| DOCUMENTATION.contains(&key)))
}
