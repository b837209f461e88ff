//! Sends the request of a call, resends it if that is safe, and determines the outcome of the call.
//!
//! - `attempt`: the phases of one attempt: throttle, stamp, sign, send, classify
//! - `latency`: latencies as logs have them
//! - `resend`: decides whether a request is sent again
//! - `server_time`: asks the venue for its time
//!
//! This file combines them, and keeps the results of the attempts of a call. The module `request`
//! builds the request first, and [`Call`](crate::Call) decodes the response afterwards.

pub(crate) mod attempt;
mod latency;
mod resend;
mod server_time;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use self::attempt::Attempts;
use self::latency::milliseconds;
use self::resend::{Decision, Situation};
use crate::bounded::bounded;
use crate::client::state::ClientState;
use crate::clock::ClockOffset;
use crate::error::Error;
use crate::error::earlier::EarlierResponses;
use crate::error::outcome::{ErrorKind, Outcome};
use crate::future::BoxFuture;
use crate::operation::operation::{Operation, Security};
use crate::operation::venue::Venue;
use crate::request::build::Request;
use crate::request::options::CallOptions;
use crate::response::byte_stream::{ByteStream, DEFAULT_IDLE_TIMEOUT, StreamCell, StreamOrigin, Whole};
use crate::response::classify::{OpenBody, SuccessResponse};
use crate::transport::body::ByteSource;

/// Sends the request of a call until it succeeds or has failed for good.
pub(crate) async fn run(
    client: Arc<ClientState>,
    request: Request,
    options: CallOptions,
    mut aborts: watch::Receiver<()>,
) -> Result<SuccessResponse, Error> {
    let (venue, operation) = (client.venue, request.operation);
    // The span has the template of the path, never the URL: one venue has the signature in the URL.
    let span =
        tracing::debug_span!("call", venue = venue.name, operation = operation.id, path = operation.route.template());
    let mut run = Run::new(&client, &request, &options);
    let ended = {
        let mut aborted = pin!(aborts.changed());
        let mut attempts = pin!(run.until_ended().instrument(span));
        let next = |context: &mut Context<'_>| match aborted.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => attempts.as_mut().poll(context).map(Some),
        };
        poll_fn(next).await
    };
    let result = ended.unwrap_or_else(|| Err(run.aborted()));
    run.is_finished = true;
    let (attempts, secrets) = (run.attempts.sent, std::mem::take(&mut run.attempts.secrets));
    let is_after_unknown = run.is_unknown;
    let latency = run.started.elapsed();
    match result {
        Ok(success) => {
            log_success(venue, operation, attempts, &success, latency);
            let mut success = SuccessResponse { attempts, is_after_unknown, secrets, ..success };
            if options.streams_response {
                success.stream = StreamCell::new(stream(&client, &request, &mut success, aborts));
            }
            Ok(success)
        }
        Err(error) => {
            let error = error.redacted(&secrets.blotter()).with_attempts(attempts).with_operation(venue, operation);
            log_failure(venue, operation, &error, latency);
            Err(error)
        }
    }
}

/// Returns the body of a success as a stream.
fn stream(
    client: &Arc<ClientState>,
    request: &Request,
    success: &mut SuccessResponse,
    mut aborts: watch::Receiver<()>,
) -> ByteStream {
    let source: ByteSource = match success.source.take() {
        Some(OpenBody(source)) => source,
        None => Box::pin(Whole(Some(success.response.body.clone()))),
    };
    let idle_timeout = client.settings.idle_timeout.unwrap_or(DEFAULT_IDLE_TIMEOUT);
    let client = Arc::clone(client);
    let (venue, operation, attempts) = (client.venue, request.operation, success.attempts);
    let aborted = Box::pin(async move {
        // The client owns the sender of `aborts`. If it were dropped, `changed` would return, and
        // the stream would end as if it were aborted.
        let _client = client;
        drop(aborts.changed().await);
    });
    let origin = StreamOrigin { venue, operation, attempts, secrets: success.secrets.clone() };
    let head = (success.response.status, success.response.headers.clone());
    ByteStream::new(head, source, idle_timeout, aborted, origin)
}

/// Returns the error of a call whose request could not be built, and logs it.
pub(crate) fn not_built(venue: &'static Venue, operation: &'static Operation, error: Error) -> Error {
    let error = error.with_operation(venue, operation);
    log_failure(venue, operation, &error, Duration::ZERO);
    error
}

/// Asks the venue for its time, and uses it in requests from now on.
///
/// # Errors
///
/// When the venue has no operation for its time, when the call fails, or when its response has no
/// time.
pub(crate) fn sync_clock(
    client: &Arc<ClientState>,
    timeout: Option<Duration>,
) -> BoxFuture<'_, Result<ClockOffset, Error>> {
    let send = |request, options| run(Arc::clone(client), request, options, client.aborts.subscribe());
    Box::pin(server_time::ask(client, timeout, send))
}

/// A call in progress.
struct Run<'a> {
    client: &'a Arc<ClientState>,
    request: &'a Request,
    attempts: Attempts<'a>,
    started: Instant,
    /// True if the outcome of any attempt is unknown.
    is_unknown: bool,
    /// The responses of the attempts so far.
    earlier: EarlierResponses,
    /// The error of the last attempt that got a response, kept while another attempt is made.
    last_response_error: Option<Error>,
    /// True if this call already tried to set the clock.
    is_clock_set: bool,
    /// True once the result of the call is known.
    is_finished: bool,
}

impl<'a> Run<'a> {
    fn new(client: &'a Arc<ClientState>, request: &'a Request, options: &'a CallOptions) -> Self {
        let started = Instant::now();
        let deadline = started + bounded(options.timeout.unwrap_or(client.settings.timeout));
        Self {
            client,
            request,
            attempts: Attempts::new(client, request, options, (started, deadline)),
            started,
            is_unknown: false,
            earlier: EarlierResponses::default(),
            last_response_error: None,
            is_clock_set: false,
            is_finished: false,
        }
    }

    async fn until_ended(&mut self) -> Result<SuccessResponse, Error> {
        self.attempts.authorise()?;
        if self.request.operation.security == Security::Signed {
            self.sync_clock_if_in_doubt().await;
        }
        let mut attempt = 1;
        loop {
            let error = match self.attempts.make().await {
                Ok(success) => return Ok(success),
                Err(error) => error,
            };
            match self.wait_after(attempt, &error).await {
                Some(wait) if wait < self.attempts.left() => {
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(attempt, wait_ms, kind = ?error.kind(), "sending again");
                    self.remember(error);
                    sleep(wait).await;
                    attempt += 1;
                }
                _ => return Err(self.conclude(error)),
            }
        }
    }

    /// Updates limits and clock from a failed attempt. Returns the time to wait before the next
    /// attempt, or `None` if there is no next attempt.
    async fn wait_after(&mut self, attempt: u32, error: &Error) -> Option<Duration> {
        let closed = self.attempts.close_limits(error);
        let situation = Situation {
            attempt,
            retry: self.client.settings.retry,
            is_idempotent: self.request.is_idempotent,
            operation: self.request.operation,
            is_single: !self.request.uploads.is_empty(),
            was_sent: self.attempts.sent > 0,
        };
        match situation.decide(error) {
            Decision::Resend => Some(situation.wait(error.retry_after().or(closed))),
            Decision::LearnTime { then_resend } => {
                if then_resend && self.set_clock(error).await {
                    return Some(Duration::ZERO);
                }
                // This call fails. The `Date` of the response may correct the clock; if it does
                // not, the next signed call asks the venue for its time.
                self.client.clock.learn_from_refusal(error.headers());
                None
            }
            Decision::GiveUp => None,
        }
    }

    /// Asks the venue for its time, if the venue refused a time of this client and no call has
    /// asked for the time since. Does nothing if the venue has no operation for this, or if this
    /// call is that operation.
    async fn sync_clock_if_in_doubt(&self) {
        let operation = self.request.operation;
        let can_ask = self.client.venue.server_time.is_some_and(|time| time.operation().id != operation.id);
        let timeout = self.attempts.left() / 2;
        if can_ask && self.client.clock.take_doubt() && sync_clock(self.client, Some(timeout)).await.is_err() {
            // The clock stays in doubt, so the next signed call asks again. This call is sent all
            // the same, because the venue may accept it.
            self.client.clock.doubt();
        }
    }

    /// Sets the clock to the venue's time, once per call. Returns whether that succeeded.
    async fn set_clock(&mut self, error: &Error) -> bool {
        if std::mem::replace(&mut self.is_clock_set, true) {
            return false;
        }
        // The `Date` of the failed response gets older while the venue is asked, so it is read
        // first.
        let is_dated = error.headers().is_some_and(|headers| self.client.clock.learn_from_date(headers).is_some());
        let operation = self.client.venue.server_time.as_ref().map(|time| time.operation());
        let is_public = |time: &Operation| time.security == Security::Public && time.id != self.request.operation.id;
        // Half of the time left is kept for the attempt that needs the clock.
        let timeout = self.attempts.left() / 2;
        operation.is_some_and(is_public) && sync_clock(self.client, Some(timeout)).await.is_ok() || is_dated
    }

    /// Keeps the response and outcome of a failed attempt, before another attempt is made.
    fn remember(&mut self, error: Error) {
        self.is_unknown |= error.outcome() == Outcome::Unknown;
        if let Some(response) = error.response() {
            self.earlier.push(response.clone());
            self.last_response_error = Some(error);
        }
    }

    /// Returns the error of the whole call: the failure of the last attempt, combined with the
    /// earlier failures.
    fn conclude(&mut self, error: Error) -> Error {
        let earlier = std::mem::take(&mut self.earlier);
        let is_last_sent = error.outcome() != Outcome::NotSent;
        let (error, earlier) = match self.last_response_error.take() {
            // The last attempt was not sent, but an earlier one was. So the call has the outcome of
            // the earlier attempt.
            Some(last_response_error) if !is_last_sent => {
                (error.with_response_of(last_response_error), earlier.without_last())
            }
            _ => (error, earlier),
        };
        let error = error.with_earlier(earlier);
        if !self.is_unknown {
            return error;
        }
        // An earlier attempt may have been executed. For a read this does no harm. So if the venue
        // refused the last attempt of a read, the outcome is `Refused`.
        let is_read = self.request.operation.is_get_or_head();
        if is_last_sent { error.after_unknown(is_read) } else { error.with_outcome(Outcome::Unknown) }
    }

    /// Returns the error of a call that is aborted. If its current attempt is not sent yet, it will
    /// not be sent.
    fn aborted(&mut self) -> Error {
        let outcome = self.attempts.abandon();
        self.conclude(Error::new(ErrorKind::Aborted, outcome))
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let may_have_left = self.attempts.abandon() == Outcome::Unknown;
        if !self.is_finished && (may_have_left || self.is_unknown) {
            let (venue, operation) = (self.client.venue.name, self.request.operation.id);
            tracing::warn!(venue, operation, outcome = %Outcome::Unknown, "dropped before a response came");
        }
    }
}

fn log_success(venue: &Venue, operation: &Operation, attempts: u32, success: &SuccessResponse, latency: Duration) {
    let (venue, operation, latency_ms) = (venue.name, operation.id, milliseconds(latency));
    let status = success.response.status.as_u16();
    tracing::debug!(venue, operation, attempts, status, latency_ms, "succeeded");
}

fn log_failure(venue: &Venue, operation: &Operation, error: &Error, latency: Duration) {
    let (venue, operation, latency_ms) = (venue.name, operation.id, milliseconds(latency));
    let (attempts, status) = (error.attempts(), error.status().map(|status| status.as_u16()));
    let (outcome, kind) = (error.outcome(), error.kind());
    tracing::debug!(venue, operation, attempts, status, latency_ms, %outcome, ?kind, "failed");
}
