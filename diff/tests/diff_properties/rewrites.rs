//! Rewrites documents without a change of meaning: in another order, or with schemas at other
//! places.

use fastrand::Rng;
use venuekit_json::{Tree, pointer};

use crate::examples::object;
use crate::sites::{METHODS, Site, SiteKind, sites};
use crate::tree::{TreeExt, split};

/// Returns a value in another order: the properties of objects, and the elements of lists whose
/// order has no meaning.
pub(crate) fn shuffled(value: &Tree, rng: &mut Rng) -> Tree {
    match value {
        Tree::Array(elements) => Tree::Array(elements.iter().map(|element| shuffled(element, rng)).collect()),
        Tree::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(key, value)| (key.clone(), shuffled(value, rng))).collect();
            rng.shuffle(&mut members);
            let mut object = Tree::Object(members);
            unordered(&mut object, rng);
            object
        }
        other => other.clone(),
    }
}

/// Keys of lists without an order. Examples can have properties of these names too; their order is
/// not compared.
const UNORDERED: [&str; 20] = [
    "required",
    "members",
    "oneOf",
    "security",
    "x-security",
    "x-limits",
    "x-unknown-codes",
    "x-clock-codes",
    "x-unknown-statuses",
    "x-refused-codes",
    "x-done-codes",
    "x-gone-codes",
    "x-constraints",
    "exactly-one-of",
    "at-least-one-of",
    "at-most-one-of",
    "all-or-none",
    "needed",
    "methods",
    "other-logins",
];

fn unordered(object: &mut Tree, rng: &mut Rng) {
    for key in UNORDERED {
        if let Some(list) = object.get_mut(key).and_then(Tree::elements_mut) {
            rng.shuffle(list);
        }
    }
    for spellings in object.get_mut("x-enum-spellings").and_then(Tree::elements_mut).into_iter().flatten() {
        if let Some(spellings) = spellings.elements_mut() {
            rng.shuffle(spellings);
        }
    }
    // The values of an enum keep their names, descriptions and spellings.
    let count = object.list("enum").len();
    let mut order: Vec<usize> = (0..count).collect();
    rng.shuffle(&mut order);
    for key in ["enum", "x-enum-varnames", "x-enum-descriptions", "x-enum-spellings"] {
        if let Some(list) = object.get_mut(key).and_then(Tree::elements_mut).filter(|list| list.len() == count) {
            *list = order.iter().map(|index| list[*index].clone()).collect();
        }
    }
}

/// Returns the target of a `$ref`.
fn target<'d>(document: &'d Tree, value: &Tree) -> Option<&'d Tree> {
    document.at(value.text("$ref")?.strip_prefix('#')?)
}

/// Replaces every `$ref` in a value with its target. A reference to a value that contains it stays.
fn inlined_value(document: &Tree, value: &Tree, seen: &mut Vec<String>) -> Tree {
    if let (Some(reference), Some(found)) = (value.text("$ref"), target(document, value)) {
        if seen.iter().any(|other| other == reference) {
            return value.clone();
        }
        seen.push(reference.to_owned());
        let inlined = inlined_value(document, found, seen);
        seen.pop();
        return inlined;
    }
    match value {
        Tree::Array(elements) => {
            Tree::Array(elements.iter().map(|element| inlined_value(document, element, seen)).collect())
        }
        Tree::Object(members) => {
            let inlined = members.iter().map(|(key, value)| (key.clone(), inlined_value(document, value, seen)));
            Tree::Object(inlined.collect())
        }
        other => other.clone(),
    }
}

/// Replaces every `$ref` with its target. The components are removed unless `keep` is true.
pub(crate) fn inlined(document: &Tree, keep: bool) -> Tree {
    let mut inlined = inlined_value(document, document, &mut Vec::new());
    if !keep && let Some(components) = inlined.get_mut("components").and_then(Tree::members_mut) {
        components.retain(|(section, _)| section == "securitySchemes" || section == "errors");
    }
    inlined
}

/// Renames a component and all references to it.
pub(crate) fn renamed(document: &Tree, section: &str, from: &str, to: &str) -> Tree {
    let (old, new) = (format!("#/components/{section}/{from}"), format!("#/components/{section}/{to}"));
    fn follow(value: &Tree, old: &str, new: &str) -> Tree {
        match value {
            Tree::Array(elements) => Tree::Array(elements.iter().map(|element| follow(element, old, new)).collect()),
            Tree::Object(members) => {
                let property = |(key, value): &(String, Tree)| {
                    let value = if key == "$ref" && value.as_text() == Some(old) {
                        Tree::text(new)
                    } else {
                        follow(value, old, new)
                    };
                    (key.clone(), value)
                };
                Tree::Object(members.iter().map(property).collect())
            }
            other => other.clone(),
        }
    }
    let mut renamed = follow(document, &old, &new);
    let components = renamed.at_mut(&format!("/components/{section}")).and_then(Tree::members_mut).expect("a section");
    for (name, _) in components.iter_mut().filter(|(name, _)| name == from) {
        to.clone_into(name);
    }
    renamed
}

/// Turns every inline schema of an object, an enum, a row or alternatives into a component, the
/// innermost first.
pub(crate) fn extracted(document: &Tree) -> Tree {
    let mut document = document.clone();
    let inline = |site: &Site| site.kind == SiteKind::Schema && !site.reference && !is_component(&site.pointer);
    let mut places: Vec<String> = sites(&document).into_iter().filter(inline).map(|site| site.pointer).collect();
    places.reverse();
    for (index, place) in places.iter().enumerate() {
        let schema = document.at(place).expect("it was found");
        let named = schema.has("properties") || schema.has("enum") || schema.has("x-tuple") || schema.has("oneOf");
        // A `$ref` has no place for these keywords, so a property with one of them stays inline.
        let says_more = ["x-rust-name", "readOnly", "deprecated"].iter().any(|key| schema.has(key));
        if !named || says_more {
            continue;
        }
        let name = format!("Extracted{index}");
        let reference = object([("$ref", Tree::text(format!("#/components/schemas/{name}")))]);
        let schema = std::mem::replace(document.at_mut(place).expect("it was found"), reference);
        if !document.has("components") {
            document.set("components", Tree::Object(Vec::new()));
        }
        let components = document.get_mut("components").expect("it is there");
        if !components.has("schemas") {
            components.set("schemas", Tree::Object(Vec::new()));
        }
        components.get_mut("schemas").expect("it is there").set(&name, schema);
    }
    document
}

fn is_component(pointer: &str) -> bool {
    split(pointer).is_some_and(|(holder, _)| holder == "/components/schemas")
}

/// Returns the names of the components of a section.
pub(crate) fn components(document: &Tree, section: &str) -> Vec<String> {
    let found = document.at(&format!("/components/{section}")).into_iter().flat_map(Tree::members);
    found.map(|(name, _)| name.clone()).collect()
}

/// Returns a document with only some of the operations and everything that they refer to.
pub(crate) fn slice(document: &Tree, kept: &[String]) -> Tree {
    let mut slice = document.clone();
    let mut index = 0;
    if let Some(methods) = slice.get_mut("methods").and_then(Tree::elements_mut) {
        methods.retain(|_| {
            index += 1;
            kept.contains(&format!("/methods/{}", index - 1))
        });
    }
    if let Some(paths) = slice.get_mut("paths").and_then(Tree::members_mut) {
        for (path, item) in paths.iter_mut() {
            let place = |method: &str| pointer::join(&pointer::join("/paths", path), method);
            let stays = |method: &str| !METHODS.contains(&method) || kept.contains(&place(method));
            item.members_mut().expect("a path").retain(|(method, _)| stays(method));
        }
        paths.retain(|(_, item)| item.members().iter().any(|(method, _)| METHODS.contains(&method.as_str())));
    }
    prune(&mut slice);
    slice
}

/// Removes the components that nothing refers to.
fn prune(document: &mut Tree) {
    let Some(components) = document.remove("components") else { return };
    let mut kept = Tree::Object(Vec::new());
    let mut open = references(document);
    while let Some(target) = open.pop() {
        let segments = pointer::segments(target.trim_start_matches('#')).unwrap_or_default();
        let [_, section, name] = segments.as_slice() else { continue };
        let Some(component) = components.get(section).and_then(|section| section.get(name)) else { continue };
        if !kept.has(section) {
            kept.set(section, Tree::Object(Vec::new()));
        }
        let section = kept.get_mut(section).expect("it is there");
        if !section.has(name) {
            section.set(name, component.clone());
            open.extend(references(component));
        }
    }
    // These sections belong to the whole API.
    for section in ["securitySchemes", "errors"] {
        if let Some(all) = components.get(section) {
            kept.set(section, all.clone());
        }
    }
    document.set("components", kept);
}

fn references(value: &Tree) -> Vec<String> {
    match value {
        Tree::Array(elements) => elements.iter().flat_map(references).collect(),
        Tree::Object(members) => {
            let own = value.text("$ref").map(str::to_owned);
            own.into_iter().chain(members.iter().flat_map(|(_, value)| references(value))).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the document with a component that no operation reaches: a copy of another, under its
/// own name.
pub(crate) fn with_unused(document: &Tree) -> Tree {
    let mut document = document.clone();
    let Some(schemas) = document.at_mut("/components/schemas") else { return document };
    let last = schemas.members().iter().rfind(|(_, schema)| schema.has("properties")).cloned();
    if let Some((_, schema)) = last {
        schemas.set("NobodysOwn", schema);
    }
    document
}
