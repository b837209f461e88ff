//! Signatures, in the forms that venues require.
//!
//! The crate `base64` encodes base64. Hexadecimal is one loop, and needs no library.

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
        self.hex(b'a')
    }

    /// Returns the signature in hexadecimal, in upper case.
    pub fn upper_hex(&self) -> String {
        self.hex(b'A')
    }

    /// Returns the signature in hexadecimal. `ten`: the digit for 10.
    fn hex(&self, ten: u8) -> String {
        let digit = |half: u8| if half < 10 { b'0' + half } else { ten + (half - 10) };
        let mut digits = Vec::with_capacity(self.0.len() * 2);
        for byte in &self.0 {
            digits.extend_from_slice(&[digit(byte >> 4), digit(byte & 0xf)]);
        }
        // The digits are ASCII, so this never fails.
        String::from_utf8(digits).unwrap_or_default()
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
