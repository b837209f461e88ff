//! The API key: the public part of credentials.

use std::fmt;

use aws_lc_rs::digest::{Context, SHA256};
use venuekit::signing::{SensitiveText, SignableRequest};
use venuekit::state::KeyDigest;
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

    /// Returns the hash of the key, for
    /// [`Signer::key_digest`](venuekit::signing::Signer::key_digest). All processes with this key
    /// get the same one.
    pub fn digest(&self) -> KeyDigest {
        sha256(&[self.expose().as_bytes()])
    }

    /// Keeps the key out of errors and logs about this request, even if the venue repeats it.
    pub fn conceal_in(&self, request: &mut SignableRequest) {
        request.conceal(&self.0);
    }
}

/// Returns the hash of parts. Parts that are cut at another place have another hash.
pub(crate) fn sha256(parts: &[&[u8]]) -> KeyDigest {
    let mut context = Context::new(&SHA256);
    context.update(b"venuekit key");
    for part in parts {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part);
    }
    let mut hash = [0; 32];
    // SHA-256 has 32 bytes.
    hash.iter_mut().zip(context.finish().as_ref()).for_each(|(to, from)| *to = *from);
    KeyDigest::from_sha256(hash)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_have_a_digest_that_does_not_show_them_and_differs_from_key_to_key() {
        let digest = |text: &str| KeyId::new(text).unwrap().digest().to_string();
        // SHA-256 of `venuekit key`, eight bytes of length, and `my key`; by sha256sum.
        assert_eq!(digest("my key"), "f1e5febeef451df5d28608a1ee5ec204");
        assert_ne!(digest("my key"), digest("my kez"));
        assert_ne!(sha256(&[b"ab", b"c"]), sha256(&[b"a", b"bc"]));
    }
}
