//! The phases of a call: build, authorise, and for each attempt throttle, stamp, sign, send, classify. Decoding follows in [`Call`](crate::Call).

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, SemaphorePermit, watch};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use crate::classify::{RawReply, classify};
use crate::client::Client;
use crate::draft::Draft;
use crate::error::{BoxError, CodeMeaning, EarlierResponses, Error, ErrorKind, Outcome};
use crate::limits::{InFlight, NoRoom, Observed, Permit, Throttle};
use crate::operation::{Idempotent, Method, Operation, Route, Security, Venue, Weight};
use crate::redact::Secrets;
use crate::settings::bounded;
use crate::sign::{Explanation, SignableRequest};
use crate::transport::{Answered, Departure, Stage, TransportError, TransportRequest};

/// How long a signer may take while others of its key have to wait for it.
const SIGNING_IN_TURN: Duration = Duration::from_secs(5);

pub(crate) async fn run(draft: Draft, mut aborts: watch::Receiver<()>) -> Result<RawReply, Error> {
    let (venue, operation) = (draft.client().venue(), draft.operation());
    // The template of the path, never the URL: one venue has the signature in it.
    let span =
        tracing::debug_span!("call", venue = venue.name, operation = operation.id, path = operation.route.template());
    let mut run = Run::new(&draft);
    let ended = {
        let mut aborted = pin!(aborts.changed());
        let mut attempts = pin!(run.attempts().instrument(span));
        let next = |context: &mut Context<'_>| match aborted.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(None),
            Poll::Pending => attempts.as_mut().poll(context).map(Some),
        };
        poll_fn(next).await
    };
    let result = ended.unwrap_or_else(|| Err(run.aborted()));
    let (sent, secrets) = (run.sent, std::mem::take(&mut run.secrets));
    let result = match result {
        Ok(reply) => Ok(RawReply { attempts: sent, secrets, ..reply }),
        Err(error) => Err(error.redacted(&secrets.blotter()).with_attempts(sent).of(venue, operation)),
    };
    run.finish(&result);
    result
}

/// A call under way.
struct Run<'a> {
    draft: &'a Draft,
    client: &'a Client,
    venue: &'static Venue,
    operation: &'static Operation,
    started: Instant,
    deadline: Instant,
    /// How many attempts were sent, or may have been.
    sent: u32,
    /// When the last one was sent.
    sent_at: Instant,
    /// Whether nobody knows what became of one of them.
    unknown: bool,
    /// The responses of the attempts so far.
    earlier: EarlierResponses,
    /// The last attempt that was answered, while another one is made.
    answered: Option<Error>,
    /// The attempt that is on its way.
    underway: Option<Departure>,
    /// What must not be printed about the attempts so far.
    secrets: Secrets,
    /// Whether the clock was set by this call.
    clock_set: bool,
    /// Whether the caller was told how it ended.
    finished: bool,
}

/// What an attempt waited for; given back when dropped.
struct Admission<'a> {
    permit: Option<Permit>,
    turn: Option<OwnedSemaphorePermit>,
    in_flight: Option<SemaphorePermit<'a>>,
}

/// An attempt that is signed and may go out at once.
struct Ready<'a> {
    request: TransportRequest,
    place: Option<InFlight>,
    explanation: Option<String>,
    _in_flight: Option<SemaphorePermit<'a>>,
}

/// What to do after a failure.
enum Next {
    Again { after: Duration },
    GiveUp,
}

impl<'a> Run<'a> {
    fn new(draft: &'a Draft) -> Self {
        let (client, started) = (draft.client(), Instant::now());
        let deadline = started + bounded(draft.allowed());
        Self {
            draft,
            client,
            venue: client.venue(),
            operation: draft.operation(),
            started,
            deadline,
            sent: 0,
            sent_at: started,
            unknown: false,
            earlier: EarlierResponses::default(),
            answered: None,
            underway: None,
            secrets: Secrets::default(),
            clock_set: false,
            finished: false,
        }
    }

    async fn attempts(&mut self) -> Result<RawReply, Error> {
        let (request, rpc_id) = self.draft.build()?;
        self.authorise(&request)?;
        if self.operation.security == Security::Signed {
            self.client.catch_up_with_time(self.operation, self.left() / 2).await;
        }
        let mut attempt = 1;
        loop {
            let error = match self.attempt(&request, rpc_id).await {
                Ok(reply) => return Ok(reply),
                Err(error) => error,
            };
            match self.after(attempt, &error).await {
                Next::GiveUp => return Err(self.conclude(error)),
                Next::Again { after } if after >= self.left() => return Err(self.conclude(error)),
                Next::Again { after } => {
                    let wait_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
                    tracing::debug!(attempt, wait_ms, kind = ?error.kind(), "sending again");
                    self.remember(error);
                    sleep(after).await;
                    attempt += 1;
                }
            }
        }
    }

    fn authorise(&self, request: &SignableRequest) -> Result<(), Error> {
        let need = match self.operation.security {
            Security::Public => return Ok(()),
            Security::Key => "needs a key",
            Security::Signed => "has to be signed",
        };
        let refused = |message: String| Err(Error::new(ErrorKind::Credentials, Outcome::NotSent).with_message(message));
        if self.client.signer().is_none() {
            return refused(format!("this operation {need}, and the client was built without credentials"));
        }
        if !self.client.settings().insecure && !request.is_private() {
            let what = "a request with credentials goes to https or to this machine only";
            return refused(format!("{what}, unless the client was built with credentials_over_plain_http(true)"));
        }
        Ok(())
    }

    async fn attempt(&mut self, request: &SignableRequest, rpc_id: Option<u64>) -> Result<RawReply, Error> {
        let Ready { request, place, explanation, _in_flight } = loop {
            // A limit may close while the request is being signed. Another one is stamped and signed then.
            if let Some(ready) = self.ready(request.clone()).await? {
                break ready;
            }
        };
        self.sent += 1;
        self.underway = Some(request.departure.clone());
        self.sent_at = Instant::now();
        let response = self.client.transport().send(request).await;
        self.underway = None;
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                let may_have_arrived = error.stage.may_have_arrived();
                self.sent -= u32::from(!may_have_arrived);
                if let Some(place) = place.filter(|_| !may_have_arrived) {
                    place.not_sent();
                }
                return Err(unanswered(error).with_explanation(explanation));
            }
        };
        if let Some(place) = place {
            place.answered();
        }
        let latency = self.sent_at.elapsed();
        let latency_ms = latency.as_secs_f64() * 1e3;
        tracing::debug!(attempt = self.sent, status = response.status.as_u16(), latency_ms, "answered");
        self.client.rate_limits().observe(&self.observed(response.status, &response.headers), self.client.time());
        self.client.observe_date(&response.headers);
        match classify(self.venue, self.operation, response, rpc_id) {
            Ok(reply) => Ok(RawReply { latency, explanation, ..reply }),
            Err(error) => Err(error.with_retry_after_header(self.client.time()).with_explanation(explanation)),
        }
    }

    /// Waits for all that an attempt needs, and stamps and signs it. Returns `None` if a limit was
    /// closed meanwhile, so that the attempt has to wait again.
    async fn ready(&mut self, mut request: SignableRequest) -> Result<Option<Ready<'a>>, Error> {
        let settings = self.client.settings();
        let Admission { permit, turn, in_flight } = self.admission().await?;
        self.sign(&mut request, turn.is_some()).await?;
        let explanation = request.explanation.take().and_then(|Explanation(text)| text);
        self.draft.add_extra_headers(&mut request.headers)?;
        let url = request.url()?;
        if self.left().is_zero() {
            return Err(self.too_late("getting ready"));
        }
        let place = match permit.map(Permit::depart) {
            None => None,
            Some(Some(place)) => Some(place),
            Some(None) => return Ok(None),
        };
        let request = TransportRequest {
            url,
            method: request.method,
            headers: request.headers,
            body: request.body,
            timeout: settings.attempt_timeout.map_or(self.left(), |most| most.min(self.left())),
            response_limit: settings.response_limit,
            answered: Answered::new(turn, place.as_ref().map(InFlight::notice)),
            departure: Departure::default(),
        };
        Ok(Some(Ready { request, place, explanation, _in_flight: in_flight }))
    }

    /// All that an attempt has to wait for before it is stamped.
    async fn admission(&self) -> Result<Admission<'a>, Error> {
        loop {
            let permit = self.permit().await?;
            // The turn comes first: who waits for it is not in flight yet, and must not hold back others.
            let turn = self.turn().await?;
            let in_flight = self.in_flight().await?;
            // That may have taken so long that a limit was closed or used up by others meanwhile.
            if permit.as_ref().is_none_or(Permit::is_sound) {
                return Ok(Admission { permit, turn, in_flight });
            }
        }
    }

    /// A place in the venue's limits.
    async fn permit(&self) -> Result<Option<Permit>, Error> {
        let (limits, weight) = (self.client.rate_limits(), self.weight());
        let until = match self.client.settings().throttle {
            Throttle::Off => return Ok(limits.take(self.operation, weight)),
            Throttle::Wait => self.deadline,
            Throttle::Fail => self.started,
        };
        limits.reserve(self.operation, weight, until).await.map_err(|NoRoom { limit, is_closed, wait }| {
            let message = match is_closed {
                true => format!("the venue closed the rate limit `{limit}`"),
                false => format!("the rate limit `{limit}` is used up"),
            };
            Error::new(ErrorKind::Throttled, Outcome::NotSent).with_message(message).with_retry_after(wait)
        })
    }

    fn observed<'r>(&self, status: StatusCode, headers: &'r HeaderMap) -> Observed<'r> {
        Observed { operation: self.operation, status, headers, sent_at: self.sent_at }
    }

    /// A place among the requests in flight.
    async fn in_flight(&self) -> Result<Option<SemaphorePermit<'a>>, Error> {
        let Some(places) = self.client.in_flight() else { return Ok(None) };
        match timeout_at(self.deadline, places.acquire()).await {
            // Nobody closes the semaphore; if somebody did, there would be no limit any more.
            Ok(permit) => Ok(permit.ok()),
            Err(_) => Err(self.too_late("waiting for other requests")),
        }
    }

    /// The turn of this key, where signed requests go one at a time.
    async fn turn(&self) -> Result<Option<OwnedSemaphorePermit>, Error> {
        if !self.client.settings().one_at_a_time || self.operation.security != Security::Signed {
            return Ok(None);
        }
        match timeout_at(self.deadline, self.client.nonces().turn()).await {
            Ok(turn) => Ok(turn),
            Err(_) => Err(self.too_late("waiting for other requests of the key")),
        }
    }

    async fn sign(&mut self, request: &mut SignableRequest, in_turn: bool) -> Result<(), Error> {
        let Some(signer) = self.client.signer().filter(|_| self.operation.security != Security::Public) else {
            return Ok(());
        };
        if self.client.settings().explain {
            request.explanation = Some(Explanation::default());
        }
        let mut stamp = self.client.stamp()?;
        stamp.recv_window = self.draft.recv_window_setting().or(self.client.settings().recv_window);
        let until = if in_turn { self.deadline.min(Instant::now() + SIGNING_IN_TURN) } else { self.deadline };
        let signed = timeout_at(until, signer.sign(request, stamp)).await;
        self.secrets.absorb(std::mem::take(&mut request.secrets), stamp);
        match signed {
            Ok(signed) => signed.map_err(|error| {
                Error::new(ErrorKind::Sign, Outcome::NotSent).with_message(error.to_string()).with_source(error)
            }),
            Err(_) => Err(self.too_late("signing")),
        }
    }

    fn too_late(&self, doing: &str) -> Error {
        Error::new(ErrorKind::Timeout, Outcome::NotSent).with_message(format!("the time ran out while {doing}"))
    }

    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn weight(&self) -> u32 {
        match self.operation.weight {
            Weight::Fixed(weight) => weight,
            Weight::ByParameter { when_present, otherwise } => {
                let present = when_present.iter().filter(|(name, _)| self.draft.has(name));
                present.map(|(_, weight)| *weight).max().unwrap_or(otherwise)
            }
        }
    }

    fn is_idempotent(&self) -> bool {
        match self.operation.idempotent {
            Idempotent::Always => true,
            Idempotent::Never => false,
            Idempotent::WhenPresent(name) => self.draft.has(name),
        }
    }

    /// What to do after an attempt that failed, and what it tells about limits and clock.
    async fn after(&mut self, attempt: u32, error: &Error) -> Next {
        let settings = self.client.settings();
        let status = error.status();
        let closed = self.close_limits(error);
        let may_repeat = attempt < settings.retry.most_attempts() && self.is_idempotent();
        if error.code_meaning() == Some(CodeMeaning::Clock) {
            if may_repeat && self.set_clock(error).await {
                return Next::Again { after: Duration::ZERO };
            }
            // The refusal does not wait for the time: the next call does.
            self.client.learn_from_refusal(error.headers());
            return Next::GiveUp;
        }
        if attempt >= settings.retry.most_attempts()
            || matches!(error.code_meaning(), Some(CodeMeaning::Done | CodeMeaning::Gone))
        {
            return Next::GiveUp;
        }
        let backoff = settings.retry.wait(attempt, fastrand::f64());
        let harmless = match error.kind() {
            ErrorKind::Connect => true,
            ErrorKind::Timeout | ErrorKind::Transport | ErrorKind::Cut => self.sent > 0 && may_repeat,
            ErrorKind::Venue => {
                let is_redirect = status.is_some_and(|status| status.is_redirection());
                let is_throttled = status == Some(StatusCode::TOO_MANY_REQUESTS) && error.code_meaning().is_none();
                may_repeat && (error.outcome() == Outcome::Unknown && !is_redirect || is_throttled)
            }
            _ => false,
        };
        match harmless {
            true => Next::Again { after: error.retry_after().or(closed).unwrap_or(backoff).max(backoff) },
            false => Next::GiveUp,
        }
    }

    /// Closes limits after a 429 or 418, and returns for how long.
    fn close_limits(&self, error: &Error) -> Option<Duration> {
        if self.client.settings().throttle == Throttle::Off {
            return None;
        }
        let observed = self.observed(error.status()?, error.headers()?);
        // A code with a meaning in the spec says what the response is about, whatever its status.
        let means_something_else = error.code_meaning().is_some();
        self.client.rate_limits().refused(&observed, error.retry_after(), means_something_else)
    }

    /// Learns the venue's time, once a call.
    async fn set_clock(&mut self, error: &Error) -> bool {
        if std::mem::replace(&mut self.clock_set, true) {
            return false;
        }
        // A date ages, so it is read first.
        let is_dated = error.headers().is_some_and(|headers| self.client.learn_from_date(headers).is_some());
        let is_time = self.venue.server_time.as_ref().map(|time| time.operation());
        let can_ask = is_time.is_some_and(|time| time.security == Security::Public && time.id != self.operation.id);
        // Half of the time that is left is for the attempt that it is for.
        can_ask && Box::pin(self.client.learn_time(Some(self.left() / 2))).await.is_ok() || is_dated
    }

    /// Keeps what a failed attempt leaves behind, before another one is made.
    fn remember(&mut self, error: Error) {
        self.unknown |= error.outcome() == Outcome::Unknown;
        if let Some(response) = error.response() {
            self.earlier.push(response.clone());
            self.answered = Some(error);
        }
    }

    /// Returns the error of the whole call: the failure of the last attempt, in the light of those before it.
    fn conclude(&mut self, error: Error) -> Error {
        let earlier = std::mem::take(&mut self.earlier);
        let is_last_sent = error.outcome() != Outcome::NotSent;
        let (error, earlier) = match self.answered.take() {
            // The last attempt did not leave, but an earlier one did: the call is what that one was.
            Some(answered) if !is_last_sent => (error.with_response_of(answered), earlier.without_last()),
            _ => (error, earlier),
        };
        let error = error.with_earlier(earlier);
        if !self.unknown {
            return error;
        }
        // An earlier attempt may have been carried out. Once the venue has said no to a read, that is nothing to worry about.
        let is_read = matches!(self.operation.route, Route::Http { method: Method::Get, .. });
        let is_refused = is_last_sent && error.outcome() == Outcome::Refused;
        match error.code_meaning() {
            Some(CodeMeaning::Done) if is_refused => error.with_outcome(Outcome::Applied),
            Some(CodeMeaning::Gone) if is_refused => error.with_outcome(Outcome::Gone),
            _ if is_read && is_refused => error,
            _ => error.with_outcome(Outcome::Unknown),
        }
    }

    /// Returns the error of a call that is given up, and keeps the attempt under way from leaving.
    fn aborted(&mut self) -> Error {
        let outcome = match self.underway.take() {
            Some(departure) if !departure.abandon() => Outcome::Unknown,
            Some(_) => {
                self.sent -= 1;
                Outcome::NotSent
            }
            None => Outcome::NotSent,
        };
        self.conclude(Error::new(ErrorKind::Aborted, outcome))
    }

    /// Logs how the call ended.
    fn finish(&mut self, result: &Result<RawReply, Error>) {
        self.finished = true;
        let (venue, operation) = (self.venue.name, self.operation.id);
        let latency_ms = self.started.elapsed().as_secs_f64() * 1e3;
        match result {
            Ok(reply) => {
                tracing::debug!(
                    venue,
                    operation,
                    attempts = self.sent,
                    status = reply.response.status.as_u16(),
                    latency_ms,
                    "replied"
                );
            }
            Err(error) => {
                let status = error.status().map(|status| status.as_u16());
                let (outcome, kind) = (error.outcome(), error.kind());
                tracing::debug!(venue, operation, attempts = self.sent, status, latency_ms, %outcome, ?kind, "failed");
            }
        }
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        let may_have_left = self.underway.take().is_some_and(|departure| !departure.abandon());
        if !self.finished && (may_have_left || self.unknown) {
            let (venue, operation) = (self.venue.name, self.operation.id);
            tracing::warn!(venue, operation, outcome = %Outcome::Unknown, "dropped before an answer came");
        }
    }
}

fn unanswered(error: TransportError) -> Error {
    let stage = error.stage;
    let (kind, outcome) = match stage {
        Stage::Unsendable => (ErrorKind::Request, Outcome::NotSent),
        Stage::NotConnected | Stage::ConnectTimedOut => (ErrorKind::Connect, Outcome::NotSent),
        Stage::MaybeSent => (ErrorKind::Transport, Outcome::Unknown),
        Stage::TimedOut => (ErrorKind::Timeout, Outcome::Unknown),
    };
    let source: BoxError = error.into();
    let error = Error::new(kind, outcome).with_message(source.to_string()).with_source(source);
    if stage == Stage::ConnectTimedOut { error.with_timed_out() } else { error }
}
