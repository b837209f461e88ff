//! One value, or an array of values.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde::ser::{Serialize, Serializer};
use serde_with::{DeserializeAs as _, Same};

use super::either::{Alternatives, read_either};
use super::integer::TextIntegers;
use super::list::List;
use crate::codegen::blank::Blank;

/// One value, or an array of values.
///
/// The values are objects, strings, integers or booleans on the wire. One value is written as one
/// value, and an array as an array.
///
/// ```
/// use venuekit::wire::OneOrMany;
///
/// let one: OneOrMany<String> = serde_json::from_str(r#""BTCUSDT""#)?;
/// let many: OneOrMany<String> = serde_json::from_str(r#"["BTCUSDT","ETHUSDT"]"#)?;
/// assert_eq!(one.as_slice(), ["BTCUSDT"]);
/// assert_eq!(many.len(), 2);
/// assert_eq!(serde_json::to_string(&one)?, r#""BTCUSDT""#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OneOrMany<T> {
    /// A value that is not in an array.
    One(T),
    /// An array, of any length.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// Returns the values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }

    /// Returns the values, owned.
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }

    /// Iterates over the values.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.as_slice().iter()
    }

    /// Returns the number of values.
    pub fn len(&self) -> usize {
        self.as_slice().len()
    }

    /// Returns whether there are no values, as in an empty array.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T> IntoIterator for OneOrMany<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.into_vec().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a OneOrMany<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self::One(value)
    }
}

impl<T> From<Vec<T>> for OneOrMany<T> {
    fn from(values: Vec<T>) -> Self {
        Self::Many(values)
    }
}

impl<T> Blank for OneOrMany<T> {
    fn blank() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T: Serialize> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(value) => value.serialize(serializer),
            Self::Many(values) => values.serialize(serializer),
        }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_either(deserializer)
    }
}

impl<T: DeserializeOwned> Alternatives for OneOrMany<T> {
    const KINDS: &'static [&'static str] = &["object", "array", "string", "integer", "boolean"];

    // Only ids and enums are read from an integer. They lose no digits when they are streamed.
    const STREAMED: bool = true;

    fn array<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        List::<Same>::deserialize_as(deserializer).map(Self::Many)
    }

    fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self::One)
    }

    fn string<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(TextIntegers(deserializer)).map(Self::One)
    }

    fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self::One)
    }

    fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Deserialize::deserialize(deserializer).map(Self::One)
    }
}
