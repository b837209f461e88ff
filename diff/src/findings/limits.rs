//! Rate limits.

use venuekit_codegen::model::Limit;
use venuekit_codegen::source::{Document, Located, pointer_join};

use super::documentation;
use super::places::{api, removed_from_api};
use crate::alignment::limits::LimitAt;
use crate::alignment::matches::Matches;
use crate::contract::Sides;
use crate::document::element;
use crate::finding::Findings;
use crate::rules;

/// Compares rate limits.
pub(super) fn limits(sides: &Sides<'_>, limits: &Matches<LimitAt<'_>>) -> Findings {
    let mut findings = Findings::default();
    let place = |index: usize| element("/x-rate-limits", index);
    for (index, limit) in &limits.removed {
        findings.push(removed_from_api(&rules::LIMIT_REMOVED, &place(*index)).was(text(limit)));
    }
    for (index, limit) in &limits.added {
        findings.push(api(&rules::LIMIT_ADDED, &place(*index)).is(text(limit)));
    }
    for ((old_index, before), (index, after)) in &limits.pairs {
        let old = located(sides.old.document, place(*old_index));
        if let (Some(old), Some(new)) = (old, located(sides.new.document, place(*index))) {
            findings.document(documentation::count(sides, &old, &new));
        }
        if before.name == after.name {
            findings.add(limit(before, after, &place(*index)));
        } else {
            // A limit that differs only in its name is a change of the documentation.
            findings.document(1);
        }
    }
    findings
}

/// Returns the value at a pointer.
fn located(document: &Document, pointer: String) -> Option<Located<'_>> {
    document.node(&pointer).map(|node| Located { pointer, node })
}

fn limit(before: &Limit, after: &Limit, pointer: &str) -> Findings {
    let mut findings = Findings::default();
    if before.header != after.header {
        let header = |limit: &Limit| limit.header.clone().unwrap_or_default();
        let finding = api(&rules::LIMIT_CHANGED, &pointer_join(pointer, "header"));
        findings.push(finding.was(header(before)).is(header(after)).case(&rules::ONLY_HEADER));
    }
    // Without a stated closing, a limit is closed for its window at most.
    let closing = |limit: &Limit| limit.longest_closing.unwrap_or(limit.window);
    if before.longest_closing != after.longest_closing && closing(before) != closing(after) {
        let case = if closing(after) > closing(before) { &rules::LONGER_CLOSING } else { &rules::SHORTER_CLOSING };
        let stated = |limit: &Limit| limit.longest_closing.map(span).unwrap_or_default();
        let finding = api(&rules::LIMIT_CHANGED, &pointer_join(pointer, "longest-closing"));
        findings.push(finding.was(stated(before)).is(stated(after)).case(case));
    }
    let (was, is) = (text(before), text(after));
    if was == is {
        return findings;
    }
    let counts_alike = before.per == after.per && before.counts_weight == after.counts_weight;
    // The first limit implies the second if the windows that overlap one window of the second admit
    // at most its limit.
    let implies = |a: &Limit, b: &Limit| a.limit.saturating_mul(b.window.div_ceil(a.window.max(1)).max(1)) <= b.limit;
    let rule = match (implies(before, after), implies(after, before)) {
        _ if !counts_alike => &rules::LIMIT_CHANGED,
        (true, _) => &rules::LIMIT_RAISED,
        (false, true) => &rules::LIMIT_LOWERED,
        (false, false) => &rules::LIMIT_CHANGED,
    };
    findings.push(api(rule, pointer).was(was).is(is));
    findings
}

/// Returns `orders: 10 requests per key in 1s`.
fn text(limit: &Limit) -> String {
    let Limit { name, per, window, limit, counts_weight, .. } = limit;
    let (counts, per) = (if *counts_weight { "weight" } else { "requests" }, per.name());
    format!("{name}: {limit} {counts} per {per} in {}", span(*window))
}

/// Returns a time in its largest whole unit, `5m`.
fn span(time: u64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];
    let (unit, seconds) = units.into_iter().find(|(_, seconds)| time.is_multiple_of(*seconds)).unwrap_or(("s", 1));
    format!("{}{unit}", time / seconds)
}
