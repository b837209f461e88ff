//! Null that was added or removed.

use crate::alignment::nulls::NullChange;
use crate::contract::Sides;
use crate::finding::Finding;
use crate::rules;

/// Returns the finding on a place where null was added or removed.
pub(super) fn null(sides: &Sides<'_>, change: &NullChange) -> Finding {
    let NullChange { added, revision, usage, distinguished, .. } = change;
    let rule = if *added { &rules::BECAME_NULLABLE } else { &rules::BECAME_NOT_NULLABLE };
    let finding = Finding::in_new(rule, change.subject.clone(), change.pointer.as_str());
    let finding = Finding { revision: *revision, ..finding };
    let finding = finding.was(change.was.as_str()).is(change.is.as_str()).used(*usage);
    let is_never_sent = usage.request && !distinguished.request;
    let is_read_as_missing =
        (usage.response || usage.error || usage.header) && !distinguished.response && !distinguished.error;
    let finding = finding.case_if(is_never_sent && sides.is_generated(), &rules::NULL_NEVER_SENT);
    let finding = finding.case_if(is_read_as_missing && sides.is_generated(), &rules::NULL_AS_MISSING);
    let finding = finding.case_if(!change.retyped, &rules::SAME_HOLDER);
    let maybe = if *added { &rules::BECOMES_MAYBE } else { &rules::WAS_MAYBE };
    finding.case_if(change.retyped && change.maybe, maybe)
}
