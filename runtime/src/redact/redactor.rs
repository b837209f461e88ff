//! The redaction of the client, for programs that show requests and responses.

use std::fmt;

use super::blotter::Blotter;

/// Replaces secrets in texts, as the client does in its errors and logs: in upper and lower case,
/// escaped for URLs, JSON or HTML, and in pieces.
///
/// ```
/// use venuekit::signing::Redactor;
///
/// let redactor = Redactor::new(["key-0123456789"]);
/// assert_eq!(redactor.redact("GET /?key=KEY-0123456789&a=1"), "GET /?key=***&a=1");
/// ```
pub struct Redactor(Blotter);

impl Redactor {
    /// Creates a redactor of these secrets. A secret of less than 8 characters is replaced only
    /// where it is a separate word, and one of less than 4 characters is not replaced.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        Self(Blotter::new(secrets.into_iter()))
    }

    /// Returns the text with `***` in place of each secret.
    pub fn redact(&self, text: &str) -> String {
        self.0.blot(text, usize::MAX)
    }

    /// Does the same with a text that broke off: its end is replaced too if it has the first 4
    /// characters of a secret or more.
    ///
    /// ```
    /// use venuekit::signing::Redactor;
    ///
    /// let redactor = Redactor::new(["key-0123456789"]);
    /// assert_eq!(redactor.redact_torn(r#"{"key":"key-0"#), r#"{"key":"***"#);
    /// assert_eq!(redactor.redact_torn(r#"{"id":"key"#), r#"{"id":"key"#);
    /// ```
    pub fn redact_torn(&self, text: &str) -> String {
        self.0.blot_torn(text, usize::MAX)
    }
}

impl fmt::Debug for Redactor {
    /// Hides the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor")
    }
}
