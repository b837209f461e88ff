//! Finds and replaces secrets in a text.
//!
//! No library does this. A search for many texts (`aho-corasick`) finds whole secrets only, in the
//! form in which they are listed. A venue may cut a secret, and may escape it in several ways.

use std::fmt;

use zeroize::Zeroizing;

use super::layer::Layer;
use crate::printable::{boundary_after, boundary_before};

/// The mark that replaces a secret.
const BLOT: &str = "***";

/// Secrets of at least this length are replaced wherever they occur. By chance, 8 given characters
/// out of 64 occur once in 10^14 positions; a text of a venue has thousands of positions.
pub(super) const LONG: usize = 8;

/// Shorter secrets, down to this length, are replaced only where they occur as a separate word.
/// Even shorter secrets are not replaced: `***` in place of each `1` would garble every message.
const SHORT: usize = 4;

/// Replaces secrets in texts.
///
/// A secret of at least 8 characters is found in upper and lower case (hexadecimal signatures occur
/// in both) and in both alphabets of base64, with or without padding. Any secret is also found if
/// it is escaped for a URL, JSON or HTML, even several times.
///
/// A venue may cut the text that it repeats, and half a key can still be recognised. So a piece of
/// a secret is replaced if it has at least 12 characters, or at least 8 characters and half of the
/// secret's length.
#[derive(Default)]
pub(crate) struct Blotter {
    long: Vec<Needle>,
    /// All runs of 8 bytes of the long secrets, each with the index of its secret and its offset
    /// there; sorted.
    grams: Zeroizing<Vec<(u64, usize, usize)>>,
    short: Vec<Zeroizing<Vec<u8>>>,
}

/// A long secret in the form in which texts are compared with it.
struct Needle {
    folded: Zeroizing<Vec<u8>>,
    /// The length from which a piece of it is replaced.
    piece: usize,
}

impl Blotter {
    pub(super) fn new<'s>(secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut blotter = Self::default();
        for secret in secrets {
            let kept = |byte: &u8| !matches!(byte, b'\r' | b'\n');
            let bytes = Zeroizing::new(secret.trim_end_matches('=').bytes().filter(kept).collect::<Vec<u8>>());
            if bytes.len() >= LONG {
                let folded = Zeroizing::new(bytes.iter().copied().map(fold).collect::<Vec<u8>>());
                let piece = (folded.len() / 2).clamp(LONG, 12);
                blotter.long.push(Needle { folded, piece });
            } else if bytes.len() >= SHORT {
                blotter.short.push(bytes);
            }
        }
        for (index, needle) in blotter.long.iter().enumerate() {
            blotter.grams.extend(grams(&needle.folded).enumerate().map(|(offset, gram)| (gram, index, offset)));
        }
        blotter.grams.sort_unstable();
        blotter
    }

    /// Returns the text without secrets, cut to about `most` bytes.
    ///
    /// Secrets are replaced before the cut, so that the cut does not leave a part of a secret.
    pub(crate) fn blot(&self, text: &str, most: usize) -> String {
        self.blot_with(text, most, Vec::new())
    }

    /// Does the same with a text that broke off. Its end may be the beginning of a secret, which is
    /// replaced from 4 characters on. Any other end stays: it may be the id of an order.
    pub(crate) fn blot_torn(&self, text: &str, most: usize) -> String {
        self.blot_with(text, most, self.torn_marks(text))
    }

    fn blot_with(&self, text: &str, most: usize, more: Vec<(usize, usize)>) -> String {
        let end = boundary_before(text, most);
        // A secret that begins before the cut has to be read whole, even if each of its bytes is
        // escaped twice.
        let longest = self.long.iter().map(|needle| needle.folded.len()).max().unwrap_or_default().max(LONG);
        let seen = boundary_before(text, end.saturating_add(longest.saturating_mul(12)));
        let (mut out, mut shown) = (String::new(), 0);
        for (from, to) in self.marks(text.get(..seen).unwrap_or(text), more) {
            let (from, to) = (boundary_before(text, from), boundary_after(text, to));
            if from >= end {
                break;
            }
            out.push_str(text.get(shown..from).unwrap_or_default());
            out.push_str(BLOT);
            shown = to;
        }
        out.push_str(text.get(shown..end).unwrap_or_default());
        if end < text.len() {
            out.push_str("..");
        }
        out
    }

    /// Returns the ranges of secrets in a text, and the ranges `marks`, sorted and without overlap.
    fn marks(&self, text: &str, mut marks: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
        self.each_layer(text, |layer| {
            self.mark_long(layer, &mut marks);
            self.mark_short(layer, &mut marks);
        });
        marks.sort_unstable();
        let mut apart: Vec<(usize, usize)> = Vec::with_capacity(marks.len());
        for (from, to) in marks {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => apart.push((from, to)),
            }
        }
        apart
    }

    /// Calls a function with the text itself, and with up to three escapings of it, such as a URL
    /// in JSON in HTML.
    fn each_layer(&self, text: &str, mut visit: impl FnMut(&Layer)) {
        const LAYERS: usize = 4;
        if self.long.is_empty() && self.short.is_empty() {
            return;
        }
        let mut layer = Some(Layer::new(text));
        for _ in 0..LAYERS {
            let Some(current) = layer else { break };
            visit(&current);
            layer = current.unescaped();
        }
    }

    /// Returns the ranges at the end of a text that are the beginning of a secret.
    fn torn_marks(&self, text: &str) -> Vec<(usize, usize)> {
        /// The longest part of an escape that the end of a text can have.
        const ESCAPE: usize = 8;
        let mut marks = Vec::new();
        self.each_layer(text, |layer| {
            let bytes = &layer.bytes;
            let folded: Vec<u8> = bytes.iter().copied().map(fold).collect();
            // An escape may have been broken off too. Of `\\u00`, it begins with the first
            // backslash.
            let begins = |byte: &u8| matches!(byte, b'%' | b'\\' | b'&');
            let last = bytes.iter().rposition(begins).filter(|at| bytes.len() - at <= ESCAPE);
            let rest_of = |last| bytes.get(..last).unwrap_or_default().iter().rev().take_while(|byte| begins(byte));
            let escape = last.map(|last| last - rest_of(last).count());
            for end in [Some(bytes.len()), escape].into_iter().flatten() {
                let longest = |text: &[u8], secret: &[u8]| {
                    let most = end.min(secret.len());
                    (SHORT..=most).rev().find(|length| text.get(end - length..end) == secret.get(..*length))
                };
                let long = self.long.iter().filter_map(|needle| longest(&folded, &needle.folded));
                let short = self.short.iter().filter_map(|secret| longest(bytes, secret));
                if let Some(length) = long.chain(short).max() {
                    marks.extend(layer.source(end - length, bytes.len()));
                }
            }
        });
        marks
    }

    fn mark_long(&self, layer: &Layer, marks: &mut Vec<(usize, usize)>) {
        let folded: Vec<u8> = layer.bytes.iter().copied().map(fold).collect();
        let mut covered = 0;
        for (at, gram) in grams(&folded).enumerate() {
            if at < covered {
                continue;
            }
            let first = self.grams.partition_point(|(known, ..)| *known < gram);
            let same = self.grams.iter().skip(first).take_while(|(known, ..)| *known == gram);
            // A secret that repeats itself has many occurrences of one run. Its first 16 are
            // enough: where a longer match begins later, a run with its next byte occurs less
            // often. Each secret has its own 16, so that many with the same beginning do not hide
            // another one.
            let mut known = (usize::MAX, 0);
            let some_of_each = same.filter(move |(_, needle, _)| {
                known = if known.0 == *needle { (known.0, known.1 + 1) } else { (*needle, 1) };
                known.1 <= 16
            });
            let lengths = some_of_each.filter_map(|(_, needle, offset)| {
                let needle = self.long.get(*needle)?;
                let (rest, text) = (needle.folded.get(*offset..)?, folded.get(at..)?);
                let length = rest.iter().zip(text).take_while(|(a, b)| a == b).count();
                let padding =
                    text.iter().skip(length).take_while(|byte| length == rest.len() && **byte == b'=').count();
                (length >= needle.piece).then_some(length + padding)
            });
            if let Some(length) = lengths.max() {
                covered = at + length;
                marks.extend(layer.source(at, covered));
            }
        }
    }

    fn mark_short(&self, layer: &Layer, marks: &mut Vec<(usize, usize)>) {
        let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        for secret in &self.short {
            for (at, window) in layer.bytes.windows(secret.len()).enumerate() {
                let end = at + secret.len();
                let before = at.checked_sub(1).and_then(|before| layer.bytes.get(before));
                if window == secret.as_slice() && !is_word(before) && !is_word(layer.bytes.get(end)) {
                    marks.extend(layer.source(at, end));
                }
            }
        }
    }
}

impl fmt::Debug for Blotter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blotter").field("secrets", &(self.long.len() + self.short.len())).finish()
    }
}

/// Returns a byte in the form in which it is compared: in lower case, with `-` and a space as `+`,
/// and `_` as `/`. These pairs are equal in the two alphabets of base64, and forms write `+` for a
/// space.
fn fold(byte: u8) -> u8 {
    match byte {
        b'-' | b' ' => b'+',
        b'_' => b'/',
        byte => byte.to_ascii_lowercase(),
    }
}

/// Returns the runs of 8 bytes at each position.
fn grams(bytes: &[u8]) -> impl Iterator<Item = u64> {
    bytes.windows(LONG).filter_map(|window| Some(u64::from_be_bytes(window.try_into().ok()?)))
}
