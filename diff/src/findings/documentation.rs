//! Counts the changes of descriptions, examples and similar texts.

use venuekit_codegen::source::Document;
use venuekit_codegen::source::Located;

use crate::contract::Sides;
use crate::json_text;
use crate::keys::DOCUMENTATION;
use venuekit_codegen::source::follow;

/// Returns the number of keys of an object that are documentation only, and differ.
pub(super) fn count(sides: &Sides<'_>, old: &Located<'_>, new: &Located<'_>) -> usize {
    let (before, after) = (sides.old.document, sides.new.document);
    let because = |found: &Located<'_>| found.get("x-always")?.get("because").map(|found| json_text::text(found.node));
    let differs = |key: &&&str| value(before, old, key) != value(after, new, key);
    DOCUMENTATION.iter().filter(differs).count() + usize::from(because(old) != because(new))
}

/// Returns the number of changes of the documentation of the API as a whole. The version is part of
/// it.
pub(super) fn of_api(sides: &Sides<'_>) -> usize {
    let (old, new) = (sides.old.root(), sides.new.root());
    let number = count(sides, &old, &new);
    let (Some(old), Some(new)) = (old.get("info"), new.get("info")) else { return number };
    let differs = |key: &&&str| old.node.get(key).map(json_text::text) != new.node.get(key).map(json_text::text);
    let keys = ["title", "description", "version", "contact", "license", "termsOfService", "x-evidence"];
    number + keys.iter().filter(differs).count()
}

/// Returns the value of a key, independent of an order that has no meaning. Examples can be
/// references.
fn value(document: &Document, found: &Located<'_>, key: &str) -> Option<String> {
    if key == "x-enum-descriptions" {
        let texts = found.list(key).map(|text| json_text::text(text.node));
        let described = found.list("enum").zip(texts).map(|(value, text)| format!("{}:{text}", value.node.to_json()));
        let mut described: Vec<String> = described.collect();
        described.sort();
        return Some(described.join(","));
    }
    let found = found.get(key)?;
    if key != "examples" {
        return Some(json_text::text(found.node));
    }
    let text = |example: Located<'_>| json_text::text(follow(document, Located { ..example }).node);
    let named = found.members().map(|(name, example)| format!("{name:?}:{}", text(example)));
    let mut examples: Vec<String> = named.chain(found.elements().map(text)).collect();
    examples.sort();
    Some(examples.join(","))
}
