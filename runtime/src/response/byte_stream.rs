//! The body of a response, read piece by piece.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, StatusCode};
use tokio::time::{Sleep, sleep};

use super::raw::RawResponse;
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::{BoxError, ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::redact::Secrets;
use crate::transport::body::ByteSource;

/// The time without data after which a stream fails, unless the client or the stream has another
/// one.
pub(crate) const DEFAULT_IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// The body of a response that is read piece by piece, with the status and the headers.
///
/// It is the value of operations with events (`text/event-stream`), and of a
/// [`Call::stream`](crate::Call::stream). Read it by [`chunk`](Self::chunk), or as a
/// `futures_core::Stream`:
///
/// ```
/// # use venuekit::{ByteStream, Error};
/// # async fn write(_: &[u8]) {}
/// # async fn run(mut stream: ByteStream) -> Result<(), Error> {
/// // let mut stream = client.download().send().stream().await?;
/// while let Some(bytes) = stream.chunk().await? {
///     write(&bytes).await;
/// }
/// # Ok(())
/// # }
/// ```
///
/// - The timeout of the call ends when status and headers have arrived. From then on, the stream
///   fails if there is no data for the idle timeout: the client's `read_timeout`, or 60 seconds.
///   [`with_idle_timeout`](Self::with_idle_timeout) sets another one. There is no timeout of the
///   whole body.
/// - There is no limit of length, and the pieces have the sizes in which they arrive. A piece may
///   end within a line or a character.
/// - The stream ends with `None` only if the body is complete. A body that breaks off is an error
///   of kind [`Cut`](ErrorKind::Cut), whose message states the number of bytes before. The outcome
///   is [`Unknown`](Outcome::Unknown), as for a whole body that breaks off. After an error, the
///   stream has ended.
/// - It is not resumed, and the call is not sent again.
/// - The request does not count as in flight any more. An abort of the client's calls also ends
///   its streams. Dropping the stream closes the connection.
pub struct ByteStream {
    status: StatusCode,
    headers: HeaderMap,
    source: ByteSource,
    read: u64,
    idle_timeout: Duration,
    /// The timer of the current silence.
    silence: Option<Pin<Box<Sleep>>>,
    /// It completes when the client aborts its calls.
    aborted: Option<BoxFuture<'static, ()>>,
    has_ended: bool,
    origin: StreamOrigin,
}

/// The call of a stream, for its errors.
pub(crate) struct StreamOrigin {
    pub(crate) venue: &'static Venue,
    pub(crate) operation: &'static Operation,
    pub(crate) attempts: u32,
    pub(crate) secrets: Secrets,
}

impl ByteStream {
    pub(crate) fn new(
        (status, headers): (StatusCode, HeaderMap),
        source: ByteSource,
        idle_timeout: Duration,
        aborted: BoxFuture<'static, ()>,
        origin: StreamOrigin,
    ) -> Self {
        let (read, silence, has_ended) = (0, None, false);
        Self { status, headers, source, read, idle_timeout, silence, aborted: Some(aborted), has_ended, origin }
    }

    /// Sets the longest time without data. The time runs while data is awaited.
    #[must_use]
    pub fn with_idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self.silence = None;
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the number of bytes that were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }

    /// Reads the next piece; `None` at the end of the body.
    ///
    /// It can be used in `tokio::select!`: no bytes are lost when the future is dropped.
    ///
    /// # Errors
    /// When the body breaks off, when there is no data for too long, and when the client's calls
    /// are aborted.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Reads the rest of the body into memory.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and with the kind [`TooLarge`](ErrorKind::TooLarge) when there
    /// are more than `max_bytes`.
    pub async fn into_bytes(mut self, max_bytes: usize) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            if chunk.len() > max_bytes.saturating_sub(body.len()) {
                return Err(self.error(ErrorKind::TooLarge, format!("the body has more than {max_bytes} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn error(&self, kind: ErrorKind, message: String) -> Error {
        let StreamOrigin { venue, operation, attempts, ref secrets } = self.origin;
        let (status, headers) = (self.status, self.headers.clone());
        let response = RawResponse { status, headers, body: Bytes::new(), is_truncated: true, excerpt: None };
        Error::new(kind, Outcome::Unknown)
            .with_message(message)
            .with_response(response)
            .with_attempts(attempts)
            .redacted(&secrets.blotter())
            .with_operation(venue, operation)
    }

    fn fail(&mut self, kind: ErrorKind, message: String) -> Poll<Option<Result<Bytes, Error>>> {
        self.has_ended = true;
        // The connection is closed now, and not when the caller drops the stream.
        self.source = Box::pin(Whole(None));
        Poll::Ready(Some(Err(self.error(kind, message))))
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.has_ended {
            return Poll::Ready(None);
        }
        let read = this.read;
        if let Some(aborted) = &mut this.aborted
            && aborted.as_mut().poll(context).is_ready()
        {
            return this.fail(ErrorKind::Aborted, format!("aborted after {read} bytes of the body"));
        }
        loop {
            match this.source.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(bytes))) if bytes.is_empty() => {}
                Poll::Ready(Some(Ok(bytes))) => {
                    this.silence = None;
                    this.read = read.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Poll::Ready(Some(Err(cause))) => {
                    return this.fail(ErrorKind::Cut, format!("the body broke off after {read} bytes: {cause}"));
                }
                Poll::Ready(None) => {
                    this.has_ended = true;
                    return Poll::Ready(None);
                }
                Poll::Pending => break,
            }
        }
        let idle = bounded(this.idle_timeout);
        let silence = this.silence.get_or_insert_with(|| Box::pin(sleep(idle)));
        match silence.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                this.fail(ErrorKind::Timeout, format!("no data came for {idle:?}, after {read} bytes of the body"))
            }
        }
    }
}

impl fmt::Debug for ByteStream {
    /// Hides the headers: a venue may repeat the request there.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream")
            .field("operation", &self.origin.operation.id)
            .field("status", &self.status)
            .field("bytes_read", &self.read)
            .field("has_ended", &self.has_ended)
            .finish_non_exhaustive()
    }
}

/// The place of a stream in a response that is decoded.
#[derive(Default)]
pub(crate) struct StreamCell(Cell<Option<ByteStream>>);

impl StreamCell {
    pub(crate) fn new(stream: ByteStream) -> Self {
        Self(Cell::new(Some(stream)))
    }

    pub(crate) fn take(&self) -> Option<ByteStream> {
        self.0.take()
    }
}

impl fmt::Debug for StreamCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StreamCell")
    }
}

/// A stream of bytes that were read already.
pub(crate) struct Whole(pub(crate) Option<Bytes>);

impl Stream for Whole {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}
