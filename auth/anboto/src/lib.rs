#![doc = include_str!("../README.md")]

use std::time::Duration;

use venuekit::http::HeaderName;
use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId, RsaKey, recv_window_millis, time};

pub use venuekit_auth::{CredentialError, Secret};

static API_KEY: HeaderName = HeaderName::from_static("anboto-api-key");
static SIGN: HeaderName = HeaderName::from_static("anboto-sign");
static TIMESTAMP: HeaderName = HeaderName::from_static("anboto-timestamp");
static TS: HeaderName = HeaderName::from_static("anboto-ts");
static RECV_WINDOW: HeaderName = HeaderName::from_static("anboto-recv-window");
static LIVE_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
static LIVE_SIGN: HeaderName = HeaderName::from_static("x-sign");
static LIVE_TIMESTAMP: HeaderName = HeaderName::from_static("x-timestamp");
static LIVE_RECV_WINDOW: HeaderName = HeaderName::from_static("x-recv-window");

/// A key of Anboto and its secret or private key, which sign requests. Clones share the key and its
/// rate limits.
#[derive(Clone, Debug)]
pub struct Credentials {
    key: KeyId,
    signing: SigningKey,
    scheme: Scheme,
    recv_window: u64,
    nonces: Nonces,
    limits: KeyLimits,
}

#[derive(Clone, Debug)]
enum SigningKey {
    Hmac(Hmac),
    Rsa(RsaKey),
}

/// A signing scheme. The document of 2024-01-28 describes one; the service that opened later
/// requires another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Document,
    Live,
}

impl Credentials {
    /// Creates credentials by the document's scheme, from a key that Anboto generated and its
    /// secret. The signature is hexadecimal, and the headers are `ANBOTO-..`. The document does not
    /// say how the secret becomes the key of the HMAC: its text is taken, which is the usual way.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, when the secret has control characters, or
    /// when the key or the secret is empty or begins or ends with white space.
    pub fn new(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        let hmac = Hmac::from_text(Digest::Sha256, &secret.into())?;
        Self::with(key, SigningKey::Hmac(hmac), Scheme::Document)
    }

    /// Creates credentials by the document's scheme, from a key of your own. `pem` is the RSA
    /// private key, in PKCS#8 or PKCS#1. Anboto has its public key. The document does not state the
    /// padding: PKCS#1 v1.5 is taken, which is the usual one.
    ///
    /// # Errors
    ///
    /// When the key cannot be the value of a header, is empty, or begins or ends with white space.
    /// When `pem` is encrypted, or holds no RSA private key of 2048 to 8192 bits.
    pub fn rsa(key: impl Into<String>, pem: impl Into<Secret>) -> Result<Self, CredentialError> {
        Self::with(key, SigningKey::Rsa(RsaKey::from_pem(&pem.into())?), Scheme::Document)
    }

    /// Creates credentials by the live service's scheme, from a key that Anboto generated and its
    /// secret. The secret is the key of the HMAC in base64, and the signature is base64. The signed
    /// query is sorted and not encoded, and the headers are `X-..`.
    ///
    /// Do not send orders or cancels with the client of the document: properties have other names
    /// there. So an order may be placed without its limit price, its times, its clip size and its
    /// `clientOrderId`, a cancel may arrive without its id, and the response cannot be read.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), and when the secret is not base64 (standard or URL-safe).
    pub fn live(key: impl Into<String>, secret: impl Into<Secret>) -> Result<Self, CredentialError> {
        let hmac = Hmac::from_base64(Digest::Sha256, &secret.into())?;
        Self::with(key, SigningKey::Hmac(hmac), Scheme::Live)
    }

    /// Creates credentials by the live service's scheme, from a key of your own: [`rsa`](Self::rsa)
    /// with the headers and the query of [`live`](Self::live). The warning of [`live`](Self::live)
    /// holds here too.
    ///
    /// # Errors
    ///
    /// As for [`rsa`](Self::rsa).
    pub fn live_rsa(key: impl Into<String>, pem: impl Into<Secret>) -> Result<Self, CredentialError> {
        Self::with(key, SigningKey::Rsa(RsaKey::from_pem(&pem.into())?), Scheme::Live)
    }

    fn with(key: impl Into<String>, signing: SigningKey, scheme: Scheme) -> Result<Self, CredentialError> {
        Ok(Self {
            key: KeyId::new(key)?,
            signing,
            scheme,
            recv_window: 5_000,
            nonces: Nonces::new(),
            limits: KeyLimits::new(),
        })
    }

    /// Sets how long after the time of a request Anboto may accept it, at least 1 ms. The default
    /// is 5 s. A call may override it.
    ///
    /// # Errors
    ///
    /// When the window is shorter than 1 ms. A window that a call sets is checked when the call is
    /// signed.
    pub fn with_recv_window(mut self, window: Duration) -> Result<Self, CredentialError> {
        self.recv_window = recv_window_millis(window, None)?;
        Ok(self)
    }

    /// Returns the part of the signed string that follows time, key and recv window.
    fn payload(&self, request: &SignableRequest) -> Vec<u8> {
        let query = match self.scheme {
            Scheme::Document => request.query().to_owned(),
            Scheme::Live => sorted_and_decoded(request.query_pairs()),
        };
        [query.as_bytes(), request.body()].concat()
    }

    fn signature(&self, string_to_sign: &[u8]) -> Result<String, BoxError> {
        let signature = match &self.signing {
            SigningKey::Hmac(hmac) => hmac.sign(string_to_sign),
            SigningKey::Rsa(key) => key.sign(string_to_sign)?,
        };
        Ok(match (&self.signing, self.scheme) {
            (SigningKey::Hmac(_), Scheme::Document) => signature.lower_hex(),
            (SigningKey::Hmac(_), Scheme::Live) | (SigningKey::Rsa(_), _) => signature.base64(),
        })
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let key = &self.key;
            key.conceal_in(request);
            if let SigningKey::Hmac(hmac) = &self.signing {
                hmac.conceal_in(request);
            }
            let time = time::unix_millis(stamp.time).to_string();
            let window = match stamp.recv_window {
                Some(window) => recv_window_millis(window, None)?,
                None => self.recv_window,
            }
            .to_string();
            let payload = self.payload(request);
            let string_to_sign =
                [time.as_bytes(), key.expose().as_bytes(), window.as_bytes(), payload.as_slice()].concat();
            let signature = self.signature(&string_to_sign)?;
            match self.scheme {
                Scheme::Document => {
                    request.set_header(&API_KEY, key.expose())?;
                    request.set_header(&SIGN, &signature)?;
                    // Both headers are set: the document's prose names one of them, and its tables
                    // and samples the other.
                    request.set_header(&TIMESTAMP, &time)?;
                    request.set_header(&TS, &time)?;
                    request.set_header(&RECV_WINDOW, &window)?;
                }
                Scheme::Live => {
                    request.set_header(&LIVE_API_KEY, key.expose())?;
                    request.set_header(&LIVE_SIGN, &signature)?;
                    request.set_header(&LIVE_TIMESTAMP, &time)?;
                    request.set_header(&LIVE_RECV_WINDOW, &window)?;
                }
            }
            request.explain(|| format!("{time}{key}{window}{}", String::from_utf8_lossy(&payload)));
            Ok(())
        })
    }

    fn scheme(&self) -> Option<&str> {
        Some(match self.scheme {
            Scheme::Document => "document",
            Scheme::Live => "live",
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

/// Returns `name=value` of each pair, sorted by name and not encoded, joined by `&`. Pairs with the
/// same name keep their order.
fn sorted_and_decoded(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<_> = pairs.iter().collect();
    pairs.sort_by_key(|(name, _)| name);
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}
