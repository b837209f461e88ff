//! Chooses between two values of a key of a schema, if a value has to fit both.

use std::cmp::Ordering;

use super::formats::IntegerFormat;
use super::keys::DOCUMENTATION;
use crate::source::node::{Members, Node};
use crate::source::number::is_same_number;

/// The result of [`narrowed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Narrowed {
    /// The schema says what both said.
    Done,
    /// The value of the other schema has no effect.
    Lost,
}

/// Changes the value of `key`, which both schemas have, to one that says what both say.
pub(super) fn narrowed(members: &mut Members, key: &str, other: &Node) -> Narrowed {
    let (Some(own), Some(value)) = (members.get(key), other.get(key)) else { return Narrowed::Done };
    let is_described = DOCUMENTATION.contains(&key) || key.starts_with("x-");
    // Of two equal bounds, one can be excluded.
    let is_bound = matches!(key, "minimum" | "maximum");
    if is_described || own.has_value_of(value) && !is_bound {
        return Narrowed::Done;
    }
    let is_narrower = match key {
        _ if is_bound => return bound(members, key, other),
        // Flags are chosen with their bounds.
        "exclusiveMinimum" | "exclusiveMaximum" if value.as_bool().is_some() => return Narrowed::Done,
        "exclusiveMinimum" => compared(value, own).map(Ordering::is_gt),
        "exclusiveMaximum" => compared(value, own).map(Ordering::is_lt),
        "minLength" | "minItems" | "minProperties" => compared(value, own).map(Ordering::is_gt),
        "maxLength" | "maxItems" | "maxProperties" => compared(value, own).map(Ordering::is_lt),
        "uniqueItems" => value.as_bool(),
        "format" => narrower_format(own, value),
        // No client checks it.
        "not" => Some(false),
        _ => None,
    };
    let Some(is_narrower) = is_narrower else { return Narrowed::Lost };
    if is_narrower {
        members.insert(key, value.clone());
    }
    Narrowed::Done
}

/// Chooses the narrower bound, with the flag that excludes it.
fn bound(members: &mut Members, key: &str, other: &Node) -> Narrowed {
    let exclusive = if key == "minimum" { "exclusiveMinimum" } else { "exclusiveMaximum" };
    let is_exclusive = |flag: Option<&Node>| flag.and_then(Node::as_bool) == Some(true);
    let (Some(own), Some(value)) = (members.get(key), other.get(key)) else { return Narrowed::Done };
    let Some(order) = compared(value, own) else { return Narrowed::Lost };
    let is_narrower = match order {
        Ordering::Equal => is_exclusive(other.get(exclusive)),
        order => order.is_gt() == (key == "minimum"),
    };
    if is_narrower {
        members.insert(key, value.clone());
        match other.get(exclusive).filter(|flag| flag.as_bool().is_some()) {
            Some(flag) => members.insert(exclusive, flag.clone()),
            // A number is a bound of its own, beside this one.
            None if members.get(exclusive).is_some_and(|own| own.as_bool().is_some()) => {
                drop(members.remove(exclusive))
            }
            None => {}
        }
    }
    Narrowed::Done
}

/// Compares two numbers. Returns `None` if one of the values is not a number, or if the numbers
/// differ by less than `f64` can tell.
fn compared(one: &Node, other: &Node) -> Option<Ordering> {
    let (one, other) = (one.as_number()?, other.as_number()?);
    if is_same_number(one, other) {
        return Some(Ordering::Equal);
    }
    match (one.parse::<i128>(), other.parse::<i128>()) {
        (Ok(one), Ok(other)) => Some(one.cmp(&other)),
        _ => one.parse::<f64>().ok()?.partial_cmp(&other.parse::<f64>().ok()?).filter(|order| order.is_ne()),
    }
}

/// Returns whether all integers of the second format fit the first; `None` if neither format holds
/// all integers of the other.
fn narrower_format(own: &Node, value: &Node) -> Option<bool> {
    let [own, value] = [own, value].map(|format| format.as_str().and_then(IntegerFormat::new));
    let holds = |format: IntegerFormat, other: IntegerFormat| other.limits().iter().all(|limit| format.holds(*limit));
    let (own, value) = (own?, value?);
    if holds(own, value) {
        Some(true)
    } else if holds(value, own) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::document::Document;

    /// Returns the first schema with each key of the second one narrowed, as JSON.
    fn both(first: &str, second: &str) -> (String, Vec<Narrowed>) {
        let node = |text: &str| Document::parse("a.json", text).unwrap().root().clone();
        let (mut own, other) = (node(first), node(second));
        let members = own.as_map_mut().unwrap();
        let keys = other.as_map().unwrap().keys();
        let found = keys.filter(|key| first.contains(key)).map(|key| narrowed(members, key, &other)).collect();
        (own.to_json(), found)
    }

    #[test]
    fn the_narrower_of_two_bounds_is_taken_with_its_flag() {
        for (first, second, expected) in [
            (r#"{"minimum":1,"maximum":9}"#, r#"{"minimum":2,"maximum":10}"#, r#"{"minimum":2,"maximum":9}"#),
            (r#"{"minimum":1.50}"#, r#"{"minimum":1.5}"#, r#"{"minimum":1.50}"#),
            (
                r#"{"minimum":3}"#,
                r#"{"minimum":3,"exclusiveMinimum":true}"#,
                r#"{"minimum":3,"exclusiveMinimum":true}"#,
            ),
            (r#"{"maximum":3,"exclusiveMaximum":true}"#, r#"{"maximum":2}"#, r#"{"maximum":2}"#),
            (
                r#"{"minLength":2,"maxLength":8}"#,
                r#"{"minLength":4,"maxLength":9}"#,
                r#"{"minLength":4,"maxLength":8}"#,
            ),
            (
                r#"{"exclusiveMinimum":0,"exclusiveMaximum":9}"#,
                r#"{"exclusiveMinimum":7,"exclusiveMaximum":10}"#,
                r#"{"exclusiveMinimum":7,"exclusiveMaximum":9}"#,
            ),
            (r#"{"minimum":0,"exclusiveMinimum":-1}"#, r#"{"minimum":2}"#, r#"{"minimum":2,"exclusiveMinimum":-1}"#),
            (r#"{"format":"int64"}"#, r#"{"format":"int32"}"#, r#"{"format":"int32"}"#),
            (r#"{"format":"uint32"}"#, r#"{"format":"int64"}"#, r#"{"format":"uint32"}"#),
        ] {
            let (json, found) = both(first, second);
            assert_eq!(json, expected, "{first} {second}");
            assert!(found.iter().all(|found| *found == Narrowed::Done), "{first} {second}");
        }
    }

    #[test]
    fn a_value_that_the_other_does_not_imply_is_lost() {
        for (first, second) in [
            (r#"{"pattern":"a"}"#, r#"{"pattern":"b"}"#),
            (r#"{"format":"uuid"}"#, r#"{"format":"date"}"#),
            (r#"{"format":"uint32"}"#, r#"{"format":"int32"}"#),
            (r#"{"multipleOf":2}"#, r#"{"multipleOf":3}"#),
        ] {
            assert_eq!(both(first, second), (first.to_owned(), vec![Narrowed::Lost]), "{first} {second}");
        }
        assert_eq!(both(r#"{"title":"A"}"#, r#"{"title":"B"}"#).1, [Narrowed::Done]);
    }
}
