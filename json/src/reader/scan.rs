//! Steps over the tokens of a text.

use super::error::{Error, Fault};
use super::short_decimal::ShortDecimal;

/// A position in a text.
pub(super) struct Scan<'de> {
    text: &'de str,
    original: &'de [u8],
    /// The number of bytes that were read.
    pub(super) at: usize,
}

/// A string of the text.
pub(super) enum Characters<'de> {
    /// A string without escapes.
    Borrowed(&'de str),
    /// A string whose escapes were replaced.
    Owned(String),
}

/// A value that is not an array or an object.
pub(super) enum Scalar<'de> {
    /// The characters of a string without escapes.
    Characters(&'de str),
    /// An integer in the form that JSON writes.
    Integer(i64),
    /// The text of any other value.
    Text(&'de str),
}

/// A number of the text.
pub(super) struct Number<'de> {
    /// The number as it was written.
    pub(super) text: &'de str,
    /// True for a number without a fraction and without an exponent.
    pub(super) is_integer: bool,
    /// The digits of the integer, if they are at most 19.
    pub(super) magnitude: Option<u64>,
}

impl<'de> Scan<'de> {
    #[inline]
    pub(super) fn new(text: &'de str, original: &'de [u8]) -> Self {
        Self { text, original, at: 0 }
    }

    #[inline]
    fn bytes(&self) -> &'de [u8] {
        self.text.as_bytes()
    }

    /// Returns the next byte, and stays before it.
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.at).copied()
    }

    /// Returns the next byte, and moves behind it.
    #[inline]
    pub(super) fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// Moves to the next byte that is not white space, and returns it.
    #[inline(always)]
    pub(super) fn token(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                byte => return byte,
            }
        }
    }

    /// Returns the error of the byte that was read last.
    #[cold]
    pub(super) fn error(&self, fault: Fault) -> Error {
        Error::syntax(fault, self.place(self.at))
    }

    /// Returns the error of the next byte.
    #[cold]
    pub(super) fn error_ahead(&self, fault: Fault) -> Error {
        Error::syntax(fault, self.place(self.at + 1))
    }

    /// Sets the place of an error that has none to the current one.
    #[cold]
    pub(super) fn placed(&self, error: Error) -> Error {
        error.placed(|| self.place(self.at))
    }

    /// Returns the line and column after so many bytes.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.bytes().get(..at).unwrap_or(self.bytes());
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        (1 + lines, before.len() - line_start)
    }

    /// Reads the rest of `null`, `true` or `false`.
    #[inline]
    pub(super) fn rest_of(&mut self, literal: &str) -> Result<(), Error> {
        for expected in literal.bytes() {
            match self.next() {
                Some(byte) if byte == expected => {}
                Some(_) => return Err(self.error(Fault::ExpectedIdent)),
                None => return Err(self.error(Fault::EndInValue)),
            }
        }
        Ok(())
    }

    /// Moves to the next quote, backslash or control character of a string, and returns it.
    #[inline(always)]
    fn special(&mut self) -> Option<u8> {
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        let length = until_special(rest);
        self.at += length;
        rest.get(length).copied()
    }

    /// Reads a string whose opening quote was read.
    #[inline(always)]
    pub(super) fn string(&mut self) -> Result<Characters<'de>, Error> {
        let start = self.at;
        if self.special() == Some(b'"') {
            let text = self.slice(start)?;
            self.at += 1;
            if !self.original.is_empty() {
                self.check_string(start)?;
            }
            return Ok(Characters::Borrowed(text));
        }
        self.string_with_escapes(start).map(Characters::Owned)
    }

    /// Returns the text from `start` to here.
    #[inline(always)]
    fn slice(&self, start: usize) -> Result<&'de str, Error> {
        // Both ends are beside an ASCII character.
        self.text.get(start..self.at).ok_or_else(|| self.error(Fault::InvalidUnicode))
    }

    /// Reads the rest of a string that began at `start`. The next byte is not the closing quote.
    #[cold]
    fn string_with_escapes(&mut self, start: usize) -> Result<String, Error> {
        let mut text = String::new();
        let mut copied = start;
        loop {
            match self.special() {
                None => return Err(self.error(Fault::EndInString)),
                Some(b'"') => {
                    text.push_str(self.slice(copied)?);
                    self.at += 1;
                    if !self.original.is_empty() {
                        self.check_string(start)?;
                    }
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push_str(self.slice(copied)?);
                    self.at += 1;
                    let character = self.escape()?;
                    text.push(character);
                    copied = self.at;
                }
                Some(_) => {
                    self.at += 1;
                    return Err(self.error(Fault::ControlCharacter));
                }
            }
        }
    }

    /// Reads an escape whose backslash was read.
    fn escape(&mut self) -> Result<char, Error> {
        Ok(match self.next() {
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return Err(self.error(Fault::InvalidEscape)),
            None => return Err(self.error(Fault::EndInString)),
        })
    }

    /// Reads the digits of `\u`, and a second escape if the first is half of a surrogate pair.
    fn unicode_escape(&mut self) -> Result<char, Error> {
        let first = self.four_digits()?;
        if let Some(character) = char::from_u32(first) {
            return Ok(character);
        }
        if first >= 0xdc00 {
            return Err(self.error(Fault::LoneSurrogate));
        }
        for expected in [b'\\', b'u'] {
            match self.next() {
                Some(byte) if byte == expected => {}
                Some(_) => return Err(self.error(Fault::UnfinishedSurrogate)),
                None => return Err(self.error(Fault::EndInString)),
            }
        }
        let second = self.four_digits()?;
        let pair = second.checked_sub(0xdc00).filter(|low| *low < 0x400);
        let character = pair.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + low));
        character.ok_or_else(|| self.error(Fault::LoneSurrogate))
    }

    fn four_digits(&mut self) -> Result<u32, Error> {
        let digits: Option<&[u8; 4]> = self.bytes().get(self.at..).and_then(<[u8]>::first_chunk);
        let Some(digits) = digits else {
            self.at = self.text.len();
            return Err(self.error(Fault::EndInString));
        };
        self.at += 4;
        let number = digits.iter().try_fold(0, |number, digit| Some(number * 16 + char::from(*digit).to_digit(16)?));
        number.ok_or_else(|| self.error(Fault::InvalidEscape))
    }

    /// Moves behind a string whose opening quote was read. Returns whether it has escapes.
    #[inline]
    fn skip_string(&mut self) -> Result<bool, Error> {
        let mut has_escapes = false;
        loop {
            match self.special() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(has_escapes);
                }
                Some(b'\\') => {
                    has_escapes = true;
                    self.at += 1;
                    self.skip_escape()?;
                }
                Some(_) => return Err(self.error(Fault::ControlCharacter)),
                None => return Err(self.error(Fault::EndInString)),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<(), Error> {
        match self.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(()),
            // A character that is not read may be half of a pair.
            Some(b'u') => self.four_digits().map(drop),
            Some(_) => Err(self.error(Fault::InvalidEscape)),
            None => Err(self.error(Fault::EndInString)),
        }
    }

    /// Refuses the string that began at `start` and ended here, if it is not UTF-8.
    #[cold]
    fn check_string(&self, start: usize) -> Result<(), Error> {
        let end = self.at - 1;
        match std::str::from_utf8(self.original.get(start..end).unwrap_or_default()) {
            Ok(_) => Ok(()),
            Err(error) => {
                let (line, column) = self.place(self.at);
                let column = column.saturating_sub(end - start - error.valid_up_to());
                Err(Error::syntax(Fault::InvalidUnicode, (line, column)))
            }
        }
    }

    /// Returns the string that starts at a position with its quote.
    #[cold]
    pub(super) fn string_at(&self, at: usize) -> Option<String> {
        match Self::new(self.text, self.original).from(at + 1).string().ok()? {
            Characters::Borrowed(text) => Some(text.to_owned()),
            Characters::Owned(text) => Some(text),
        }
    }

    fn from(self, at: usize) -> Self {
        Self { at, ..self }
    }

    /// Reads an integer of which at most the sign was read, and returns its text. It starts at
    /// `start`.
    pub(super) fn integer(&mut self, start: usize) -> Result<&'de str, Error> {
        self.integer_part(Fault::InvalidNumber)?;
        self.slice(start)
    }

    /// Reads a number of which at most the sign was read. It starts at `start`.
    ///
    /// `at_end` is the fault of a text that ends within the number.
    #[inline]
    pub(super) fn number(&mut self, start: usize, at_end: Fault) -> Result<Number<'de>, Error> {
        let first = self.at;
        let magnitude = self.integer_part(at_end)?;
        let is_short = self.at - first <= 19;
        let is_integer = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if !is_integer {
            self.fraction_and_exponent(at_end)?;
        }
        let magnitude = if is_integer && is_short { Some(magnitude) } else { None };
        Ok(Number { text: self.slice(start)?, is_integer, magnitude })
    }

    /// Reads digits without a leading zero. Returns their value if it is at most 19 digits long.
    #[inline]
    fn integer_part(&mut self, at_end: Fault) -> Result<u64, Error> {
        match self.next() {
            Some(b'0') => match self.peek() {
                // There can be only one leading zero.
                Some(b'0'..=b'9') => Err(self.error_ahead(Fault::InvalidNumber)),
                _ => Ok(0),
            },
            Some(first @ b'1'..=b'9') => {
                let mut value = u64::from(first - b'0');
                let rest = self.bytes().get(self.at..).unwrap_or_default();
                let mut length = 0;
                for digit in rest.iter().map(|byte| byte.wrapping_sub(b'0')).take_while(|digit| *digit <= 9) {
                    value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
                    length += 1;
                }
                self.at += length;
                Ok(value)
            }
            Some(_) => Err(self.error(Fault::InvalidNumber)),
            None => Err(self.error(at_end)),
        }
    }

    #[inline]
    fn fraction_and_exponent(&mut self, at_end: Fault) -> Result<(), Error> {
        if self.peek() == Some(b'.') {
            self.at += 1;
            let first = self.at;
            self.digits();
            if self.at == first {
                let fault = if self.peek().is_some() { Fault::InvalidNumber } else { at_end };
                return Err(self.error_ahead(fault));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            match self.next() {
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return Err(self.error(Fault::InvalidNumber)),
                None => return Err(self.error(at_end)),
            }
        }
        Ok(())
    }

    #[inline]
    fn digits(&mut self) {
        let rest = self.bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    }

    /// Moves behind the next value, and returns its text.
    pub(super) fn raw_value(&mut self) -> Result<&'de str, Error> {
        self.token();
        let start = self.at;
        self.skip_value()?;
        self.raw_slice(start)
    }

    /// Returns the value that began at `start` and ended here.
    #[inline]
    pub(super) fn raw_slice(&self, start: usize) -> Result<&'de str, Error> {
        if !self.original.is_empty() {
            self.check_raw(start)?;
        }
        self.slice(start)
    }

    /// Moves behind the next value, and returns it as far as it is known.
    #[inline]
    pub(super) fn scalar(&mut self) -> Result<Scalar<'de>, Error> {
        let first = self.token();
        let start = self.at;
        match first {
            Some(b'"') => {
                self.at += 1;
                if self.skip_string()? {
                    return self.raw_slice(start).map(Scalar::Text);
                }
                if !self.original.is_empty() {
                    self.check_raw(start)?;
                }
                let characters = self.text.get(start + 1..self.at - 1);
                characters.map(Scalar::Characters).ok_or_else(|| self.error(Fault::InvalidUnicode))
            }
            Some(first @ (b'-' | b'0'..=b'9')) => {
                let is_negative = first == b'-';
                self.at += usize::from(is_negative);
                let number = self.number(start, Fault::InvalidNumber)?;
                Ok(match number.magnitude.map(i64::try_from) {
                    Some(Ok(magnitude)) if !is_negative => Scalar::Integer(magnitude),
                    Some(Ok(magnitude @ 1..)) => Scalar::Integer(-magnitude),
                    _ => Scalar::Text(number.text),
                })
            }
            _ => self.raw_value().map(Scalar::Text),
        }
    }

    /// Moves behind the next value if it is a short decimal, as a number or as a string.
    #[inline(always)]
    pub(super) fn short_decimal(&mut self) -> Option<ShortDecimal> {
        let first = self.token()?;
        let start = self.at + usize::from(first == b'"');
        let rest = self.bytes().get(start..)?;
        let (decimal, length) = ShortDecimal::parse(rest)?;
        self.at = start + length;
        if first == b'"' {
            if rest.get(length) != Some(&b'"') {
                self.at = start - 1;
                return None;
            }
            self.at += 1;
        }
        Some(decimal)
    }

    /// Refuses the value that began at `start` and ended here, if it is not UTF-8.
    #[cold]
    fn check_raw(&self, start: usize) -> Result<(), Error> {
        match std::str::from_utf8(self.original.get(start..self.at).unwrap_or_default()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::syntax(Fault::InvalidUnicode, self.place(start + error.valid_up_to() + 1))),
        }
    }

    /// Moves behind the next value. It may be nested to any depth.
    pub(super) fn skip_value(&mut self) -> Result<(), Error> {
        let mut inside = Nesting::default();
        loop {
            match self.token() {
                Some(b'"') => {
                    self.at += 1;
                    self.skip_string()?;
                }
                Some(b'0'..=b'9') => self.skip_number()?,
                Some(b'-') => {
                    self.at += 1;
                    self.skip_number()?;
                }
                Some(b'n') => {
                    self.at += 1;
                    self.rest_of("ull")?;
                }
                Some(b't') => {
                    self.at += 1;
                    self.rest_of("rue")?;
                }
                Some(b'f') => {
                    self.at += 1;
                    self.rest_of("alse")?;
                }
                Some(open @ (b'[' | b'{')) => {
                    self.at += 1;
                    inside.push(open == b'{');
                    if self.token() != Some(if open == b'{' { b'}' } else { b']' }) {
                        if let Some(end) = self.end_inside(&inside) {
                            return Err(end);
                        }
                        if open == b'{' {
                            self.skip_key()?;
                        }
                        continue;
                    }
                    self.at += 1;
                    inside.pop();
                }
                Some(_) => return Err(self.error_ahead(Fault::ExpectedValue)),
                None => return Err(self.error_ahead(Fault::EndInValue)),
            }
            // A value ended here. All that ends with it is closed.
            loop {
                let Some(is_object) = inside.last() else { return Ok(()) };
                match self.token() {
                    Some(b',') => {
                        self.at += 1;
                        if is_object {
                            self.skip_key()?;
                        }
                        break;
                    }
                    Some(b'}') if is_object => {}
                    Some(b']') if !is_object => {}
                    Some(_) if is_object => return Err(self.error_ahead(Fault::ExpectedCommaInObject)),
                    Some(_) => return Err(self.error_ahead(Fault::ExpectedCommaInArray)),
                    None if is_object => return Err(self.error_ahead(Fault::EndInObject)),
                    None => return Err(self.error_ahead(Fault::EndInArray)),
                }
                self.at += 1;
                inside.pop();
            }
        }
    }

    /// Returns the error of a text that ends after the start of a container.
    #[inline]
    fn end_inside(&self, inside: &Nesting) -> Option<Error> {
        if self.at < self.text.len() {
            return None;
        }
        let is_object = inside.last() == Some(true);
        Some(self.error_ahead(if is_object { Fault::EndInObject } else { Fault::EndInArray }))
    }

    /// Moves behind a key and its colon.
    #[inline]
    fn skip_key(&mut self) -> Result<(), Error> {
        match self.token() {
            Some(b'"') => self.at += 1,
            Some(_) => return Err(self.error_ahead(Fault::KeyIsNotText)),
            None => return Err(self.error_ahead(Fault::EndInObject)),
        }
        self.skip_string()?;
        self.colon()
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Result<(), Error> {
        match self.token() {
            Some(b':') => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(self.error_ahead(Fault::ExpectedColon)),
            None => Err(self.error_ahead(Fault::EndInObject)),
        }
    }

    #[inline]
    fn skip_number(&mut self) -> Result<(), Error> {
        self.integer_part(Fault::InvalidNumber)?;
        self.fraction_and_exponent(Fault::InvalidNumber)
    }
}

/// Returns the number of bytes before the first quote, backslash or control character.
#[inline(always)]
fn until_special(text: &[u8]) -> usize {
    // Eight bytes at a time, by the arithmetic known as "has a byte less than n".
    const ONES: u64 = u64::MAX / 255;
    let (chunks, rest) = text.as_chunks();
    let mut length = 0;
    for chunk in chunks {
        let chunk = u64::from_le_bytes(*chunk);
        let (quote, backslash) = (chunk ^ (ONES * 0x22), chunk ^ (ONES * 0x5c));
        let found = (chunk.wrapping_sub(ONES * 0x20) & !chunk)
            | (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash);
        let found = found & (ONES << 7);
        if found != 0 {
            return length + found.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | ..0x20)).count()
}

/// The arrays and objects around a value, a bit for each: set for an object.
#[derive(Default)]
struct Nesting {
    bits: u128,
    depth: usize,
    /// The bits of the outer containers, beyond the innermost 128.
    outer: Vec<u128>,
}

impl Nesting {
    const BITS: usize = 128;

    #[inline]
    fn push(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(Self::BITS) {
            self.outer.push(self.bits);
        }
        self.bits = (self.bits << 1) | u128::from(is_object);
        self.depth += 1;
    }

    #[inline]
    fn pop(&mut self) {
        self.bits >>= 1;
        self.depth = self.depth.saturating_sub(1);
        if self.depth > 0 && self.depth.is_multiple_of(Self::BITS) {
            self.bits = self.outer.pop().unwrap_or_default();
        }
    }

    /// Returns whether the innermost container is an object; `None` outside of all containers.
    #[inline]
    fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.bits & 1 == 1)
    }
}
