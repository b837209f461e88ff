//! Reading the literal text of a JSON value through serde.
//!
//! serde has no request for "the text of this number". serde_json's `RawValue` gets it by asking
//! for a newtype struct with a private name. This module requests the same name with its own
//! visitor. The visitor gets the text borrowed from the input where possible, so that nothing is
//! allocated. It also accepts formats that do not know the name.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::{Serialize as _, Serializer};
use serde_json::value::RawValue;
use venuekit_json::reader::{DECIMAL, SCALAR, ShortDecimal, is_token, token};

/// Asks the deserializer for the text of a value. The visitor gets `visit_map` with [`token`] as
/// the only key, or `visit_newtype_struct` from formats other than JSON.
#[inline]
pub(crate) fn deserialize_raw<'de, D: Deserializer<'de>, V: Visitor<'de>>(
    deserializer: D,
    visitor: V,
) -> Result<V::Value, D::Error> {
    match token() {
        Some(name) => deserializer.deserialize_newtype_struct(name, visitor),
        None => Err(D::Error::custom("this version of serde_json does not give out the text of a value")),
    }
}

/// Reads a string, borrowed if the format allows it.
pub(crate) struct TextSeed;

impl<'de> DeserializeSeed<'de> for TextSeed {
    type Value = Cow<'de, str>;

    #[inline]
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

    /// The name under which the value is asked for.
    const REQUEST: &'static str = SCALAR;

    /// Creates the value, or returns the reason why it cannot.
    fn from_scalar(scalar: Scalar<'_>) -> Result<Self, String>;

    /// Does the same for an integer that was written as JSON writes it.
    fn from_integer(integer: i64) -> Result<Self, String> {
        Self::from_scalar(Scalar::Other(&integer.to_string()))
    }

    /// Does the same for a decimal that was written as a number or as a string.
    fn from_decimal(_: ShortDecimal) -> Result<Self, String> {
        Err(Self::unfit(Kind::Number))
    }

    /// Returns the message for a value of the wrong kind.
    fn unfit(found: Kind) -> String {
        format!("expected {}, found {}", Self::EXPECTED, found.name())
    }
}

/// Reads a scalar from its literal text.
pub(crate) fn read<'de, T: FromScalar, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let visitor = ScalarVisitor { is_known_name: true, kind: PhantomData };
    deserializer.deserialize_newtype_struct(T::REQUEST, visitor)
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
        None => match json.as_bytes().first() {
            Some(b'[') => Err(T::unfit(Kind::Array)),
            Some(b'{') => Err(T::unfit(Kind::Object)),
            _ => T::from_scalar(Scalar::Other(json)),
        },
    }
}

struct ScalarVisitor<T> {
    /// True as long as the deserializer may be our own reader, which knows the name of the request.
    is_known_name: bool,
    kind: PhantomData<T>,
}

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

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        // The text is parsed after the map was read. The path of an error that arises while the
        // map is being read would show the private name.
        let value = match map.next_key_seed(TextSeed)? {
            Some(key) if is_token(&key) => from_json(&map.next_value_seed(TextSeed)?),
            _ => Err(T::unfit(Kind::Object)),
        };
        value.map_err(A::Error::custom)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        if self.is_known_name {
            return deserialize_raw(deserializer, Self { is_known_name: false, ..self });
        }
        deserializer.deserialize_any(self)
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::from_scalar(Scalar::String(Cow::Borrowed(text))).map_err(E::custom)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
        Self::number(value)
    }

    #[inline]
    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::from_integer(value).map_err(E::custom)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        Self::number(value)
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<T, E> {
        Self::number(value)
    }

    #[inline]
    fn visit_u128<E: Error>(self, value: u128) -> Result<T, E> {
        match ShortDecimal::unpack(value) {
            Some(decimal) if self.is_known_name && T::REQUEST == DECIMAL => T::from_decimal(decimal).map_err(E::custom),
            _ => Self::number(value),
        }
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
