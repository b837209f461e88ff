//! Writes to stdout and to stderr. No other module does so, except that clap prints help. What goes
//! to stderr never has a credential.

use std::io::{self, Write};

use crate::secrets;

/// Clears the terminal, and moves the cursor to its beginning.
pub(crate) const CLEAR: &str = "\x1b[H\x1b[J";

/// Writes bytes to stdout and flushes them.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// Returns whether standard output was closed when the command was started (`>&-`). Rust then opens
/// the null device in its place, for reading and writing, and everything that is written is lost
/// without an error. A program may also give such a file itself, as Python's `DEVNULL` does, so
/// this is not a reason to fail.
#[cfg(unix)]
pub(crate) fn may_have_been_closed() -> bool {
    use std::fs::{File, metadata};
    use std::io::Read as _;
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
    let Ok(own) = io::stdout().as_fd().try_clone_to_owned() else { return false };
    let mut own = File::from(own);
    let is_null = match (own.metadata(), metadata("/dev/null")) {
        (Ok(own), Ok(null)) => own.file_type().is_char_device() && own.rdev() == null.rdev(),
        _ => false,
    };
    // A shell opens it for writing only, and then reading fails.
    is_null && own.read(&mut [0]).is_ok()
}

/// Other systems have no such file.
#[cfg(not(unix))]
pub(crate) fn may_have_been_closed() -> bool {
    false
}

/// Writes a text and ends its line. A closed pipe is not an error, because the user can run the
/// command again.
pub(crate) fn line(text: &str) -> io::Result<()> {
    match write(with_line_break(text).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a text to stderr and ends its line, without the credentials that this invocation knows.
/// If stderr is closed, the text is lost.
pub(crate) fn tell(text: &str) {
    let _ = io::stderr().write_all(with_line_break(&secrets::redact(text)).as_bytes());
}

/// Writes the lines of a log to stderr, without credentials.
#[derive(Debug)]
pub(crate) struct Log;

impl Write for Log {
    /// Takes a whole line: the log writes each event at once.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write_all(&secrets::redact_bytes(bytes, false))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Returns the text with exactly one line break at its end.
pub(crate) fn with_line_break(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

/// Returns a text of a spec on one line, with single spaces.
pub(crate) fn one_line(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text in a form that is safe to print on a terminal. Characters that control the
/// terminal, or hide other text, are shown as escapes. Line breaks and tabs stay.
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

/// Returns JSON in a form that is safe to print on a terminal. In its strings, a character that
/// controls the terminal or hides other text is escaped, so that the JSON keeps its value.
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
    fn printed_json_has_no_control_characters_and_keeps_its_value() {
        let text = "é中\u{1b}[31m\u{7f}\u{9b}1A\u{202e}\u{e0001}\n";
        let shown =
            harmless_json(&Tree::Array(vec![Tree::Object(vec![(text.to_owned(), Tree::text(text))])]).to_pretty());
        assert!(shown.chars().all(|c| venuekit::is_printable(c) || c == '\n'), "{shown}");
        assert!(shown.contains("é中"), "{shown}");
        assert_eq!(Tree::parse(&shown).unwrap().at("/0").unwrap().get(text), Some(&Tree::text(text)));
    }
}
