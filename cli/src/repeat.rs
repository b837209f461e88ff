//! `--watch`: repeats a read, and marks what has changed.

use std::collections::HashSet;

use crate::colour::{CHANGED, Paint};

/// The texts of a read that is repeated, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Repeated {
    /// The lines of the text before; `None` before the first.
    before: Option<HashSet<String>>,
    last: String,
}

impl Repeated {
    /// Returns the text if it differs from the one before.
    pub(crate) fn changed(&mut self, text: &str) -> Option<String> {
        if self.before.is_some() && self.last == text {
            return None;
        }
        self.before = Some(lines(text).collect());
        text.clone_into(&mut self.last);
        Some(text.to_owned())
    }

    /// Returns the text if it differs from the one before. The lines that the text before did not
    /// have are marked: in a colour, or by a star.
    pub(crate) fn marked(&mut self, text: &str, paint: Paint) -> Option<String> {
        let before = self.before.clone();
        let changed = self.changed(text)?;
        let Some(before) = before else { return Some(changed) };
        let marked = lines(text).map(|line| match (before.contains(&line), paint) {
            (true, Paint::Never) => format!("  {line}\n"),
            (true, Paint::Always) => format!("{line}\n"),
            (false, Paint::Never) => format!("* {line}\n"),
            (false, Paint::Always) => format!("{}\n", paint.of(CHANGED, &line)),
        });
        Some(marked.collect())
    }
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.lines().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_the_text_before_did_not_have_are_marked_and_an_equal_text_is_not_printed() {
        let mut repeated = Repeated::default();
        assert_eq!(repeated.marked("a\nb\n", Paint::Never).as_deref(), Some("a\nb\n"));
        assert_eq!(repeated.marked("a\nb\n", Paint::Never), None);
        assert_eq!(repeated.marked("a\nc\n", Paint::Never).as_deref(), Some("  a\n* c\n"));
        assert_eq!(repeated.marked("b\nc\n", Paint::Always).as_deref(), Some("\u{1b}[1m\u{1b}[33mb\u{1b}[0m\nc\n"));
    }
}
