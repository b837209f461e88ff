//! HMAC with SHA-2.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;
use venuekit::signing::{SensitiveText, SignableRequest};

use crate::error::CredentialError;
use crate::secret::Secret;
use crate::signature::Signature;

/// The hash of an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Digest {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// A key that signs by HMAC. Clones share the key. It is wiped from memory when the last clone is
/// dropped.
#[derive(Clone)]
pub struct Hmac {
    digest: Digest,
    key: Arc<hmac::Key>,
    /// The secret as the user gave it, to redact it if the venue repeats it.
    secret: SensitiveText,
}

impl Hmac {
    /// Creates a key from the UTF-8 bytes of the secret's text.
    ///
    /// # Errors
    ///
    /// When the secret is empty, begins or ends with white space, or has control characters.
    pub fn from_text(digest: Digest, secret: &Secret) -> Result<Self, CredentialError> {
        let text = secret.line()?;
        Ok(Self::new(digest, text.as_bytes(), text))
    }

    /// Creates a key from the bytes that the secret's text encodes in base64: standard or URL-safe,
    /// padded or not.
    ///
    /// # Errors
    ///
    /// As for [`from_text`](Self::from_text), and when the secret is not base64.
    pub fn from_base64(digest: Digest, secret: &Secret) -> Result<Self, CredentialError> {
        Ok(Self::new(digest, &secret.base64()?, secret.line()?))
    }

    fn new(digest: Digest, key: &[u8], secret: &str) -> Self {
        let algorithm = match digest {
            Digest::Sha256 => hmac::HMAC_SHA256,
            Digest::Sha384 => hmac::HMAC_SHA384,
            Digest::Sha512 => hmac::HMAC_SHA512,
        };
        Self { digest, key: Arc::new(hmac::Key::new(algorithm, key)), secret: secret.into() }
    }

    /// Keeps the secret out of errors and logs about this request, even if the venue repeats it.
    pub fn conceal_in(&self, request: &mut SignableRequest) {
        request.conceal(&self.secret);
    }

    /// Returns the HMAC of these bytes.
    pub fn sign(&self, string_to_sign: &[u8]) -> Signature {
        Signature::new(hmac::sign(&self.key, string_to_sign).as_ref())
    }
}

impl fmt::Debug for Hmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hmac").field("digest", &self.digest).finish_non_exhaustive()
    }
}
