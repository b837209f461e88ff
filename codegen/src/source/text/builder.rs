//! A tree that grows while a reader of YAML or of JSON hands over its values.
//!
//! The depth of a tree, the number of its values and the length of their JSON pointers are bounded.
//! So all later steps take time and memory in proportion to the text.

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Help, Location, thousands};
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::pointer_join;

/// The deepest nesting of values. Real specs stay below 30, and recursion has to end before the
/// stack does.
pub(in crate::source) const MAX_DEPTH: usize = 64;

/// The maximum number of values of a document. Real specs have some thousands.
pub(in crate::source) const MAX_NODES: usize = 1_000_000;

/// The maximum size of the JSON pointers of all values together, in bytes. With long keys and many
/// values below them, the pointers are much longer than the text.
const MAX_POINTERS: usize = 100_000_000;

pub(super) const FLATTEN: &str = "give inner schemas a name under `components` and `$ref` them";

/// An object or array that has not ended yet.
struct Open {
    position: Position,
    pointer: String,
    content: Content,
}

/// The values of an object or array so far.
pub(super) enum Content {
    Seq(Vec<Node>),
    Map { members: IndexMap<Box<str>, Node>, key: Option<Key> },
}

impl Content {
    /// Returns a list without elements.
    pub(super) fn list() -> Self {
        Self::Seq(Vec::new())
    }

    /// Returns an object without members.
    pub(super) fn object() -> Self {
        Self::Map { members: IndexMap::new(), key: None }
    }
}

/// A key whose value is to come.
pub(super) struct Key {
    position: Position,
    name: Box<str>,
    /// Refused: its value is read and dropped.
    dropped: bool,
}

/// A tree that grows.
pub(super) struct Builder<'a> {
    file: &'a str,
    /// The file of the positions.
    file_index: u8,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    pointers: usize,
    /// `false` once the reader stopped before the end.
    is_whole: bool,
    findings: Diagnostics,
}

impl<'a> Builder<'a> {
    /// Returns a tree without values. `file` is the name that findings carry, and `file_index` is
    /// the file of its positions.
    pub(super) fn new(file: &'a str, file_index: u8) -> Self {
        Self {
            file,
            file_index,
            open: Vec::new(),
            root: None,
            nodes: 0,
            pointers: 0,
            is_whole: true,
            findings: Diagnostics::default(),
        }
    }

    /// Returns the tree. `help` says what to write into an empty file.
    ///
    /// # Errors
    /// The findings.
    pub(super) fn finish(mut self, help: &str) -> Result<Node, Diagnostics> {
        match self.root.take().filter(|_| self.is_whole) {
            Some(root) => self.findings.into_result(root),
            None => {
                if self.findings.is_empty() {
                    self.find(Position::START, "the file is empty", help);
                }
                Err(self.findings)
            }
        }
    }

    /// Returns whether the next text is a key.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    /// Takes a key. Keys are text whatever they look like: `200:` is the key "200".
    pub(super) fn key(&mut self, position: Position, name: &str) {
        let first = self.first_line_of(name);
        if let Some(line) = first {
            let pointer = pointer_join(&self.pointer(), name);
            let message = format!("`{name}` is given twice, first on line {line}");
            self.push(position, &pointer, message, "remove one of them");
        }
        self.set_key(Key { position, name: name.into(), dropped: first.is_some() });
    }

    /// Takes a key that was refused.
    pub(super) fn dropped_key(&mut self, position: Position) {
        self.set_key(Key { position, name: "".into(), dropped: true });
    }

    fn first_line_of(&self, name: &str) -> Option<usize> {
        match self.open.last() {
            Some(Open { content: Content::Map { members, .. }, .. }) => {
                members.get(name).map(|node| node.key_position().unwrap_or(node.position()).line)
            }
            _ => None,
        }
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Open { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(new);
        }
    }

    /// Takes a value that is neither an object nor an array. Returns whether to go on.
    pub(super) fn scalar(&mut self, position: Position, kind: Kind) -> bool {
        let room = self.has_room(position);
        if room {
            self.add(Node::new(position.in_file(self.file_index), kind));
        }
        room
    }

    /// Begins an object or an array. Returns whether to go on.
    pub(super) fn start(&mut self, position: Position, content: Content) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.fail(position, too_deep(), FLATTEN);
            return false;
        }
        if self.expects_key() {
            let help = "write `key: value`; text that begins with { or [ needs quotes";
            self.fail(position, "a key has to be text", help);
            return false;
        }
        let room = self.has_room(position);
        if room {
            let pointer = self.pointer();
            self.open.push(Open { position, pointer, content });
        }
        room
    }

    /// Ends the object or array that was begun last.
    pub(super) fn end(&mut self) {
        let Some(Open { position, content, .. }) = self.open.pop() else { return };
        let kind = match content {
            Content::Seq(nodes) => Kind::Seq(nodes.into_boxed_slice()),
            Content::Map { members, .. } => Kind::Map(Box::new(members.into_iter().collect::<Vec<_>>().into())),
        };
        self.add(Node::new(position.in_file(self.file_index), kind));
    }

    /// Counts a value. Returns whether there is room for it.
    fn has_room(&mut self, position: Position) -> bool {
        self.nodes += 1;
        self.pointers += match self.open.last() {
            Some(Open { pointer, content: Content::Map { key: Some(key), .. }, .. }) => pointer.len() + key.name.len(),
            Some(Open { pointer, .. }) => pointer.len(),
            None => 0,
        };
        if self.nodes > MAX_NODES {
            let help = "check whether this is the spec of a venue: such specs have some thousands of values";
            let message = format!("the document has more than {} values; the next one is here", thousands(MAX_NODES));
            self.fail(position, message, help);
            return false;
        }
        if self.pointers > MAX_POINTERS {
            let message = format!(
                "the JSON pointers of the first {} values have more than {} bytes together",
                thousands(self.nodes),
                thousands(MAX_POINTERS)
            );
            self.fail(position, message, "shorten the keys that have many values below them");
            return false;
        }
        true
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::Seq(nodes), .. }) => nodes.push(node),
            Some(Open { content: Content::Map { members, key }, .. }) => {
                if let Some(Key { position, name, dropped: false }) = key.take() {
                    members.insert(name, node.with_key(position.in_file(self.file_index)));
                }
            }
        }
    }

    /// Returns the pointer of the value that is read now.
    fn pointer(&self) -> String {
        match self.open.last() {
            None => String::new(),
            Some(Open { pointer, content, .. }) => match content {
                Content::Seq(nodes) => pointer_join(pointer, &nodes.len().to_string()),
                Content::Map { key: Some(key), .. } => pointer_join(pointer, &key.name),
                Content::Map { key: None, .. } => pointer.clone(),
            },
        }
    }

    /// Notes a finding.
    pub(super) fn find(&mut self, at: Position, message: impl Into<String>, help: impl Into<Help>) {
        let pointer = self.pointer();
        self.push(at, &pointer, message.into(), help);
    }

    /// Notes the finding at which the reader stops.
    pub(super) fn fail(&mut self, at: Position, message: impl Into<String>, help: impl Into<Help>) {
        self.is_whole = false;
        self.find(at, message, help);
    }

    fn push(&mut self, Position { line, column, .. }: Position, pointer: &str, message: String, help: impl Into<Help>) {
        let file = self.file;
        self.findings.push_with((line, column), pointer, message, |message| {
            let location = Location { file: file.to_owned(), line, column, pointer: pointer.to_owned() };
            Diagnostic::error(location, message, Some(help.into()))
        });
    }
}

pub(super) fn too_deep() -> String {
    format!("values nest deeper than {MAX_DEPTH} levels")
}
