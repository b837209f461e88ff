//! Reads YAML: the events of `saphyr-parser`, without the parts that YAML has beyond JSON.

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::builder::{Builder, Content, FLATTEN, too_deep};
use super::scalar;
use crate::source::node::{Kind, Position};

const ANCHORS: &str = "anchors and aliases are not supported";
const NO_ANCHORS: &str = "name it under `components` and `$ref` it; text that begins with & or * needs quotes";

/// Reads one document into the builder.
pub(super) fn read(text: &str, builder: &mut Builder<'_>) {
    if let Some((position, c)) = first_unprintable(text) {
        let help = format!("write it as an escape in double quotes: \"\\u{:04X}\"", u32::from(c));
        builder.fail(position, format!("the character U+{:04X} is not allowed in a spec", u32::from(c)), help);
        return;
    }
    let mut reader = Reader { builder, documents: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                if !reader.event(event, position(&span.start)) {
                    return;
                }
            }
            Err(error) => {
                let (message, help) = in_our_words(error.info());
                reader.builder.fail(position(error.marker()), message, help);
                return;
            }
        }
    }
}

/// Finds the first character that YAML does not allow. The parser would take U+0000 for the end of
/// the file.
fn first_unprintable(text: &str) -> Option<(Position, char)> {
    let mut position = Position::START;
    for c in text.chars() {
        let printable = !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        if !printable || matches!(c, '\u{fffe}' | '\u{ffff}') {
            return Some((position, c));
        }
        position = match c {
            '\n' => Position::new(position.line + 1, 1),
            _ => Position { column: position.column + 1, ..position },
        };
    }
    None
}

struct Reader<'b, 'f> {
    builder: &'b mut Builder<'f>,
    documents: usize,
}

impl Reader<'_, '_> {
    /// Returns whether to go on.
    fn event(&mut self, event: Event<'_>, at: Position) -> bool {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.builder.fail(at, "a second document begins here", "write one file per venue");
                    return false;
                }
            }
            Event::Alias(_) => {
                self.builder.find(at, ANCHORS, NO_ANCHORS);
                if self.builder.expects_key() {
                    self.builder.dropped_key(at);
                } else {
                    return self.builder.scalar(at, Kind::Null);
                }
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                let plain = style == ScalarStyle::Plain;
                if self.builder.expects_key() {
                    self.key(at, &text, plain);
                } else {
                    let kind = if plain { self.resolve(at, &text) } else { Kind::String(text.into()) };
                    return self.builder.scalar(at, kind);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                return self.builder.start(at, Content::list());
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_extras(at, anchor, tag.as_deref());
                return self.builder.start(at, Content::object());
            }
            Event::SequenceEnd | Event::MappingEnd => self.builder.end(),
        }
        true
    }

    fn resolve(&mut self, at: Position, text: &str) -> Kind {
        scalar::resolve(text).unwrap_or_else(|refusal| {
            self.builder.find(at, refusal.message, refusal.help);
            Kind::String(text.into())
        })
    }

    fn key(&mut self, at: Position, name: &str, plain: bool) {
        if plain && name == "<<" {
            self.builder.find(at, "merge keys are not supported", "write the keys out, or use a `$ref`");
            self.builder.dropped_key(at);
        } else if plain && name.is_empty() {
            self.builder.find(at, "a value without a key", "write the key before the colon");
            self.builder.dropped_key(at);
        } else {
            self.builder.key(at, name);
        }
    }

    fn refuse_extras(&mut self, at: Position, anchor: usize, tag: Option<&Tag>) {
        if anchor != 0 {
            self.builder.find(at, ANCHORS, NO_ANCHORS);
        }
        if let Some(tag) = tag {
            let shown = if tag.is_yaml_core_schema() { format!("!!{}", tag.suffix) } else { tag.to_string() };
            let help = "leave it out; a number in quotes is text, and text that begins with ! needs quotes";
            self.builder.find(at, format!("tags such as `{shown}` are not supported"), help);
        }
    }
}

fn position(marker: &Marker) -> Position {
    Position::new(marker.line().max(1), marker.col() + 1)
}

/// Returns the parser's message, and what to write instead.
fn in_our_words(info: &str) -> (String, &'static str) {
    let help = match info {
        "recursion limit exceeded" => return (too_deep(), FLATTEN),
        "while parsing node, found unknown anchor" => return (ANCHORS.to_owned(), NO_ANCHORS),
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
