//! Reading the literal text of a JSON value through serde.
//!
//! serde has no request for "the text of this number". serde_json's `RawValue` gets it by asking
//! for a newtype struct with a private name. This module requests the same name with its own
//! visitor. The visitor gets the text borrowed from the input where possible, so that nothing is
//! allocated. It also accepts formats that do not know the name. The name is learnt from `RawValue`
//! itself, so it cannot differ from the one that serde_json expects.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use serde::de::value::Error as ProbeError;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize as _, Serializer, forward_to_deserialize_any};
use serde_json::value::RawValue;

/// Returns the name under which serde_json provides the text of a value; `None` if this version of
/// serde_json has none.
pub(crate) fn token() -> Option<&'static str> {
    static TOKEN: OnceLock<Option<&'static str>> = OnceLock::new();
    *TOKEN.get_or_init(learn_token)
}

fn learn_token() -> Option<&'static str> {
    /// A deserializer without data that records the name of the newtype struct it is asked for.
    struct Listener<'a>(&'a Cell<Option<&'static str>>);

    impl<'de> Deserializer<'de> for Listener<'_> {
        type Error = ProbeError;

        fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, ProbeError> {
            Err(ProbeError::custom("nothing here"))
        }

        fn deserialize_newtype_struct<V: Visitor<'de>>(
            self,
            name: &'static str,
            visitor: V,
        ) -> Result<V::Value, ProbeError> {
            self.0.set(Some(name));
            self.deserialize_any(visitor)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    let heard = Cell::new(None);
    let _ = Box::<RawValue>::deserialize(Listener(&heard));
    heard.get()
}

/// Asks the deserializer for the text of a value. The visitor gets `visit_map` with [`token`] as
/// the only key, or `visit_newtype_struct` from formats other than JSON.
pub(crate) fn deserialize_raw<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    match token() {
        Some(name) => deserializer.deserialize_newtype_struct(name, visitor),
        None => Err(D::Error::custom("this version of serde_json does not give out the text of a value")),
    }
}

/// Returns the text behind the key [`token`], or `None` if the map is a real map.
///
/// Callers should parse the text after this function returns. The path of an error that arises
/// while the map is being read would show the private name.
pub(crate) fn raw_text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Cow<'de, str>>, A::Error> {
    match map.next_key_seed(TextSeed)? {
        Some(key) if Some(&*key) == token() => map.next_value_seed(TextSeed).map(Some),
        _ => Ok(None),
    }
}

/// Reads a string, borrowed if the format allows it.
pub(crate) struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for TextSeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text))
    }
}

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    /// Returns the kind of a value that is well-formed JSON. A number with a fraction or an
    /// exponent is not an integer.
    pub(crate) fn of(json: &str) -> Self {
        match json.bytes().next() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::Array,
            Some(b'"') => Self::String,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'-' | b'0'..=b'9') if json.bytes().any(|b| matches!(b, b'.' | b'e' | b'E')) => Self::Number,
            Some(b'-' | b'0'..=b'9') => Self::Integer,
            _ => Self::Null,
        }
    }

    /// Returns the kind with its article.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A value that is not an array or an object.
pub(crate) enum Scalar<'a> {
    /// A string, without quotes and escapes.
    String(Cow<'a, str>),
    /// The JSON text of any other value.
    Other(&'a str),
}

/// A type that can be created from a scalar.
pub(crate) trait FromScalar: Sized {
    /// The expected value, as an error message names it.
    const EXPECTED: &'static str;

    /// Creates the value, or returns the reason why it cannot.
    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String>;

    /// Returns the message for a value of the wrong kind.
    fn unfit(found: Kind) -> String {
        format!("expected {}, found {}", Self::EXPECTED, found.name())
    }
}

/// Reads a scalar from its literal text.
pub(crate) fn read<'de, T: FromScalar, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserialize_raw(deserializer, ScalarVisitor(PhantomData))
}

/// Writes a number with its exact digits: as a number in JSON, as text in binary formats.
pub(crate) fn write_number<S: Serializer>(digits: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if !serializer.is_human_readable() {
        return serializer.serialize_str(digits);
    }
    let raw: &RawValue = serde_json::from_str(digits).map_err(serde::ser::Error::custom)?;
    raw.serialize(serializer)
}

fn from_json<T: FromScalar>(json: &str) -> Result<T, String> {
    match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(plain) if !plain.contains('\\') => T::from_scalar(Scalar::String(Cow::Borrowed(plain))),
        Some(_) => {
            let text: String = serde_json::from_str(json).map_err(|error| error.to_string())?;
            T::from_scalar(Scalar::String(Cow::Owned(text)))
        }
        None => match Kind::of(json) {
            found @ (Kind::Array | Kind::Object) => Err(T::unfit(found)),
            _ => T::from_scalar(Scalar::Other(json)),
        },
    }
}

struct ScalarVisitor<T>(PhantomData<T>);

impl<T: FromScalar> ScalarVisitor<T> {
    fn other<E: Error>(text: &str) -> Result<T, E> {
        T::from_scalar(Scalar::Other(text)).map_err(E::custom)
    }

    fn number<E: Error>(value: impl fmt::Display) -> Result<T, E> {
        Self::other(&value.to_string())
    }
}

impl<'de, T: FromScalar> Visitor<'de> for ScalarVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        match raw_text(&mut map)? {
            Some(json) => from_json(&json).map_err(A::Error::custom),
            None => Err(A::Error::custom(T::unfit(Kind::Object))),
        }
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_scalar(Scalar::String(Cow::Borrowed(text))).map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        Self::number(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        Self::number(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::number(value)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<T, E> {
        Self::number(value)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<T, E> {
        Self::number(value)
    }

    // The shortest text of a float is most likely the text that its writer had.

    fn visit_f32<E: Error>(self, value: f32) -> Result<T, E> {
        if value.is_finite() { Self::number(value) } else { Err(E::custom(format!("{value} is not a JSON number"))) }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        if value.is_finite() { Self::number(value) } else { Err(E::custom(format!("{value} is not a JSON number"))) }
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Self::other("null")
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        Self::other("null")
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        read(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(A::Error::custom(T::unfit(Kind::Array)))
    }
}

/// Cuts a text to a length that fits into an error message.
pub(crate) fn shorten(text: &str) -> Box<str> {
    const LONGEST: usize = 48;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()).into(),
        None => text.into(),
    }
}

/// Returns the message of an error without its line and column. They would mislead, because the
/// text was embedded in other text.
pub(crate) fn unplaced(error: &serde_json::Error) -> String {
    let mut message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if message.ends_with(&place) {
        message.truncate(message.len() - place.len());
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_json_shows_the_name_of_its_raw_values() {
        assert_eq!(token(), Some("$serde_json::private::RawValue"));
    }
}
