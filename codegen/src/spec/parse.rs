//! From text to a tree: the events of `saphyr-parser`, less what YAML has beyond JSON.

use indexmap::IndexMap;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::node::{Kind, Node, Position};
use super::pointer::pointer_join;
use super::scalar;
use crate::diagnostic::{Diagnostic, Diagnostics, Location};

/// How deep values may nest. Real specs stay below 30; `serde_json` gives up at 128, a stack somewhere beyond.
const MAX_DEPTH: usize = 64;

const START: Position = Position { line: 1, column: 1 };
const ANCHORS: &str = "anchors and aliases are not supported";
const NO_ANCHORS: &str = "name it under `components` and `$ref` it; text that begins with & or * needs quotes";
const FLATTEN: &str = "give inner schemas a name under `components` and `$ref` them";

/// Reads one document.
pub(super) fn parse(file: &str, text: &str) -> Result<Node, Diagnostics> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut builder = Builder { file, open: Vec::new(), root: None, documents: 0, findings: Diagnostics::default() };
    match first_unprintable(text) {
        Some((position, c)) => {
            let help = format!("write it as an escape in double quotes: \"\\u{:04X}\"", u32::from(c));
            builder.find(position, format!("the character U+{:04X} cannot stand in a spec", u32::from(c)), help);
        }
        None => builder.run(text),
    }
    match builder.root.take() {
        Some(root) => builder.findings.into_result(root),
        None => {
            if builder.findings.is_empty() {
                builder.find(START, "the file is empty", "a spec begins with `openapi: 3.0.3` or `openrpc: 1.3.2`");
            }
            Err(builder.findings)
        }
    }
}

/// YAML allows no control characters, and the parser would take U+0000 for the end of the file.
fn first_unprintable(text: &str) -> Option<(Position, char)> {
    let mut position = START;
    for c in text.chars() {
        let printable = !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        if !printable || matches!(c, '\u{fffe}' | '\u{ffff}') {
            return Some((position, c));
        }
        position = match c {
            '\n' => Position { line: position.line + 1, column: 1 },
            _ => Position { column: position.column + 1, ..position },
        };
    }
    None
}

/// An object or array that has not ended yet.
struct Open {
    position: Position,
    pointer: String,
    content: Content,
}

enum Content {
    Seq(Vec<Node>),
    Map { members: IndexMap<String, Node>, key: Option<Key> },
}

/// A key whose value is to come.
struct Key {
    position: Position,
    name: String,
    /// Refused: its value is read and dropped.
    dropped: bool,
}

struct Builder<'a> {
    file: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
    findings: Diagnostics,
}

impl Builder<'_> {
    fn run(&mut self, text: &str) {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => {
                    if !self.event(event, position(&span.start)) {
                        return;
                    }
                }
                Err(error) => {
                    let (message, help) = in_our_words(error.info());
                    self.find(position(error.marker()), message, help);
                    return;
                }
            }
        }
    }

    /// Whether to go on.
    fn event(&mut self, event: Event<'_>, at: Position) -> bool {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.find(at, "a second document begins here", "write one venue a file");
                    return false;
                }
            }
            Event::Alias(_) => {
                self.find(at, ANCHORS, NO_ANCHORS);
                if self.expects_key() {
                    self.set_key(Key { position: at, name: String::new(), dropped: true });
                } else {
                    self.add(Node::new(at, Kind::Null));
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                let plain = style == ScalarStyle::Plain;
                if self.expects_key() {
                    self.key(at, text.into_owned(), plain);
                } else {
                    let kind = if plain { self.resolve(at, &text) } else { Kind::String(text.into_owned()) };
                    self.add(Node::new(at, kind));
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                return self.start(at, Content::Seq(Vec::new()));
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                return self.start(at, Content::Map { members: IndexMap::new(), key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
        true
    }

    fn resolve(&mut self, at: Position, text: &str) -> Kind {
        scalar::resolve(text).unwrap_or_else(|refusal| {
            self.find(at, refusal.message, refusal.help);
            Kind::String(text.to_owned())
        })
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { content: Content::Map { key: None, .. }, .. }))
    }

    /// Keys are text whatever they look like: `200:` is the key "200".
    fn key(&mut self, position: Position, name: String, plain: bool) {
        let mut dropped = true;
        if plain && name == "<<" {
            self.find(position, "merge keys are not supported", "write the members out, or use a `$ref`");
        } else if plain && name.is_empty() {
            self.find(position, "a value without a key", "write the key before the colon");
        } else if let Some(line) = self.first_line_of(&name) {
            let pointer = pointer_join(&self.pointer(), &name);
            let message = format!("`{name}` is given twice, first on line {line}");
            self.push(position, pointer, message, "remove one of them".to_owned());
        } else {
            dropped = false;
        }
        self.set_key(Key { position, name, dropped });
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

    /// Whether to go on.
    fn start(&mut self, position: Position, content: Content) -> bool {
        if self.open.len() >= MAX_DEPTH {
            self.find(position, too_deep(), FLATTEN);
            return false;
        }
        if self.expects_key() {
            self.find(
                position,
                "a key has to be text",
                "write `key: value`; text that begins with { or [ needs quotes",
            );
            return false;
        }
        let pointer = self.pointer();
        self.open.push(Open { position, pointer, content });
        true
    }

    fn end(&mut self) {
        let Some(Open { position, content, .. }) = self.open.pop() else { return };
        let kind = match content {
            Content::Seq(nodes) => Kind::Seq(nodes),
            Content::Map { members, .. } => Kind::Map(members),
        };
        self.add(Node::new(position, kind));
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open { content: Content::Seq(nodes), .. }) => nodes.push(node),
            Some(Open { content: Content::Map { members, key }, .. }) => {
                if let Some(Key { position, name, dropped: false }) = key.take() {
                    members.insert(name, node.with_key(position));
                }
            }
        }
    }

    fn refuse_extras(&mut self, at: Position, anchor: usize, tag: Option<&Tag>) {
        if anchor != 0 {
            self.find(at, ANCHORS, NO_ANCHORS);
        }
        if let Some(tag) = tag {
            let shown = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
            let help = "leave it out; quotes make text of a number, and text that begins with ! needs them";
            self.find(at, format!("tags such as `{shown}` are not supported"), help);
        }
    }

    /// The pointer of the value that is read now.
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

    fn find(&mut self, at: Position, message: impl Into<String>, help: impl Into<String>) {
        let pointer = self.pointer();
        self.push(at, pointer, message.into(), help.into());
    }

    fn push(&mut self, at: Position, pointer: String, message: String, help: String) {
        let location = Location { file: self.file.to_owned(), line: at.line, column: at.column, pointer };
        self.findings.push(Diagnostic { location, message, help: Some(help) });
    }
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line().max(1), column: marker.col() + 1 }
}

fn too_deep() -> String {
    format!("values nest deeper than {MAX_DEPTH} levels")
}

/// The parser's message, and what to write instead.
fn in_our_words(info: &str) -> (String, &'static str) {
    let help = match info {
        "recursion limit exceeded" => return (too_deep(), FLATTEN),
        "while parsing node, found unknown anchor" => return (ANCHORS.to_owned(), NO_ANCHORS),
        _ if info.contains("Unicode character escape") => {
            "write the character itself: YAML has no escapes for halves of one (\\ud83d\\ude00)"
        }
        _ if info.contains("escape") => {
            "in double quotes a backslash begins an escape; write two, or use single quotes"
        }
        _ if info.contains("tab") => "indent with spaces",
        _ if info.contains("in quoted scalar") => {
            "indent all lines of the text deeper than its key, or write it as a block: |"
        }
        _ if info.contains("quoted scalar") => "close the quotes; inside single quotes, a quote is written twice",
        _ if info.contains("mapping values") => {
            "text with a colon and a space in it needs quotes; else see whether the indentation is right"
        }
        _ if info.contains("unexpected character") => "text that begins with such a character needs quotes",
        _ if info.contains("flow") => "see whether a comma or a closing bracket is missing",
        _ => "see whether indentation, brackets and quotes are right here",
    };
    (format!("this is no YAML: {info}"), help)
}
