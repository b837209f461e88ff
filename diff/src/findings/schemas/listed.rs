//! The values that a schema lists, with their names in Rust and their other spellings.

use std::collections::{HashMap, HashSet};

use venuekit_codegen::model::names::Words;

use crate::schema::resolved::ResolvedSchema;

/// A listed value.
pub(super) struct Value {
    pub(super) json: String,
    pub(super) pointer: String,
    /// The name in Rust.
    pub(super) name: String,
    pub(super) spellings: Vec<Spelling>,
}

impl Value {
    /// Returns the value without quotes.
    pub(super) fn text(&self) -> &str {
        self.json.trim_matches('"')
    }

    /// Returns whether both are one value for a program: the same value, or one with the same name.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.json == other.json || self.name == other.name
    }
}

/// Another spelling of a listed value.
pub(super) struct Spelling {
    pub(super) json: String,
    pub(super) pointer: String,
}

/// Returns the listed values of a schema, if it has a list.
pub(super) fn read(schema: &ResolvedSchema<'_>) -> Option<Vec<Value>> {
    let names = schema.get("x-enum-varnames").and_then(|names| names.node.as_seq()).unwrap_or_default();
    let mut spellings = spellings(schema).into_iter();
    let values = schema.values()?.into_iter().enumerate().map(|(index, (json, pointer))| {
        let text = names.get(index).and_then(|name| name.as_str()).unwrap_or(json.trim_matches('"'));
        let name = Words::parse(text).map_or_else(|_| text.to_owned(), |words| words.pascal());
        Value { json, pointer, name, spellings: spellings.next().unwrap_or_default() }
    });
    Some(values.collect())
}

/// Returns the other spellings of each value of an `enum`, in its order.
fn spellings(schema: &ResolvedSchema<'_>) -> Vec<Vec<Spelling>> {
    let lists = schema.list("x-enum-spellings").map(|list| {
        let places = list.elements();
        places.map(|place| Spelling { json: place.node.to_json(), pointer: place.pointer }).collect()
    });
    lists.collect()
}

/// The listed values of a schema, to look up.
pub(super) struct Index<'v> {
    values: HashSet<&'v str>,
    names: HashSet<&'v str>,
    spellings: HashMap<&'v str, (&'v Value, &'v Spelling)>,
}

impl<'v> Index<'v> {
    pub(super) fn new(values: &'v [Value]) -> Self {
        Self {
            values: values.iter().map(|value| value.json.as_str()).collect(),
            names: values.iter().map(|value| value.name.as_str()).collect(),
            spellings: all(values).map(|(value, spelling)| (spelling.json.as_str(), (value, spelling))).collect(),
        }
    }

    /// Returns whether the value is listed, maybe written in another way.
    pub(super) fn has(&self, value: &Value) -> bool {
        self.values.contains(value.json.as_str()) || self.names.contains(value.name.as_str())
    }

    /// Returns whether something is listed as a value, not as another spelling.
    pub(super) fn is_value(&self, json: &str) -> bool {
        self.values.contains(json)
    }

    /// Returns the value and the spelling, if something is listed as another spelling of a value.
    pub(super) fn spelling(&self, json: &str) -> Option<(&'v Value, &'v Spelling)> {
        self.spellings.get(json).copied()
    }
}

/// Returns all other spellings, each with its value.
pub(super) fn all(values: &[Value]) -> impl Iterator<Item = (&Value, &Spelling)> {
    values.iter().flat_map(|value| value.spellings.iter().map(move |spelling| (value, spelling)))
}
