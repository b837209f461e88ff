//! The seam under the pipeline: how bytes reach the venue and come back.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use tokio::sync::OwnedSemaphorePermit;

use crate::error::BoxError;
use crate::limits::ResponseNotice;

/// A boxed future, as object-safe traits return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and brings back one answer: no redirects, no retries, nothing changed.
///
/// `HttpTransport` (feature `reqwest`, on by default) is the one for real use; tests script their own.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends `request`.
    ///
    /// Once the status has come, what follows is an answer: a body that breaks off or grows too long is told by [`BodyEnd`], with what came before.
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
    pub response_limit: usize,
    /// To be told when the head of the response is in: see [`Answered::response_began`].
    pub answered: Answered,
    /// To be told when the request begins to leave: see [`Departure`].
    pub departure: Departure,
}

/// Whether a request has begun to leave: what the transport knows, for a call that is given up.
///
/// A transport that calls [`wait`](Self::wait) first and [`leave`](Self::leave) right before it
/// writes the first byte lets a call that is given up in between end as not sent. The outcome of a
/// transport that calls neither is unknown then.
#[derive(Clone, Debug, Default)]
pub struct Departure(Arc<AtomicU8>);

impl Departure {
    const UNTOLD: u8 = 0;
    const WAITING: u8 = 1;
    const LEAVING: u8 = 2;
    const ABANDONED: u8 = 3;

    /// States that nothing of the request was written, and that [`leave`](Self::leave) will be called
    /// before anything is.
    pub fn wait(&self) {
        self.advance(Self::UNTOLD, Self::WAITING);
    }

    /// States that the request begins to leave. Returns false if it was given up before: then it must
    /// not be sent.
    #[must_use]
    pub fn leave(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::LEAVING);
        before != Self::ABANDONED
    }

    /// Gives the request up unless it is leaving. Returns whether nothing was sent, and nothing will be.
    pub fn abandon(&self) -> bool {
        let before = self.advance(Self::WAITING, Self::ABANDONED);
        matches!(before, Self::WAITING | Self::ABANDONED)
    }

    /// Returns whether the request was given up.
    pub fn is_abandoned(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::ABANDONED
    }

    /// Goes from one state to another if it is in the first. Returns the state that it was in.
    fn advance(&self, from: u8, to: u8) -> u8 {
        match self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire) {
            Ok(before) | Err(before) => before,
        }
    }
}

/// Learns from the transport when the head of the response is in.
///
/// The next request of the key may wait for that, and so do the rate limits: the venue has counted
/// the request by then. A transport that only drops the value lets the next request of the key go;
/// the limits then take the response to have begun when [`Transport::send`] returns it. Both are
/// safe, and only cost time.
#[derive(Debug)]
pub struct Answered {
    _turn: Option<OwnedSemaphorePermit>,
    notice: Option<ResponseNotice>,
}

impl Answered {
    pub(crate) fn new(turn: Option<OwnedSemaphorePermit>, notice: Option<ResponseNotice>) -> Self {
        Self { _turn: turn, notice }
    }

    /// States that status and headers of the response are in. Its body may still be on its way.
    pub fn response_began(self) {
        if let Some(notice) = self.notice {
            notice.response_began();
        }
    }
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

/// The reason why no response came, and whether the request may have been sent.
#[derive(Debug)]
pub struct TransportError {
    pub(crate) stage: Stage,
    pub(crate) source: BoxError,
}

/// How far a request got that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It cannot be sent as it is.
    Unsendable,
    /// There was no connection.
    NotConnected,
    /// The time ran out before there was a connection.
    ConnectTimedOut,
    /// It may have been sent.
    MaybeSent,
    /// It may have been sent, and the time ran out.
    TimedOut,
}

impl Stage {
    /// Returns whether the venue may have received the request.
    pub(crate) fn may_have_arrived(self) -> bool {
        matches!(self, Self::MaybeSent | Self::TimedOut)
    }
}

impl TransportError {
    /// An error of a request that cannot be sent as it is, however often one tries.
    pub fn unsendable(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::Unsendable, source: source.into() }
    }

    /// An error of a request that was not sent, because no connection came about.
    pub fn not_sent(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::NotConnected, source: source.into() }
    }

    /// An error of a request that was not sent, because the time allowed ran out before there was a connection.
    pub fn connect_timed_out(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::ConnectTimedOut, source: source.into() }
    }

    /// An error of a request that may have been sent.
    pub fn maybe_sent(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::MaybeSent, source: source.into() }
    }

    /// An error of a request that may have been sent when the time allowed ran out.
    pub fn timed_out(source: impl Into<BoxError>) -> Self {
        Self { stage: Stage::TimedOut, source: source.into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}
