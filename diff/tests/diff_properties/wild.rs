//! Random changes that replace a value of a document with another.

use fastrand::Rng;
use venuekit_json::Tree;

use crate::examples::object;
use crate::mutants::at_random;
use crate::tree::{TreeExt, split};

/// Makes a small change at a random place: removes a value, or replaces it with another of its
/// kind.
pub(crate) fn gentle(document: &mut Tree, rng: &mut Rng) -> Option<String> {
    let places = document.pointers();
    let place = at_random(&places, rng)?.clone();
    let (parent, key) = split(&place)?;
    if place.contains("/example")
        || matches!(key.as_str(), "$ref" | "x-crate-version" | "openapi" | "openrpc")
        || place.starts_with("/info/version")
    {
        return None;
    }
    let strings: Vec<String> = same_key(document, &key);
    let value = document.at_mut(&place)?;
    let kind = rng.u8(..6);
    match (value, kind) {
        (_, 0) => {
            document.at_mut(parent)?.remove_segment(&key)?;
        }
        (Tree::Bool(value), _) => *value = !*value,
        (Tree::Number(digits), _) => *digits = digits.parse::<i64>().ok()?.checked_add(rng.i64(1..3))?.to_string(),
        (Tree::Text(text), 1..=3) => *text = at_random(&strings, rng)?.clone(),
        (Tree::Text(text), _) => text.push_str("Other"),
        // The crate lists `x-always` properties in the order of the spec, so that order has a
        // meaning.
        (Tree::Array(elements), 1..=2) if key != "members" => rng.shuffle(elements),
        (Tree::Array(elements), _) => {
            elements.pop()?;
        }
        (object @ Tree::Object(_), 1..=3) => {
            // A property gets another name.
            let (name, value) = at_random(object.members(), rng)?.clone();
            object.remove(&name)?;
            object.set(&format!("{name}Other"), value)?;
        }
        (object @ Tree::Object(_), _) => {
            // The object gets a copy of one of its properties.
            let (name, value) = at_random(object.members(), rng)?.clone();
            object.set(&format!("{name}More"), value)?;
        }
        (Tree::Null, _) => return None,
    }
    Some(place)
}

/// Returns the texts of the same key elsewhere in the document.
fn same_key(document: &Tree, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(document, key, &mut found);
    found
}

fn collect(value: &Tree, key: &str, found: &mut Vec<String>) {
    match value {
        Tree::Object(members) => {
            for (name, value) in members {
                if let (true, Some(text)) = (name == key, value.as_text()) {
                    found.push(text.to_owned());
                }
                collect(value, key, found);
            }
        }
        Tree::Array(elements) => elements.iter().for_each(|element| collect(element, key, found)),
        _ => {}
    }
}

/// Makes any change at a random place, even one that leaves no valid spec.
pub(crate) fn wild(document: &mut Tree, rng: &mut Rng) -> Option<String> {
    let places = document.pointers();
    let place = at_random(&places, rng)?.clone();
    let other = match rng.u8(..10) {
        0 => Tree::Null,
        1 => Tree::Bool(rng.bool()),
        2 => Tree::number(at_random(&["0", "-1", "1e400", "99999999999999999999", "0.10", "4294967296"], rng)?),
        3 => Tree::text(*at_random(
            &["", "/", "#", "#/", "#/components/schemas/Nothing", "{", "{}", "~2", "月", "null", "$ref", "2XX"],
            rng,
        )?),
        4 => Tree::Array(Vec::new()),
        5 => Tree::Object(Vec::new()),
        6 => Tree::Array(vec![document.at(&place)?.clone()]),
        // A value from elsewhere, perhaps one that contains this place.
        7 => document.at(at_random(&places, rng)?)?.clone(),
        8 => {
            let target = format!("#{}", at_random(&places, rng)?);
            object([("$ref", Tree::text(target))])
        }
        _ => {
            let key =
                *at_random(&["allOf", "anyOf", "oneOf", "items", "not", "properties", "additionalProperties"], rng)?;
            object([(key, Tree::Array(vec![document.at(&place)?.clone()]))])
        }
    };
    *document.at_mut(&place)? = other;
    Some(place)
}
