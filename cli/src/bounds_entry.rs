//! The bounds of a value as JSON, for `venue list --json`.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use venuekit::operation::Bounds;

/// The bounds of a value. Most keys are JSON Schema keywords (`minimum`, `maxItems`). The bounds of
/// nested values are in `elements`, `values`, `columns` and `members`. Numbers keep their digits.
///
/// A type that contains itself is not expanded a second time: its inner entry has no `elements`,
/// `values`, `columns` or `members`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BoundsEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_minimum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_maximum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multiple_of: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    values: Option<Box<Self>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    columns: BTreeMap<usize, Self>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    members: BTreeMap<&'static str, Self>,
}

impl BoundsEntry {
    pub(crate) fn new(bounds: &'static Bounds) -> Self {
        Self::inside(bounds, &mut Vec::new())
    }

    /// Returns the entry of `bounds`. `open` holds the bounds within which `bounds` is expanded.
    fn inside(bounds: &'static Bounds, open: &mut Vec<&'static Bounds>) -> Self {
        let json = |text: Option<&str>| text.and_then(|text| RawValue::from_string(text.to_owned()).ok());
        let is_open = open.iter().any(|other| std::ptr::eq(*other, bounds));
        open.push(bounds);
        let mut inner = |inner: &'static Bounds| (!is_open).then(|| Self::inside(inner, open));
        let entry = Self {
            minimum: json(bounds.minimum()),
            exclusive_minimum: json(bounds.exclusive_minimum()),
            maximum: json(bounds.maximum()),
            exclusive_maximum: json(bounds.exclusive_maximum()),
            multiple_of: json(bounds.multiple_of()),
            min_length: bounds.min_length(),
            max_length: bounds.max_length(),
            max_bytes: bounds.max_bytes(),
            min_items: bounds.min_items(),
            max_items: bounds.max_items(),
            pattern: bounds.pattern(),
            default: json(bounds.default_value()),
            elements: bounds.elements().and_then(&mut inner).map(Box::new),
            values: bounds.values().and_then(&mut inner).map(Box::new),
            columns: bounds.columns().iter().filter_map(|(at, bounds)| Some((*at, inner(bounds)?))).collect(),
            members: bounds.members().iter().filter_map(|(name, bounds)| Some((*name, inner(bounds)?))).collect(),
        };
        open.pop();
        entry
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_a_recursive_type_is_expanded_once() {
        static PRICE: Bounds = Bounds::new().with_minimum("0.00000000000000000001").with_default("\"1\"");
        static ORDERS: Bounds = Bounds::new().with_max_items(10).with_elements(&ORDER);
        static ORDER: Bounds = Bounds::new().with_members(&[("price", &PRICE), ("legs", &ORDERS)]);
        let json = serde_json::to_string(&BoundsEntry::new(&ORDER)).unwrap();
        let price = r#""price":{"minimum":0.00000000000000000001,"default":"1"}"#;
        assert_eq!(json, format!(r#"{{"members":{{"legs":{{"maxItems":10,"elements":{{}}}},{price}}}}}"#));
    }
}
