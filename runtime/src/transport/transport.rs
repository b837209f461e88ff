//! The interface that sends a request and returns a response.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, StatusCode};

use super::body::{BodyEnd, ByteSource, RequestBody};
use super::departure::{Departure, ResponseSignal};
use super::error::TransportError;
use crate::error::outcome::BoxError;
use crate::future::BoxFuture;

/// A transport: it sends one request and returns one response, without redirects, retries or
/// changes.
///
/// `HttpTransport` (feature `reqwest`, on by default) is the transport for production. Tests can
/// implement a scripted one.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`.
    ///
    /// Once the status has arrived, the result is a response. If the body breaks off or becomes too
    /// long, the response has the part that arrived, and [`BodyEnd`] states the reason.
    ///
    /// # Errors
    ///
    /// When no status arrived. The error states whether the request may have been sent.
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>>;
}

/// A request to be sent.
#[non_exhaustive]
pub struct TransportRequest {
    /// The method.
    pub method: http::Method,
    /// The URL, to be sent byte for byte.
    pub url: url::Url,
    /// All headers except the headers of the connection itself.
    pub headers: HeaderMap,
    /// The body, to be sent byte for byte; empty if there is none.
    pub body: RequestBody,
    /// True if the caller reads the body of the response piece by piece. A transport may then
    /// return [`TransportResponse::streamed`] as soon as status and headers have arrived, whatever
    /// the status. A transport that returns the whole body works as well.
    pub streams_response: bool,
    /// The timeout of the whole exchange; of a response that is streamed, the timeout until its
    /// status and headers have arrived.
    pub timeout: Duration,
    /// The maximum length of the response's body; reading stops there.
    pub max_response_bytes: usize,
    /// The signal to give when the head of the response has arrived: see
    /// [`ResponseSignal::response_began`].
    pub response_signal: ResponseSignal,
    /// The state to update when the request begins to leave: see [`Departure`].
    pub departure: Departure,
    /// True if the request needs a connection that is logged in.
    pub needs_login: bool,
    /// True if the call fails at once when a rate limit is used up, also one of the connection.
    pub fails_when_throttled: bool,
    /// The texts that the log must not have; `None` if messages were not logged when the request
    /// was made. Then the log has neither the request nor its response.
    #[cfg(feature = "ws")]
    pub(crate) secrets: Option<crate::redact::Secrets>,
}

impl fmt::Debug for TransportRequest {
    /// Hides query, headers and body: each of them may contain a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportRequest")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("body", &self.body)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A response.
#[non_exhaustive]
pub struct TransportResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as far as it came.
    pub body: Bytes,
    /// The way in which the body ended.
    pub end: BodyEnd,
    /// The body that is still to be read; `body` is empty then.
    pub(crate) source: Option<ByteSource>,
}

impl TransportResponse {
    /// Creates a response with a complete body.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into(), end: BodyEnd::Complete, source: None }
    }

    /// Creates a response whose body is read piece by piece, for a request with
    /// [`streams_response`](TransportRequest::streams_response).
    ///
    /// The stream ends with `None` only if the body is complete. A body that breaks off ends with
    /// an error. The client enforces the limits of time and length.
    pub fn streamed(
        status: StatusCode,
        headers: HeaderMap,
        body: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static,
    ) -> Self {
        Self { source: Some(Box::pin(body)), ..Self::new(status, headers, Bytes::new()) }
    }

    /// Sets the way in which the body ended.
    #[must_use]
    pub fn with_end(mut self, end: BodyEnd) -> Self {
        self.end = end;
        self
    }
}

impl fmt::Debug for TransportResponse {
    /// Hides headers and body: a venue may repeat the request there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportResponse")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .field("end", &self.end)
            .field("is_streamed", &self.source.is_some())
            .finish_non_exhaustive()
    }
}
