//! Listed values: `enum` and `const`.

use std::collections::{HashMap, HashSet};

use super::at;
use super::listed::{self, Index, Value};
use super::spellings;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules;

/// Compares listed values.
pub(super) fn values<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Findings {
    let mut findings = Findings::default();
    let SchemaPair { old, new, usage, subject, .. } = pair;
    let (before, after) = match (listed::read(old), listed::read(new)) {
        (Some(before), Some(after)) => (before, after),
        (None, None) => return findings,
        (before, _) => {
            let rule = if before.is_none() { &rules::BECAME_ENUM } else { &rules::ENUM_DROPPED };
            let listed = if before.is_none() { new } else { old };
            let key =
                if listed.listing().is_some_and(|part| part.node.get("const").is_some()) { "const" } else { "enum" };
            let (was, is) = at::descriptions(sides, pair);
            findings.push(at::key(rule, pair, key).was(was).is(is));
            return findings;
        }
    };
    let (old_index, new_index) = (Index::new(&before), Index::new(&after));
    let (removed, added) = (without(&before, &after), without(&after, &before));
    let (removed_names, added_names) = (by_name(&removed), by_name(&added));
    // A removed or added value can be another spelling (`x-enum-spellings`) of a value in the other
    // document. `main_value` is that value.
    for value in removed {
        let finding = Finding::in_old(&rules::ENUM_VALUE_REMOVED, subject.clone(), value.pointer.as_str());
        let main_value = new_index.spelling(&value.json).map(|(main_value, _)| main_value.text());
        let finding = finding.was(value.text()).used(*usage).case_of_some(&rules::BECAME_SPELLING, main_value);
        findings.push(finding.case_of_some(&rules::NAME_STAYS, added_names.get(&value.name)));
    }
    for value in added {
        let finding = Finding::in_new(&rules::ENUM_VALUE_ADDED, subject.clone(), value.pointer.as_str());
        let main_value = old_index.spelling(&value.json).map(|(main_value, _)| main_value);
        // With the same name in Rust, programs see no change.
        let case = if main_value.is_some_and(|main_value| main_value.name == value.name) {
            &rules::WAS_SPELLING_OF_SAME_NAME
        } else {
            &rules::WAS_SPELLING
        };
        let finding = finding.is(value.text()).used(*usage).case_of_some(case, main_value.map(Value::text));
        findings.push(finding.case_of_some(&rules::NAME_WAS_THERE, removed_names.get(&value.name)));
    }
    findings.add(spellings::spellings(pair, &before, &after));
    findings
}

/// Returns the values that are not among the others.
fn without<'v>(values: &'v [Value], others: &[Value]) -> Vec<&'v Value> {
    let others: HashSet<&str> = others.iter().map(|other| other.json.as_str()).collect();
    values.iter().filter(|value| !others.contains(value.json.as_str())).collect()
}

fn by_name(values: &[&Value]) -> HashMap<String, String> {
    values.iter().map(|value| (value.name.clone(), value.text().to_owned())).collect()
}
