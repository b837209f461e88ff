//! Decodes JSON.

use serde::de::{DeserializeOwned, Error as _};
use serde_with::{DeserializeAs, Same};
use venuekit_json::reader::{self, Reader, Text};

use crate::wire::integer::TextIntegers;
use crate::wire::leniency::rebase;

/// The reason why a value could not be decoded, and the path to the error in its JSON.
#[derive(Debug)]
pub struct DecodeError {
    pub(crate) path: String,
    pub(crate) source: serde_json::Error,
}

impl DecodeError {
    /// Creates the error of a whole value.
    pub(crate) fn new(message: String) -> Self {
        Self { path: ".".to_owned(), source: serde_json::Error::custom(message) }
    }
}

impl From<reader::Error> for DecodeError {
    fn from(error: reader::Error) -> Self {
        Self { path: known_path(error.path()), source: error.into() }
    }
}

/// Returns a path without its last step if that is the key of an object that could not be read,
/// `?`. The path then leads to the object; `.` is the whole value.
fn known_path(path: String) -> String {
    match path.strip_suffix('?') {
        Some("") => ".".to_owned(),
        Some(object) => object.strip_suffix('.').map(str::to_owned).unwrap_or(path),
        None => path,
    }
}

/// Decodes a value from the whole text.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    decode_as::<T, Same>(json)
}

/// Decodes a value from the whole text with the adaptor `A`.
pub(crate) fn decode_as<T, A>(json: &[u8]) -> Result<T, DecodeError>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let text = Text::new(json);
    let value = read_as::<T, A>(&text)?;
    rebase(text.as_str(), json);
    Ok(value)
}

/// Reads a value from the whole text with the adaptor `A`.
pub(crate) fn read_as<T, A>(text: &Text<'_>) -> Result<T, reader::Error>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let mut reader = Reader::new(text);
    let value = A::deserialize_as(TextIntegers(&mut reader))?;
    reader.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use rust_decimal::Decimal;

    use super::*;
    use crate::wire::{DecimalNumber, DecimalString};

    /// Returns the path and the message of the error.
    fn fault<T: Debug>(result: Result<T, DecodeError>) -> (String, String) {
        let DecodeError { path, source } = result.unwrap_err();
        let message = source.to_string();
        (path, message.split(" at line").next().unwrap_or_default().to_owned())
    }

    #[test]
    fn an_integer_is_read_from_a_number_and_from_text_of_its_digits() {
        assert_eq!(decode::<i64>(b" 28 ").unwrap(), 28);
        assert_eq!(decode::<i64>(br#""28""#).unwrap(), 28);
        assert_eq!(decode::<Option<u64>>(br#""18446744073709551615""#).unwrap(), Some(u64::MAX));
        assert_eq!(decode::<Option<u64>>(b"null").unwrap(), None);
        assert_eq!(decode::<Vec<i32>>(br#"["1",2]"#).unwrap(), [1, 2]);
        assert_eq!(decode::<BTreeMap<String, i32>>(br#"{"1":"2"}"#).unwrap(), BTreeMap::from([("1".to_owned(), 2)]));
        assert_eq!(decode::<String>(br#""28""#).unwrap(), "28");
        for json in [r#""028""#, r#""1.0""#, r#""""#, "028", r#""28" 1"#, r#"["1"]"#] {
            assert_eq!(fault(decode::<i64>(json.as_bytes())).0, ".", "{json}");
        }
    }

    #[test]
    fn a_decode_error_has_its_path_with_and_without_an_adaptor() {
        let json = br#"{"BTC":["1","x"]}"#;
        assert_eq!(
            fault(decode::<BTreeMap<String, Vec<i64>>>(json)),
            ("BTC[1]".to_owned(), r#"invalid value: string "x", expected i64"#.to_owned())
        );
        assert_eq!(
            fault(decode_as::<BTreeMap<String, Vec<Decimal>>, BTreeMap<Same, Vec<DecimalString>>>(json)),
            ("BTC[1]".to_owned(), r#""x" is not a decimal: unexpected 'x' at byte 0"#.to_owned())
        );
        assert_eq!(fault(decode_as::<Vec<Decimal>, Vec<DecimalNumber>>(b"[1.5,[]]")).0, "[1]");
        assert_eq!(fault(decode_as::<Decimal, DecimalNumber>(b"true")).0, ".");
        assert_eq!(fault(decode_as::<Vec<Decimal>, Vec<DecimalNumber>>(b"[1.5] x")).0, ".");
        assert_eq!(decode_as::<Decimal, DecimalNumber>(br#""1.50""#).unwrap().to_string(), "1.50");
    }

    #[test]
    fn an_error_at_a_key_that_cannot_be_read_has_the_path_of_its_object() {
        type Nested = BTreeMap<String, BTreeMap<String, i64>>;
        for (json, path) in [
            ("{", "."),
            ("{a", "."),
            (r#"{"a":{"b":1,"#, "a"),
            (r#"{"a":{"b":1 x"#, "a"),
            (r#"{"?":{"b":true}}"#, "?.b"),
        ] {
            assert_eq!(fault(decode::<Nested>(json.as_bytes())).0, path, "{json}");
        }
        assert_eq!(fault(decode::<Vec<BTreeMap<String, i64>>>(br#"[{},{"#)).0, "[1]");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_a_fault_only_where_they_are_read() {
        #[derive(Debug, serde::Deserialize)]
        struct Named {
            name: String,
        }
        assert_eq!(decode::<Named>(b"{\"other\":\"\xff\",\"name\":\"a\"}").unwrap().name, "a");
        let (path, message) = fault(decode::<Named>(b"{\"name\":\"\xff\"}"));
        assert_eq!((&*path, &*message), ("name", "invalid unicode code point"));
    }
}
