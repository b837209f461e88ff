//! What goes to stdout, and nothing else does.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// Writes to stdout.
pub(crate) fn write(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush())
}

/// Writes a text that can be had again, and ends its line. That the reader has gone is no failure: it
/// has read enough.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    match write(ended(text).as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// A text whose last line ends.
pub(crate) fn ended(text: &str) -> String {
    format!("{}\n", text.trim_end_matches('\n'))
}

/// A text from elsewhere for a terminal: what would steer it, or hide what stands beside it, is shown
/// and not obeyed.
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
