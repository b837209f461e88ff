//! The hash of a key, by which a store tells keys apart.

use std::fmt;

/// The hash of the public part of credentials, by which a [`StateStore`](super::StateStore) tells
/// keys apart. The store never sees the key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyDigest([u8; 16]);

impl KeyDigest {
    /// Takes the first half of a SHA-256 of the key. All processes have to hash the same text.
    pub const fn from_sha256(hash: [u8; 32]) -> Self {
        let (half, _) = hash.split_at(16);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(half);
        Self(bytes)
    }
}

/// Writes 32 hexadecimal digits.
impl fmt::Display for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigest({self})")
    }
}
