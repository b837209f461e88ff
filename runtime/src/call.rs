//! A call, and its options.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;

use crate::client::state::ClientState;
use crate::error::Error;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::pipeline;
use crate::request::build::build;
use crate::request::options::CallOptions;
use crate::request::values::RequestValues;
use crate::response::classify::SuccessResponse;
use crate::response::decode::{DecodeError, DecodeFn};
use crate::response::raw::RawResponse;
use crate::response::typed::Response;
use crate::transport::transport::BoxFuture;

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
/// A call that is dropped before it is done may have reached the venue. That is logged (`tracing`,
/// at level WARN).
#[must_use = "a call is not sent before it is awaited"]
pub struct Call<T> {
    sending: Sending,
    decode: DecodeFn<T>,
    venue: &'static Venue,
    operation: &'static Operation,
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
    /// The receiver of aborts. An abort ends all calls that were created before it, polled or not.
    aborts: watch::Receiver<()>,
}

impl<T> Call<T> {
    pub(crate) fn new(client: Arc<ClientState>, values: RequestValues, decode: DecodeFn<T>) -> Self {
        let (venue, operation, aborts) = (client.venue, values.operation(), client.aborts.subscribe());
        let prepared = Prepared { client, values, options: CallOptions::default(), aborts };
        Self { sending: Sending::Ready(Box::new(prepared)), decode, venue, operation }
    }

    /// Sets the timeout of this call, over all its attempts. Overrides the client's timeout.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.change(|options| options.timeout = Some(timeout))
    }

    /// Sets how long after its time the venue may accept this request. Overrides the client's
    /// setting.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if its operation is not signed, or if the
    /// venue does not accept this window.
    pub fn recv_window(self, window: Duration) -> Self {
        let (venue, operation) = (self.venue, self.operation);
        self.change(|options| options.set_recv_window(venue, operation, window))
    }

    /// Adds a header that is not signed, such as the id of a trace.
    ///
    /// The call ends as [`NotSent`](Outcome::NotSent) if the header is not valid, or if the signer
    /// or the client sets it. The same holds for `Host`, `Content-Length`, `Transfer-Encoding`,
    /// `Connection`, `Authorization`, `Cookie` and `Accept-Encoding`.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.change(|options| options.add_header(name, value))
    }

    /// Returns a call whose result is the whole response: the value with status, headers and raw
    /// bytes.
    pub fn with_response(self) -> CallWithResponse<T> {
        CallWithResponse(self)
    }

    /// Changes the options. This has no effect on a call that was already polled.
    fn change(mut self, change: impl FnOnce(&mut CallOptions)) -> Self {
        if let Sending::Ready(prepared) = &mut self.sending {
            change(&mut prepared.options);
        }
        self
    }

    fn poll_response(&mut self, context: &mut Context<'_>) -> Poll<Result<Response<T>, Error>> {
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
        Poll::Ready(result.and_then(|success| self.decoded(success)))
    }

    fn decoded(&self, success: SuccessResponse) -> Result<Response<T>, Error> {
        match (self.decode)(&success.result) {
            Ok(value) => {
                let SuccessResponse { response, explanation, secrets, .. } = success;
                let explanation = explanation.map(|text| secrets.blotter().blot(&text, usize::MAX));
                let RawResponse { status, headers, body, .. } = response;
                Ok(Response { value, status, headers, body, explanation })
            }
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

/// A [`Call`] whose result is the whole response.
#[must_use = "a call is not sent before it is awaited"]
#[derive(Debug)]
pub struct CallWithResponse<T>(Call<T>);

impl<T> Future for CallWithResponse<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_response(context)
    }
}
