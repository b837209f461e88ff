//! Ids that are integers in one place and text in another.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::decimal::Digits;
use super::integer::is_integer;
use super::raw::{self, FromScalar, Kind, Scalar};
use crate::codegen::blank::Blank;

/// An integer or text, such as an id that a venue writes as `28` in one place and as `"28"` in
/// another.
///
/// Both are the same value: they are equal, have the same hash and the same order. Text counts as
/// an integer only in the form that JSON writes: `"028"`, `"+28"`, `"28.0"` and `"-0"` are other
/// values than `28` and `0`. Integers may be of any length.
///
/// A value is written as it was read or created: an integer as a JSON number, text as a string.
///
/// # Order
///
/// Integers come first, ordered by size. All other text follows, ordered by its bytes. Only equal
/// values have the same position. This order differs from the order of the texts, so the type is
/// not `Borrow<str>`: look a text up as `map.get(&IntegerOrText::from(text))`.
///
/// ```
/// use venuekit::wire::IntegerOrText;
///
/// let placed: IntegerOrText = serde_json::from_str("28")?;
/// let open: IntegerOrText = serde_json::from_str(r#""28""#)?;
/// assert_eq!(placed, open);
/// assert_eq!((placed.as_i64(), open.as_i64(), placed.as_str()), (Some(28), Some(28), "28"));
/// assert_eq!(serde_json::to_string(&[&placed, &open])?, r#"[28,"28"]"#);
///
/// assert_eq!(placed, 28);
/// assert_eq!(IntegerOrText::from("x-17"), "x-17");
/// assert_ne!(IntegerOrText::from("028"), 28);
///
/// let mut ids: Vec<IntegerOrText> = ["x-17", "100", "28", "028"].map(IntegerOrText::from).into();
/// ids.sort();
/// assert_eq!(ids, ["28", "100", "028", "x-17"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct IntegerOrText {
    /// The text, or the digits of the integer.
    text: Box<str>,
    is_text: bool,
}

impl IntegerOrText {
    /// Returns the text, or the digits of an integer.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the integer, also for text that is one; `None` for other text, and for an integer
    /// that does not fit.
    pub fn as_i64(&self) -> Option<i64> {
        self.integer()
    }

    /// Returns the integer, also for text that is one; `None` for other text, and for an integer
    /// that does not fit.
    pub fn as_u64(&self) -> Option<u64> {
        self.integer()
    }

    /// Returns whether the value is written as a JSON string (`true`) or as a number (`false`).
    pub fn is_text(&self) -> bool {
        self.is_text
    }

    fn integer<T: FromStr>(&self) -> Option<T> {
        if is_integer(&self.text) { self.text.parse().ok() } else { None }
    }

    /// Returns the sign and the digits of an integer of any length.
    fn digits(&self) -> Option<(bool, &str)> {
        is_integer(&self.text).then(|| match self.text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, &*self.text),
        })
    }
}

impl PartialEq for IntegerOrText {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for IntegerOrText {}

impl Hash for IntegerOrText {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl Ord for IntegerOrText {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.digits(), other.digits()) {
            (Some((false, digits)), Some((false, others))) => by_size(digits, others),
            (Some((true, digits)), Some((true, others))) => by_size(others, digits),
            (Some((negative, _)), Some(_)) => {
                if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.text.cmp(&other.text),
        }
    }
}

impl PartialOrd for IntegerOrText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares numbers by size, given their digits without leading zeros.
fn by_size(digits: &str, others: &str) -> Ordering {
    (digits.len(), digits).cmp(&(others.len(), others))
}

macro_rules! from_integer {
    ($($ty:ty)*) => { $(
        impl From<$ty> for IntegerOrText {
            fn from(integer: $ty) -> Self {
                Self { text: integer.to_string().into(), is_text: false }
            }
        }

        impl PartialEq<$ty> for IntegerOrText {
            fn eq(&self, other: &$ty) -> bool {
                self.integer::<$ty>() == Some(*other)
            }
        }

        impl PartialEq<IntegerOrText> for $ty {
            fn eq(&self, other: &IntegerOrText) -> bool {
                other == self
            }
        }
    )* };
}

// `i32` is the default type of an integer literal in Rust.
from_integer! { i32 u32 i64 u64 }

impl From<&str> for IntegerOrText {
    fn from(text: &str) -> Self {
        Self { text: text.into(), is_text: true }
    }
}

impl From<String> for IntegerOrText {
    fn from(text: String) -> Self {
        Self { text: text.into(), is_text: true }
    }
}

impl From<&String> for IntegerOrText {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<IntegerOrText> for String {
    fn from(id: IntegerOrText) -> Self {
        id.text.into()
    }
}

impl From<&Self> for IntegerOrText {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

impl FromStr for IntegerOrText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

impl AsRef<str> for IntegerOrText {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

macro_rules! compared_with_text {
    ($($ty:ty)*) => { $(
        impl PartialEq<$ty> for IntegerOrText {
            fn eq(&self, other: &$ty) -> bool {
                let text: &str = other.as_ref();
                *self.text == *text
            }
        }

        impl PartialEq<IntegerOrText> for $ty {
            fn eq(&self, other: &IntegerOrText) -> bool {
                other == self
            }
        }
    )* };
}

compared_with_text! { str &str String }

impl fmt::Display for IntegerOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for IntegerOrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_text { fmt::Debug::fmt(&self.text, f) } else { f.write_str(&self.text) }
    }
}

impl Blank for IntegerOrText {
    fn blank() -> Self {
        Self::from("")
    }
}

impl FromScalar for IntegerOrText {
    const EXPECTED: &'static str = "an integer or a string";

    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
        match scalar {
            Scalar::String(text) => Ok(Self { text: text.into(), is_text: true }),
            Scalar::Other(json) => match Kind::of(json) {
                Kind::Integer => Ok(Self { text: json.into(), is_text: false }),
                found => Err(Self::unfit(found)),
            },
        }
    }

    fn from_integer(integer: i64) -> Result<Self, String> {
        let mut digits = Digits::default();
        // An integer has at most 20 characters, with its sign.
        write!(digits, "{integer}").map_err(|error| error.to_string())?;
        Ok(Self { text: digits.as_str().into(), is_text: false })
    }
}

impl<'de> Deserialize<'de> for IntegerOrText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        raw::read(deserializer)
    }
}

impl Serialize for IntegerOrText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_text {
            serializer.serialize_str(&self.text)
        } else if let Some(integer) = self.as_i64() {
            serializer.serialize_i64(integer)
        } else if let Some(integer) = self.as_u64() {
            serializer.serialize_u64(integer)
        } else {
            raw::write_number(&self.text, serializer)
        }
    }
}
