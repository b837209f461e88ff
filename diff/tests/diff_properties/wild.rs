//! Random changes that replace a value of a document with another.

use fastrand::Rng;

use crate::mutants::at_random;
use crate::tree::{Json, number, split, text};

/// Makes a small change at a random place: removes a value, or replaces it with another of its
/// kind.
pub(crate) fn gentle(document: &mut Json, rng: &mut Rng) -> Option<String> {
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
            let (parent, key) = (parent.to_owned(), key);
            match document.at_mut(&parent)? {
                Json::Object(members) => {
                    members.shift_remove(&key)?;
                }
                Json::List(elements) => {
                    elements.remove(key.parse().ok()?);
                }
                _ => return None,
            }
        }
        (Json::Bool(value), _) => *value = !*value,
        (Json::Number(digits), _) => *digits = digits.parse::<i64>().ok()?.checked_add(rng.i64(1..3))?.to_string(),
        (Json::Text(text), 1..=3) => *text = at_random(&strings, rng)?.clone(),
        (Json::Text(text), _) => text.push_str("Other"),
        // The crate lists `x-always` properties in the order of the spec, so that order has a
        // meaning.
        (Json::List(elements), 1..=2) if key != "members" => rng.shuffle(elements),
        (Json::List(elements), _) => {
            elements.pop()?;
        }
        (Json::Object(members), 1..=3) => {
            // A property gets another name.
            let index = (!members.is_empty()).then(|| rng.usize(..members.len()))?;
            let (name, value) = members.shift_remove_index(index)?;
            members.insert(format!("{name}Other"), value);
        }
        (Json::Object(members), _) => {
            // The object gets a copy of one of its properties.
            let index = (!members.is_empty()).then(|| rng.usize(..members.len()))?;
            let (name, value) = members.get_index(index)?;
            let (name, value) = (format!("{name}More"), value.clone());
            members.insert(name, value);
        }
        (Json::Null, _) => return None,
    }
    Some(place)
}

/// Returns the texts of the same key elsewhere in the document.
fn same_key(document: &Json, key: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(document, key, &mut found);
    found
}

fn collect(value: &Json, key: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                if let (true, Some(text)) = (name == key, value.as_text()) {
                    found.push(text.to_owned());
                }
                collect(value, key, found);
            }
        }
        Json::List(elements) => elements.iter().for_each(|element| collect(element, key, found)),
        _ => {}
    }
}

/// Makes any change at a random place, even one that leaves no valid spec.
pub(crate) fn wild(document: &mut Json, rng: &mut Rng) -> Option<String> {
    let places = document.pointers();
    let place = at_random(&places, rng)?.clone();
    let other = match rng.u8(..10) {
        0 => Json::Null,
        1 => Json::Bool(rng.bool()),
        2 => number(at_random(&["0", "-1", "1e400", "99999999999999999999", "0.10", "4294967296"], rng)?),
        3 => text(*at_random(
            &["", "/", "#", "#/", "#/components/schemas/Nothing", "{", "{}", "~2", "月", "null", "$ref", "2XX"],
            rng,
        )?),
        4 => Json::List(Vec::new()),
        5 => Json::Object(indexmap::IndexMap::new()),
        6 => Json::List(vec![document.at(&place)?.clone()]),
        // A value from elsewhere, perhaps one that contains this place.
        7 => document.at(at_random(&places, rng)?)?.clone(),
        8 => {
            let target = format!("#{}", at_random(&places, rng)?);
            Json::Object([("$ref".to_owned(), text(target))].into_iter().collect())
        }
        _ => {
            let key =
                *at_random(&["allOf", "anyOf", "oneOf", "items", "not", "properties", "additionalProperties"], rng)?;
            Json::Object([(key.to_owned(), Json::List(vec![document.at(&place)?.clone()]))].into_iter().collect())
        }
    };
    *document.at_mut(&place)? = other;
    Some(place)
}
