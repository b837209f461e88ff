//! The table of rules: every kind of change, with its verdicts and their reasons.
//!
//! A new spec may require less of requests and promise more about responses. The opposite breaks
//! clients. Beyond that the verdicts follow the behavior of generated crates: they read an optional
//! `null` as missing, keep unknown values of enums, ignore unknown properties and columns, and
//! check no bounds.

mod alternatives;
mod api;
mod bodies;
mod names;
mod objects;
mod operations;
mod parameters;
mod rows;
mod rule;
mod shared;
mod types;
mod witness;

pub use rule::{Case, Effect, Exception, Judgement, Rule};

pub(crate) use alternatives::*;
pub(crate) use api::*;
pub(crate) use bodies::*;
pub(crate) use names::*;
pub(crate) use objects::*;
pub(crate) use operations::*;
pub(crate) use parameters::*;
pub(crate) use rows::*;
pub(crate) use shared::*;
pub(crate) use types::*;

/// The rules by subject, in the order of the documentation.
pub static SECTIONS: &[(&str, &[&Rule])] = &[
    ("The API", api::RULES),
    ("Operations", operations::RULES),
    ("Parameters", parameters::RULES),
    ("Bodies and responses", bodies::RULES),
    ("Types", types::RULES),
    ("Objects", objects::RULES),
    ("Alternatives", alternatives::RULES),
    ("Rows", rows::RULES),
    ("Names in Rust", names::RULES),
];

/// Returns all rules, in the order of the documentation.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    SECTIONS.iter().flat_map(|(_, rules)| rules.iter().copied())
}

/// Returns the rule with an id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::rule::{NO_CODE, NO_WIRE};
    use super::{Case, Effect, Rule, all};

    #[test]
    fn ids_are_unique_and_mirrors_are_mutual() {
        let by_id: BTreeMap<&str, &Rule> = all().map(|rule| (rule.id, rule)).collect();
        assert_eq!(by_id.len(), all().count());
        for rule in all() {
            let mirror = by_id.get(rule.mirror).unwrap_or_else(|| panic!("{} has no mirror {}", rule.id, rule.mirror));
            assert_eq!(mirror.mirror, rule.id);
        }
    }

    #[test]
    fn each_rule_has_an_effect() {
        for rule in all().filter(|rule| rule.wire == NO_WIRE) {
            assert!(rule.source != NO_CODE, "{} has no effect at all", rule.id);
        }
    }

    #[test]
    fn the_cases_of_a_rule_have_different_names_and_each_replaces_something() {
        for rule in all() {
            let names: BTreeSet<&str> = rule.cases.iter().map(|case| case.name).collect();
            assert_eq!(names.len(), rule.cases.len(), "{}", rule.id);
            for case in rule.cases {
                let judgements = [case.wire.request, case.wire.response, case.source.request, case.source.response];
                let replaces = judgements.iter().any(Option::is_some) || case.adds.is_some();
                assert!(replaces, "{}: {}", rule.id, case.name);
            }
        }
    }

    /// Only the reasons of cases may contain a name from the specs. The usual reasons are shown as
    /// they are.
    #[test]
    fn usual_reasons_have_no_gap() {
        for rule in all() {
            for effect in [&rule.wire, &rule.source] {
                let reasons = match effect {
                    Effect::Always(_, reason) => [*reason, *reason],
                    Effect::ByUse { request: (_, request), response: (_, response) } => [*request, *response],
                };
                assert!(!reasons.iter().any(|reason| reason.contains("{}")), "{}", rule.id);
            }
        }
        let gaps = |case: &Case| {
            let judgements = [case.wire.request, case.wire.response, case.source.request, case.source.response];
            judgements.into_iter().flatten().map(|(_, reason)| reason.matches("{}").count()).max()
        };
        assert!(all().flat_map(|rule| rule.cases).all(|case| gaps(case) <= Some(1)));
    }
}
