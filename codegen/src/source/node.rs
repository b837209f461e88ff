//! A tree with the position of each value, and each scalar as written.
//!
//! A tree is several times larger than its text, so its parts are packed: places have 32 bits, and
//! lists and objects have no room to grow.

use std::fmt::Write as _;

/// A position in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, counted in characters.
    pub column: usize,
}

/// A kind of value, and the value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number in JSON's grammar, digits as written.
    Number(Box<str>),
    /// Text.
    String(Box<str>),
    /// An array.
    Seq(Box<[Node]>),
    /// An object, in the order of the file.
    Map(Box<Members>),
}

/// The members of an object, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members {
    entries: Box<[(Box<str>, Node)]>,
    /// The indices of `entries`, sorted by name; empty for a few members.
    by_name: Box<[u32]>,
}

/// Up to this many members are searched one by one.
const FEW: usize = 8;

impl Members {
    /// Returns the number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the member of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        if self.by_name.is_empty() {
            return self.entries.iter().find(|(known, _)| **known == *name).map(|(_, node)| node);
        }
        let entry = |index: &u32| self.entries.get(*index as usize);
        let at = self.by_name.binary_search_by(|index| entry(index).map_or("", |(known, _)| known).cmp(name)).ok()?;
        self.by_name.get(at).and_then(entry).map(|(_, node)| node)
    }

    /// Returns whether there is a member of a name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Returns the names and the values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries.iter().map(|(name, node)| (&**name, node))
    }

    /// Returns the names.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(name, _)| &**name)
    }
}

impl From<Vec<(Box<str>, Node)>> for Members {
    /// Takes members whose names differ.
    fn from(entries: Vec<(Box<str>, Node)>) -> Self {
        let entries = entries.into_boxed_slice();
        let mut by_name: Vec<u32> = Vec::new();
        if entries.len() > FEW
            && let Ok(count) = u32::try_from(entries.len())
        {
            by_name.extend(0..count);
            by_name.sort_by_key(|index| entries.get(*index as usize).map(|(name, _)| name));
        }
        Self { entries, by_name: by_name.into_boxed_slice() }
    }
}

/// A place in the file, packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    line: u32,
    column: u32,
}

impl Packed {
    /// Lines are counted from 1.
    const NOWHERE: Self = Self { line: 0, column: 0 };

    fn unpack(self) -> Option<Position> {
        (self != Self::NOWHERE).then_some(Position { line: self.line as usize, column: self.column as usize })
    }
}

impl From<Position> for Packed {
    fn from(position: Position) -> Self {
        let [line, column] = [position.line, position.column].map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Self { line, column }
    }
}

/// A value of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    position: Packed,
    key: Packed,
    kind: Kind,
}

impl Node {
    pub(super) fn new(position: Position, kind: Kind) -> Self {
        Self { position: position.into(), key: Packed::NOWHERE, kind }
    }

    pub(super) fn with_key(self, key: Position) -> Self {
        Self { key: key.into(), ..self }
    }

    /// Returns the position of the value.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position.unpack().unwrap_or(Position { line: 1, column: 1 })
    }

    /// Returns the position of its key, if it is a member of an object.
    #[must_use]
    pub fn key_position(&self) -> Option<Position> {
        self.key.unpack()
    }

    /// Returns the position for messages. For a scalar this is its own position, for another value
    /// the position of its key.
    #[must_use]
    pub fn anchor(&self) -> Position {
        match self.kind {
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => self.position(),
            Kind::Null | Kind::Seq(_) | Kind::Map(_) => self.key_position().unwrap_or(self.position()),
        }
    }

    /// Returns the kind of the value, and the value.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// Returns the name of the kind in messages: `an object`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::String(_) => "text",
            Kind::Seq(_) => "a list",
            Kind::Map(_) => "an object",
        }
    }

    /// Returns the text, if it is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number as written, if the value is a number.
    #[must_use]
    pub fn as_number(&self) -> Option<&str> {
        match &self.kind {
            Kind::Number(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the boolean, if the value is a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            Kind::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Returns the elements, if it is an array.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Seq(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// Returns the members, if it is an object.
    #[must_use]
    pub fn as_map(&self) -> Option<&Members> {
        match &self.kind {
            Kind::Map(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member of an object.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// Returns a member or, by its decimal index, an element.
    #[must_use]
    pub fn child(&self, segment: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Map(members) => members.get(segment),
            Kind::Seq(nodes) => nodes.get(venuekit_json::pointer::index(segment)?),
            _ => None,
        }
    }

    /// Returns exact JSON text in one line: digits and the order of members as written.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match &self.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Kind::Number(text) => out.push_str(text),
            Kind::String(text) => write_json_text(text, out),
            Kind::Seq(nodes) => {
                out.push('[');
                for (i, node) in nodes.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    node.write_json(out);
                }
                out.push(']');
            }
            Kind::Map(members) => {
                out.push('{');
                for (i, (key, node)) in members.iter().enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_json_text(key, out);
                    out.push(':');
                    node.write_json(out);
                }
                out.push('}');
            }
        }
    }

    /// Returns the value without positions. `serde_json` reads the numbers, so that a fraction
    /// becomes an `f64`, and members are sorted: for exact text take [`Node::to_json`]. A number
    /// beyond the range of an `f64` becomes text.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_string())),
            Kind::String(text) => Value::String(text.to_string()),
            Kind::Seq(nodes) => nodes.iter().map(Self::to_value).collect(),
            Kind::Map(members) => members.iter().map(|(key, node)| (key.to_owned(), node.to_value())).collect(),
        }
    }
}

/// Returns text as a JSON string.
pub(super) fn json_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_json_text(text, &mut out);
    out
}

fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
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
