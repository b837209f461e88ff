//! Any JSON value, kept as its text.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use venuekit_json::reader::{self, is_token};

use super::raw::{TextSeed, deserialize_raw};
use crate::codegen::blank::Blank;

/// Any JSON value, as its exact text: digits, order of properties and white space stay as they
/// were.
///
/// Two values are equal only if their texts are equal: `1.0` differs from `1.00`.
///
/// ```
/// use venuekit::wire::Json;
///
/// let json: Json = serde_json::from_str(r#"{ "price": 1.00000000000000000001 }"#)?;
/// assert_eq!(json.get(), r#"{ "price": 1.00000000000000000001 }"#);
/// assert_eq!(Json::parse("[1, 2]")?.decode::<Vec<i64>>()?, [1, 2]);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Only serde_json writes it unchanged. It can be read from any format, and is then as exact as
/// that format.
#[derive(Clone)]
pub struct Json(Text);

/// The text of a value.
#[derive(Clone)]
enum Text {
    /// A text of up to 22 bytes, which is not allocated: such as `[]` or a number in a column that
    /// is to be ignored.
    Short { length: u8, bytes: [u8; Text::SHORT] },
    /// Any text.
    Long(Box<RawValue>),
}

impl Text {
    /// The length with which a text is as large as a box beside it.
    const SHORT: usize = 22;

    /// Creates the text of a value that is known to be JSON.
    fn new(json: &str) -> Result<Self, reader::Error> {
        let mut bytes = [0; Self::SHORT];
        match (bytes.get_mut(..json.len()), u8::try_from(json.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(json.as_bytes());
                Ok(Self::Short { length, bytes })
            }
            _ => reader::raw_value(json).map(Self::Long),
        }
    }

    fn get(&self) -> &str {
        match self {
            Self::Short { length, bytes } => {
                let text = bytes.get(..usize::from(*length)).unwrap_or_default();
                std::str::from_utf8(text).unwrap_or_default()
            }
            Self::Long(json) => json.get(),
        }
    }
}

impl Json {
    /// Parses a text that is one JSON value; white space around it is cut off.
    ///
    /// # Errors
    ///
    /// When the text is not one well-formed JSON value.
    ///
    /// ```
    /// assert!(venuekit::wire::Json::parse("{").is_err());
    /// ```
    pub fn parse(text: impl Into<String>) -> Result<Self, serde_json::Error> {
        RawValue::from_string(text.into()).map(Self::from)
    }

    /// Writes a value as JSON.
    ///
    /// # Errors
    ///
    /// When the value's `Serialize` fails, or it has a map whose keys are not strings.
    ///
    /// ```
    /// assert_eq!(venuekit::wire::Json::encode(&[1, 2])?.get(), "[1,2]");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        to_raw_value(value).map(Self::from)
    }

    /// Decodes a value from the JSON.
    ///
    /// # Errors
    ///
    /// When the JSON is not what the type expects.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        Ok(reader::from_str(self.get())?)
    }

    /// Returns the text.
    pub fn get(&self) -> &str {
        self.0.get()
    }

    /// Returns the value `null`.
    ///
    /// ```
    /// assert_eq!(venuekit::wire::Json::null().get(), "null");
    /// ```
    pub fn null() -> Self {
        Self::from(RawValue::NULL.to_owned())
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        self.get() == RawValue::NULL.get()
    }
}

impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

impl Blank for Json {
    fn blank() -> Self {
        Self::null()
    }
}

impl AsRef<str> for Json {
    fn as_ref(&self) -> &str {
        self.get()
    }
}

impl From<Box<RawValue>> for Json {
    fn from(value: Box<RawValue>) -> Self {
        Self(Text::Long(value))
    }
}

impl From<Json> for Box<RawValue> {
    fn from(json: Json) -> Self {
        match json.0 {
            Text::Long(json) => json,
            short @ Text::Short { .. } => reader::raw_value(short.get()).unwrap_or_else(|_| RawValue::NULL.to_owned()),
        }
    }
}

impl FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.get())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.get())
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Json {}

impl Hash for Json {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.get().hash(state);
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Text::Long(json) => json.serialize(serializer),
            short @ Text::Short { .. } => {
                let json: &RawValue = reader::from_str(short.get()).map_err(S::Error::custom)?;
                json.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_raw(deserializer, JsonVisitor)
    }
}

/// A visitor that takes the text if the deserializer provides it. Otherwise it writes the text,
/// value by value. This happens inside [`either!`](crate::either), which has already opened the
/// object.
struct JsonVisitor;

impl JsonVisitor {
    fn encode<T: Serialize, E: serde::de::Error>(value: T) -> Result<Json, E> {
        Json::encode(&value).map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut next = map.next_key_seed(TextSeed)?;
        if next.as_deref().is_some_and(is_token) {
            let text = map.next_value_seed(TextSeed)?;
            return Text::new(&text).map(Json).map_err(A::Error::custom);
        }
        let mut text = String::from("{");
        while let Some(key) = next {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(Self::encode::<_, A::Error>(key)?.get());
            text.push(':');
            text.push_str(map.next_value::<Json>()?.get());
            next = map.next_key_seed(TextSeed)?;
        }
        text.push('}');
        Json::parse(text).map_err(A::Error::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
        let mut text = String::from("[");
        while let Some(element) = seq.next_element::<Json>()? {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(element.get());
        }
        text.push(']');
        Json::parse(text).map_err(A::Error::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        Json::deserialize(deserializer)
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Json, E> {
        Ok(Json::null())
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Json, E> {
        Ok(Json::null())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Json, E> {
        Self::encode(value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        Self::encode(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        Self::encode(value)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Json, E> {
        Self::encode(value)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Json, E> {
        Self::encode(value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        if value.is_finite() { Self::encode(value) } else { Err(E::custom(format!("{value} is not a JSON number"))) }
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Json, E> {
        Self::encode(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_equals_the_same_text_from_another_source_and_is_written_alike() {
        let (short, long) = ("1".repeat(Text::SHORT), "1".repeat(Text::SHORT + 1));
        for text in ["null", "[]", "{}", "0", "[ ]", r#""é""#, r#""a long text of many bytes""#, &short, &long] {
            let read: Json = reader::from_str(text).unwrap();
            assert_eq!(matches!(read.0, Text::Short { .. }), text.len() <= Text::SHORT, "{text}");
            assert_eq!(read, Json::parse(text).unwrap());
            assert_eq!(read, serde_json::from_str(text).unwrap());
            assert_eq!(serde_json::to_string(&read).unwrap(), text);
            assert_eq!(serde_json::to_string(&read.clone()).unwrap(), text);
            assert_eq!(Box::<RawValue>::from(read).get(), text);
        }
        assert_eq!(size_of::<Json>(), 24);
    }
}
