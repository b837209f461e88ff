//! A text with some of its escapes decoded, and the place of each byte in the original text.

use super::escape::{Escaped, escape};

/// A text that was unescaped some number of times, and the source of each of its bytes.
pub(super) struct Layer {
    pub(super) bytes: Vec<u8>,
    /// The range of each byte in the original text.
    places: Vec<(usize, usize)>,
}

impl Layer {
    pub(super) fn new(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: (0..text.len()).map(|at| (at, at + 1)).collect() }
    }

    /// Returns the range of the original text from which the bytes `from..to` come.
    pub(super) fn source(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let (first, last) = (self.places.get(from)?, self.places.get(to.checked_sub(1)?)?);
        Some((first.0, last.1))
    }

    /// Returns the text with its escapes decoded and its lines joined; `None` if it has neither.
    pub(super) fn unescaped(&self) -> Option<Self> {
        let mut out =
            Self { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::with_capacity(self.bytes.len()) };
        let (mut at, mut is_changed) = (0, false);
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, text) = match escape(rest) {
                Some((length, text)) => {
                    is_changed = true;
                    (length, text)
                }
                None => (1, Escaped::from_bytes(rest.get(..1).unwrap_or_default())),
            };
            let place = self.source(at, at + length)?;
            out.bytes.extend_from_slice(text.as_bytes());
            out.places.extend(text.as_bytes().iter().map(|_| place));
            at += length;
        }
        is_changed.then_some(out)
    }
}
