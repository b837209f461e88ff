//! The other spellings of enum values that the specs list (`x-enum-spellings`).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use venuekit::meta::VenueMeta;

/// Returns the enum values of a venue that have other spellings, with these spellings, as JSON.
#[must_use]
pub fn spellings_of(venue: &VenueMeta) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (_, schema) in venue.schemas {
        collect(&serde_json::from_str(schema).unwrap_or(Value::Null), &mut found);
    }
    found
}

fn collect(schema: &Value, found: &mut BTreeMap<String, BTreeSet<String>>) {
    let lists = schema.get("x-enum-spellings").and_then(Value::as_array);
    let values = schema.get("enum").and_then(Value::as_array);
    for (value, list) in values.into_iter().flatten().zip(lists.into_iter().flatten()) {
        let others = list.as_array().into_iter().flatten().map(Value::to_string);
        found.entry(value.to_string()).or_default().extend(others);
    }
    match schema {
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, found)),
        _ => {}
    }
}
