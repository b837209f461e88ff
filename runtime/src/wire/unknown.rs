//! The value that an open enum does not know.

use std::fmt;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

use super::raw::{FromScalar, Kind, Scalar};

/// A string, a number or a boolean that an [open enum](crate::open_enum) does not know.
///
/// It is written back as it came: a string as a string, a number with its own digits. Only the
/// enum's parsing creates it, so it never holds a value that the enum knows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownValue {
    /// The string, or the JSON text of anything else.
    text: Box<str>,
    is_string: bool,
}

impl UnknownValue {
    pub(super) fn string(text: &str) -> Self {
        Self { text: text.into(), is_string: true }
    }

    pub(super) fn json(text: &str) -> Self {
        Self { text: text.into(), is_string: false }
    }

    /// Returns the string; `None` for any other value.
    pub fn as_str(&self) -> Option<&str> {
        self.is_string.then_some(&self.text)
    }

    /// Returns the integer; `None` if the value is not an integer or does not fit into an `i64`.
    pub fn as_i64(&self) -> Option<i64> {
        if self.is_string { None } else { integer(&self.text) }
    }

    /// Returns the string without quotes, or the JSON text of any other value.
    #[doc(hidden)]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// Returns the integer of a JSON text, if it is written back as the same text (`-0` is not).
pub(super) fn integer(json: &str) -> Option<i64> {
    if json == "-0" { None } else { json.parse().ok() }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_string { fmt::Debug::fmt(&self.text, f) } else { f.write_str(&self.text) }
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Serialize for UnknownValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_string {
            serializer.serialize_str(&self.text)
        } else if let Some(integer) = self.as_i64() {
            serializer.serialize_i64(integer)
        } else if let Ok(boolean) = self.text.parse() {
            serializer.serialize_bool(boolean)
        } else {
            let raw: &RawValue = serde_json::from_str(&self.text).map_err(S::Error::custom)?;
            raw.serialize(serializer)
        }
    }
}

impl FromScalar for UnknownValue {
    const EXPECTED: &'static str = "a string, a number or a boolean";

    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String> {
        match scalar {
            Scalar::String(text) => Ok(Self::string(&text)),
            Scalar::Other(json) => match Kind::of(json) {
                Kind::Null => Err(Self::unfit(Kind::Null)),
                _ => Ok(Self::json(json)),
            },
        }
    }
}
