//! Output for stdout; nothing else is written there.

use std::io::{self, Write as _};

/// Writes to stdout.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// Writes a text that can be had again, and ends its line. That the reader has gone is no failure:
/// it has read enough.
pub(crate) fn line(text: &str) -> io::Result<()> {
    match write(ended(text).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// A text whose last line ends.
pub(crate) fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

/// A text from elsewhere for a terminal: what would steer it, or hide what stands beside it, is
/// shown and not obeyed.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if venuekit::is_printable(c) || matches!(c, '\n' | '\t') {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
    }
    out
}

/// Returns JSON for a terminal: in its strings, a character that would drive the terminal or hide
/// what stands beside it is escaped, so that the JSON stays the same value.
pub(crate) fn harmless_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if venuekit::is_printable(c) || c == '\n' {
            out.push(c);
        } else {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use venuekit_json::Tree;

    use super::*;

    #[test]
    fn no_json_drives_a_terminal_and_it_stays_the_same_value() {
        let text = "é中\u{1b}[31m\u{7f}\u{9b}1A\u{202e}\u{e0001}\n";
        let shown =
            harmless_json(&Tree::Array(vec![Tree::Object(vec![(text.to_owned(), Tree::text(text))])]).to_pretty());
        assert!(shown.chars().all(|c| venuekit::is_printable(c) || c == '\n'), "{shown}");
        assert!(shown.contains("é中"), "{shown}");
        assert_eq!(Tree::parse(&shown).unwrap().at("/0").unwrap().get(text), Some(&Tree::text(text)));
    }
}
