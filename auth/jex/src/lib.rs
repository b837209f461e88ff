#![doc = include_str!("../README.md")]

use std::time::Duration;

use venuekit::http::HeaderName;
use venuekit::operation::Security;
use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId, recv_window_millis, time};

pub use venuekit_auth::{CredentialError, Secret};

static API_KEY: HeaderName = HeaderName::from_static("x-jex-apikey");

/// The longest recv window that JEX accepts, in milliseconds.
pub const MAX_RECV_WINDOW_MILLIS: u64 = 60_000;

/// A key of JEX and its secret, which sign requests. Operations without a signature send the key
/// alone, and need no secret. Clones share the key and its rate limits.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    /// `None` for a key without its secret.
    hmac: Option<Hmac>,
    recv_window: Option<Duration>,
    nonces: Nonces,
    limits: KeyLimits,
}

impl Credentials {
    /// Creates credentials that send no recv window. JEX then uses 5 s.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        Ok(Self { hmac: Some(Hmac::from_text(Digest::Sha256, &secret.into())?), ..Self::key_only(key)? })
    }

    /// Creates credentials without a secret, for market data that needs the key alone. An operation
    /// that has to be signed then fails before anything is sent, with
    /// [`CredentialError::NoSecret`].
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, or when it is empty or begins or ends with
    /// white space.
    pub fn key_only(key: impl Into<String>) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            hmac: None,
            recv_window: None,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }

    /// Returns the key that signs.
    fn signing_key(&self) -> Result<&Hmac, CredentialError> {
        self.hmac.as_ref().ok_or(CredentialError::NoSecret)
    }

    /// Sets how long after the time of a request JEX may accept it, from 1 to 60,000 ms. A call may
    /// override it.
    ///
    /// # Errors
    ///
    /// When the window is shorter or longer. A window that a call sets is checked when the call is
    /// signed.
    pub fn with_recv_window(mut self, window: Duration) -> Result<Self, CredentialError> {
        recv_window_millis(window, Some(MAX_RECV_WINDOW_MILLIS))?;
        self.recv_window = Some(window);
        Ok(self)
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            self.key.conceal_in(request);
            if let Some(hmac) = &self.hmac {
                hmac.conceal_in(request);
            }
            request.set_header(&API_KEY, self.key.expose())?;
            if request.security() == Security::Key {
                return Ok(());
            }
            let hmac = self.signing_key()?;
            if let Some(window) = stamp.recv_window.or(self.recv_window) {
                let millis = recv_window_millis(window, Some(MAX_RECV_WINDOW_MILLIS))?;
                request.append_query("recvWindow", &millis.to_string());
            }
            request.append_query("timestamp", &time::unix_millis(stamp.time).to_string());
            // The string to sign is the query as sent and the body, without a separator.
            let string_to_sign = [request.query().as_bytes(), request.body()].concat();
            request.append_query("signature", &hmac.sign(&string_to_sign).lower_hex());
            request.explain(|| String::from_utf8_lossy(&string_to_sign).into_owned());
            Ok(())
        })
    }

    fn check(&self, security: Security) -> Result<(), BoxError> {
        if security == Security::Signed {
            self.signing_key()?;
        }
        Ok(())
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
