//! Descriptions, examples and the like: counted, not listed.

use super::canonical;
use super::contract::{resolve, root};
use super::differ::Differ;
use crate::spec::Document;
use crate::spec::found::Found;

/// Keys that say nothing but what things mean to people.
pub(super) const DOCUMENTATION: [&str; 11] = [
    "description",
    "summary",
    "title",
    "example",
    "examples",
    "externalDocs",
    "tags",
    "x-doc-deviation",
    "x-evidence",
    "x-enum-descriptions",
    "x-description",
];

impl Differ<'_> {
    /// Counts what documents an object and differs.
    pub(super) fn documentation(&mut self, old: &Found<'_>, new: &Found<'_>) {
        let (before, after) = (self.old.document, self.new.document);
        let because =
            |found: &Found<'_>| found.get("x-always")?.get("because").map(|found| canonical::text(found.node));
        let differs = |key: &&&str| value(before, old, key) != value(after, new, key);
        self.documentation += DOCUMENTATION.iter().filter(differs).count();
        self.documentation += usize::from(because(old) != because(new));
    }

    /// What documents the API as a whole. Its version is in the crate's documentation.
    pub(super) fn api_documentation(&mut self) {
        let (old, new) = (root(self.old.document), root(self.new.document));
        self.documentation(&old, &new);
        if let (Some(old), Some(new)) = (old.get("info"), new.get("info")) {
            for key in ["title", "description", "version", "contact", "license", "termsOfService", "x-evidence"] {
                let value = |found: &Found<'_>| found.node.get(key).map(canonical::text);
                self.documentation += usize::from(value(&old) != value(&new));
            }
        }
    }
}

/// What a key says. Examples of several may be components.
fn value(document: &Document, found: &Found<'_>, key: &str) -> Option<String> {
    if key == "x-enum-descriptions" {
        // What each value means, in whatever order they are listed.
        let texts = found.list(key).map(|text| canonical::text(text.node));
        let mut meanings: Vec<String> =
            found.list("enum").zip(texts).map(|(value, text)| format!("{}:{text}", value.node.to_json())).collect();
        meanings.sort();
        return Some(meanings.join(","));
    }
    let found = found.get(key)?;
    if key != "examples" {
        return Some(canonical::text(found.node));
    }
    let named =
        found.members().map(|(name, example)| format!("{name:?}:{}", canonical::text(resolve(document, example).node)));
    let listed = found.elements().map(|example| canonical::text(resolve(document, example).node));
    let mut examples: Vec<String> = named.chain(listed).collect();
    examples.sort();
    Some(examples.join(","))
}
