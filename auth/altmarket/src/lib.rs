#![doc = include_str!("../README.md")]

use venuekit::http::header::{CONTENT_TYPE, HeaderName};
use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId, time};

pub use venuekit_auth::{CredentialError, Secret};

static KEY: HeaderName = HeaderName::from_static("key");
static SIGN: HeaderName = HeaderName::from_static("sign");

/// A key of AltMarket and its secret, which sign requests. Clones share the key, its nonces and its
/// rate limits.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    hmac: Hmac,
    states_nonce: bool,
    nonces: Nonces,
    limits: KeyLimits,
}

impl Credentials {
    /// Creates credentials that state the time of each request, without a nonce.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            hmac: Hmac::from_text(Digest::Sha512, &secret.into())?,
            states_nonce: false,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }

    /// Adds a nonce to each request in addition to the time, as some exchanges with this software
    /// require: `nonce`, an integer of at most 64 bits.
    #[must_use]
    pub fn with_nonce(mut self) -> Self {
        self.states_nonce = true;
        self
    }

    /// Adds the time, and the nonce if it is required, to the query. Returns the query as sent,
    /// with its question mark, to be signed.
    fn stamp_query(&self, request: &mut SignableRequest, stamp: Stamp) -> Result<Vec<u8>, BoxError> {
        // The colons are not encoded, as in the document's samples.
        request.append_encoded_query("ts", &time::utc(stamp.time))?;
        if self.states_nonce {
            request.append_query("nonce", &stamp.nonce.to_string());
        }
        Ok(format!("?{}", request.query()).into_bytes())
    }

    /// Adds the time, and the nonce if it is required, as the last properties of the body's JSON
    /// object. Returns the body as sent, to be signed.
    fn stamp_body(&self, request: &mut SignableRequest, stamp: Stamp) -> Result<Vec<u8>, BoxError> {
        request.append_member("ts", &format!("\"{}\"", time::utc(stamp.time)))?;
        if self.states_nonce {
            request.append_member("nonce", &stamp.nonce.to_string())?;
        }
        Ok(request.body().to_vec())
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.key.conceal_in(request);
            self.hmac.conceal_in(request);
            let string_to_sign = match request.method().as_str() {
                "GET" | "HEAD" | "DELETE" => self.stamp_query(request, stamp)?,
                _ => self.stamp_body(request, stamp)?,
            };
            request.set_header(&KEY, self.key.expose())?;
            request.set_header(&SIGN, &self.hmac.sign(&string_to_sign).upper_hex())?;
            request.set_header(&CONTENT_TYPE, "application/json")?;
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
