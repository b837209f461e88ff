#![doc = include_str!("../README.md")]

use venuekit::signing::{KeyLimits, Nonces, SignableRequest, Signer, Stamp};
use venuekit::state::KeyDigest;
use venuekit::{BoxError, BoxFuture};
use venuekit_auth::{Digest, Hmac, KeyId};

pub use venuekit_auth::{CredentialError, Secret};

/// The largest number of bytes of the source of a login with a token.
const MAX_SOURCE: usize = 31;

/// The credentials of the login of a connection: a key and its secret, which sign it, or a token.
/// Clones share them, their nonces and their rate limits.
///
/// The signature covers the nonce only. Calls after the login carry no signature.
#[derive(Clone, Debug)]
pub struct Credentials {
    kind: Kind,
    nonces: Nonces,
    limits: KeyLimits,
}

#[derive(Clone, Debug)]
enum Kind {
    Signature { key: KeyId, hmac: Hmac, encoding: Encoding },
    Token { token: KeyId, source: String },
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
        let (key, hmac) = (KeyId::new(key)?, Hmac::from_text(Digest::Sha512, &secret.into())?);
        Ok(Self::of(Kind::Signature { key, hmac, encoding: Encoding::Base64 }))
    }

    /// Creates credentials that log in with a token, by `server.auth`. `source` is the origin of
    /// the login, such as `web`. Only the open source core has this login.
    ///
    /// A connection that opens again logs in with the same token. If it is not valid any more, the
    /// calls that need the login fail with the kind
    /// [`Credentials`](venuekit::ErrorKind::Credentials).
    ///
    /// # Errors
    ///
    /// When the token is empty, begins or ends with white space, or is not printable ASCII, and
    /// when the source has more than 31 bytes or control characters.
    pub fn from_token(token: impl Into<String>, source: impl Into<String>) -> Result<Self, CredentialError> {
        let token = KeyId::new(token).map_err(|_| CredentialError::TokenNotValid)?;
        let source = source.into();
        if source.len() > MAX_SOURCE || source.contains(char::is_control) {
            return Err(CredentialError::SourceNotValid { max_bytes: MAX_SOURCE });
        }
        Ok(Self::of(Kind::Token { token, source }))
    }

    fn of(kind: Kind) -> Self {
        Self { kind, nonces: Nonces::new(), limits: KeyLimits::new() }
    }

    /// Writes the signature in lower-case hex, as for `/v4` keys of Gate. A login with a token has
    /// no signature, and stays as it is.
    #[must_use]
    pub fn with_hex_signature(mut self) -> Self {
        if let Kind::Signature { encoding, .. } = &mut self.kind {
            *encoding = Encoding::LowerHex;
        }
        self
    }
}

impl Signer for Credentials {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let (key, hmac, encoding) = match &self.kind {
                Kind::Signature { key, hmac, encoding } => (key, hmac, encoding),
                Kind::Token { token, source } => {
                    token.conceal_in(request);
                    request.append_position(&quoted(token.expose()))?;
                    return request.append_position(&quoted(source));
                }
            };
            key.conceal_in(request);
            hmac.conceal_in(request);
            let string_to_sign = stamp.nonce.to_string();
            let signature = hmac.sign(string_to_sign.as_bytes());
            let signature = match encoding {
                Encoding::Base64 => signature.base64(),
                Encoding::LowerHex => signature.lower_hex(),
            };
            request.append_position(&quoted(key.expose()))?;
            request.append_position(&quoted(&signature))?;
            request.append_position(&string_to_sign)?;
            request.explain(|| string_to_sign);
            Ok(())
        })
    }

    fn login(&self) -> Option<&str> {
        matches!(self.kind, Kind::Token { .. }).then_some("server.auth")
    }

    fn nonces(&self) -> Option<&Nonces> {
        Some(&self.nonces)
    }

    fn uses_nonces(&self) -> bool {
        matches!(self.kind, Kind::Signature { .. })
    }

    fn key_digest(&self) -> Option<KeyDigest> {
        let (Kind::Signature { key, .. } | Kind::Token { token: key, .. }) = &self.kind;
        Some(key.digest())
    }

    fn limits(&self) -> Option<&KeyLimits> {
        Some(&self.limits)
    }
}

/// Returns a text without control characters as a JSON string.
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
