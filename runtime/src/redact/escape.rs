//! Decodes one escape of a URL, JSON or HTML.
//!
//! Libraries for these forms decode a whole text, and lose the place of each byte.

/// The bytes that an escape stands for: at most one character.
pub(super) struct Escaped {
    bytes: [u8; 4],
    length: usize,
}

impl Escaped {
    const NONE: Self = Self { bytes: [0; 4], length: 0 };

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        let mut escaped = Self::NONE;
        for (to, from) in escaped.bytes.iter_mut().zip(bytes) {
            *to = *from;
            escaped.length += 1;
        }
        escaped
    }

    fn from_char(c: char) -> Self {
        Self::from_bytes(c.encode_utf8(&mut [0; 4]).as_bytes())
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// Reads the escape at the beginning of `text`, and returns its length and the bytes it stands for;
/// `None` if there is none. A line break stands for no bytes, so that a secret that was wrapped is
/// still found.
pub(super) fn escape(text: &[u8]) -> Option<(usize, Escaped)> {
    match text {
        [b'\r' | b'\n', ..] => Some((1, Escaped::NONE)),
        [b'%', rest @ ..] => Some((3, Escaped::from_bytes(&[u8::try_from(hex(rest.get(..2)?)?).ok()?]))),
        [b'\\', b'u', b'{', rest @ ..] => {
            let digits = rest.iter().take(7).position(|byte| *byte == b'}')?;
            let c = char::from_u32(hex(rest.get(..digits)?)?)?;
            Some((digits + 4, Escaped::from_char(c)))
        }
        [b'\\', b'u', rest @ ..] => match (hex(rest.get(..4)?)?, rest.get(4..10)) {
            (high @ 0xd800..=0xdbff, Some([b'\\', b'u', low @ ..])) => {
                let low = hex(low).filter(|low| (0xdc00..=0xdfff).contains(low))?;
                let c = char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?;
                Some((12, Escaped::from_char(c)))
            }
            (unit, _) => Some((6, Escaped::from_char(char::from_u32(unit)?))),
        },
        [b'\\', b'x', rest @ ..] if rest.get(..2).and_then(hex).is_some() => {
            let byte = hex(rest.get(..2)?)?;
            Some((4, Escaped::from_bytes(&[u8::try_from(byte).ok()?])))
        }
        [b'\\', b'n' | b'r', ..] => Some((2, Escaped::NONE)),
        [b'\\', other, ..] => Some((2, Escaped::from_bytes(&[*other]))),
        [b'&', rest @ ..] => {
            let length = rest.iter().take(9).position(|byte| *byte == b';')?;
            let c = match rest.get(..length)? {
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hex(digits)?)?,
                [b'#', digits @ ..] => char::from_u32(std::str::from_utf8(digits).ok()?.parse().ok()?)?,
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                b"plus" => '+',
                b"sol" => '/',
                b"equals" => '=',
                _ => return None,
            };
            Some((length + 2, Escaped::from_char(c)))
        }
        _ => None,
    }
}

/// Reads one to six hexadecimal digits; `None` for any other text.
fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 6 {
        return None;
    }
    digits.iter().try_fold(0, |value, digit| Some(value << 4 | char::from(*digit).to_digit(16)?))
}
