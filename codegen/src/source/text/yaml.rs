//! Reads YAML: the events of `saphyr-parser`, with anchors, aliases, merge keys and tags resolved.

use std::borrow::Cow;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::builder::{Builder, Content, FLATTEN, too_deep};
use super::{quotes, scalar};
use crate::diagnostic::Effect;
use crate::source::lines;
use crate::source::node::{Kind, Position};
use crate::source::number::is_json_number;

/// The character that replaces each character that YAML does not allow.
const REPLACEMENT: char = '\u{fffd}';

/// The maximum number of quoted texts that are indented for the parser. After each, the document is
/// read again from the start.
const MAX_INDENTED: usize = 50;

/// Reads one YAML document, and hands its values to the builder.
pub(super) fn read(text: &str, builder: &mut Builder<'_>) {
    let mut notes = unprintable(text);
    let mut text = printable(text);
    let mut indented = 0;
    while let Some(at) = pass(&text, builder, &notes) {
        let (message, help) = in_our_words(SHALLOW);
        match quotes::indented(&text, at).filter(|_| indented < MAX_INDENTED) {
            Some(deeper) => text = deeper.into(),
            None => return builder.fail(at, message, help),
        }
        indented += 1;
        notes.push((at, "a text in quotes is indented no deeper than its key".to_owned(), help.to_owned()));
        builder.restart();
    }
}

/// The parser's message about a quoted text whose lines are not indented deeper than its key. Many
/// other parsers accept such a text.
const SHALLOW: &str = "invalid indentation in quoted scalar";

/// The place, the message and the help of a warning.
type Note = (Position, String, String);

/// Reads the document once. Returns the position of a quoted text that has to be indented before
/// the document can be read; `None` if there is none.
fn pass(text: &str, builder: &mut Builder<'_>, notes: &[Note]) -> Option<Position> {
    for (at, message, help) in notes {
        builder.warn(Effect::Relaxed, *at, message.as_str(), help.as_str());
    }
    let mut reader = Reader { builder, documents: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                if !reader.event(event, position(&span.start)) {
                    return None;
                }
            }
            Err(error) if error.info() == SHALLOW => return Some(position(error.marker())),
            Err(error) => {
                let (message, help) = in_our_words(error.info());
                reader.builder.fail(position(error.marker()), message, help);
                return None;
            }
        }
    }
    None
}

/// Returns a note on each character that YAML does not allow.
fn unprintable(text: &str) -> Vec<Note> {
    let not_allowed = lines::positions(text).filter(|(_, c)| !is_printable(*c));
    not_allowed
        .map(|(position, c)| {
            let code = u32::from(c);
            let help = format!("write it as an escape in double quotes: \"\\u{code:04X}\"");
            (position, format!("the character U+{code:04X} is not allowed in a spec"), help)
        })
        .collect()
}

/// Replaces the characters that YAML does not allow. For example, the parser would take U+0000 for
/// the end of the file.
fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return text.into();
    }
    text.chars().map(|c| if is_printable(c) { c } else { REPLACEMENT }).collect::<String>().into()
}

fn is_printable(c: char) -> bool {
    (!c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}')) && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

struct Reader<'b, 'f> {
    builder: &'b mut Builder<'f>,
    documents: usize,
}

impl Reader<'_, '_> {
    /// Handles an event, and returns whether reading can go on.
    fn event(&mut self, event: Event<'_>, at: Position) -> bool {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.builder.find(at, "a second document begins here", "write one file per venue");
                    return false;
                }
            }
            Event::Alias(anchor) if self.builder.expects_key() => match self.builder.text_of(anchor) {
                Some(name) => self.builder.key(at, &name),
                None => {
                    self.builder.find(at, "a key has to be text", "write the key itself in place of the alias");
                    self.builder.dropped_key(at);
                }
            },
            Event::Alias(anchor) => return self.builder.alias(at, anchor),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                if self.builder.expects_key() {
                    self.key(at, &text, plain, tag.as_deref());
                    self.builder.anchor_key(at, &text, anchor);
                } else {
                    let kind = self.scalar(at, &text, plain, tag.as_deref());
                    return self.builder.scalar(at, kind, anchor);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.collection_tag(at, tag.as_deref(), "seq");
                return self.builder.start(at, Content::list(), anchor);
            }
            Event::MappingStart(anchor, tag) => {
                self.collection_tag(at, tag.as_deref(), "map");
                return self.builder.start(at, Content::object(), anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.end(),
        }
        true
    }

    /// Returns the value of a scalar. A tag such as `!!str` determines the kind of the value.
    fn scalar(&mut self, at: Position, text: &str, plain: bool, tag: Option<&Tag>) -> Kind {
        let as_text = || Kind::String(text.into());
        let Some(tag) = tag else { return if plain { self.resolve(at, text) } else { as_text() } };
        if tag.handle.is_empty() && tag.suffix == "!" {
            return as_text();
        }
        let known = if tag.is_yaml_core_schema() { tag.suffix.as_str() } else { "" };
        let kind = match known {
            "str" => return as_text(),
            // JSON has no kind of value for these tags, so the values are text.
            "binary" | "timestamp" => {
                let help = "leave it out; the value is text";
                self.builder.warn(Effect::Ignored, at, format!("the tag `!!{known}` is ignored"), help);
                return as_text();
            }
            "int" | "float" => match scalar::resolve(text) {
                Ok(Kind::Number(number)) => Some(Kind::Number(number)),
                Err(refusal) => refusal.number.filter(|n| is_json_number(n)).map(|n| Kind::Number(n.into())),
                Ok(_) => None,
            },
            "bool" => scalar::resolve(text).ok().filter(|kind| matches!(kind, Kind::Bool(_))),
            "null" => scalar::resolve(text).ok().filter(|kind| *kind == Kind::Null),
            _ => {
                self.unknown_tag(at, tag);
                return if plain { self.resolve(at, text) } else { as_text() };
            }
        };
        kind.unwrap_or_else(|| {
            let shown: String = text.chars().take(40).collect();
            let message = format!("`{shown}` is not a value of its tag `!!{known}`");
            self.builder.find(at, message, "write a value of the tag, or leave the tag out");
            as_text()
        })
    }

    fn collection_tag(&mut self, at: Position, tag: Option<&Tag>, own: &str) {
        if let Some(tag) = tag.filter(|tag| !(tag.is_yaml_core_schema() && tag.suffix == own)) {
            self.unknown_tag(at, tag);
        }
    }

    fn unknown_tag(&mut self, at: Position, tag: &Tag) {
        let shown = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
        let help = "leave it out; a number in quotes is text, and text that begins with ! needs quotes";
        self.builder.warn(Effect::Ignored, at, format!("the tag `{shown}` has no meaning in a spec"), help);
    }

    fn resolve(&mut self, at: Position, text: &str) -> Kind {
        scalar::resolve(text).unwrap_or_else(|scalar::Refusal { message, help, number }| {
            self.builder.number(at, message, help, number);
            Kind::String(text.into())
        })
    }

    fn key(&mut self, at: Position, name: &str, plain: bool, tag: Option<&Tag>) {
        if let Some(tag) =
            tag.filter(|tag| !(tag.is_yaml_core_schema() && matches!(tag.suffix.as_str(), "str" | "merge")))
        {
            self.unknown_tag(at, tag);
        }
        let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        if plain && name == "<<" && !is_text {
            self.builder.merge_key(at);
        } else if plain && name.is_empty() && !is_text {
            self.builder.find(at, "a value without a key", "write the key before the colon");
            self.builder.dropped_key(at);
        } else {
            self.builder.key(at, name);
        }
    }
}

fn position(marker: &Marker) -> Position {
    Position::new(marker.line().max(1), marker.col() + 1)
}

/// Returns our message for an error of the parser, and the help.
fn in_our_words(info: &str) -> (String, &'static str) {
    let help = match info {
        "recursion limit exceeded" => return (too_deep(), FLATTEN),
        "while parsing node, found unknown anchor" => {
            let help = "write `&name` before the value that it repeats; text that begins with * needs quotes";
            return ("there is no anchor of this name before the alias".to_owned(), help);
        }
        _ if info.contains("Unicode character escape") => {
            "write the character itself: YAML has no escapes for one half of a character (\\ud83d\\ude00)"
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
            "text with a colon and a space in it needs quotes; otherwise check the indentation"
        }
        _ if info.contains("unexpected character") => "text that begins with such a character needs quotes",
        _ if info.contains("flow") => "check whether a comma or a closing bracket is missing",
        _ => "check indentation, brackets and quotes here",
    };
    (format!("this is not YAML: {info}"), help)
}
