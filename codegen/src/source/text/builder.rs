//! Builds a tree from the values that a reader of YAML or JSON hands over one by one.
//!
//! The depth of a tree, the number of its values and the total length of their JSON pointers are
//! limited. The limits hold while the text is read, so that no document can take too much time or
//! memory in this or a later step.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::anchors::Anchors;
use super::notes::{TextNotes, YamlNumber};
use crate::diagnostic::{Diagnostic, Diagnostics, Effect, Help, Level, Location, thousands};
use crate::source::node::{Kind, Node, Position};
use crate::source::pointer::pointer_join;

/// The maximum nesting of values. Real specs stay below 30 levels. The limit keeps recursive
/// functions from overflowing the stack.
pub(in crate::source) const MAX_DEPTH: usize = 64;

/// The maximum number of values of a document. Real specs have some thousands; 10,000 operations
/// have
/// 1.3 million.
pub(in crate::source) const MAX_NODES: usize = 3_000_000;

/// The maximum total length of the JSON pointers of all values, in bytes. With long keys and many
/// values below them, the pointers are much longer than the text.
const MAX_POINTERS: usize = 300_000_000;

/// The level of a note, and the effect of a warning.
type Weight = (Level, Option<Effect>);

const ERROR: Weight = (Level::Error, None);

pub(super) const FLATTEN: &str = "give inner schemas a name under `components` and `$ref` them";

/// An object or array that has not ended yet.
struct Open {
    position: Position,
    pointer: String,
    content: Content,
    /// The number of the anchor; 0 if there is no anchor.
    anchor: usize,
}

/// The values of an object or array that were read so far.
pub(super) enum Content {
    Seq(Vec<Node>),
    Map {
        members: IndexMap<Box<str>, Node>,
        key: Option<Key>,
        /// The objects that `<<` merges into this one, each with the number of members before the
        /// `<<`.
        merged: Vec<(usize, Node)>,
    },
}

impl Content {
    /// Returns a list without elements.
    pub(super) fn list() -> Self {
        Self::Seq(Vec::new())
    }

    /// Returns an object without members.
    pub(super) fn object() -> Self {
        Self::Map { members: IndexMap::new(), key: None, merged: Vec::new() }
    }
}

/// A key whose value has not been read yet.
pub(super) struct Key {
    position: Position,
    name: Box<str>,
    role: KeyRole,
}

/// What happens to the value of a key.
#[derive(Clone, Copy, PartialEq)]
enum KeyRole {
    /// The value becomes a member.
    Member,
    /// The value replaces that of an earlier member of the same name.
    Again,
    /// The members of the value are added (`<<`).
    Merge,
    /// The value is read and dropped, because the key was refused.
    Dropped,
}

/// A tree that is being built.
pub(super) struct Builder<'a> {
    file: &'a str,
    /// The index of the file in positions.
    file_index: u8,
    open: Vec<Open>,
    root: Option<Node>,
    nodes: usize,
    pointers: usize,
    /// False after the reader stopped before the end of the text.
    is_whole: bool,
    anchors: Anchors,
    notes: TextNotes,
}

impl<'a> Builder<'a> {
    /// Returns a tree without values. `file` is the name of the file in findings, and `file_index`
    /// is its index in positions.
    pub(super) fn new(file: &'a str, file_index: u8) -> Self {
        Self {
            file,
            file_index,
            open: Vec::new(),
            root: None,
            nodes: 0,
            pointers: 0,
            is_whole: true,
            anchors: Anchors::default(),
            notes: TextNotes::default(),
        }
    }

    /// Forgets all values and all notes.
    pub(super) fn restart(&mut self) {
        *self = Self::new(self.file, self.file_index);
    }

    /// Returns the tree, and the notes on its text. `help` says what to write into an empty file.
    ///
    /// # Errors
    /// If the tree is not complete, returns all findings.
    pub(super) fn finish(mut self, help: &str) -> Result<(Node, TextNotes), Diagnostics> {
        if let Some(root) = self.root.take().filter(|_| self.is_whole) {
            return Ok((root, self.notes));
        }
        if self.notes.findings.is_empty() {
            self.find(Position::START, "the file is empty", help);
        }
        let mut findings = Diagnostics::default();
        let numbers = self.notes.numbers.into_iter().map(|number| number.finding);
        for finding in self.notes.findings.into_iter().chain(numbers) {
            findings.push(Diagnostic { level: Level::Error, effect: None, ..finding });
        }
        Err(findings.into_result(()).err().unwrap_or_default())
    }

    /// Returns whether the next text is a key.
    pub(super) fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    /// Takes a key. Each key is text, whatever it looks like: `200:` is the key "200".
    pub(super) fn key(&mut self, position: Position, name: &str) {
        let is_known = match self.open.last() {
            Some(Open { content: Content::Map { members, .. }, .. }) => members.contains_key(name),
            _ => false,
        };
        let role = if is_known { KeyRole::Again } else { KeyRole::Member };
        self.set_key(Key { position, name: name.into(), role });
    }

    /// Takes a key that was refused.
    pub(super) fn dropped_key(&mut self, position: Position) {
        self.set_key(Key { position, name: "".into(), role: KeyRole::Dropped });
    }

    /// Takes the key `<<`, whose value is merged into the object.
    pub(super) fn merge_key(&mut self, position: Position) {
        self.set_key(Key { position, name: "<<".into(), role: KeyRole::Merge });
    }

    fn set_key(&mut self, new: Key) {
        if let Some(Open { content: Content::Map { key, .. }, .. }) = self.open.last_mut() {
            *key = Some(new);
        }
    }

    /// Takes a scalar. Returns whether reading can go on.
    pub(super) fn scalar(&mut self, position: Position, kind: Kind, anchor: usize) -> bool {
        let room = self.has_room(position, (1, 0));
        if room {
            let node = Node::new(position.in_file(self.file_index), kind);
            self.anchor(anchor, &node);
            self.add(node);
        }
        room
    }

    /// Begins an object or an array. Returns whether reading can go on.
    pub(super) fn start(&mut self, position: Position, content: Content, anchor: usize) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.fail(position, too_deep(), FLATTEN);
            return false;
        }
        if self.expects_key() {
            let help = "write `key: value`; text that begins with { or [ needs quotes";
            self.fail(position, "a key has to be text", help);
            return false;
        }
        let room = self.has_room(position, (1, 0));
        if room {
            let pointer = self.pointer();
            self.open.push(Open { position, pointer, content, anchor });
        }
        room
    }

    /// Ends the innermost object or array that has not ended yet.
    pub(super) fn end(&mut self) {
        let Some(Open { position, content, anchor, .. }) = self.open.pop() else { return };
        let kind = match content {
            Content::Seq(nodes) => Kind::Seq(nodes.into_boxed_slice()),
            Content::Map { members, merged, .. } => {
                let members = if merged.is_empty() { members } else { merge(members, merged) };
                Kind::Map(Box::new(members.into_iter().collect::<Vec<_>>().into()))
            }
        };
        let node = Node::new(position.in_file(self.file_index), kind);
        self.anchor(anchor, &node);
        self.add(node);
    }

    /// Takes an alias: adds the value of its anchor again. Returns whether reading can go on.
    pub(super) fn alias(&mut self, position: Position, anchor: usize) -> bool {
        let Some(anchored) = self.anchors.get(anchor) else {
            self.find(position, "the value of this alias contains the alias", "repeat a value that has ended");
            return self.scalar(position, Kind::Null, 0);
        };
        let (size, depth) = ((anchored.count, anchored.pointers), anchored.depth);
        if self.open.len() + depth > MAX_DEPTH {
            self.fail(position, too_deep(), FLATTEN);
            return false;
        }
        let room = self.has_room(position, size);
        if room && let Some(node) = self.anchors.get(anchor).map(|anchored| anchored.node.clone()) {
            self.add(node);
        }
        room
    }

    /// Returns the text of an anchor, if its value is text.
    pub(super) fn text_of(&self, anchor: usize) -> Option<String> {
        self.anchors.get(anchor)?.node.as_str().map(str::to_owned)
    }

    /// Keeps the text of a key that has an anchor.
    pub(super) fn anchor_key(&mut self, position: Position, name: &str, anchor: usize) {
        if anchor == 0 {
            return;
        }
        let node = Node::new(position.in_file(self.file_index), Kind::String(name.into()));
        self.anchor(anchor, &node);
    }

    /// Keeps a value if it has an anchor. The copy counts towards the number of values of the
    /// document.
    fn anchor(&mut self, anchor: usize, node: &Node) {
        // If there is no room for the copy, there is no room for an alias of it either.
        if anchor != 0 && self.nodes <= MAX_NODES {
            self.nodes += self.anchors.keep(anchor, node);
        }
    }

    /// Counts the current value with all values below it: their number, and the total length of
    /// their JSON pointers from the current value on. Returns whether there is room for them.
    fn has_room(&mut self, position: Position, (nodes, pointers): (usize, usize)) -> bool {
        self.nodes += nodes;
        let length = match self.open.last() {
            Some(Open { pointer, content: Content::Map { key: Some(key), .. }, .. }) => pointer.len() + key.name.len(),
            Some(Open { pointer, .. }) => pointer.len(),
            None => 0,
        };
        self.pointers += length.saturating_mul(nodes) + pointers;
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
        // Making a pointer takes time, and there is no finding on a value that becomes a member or
        // an element.
        let pointer = if self.adds_a_member() { String::new() } else { self.pointer() };
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::Seq(nodes), .. }) => nodes.push(node),
            Some(Open { content: Content::Map { members, key, merged }, .. }) => {
                let Some(Key { position, name, role }) = key.take() else { return };
                match role {
                    KeyRole::Dropped => {}
                    KeyRole::Merge => {
                        let before = members.len();
                        match merge_sources(node) {
                            Some(sources) => merged.extend(sources.into_iter().map(|source| (before, source))),
                            None => {
                                let message = "`<<` has a value that is not an object".to_owned();
                                let help = "write an alias of an object, or a list of them";
                                self.push(position, &pointer, message, help, ERROR);
                            }
                        }
                    }
                    KeyRole::Member => {
                        members.insert(name, node.with_key(position.in_file(self.file_index)));
                    }
                    KeyRole::Again => {
                        let message = members.get(&name).map(|first| {
                            let line = first.key_position().unwrap_or(first.position()).line;
                            let loss = if first.has_value_of(&node) {
                                (Level::Warning, Some(Effect::Ignored))
                            } else {
                                (Level::LeftOut, None)
                            };
                            (loss, format!("`{name}` is given twice, first on line {line}"))
                        });
                        members.insert(name, node.with_key(position.in_file(self.file_index)));
                        if let Some((loss, message)) = message {
                            self.push(position, &pointer, message, "remove one of them; the last one counts", loss);
                        }
                    }
                }
            }
        }
    }

    /// Returns whether the current value becomes a member, an element or the root.
    fn adds_a_member(&self) -> bool {
        match self.open.last() {
            Some(Open { content: Content::Map { key: Some(key), .. }, .. }) => key.role == KeyRole::Member,
            _ => true,
        }
    }

    /// Returns the JSON pointer of the current value.
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

    /// Adds a finding after which reading goes on.
    pub(super) fn find(&mut self, at: Position, message: impl Into<String>, help: impl Into<Help>) {
        let pointer = self.pointer();
        self.push(at, &pointer, message.into(), help, ERROR);
    }

    /// Adds a warning on a part of the text that has no meaning in a spec, or is read differently
    /// from what YAML says.
    pub(super) fn warn(&mut self, effect: Effect, at: Position, message: impl Into<String>, help: impl Into<Help>) {
        let pointer = self.pointer();
        self.push(at, &pointer, message.into(), help, (Level::Warning, Some(effect)));
    }

    /// Adds a note on the current value, which cannot be a number in JSON.
    pub(super) fn number(&mut self, at: Position, message: String, help: String, number: Option<String>) {
        let location = self.location(at, &self.pointer());
        let finding = Diagnostic::error(location, message, Some(help.into()));
        self.notes.numbers.push(YamlNumber { finding, number: number.map(Into::into), is_text: true });
    }

    /// Adds the finding at which the reader stops.
    pub(super) fn fail(&mut self, at: Position, message: impl Into<String>, help: impl Into<Help>) {
        self.is_whole = false;
        self.find(at, message, help);
    }

    fn push(&mut self, at: Position, pointer: &str, message: String, help: impl Into<Help>, weight: Weight) {
        let finding = Diagnostic::error(self.location(at, pointer), message, Some(help.into()));
        let (level, effect) = weight;
        self.notes.findings.push(Diagnostic { level, effect, ..finding });
    }

    fn location(&self, Position { line, column, .. }: Position, pointer: &str) -> Location {
        Location { file: self.file.to_owned(), line, column, pointer: pointer.to_owned() }
    }
}

/// Returns the objects that a `<<` names; `None` if one of them is not an object.
fn merge_sources(node: Node) -> Option<Vec<Node>> {
    match node.kind() {
        Kind::Map(_) => Some(vec![node]),
        Kind::Seq(nodes) if nodes.iter().all(|node| node.as_map().is_some()) => match node.into_kind() {
            Kind::Seq(nodes) => Some(nodes.into_vec()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the members of an object, with the merged members at the place of their `<<`. A member
/// of the object itself has priority over merged members, and a member that is merged earlier has
/// priority over later ones.
fn merge(members: IndexMap<Box<str>, Node>, merged: Vec<(usize, Node)>) -> IndexMap<Box<str>, Node> {
    let own: HashSet<Box<str>> = members.keys().cloned().collect();
    let mut all = IndexMap::with_capacity(members.len());
    let mut merged = merged.into_iter().peekable();
    let mut members = members.into_iter();
    let mut index = 0;
    loop {
        while let Some((_, source)) = merged.next_if(|(before, _)| *before == index) {
            let Kind::Map(mut source) = source.into_kind() else { continue };
            for (name, node) in source.take() {
                if !own.contains(&name) {
                    all.entry(name).or_insert(node);
                }
            }
        }
        let Some((name, node)) = members.next() else { return all };
        all.insert(name, node);
        index += 1;
    }
}

pub(super) fn too_deep() -> String {
    format!("values nest deeper than {MAX_DEPTH} levels")
}
