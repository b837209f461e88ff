//! RSA-SHA256.
//!
//! The PEM is read here, because a PEM library would leave the key's base64 in freed memory.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use venuekit::BoxError;
use zeroize::Zeroizing;

use crate::error::CredentialError;
use crate::secret::{Secret, decode_base64};
use crate::signature::Signature;

/// A private key that signs by RSA-SHA256 with the padding of PKCS#1 v1.5. Clones share the key. It
/// is wiped from memory when the last clone is dropped.
#[derive(Clone)]
pub struct RsaKey(Arc<RsaKeyPair>);

impl RsaKey {
    /// Reads the key from a PEM of PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE
    /// KEY`). Text around it is ignored.
    ///
    /// # Errors
    ///
    /// When the text has no key, or the key is encrypted, damaged, or not from 2048 to 8192 bits
    /// long.
    pub fn from_pem(pem: &Secret) -> Result<Self, CredentialError> {
        let pem = pem.lines()?;
        let key = if let Some(section) = section(pem, "PRIVATE KEY") {
            RsaKeyPair::from_pkcs8(&der(section)?)
        } else if let Some(section) = section(pem, "RSA PRIVATE KEY") {
            RsaKeyPair::from_der(&der(section)?)
        } else {
            return Err(refusal(pem));
        };
        match key {
            Ok(key) => Ok(Self(Arc::new(key))),
            Err(rejected) if matches!(rejected.to_string().as_str(), "TooSmall" | "TooLarge") => {
                Err(CredentialError::RsaKeySize)
            }
            Err(_) => Err(CredentialError::BrokenRsaKey),
        }
    }

    /// Returns the signature of these bytes. It has the length of the key's modulus, and is always
    /// the same for the same bytes.
    ///
    /// # Errors
    ///
    /// When the cryptographic library fails, for example because it detects a faulty computation.
    pub fn sign(&self, string_to_sign: &[u8]) -> Result<Signature, BoxError> {
        let mut signature = vec![0; self.0.public_modulus_len()];
        // `RsaKeyPair::sign` takes a random source, but does not use it: this padding is
        // deterministic.
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), string_to_sign, &mut signature)
            .map_err(|_| "the RSA key could not sign")?;
        Ok(Signature::new(&signature))
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey").field("bits", &(self.0.public_modulus_len() * 8)).finish_non_exhaustive()
    }
}

/// Returns the error of a text in which no section of a private key is complete.
fn refusal(pem: &str) -> CredentialError {
    let begins = |label: &str| pem.contains(&format!("-----BEGIN {label}"));
    if begins("ENCRYPTED PRIVATE KEY-----") {
        CredentialError::EncryptedPem
    } else if begins("") && !begins("PRIVATE KEY-----") && !begins("RSA PRIVATE KEY-----") {
        CredentialError::NotRsaPrivateKey
    } else {
        CredentialError::NotPem
    }
}

/// Returns the text between the lines that begin and end a section with this label.
fn section<'a>(pem: &'a str, label: &str) -> Option<&'a str> {
    let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
    let (inside, _) = rest.split_once(&format!("-----END {label}-----"))?;
    Some(inside)
}

/// Returns the bytes that the base64 of a section encodes.
fn der(section: &str) -> Result<Zeroizing<Vec<u8>>, CredentialError> {
    if section.contains("ENCRYPTED") {
        return Err(CredentialError::EncryptedPem);
    }
    let mut text = Zeroizing::new(Vec::with_capacity(section.len()));
    text.extend(section.bytes().filter(|byte| !byte.is_ascii_whitespace()));
    decode_base64(&text).ok_or(CredentialError::BrokenRsaKey)
}
