//! Finds values in a body without building a tree of it.
//!
//! Every response is searched for codes, and a large one should not become a tree only for that.
//! `serde_json::Value::pointer`, the JSONPath crates and `venuekit_json::Tree` need a tree of the
//! whole body. So this module walks over the text itself. It borrows the values that it finds, and
//! supports the segment `*`. `venuekit_json::pointer` parses the pointers.

use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;

use rust_decimal::Decimal;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use venuekit_json::pointer;

/// Returns the values at a JSON pointer, in the order of the body. A segment `*` stands for each
/// element of an array. A text that is not a pointer finds nothing. Returns `None` if the body is
/// not JSON.
pub(crate) fn find<'a>(body: &'a [u8], pointer: &str) -> Option<Vec<&'a RawValue>> {
    let Some(segments) = pointer::segments(pointer) else { return Some(Vec::new()) };
    let mut found = Vec::new();
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    Walk { segments: &segments, found: &mut found }.deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    Some(found)
}

/// Returns the body without the byte order mark with which some servers begin it (RFC 8259, 8.1: a
/// reader may skip it).
pub(crate) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Returns whether `body` begins like a JSON object, array or string, the kinds that can contain a
/// code.
pub(crate) fn begins_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'))
}

/// Returns the first value that is present and not null at one of several pointers.
pub(crate) fn first<'a>(body: &'a [u8], pointers: &[&str]) -> Option<&'a RawValue> {
    let hit = pointers.iter().try_for_each(|pointer| {
        let found = find(body, pointer).unwrap_or_default();
        match found.into_iter().find(|value| value.get() != "null") {
            Some(value) => ControlFlow::Break(value),
            None => ControlFlow::Continue(()),
        }
    });
    hit.break_value()
}

/// Returns whether a scalar of a body equals the JSON value `expected`. Numbers compare by value,
/// strings without escapes.
pub(crate) fn is_same_scalar(value: &RawValue, expected: &str) -> bool {
    let value = value.get();
    value == expected
        || match (number(value), number(expected)) {
            (Some(value), Some(expected)) => value == expected,
            _ => match (serde_json::from_str::<String>(value), serde_json::from_str::<String>(expected)) {
                (Ok(value), Ok(expected)) => value == expected,
                _ => false,
            },
        }
}

/// Parses a JSON number exactly, including its exponent; `None` for other text, and for a number
/// that a [`Decimal`] cannot hold.
pub(crate) fn number(json: &str) -> Option<Decimal> {
    if !json.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
        return None;
    }
    Decimal::from_str_exact(json).or_else(|_| Decimal::from_scientific(json)).ok()
}

/// Returns the text of a scalar; a JSON string without its escapes.
pub(crate) fn text(value: &RawValue) -> String {
    serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

struct Walk<'s, 'f, 'a> {
    segments: &'s [String],
    found: &'f mut Vec<&'a RawValue>,
}

impl<'a> DeserializeSeed<'a> for Walk<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.segments.is_empty() {
            self.found.push(serde::Deserialize::deserialize(deserializer)?);
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Walk<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        let (segment, rest) = self.segments.split_first().ok_or_else(|| A::Error::custom("no segment"))?;
        while let Some(key) = map.next_key::<Cow<'a, str>>()? {
            if key == segment.as_str() {
                map.next_value_seed(Walk { segments: rest, found: &mut *self.found })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut seq: A) -> Result<(), A::Error> {
        let (segment, rest) = self.segments.split_first().ok_or_else(|| A::Error::custom("no segment"))?;
        let wanted = pointer::index(segment);
        for index in 0.. {
            let more = if segment == "*" || wanted == Some(index) {
                seq.next_element_seed(Walk { segments: rest, found: &mut *self.found })?.is_some()
            } else {
                seq.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                break;
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(body: &str, pointer: &str) -> Option<Vec<String>> {
        Some(find(body.as_bytes(), pointer)?.into_iter().map(|v| v.get().to_owned()).collect())
    }

    #[test]
    fn a_pointer_finds_properties_and_elements_and_an_asterisk_finds_all_elements() {
        let body = r#"{"a":{"b/c":[10,{"x":1.50}]},"e":[{"s":true},{"s":false},{}]}"#;
        assert_eq!(texts(body, "/a/b~1c/0").unwrap(), ["10"]);
        assert_eq!(texts(body, "/a/b~1c/1/x").unwrap(), ["1.50"]);
        assert_eq!(texts(body, "/e/*/s").unwrap(), ["true", "false"]);
        assert_eq!(texts(body, "/nope/x").unwrap(), Vec::<String>::new());
        assert_eq!(texts(body, "/a/b~1c/0/deeper").unwrap(), Vec::<String>::new());
        assert_eq!(texts("[1,2]", "").unwrap(), ["[1,2]"]);
        assert_eq!(texts("[1,2]", "a").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn invalid_json_has_no_values() {
        assert_eq!(texts("<html>", "/a"), None);
        assert_eq!(texts(r#"{"a":1"#, "/a"), None);
        assert_eq!(texts("", "/a"), None);
        assert_eq!(texts(&"[".repeat(100_000), "/0"), None);
    }
}
