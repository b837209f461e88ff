//! Alternatives (`oneOf`, `anyOf`) and requirements (`allOf`).

use crate::alignment::schema_parts::Part;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::keys::DOCUMENTATION;
use crate::rules;

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
    for part in &pair.alternatives.added {
        findings.push(added(&rules::ALTERNATIVE_ADDED, part));
    }
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

/// Returns whether a schema admits every value.
fn only_documents(part: &Part<'_>) -> bool {
    part.schema.at.node.as_map().is_some_and(|members| members.keys().all(|key| DOCUMENTATION.contains(&key)))
}
