//! Bodies that are read or sent piece by piece.
//!
//! `http_body::Body` is more than this needs: it has trailers, and transports without HTTP
//! libraries would have to implement it. `futures_core::Stream` has one method, and reqwest and
//! tokio build it anyway.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::time::Instant;

use crate::bounded::bounded;
use crate::error::outcome::BoxError;
use crate::future::until;

/// A stream of bytes that ends with the body, or with an error.
pub type ByteSource = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// The body of a request, to be sent byte for byte: bytes, or a stream of them.
pub struct RequestBody(Inner);

enum Inner {
    Bytes(Bytes),
    /// The mutex is never locked. It makes the body `Sync`, as HTTP libraries require.
    Pieces {
        pieces: Mutex<Pieces>,
        length: Option<u64>,
    },
}

/// A body of several pieces. At least one of them is a stream.
struct Pieces {
    pieces: VecDeque<Piece>,
    /// The bytes that the current stream still has to give, if its length is known.
    current: Option<u64>,
}

/// A piece of a body.
pub(crate) enum Piece {
    Bytes(Bytes),
    Stream {
        source: ByteSource,
        /// The number of bytes, if it is known.
        length: Option<u64>,
    },
}

impl RequestBody {
    /// Creates a body of pieces.
    pub(crate) fn of_pieces(pieces: Vec<Piece>) -> Self {
        let length = |piece: &Piece| match piece {
            Piece::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Piece::Stream { length, .. } => *length,
        };
        let total = pieces.iter().try_fold(0_u64, |sum, piece| sum.checked_add(length(piece)?));
        let pieces = Pieces { pieces: pieces.into(), current: None };
        Self(Inner::Pieces { pieces: Mutex::new(pieces), length: total })
    }

    /// Returns the bytes; `None` if the body comes from a stream.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Inner::Bytes(bytes) => Some(bytes),
            Inner::Pieces { .. } => None,
        }
    }

    /// Returns the length in bytes; `None` if it is not known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Inner::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Inner::Pieces { length, .. } => *length,
        }
    }
}

impl From<Bytes> for RequestBody {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Bytes(bytes))
    }
}

impl Stream for RequestBody {
    type Item = Result<Bytes, BoxError>;

    /// Returns the next bytes. A stream that gives another number of bytes than it stated is an
    /// error.
    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Inner::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
            }
            Inner::Pieces { pieces, .. } => pieces.get_mut().unwrap_or_else(PoisonError::into_inner).poll_next(context),
        }
    }
}

impl Pieces {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        loop {
            let item = match self.pieces.front_mut() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.pieces.pop_front();
                    if bytes.is_empty() {
                        continue;
                    }
                    return Poll::Ready(Some(Ok(bytes)));
                }
                Some(Piece::Stream { source, length }) => {
                    // It is moved to `current` when its first bytes come.
                    if let Some(length) = length.take() {
                        self.current = Some(length);
                    }
                    ready!(source.as_mut().poll_next(context))
                }
            };
            match (item, self.current) {
                (Some(Ok(bytes)), _) if bytes.is_empty() => {}
                (Some(Ok(bytes)), None) => return Poll::Ready(Some(Ok(bytes))),
                (Some(Ok(bytes)), Some(left)) => {
                    let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    return match left.checked_sub(count) {
                        Some(left) => {
                            self.current = Some(left);
                            Poll::Ready(Some(Ok(bytes)))
                        }
                        None => self.fail("the stream has more bytes than the length that was given".into()),
                    };
                }
                (None, Some(1..)) => {
                    return self.fail("the stream ended before the length that was given".into());
                }
                (None, _) => {
                    self.current = None;
                    self.pieces.pop_front();
                }
                (Some(Err(error)), _) => return self.fail(error),
            }
        }
    }

    fn fail(&mut self, error: BoxError) -> Poll<Option<Result<Bytes, BoxError>>> {
        self.pieces.clear();
        Poll::Ready(Some(Err(error)))
    }
}

impl fmt::Debug for RequestBody {
    /// Hides the content, which may contain a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody")
            .field("is_stream", &self.as_bytes().is_none())
            .field("length", &self.length())
            .finish()
    }
}

/// The way in which the body of a response ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum BodyEnd {
    /// The body is complete.
    Complete,
    /// The body is longer than the limit; the rest was not read.
    Limit,
    /// The time allowed ran out.
    Timeout,
    /// The body broke off.
    Cut(BoxError),
}

/// The limits within which a body is read whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadLimits {
    pub(crate) deadline: Instant,
    /// The longest time without data.
    pub(crate) silence: Option<Duration>,
    pub(crate) max_bytes: usize,
}

/// Reads a body whole.
pub(crate) async fn read_whole(mut source: ByteSource, limits: ReadLimits) -> (Bytes, BodyEnd) {
    let ReadLimits { deadline, silence, max_bytes } = limits;
    let mut body = Gathered::default();
    let end = loop {
        // The timer is checked only while there is nothing to read, and a server may send without
        // end.
        if Instant::now() >= deadline {
            break BodyEnd::Timeout;
        }
        // A silence that is too long ends the response, as the deadline does.
        let silent_until = silence.map_or(deadline, |time| deadline.min(Instant::now() + bounded(time)));
        match until(silent_until, poll_fn(|context| source.as_mut().poll_next(context))).await {
            Some(None) => break BodyEnd::Complete,
            Some(Some(Ok(mut chunk))) => {
                let room = max_bytes.saturating_sub(body.len());
                let is_too_long = chunk.len() > room;
                chunk.truncate(room);
                body.push(chunk);
                if is_too_long {
                    break BodyEnd::Limit;
                }
            }
            Some(Some(Err(error))) => break BodyEnd::Cut(error),
            None => break BodyEnd::Timeout,
        }
    };
    (body.whole(), end)
}

/// The bytes of a body that were read so far. A body of one chunk is not copied.
#[derive(Default)]
struct Gathered {
    first: Bytes,
    /// All chunks, if there are several.
    all: BytesMut,
}

impl Gathered {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&self.first);
        }
        self.all.extend_from_slice(&chunk);
    }

    fn whole(self) -> Bytes {
        if self.all.is_empty() { self.first } else { self.all.freeze() }
    }
}
