//! Conditions under which a response of status 2xx is an error (`failed-when`).

use venuekit_codegen::model::{Condition, ConditionTest};

use crate::comparison::Subject;
use crate::document::element;
use crate::finding::{Finding, Findings};
use crate::rules::{self, Rule};

/// The conditions on the responses of an operation, or of the API.
#[derive(Clone, Copy)]
pub(super) struct Conditions<'d> {
    pub(super) own: &'d [Condition],
    /// The conditions of the API, which are tried after the conditions of the operation.
    pub(super) shared: &'d [Condition],
}

impl<'d> Conditions<'d> {
    /// Returns the conditions in the order in which they are tried. Of two conditions that hold for
    /// the same responses, the first one decides.
    fn all(&self) -> impl Iterator<Item = &'d Condition> + Clone + use<'d> {
        let own = self.own;
        let shared = self.shared.iter().filter(move |one| !own.iter().any(|other| other.is_same_test(one)));
        own.iter().chain(shared)
    }

    /// Returns the condition with the same test.
    fn with_test_of(&self, condition: &Condition) -> Option<&'d Condition> {
        self.all().find(|other| other.is_same_test(condition))
    }

    /// Returns two conditions with different outcomes that can hold at once, and that are in the
    /// opposite order in the `old` list. A pair without a condition of the operation is a change of
    /// the API.
    fn reordered(&self, old: &Self) -> Option<(&'d Condition, &'d Condition)> {
        let index = |conditions: &Self, one: &Condition| conditions.all().position(|other| other == one);
        let is_own = |one: &Condition| self.own.contains(one) || old.own.contains(one);
        let mut found = Vec::new();
        for (at, first) in self.all().enumerate() {
            for second in self.all().skip(at + 1).filter(|second| can_disagree(first, second)) {
                let was = index(old, first).zip(index(old, second));
                if was.is_some_and(|(first, second)| second < first) && (is_own(first) || is_own(second)) {
                    found.push((first, second));
                }
            }
        }
        // A change from a refusal to an unknown outcome is the worst.
        found.iter().find(|(first, _)| first.leaves_open).or(found.first()).copied()
    }
}

/// Returns whether two conditions can hold for the same response with different outcomes.
fn can_disagree(one: &Condition, other: &Condition) -> bool {
    // Conditions on the whole response are tried before conditions on elements, regardless of their
    // order.
    let is_by_element = |condition: &Condition| condition.pointer.contains("/*");
    // A number equals its text.
    let text = |json: &str| json.trim_matches('"').to_owned();
    let excludes =
        matches!((&one.test, &other.test), (ConditionTest::Equals(a), ConditionTest::Equals(b)) if text(a) != text(b));
    one.leaves_open != other.leaves_open
        && is_by_element(one) == is_by_element(other)
        && !(one.pointer == other.pointer && excludes)
}

/// Compares conditions; `lists` are the places of the old and of the new list.
pub(super) fn conditions(subject: &Subject, lists: (&str, &str), old: Conditions<'_>, new: Conditions<'_>) -> Findings {
    let mut findings = Findings::default();
    for (index, after) in new.own.iter().enumerate() {
        let finding = |rule| Finding::in_new(rule, subject.clone(), element(lists.1, index)).is(after.to_string());
        match old.with_test_of(after) {
            None => findings.push(finding(&rules::REFUSAL_CONDITION_ADDED)),
            Some(before) if before.leaves_open != after.leaves_open => {
                findings.push(finding(outcome_changed(after)).was(before.to_string()));
            }
            Some(_) => {}
        }
    }
    let removed = old.own.iter().enumerate().filter(|(_, before)| !new.own.iter().any(|one| one.is_same_test(before)));
    for (index, before) in removed {
        let finding = |rule| Finding::in_old(rule, subject.clone(), element(lists.0, index)).was(before.to_string());
        match new.with_test_of(before) {
            None => {
                let finding = finding(&rules::REFUSAL_CONDITION_REMOVED);
                findings.push(finding.case_if(before.leaves_open, &rules::OUTCOME_WAS_UNKNOWN));
            }
            Some(after) if before.leaves_open != after.leaves_open => {
                findings.push(finding(outcome_changed(after)).is(after.to_string()));
            }
            Some(_) => {}
        }
    }
    if let Some((first, second)) = new.reordered(&old) {
        let rule = &rules::FAILURE_ORDER_CHANGED;
        let text = |one: &Condition, other: &Condition| format!("{one} before {other}");
        let finding = match new.own.is_empty() {
            true => Finding::in_old(rule, subject.clone(), lists.0),
            false => Finding::in_new(rule, subject.clone(), lists.1),
        };
        let finding = finding.was(text(second, first)).is(text(first, second));
        findings.push(finding.case_if(!first.leaves_open, &rules::REFUSAL_FIRST));
    }
    findings
}

/// Returns the rule for a condition with another outcome.
fn outcome_changed(after: &Condition) -> &'static Rule {
    if after.leaves_open { &rules::FAILURE_BECAME_UNKNOWN } else { &rules::FAILURE_BECAME_REFUSAL }
}
