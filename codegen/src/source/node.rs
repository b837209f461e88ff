//! The tree of a document, with the position of each value and each scalar as written.
//!
//! A tree takes several times the memory of its text, so it is packed: a position has 64 bits, and
//! lists and objects have no spare capacity.

use std::fmt::Write as _;

/// A position in one of the files of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Position {
    /// The file: 0 is the document itself, the others are its overlays and the files that its
    /// `$ref`s lead to.
    pub file: u8,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, counted in characters.
    pub column: usize,
}

impl Position {
    /// The beginning of the document.
    pub(super) const START: Self = Self::new(1, 1);

    /// Returns a position in the document itself.
    pub(super) const fn new(line: usize, column: usize) -> Self {
        Self { file: 0, line, column }
    }

    /// Returns the same position in another file.
    pub(super) const fn in_file(self, file: u8) -> Self {
        Self { file, ..self }
    }
}

/// A value, by its kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number in JSON's grammar, with its digits as written.
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
    /// The indices of `entries`, sorted by name; empty if there are at most [`FEW`] members.
    by_name: Box<[u32]>,
}

/// The maximum number of members for which there is no index by name.
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

    /// Returns the value of the member with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries.get(self.position(name)?).map(|(_, node)| node)
    }

    fn position(&self, name: &str) -> Option<usize> {
        if self.by_name.is_empty() {
            return self.entries.iter().position(|(known, _)| **known == *name);
        }
        let known = |index: &u32| self.entries.get(*index as usize).map_or("", |(known, _)| known);
        let at = self.by_name.binary_search_by(|index| known(index).cmp(name)).ok()?;
        self.by_name.get(at).map(|index| *index as usize)
    }

    /// Returns whether there is a member with this name.
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

/// Methods that change members. Adding or removing one member takes at least time in proportion to
/// the number of members.
impl Members {
    /// Returns the value of the member with this name, to change it.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        let at = self.position(name)?;
        self.entries.get_mut(at).map(|(_, node)| node)
    }

    /// Returns the names and the values, to change the values.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Node)> {
        self.entries.iter_mut().map(|(name, node)| (&**name, node))
    }

    /// Takes all members out, and leaves none.
    pub(super) fn take(&mut self) -> Vec<(Box<str>, Node)> {
        std::mem::take(self).entries.into_vec()
    }

    /// Replaces the value of the member with this name, or adds it as the last member.
    pub(super) fn insert(&mut self, name: &str, node: Node) {
        match self.get_mut(name) {
            Some(old) => *old = node,
            None => {
                let mut entries = self.take();
                entries.push((name.into(), node));
                *self = entries.into();
            }
        }
    }

    /// Removes the member with this name, and returns its value.
    pub(super) fn remove(&mut self, name: &str) -> Option<Node> {
        let at = self.position(name)?;
        let mut entries = self.take();
        let (_, node) = entries.remove(at);
        *self = entries.into();
        Some(node)
    }
}

impl From<Vec<(Box<str>, Node)>> for Members {
    /// Creates members from names and values. No two names may be the same.
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

/// A position, packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Packed {
    line: u32,
    /// The file in the upper 8 bits, the column in the lower 24.
    file_and_column: u32,
}

/// The last column that a packed position can have. A later column becomes this one.
const LAST_COLUMN: u32 = (1 << 24) - 1;

impl Packed {
    /// No position. Real lines are counted from 1.
    const NOWHERE: Self = Self { line: 0, file_and_column: 0 };

    fn unpack(self) -> Option<Position> {
        let [file, ..] = self.file_and_column.to_be_bytes();
        let column = (self.file_and_column & LAST_COLUMN) as usize;
        (self != Self::NOWHERE).then_some(Position { file, line: self.line as usize, column })
    }
}

impl From<Position> for Packed {
    fn from(position: Position) -> Self {
        let column = u32::try_from(position.column).unwrap_or(u32::MAX).min(LAST_COLUMN);
        let line = u32::try_from(position.line).unwrap_or(u32::MAX);
        Self { line, file_and_column: u32::from(position.file) << 24 | column }
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

    /// Returns the same value as an element of an array, which has no key.
    pub(super) fn without_key(self) -> Self {
        Self { key: Packed::NOWHERE, ..self }
    }

    /// Returns whether both nodes have the same value, whatever their positions and the order of
    /// members are.
    pub(super) fn has_value_of(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Seq(a), Kind::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.has_value_of(b)),
            (Kind::Map(a), Kind::Map(b)) => {
                let same = |(name, node): (&str, &Self)| b.get(name).is_some_and(|other| node.has_value_of(other));
                a.len() == b.len() && a.iter().all(same)
            }
            (a, b) => a == b,
        }
    }

    /// Returns the number of values: this one and all below it.
    pub(super) fn count(&self) -> usize {
        1 + match &self.kind {
            Kind::Seq(nodes) => nodes.iter().map(Self::count).sum(),
            Kind::Map(members) => members.iter().map(|(_, node)| node.count()).sum(),
            _ => 0,
        }
    }

    /// Returns the number of levels below this value; 0 for a scalar.
    pub(super) fn depth(&self) -> usize {
        let below = |nodes: &mut dyn Iterator<Item = &Self>| nodes.map(Self::depth).max().unwrap_or_default() + 1;
        match &self.kind {
            Kind::Seq(nodes) => below(&mut nodes.iter()),
            Kind::Map(members) => below(&mut members.iter().map(|(_, node)| node)),
            _ => 0,
        }
    }

    /// Returns the position of the value.
    #[must_use]
    pub fn position(&self) -> Position {
        self.position.unpack().unwrap_or(Position::START)
    }

    /// Returns the position of the key, if the value is a member of an object.
    #[must_use]
    pub fn key_position(&self) -> Option<Position> {
        self.key.unpack()
    }

    /// Returns the position for messages. For a scalar other than null, this is its own position.
    /// For any other value, it is the position of its key, if it has one.
    #[must_use]
    pub fn anchor(&self) -> Position {
        match self.kind {
            Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => self.position(),
            Kind::Null | Kind::Seq(_) | Kind::Map(_) => self.key_position().unwrap_or(self.position()),
        }
    }

    /// Returns the value by its kind.
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

    /// Returns the text, if the value is text.
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

    /// Returns whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Returns the elements, if the value is an array.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Seq(nodes) => Some(nodes),
            _ => None,
        }
    }

    /// Returns the members, if the value is an object.
    #[must_use]
    pub fn as_map(&self) -> Option<&Members> {
        match &self.kind {
            Kind::Map(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member of an object; `None` if there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// Returns a member or, by its decimal index, an element; `None` if there is none.
    #[must_use]
    pub fn child(&self, segment: &str) -> Option<&Node> {
        match &self.kind {
            Kind::Map(members) => members.get(segment),
            Kind::Seq(nodes) => nodes.get(venuekit_json::pointer::index(segment)?),
            _ => None,
        }
    }

    /// Returns the members, to change them, if the value is an object.
    pub(super) fn as_map_mut(&mut self) -> Option<&mut Members> {
        match &mut self.kind {
            Kind::Map(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member or, by its decimal index, an element, to change it.
    pub(super) fn child_mut(&mut self, segment: &str) -> Option<&mut Self> {
        match &mut self.kind {
            Kind::Map(members) => members.get_mut(segment),
            Kind::Seq(nodes) => nodes.get_mut(venuekit_json::pointer::index(segment)?),
            _ => None,
        }
    }

    /// Returns the value by its kind, to change it.
    pub(super) fn kind_mut(&mut self) -> &mut Kind {
        &mut self.kind
    }

    /// Returns the value by its kind.
    pub(super) fn into_kind(self) -> Kind {
        self.kind
    }

    /// Takes the elements out of an array, and leaves none; empty if the value is not an array.
    pub(super) fn take_elements(&mut self) -> Vec<Self> {
        match &mut self.kind {
            Kind::Seq(nodes) => std::mem::take(nodes).into_vec(),
            _ => Vec::new(),
        }
    }

    /// Gives the node another value. It keeps its position and its key.
    pub(super) fn set_kind(&mut self, kind: Kind) {
        self.kind = kind;
    }

    /// Removes a member or, by its decimal index, an element, and returns it.
    pub(super) fn remove(&mut self, segment: &str) -> Option<Self> {
        match &mut self.kind {
            Kind::Map(members) => members.remove(segment),
            Kind::Seq(nodes) => {
                let index = venuekit_json::pointer::index(segment).filter(|index| *index < nodes.len())?;
                let mut rest = std::mem::take(nodes).into_vec();
                let removed = rest.remove(index);
                *nodes = rest.into_boxed_slice();
                Some(removed)
            }
            _ => None,
        }
    }

    /// Removes the members or the elements for which `is_gone` returns true. `is_gone` gets the
    /// name of a member, or the decimal index of an element. Removing many at once takes no longer
    /// than removing one.
    pub(super) fn remove_all(&mut self, is_gone: impl Fn(&str) -> bool) {
        match &mut self.kind {
            Kind::Map(members) => {
                let mut rest = members.take();
                rest.retain(|(name, _)| !is_gone(name));
                **members = rest.into();
            }
            Kind::Seq(nodes) => {
                let rest = std::mem::take(nodes).into_vec().into_iter().enumerate();
                *nodes = rest.filter(|(index, _)| !is_gone(&index.to_string())).map(|(_, node)| node).collect();
            }
            _ => {}
        }
    }

    /// Adds elements at the end, if the value is an array.
    pub(super) fn append(&mut self, new: impl IntoIterator<Item = Self>) {
        if let Kind::Seq(nodes) = &mut self.kind {
            let mut all = std::mem::take(nodes).into_vec();
            all.extend(new);
            *nodes = all.into_boxed_slice();
        }
    }

    /// Returns exact JSON text in one line, with the digits and the order of members as written.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// Returns exact JSON text, indented.
    #[must_use]
    pub fn to_pretty_json(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0);
        out
    }

    fn write_pretty(&self, out: &mut String, depth: usize) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        };
        match &self.kind {
            Kind::Seq(nodes) if !nodes.is_empty() => {
                out.push('[');
                for (i, node) in nodes.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    line(out, depth + 1);
                    node.write_pretty(out, depth + 1);
                }
                line(out, depth);
                out.push(']');
            }
            Kind::Map(members) if !members.is_empty() => {
                out.push('{');
                for (i, (key, node)) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    line(out, depth + 1);
                    write_json_text(key, out);
                    out.push_str(": ");
                    node.write_pretty(out, depth + 1);
                }
                line(out, depth);
                out.push('}');
            }
            _ => self.write_json(out),
        }
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

    /// Returns the value without positions. This is not exact: a fraction becomes an `f64`, a
    /// number beyond the range of an `f64` becomes text, and members are sorted. [`Node::to_json`]
    /// returns the exact text.
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
