//! A call under way, and the reply it ends in.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_path_to_error::Track;
use serde_with::{DeserializeAs, Same};

use crate::classify::RawReply;
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, Outcome, RawResponse};
use crate::operation::{Operation, Venue};
use crate::pipeline;
use crate::transport::BoxFuture;
use crate::wire::TextIntegers;

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

/// The reason why JSON could not be read, and the path to its place.
#[derive(Debug)]
pub(crate) struct DecodeError {
    pub(crate) path: String,
    pub(crate) source: serde_json::Error,
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

/// Reads a value from the whole of a text.
pub(crate) fn decode<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    decode_as::<T, Same>(json)
}

/// Reads a value from the whole of a text, by way of the adaptor `A`.
pub(crate) fn decode_as<T, A>(json: &[u8]) -> Result<T, DecodeError>
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    let value = A::deserialize_as(TextIntegers(&mut deserializer));
    value
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|source| DecodeError { path: locate::<T, A>(json), source })
}

/// Reads once more, slowly, to learn the path to what cannot be read. It is `.` where that is the whole.
#[cold]
fn locate<T, A>(json: &[u8]) -> String
where
    A: for<'de> DeserializeAs<'de, T>,
{
    let (mut deserializer, mut track) = (serde_json::Deserializer::from_slice(json), Track::new());
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    match A::deserialize_as(TextIntegers(tracked)) {
        Err(_) => track.path().to_string(),
        Ok(_) => ".".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Debug;

    use rust_decimal::Decimal;

    use super::*;
    use crate::wire::{DecimalNumber, DecimalString};

    /// The path and the message of the error.
    fn fault<T: Debug>(result: Result<T, DecodeError>) -> (String, String) {
        let DecodeError { path, source } = result.unwrap_err();
        let message = source.to_string();
        (path, message.split(" at line").next().unwrap_or_default().to_owned())
    }

    #[test]
    fn a_bare_result_is_an_integer_or_text_of_its_digits() {
        assert_eq!(decode::<i64>(b" 28 ").unwrap(), 28);
        assert_eq!(decode::<i64>(br#""28""#).unwrap(), 28);
        assert_eq!(decode::<Option<u64>>(br#""18446744073709551615""#).unwrap(), Some(u64::MAX));
        assert_eq!(decode::<Option<u64>>(b"null").unwrap(), None);
        assert_eq!(decode::<Vec<i32>>(br#"["1",2]"#).unwrap(), [1, 2]);
        assert_eq!(decode::<BTreeMap<String, i32>>(br#"{"1":"2"}"#).unwrap(), BTreeMap::from([("1".to_owned(), 2)]));
        assert_eq!(decode::<String>(br#""28""#).unwrap(), "28");
        for json in [r#""028""#, r#""1.0""#, r#""""#, "028", r#""28" 1"#, r#"["1"]"#] {
            assert_eq!(fault(decode::<i64>(json.as_bytes())).0, ".", "{json}");
        }
    }

    #[test]
    fn the_path_to_a_fault_is_known_with_and_without_an_adaptor() {
        let json = br#"{"BTC":["1","x"]}"#;
        assert_eq!(
            fault(decode::<BTreeMap<String, Vec<i64>>>(json)),
            ("BTC[1]".to_owned(), r#"invalid value: string "x", expected i64"#.to_owned())
        );
        assert_eq!(
            fault(decode_as::<BTreeMap<String, Vec<Decimal>>, BTreeMap<Same, Vec<DecimalString>>>(json)),
            ("BTC[1]".to_owned(), r#""x" is not a decimal: unexpected 'x' at byte 0"#.to_owned())
        );
        assert_eq!(fault(decode_as::<Vec<Decimal>, Vec<DecimalNumber>>(b"[1.5,[]]")).0, "[1]");
        assert_eq!(fault(decode_as::<Decimal, DecimalNumber>(b"true")).0, ".");
        assert_eq!(fault(decode_as::<Vec<Decimal>, Vec<DecimalNumber>>(b"[1.5] x")).0, ".");
        assert_eq!(decode_as::<Decimal, DecimalNumber>(br#""1.50""#).unwrap().to_string(), "1.50");
    }
}
