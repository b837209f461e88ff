//! Decodes JSON.

use serde::de::{DeserializeOwned, Error as _};
use serde_path_to_error::Track;
use serde_with::{DeserializeAs, Same};

use crate::wire::integer::TextIntegers;
use crate::wire::leniency::Unrecorded;

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

/// Decodes a value from the whole text.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    decode_as::<T, Same>(json)
}

/// Decodes a value from the whole text with the adaptor `A`.
pub(crate) fn decode_as<T, A>(json: &[u8]) -> Result<T, DecodeError>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    read_as::<T, A>(json).map_err(|source| DecodeError { path: locate::<T, A>(json), source })
}

/// Reads a value from the whole text with the adaptor `A`.
pub(crate) fn read_as<T, A>(json: &[u8]) -> Result<T, serde_json::Error>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = A::deserialize_as(TextIntegers(&mut deserializer))?;
    deserializer.end()?;
    Ok(value)
}

/// Decodes once more, with a slower decoder, to find the path to the error. The path is `.` if the
/// error concerns the whole value.
#[cold]
pub(crate) fn locate<T, A>(json: &[u8]) -> String
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let _unrecorded = Unrecorded::begin();
    let (mut deserializer, mut track) = (serde_json::Deserializer::from_slice(json), Track::new());
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    match A::deserialize_as(TextIntegers(tracked)) {
        Err(_) => track.path().to_string(),
        Ok(_) => ".".to_owned(),
    }
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
}
