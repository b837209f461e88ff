//! Prints a stream while it arrives.
//!
//! The events of a `text/event-stream` are printed as one JSON text per line: the data of the
//! event, or a string with it if it is not JSON. Any other stream is printed as it is.

use std::io;

use venuekit_json::{Tree, quoted};

use crate::output;

/// The longest line, and the longest event, of a stream of events.
const MAX_EVENT_BYTES: usize = 16 << 20;

/// Prints the pieces of a stream.
#[derive(Debug)]
pub(crate) struct Printer {
    /// True if the bytes are printed unchanged.
    is_raw: bool,
    events: Events,
}

impl Printer {
    pub(crate) fn new(is_raw: bool) -> Self {
        Self { is_raw, events: Events::default() }
    }

    /// Prints the parts of the stream that are complete with this piece.
    pub(crate) fn print(&mut self, media_type: Option<&str>, piece: &[u8]) -> io::Result<()> {
        let name = media_type.and_then(|media_type| media_type.split(';').next()).unwrap_or_default();
        if self.is_raw || !name.trim().eq_ignore_ascii_case("text/event-stream") {
            return output::write(piece);
        }
        let lines = self.events.take(piece)?;
        if lines.is_empty() { Ok(()) } else { output::write(lines.as_bytes()) }
    }
}

/// Reads a stream of events (server-sent events of the HTML standard).
#[derive(Debug, Default)]
struct Events {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// True if the last line ended with `\r`: a `\n` after it belongs to it.
    has_return: bool,
    /// The data of the event that has not ended yet.
    data: Option<String>,
    has_begun: bool,
}

impl Events {
    /// Returns the events that are complete with this piece, each as JSON on a line.
    fn take(&mut self, piece: &[u8]) -> io::Result<String> {
        let mut printed = String::new();
        for byte in piece {
            let has_return = std::mem::replace(&mut self.has_return, *byte == b'\r');
            match byte {
                b'\n' if has_return => {}
                b'\n' | b'\r' => self.end_line(&mut printed),
                _ => self.line.push(*byte),
            }
            if self.line.len().saturating_add(self.data.as_ref().map_or(0, String::len)) > MAX_EVENT_BYTES {
                return Err(io::Error::other(format!("an event has more than {MAX_EVENT_BYTES} bytes")));
            }
        }
        Ok(printed)
    }

    fn end_line(&mut self, printed: &mut String) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        // A stream may begin with a byte order mark.
        let text = if self.has_begun { &*text } else { text.trim_start_matches('\u{feff}') };
        self.has_begun = true;
        if text.is_empty() {
            if let Some(data) = self.data.take() {
                printed.push_str(&json_line(&data));
            }
            return;
        }
        let (field, value) = text.split_once(':').unwrap_or((text, ""));
        if field == "data" {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            }
        }
    }
}

/// Returns the data of an event as JSON on one line.
fn json_line(data: &str) -> String {
    let json = match Tree::parse(data) {
        Ok(tree) => tree.to_json(),
        Err(_) => quoted(data),
    };
    output::with_line_break(&output::harmless_json(&json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_event_is_one_json_text_on_a_line_however_the_stream_is_cut() {
        let stream = "\u{feff}: a comment\nevent: trade\ndata: {\"price\": 1.50}\nid: 7\n\n\
                      data: {\r\ndata: \"a\": 1}\r\n\r\ndata:plain \u{1b}[2J\rdata: text\r\r\
                      event: ping\n\ndata\n\ndata: cut";
        let expected = "{\"price\":1.50}\n{\"a\":1}\n\"plain \\u001b[2J\\ntext\"\n\"\"\n";
        for size in [1, 2, 3, 7, 1_000] {
            let mut events = Events::default();
            let printed: String = stream.as_bytes().chunks(size).map(|piece| events.take(piece).unwrap()).collect();
            assert_eq!(printed, expected, "in pieces of {size} bytes");
        }
    }

    #[test]
    fn an_event_without_an_end_is_refused_before_it_fills_the_memory() {
        let mut events = Events::default();
        let piece = vec![b'a'; 1 << 20];
        let refused = (0..20).find_map(|_| events.take(&piece).err());
        assert!(refused.unwrap().to_string().contains("an event has more than"));
    }
}
