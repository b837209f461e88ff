//! The text of a value, as `serde` can pass it on.
//!
//! `serde` has no request for "the text of this number". `serde_json`'s `RawValue` gets it by
//! asking for a newtype struct with a private name, and receives a map with that name as its only
//! key. The reader answers the same request in the same way, so `RawValue` and every type that
//! copies it can be read. The name is learnt from `RawValue` itself, so it cannot differ from the
//! one that `serde_json` expects.

use std::cell::Cell;
use std::fmt;
use std::sync::OnceLock;

use serde::de::value::{BorrowedStrDeserializer, Error as ProbeError};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::value::RawValue;

use super::error::Error;

/// The name with which a visitor asks for a value without a change to its digits.
///
/// A [`Reader`](super::Reader) responds to a request for a newtype struct of this name with
/// `visit_borrowed_str` for a string without escapes, `visit_i64` for an integer as JSON writes it,
/// and for any other value with the map with which it responds to [`token`]. Other deserializers do
/// not know the name, and call `visit_newtype_struct`.
pub const SCALAR: &str = "$venuekit_json::Scalar";

/// The name with which a visitor asks for a decimal.
///
/// The response is `visit_u128` with [`ShortDecimal::pack`](super::ShortDecimal::pack) for a number
/// of at most 19 digits, or a string that is one. Otherwise it is as for [`SCALAR`].
pub const DECIMAL: &str = "$venuekit_json::Decimal";

/// Returns the name under which the text of a value is provided; `None` if this version of
/// `serde_json` does not provide it.
#[inline]
pub fn token() -> Option<&'static str> {
    static TOKEN: OnceLock<Option<&'static str>> = OnceLock::new();
    *TOKEN.get_or_init(learn_token)
}

/// Returns whether a name is [`token`].
#[inline]
pub fn is_token(name: &str) -> bool {
    token().is_some_and(|token| std::ptr::eq(name, token) || name == token)
}

#[cold]
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

/// Returns the key of a map under which `serde_json` provides numbers, if some crate of the program
/// enables its feature `arbitrary_precision`.
#[inline]
pub fn number_token() -> Option<&'static str> {
    static TOKEN: OnceLock<Option<String>> = OnceLock::new();
    TOKEN.get_or_init(learn_number_token).as_deref()
}

#[cold]
fn learn_number_token() -> Option<String> {
    struct Probe;

    impl<'de> Visitor<'de> for Probe {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            map.next_key()
        }
    }

    serde_json::Deserializer::from_str("0").deserialize_any(Probe).ok().flatten()
}

/// A map with a text as its only value.
pub(super) struct TextMap<'de> {
    pub(super) key: &'static str,
    /// The text; `None` after it was taken.
    pub(super) text: Option<&'de str>,
}

impl<'de> TextMap<'de> {
    /// Creates the map with which [`token`] is responded to.
    #[inline]
    pub(super) fn new(text: &'de str) -> Result<Self, Error> {
        let missing = || Error::custom("this version of serde_json does not give out the text of a value");
        Ok(Self { key: token().ok_or_else(missing)?, text: Some(text) })
    }
}

impl<'de> MapAccess<'de> for TextMap<'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if self.text.is_none() {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::new(self.key)).map(Some)
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(BorrowedStrDeserializer::new(self.text.take().unwrap_or_default()))
    }
}

/// Makes a `RawValue` of text that is known to be JSON, without reading it again.
///
/// # Errors
///
/// When this version of `serde_json` does not accept text.
pub fn raw_value(json: &str) -> Result<Box<RawValue>, Error> {
    struct Known<'a>(&'a str);

    impl<'de> Deserializer<'de> for Known<'de> {
        type Error = Error;

        fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_map(TextMap::new(self.0)?)
        }

        forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
            unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
        }
    }

    Box::<RawValue>::deserialize(Known(json))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_json_shows_the_name_of_its_raw_values() {
        assert_eq!(token(), Some("$serde_json::private::RawValue"));
    }

    #[test]
    fn a_raw_value_has_the_text() {
        assert_eq!(raw_value(" [1.50]").unwrap().get(), " [1.50]");
    }
}
