//! The reasons why credentials are not valid.

use std::fmt;

/// An error of credentials, or of one of their settings.
///
/// It gives the reason, and contains no part of the credentials: neither `Debug` nor `Display` can
/// show them. With `?` it becomes a [`venuekit::Error`] of the kind
/// [`Settings`](venuekit::ErrorKind::Settings).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialError {
    /// The key is empty.
    EmptyKey,
    /// The key begins or ends with white space or a byte order mark.
    PaddedKey,
    /// The key cannot be the value of a header: it is not printable ASCII.
    KeyNotHeaderValue,
    /// The token is empty, begins or ends with white space, or cannot be the value of a header.
    TokenNotValid,
    /// The source of a login with a token is too long, or has control characters.
    SourceNotValid {
        /// The largest number of bytes that the venue accepts.
        max_bytes: usize,
    },
    /// The secret is empty.
    EmptySecret,
    /// The secret begins or ends with white space or a byte order mark.
    PaddedSecret,
    /// The secret has control characters, for example because it has several lines.
    SecretNotOneLine,
    /// The user of HTTP basic is empty, or has a colon or a control character.
    UserNotValid,
    /// The operation has to be signed, but the credentials have a key and no secret.
    NoSecret,
    /// The secret is not base64.
    SecretNotBase64,
    /// The private key is not in PEM.
    NotPem,
    /// The private key is encrypted.
    EncryptedPem,
    /// The PEM does not hold an RSA private key.
    NotRsaPrivateKey,
    /// The PEM is labelled as a private key, but no RSA key can be read from it.
    BrokenRsaKey,
    /// The RSA key is shorter than 2048 bits, or longer than 8192.
    RsaKeySize,
    /// The recv window is shorter than a millisecond, or longer than the venue accepts.
    RecvWindow {
        /// The longest window that the venue accepts, in milliseconds, if the venue states a limit.
        max_millis: Option<u64>,
    },
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyKey => "the API key is empty",
            Self::PaddedKey => "the API key begins or ends with white space; help: trim it",
            Self::KeyNotHeaderValue => {
                "the API key has characters that a header must not have (expected printable ASCII)"
            }
            Self::TokenNotValid => "the token is not valid (expected printable ASCII without white space at its ends)",
            Self::SourceNotValid { max_bytes } => {
                return write!(
                    f,
                    "the source of the login is not valid (expected at most {max_bytes} bytes without control \
                     characters)"
                );
            }
            Self::EmptySecret => "the secret is empty",
            Self::PaddedSecret => "the secret begins or ends with white space, such as a line break; help: trim it",
            Self::SecretNotOneLine => "the secret has a line break or another control character (expected one line)",
            Self::UserNotValid => {
                "the user cannot be sent (expected a text without a colon and without control characters)"
            }
            Self::NoSecret => {
                "this operation has to be signed, and the secret is missing: the credentials have the key alone"
            }
            Self::SecretNotBase64 => "the secret is not base64 (expected the standard or the URL-safe alphabet)",
            Self::NotPem => {
                "the private key is not in PEM: no `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----` \
                 with the line that ends it"
            }
            Self::EncryptedPem => {
                "the private key is encrypted; help: decrypt it first, for instance with `openssl pkey`"
            }
            Self::NotRsaPrivateKey => {
                "the PEM does not hold an RSA private key, but a public key or a key of another kind"
            }
            Self::BrokenRsaKey => {
                "no RSA private key can be read from the PEM: it is damaged, or a key of another kind"
            }
            Self::RsaKeySize => "the RSA key has to have from 2048 to 8192 bits",
            Self::RecvWindow { max_millis: Some(max) } => {
                return write!(f, "a recv window has to be from 1 to {max} milliseconds");
            }
            Self::RecvWindow { max_millis: None } => "a recv window has to be at least 1 millisecond",
        })
    }
}

impl std::error::Error for CredentialError {}

impl From<CredentialError> for venuekit::Error {
    fn from(error: CredentialError) -> Self {
        Self::settings(error.to_string())
    }
}
