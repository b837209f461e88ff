//! Keywords of JSON Schema that state a condition on values.

use std::collections::BTreeSet;

use venuekit_codegen::source::{Located, Node};

use crate::alignment::schemas::SchemaPair;
use crate::contract::Sides;
use crate::finding::{Finding, Findings};
use crate::json_text;
use crate::rules::{self, Rule};
use crate::schema::resolved::ResolvedSchema;

/// The keywords whose schemas are compared as schemas, if both documents have them.
const WALKED: [&str; 8] = [
    "contains",
    "then",
    "else",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "additionalItems",
    "contentSchema",
];

/// The keywords that cannot be compared any further.
const OPAQUE: [&str; 3] = ["if", "not", "dependencies"];

/// The keywords that say how the content of a string is encoded.
const ENCODINGS: [&str; 2] = ["contentEncoding", "contentMediaType"];

/// The keywords with a schema, or a list of names, for each name.
const BY_NAME: [&str; 3] = ["dependentRequired", "dependentSchemas", "patternProperties"];

/// Compares the conditions.
pub(super) fn conditions(sides: &Sides<'_>, pair: &SchemaPair<'_>) -> Findings {
    let compared = Compared { pair, is_generated: sides.is_generated() };
    let mut findings = Findings::default();
    for key in WALKED.into_iter().chain(OPAQUE).chain(ENCODINGS) {
        findings.add(compared.key(key));
    }
    for key in BY_NAME {
        findings.add(compared.by_name(key));
    }
    findings.add(compared.positions());
    findings
}

struct Compared<'c, 's> {
    pair: &'c SchemaPair<'s>,
    is_generated: bool,
}

impl Compared<'_, '_> {
    fn key(&self, key: &str) -> Findings {
        let text = |found: &Located<'_>| format!("{key} {}", json_text::text(found.node));
        // The content of a string is another text when it is encoded.
        let is_encoding = key == "contentEncoding";
        match (stated(&self.pair.old, key), stated(&self.pair.new, key)) {
            (None, Some(found)) if is_encoding => {
                Findings::from(Some(self.in_new(&rules::ENCODING_CHANGED, &found).is(text(&found))))
            }
            (Some(found), None) if is_encoding => {
                Findings::from(Some(self.in_old(&rules::ENCODING_CHANGED, &found).was(text(&found))))
            }
            (None, Some(found)) => self.added(&found, text(&found)),
            (Some(found), None) => self.removed(&found, text(&found)),
            (Some(old), Some(new)) => {
                let are_schemas = old.node.as_map().is_some() && new.node.as_map().is_some();
                if json_text::text(old.node) == json_text::text(new.node) || WALKED.contains(&key) && are_schemas {
                    return Findings::default();
                }
                let rule = match key {
                    _ if ENCODINGS.contains(&key) => &rules::ENCODING_CHANGED,
                    _ => &rules::CONDITION_CHANGED,
                };
                Findings::from(Some(self.in_new(rule, &new).was(text(&old)).is(text(&new))))
            }
            (None, None) => Findings::default(),
        }
    }

    fn by_name(&self, key: &str) -> Findings {
        let mut findings = Findings::default();
        let (old, new) = (entries(&self.pair.old, key), entries(&self.pair.new, key));
        let partner = |name: &str, others: &[(String, BTreeSet<String>)]| {
            others.iter().find(|(other, _)| other == name).map(|(_, names)| names.clone())
        };
        let all = |entries: &[(String, Located<'_>)]| {
            entries.iter().map(|(name, found)| (name.clone(), names(found))).collect::<Vec<_>>()
        };
        let (was, is) = (all(&old), all(&new));
        let text = |name: &str, names: &BTreeSet<String>| {
            let names = names.iter().cloned().collect::<Vec<_>>().join(", ");
            if names.is_empty() { format!("{key} of {name}") } else { format!("{key} of {name}: {names}") }
        };
        for (name, found) in &old {
            let now = partner(name, &is);
            let lost: BTreeSet<String> = names(found).difference(&now.clone().unwrap_or_default()).cloned().collect();
            if now.is_none() || !lost.is_empty() {
                findings.add(self.removed(found, text(name, &lost)));
            }
        }
        for (name, found) in &new {
            let before = partner(name, &was);
            let more: BTreeSet<String> =
                names(found).difference(&before.clone().unwrap_or_default()).cloned().collect();
            if before.is_none() || !more.is_empty() {
                findings.add(self.added(found, text(name, &more)));
            }
        }
        findings
    }

    /// Compares the schemas of single positions.
    fn positions(&self) -> Findings {
        let mut findings = Findings::default();
        let (old, new) = (entries(&self.pair.old, "prefixItems"), entries(&self.pair.new, "prefixItems"));
        let ends = |schema: &ResolvedSchema<'_>| {
            ["items", "unevaluatedItems"]
                .iter()
                .any(|key| schema.get(key).is_some_and(|rest| rest.node.as_bool() == Some(false)))
        };
        let has_end = ends(&self.pair.old) && ends(&self.pair.new);
        let text = |index: &str| format!("prefixItems {index}");
        for (index, found) in old.iter().skip(new.len()) {
            let finding = self.in_old(&rules::POSITION_REMOVED, found).was(text(index));
            findings.push(finding.case_if(has_end, &rules::NOTHING_WAS_BEYOND));
        }
        for (index, found) in new.iter().skip(old.len()) {
            let finding = self.in_new(&rules::POSITION_ADDED, found).is(text(index));
            findings.push(finding.case_if(has_end, &rules::NOTHING_BEYOND));
        }
        findings
    }

    fn added(&self, found: &Located<'_>, text: String) -> Findings {
        Findings::from(Some(self.in_new(&rules::CONDITION_ADDED, found).is(text)))
    }

    fn removed(&self, found: &Located<'_>, text: String) -> Findings {
        let finding = self.in_old(&rules::CONDITION_REMOVED, found).was(text);
        Findings::from(Some(finding.case_if(self.is_generated, &rules::CONDITION_UNCHECKED)))
    }

    fn in_new(&self, rule: &'static Rule, found: &Located<'_>) -> Finding {
        Finding::in_new(rule, self.pair.subject.clone(), found.pointer.as_str()).used(self.pair.usage)
    }

    fn in_old(&self, rule: &'static Rule, found: &Located<'_>) -> Finding {
        Finding::in_old(rule, self.pair.subject.clone(), found.pointer.as_str()).used(self.pair.usage)
    }
}

/// Returns the value of a key. A schema that admits everything is not a condition.
fn stated<'d>(schema: &ResolvedSchema<'d>, key: &str) -> Option<Located<'d>> {
    schema.all(key).find(|found| !admits_everything(found.node))
}

fn admits_everything(node: &Node) -> bool {
    node.as_bool() == Some(true)
        || node.is_null()
        || node.as_map().is_some_and(|members| members.keys().next().is_none())
}

/// Returns the entries below a key, by their keys or positions.
fn entries<'d>(schema: &ResolvedSchema<'d>, key: &str) -> Vec<(String, Located<'d>)> {
    let all = schema.all(key).flat_map(|found| {
        let positions = found.elements().enumerate().map(|(index, element)| (index.to_string(), element));
        let named = found.members().map(|(name, element)| (name.to_owned(), element));
        named.chain(positions).collect::<Vec<_>>()
    });
    all.collect()
}

/// Returns the names in a list.
fn names(list: &Located<'_>) -> BTreeSet<String> {
    list.elements().filter_map(|name| name.node.as_str().map(str::to_owned)).collect()
}
