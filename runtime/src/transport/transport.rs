//! The seam itself: a request goes out, a response comes back.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::departure::{Departure, ResponseSignal};
use super::error::TransportError;
use crate::error::outcome::BoxError;

/// A boxed future, as object-safe traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and brings back one answer: no redirects, no retries, nothing changed.
///
/// `HttpTransport` (feature `reqwest`, on by default) is the one for real use; tests script their
/// own.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`.
    ///
    /// Once the status has come, what follows is an answer: a body that breaks off or grows too
    /// long is told by [`BodyEnd`], with what came before.
    ///
    /// # Errors
    /// When no status came, saying whether the request may have been sent.
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>>;
}

/// A request on its way out.
#[non_exhaustive]
pub struct TransportRequest {
    /// The method.
    pub method: http::Method,
    /// The URL, to be sent byte for byte.
    pub url: url::Url,
    /// All headers but those of the connection itself.
    pub headers: HeaderMap,
    /// The body, to be sent byte for byte; empty for none.
    pub body: Bytes,
    /// How long the whole exchange may take.
    pub timeout: Duration,
    /// How long an answer's body may be; reading stops there.
    pub max_response_bytes: usize,
    /// To be told when the head of the response is in: see [`ResponseSignal::response_began`].
    pub response_signal: ResponseSignal,
    /// To be told when the request begins to leave: see [`Departure`].
    pub departure: Departure,
}

impl fmt::Debug for TransportRequest {
    /// Shows neither query nor headers nor body: a signature may stand in each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportRequest")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("body_len", &self.body.len())
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
    /// How the body ended.
    pub end: BodyEnd,
}

impl TransportResponse {
    /// Returns a response whose body is all there.
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { status, headers, body: body.into(), end: BodyEnd::Complete }
    }

    /// Sets how the body ended.
    #[must_use]
    pub fn with_end(mut self, end: BodyEnd) -> Self {
        self.end = end;
        self
    }
}

impl fmt::Debug for TransportResponse {
    /// Shows neither headers nor body: a venue may repeat there what it was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportResponse")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

/// How the body of an answer ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyEnd {
    /// It is all there.
    Complete,
    /// It is longer than the limit; the rest was not read.
    Limit,
    /// The time allowed ran out.
    Timeout,
    /// It broke off.
    Cut(BoxError),
}
