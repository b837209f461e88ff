//! The error that a venue returns.

use std::fmt;

use crate::printable::Line;
use crate::redact::Blotter;

/// The error that a venue returns: its code and message, and the data of an error of JSON-RPC.
///
/// The key, signature and secret of the request are replaced by `***`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    code: Option<String>,
    message: Option<String>,
    data: Option<String>,
}

impl ApiError {
    pub(crate) fn new(code: Option<String>, message: Option<String>) -> Option<Self> {
        (code.is_some() || message.is_some()).then_some(Self { code, message, data: None })
    }

    /// Sets further data on the error, as JSON.
    pub(crate) fn with_data(self, data: Option<String>) -> Self {
        Self { data, ..self }
    }

    pub(crate) fn redacted(self, blotter: &Blotter) -> Self {
        const CODE_BYTES: usize = 256;
        const MESSAGE_BYTES: usize = 4 << 10;
        const DATA_BYTES: usize = 64 << 10;
        let Self { code, message, data } = self;
        Self {
            code: code.map(|text| blotter.blot(&text, CODE_BYTES)),
            message: message.map(|text| blotter.blot(&text, MESSAGE_BYTES)),
            data: data.map(|json| blotter.blot(&json, DATA_BYTES)),
        }
    }

    /// Returns the code as text, also if the venue sends a number: `-1121`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the venue's message: its first 4 KiB, with `..` in place of the rest.
    ///
    /// It may have control characters and line breaks; `Display` has neither.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the `data` of an error of JSON-RPC as JSON: its first 64 KiB, with `..` in place of
    /// the rest. `None` if there is none, if it is null, and for other protocols.
    ///
    /// [`Error::body`](crate::Error::body) has the whole response.
    pub fn data(&self) -> Option<&str> {
        self.data.as_deref()
    }
}

impl fmt::Display for ApiError {
    /// Writes the code and the message on one line, with up to 400 bytes of the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, message) = (self.code(), self.message());
        if let Some(code) = code {
            write!(f, "code {}", Line(code, 60))?;
        }
        match (code, message) {
            (_, None) => Ok(()),
            (None, Some(message)) => Line(message, 400).fmt(f),
            (Some(_), Some(message)) => write!(f, ": {}", Line(message, 400)),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 512;
        f.debug_struct("ApiError")
            .field("code", &self.code().map(|text| Line(text, SHOWN)))
            .field("message", &self.message().map(|text| Line(text, SHOWN)))
            .field("data", &self.data().map(|json| Line(json, SHOWN)))
            .finish()
    }
}
