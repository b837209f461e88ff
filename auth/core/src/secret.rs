//! The secret half of credentials, on its way into a key that signs.

use std::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::error::CredentialError;

/// A secret or a private key as text, wiped from memory when dropped. `Debug` shows nothing of it,
/// and nothing gives it back.
///
/// Made from a `String`, it takes that over and wipes it; made from a `&str`, it wipes its copy
/// alone.
///
/// ```
/// let secret = venuekit_auth::Secret::from("do not print me");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text as it is, of one line.
    pub(crate) fn line(&self) -> Result<&str, CredentialError> {
        if self.0.trim().is_empty() {
            return Err(CredentialError::EmptySecret);
        }
        if is_padded(&self.0) {
            return Err(CredentialError::PaddedSecret);
        }
        if self.0.contains(char::is_control) {
            return Err(CredentialError::SecretNotOneLine);
        }
        Ok(&self.0)
    }

    /// The bytes that the text stands for in base64, standard or URL-safe, padded or not.
    pub(crate) fn base64(&self) -> Result<Zeroizing<Vec<u8>>, CredentialError> {
        decode_base64(self.line()?.as_bytes()).ok_or(CredentialError::SecretNotBase64)
    }

    /// The text as it is, of any number of lines.
    pub(crate) fn lines(&self) -> Result<&str, CredentialError> {
        if self.0.trim().is_empty() { Err(CredentialError::EmptySecret) } else { Ok(&self.0) }
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Returns whether a text begins or ends with white space or a byte order mark, which editors and
/// shells leave there.
pub(crate) fn is_padded(text: &str) -> bool {
    let padding = |character: char| character.is_whitespace() || character == '\u{feff}';
    text.starts_with(padding) || text.ends_with(padding)
}

/// The bytes of a base64 text, at least one. Which of the two alphabets it is in, its own
/// characters say; the two are not mixed.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let alphabet = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) { &URL_SAFE } else { &STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // Of its full length from the start: a buffer that grew would leave a copy behind.
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = GeneralPurpose::new(alphabet, config).decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    (length > 0).then_some(bytes)
}
