//! Calls and their options.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;

use crate::client::state::ClientState;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::effect::{Changes, Reads, ReadsOnly};
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::pipeline;
use crate::request::build::build;
use crate::request::options::CallOptions;
use crate::request::values::RequestValues;
use crate::response::byte_stream::ByteStream;
use crate::response::classify::SuccessResponse;
use crate::response::decode::DecodeError;
use crate::response::failed_elements::failed_elements;
use crate::response::lenient::{Lenient, decode_lenient};
use crate::response::raw::RawResponse;
use crate::response::received::{DecodeFn, Received, decode_stream};
use crate::response::stated::Rules;
use crate::response::typed::{Called, Response};

/// A call. It is not sent before it is polled.
///
/// Its result is the value of the response. [`with_response`](Self::with_response) also returns
/// status, headers and raw bytes. Set the options of a call before awaiting it:
///
/// ```
/// # use std::time::Duration;
/// # use venuekit::{Call, Error};
/// # async fn run(call: Call<i64>) -> Result<(), Error> {
/// // let call = client.get_order_id().symbol("BTC-USD").send();
/// let id = call.timeout(Duration::from_secs(2)).header("x-trace-id", "a-7").await?;
/// # Ok(())
/// # }
/// ```
///
/// If a call is dropped before it is done, its request may have reached the venue. In this case the
/// drop is logged (`tracing`, at level WARN).
///
/// `K` says whether the call can change something at the venue: [`Changes`] or [`Reads`]. It is
/// part of the type, so that [`lenient`](Self::lenient) exists only for reads. A `Call<T, Reads>`
/// converts into a `Call<T>` by `From`.
#[must_use = "a call is not sent before it is awaited"]
pub struct Call<T, K = Changes> {
    sending: Sending,
    decode: DecodeFn<T>,
    venue: &'static Venue,
    operation: &'static Operation,
    kind: PhantomData<fn() -> K>,
}

/// The progress of a call.
enum Sending {
    /// It was not polled yet.
    Ready(Box<Prepared>),
    /// It was polled.
    Underway(BoxFuture<'static, Result<SuccessResponse, Error>>),
    /// It ended.
    Ended,
}

/// A call that was not polled yet.
struct Prepared {
    client: Arc<ClientState>,
    values: RequestValues,
    options: CallOptions,
    /// Receives aborts. An abort ends all calls that were created before it, polled or not.
    aborts: watch::Receiver<()>,
}

impl<T> Call<T> {
    pub(crate) fn new(client: Arc<ClientState>, values: RequestValues, decode: DecodeFn<T>) -> Self {
        let (venue, operation, aborts) = (client.venue, values.operation(), client.aborts.subscribe());
        let prepared = Prepared { client, values, options: CallOptions::default(), aborts };
        Self { sending: Sending::Ready(Box::new(prepared)), decode, venue, operation, kind: PhantomData }
    }
}

impl<T, K> Call<T, K> {
    pub(crate) fn into_stream(self) -> Call<ByteStream, K> {
        let Self { sending, venue, operation, kind, .. } = self.change(|options| options.streams_response = true);
        Call { sending, decode: decode_stream, venue, operation, kind }
    }

    /// Replaces `K` in the type of the call.
    pub(crate) fn into_kind<L>(self) -> Call<T, L> {
        let Self { sending, decode, venue, operation, kind: _ } = self;
        Call { sending, decode, venue, operation, kind: PhantomData }
    }

    /// Sets the timeout of this call, over all its attempts. Overrides the client's timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|options| options.timeout = Some(timeout))
    }

    /// Sets the recv window: how long after the time in the request the venue may accept it.
    /// Overrides the client's setting.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if its operation is not signed, if requests
    /// to the venue have no recv window, or if this one is too long or below a millisecond.
    pub fn recv_window(self, window: Duration) -> Self {
        let (venue, operation) = (self.venue, self.operation);
        self.change(|options| options.set_recv_window(venue, operation, window))
    }

    /// Adds a header that is not signed, such as the id of a trace.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if the header is not valid, or if the signer
    /// or the client already sets a header of this name. A caller cannot set `Host`,
    /// `Content-Length`, `Transfer-Encoding`, `Connection`, `Authorization`, `Cookie` and
    /// `Accept-Encoding` either.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|options| options.add_header(name, value))
    }

    /// Returns a call whose result is the whole response: the value with status, headers, raw
    /// bytes, and the elements of a batch that failed.
    pub fn with_response(self) -> CallWithResponse<T> {
        CallWithResponse(self.into_kind())
    }

    /// Returns a call that drops each element of a list, and each entry of a map, that cannot be
    /// read. In an ordinary call, one such element is an error of the whole call.
    ///
    /// The innermost bad element is dropped. An order in a list is dropped if its own price cannot
    /// be read, but stays if only one of its trades cannot be read. If a part outside of any list
    /// or map cannot be read, the call is an error. Look at [`errors`](Lenient::errors): an order
    /// that was dropped still exists at the venue.
    ///
    /// This method exists only for calls that change nothing at the venue.
    ///
    /// ```
    /// # use venuekit::operation::Reads;
    /// # use venuekit::{Call, Error};
    /// # async fn run(call: Call<Vec<i64>, Reads>) -> Result<(), Error> {
    /// // let call = client.get_orders().send();
    /// let orders = call.lenient().await?;
    /// for error in orders.errors() {
    ///     eprintln!("{error}: {}", error.json());
    /// }
    /// for order in orders.into_value() {
    ///     println!("{order}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn lenient(self) -> LenientCall<T>
    where
        K: ReadsOnly,
    {
        LenientCall(self.into_kind())
    }

    /// Sends the call, and blocks the thread until its result is there: see
    /// [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Those of the call. If the thread of the connections cannot be started, the call is
    /// [`NotSent`](Outcome::NotSent).
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<T, Error> {
        let (venue, operation) = (self.venue, self.operation);
        waited(crate::blocking::wait(self), venue, operation)
    }

    /// Changes the options. This has no effect on a call that was already polled.
    fn change(mut self, change: impl FnOnce(&mut CallOptions)) -> Self {
        if let Sending::Ready(prepared) = &mut self.sending {
            change(&mut prepared.options);
        }
        self
    }

    fn poll_success(&mut self, context: &mut Context<'_>) -> Poll<Result<SuccessResponse, Error>> {
        if matches!(self.sending, Sending::Ready(_))
            && let Sending::Ready(prepared) = std::mem::replace(&mut self.sending, Sending::Ended)
        {
            let Prepared { client, values, options, aborts } = *prepared;
            match build(&values, &options, &client.target()) {
                Err(error) => return Poll::Ready(Err(pipeline::not_built(self.venue, self.operation, error))),
                Ok(request) => {
                    let run = pipeline::run(Arc::clone(&client), request, options, aborts);
                    self.sending = Sending::Underway(Box::pin(run));
                }
            }
        }
        let Sending::Underway(sending) = &mut self.sending else {
            let error = Error::request("the call has ended, and was polled again");
            return Poll::Ready(Err(error.with_operation(self.venue, self.operation)));
        };
        let Poll::Ready(result) = sending.as_mut().poll(context) else { return Poll::Pending };
        self.sending = Sending::Ended;
        Poll::Ready(result)
    }

    /// Returns the decoded value and the response, or the error of a response that `decode` cannot
    /// read.
    fn decoded<V>(
        &self,
        success: SuccessResponse,
        decode: impl FnOnce(&SuccessResponse) -> Result<V, DecodeError>,
    ) -> Result<(V, SuccessResponse), Error> {
        match decode(&success) {
            Ok(value) => Ok((value, success)),
            Err(DecodeError { path, source }) => {
                let error = Error::new(ErrorKind::Decode, Outcome::Unknown).with_message(source.to_string());
                let error = if path == "." { error } else { error.with_json_path(path) };
                Err(error
                    .with_source(source)
                    .with_response(success.response)
                    .with_attempts(success.attempts)
                    .with_explanation(success.explanation)
                    .redacted(&success.secrets.blotter())
                    .with_operation(self.venue, self.operation))
            }
        }
    }

    fn received<'r>(&self, success: &'r SuccessResponse) -> Received<'r> {
        let SuccessResponse { response, result, stream, .. } = success;
        Received { operation: self.operation, status: response.status, body: &response.body, result, stream }
    }

    fn response<V>(&self, value: V, success: SuccessResponse) -> Response<V> {
        let SuccessResponse {
            response, result, element_counts, is_after_unknown, explanation, secrets, attempts, ..
        } = success;
        let RawResponse { status, headers, body, .. } = response;
        let rules = Rules { venue: self.venue, operation: self.operation, status };
        let mut failed_elements = failed_elements(rules, &result);
        if !failed_elements.is_empty() {
            let (blotter, is_read) = (secrets.blotter(), self.operation.is_get_or_head());
            failed_elements = failed_elements.into_iter().map(|element| element.redacted(&blotter)).collect();
            if is_after_unknown {
                failed_elements.iter_mut().for_each(|element| element.set_after_unknown(is_read));
            }
        }
        let explanation = explanation.map(|text| secrets.blotter().blot(&text, usize::MAX));
        let call = Called { venue: self.venue, operation: self.operation, attempts, secrets };
        Response { value, status, headers, body, explanation, failed_elements, element_counts, call }
    }
}

impl<K> Call<Bytes, K> {
    /// Returns a call whose result is the body as a stream, for a response that is too large to be
    /// held in memory. Without it, the body is read whole, up to the client's limit.
    ///
    /// Only a success is streamed. Errors are read whole and have their body, as in any call. If
    /// the spec has conditions under which a success is an error, a response of JSON is read whole
    /// first.
    ///
    /// ```
    /// # use venuekit::{Call, Error, bytes::Bytes};
    /// # async fn run(call: Call<Bytes>) -> Result<(), Error> {
    /// // let call = client.download().send();
    /// let mut stream = call.stream().await?;
    /// while let Some(bytes) = stream.chunk().await? {
    ///     println!("{} bytes", bytes.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> Call<ByteStream, K> {
        self.into_stream()
    }
}

impl<T> From<Call<T, Reads>> for Call<T> {
    fn from(call: Call<T, Reads>) -> Self {
        call.into_kind()
    }
}

impl<T, K> Future for Call<T, K> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let success = std::task::ready!(self.poll_success(context))?;
        let decoded = self.decoded(success, |success| (self.decode)(self.received(success)));
        Poll::Ready(decoded.map(|(value, _)| value))
    }
}

impl<T, K> fmt::Debug for Call<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("venue", &self.venue.name())
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}

/// A [`Call`] whose result is the whole response.
#[must_use = "a call is not sent before it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<T>(Call<T>);

#[cfg(feature = "blocking")]
impl<T> CallWithResponse<T> {
    /// Sends the call, and blocks the thread until its result is there: see [`Call::wait`].
    ///
    /// # Errors
    ///
    /// Those of [`Call::wait`].
    pub fn wait(self) -> Result<Response<T>, Error> {
        let (venue, operation) = (self.0.venue, self.0.operation);
        waited(crate::blocking::wait(self), venue, operation)
    }
}

impl<T> Future for CallWithResponse<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = &mut self.0;
        let success = std::task::ready!(call.poll_success(context))?;
        let (value, success) = call.decoded(success, |success| (call.decode)(call.received(success)))?;
        Poll::Ready(Ok(call.response(value, success)))
    }
}

/// A [`Call`] that drops list elements and map entries that cannot be read: see [`Call::lenient`].
#[must_use = "a call is not sent before it is awaited"]
#[derive(Debug)]
pub struct LenientCall<T>(Call<T>);

#[cfg(feature = "blocking")]
impl<T> LenientCall<T> {
    /// Sends the call, and blocks the thread until its result is there: see [`Call::wait`].
    ///
    /// # Errors
    ///
    /// Those of [`Call::wait`].
    pub fn wait(self) -> Result<Lenient<T>, Error> {
        let (venue, operation) = (self.0.venue, self.0.operation);
        waited(crate::blocking::wait(self), venue, operation)
    }
}

impl<T> Future for LenientCall<T> {
    type Output = Result<Lenient<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = &mut self.0;
        let success = std::task::ready!(call.poll_success(context))?;
        let decode = |success: &SuccessResponse| decode_lenient(call.decode, call.received(success), &success.secrets);
        let ((value, errors), success) = call.decoded(success, decode)?;
        Poll::Ready(Ok(Lenient { response: call.response(value, success), errors }))
    }
}

/// Returns the result of a call, or the error of a call that could not be started.
#[cfg(feature = "blocking")]
fn waited<T>(
    result: std::io::Result<Result<T, Error>>,
    venue: &'static Venue,
    operation: &'static Operation,
) -> Result<T, Error> {
    result.unwrap_or_else(|source| {
        let error = Error::new(ErrorKind::Connect, Outcome::NotSent);
        let error = error.with_message("the thread of blocking calls cannot be started").with_source(source);
        Err(error.with_operation(venue, operation))
    })
}
