//! The other spellings of listed values: `x-enum-spellings`.

use super::listed::{Index, Spelling, Value, all};
use crate::alignment::schemas::SchemaPair;
use crate::finding::{Finding, Findings};
use crate::rules;

/// Compares the spellings of the values that both documents list. The spellings of a value that was
/// added or removed are part of that change.
pub(super) fn spellings(pair: &SchemaPair<'_>, before: &[Value], after: &[Value]) -> Findings {
    let mut findings = Findings::default();
    let (old, new) = (Index::new(before), Index::new(after));
    let mut push = |finding: Finding| findings.push(finding.used(pair.usage));
    for (value, spelling) in all(before) {
        let json = spelling.json.as_str();
        if new.spelling(json).is_none() && new.has(value) && !new.is_value(json) {
            let removed = Finding::in_old(&rules::SPELLING_REMOVED, pair.subject.clone(), spelling.pointer.as_str());
            push(removed.was(describe(value, spelling)));
        }
    }
    for (value, spelling) in all(after) {
        let (json, subject) = (spelling.json.as_str(), pair.subject.clone());
        match old.spelling(json) {
            Some((was, _)) if was.is_same(value) => {}
            Some((was, before)) => {
                let moved = Finding::in_new(&rules::SPELLING_MOVED, subject, spelling.pointer.as_str());
                push(moved.was(describe(was, before)).is(describe(value, spelling)));
            }
            None if old.has(value) && !old.is_value(json) => {
                let added = Finding::in_new(&rules::SPELLING_ADDED, subject, spelling.pointer.as_str());
                push(added.is(describe(value, spelling)));
            }
            None => {}
        }
    }
    findings
}

fn describe(value: &Value, spelling: &Spelling) -> String {
    format!("{} for {}", spelling.json, value.text())
}
