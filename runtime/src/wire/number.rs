//! A number of any size, kept as its text.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decimal::{DecimalError, parse_decimal};
use super::json::Json;
use crate::codegen::blank::Blank;

/// A number of any size and any number of digits, as the text that was sent.
///
/// A document that states `type: number` without a precision can mean a price,
/// 1.2345678901234567e-15 or an integer of 256 bits. The value is kept as it came, from a JSON
/// number or from a string, and is written back the same. If the value does not fit a [`Decimal`],
/// only [`as_decimal`](Self::as_decimal) fails, and not the whole response.
///
/// Two values are equal only if their JSON texts are equal: `1.0`, `1.00` and `"1.0"` all differ.
///
/// ```
/// use venuekit::wire::Number;
///
/// let number: Number = serde_json::from_str("1.50")?;
/// assert_eq!(number.as_decimal()?, venuekit::dec!(1.50));
/// let large: Number = serde_json::from_str("115792089237316195423570985008687907853269984665640564039457")?;
/// assert!(large.as_decimal().is_err());
/// assert_eq!(large.as_str(), "115792089237316195423570985008687907853269984665640564039457");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Json);

impl Number {
    /// Returns the digits as they were sent, without quotes.
    pub fn as_str(&self) -> &str {
        let text = self.0.get();
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
    }

    /// Returns the value as an exact decimal.
    ///
    /// # Errors
    ///
    /// When the value does not fit a decimal of 28 places and 96 bits, or is text that is not a
    /// number.
    pub fn as_decimal(&self) -> Result<Decimal, DecimalError> {
        parse_decimal(self.as_str())
    }

    /// Returns the value if its text is an integer without a point or an exponent that fits;
    /// `None` otherwise, and for `1.0` and `1e3` too.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_str().parse().ok()
    }

    /// Returns the value if its text is an integer without a point or an exponent that fits;
    /// `None` otherwise, and for `1.0` and `1e3` too.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_str().parse().ok()
    }
}

impl Default for Number {
    fn default() -> Self {
        Self::from(0)
    }
}

impl Blank for Number {
    fn blank() -> Self {
        Self::default()
    }
}

macro_rules! from_integers {
    ($($ty:ty),*) => { $(
        impl From<$ty> for Number {
            fn from(value: $ty) -> Self {
                Self(Json::parse(value.to_string()).unwrap_or_default())
            }
        }
    )* };
}

from_integers!(i32, u32, i64, u64, i128, u128, Decimal);

/// The error of a text that is not a JSON number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANumber(String);

impl fmt::Display for NotANumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a JSON number", self.0)
    }
}

impl std::error::Error for NotANumber {}

impl FromStr for Number {
    type Err = NotANumber;

    /// Parses the text of a JSON number. The result is written as a number, and not as a string.
    fn from_str(text: &str) -> Result<Self, NotANumber> {
        let json = Json::parse(text).ok().filter(|json| is_number(json.get()));
        json.map(Self).ok_or_else(|| NotANumber(super::raw::shorten(text).into()))
    }
}

fn is_number(json: &str) -> bool {
    json.starts_with(|c: char| c == '-' || c.is_ascii_digit())
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get())
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        if is_number(json.get()) || json.get().starts_with('"') {
            return Ok(Self(json));
        }
        Err(D::Error::custom(format_args!("invalid type: {}, expected a number", super::raw::shorten(json.get()))))
    }
}
