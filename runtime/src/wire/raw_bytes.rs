//! Bytes that are not JSON, written as JSON for calls by name.

use std::fmt;

use bytes::Bytes;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde_with::{DeserializeAs, SerializeAs};

/// The adaptor of a body of bytes in a call by name.
///
/// Bytes that are UTF-8 are written as a JSON string, and others as an array of numbers. Both forms
/// are exact, and both can be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct RawBytes;

impl SerializeAs<Bytes> for RawBytes {
    fn serialize_as<S: Serializer>(source: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(source) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.collect_seq(source.iter()),
        }
    }
}

impl<'de> DeserializeAs<'de, Bytes> for RawBytes {
    fn deserialize_as<D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
        struct BytesVisitor;

        impl<'de> Visitor<'de> for BytesVisitor {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or an array of bytes")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Bytes, E> {
                Ok(Bytes::copy_from_slice(text.as_bytes()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = sequence.next_element::<u8>()? {
                    bytes.push(byte);
                }
                Ok(bytes.into())
            }
        }

        deserializer.deserialize_any(BytesVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::decode::decode_as;
    use crate::wire::EncodeAs;

    #[test]
    fn bytes_are_text_or_numbers_in_json_and_read_back() {
        for (bytes, json) in [(&b"a\"\xc3\xa9"[..], r#""a\"é""#), (b"", r#""""#), (b"\xff\x00", "[255,0]")] {
            let bytes = Bytes::from_static(bytes);
            assert_eq!(serde_json::to_string(&EncodeAs::<_, RawBytes>::new(&bytes)).unwrap(), json);
            assert_eq!(decode_as::<Bytes, RawBytes>(json.as_bytes()).unwrap(), bytes);
        }
        for json in ["256", "[256]", "{}", "null"] {
            assert!(decode_as::<Bytes, RawBytes>(json.as_bytes()).is_err(), "{json}");
        }
    }
}
