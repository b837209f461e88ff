//! A response whose value was decoded.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// A response: its value, and the status, headers and body from which the value was decoded.
#[derive(Clone)]
pub struct Response<T> {
    pub(crate) value: T,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) explanation: Option<String>,
}

impl<T> Response<T> {
    /// Returns the value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Returns the value, owned.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the raw bytes of the body; for JSON-RPC, the bytes of the whole envelope.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the string that was signed, without key and secret, if the client was built with
    /// [`explain`](crate::ClientBuilder::explain).
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }

    /// Maps the value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let Self { value, status, headers, body, explanation } = self;
        Response { value: change(value), status, headers, body, explanation }
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("status", &self.status).field("value", &self.value).finish_non_exhaustive()
    }
}
