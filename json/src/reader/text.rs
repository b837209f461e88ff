//! Text that was validated once.

use std::borrow::Cow;

/// Bytes as text. A string without escapes is a slice of it. If all bytes are UTF-8, no string is
/// validated again.
///
/// Bytes that are not UTF-8 are no reason to refuse the whole JSON, because they may be in a member
/// that is not read. Each such byte is `?` in the text, so all positions stay the same. The
/// original bytes are kept to recognize the strings that have such a byte. Reading such a string is
/// an error.
#[derive(Clone, Debug)]
pub struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    /// The bytes, if they are not UTF-8; otherwise empty.
    pub(super) original: &'a [u8],
}

impl<'a> Text<'a> {
    /// Validates the bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::from(text),
            Err(_) => Self { text: Cow::Owned(repaired(bytes)), original: bytes },
        }
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), original: &[] }
    }
}

impl Text<'_> {
    /// Returns the text. Bytes that are not UTF-8 are `?`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cold]
fn repaired(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_keeps_its_position() {
        for bytes in [&b"a\xffb"[..], b"\xe2\x82", b"\xf0\x9f\x98\"", b"\xc3\xa9\xa9", b""] {
            let text = Text::new(bytes);
            assert_eq!(text.text.len(), bytes.len());
            let same = |(text, byte): (u8, &u8)| text == *byte || text == b'?';
            assert!(text.text.bytes().zip(bytes).all(same), "{bytes:?}");
        }
        assert!(Text::new("é".as_bytes()).original.is_empty());
    }
}
