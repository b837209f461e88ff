//! Bounds, patterns, defaults and deprecation of values.

use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules;
use crate::schema::bounds::{self, BoundShift};
use crate::schema::resolved::ResolvedSchema;

/// Compares bounds and patterns.
pub(super) fn bounds(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Findings {
    let mut findings = Findings::default();
    for change in bounds::changes(&pair.old, &pair.new) {
        let rule = match change.shift {
            BoundShift::Set => &rules::BOUND_SET,
            BoundShift::Unset => &rules::BOUND_UNSET,
            BoundShift::Tightened => &rules::BOUND_TIGHTENED,
            BoundShift::Loosened => &rules::BOUND_LOOSENED,
            BoundShift::Changed => &rules::BOUND_CHANGED,
        };
        let is_promise = matches!(change.shift, BoundShift::Unset | BoundShift::Loosened);
        let finding = at::key(rule, pair, change.key).values(change.was, change.is);
        findings.push(finding.case_if(is_promise && !sides.is_generated(), &rules::BOUND_PROMISED));
    }
    let pattern = pattern(pair).map(|finding| {
        let is_promise = finding.rule != &rules::PATTERN_SET;
        finding.case_if(is_promise && !sides.is_generated(), &rules::PATTERN_PROMISED)
    });
    findings.add(pattern.into());
    findings
}

fn pattern(pair: &SchemaPair<'_>) -> Option<Finding> {
    // A pattern that admits everything counts as no pattern.
    let pattern = |schema: &ResolvedSchema<'_>| {
        let pattern = schema.text("pattern").filter(|pattern| !matches!(*pattern, "" | ".*" | "^.*$"));
        pattern.map(str::to_owned)
    };
    let (was, is) = (pattern(&pair.old), pattern(&pair.new));
    let rule = match (&was, &is) {
        (None, Some(_)) => &rules::PATTERN_SET,
        (Some(_), None) => &rules::PATTERN_UNSET,
        (Some(before), Some(after)) if before != after => &rules::PATTERN_CHANGED,
        _ => return None,
    };
    Some(at::key(rule, pair, "pattern").values(was, is))
}

/// Compares defaults.
pub(super) fn default(pair: &SchemaPair<'_>) -> Option<Finding> {
    let value = |schema: &ResolvedSchema<'_>| Some(json_text::text(schema.annotated("default")?.node.get("default")?));
    let (was, is) = (value(&pair.old), value(&pair.new));
    let rule = match (&was, &is) {
        (None, Some(_)) => &rules::DEFAULT_ADDED,
        (Some(_), None) => &rules::DEFAULT_REMOVED,
        (Some(before), Some(after)) if before != after && !bounds::is_same_number(before, after) => {
            &rules::DEFAULT_CHANGED
        }
        _ => return None,
    };
    Some(at::key(rule, pair, "default").values(was, is).case_if(!pair.left_out, &rules::NEVER_LEFT_OUT))
}

/// Compares deprecation.
pub(super) fn deprecation(pair: &SchemaPair<'_>) -> Option<Finding> {
    let rule = match (pair.old.is_annotated("deprecated"), pair.new.is_annotated("deprecated")) {
        (false, true) => &rules::PROPERTY_DEPRECATED,
        (true, false) => &rules::PROPERTY_REACTIVATED,
        _ => return None,
    };
    Some(at::key(rule, pair, "deprecated"))
}
