//! Bytes in base64, kept as their text.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::raw::shorten;
use crate::codegen::blank::Blank;

/// Both alphabets are read with and without padding. They are written with padding.
const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD_ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
const URL_SAFE_ENGINE: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, CONFIG);

/// Bytes that are base64 text on the wire (`format: byte`), with the text as it was sent.
///
/// The text is written back unchanged. [`to_bytes`](Self::to_bytes) fails only for a text that is
/// not base64, and the response is not lost.
///
/// Two values are equal if their texts are equal: `"YQ=="` and `"YQ"` are not.
///
/// ```
/// use venuekit::wire::Base64;
///
/// let value: Base64 = serde_json::from_str(r#""aGk""#)?;
/// assert_eq!(&value.to_bytes()?[..], b"hi");
/// assert_eq!(serde_json::to_string(&value)?, r#""aGk""#);
/// assert_eq!(Base64::from(b"hi").as_str(), "aGk=");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Base64(String);

impl Base64 {
    /// Takes a text that is base64 already.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the bytes.
    ///
    /// Both alphabets are read (`+/` and `-_`), with and without padding. Line breaks are skipped.
    ///
    /// # Errors
    ///
    /// When the text is not base64.
    pub fn to_bytes(&self) -> Result<Bytes, NotBase64> {
        let text: String = self.0.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
        let engine = if text.contains(['-', '_']) { URL_SAFE_ENGINE } else { STANDARD_ENGINE };
        match engine.decode(&text) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(NotBase64(format!("`{}`: {error}", shorten(&self.0)))),
        }
    }
}

/// The error of a text that is not base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotBase64(String);

impl fmt::Display for NotBase64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the text is not base64: {}", self.0)
    }
}

impl std::error::Error for NotBase64 {}

impl From<&[u8]> for Base64 {
    fn from(bytes: &[u8]) -> Self {
        Self(STANDARD_ENGINE.encode(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Base64 {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Bytes> for Base64 {
    fn from(bytes: Bytes) -> Self {
        Self::from(&*bytes)
    }
}

impl Blank for Base64 {
    fn blank() -> Self {
        Self::default()
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = Base64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes as base64 text")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Base64, E> {
                Ok(Base64(text.to_owned()))
            }

            fn visit_string<E: serde::de::Error>(self, text: String) -> Result<Base64, E> {
                Ok(Base64(text))
            }
        }

        deserializer.deserialize_string(TextVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_with_and_without_padding() {
        let bytes = Bytes::from_static(b"\xfb\xff\xfe\x00");
        for text in ["+//+AA==", "-__-AA==", "+//+AA", "-__-AA", "+//+\r\nAA==\n"] {
            assert_eq!(Base64::from_text(text).to_bytes().unwrap(), bytes, "{text}");
        }
        assert_eq!(Base64::from(&*bytes).as_str(), "+//+AA==");
        assert_eq!(Base64::from(bytes.clone()), Base64::from(bytes.to_vec()));
        assert_eq!(Base64::default().to_bytes().unwrap(), Bytes::new());
    }

    #[test]
    fn a_text_that_is_not_base64_is_read_and_written_and_has_no_bytes() {
        for text in ["a", "a b", "YQ==YQ==", "+-AA", "é", "YR=="] {
            let json = serde_json::to_string(text).unwrap();
            let value: Base64 = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&value).unwrap(), json);
            let error = value.to_bytes().unwrap_err().to_string();
            assert!(error.starts_with("the text is not base64: `"), "{error}");
        }
        assert!(serde_json::from_str::<Base64>("1").unwrap_err().to_string().contains("bytes as base64 text"));
        assert!(serde_json::from_str::<Base64>("null").is_err());
    }
}
