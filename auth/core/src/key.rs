//! The API key: the public part of credentials.

use std::fmt;

use venuekit::signing::{SensitiveText, SignableRequest};
use zeroize::Zeroizing;

use crate::error::CredentialError;
use crate::secret::is_padded;

/// An API key, by which a venue identifies the caller. Clones share it.
///
/// It is sent with each request, so it has to be printable ASCII. `Debug` hides it. `Display`
/// writes `<key>`, the form for [`explain`](venuekit::signing::SignableRequest::explain).
#[derive(Clone)]
pub struct KeyId(SensitiveText);

impl KeyId {
    /// Creates a key from its text.
    ///
    /// # Errors
    ///
    /// When the text is empty, begins or ends with white space, or is not printable ASCII.
    pub fn new(text: impl Into<String>) -> Result<Self, CredentialError> {
        let mut text = Zeroizing::new(text.into());
        if text.trim().is_empty() {
            return Err(CredentialError::EmptyKey);
        }
        if is_padded(&text) {
            return Err(CredentialError::PaddedKey);
        }
        if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return Err(CredentialError::KeyNotHeaderValue);
        }
        Ok(Self(SensitiveText::from(std::mem::take(&mut *text))))
    }

    /// Returns the key itself, for a header or a string to sign.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// Keeps the key out of errors and logs about this request, even if the venue repeats it.
    pub fn conceal_in(&self, request: &mut SignableRequest) {
        request.conceal(&self.0);
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyId(<key>)")
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<key>")
    }
}
