//! Integers, read from numbers and from text of digits.
//!
//! `PickFirst<(_, DisplayFromStr)>` of `serde_with` does not fit: it also accepts `"+1"` and
//! `"028"`.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use venuekit_json::reader::number_token;

use super::raw::{TextSeed, shorten};

/// A deserializer that also reads an integer from text if a type requests an integer.
///
/// The text has to be the integer as JSON writes it: `"28"` and `"-7"`, but not `"028"`, `"+1"`,
/// `"1.0"`, `"1e3"` or `" 1"`. A type that takes any kind of value, such as an id that is an
/// integer or text, sees the unchanged text.
///
/// This also applies inside options, lists and maps. It does not apply inside structs and tuples:
/// objects and rows start it again for their own fields, so that the types of nested objects do not
/// grow.
pub(crate) struct TextIntegers<D>(pub(crate) D);

macro_rules! integers {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.deserialize_any(IntegerVisitor(visitor))
        }
    )* };
}

macro_rules! with_inner {
    ($($method:ident)*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method(Inner(visitor))
        }
    )* };
}

macro_rules! unchanged {
    ($($method:ident($($argument:ident: $ty:ty),*))*) => { $(
        fn $method<V: Visitor<'de>>(self, $($argument: $ty,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$method($($argument,)* visitor)
        }
    )* };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for TextIntegers<D> {
    type Error = D::Error;

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    with_inner! { deserialize_option deserialize_seq deserialize_map }

    unchanged! {
        deserialize_any()
        deserialize_bool()
        deserialize_i128()
        deserialize_u128()
        deserialize_f32()
        deserialize_f64()
        deserialize_char()
        deserialize_str()
        deserialize_string()
        deserialize_bytes()
        deserialize_byte_buf()
        deserialize_unit()
        deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str)
        deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
        deserialize_identifier()
        deserialize_ignored_any()
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }
}

/// A wrapper of serde's types whose inner values are read through [`TextIntegers`].
#[derive(Debug)]
pub(crate) struct Inner<T>(pub(crate) T);

impl<'de, V: Visitor<'de>> Visitor<'de> for Inner<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(TextIntegers(deserializer))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Inner(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Inner(map))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Inner<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Inner(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Inner<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(seed)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Inner(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Inner<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(TextIntegers(deserializer))
    }
}

/// A visitor that passes an integer on, whether it came as a number or as text.
struct IntegerVisitor<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for IntegerVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        self.0.visit_i64(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        self.0.visit_u64(value)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        if is_integer(text) {
            if let Ok(value) = text.parse() {
                return self.0.visit_u64(value);
            }
            if let Ok(value) = text.parse() {
                return self.0.visit_i64(value);
            }
        }
        Err(E::invalid_value(Unexpected::Str(&shorten(text)), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let key = map.next_key_seed(TextSeed)?;
        if key.is_some() && key.as_deref() == number_token() {
            return self.visit_str(&map.next_value_seed(TextSeed)?);
        }
        Err(A::Error::invalid_type(Unexpected::Map, &self))
    }
}

/// Returns whether a text is an integer as JSON writes it, except `-0`. Each integer has exactly
/// one such text.
pub(super) fn is_integer(text: &str) -> bool {
    match text.strip_prefix('-').unwrap_or(text).as_bytes() {
        [b'0'] => !text.starts_with('-'),
        [b'1'..=b'9', rest @ ..] => rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_has_one_text() {
        for text in ["0", "7", "-7", "10", "18446744073709551616", "-9223372036854775808"] {
            assert!(is_integer(text), "{text}");
        }
        for text in ["", "-", "-0", "00", "01", "-01", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "1_0", "١", "NaN"] {
            assert!(!is_integer(text), "{text}");
        }
    }
}
