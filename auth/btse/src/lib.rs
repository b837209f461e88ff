#![doc = include_str!("../README.md")]

use venuekit::http::HeaderName;
use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId};

pub use venuekit_auth::{CredentialError, Secret};

static API: HeaderName = HeaderName::from_static("btse-api");
static NONCE: HeaderName = HeaderName::from_static("btse-nonce");
static SIGN: HeaderName = HeaderName::from_static("btse-sign");

/// A key of BTSE and its secret (BTSE calls it passphrase), which sign requests. Clones share the
/// key, its nonces and its rate limits.
///
/// Create one value per key, and clone it for each client. Nonces rise strictly over all clones,
/// but not over two values that were created separately. Two such values also count the key's
/// limits separately.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    hmac: Hmac,
    unsigned_prefix: Option<String>,
    nonces: Nonces,
    limits: KeyLimits,
}

impl Credentials {
    /// Creates credentials that sign the whole path of the URL, as a client of version 2 does:
    /// `/spot/v2/order`. No signature that the venue publishes proves that this is right.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            hmac: Hmac::from_text(Digest::Sha384, &secret.into())?,
            unsigned_prefix: None,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }

    /// Signs the path without the given leading segments, as versions from 3.1 on require.
    /// `sign_path_without("/spot")` signs `/api/v3.2/order` for the path `/spot/api/v3.2/order`.
    /// The sent path does not change. A path that does not begin with these segments is signed
    /// whole.
    #[must_use]
    pub fn sign_path_without(mut self, prefix: &str) -> Self {
        self.unsigned_prefix = Some(format!("/{}", prefix.trim_matches('/'))).filter(|prefix| prefix != "/");
        self
    }

    /// Returns path, nonce and body, without separators, and without the query.
    fn string_to_sign(&self, request: &SignableRequest, nonce: &str) -> Vec<u8> {
        [self.signed_path(request.path()).as_bytes(), nonce.as_bytes(), request.body()].concat()
    }

    fn signed_path<'a>(&self, path: &'a str) -> &'a str {
        let prefix = self.unsigned_prefix.as_deref().unwrap_or_default();
        path.strip_prefix(prefix).filter(|rest| rest.starts_with('/')).unwrap_or(path)
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.key.conceal_in(request);
            self.hmac.conceal_in(request);
            let nonce = stamp.nonce.to_string();
            let string_to_sign = self.string_to_sign(request, &nonce);
            request.set_header(&API, self.key.expose())?;
            request.set_header(&NONCE, &nonce)?;
            request.set_header(&SIGN, &self.hmac.sign(&string_to_sign).lower_hex())?;
            request.explain(|| String::from_utf8_lossy(&string_to_sign).into_owned());
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
