//! The secret part of credentials, from which a signing key is created.
//!
//! `secrecy` is not used: it would be one more type in the API, and `zeroize`, on which it is
//! built, is enough here.

use std::fmt;

use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::error::CredentialError;

/// A secret, a password or a private key as text. It is wiped from memory when dropped. `Debug`
/// shows nothing of it, and no public method returns it.
///
/// A secret that is created from a `String` takes the string over and wipes it. A secret that is
/// created from a `&str` wipes only its own copy.
///
/// ```
/// let secret = venuekit_auth::Secret::from("do not print me");
/// assert_eq!(format!("{secret:?}"), "Secret(..)");
/// ```
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the text unchanged. It is an error if the text is empty, is padded (see
    /// [`is_padded`]), or has control characters.
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

    /// Returns the bytes that the text encodes in base64, standard or URL-safe, padded or not.
    pub(crate) fn base64(&self) -> Result<Zeroizing<Vec<u8>>, CredentialError> {
        decode_base64(self.line()?.as_bytes()).ok_or(CredentialError::SecretNotBase64)
    }

    /// Returns the text unchanged, with any number of lines. It is an error if the text is empty.
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

/// Returns whether a text begins or ends with white space or a byte order mark, which an editor or
/// a shell may add.
pub(crate) fn is_padded(text: &str) -> bool {
    let padding = |character: char| character.is_whitespace() || character == '\u{feff}';
    text.starts_with(padding) || text.ends_with(padding)
}

/// Decodes base64; `None` if the text encodes no bytes. A text with `-` or `_` is read in the
/// URL-safe alphabet, any other text in the standard one. A text that mixes both is not valid.
pub(crate) fn decode_base64(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let alphabet = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) { &URL_SAFE } else { &STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // The buffer has its full length from the start: a buffer that grows would leave a copy in
    // memory.
    let mut bytes = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
    let length = GeneralPurpose::new(alphabet, config).decode_slice(text, &mut bytes).ok()?;
    bytes.truncate(length);
    (length > 0).then_some(bytes)
}
