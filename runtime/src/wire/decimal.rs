//! Decimals, read from their literal text and written with their exact digits.
//!
//! The serde features of `rust_decimal` do not fit: the exact one needs serde_json's
//! `arbitrary_precision`, which applies to all crates of a user's program.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use rust_decimal::Decimal;
use serde::{Deserializer, Serializer};
use serde_with::{DeserializeAs, SerializeAs};
use venuekit_json::reader::{DECIMAL, ShortDecimal};

use super::raw::{self, FromScalar, Kind, Scalar, shorten};

/// A decimal that is written as a JSON string: `"0.10"`. It is read from a string or from a number.
///
/// A string may have leading zeros and a plus (`"06"`, `"+1.5"`), which are not written back.
/// Numbers follow JSON's grammar. [`parse_decimal`] describes which numbers fit.
///
/// Use it with [`As`](super::As), [`EncodeAs`](super::EncodeAs) and [`DecodeAs`](super::DecodeAs),
/// also inside `Option`, `Vec` and maps:
///
/// ```
/// use rust_decimal::Decimal;
/// use serde::{Deserialize, Serialize};
/// use venuekit::wire::{As, DecimalString};
///
/// #[derive(Serialize, Deserialize)]
/// struct Level {
///     #[serde(with = "As::<DecimalString>")]
///     price: Decimal,
/// }
///
/// let level: Level = serde_json::from_str(r#"{"price":7000.10}"#)?;
/// assert_eq!(serde_json::to_string(&level)?, r#"{"price":"7000.10"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DecimalString;

/// A decimal that is written as a JSON number: `0.10`. It is read from a number or from a string,
/// like [`DecimalString`].
///
/// ```
/// use venuekit::wire::{DecimalNumber, EncodeAs};
///
/// let price = rust_decimal::Decimal::new(700010, 2);
/// assert_eq!(serde_json::to_string(&EncodeAs::<_, DecimalNumber>::new(&price))?, "7000.10");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DecimalNumber;

impl SerializeAs<Decimal> for DecimalString {
    fn serialize_as<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Digits::of(value).as_str())
    }
}

impl SerializeAs<Decimal> for DecimalNumber {
    fn serialize_as<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
        if let (0, Ok(integer)) = (value.scale(), i64::try_from(value.mantissa())) {
            return serializer.serialize_i64(integer);
        }
        raw::write_number(Digits::of(value).as_str(), serializer)
    }
}

impl<'de> DeserializeAs<'de, Decimal> for DecimalString {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        raw::read(deserializer)
    }
}

impl<'de> DeserializeAs<'de, Decimal> for DecimalNumber {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        raw::read(deserializer)
    }
}

impl FromScalar for Decimal {
    const EXPECTED: &'static str = "a decimal, as a number or a string";
    const REQUEST: &'static str = DECIMAL;

    fn from_integer(integer: i64) -> Result<Self, String> {
        Ok(integer.into())
    }

    #[inline]
    fn from_decimal(decimal: ShortDecimal) -> Result<Self, String> {
        Ok(short(decimal))
    }

    #[inline]
    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
        let (Scalar::String(Cow::Borrowed(text)) | Scalar::Other(text)) = scalar else {
            return from_any_scalar(&scalar);
        };
        match plain(text) {
            Some(decimal) => Ok(decimal),
            None => from_any_scalar(&scalar),
        }
    }
}

fn from_any_scalar(scalar: &Scalar<'_>) -> Result<Decimal, String> {
    match scalar {
        Scalar::String(text) => parse(text, Grammar::Text),
        Scalar::Other(text) => match Kind::of(text) {
            Kind::Integer | Kind::Number => parse(text, Grammar::Json),
            found => return Err(Decimal::unfit(found)),
        },
    }
    .map_err(|error| error.to_string())
}

/// Returns the decimal of a text that is a [`ShortDecimal`], as nearly all are.
#[inline]
fn plain(text: &str) -> Option<Decimal> {
    let (decimal, length) = ShortDecimal::parse(text.as_bytes())?;
    (length == text.len()).then(|| short(decimal))
}

#[inline]
fn short(ShortDecimal { is_negative, mantissa, scale }: ShortDecimal) -> Decimal {
    let [low, middle] = [mantissa & 0xffff_ffff, mantissa >> 32].map(|part| u32::try_from(part).unwrap_or_default());
    Decimal::from_parts(low, middle, 0, is_negative && mantissa > 0, u32::from(scale))
}

/// The text of a decimal or of an integer, on the stack. That of a decimal never has an exponent,
/// and a zero never has a sign.
#[derive(Default)]
pub(crate) struct Digits {
    bytes: [u8; Digits::CAPACITY],
    len: usize,
}

impl Digits {
    /// A sign, a zero, a point and 29 digits.
    const CAPACITY: usize = 32;

    fn of(value: &Decimal) -> Self {
        let mut digits = Self { bytes: [0; Self::CAPACITY], len: 0 };
        let mut value = *value;
        if value.is_zero() {
            value.set_sign_positive(true);
        }
        let written = write!(digits, "{value}");
        debug_assert!(written.is_ok(), "a decimal has at most 32 characters");
        digits
    }

    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

/// Reads a decimal from text that follows JSON's grammar for numbers. The result is exact, or an
/// error.
///
/// The grammar is: an optional `-`, digits without a leading zero, optionally a point and digits,
/// optionally `e` or `E` with a sign and digits. Nothing else is accepted: no `+1`, `.5`, `1.`,
/// `1_000`, ` 1`, `NaN`.
///
/// The scale is kept as it was written (`1.50` has two places). A [`Decimal`] has room for 28
/// decimal places and 96 bits (28 digits, and some numbers of 29). Trailing zeros after the point
/// are dropped if they do not fit. Any other number that does not fit is an error; it is never
/// rounded. The sign of a zero is dropped.
///
/// ```
/// use venuekit::wire::parse_decimal;
///
/// assert_eq!(parse_decimal("0.00000001000000000000")?.to_string(), "0.00000001000000000000");
/// assert_eq!(parse_decimal("1.5E3")?.to_string(), "1500");
/// assert_eq!(parse_decimal("1e-8")?.to_string(), "0.00000001");
/// assert!(parse_decimal("06").is_err());
/// assert!(parse_decimal("1e-29").is_err());
/// # Ok::<(), venuekit::wire::DecimalError>(())
/// ```
///
/// # Errors
///
/// When the text is not a number, or when the number does not fit.
pub fn parse_decimal(text: &str) -> Result<Decimal, DecimalError> {
    parse(text, Grammar::Json)
}

/// A grammar of numbers.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Grammar {
    /// JSON's grammar.
    Json,
    /// JSON's grammar, plus a leading `+` and leading zeros, as venues write them in strings.
    Text,
}

fn parse(text: &str, grammar: Grammar) -> Result<Decimal, DecimalError> {
    if let Some(decimal) = plain(text) {
        return Ok(decimal);
    }
    Number::scan(text, grammar)
        .and_then(|number| number.small().map_or_else(|| number.exact(), Ok))
        .map_err(|reason| DecimalError { text: shorten(text), reason })
}

/// The text of a number, split into its parts.
pub(crate) struct Number<'a> {
    pub(crate) negative: bool,
    pub(crate) whole: &'a [u8],
    pub(crate) fraction: &'a [u8],
    pub(crate) exponent: i64,
}

impl<'a> Number<'a> {
    /// Splits the text, and checks the grammar.
    pub(crate) fn scan(text: &'a str, grammar: Grammar) -> Result<Self, Reason> {
        if text.is_empty() {
            return Err(Reason::Empty);
        }
        let (negative, rest) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] if grammar == Grammar::Text => (false, rest),
            rest => (false, rest),
        };
        let (mut whole, rest) = digits(rest);
        while let [b'0', less @ ..] = whole
            && !less.is_empty()
        {
            if grammar == Grammar::Json {
                return Err(Reason::LeadingZero);
            }
            whole = less;
        }
        if whole.is_empty() {
            return Err(unexpected(text, rest));
        }
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => match digits(rest) {
                ([], rest) => return Err(unexpected(text, rest)),
                parts => parts,
            },
            rest => (&[][..], rest),
        };
        let (exponent, rest) = match rest {
            [b'e' | b'E', rest @ ..] => {
                let (minus, rest) = match rest {
                    [b'-', rest @ ..] => (true, rest),
                    [b'+', rest @ ..] => (false, rest),
                    rest => (false, rest),
                };
                let (power, rest) = match digits(rest) {
                    ([], rest) => return Err(unexpected(text, rest)),
                    parts => parts,
                };
                let power = power
                    .iter()
                    .fold(0i64, |power, digit| power.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
                (if minus { -power } else { power }, rest)
            }
            rest => (0, rest),
        };
        if rest.is_empty() { Ok(Self { negative, whole, fraction, exponent }) } else { Err(unexpected(text, rest)) }
    }

    /// Returns the digits, as numbers from 0 to 9.
    pub(crate) fn digits(&self) -> impl DoubleEndedIterator<Item = u8> + '_ {
        self.whole.iter().chain(self.fraction).map(|digit| digit - b'0')
    }

    /// Returns the decimal in the common case: no exponent, and at most 28 digits.
    fn small(&self) -> Option<Decimal> {
        let length = self.whole.len() + self.fraction.len();
        if self.exponent != 0 || length > 28 {
            return None;
        }
        let mantissa = if length <= 19 {
            let whole = self.whole.iter().fold(0, |mantissa, digit| mantissa * 10 + u64::from(digit - b'0'));
            u128::from(self.fraction.iter().fold(whole, |mantissa, digit| mantissa * 10 + u64::from(digit - b'0')))
        } else {
            self.digits().fold(0, |mantissa, digit| mantissa * 10 + u128::from(digit))
        };
        Some(decimal(self.negative, mantissa, u32::try_from(self.fraction.len()).ok()?))
    }

    /// Returns the decimal of any number, or the reason why it does not fit.
    fn exact(&self) -> Result<Decimal, Reason> {
        // The number is `mantissa * 10^power`, where the mantissa does not end in a zero. As
        // written, it has `places` decimal places. The count is negative if the exponent is large.
        let places = i64::try_from(self.fraction.len()).unwrap_or(i64::MAX).saturating_sub(self.exponent);
        let room = u32::try_from(places.clamp(0, i64::from(Decimal::MAX_SCALE))).unwrap_or_default();
        let zeros = self.digits().rev().take_while(|digit| *digit == 0).count();
        let length = self.whole.len() + self.fraction.len() - zeros;
        if length == 0 {
            return Ok(decimal(self.negative, 0, room));
        }
        let power = i64::try_from(zeros).unwrap_or(i64::MAX).saturating_sub(places);
        let scale = if power < 0 { u32::try_from(power.unsigned_abs()).unwrap_or(u32::MAX) } else { 0 };
        if scale > Decimal::MAX_SCALE {
            return Err(Reason::TooFine);
        }
        let too_long = if power < 0 { Reason::TooLong } else { Reason::TooLarge };
        if length - self.digits().take_while(|digit| *digit == 0).count() > 29 {
            return Err(too_long);
        }
        let mut mantissa = self.digits().take(length).fold(0, |mantissa, digit| mantissa * 10 + u128::from(digit));
        if mantissa > LARGEST {
            return Err(too_long);
        }
        for _ in 0..power {
            mantissa *= 10;
            if mantissa > LARGEST {
                return Err(Reason::TooLarge);
            }
        }
        // Keeps as many of the written trailing zeros as fit.
        let mut scale = scale;
        while scale < room && mantissa * 10 <= LARGEST {
            mantissa *= 10;
            scale += 1;
        }
        Ok(decimal(self.negative, mantissa, scale))
    }
}

/// The largest mantissa of a [`Decimal`].
const LARGEST: u128 = (1 << 96) - 1;

/// Creates a decimal. The mantissa has at most 96 bits, and the scale is at most 28. A zero gets no
/// sign.
fn decimal(negative: bool, mantissa: u128, scale: u32) -> Decimal {
    let [low, middle, high] = [0, 32, 64].map(|shift| u32::try_from((mantissa >> shift) & 0xffff_ffff).unwrap_or(0));
    Decimal::from_parts(low, middle, high, negative, scale)
}

/// Splits off the leading digits.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    text.split_at(length)
}

/// Returns the error for a text that does not follow the grammar from `rest` on.
fn unexpected(text: &str, rest: &[u8]) -> Reason {
    let at = text.len() - rest.len();
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        Some(found) => Reason::Unexpected { found, at },
        None => Reason::Unfinished,
    }
}

/// The reason why a text is not a decimal.
///
/// ```
/// let error = venuekit::wire::parse_decimal("1_000").unwrap_err();
/// assert_eq!(error.to_string(), r#""1_000" is not a decimal: unexpected '_' at byte 1"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalError {
    text: Box<str>,
    reason: Reason,
}

impl DecimalError {
    /// Returns whether the text is a number that does not fit into a [`Decimal`].
    pub fn does_not_fit(&self) -> bool {
        matches!(self.reason, Reason::TooFine | Reason::TooLong | Reason::TooLarge)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    Empty,
    LeadingZero,
    Unfinished,
    Unexpected { found: char, at: usize },
    TooFine,
    TooLong,
    TooLarge,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match self.reason {
            Reason::Empty => write!(f, "an empty text is not a decimal"),
            Reason::LeadingZero => write!(f, "{text:?} is not a decimal: JSON numbers have no leading zero"),
            Reason::Unfinished => write!(f, "{text:?} is not a decimal: digits are missing at its end"),
            Reason::Unexpected { found, at } => {
                write!(f, "{text:?} is not a decimal: unexpected {found:?} at byte {at}")
            }
            Reason::TooFine => write!(f, "{text:?} has more than the 28 decimal places that a decimal has room for"),
            Reason::TooLong => write!(f, "{text:?} has more digits than the 96 bits that a decimal has room for"),
            Reason::TooLarge => write!(f, "{text:?} is larger than a decimal can be (96 bits)"),
        }
    }
}

impl std::error::Error for DecimalError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 5_000, ..ProptestConfig::default() })]

        #[test]
        fn a_plain_number_is_the_exact_one(text in "-?(0|[1-9][0-9]{0,20})?(\\.[0-9]{0,20})?|[-+0-9.e]{0,8}") {
            let exact = Number::scan(&text, Grammar::Json)
                .and_then(|number| number.small().map_or_else(|| number.exact(), Ok));
            match plain(&text) {
                Some(plain) => {
                    let exact = exact.ok().map(|exact| exact.serialize());
                    prop_assert_eq!(exact, Some(plain.serialize()), "{}", text);
                }
                None => {
                    let digits = text.bytes().filter(u8::is_ascii_digit).count();
                    prop_assert!(exact.is_err() || digits > 19 || text.contains('e'), "{} is plain", text);
                }
            }
        }
    }
}
