//! A response as it came.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::printable::Line;
use crate::redact::Blotter;

/// A response as it came: status, headers, and the bytes of the body.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_truncated: bool,
    /// The beginning of the body without secrets, once the secrets are known.
    pub(crate) excerpt: Option<Box<str>>,
}

impl RawResponse {
    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as far as it came and was kept.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns whether [`body`](Self::body) is incomplete: the response broke off, or was longer
    /// than the part that is kept.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Returns the beginning of the body as text for people: about half a kilobyte, without the
    /// key, signature and secret of the request. `None` for a response without a body.
    ///
    /// It may have control characters and line breaks.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref().filter(|text| !text.is_empty())
    }

    /// Creates the excerpt, without the secrets of the request.
    pub(crate) fn redact(&mut self, blotter: &Blotter) {
        const SHOWN: usize = 512;
        // This is more than the excerpt shows, because a secret that begins in it has to be read
        // whole.
        const SEEN: usize = 64 << 10;
        let seen = self.body.get(..SEEN).unwrap_or(&self.body);
        let is_torn = self.is_truncated && seen.len() == self.body.len();
        let text = String::from_utf8_lossy(seen);
        let shown = if is_torn { blotter.blot_torn(&text, SHOWN) } else { blotter.blot(&text, SHOWN) };
        self.excerpt = Some(shown.into());
    }

    /// Shortens the body to at most `bytes`, and frees the rest.
    pub(crate) fn truncate(&mut self, bytes: usize) {
        if let Some(kept) = self.body.get(..bytes).filter(|kept| kept.len() < self.body.len()) {
            self.body = Bytes::copy_from_slice(kept);
            self.is_truncated = true;
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .field("body", &self.excerpt().map(|text| Line(text, usize::MAX)))
            .field("is_truncated", &self.is_truncated)
            .finish_non_exhaustive()
    }
}
