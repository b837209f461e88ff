//! Listed values: `enum` and `const`.

use std::collections::{HashMap, HashSet};

use venuekit_codegen::model::names::Words;

use super::at;
use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::rules;
use crate::schema::resolved::ResolvedSchema;

/// A listed value.
struct Value {
    json: String,
    pointer: String,
    /// The name in Rust.
    name: String,
}

impl Value {
    /// Returns the value without quotes.
    fn text(&self) -> &str {
        self.json.trim_matches('"')
    }
}

/// Compares listed values.
pub(super) fn values<'s>(sides: &Sides<'s>, pair: &SchemaPair<'s>) -> Findings {
    let mut findings = Findings::default();
    let SchemaPair { old, new, usage, subject, .. } = pair;
    let (before, after) = match (read(old), read(new)) {
        (Some(before), Some(after)) => (before, after),
        (None, None) => return findings,
        (before, _) => {
            let rule = if before.is_none() { &rules::BECAME_ENUM } else { &rules::ENUM_DROPPED };
            let listed = if before.is_none() { new } else { old };
            let key = if listed.at.node.get("enum").is_some() { "enum" } else { "const" };
            let (was, is) = at::descriptions(sides, pair);
            findings.push(at::key(rule, pair, key).was(was).is(is));
            return findings;
        }
    };
    let (removed, added) = (without(&before, &after), without(&after, &before));
    let (removed_names, added_names) = (by_name(&removed), by_name(&added));
    for value in removed {
        let finding = Finding::in_old(&rules::ENUM_VALUE_REMOVED, subject.clone(), value.pointer.as_str());
        let finding = finding.was(value.text()).used(*usage);
        findings.push(finding.case_of_some(&rules::NAME_STAYS, added_names.get(&value.name)));
    }
    for value in added {
        let finding = Finding::in_new(&rules::ENUM_VALUE_ADDED, subject.clone(), value.pointer.as_str());
        let finding = finding.is(value.text()).used(*usage);
        findings.push(finding.case_of_some(&rules::NAME_WAS_THERE, removed_names.get(&value.name)));
    }
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

fn read(schema: &ResolvedSchema<'_>) -> Option<Vec<Value>> {
    let names = schema.at.get("x-enum-varnames").and_then(|names| names.node.as_seq()).unwrap_or_default();
    let values = schema.values()?.into_iter().enumerate().map(|(index, (json, pointer))| {
        let text = names.get(index).and_then(|name| name.as_str()).unwrap_or(json.trim_matches('"'));
        let name = Words::parse(text).map_or_else(|_| text.to_owned(), |words| words.pascal());
        Value { json, pointer, name }
    });
    Some(values.collect())
}
