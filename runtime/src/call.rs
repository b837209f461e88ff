//! A call, its options, and the response it ends in.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_path_to_error::Track;
use serde_with::{DeserializeAs, Same};
use tokio::sync::watch;

use crate::classify::RawReply;
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, Outcome, RawResponse};
use crate::operation::{Operation, Venue};
use crate::pipeline;
use crate::transport::BoxFuture;
use crate::wire::TextIntegers;

/// A call: nothing is sent before it is polled.
///
/// It ends in the value of the response. [`with_response`](Self::with_response) gives status, headers
/// and raw bytes as well. The options of a call are set on it before it is awaited:
///
/// ```
/// # use std::time::Duration;
/// # use venuekit::{Draft, Error};
/// # async fn run(operation: Draft) -> Result<(), Error> {
/// let id: i64 = operation.send().timeout(Duration::from_secs(2)).header("x-trace-id", "a-7").await?;
/// # Ok(())
/// # }
/// ```
///
/// Dropped before it is done, it may have reached the venue; that is logged (`tracing`, at level WARN).
#[must_use = "a call is not sent before it is awaited"]
pub struct Call<T> {
    sending: Sending,
    decode: Decode<T>,
    venue: &'static Venue,
    operation: &'static Operation,
}

type Decode<T> = fn(&[u8]) -> Result<T, DecodeError>;

/// How far a call is.
enum Sending {
    /// It was not polled yet. An abort counts for calls that were made before it, whether they were polled or not.
    Ready(Box<(Draft, watch::Receiver<()>)>),
    /// It was polled.
    Underway(BoxFuture<'static, Result<RawReply, Error>>),
    /// It ended.
    Ended,
}

/// The reason why JSON could not be read, and the path to its place.
#[derive(Debug)]
pub(crate) struct DecodeError {
    pub(crate) path: String,
    pub(crate) source: serde_json::Error,
}

impl<T> Call<T> {
    pub(crate) fn new(draft: Draft, decode: Decode<T>) -> Self {
        let (venue, operation) = (draft.client().venue(), draft.operation());
        let aborts = draft.client().aborts();
        Self { sending: Sending::Ready(Box::new((draft, aborts))), decode, venue, operation }
    }

    /// Sets the timeout of this call, all its attempts together. Overrides the client's timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|draft| draft.set_timeout(timeout))
    }

    /// Sets how long after its time the venue may accept this request. Overrides the setting of the client.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if its operation is not signed, or if the venue takes
    /// no such window.
    pub fn recv_window(self, window: Duration) -> Self {
        self.change(|draft| draft.set_recv_window(window))
    }

    /// Adds a header that is not signed, such as the id of a trace.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if the header is not valid, if the signer or the
    /// client sets it, or if it is one of `Host`, `Content-Length`, `Transfer-Encoding`, `Connection`,
    /// `Authorization`, `Cookie` and `Accept-Encoding`.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|draft| draft.add_header(name, value))
    }

    /// Gives the whole response: the value with status, headers and raw bytes.
    pub fn with_response(self) -> CallWithResponse<T> {
        CallWithResponse(self)
    }

    /// Options of a call that is under way come too late.
    fn change(mut self, change: impl FnOnce(&mut Draft)) -> Self {
        if let Sending::Ready(ready) = &mut self.sending {
            change(&mut ready.0);
        }
        self
    }

    fn poll_response(&mut self, context: &mut Context<'_>) -> Poll<Result<Response<T>, Error>> {
        if matches!(self.sending, Sending::Ready(_))
            && let Sending::Ready(ready) = std::mem::replace(&mut self.sending, Sending::Ended)
        {
            let (draft, aborts) = *ready;
            self.sending = Sending::Underway(Box::pin(pipeline::run(draft, aborts)));
        }
        let Sending::Underway(sending) = &mut self.sending else {
            let error = Error::request("the call has ended, and was polled again");
            return Poll::Ready(Err(error.of(self.venue, self.operation)));
        };
        let Poll::Ready(result) = sending.as_mut().poll(context) else { return Poll::Pending };
        self.sending = Sending::Ended;
        Poll::Ready(result.and_then(|reply| self.finish(reply)))
    }

    fn finish(&self, reply: RawReply) -> Result<Response<T>, Error> {
        match (self.decode)(&reply.result) {
            Ok(value) => {
                let RawReply { response, explanation, secrets, .. } = reply;
                let explanation = explanation.map(|text| secrets.blotter().blot(&text, usize::MAX));
                let RawResponse { status, headers, body, .. } = response;
                Ok(Response { value, status, headers, body, explanation })
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
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_response(context).map_ok(Response::into_value)
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

/// A [`Call`] that ends in the whole response.
#[must_use = "a call is not sent before it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<T>(Call<T>);

impl<T> Future for CallWithResponse<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_response(context)
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

/// A response: the value, and what it was read from.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    explanation: Option<String>,
}

impl<T> Response<T> {
    /// Returns the value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// Takes the value out.
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

    /// Returns the raw bytes of the body; for JSON-RPC, those of the whole envelope.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the string that was signed, without key and secret, if the client was built with
    /// [`explain`](crate::ClientBuilder::explain).
    pub fn explanation(&self) -> Option<&str> {
        self.explanation.as_deref()
    }

    /// Changes the value.
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
