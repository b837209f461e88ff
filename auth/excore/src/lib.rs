#![doc = include_str!("../README.md")]

use venuekit::http::HeaderName;
use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId};

pub use venuekit_auth::{CredentialError, Secret};

static KEY: HeaderName = HeaderName::from_static("key");
static SIGN: HeaderName = HeaderName::from_static("sign");

/// A key of the exchange core and its secret, which sign requests. Clones share the key and its
/// rate limits.
///
/// The signed text has neither time nor nonce: anyone who has seen a request can send it again.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    hmac: Hmac,
    nonces: Nonces,
    limits: KeyLimits,
}

impl Credentials {
    /// Creates credentials from this key and secret.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            hmac: Hmac::from_text(Digest::Sha512, &secret.into())?,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.key.conceal_in(request);
            self.hmac.conceal_in(request);
            let string_to_sign = request.body().to_vec();
            request.set_header(&KEY, self.key.expose())?;
            request.set_header(&SIGN, &self.hmac.sign(&string_to_sign).lower_hex())?;
            request.explain(|| String::from_utf8_lossy(&string_to_sign).into_owned());
            Ok(())
        })
    }

    fn nonces(&self) -> Option<&Nonces> {
        Some(&self.nonces)
    }

    fn uses_nonces(&self) -> bool {
        false
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        Some(self.key.digest())
    }

    fn limits(&self) -> Option<&KeyLimits> {
        Some(&self.limits)
    }
}
