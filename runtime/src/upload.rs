//! Bytes to be sent: given whole, or read from a stream while they are sent.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;

use crate::error::outcome::BoxError;
use crate::transport::body::{ByteSource, Piece};

/// The content of a file or of a body of bytes: bytes, or a stream of them.
///
/// Bytes convert into it, so that setters take `Vec<u8>`, `Bytes`, `String` and `&'static str` as
/// well. A stream is for content that is too large to be held in memory:
///
/// ```
/// # use std::pin::Pin;
/// # use std::task::{Context, Poll};
/// use venuekit::{BoxError, Upload, bytes::Bytes};
/// # struct Pieces;
/// # impl futures_core::Stream for Pieces {
/// #     type Item = Result<Bytes, BoxError>;
/// #     fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> { Poll::Ready(None) }
/// # }
/// # let pieces = Pieces;
/// // Such as `tokio_util::io::ReaderStream::new(tokio::fs::File::open(path).await?)`.
/// let upload = Upload::from_stream(pieces).with_length(1_048_576);
/// assert_eq!(upload.length(), Some(1_048_576));
/// ```
///
/// A stream is sent once: the call makes one attempt, and another call with the same stream ends as
/// [`NotSent`](crate::Outcome::NotSent). A call whose signature covers the body ends as `NotSent`,
/// too. Without a length, it is sent in chunks (`Transfer-Encoding: chunked`), which some servers
/// refuse. If the stream fails, or gives another number of bytes than its length, the call fails,
/// and the venue gets no complete request.
#[derive(Clone)]
pub struct Upload(Content);

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Stream { slot: Arc<Mutex<Option<ByteSource>>>, length: Option<u64> },
}

impl Upload {
    /// Creates an upload of bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(Content::Bytes(bytes.into()))
    }

    /// Creates an upload of a stream.
    pub fn from_stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<BoxError>,
    {
        let source: ByteSource = Box::pin(Converted(Box::pin(stream)));
        Self(Content::Stream { slot: Arc::new(Mutex::new(Some(source))), length: None })
    }

    /// Sets the number of bytes of a stream. It has no effect on bytes.
    #[must_use]
    pub fn with_length(mut self, bytes: u64) -> Self {
        if let Content::Stream { length, .. } = &mut self.0 {
            *length = Some(bytes);
        }
        self
    }

    /// Returns the number of bytes, if it is known.
    pub fn length(&self) -> Option<u64> {
        match &self.0 {
            Content::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            Content::Stream { length, .. } => *length,
        }
    }

    /// Returns the bytes; `None` for a stream.
    pub fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stream { .. } => None,
        }
    }

    /// Returns the content to be sent; `None` for a stream that was sent already.
    pub(crate) fn to_piece(&self) -> Option<Piece> {
        match &self.0 {
            Content::Bytes(bytes) => Some(Piece::Bytes(bytes.clone())),
            Content::Stream { slot, length } => {
                let source = slot.lock().unwrap_or_else(PoisonError::into_inner).take()?;
                Some(Piece::Stream { source, length: *length })
            }
        }
    }
}

impl PartialEq for Upload {
    /// Compares bytes by value. A stream equals its clones only.
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Content::Bytes(one), Content::Bytes(other)) => one == other,
            (Content::Stream { slot: one, .. }, Content::Stream { slot: other, .. }) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for Upload {}

impl fmt::Debug for Upload {
    /// Hides the content, which may be large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload").field("is_stream", &self.as_bytes().is_none()).field("length", &self.length()).finish()
    }
}

macro_rules! from_bytes {
    ($($ty:ty),*) => { $(
        impl From<$ty> for Upload {
            fn from(bytes: $ty) -> Self {
                Self::new(bytes)
            }
        }
    )* };
}

from_bytes!(Bytes, BytesMut, Vec<u8>, Box<[u8]>, String, &'static [u8], &'static str);

/// A stream whose items are converted.
struct Converted<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Converted<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<BoxError>,
{
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.0.as_mut().poll_next(context);
        next.map(|item| item.map(|item| item.map(Into::into).map_err(Into::into)))
    }
}
