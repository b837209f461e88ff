//! Values that are listed: `enum` and `const`.

use std::collections::{HashMap, HashSet};

use super::Pair;
use super::view::View;
use crate::comparison::Level;
use crate::differ::{Differ, Finding};
use crate::rules;
use venuekit_codegen::model::names::Words;

/// A listed value.
struct Value {
    json: String,
    pointer: String,
    /// In Rust.
    name: String,
}

impl Value {
    /// Without the quotes.
    fn text(&self) -> &str {
        self.json.trim_matches('"')
    }
}

impl<'d> Differ<'d> {
    pub(super) fn compare_values(&mut self, pair: &Pair<'d>) {
        let Pair { old, new, used, subject, .. } = pair;
        let (before, after) = match (values(old), values(new)) {
            (Some(before), Some(after)) => (before, after),
            (None, None) => return,
            (before, _) => {
                let rule = if before.is_none() { &rules::BECAME_ENUM } else { &rules::ENUM_DROPPED };
                let listed = if before.is_none() { new } else { old };
                let key = if listed.at.node.get("enum").is_some() { "enum" } else { "const" };
                let whole = self.of_whole(rule, pair);
                self.report(Finding { was: whole.was, is: whole.is, ..self.of_key(rule, pair, key) });
                return;
            }
        };
        let (gone, come) = (only(&before, &after), only(&after, &before));
        let by_name = |values: &[&Value]| -> HashMap<String, String> {
            values.iter().map(|value| (value.name.clone(), value.text().to_owned())).collect()
        };
        let (gone_names, come_names) = (by_name(&gone), by_name(&come));
        for value in gone {
            let finding = Finding::old(&rules::ENUM_VALUE_REMOVED, subject.clone(), value.pointer.as_str());
            let finding = finding.was(value.text()).used(*used);
            self.report(match come_names.get(&value.name) {
                Some(other) => finding.source(Level::Safe, format!("the variant stays, and stands for {other}")),
                None => finding,
            });
        }
        for value in come {
            let finding = Finding::new(&rules::ENUM_VALUE_ADDED, subject.clone(), value.pointer.as_str());
            let finding = finding.is(value.text()).used(*used);
            self.report(match gone_names.get(&value.name) {
                Some(other) => {
                    finding.source(Level::Safe, format!("the variant is there, and stood for {other}")).adds(false)
                }
                None => finding,
            });
        }
    }
}

/// The values that the others lack.
fn only<'v>(values: &'v [Value], others: &[Value]) -> Vec<&'v Value> {
    let others: HashSet<&str> = others.iter().map(|other| other.json.as_str()).collect();
    values.iter().filter(|value| !others.contains(value.json.as_str())).collect()
}

fn values(view: &View<'_>) -> Option<Vec<Value>> {
    let names = view.at.get("x-enum-varnames").and_then(|names| names.node.as_seq()).unwrap_or_default();
    let values = view.values()?.into_iter().enumerate().map(|(index, (json, pointer))| {
        let text = names.get(index).and_then(|name| name.as_str()).unwrap_or(json.trim_matches('"'));
        let name = Words::parse(text).map_or_else(|_| text.to_owned(), |words| words.pascal());
        Value { json, pointer, name }
    });
    Some(values.collect())
}
