//! What goes to stdout, and nothing else does.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// Writes to stdout. That the reader has gone is no fault of ours.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a text and ends its line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    write(format!("{}\n", text.trim_end_matches('\n')).as_bytes())
}

/// A text from elsewhere for a terminal: what would steer it is shown, not obeyed.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' && c != '\t' {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}
