#![doc = include_str!("../README.md")]

use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId};

pub use venuekit_auth::{CredentialError, Secret};

/// A key and its secret, which sign the login of a connection. Clones share the key, its nonces and
/// its rate limits.
///
/// The signature covers the nonce only. Calls after the login carry no signature.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    hmac: Hmac,
    encoding: Encoding,
    nonces: Nonces,
    limits: KeyLimits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Base64,
    LowerHex,
}

impl Credentials {
    /// Creates credentials whose signature is written in base64, as for `/v3`.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            hmac: Hmac::from_text(Digest::Sha512, &secret.into())?,
            encoding: Encoding::Base64,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }

    /// Writes the signature in lower-case hex, as for `/v4` keys of Gate.
    #[must_use]
    pub fn with_hex_signature(mut self) -> Self {
        self.encoding = Encoding::LowerHex;
        self
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.key.conceal_in(request);
            self.hmac.conceal_in(request);
            let string_to_sign = stamp.nonce.to_string();
            let signature = self.hmac.sign(string_to_sign.as_bytes());
            let signature = match self.encoding {
                Encoding::Base64 => signature.base64(),
                Encoding::LowerHex => signature.lower_hex(),
            };
            request.append_position(&quoted(self.key.expose()))?;
            request.append_position(&quoted(&signature))?;
            request.append_position(&string_to_sign)?;
            request.explain(|| string_to_sign);
            Ok(())
        })
    }

    fn nonces(&self) -> Option<&Nonces> {
        Some(&self.nonces)
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        Some(self.key.digest())
    }

    fn limits(&self) -> Option<&KeyLimits> {
        Some(&self.limits)
    }
}

/// Returns a text as a JSON string. A key has only visible characters of ASCII, and so has base64.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}
