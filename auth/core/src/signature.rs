//! Signatures, in the forms that venues require.
//!
//! The crate `base64` encodes base64. Hexadecimal is one iterator, and needs no library.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A signature. `Debug` hides it.
#[derive(Clone)]
pub struct Signature(Vec<u8>);

impl Signature {
    pub(crate) fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// Returns the signature in hexadecimal, in lower case.
    pub fn lower_hex(&self) -> String {
        self.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 0xf])
            .filter_map(|digit| char::from_digit(digit.into(), 16))
            .collect()
    }

    /// Returns the signature in hexadecimal, in upper case.
    pub fn upper_hex(&self) -> String {
        self.lower_hex().to_ascii_uppercase()
    }

    /// Returns the signature in base64, in the standard alphabet, padded.
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(..)")
    }
}
