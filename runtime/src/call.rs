//! A call under way, and the reply it ends in.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::classify::RawReply;
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, Outcome, RawResponse};
use crate::operation::{Operation, Venue};
use crate::pipeline;
use crate::transport::BoxFuture;

/// A call: nothing is sent before it is polled.
///
/// Dropped before it is done, it may have reached the venue; that is logged (`tracing`, at level WARN).
#[must_use = "a call is not sent before it is awaited"]
pub struct Call<T> {
    sending: BoxFuture<'static, Result<RawReply, Error>>,
    decode: Decode<T>,
    venue: &'static Venue,
    operation: &'static Operation,
}

type Decode<T> = fn(&[u8]) -> Result<T, DecodeError>;

/// Why a reply could not be read, and where.
pub(crate) struct DecodeError {
    path: String,
    source: serde_json::Error,
}

impl<T> Call<T> {
    pub(crate) fn new(draft: Draft, decode: Decode<T>) -> Self {
        let (venue, operation) = (draft.client().venue(), draft.operation());
        // An abort counts for calls that were made before it, whether they were polled or not.
        let aborts = draft.client().aborts();
        Self { sending: Box::pin(pipeline::run(draft, aborts)), decode, venue, operation }
    }

    fn finish(&self, reply: RawReply) -> Result<Reply<T>, Error> {
        match (self.decode)(&reply.result) {
            Ok(value) => {
                let RawReply { response, explanation, secrets, .. } = reply;
                let explanation = explanation.map(|text| secrets.blotter().blot(&text, usize::MAX));
                let RawResponse { status, headers, body, .. } = response;
                Ok(Reply { value, status, headers, body, explanation })
            }
            Err(DecodeError { path, source }) => {
                let error = Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(source.to_string());
                let error = if path == "." { error } else { error.with_json_path(path) };
                Err(error
                    .with_source(source)
                    .with_response(reply.response)
                    .with_attempts(reply.attempts)
                    .with_explanation(reply.explanation)
                    .redacted(&reply.secrets.blotter())
                    .of(self.venue, self.operation))
            }
        }
    }
}

impl<T> Future for Call<T> {
    type Output = Result<Reply<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.sending.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(reply)) => Poll::Ready(self.finish(reply)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("venue", &self.venue.name())
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(json).map_err(|source| locate::<T>(json, source))
}

/// Reads once more, slowly, to learn where the fault is.
#[cold]
fn locate<T: DeserializeOwned>(json: &[u8], source: serde_json::Error) -> DecodeError {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let path = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => error.path().to_string(),
        Ok(_) => ".".to_owned(),
    };
    DecodeError { path, source }
}

pub(crate) fn decode_as<T, A>(json: &[u8]) -> Result<T, DecodeError>
where
    A: for<'de> serde_with::DeserializeAs<'de, T>,
{
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = A::deserialize_as(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|source| DecodeError { path: ".".to_owned(), source })
}

pub(crate) fn decode_unit(_: &[u8]) -> Result<(), DecodeError> {
    Ok(())
}

/// A reply: the value, and the answer it was read from.
///
/// It dereferences to the value; [`into_inner`](Self::into_inner) takes it out.
#[derive(Clone)]
pub struct Reply<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    explanation: Option<String>,
}

impl<T> Reply<T> {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The bytes of the answer, for JSON-RPC the whole envelope.
    pub fn raw(&self) -> &Bytes {
        &self.body
    }

    /// The string that was signed, key and secret hidden, if the client was built with [`explain`](crate::ClientBuilder::explain).
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        let Self { value, status, headers, body, explanation } = self;
        Reply { value: change(value), status, headers, body, explanation }
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("status", &self.status).field("value", &self.value).finish_non_exhaustive()
    }
}
