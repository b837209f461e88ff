//! A document that can be changed. Objects keep the order of their properties, and numbers keep
//! their digits.

use std::fmt::Write as _;

use indexmap::IndexMap;
use venuekit_codegen::source::{Document, Kind, Node, pointer_join, pointer_segments};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(IndexMap<String, Json>),
}

/// Returns a text as a value.
pub(crate) fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}

/// Returns a number as a value.
pub(crate) fn number(digits: impl ToString) -> Json {
    Json::Number(digits.to_string())
}

impl Json {
    /// Reads a value from a document's tree.
    pub(crate) fn of(node: &Node) -> Self {
        match node.kind() {
            Kind::Null => Self::Null,
            Kind::Bool(value) => Self::Bool(*value),
            Kind::Number(digits) => Self::Number(digits.to_string()),
            Kind::String(text) => Self::Text(text.to_string()),
            Kind::Seq(elements) => Self::List(elements.iter().map(Self::of).collect()),
            Kind::Map(members) => {
                Self::Object(members.iter().map(|(key, node)| (key.to_owned(), Self::of(node))).collect())
            }
        }
    }

    /// Reads a value from YAML or JSON.
    pub(crate) fn read(text: &str) -> Self {
        let document = Document::parse("text.yaml", text).unwrap_or_else(|findings| panic!("{findings}"));
        Self::of(document.root())
    }

    /// Writes the value as JSON on one line.
    pub(crate) fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out);
        out
    }

    fn write_to(&self, out: &mut String) {
        let separate = |out: &mut String, index| out.push_str(if index == 0 { "" } else { "," });
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => write_text(text, out),
            Self::List(elements) => {
                out.push('[');
                for (index, element) in elements.iter().enumerate() {
                    separate(out, index);
                    element.write_to(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    separate(out, index);
                    write_text(key, out);
                    out.push(':');
                    value.write_to(out);
                }
                out.push('}');
            }
        }
    }

    pub(crate) fn object(&self) -> Option<&IndexMap<String, Json>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn object_mut(&mut self) -> Option<&mut IndexMap<String, Json>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn elements(&self) -> &[Json] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    pub(crate) fn elements_mut(&mut self) -> Option<&mut Vec<Json>> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns a property.
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.object()?.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        self.object_mut()?.get_mut(key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    pub(crate) fn digits(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Self::Number(digits) => Some(digits),
            _ => None,
        }
    }

    /// Returns whether a property is `true`.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.get(key) == Some(&Self::Bool(true))
    }

    /// Returns the elements of a property, or an empty list.
    pub(crate) fn list(&self, key: &str) -> &[Json] {
        self.get(key).map(Self::elements).unwrap_or_default()
    }

    /// Returns the properties of an object, or none.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    /// Sets a property. A new one comes last.
    pub(crate) fn set(&mut self, key: &str, value: Json) -> Option<()> {
        self.object_mut()?.insert(key.to_owned(), value);
        Some(())
    }

    /// Removes a property.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Json> {
        self.object_mut()?.shift_remove(key)
    }

    /// Returns the value at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Json> {
        pointer_segments(pointer)?.iter().try_fold(self, |value, segment| match value {
            Self::Object(members) => members.get(segment.as_str()),
            Self::List(elements) => elements.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Json> {
        pointer_segments(pointer)?.iter().try_fold(self, |value, segment| match value {
            Self::Object(members) => members.get_mut(segment.as_str()),
            Self::List(elements) => elements.get_mut(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Returns the pointers of all values, each before those inside it.
    pub(crate) fn pointers(&self) -> Vec<String> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    fn collect(&self, pointer: &str, all: &mut Vec<String>) {
        all.push(pointer.to_owned());
        match self {
            Self::Object(members) => {
                members.iter().for_each(|(key, value)| value.collect(&pointer_join(pointer, key), all));
            }
            Self::List(elements) => {
                let elements = elements.iter().enumerate();
                elements.for_each(|(index, value)| value.collect(&pointer_join(pointer, &index.to_string()), all));
            }
            _ => {}
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Returns the pointer of the parent of a value, and the value's key in it.
pub(crate) fn split(pointer: &str) -> Option<(&str, String)> {
    let (parent, _) = pointer.rsplit_once('/')?;
    let key = pointer_segments(pointer)?.pop()?;
    Some((parent, key))
}
