//! A text that is not printed.
//!
//! `secrecy` does not fit: its clones copy the text, and each request clones the secrets of its
//! signer.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A text that must not be printed, such as a key or a secret. It is wiped from memory when the
/// last clone is dropped. `Debug` prints nothing of it.
///
/// A signer passes it to [`conceal`](crate::signing::SignableRequest::conceal) for each request.
/// This does not copy the text.
///
/// ```
/// let secret = venuekit::signing::SensitiveText::from("do not print me");
/// assert_eq!(format!("{secret:?}"), "SensitiveText(..)");
/// ```
#[derive(Clone)]
pub struct SensitiveText(Arc<Zeroizing<String>>);

impl SensitiveText {
    /// Returns the text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SensitiveText {
    fn from(text: String) -> Self {
        Self(Arc::new(Zeroizing::new(text)))
    }
}

impl From<&str> for SensitiveText {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<&Self> for SensitiveText {
    fn from(text: &Self) -> Self {
        text.clone()
    }
}

impl fmt::Debug for SensitiveText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SensitiveText(..)")
    }
}
