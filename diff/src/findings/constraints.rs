//! Constraints between the values of a request (`x-constraints`).

use std::collections::{BTreeMap, BTreeSet};

use venuekit_codegen::model::{Api, Constraint, Rule as Kept, ValueAt, When};

use crate::alignment::schemas::SchemaPair;
use crate::comparison::Subject;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules::{self, Rule};

/// The maximum number of combinations of values by which two constraints are compared.
const MAX_COMBINATIONS: usize = 20_000;

/// The JSON of a value that no case of a constraint names.
const OTHER: &str = r#""\u0000""#;

/// Compares the constraints between the properties of two objects.
pub(super) fn of_schema(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Findings {
    let has = |at: &venuekit_codegen::source::Located<'_>| at.node.get("x-constraints").is_some();
    let (Some((old, new)), true) = (sides.apis(), has(&pair.old.at) || has(&pair.new.at)) else {
        return Findings::default();
    };
    let of_type = |api: &'_ Api, pointer: &str| {
        api.types.iter().find(|def| def.pointer == pointer).map(|def| def.constraints.clone()).unwrap_or_default()
    };
    let (old, new) = (of_type(old, &pair.old.at.pointer), of_type(new, &pair.new.at.pointer));
    constraints(&pair.subject, &old, &new)
}

/// Compares constraints. The old ones have the new names of parameters.
pub(super) fn constraints(subject: &Subject, old: &[Constraint], new: &[Constraint]) -> Findings {
    let mut findings = Findings::default();
    let mut left: (Vec<&Constraint>, Vec<&Constraint>) = (old.iter().collect(), new.iter().collect());
    left.0.retain(|before| {
        let Some(at) = left.1.iter().position(|after| is_same(before, after)) else { return true };
        let after = left.1.remove(at);
        let of = |rule| changed(rule, subject, before, after);
        match (before.is_checked(), after.is_checked()) {
            (false, true) => findings.push(of(&rules::CONSTRAINT_CHECKED)),
            (true, false) => findings.push(of(&rules::CONSTRAINT_UNCHECKED)),
            _ if (&before.description, before.widens) != (&after.description, after.widens) => findings.document(1),
            _ => {}
        }
        false
    });
    for (before, after) in groups(&left.0, &left.1) {
        match (before.as_slice(), after.as_slice()) {
            ([before], [after]) if before.is_checked() == after.is_checked() => {
                let (tightened, loosened) = match comparison(before, after) {
                    Some(found) => (found.is_tightened, found.is_loosened),
                    None => (true, true),
                };
                let checked = after.is_checked();
                let of = |rule| changed(rule, subject, before, after);
                match (tightened, loosened) {
                    (true, true) => findings.push(unchecked(of(&rules::CONSTRAINT_CHANGED), checked)),
                    (true, false) => findings.push(unchecked(of(&rules::CONSTRAINT_TIGHTENED), checked)),
                    (false, true) => findings.push(was_unchecked(of(&rules::CONSTRAINT_LOOSENED), checked)),
                    (false, false) => findings.document(1),
                }
            }
            (before, after) => {
                for gone in before {
                    let finding = Finding::in_old(&rules::CONSTRAINT_REMOVED, subject.clone(), gone.pointer.as_str());
                    findings.push(was_unchecked(finding.was(gone.to_string()), gone.is_checked()));
                }
                for added in after {
                    let finding = Finding::in_new(&rules::CONSTRAINT_ADDED, subject.clone(), added.pointer.as_str());
                    findings.push(unchecked(finding.is(added.to_string()), added.is_checked()));
                }
            }
        }
    }
    findings
}

fn changed(rule: &'static Rule, subject: &Subject, before: &Constraint, after: &Constraint) -> Finding {
    let finding = Finding::in_new(rule, subject.clone(), after.pointer.as_str());
    finding.was(before.to_string()).is(after.to_string())
}

fn unchecked(finding: Finding, is_checked: bool) -> Finding {
    finding.case_if(!is_checked, &rules::NOT_CHECKED)
}

fn was_unchecked(finding: Finding, is_checked: bool) -> Finding {
    finding.case_if(!is_checked, &rules::WAS_NOT_CHECKED)
}

/// Returns the constraints with the new names of parameters.
pub(super) fn renamed(constraints: &[Constraint], name: &dyn Fn(&str) -> String) -> Vec<Constraint> {
    let value = |value: &ValueAt| match value {
        ValueAt::Parameter(old) => ValueAt::Parameter(name(old)),
        ValueAt::Pointer(pointer) => ValueAt::Pointer(pointer.clone()),
    };
    let all = |values: &[ValueAt]| values.iter().map(value).collect();
    let rule = |rule: &Kept| match rule {
        Kept::Count(count, values) => Kept::Count(*count, all(values)),
        Kept::Needed(values, when) => Kept::Needed(
            all(values),
            match when {
                When::Present(at) => When::Present(value(at)),
                When::Absent(at) => When::Absent(value(at)),
                When::Equals(cases) => {
                    When::Equals(cases.iter().map(|(at, scalars)| (value(at), scalars.clone())).collect())
                }
            },
        ),
    };
    constraints.iter().map(|one| Constraint { rule: rule(&one.rule), ..one.clone() }).collect()
}

/// Returns whether two constraints have the same rule. The order of values has no meaning.
fn is_same(one: &Constraint, other: &Constraint) -> bool {
    fn sorted<T: Ord + Clone>(values: &[T]) -> Vec<T> {
        let mut values = values.to_vec();
        values.sort();
        values
    }
    let cases = |cases: &[(ValueAt, Vec<String>)]| {
        sorted(&cases.iter().map(|(at, scalars)| (at.clone(), sorted(scalars))).collect::<Vec<_>>())
    };
    match (&one.rule, &other.rule) {
        (Kept::Count(a, one), Kept::Count(b, other)) => a == b && sorted(one) == sorted(other),
        (Kept::Needed(one, a), Kept::Needed(other, b)) => {
            sorted(one) == sorted(other)
                && match (a, b) {
                    (When::Equals(a), When::Equals(b)) => cases(a) == cases(b),
                    (a, b) => a == b,
                }
        }
        _ => false,
    }
}

/// A group of constraints that are about common values: the old and the new ones.
type Group<'c> = (Vec<&'c Constraint>, Vec<&'c Constraint>);

/// Groups constraints that are about common values. The groups are the same in both directions.
fn groups<'c>(old: &[&'c Constraint], new: &[&'c Constraint]) -> Vec<Group<'c>> {
    let values = |constraint: &'c Constraint| constraint.rule.listed().iter().collect::<BTreeSet<_>>();
    let mut groups: Vec<(BTreeSet<&ValueAt>, Group<'c>)> = Vec::new();
    let all = old.iter().map(|one| (*one, true)).chain(new.iter().map(|one| (*one, false)));
    for (constraint, is_old) in all {
        let mut joined = (values(constraint), (Vec::new(), Vec::new()));
        let (common, others): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|(values, _)| !values.is_disjoint(&joined.0));
        for (values, (old, new)) in common {
            joined.0.extend(values);
            joined.1.0.extend(old);
            joined.1.1.extend(new);
        }
        if is_old {
            joined.1.0.push(constraint)
        } else {
            joined.1.1.push(constraint)
        }
        groups = others;
        groups.push(joined);
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The differences between the requests that two constraints allow.
struct Comparison {
    /// The new constraint excludes requests that the old one allows.
    is_tightened: bool,
    /// The new constraint allows requests that the old one excludes.
    is_loosened: bool,
}

/// Compares two constraints by all combinations of their values; `None` if there are too many.
fn comparison(old: &Constraint, new: &Constraint) -> Option<Comparison> {
    let mut states: BTreeMap<&ValueAt, BTreeSet<Option<&str>>> = BTreeMap::new();
    for constraint in [old, new] {
        for value in constraint.values() {
            states.entry(value).or_default().extend([None, Some(OTHER)]);
        }
        if let Kept::Needed(_, When::Equals(cases)) = &constraint.rule {
            for (value, scalars) in cases {
                states.entry(value).or_default().extend(scalars.iter().map(|scalar| Some(scalar.as_str())));
            }
        }
    }
    let count = states.values().try_fold(1_usize, |count, states| count.checked_mul(states.len()))?;
    if count > MAX_COMBINATIONS {
        return None;
    }
    let mut found = Comparison { is_tightened: false, is_loosened: false };
    for mut number in 0..count {
        let mut given: BTreeMap<&ValueAt, &str> = BTreeMap::new();
        for (value, states) in &states {
            let state = states.iter().nth(number % states.len()).copied().flatten();
            given.extend(state.map(|json| (*value, json)));
            number /= states.len();
        }
        let keeps =
            |constraint: &Constraint| constraint.is_kept(&|value| given.get(value).map(|json| (*json).to_owned()));
        match (keeps(old), keeps(new)) {
            (true, false) => found.is_tightened = true,
            (false, true) => found.is_loosened = true,
            _ => {}
        }
    }
    Some(found)
}
