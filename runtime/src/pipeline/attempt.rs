//! The attempts of a call: each is throttled, stamped, signed, sent and classified.

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use tokio::sync::SemaphorePermit;
use tokio::time::Instant;

use super::latency::milliseconds;
use crate::bounded::bounded;
use crate::client::state::ClientState;
use crate::error::Error;
use crate::error::outcome::{BoxError, ErrorKind, Outcome};
use crate::future::until;
use crate::limits::not_reserved::{NoRoom, NotReserved};
use crate::limits::place::{InFlight, Permit};
use crate::limits::{Call, Observed, Throttle};
use crate::operation::operation::Security;
use crate::redact::Secrets;
use crate::request::build::Request;
use crate::request::options::CallOptions;
use crate::request::signable::{Explanation, SignableRequest};
use crate::response::classify::{SuccessResponse, classify};
use crate::response::element_counts;
use crate::transport::body::{ReadLimits, RequestBody, read_whole};
use crate::transport::departure::{Departure, ResponseSignal};
use crate::transport::error::{Stage, TransportError};
use crate::transport::transport::{TransportRequest, TransportResponse};
use crate::turn::Turn;
use crate::upload::Upload;

/// The maximum time for signing, while other requests of the key wait for their turn.
const SIGNING_IN_TURN: Duration = Duration::from_secs(5);

/// The attempts of a call.
pub(super) struct Attempts<'a> {
    client: &'a ClientState,
    request: &'a Request,
    options: &'a CallOptions,
    started: Instant,
    deadline: Instant,
    /// The number of attempts that were sent, or may have been sent.
    pub(super) sent: u32,
    /// The time at which the last attempt was sent.
    sent_at: Instant,
    /// The attempt that is in flight.
    underway: Option<Departure>,
    /// The texts of the attempts so far that must not be printed.
    pub(super) secrets: Secrets,
}

/// The permits that an attempt waited for. Dropping them gives them back.
struct Admission<'a> {
    permit: Option<Permit>,
    turn: Option<Turn>,
    in_flight: Option<SemaphorePermit<'a>>,
}

/// An attempt that is signed and may go out at once.
struct Ready<'a> {
    request: TransportRequest,
    place: Option<InFlight>,
    explanation: Option<String>,
    _in_flight: Option<SemaphorePermit<'a>>,
}

impl<'a> Attempts<'a> {
    /// Prepares attempts that end at `deadline` at the latest.
    pub(super) fn new(
        client: &'a ClientState,
        request: &'a Request,
        options: &'a CallOptions,
        (started, deadline): (Instant, Instant),
    ) -> Self {
        Self {
            client,
            request,
            options,
            started,
            deadline,
            sent: 0,
            sent_at: started,
            underway: None,
            secrets: Secrets::default(),
        }
    }

    /// Checks that a request that needs credentials has them, and that they cannot be read in
    /// transit.
    pub(super) fn authorise(&self) -> Result<(), Error> {
        if let Some(reason) = self.client.venue.socket.and_then(|socket| socket.reserves(self.request.operation)) {
            return Err(Error::request(reason));
        }
        authorise(self.client, self.request)
    }

    /// Makes one attempt.
    pub(super) async fn make(&mut self) -> Result<SuccessResponse, Error> {
        let Ready { request, place, explanation, _in_flight } = loop {
            // A limit may close while the request is being signed. Then it is stamped and signed
            // again.
            if let Some(ready) = self.ready().await? {
                break ready;
            }
        };
        self.sent += 1;
        self.underway = Some(request.departure.clone());
        self.sent_at = Instant::now();
        let deadline = self.sent_at + bounded(request.timeout);
        let response = match self.client.transport.send(request).await {
            Ok(response) => Ok(self.opened(response, deadline).await),
            Err(error) => Err(error),
        };
        self.underway = None;
        let response = match response {
            Ok(response) => response,
            Err(error) => {
                let may_have_arrived = error.stage.may_have_arrived();
                self.sent -= u32::from(!may_have_arrived);
                if let Some(place) = place.filter(|_| !may_have_arrived) {
                    place.not_sent();
                }
                return Err(no_response(error).with_explanation(explanation));
            }
        };
        if let Some(place) = place {
            place.got_response();
        }
        let latency = self.sent_at.elapsed();
        let latency_ms = milliseconds(latency);
        tracing::debug!(attempt = self.sent, status = response.status.as_u16(), latency_ms, "response received");
        let observed = self.observed(response.status, &response.headers);
        self.client.limits.observe(&observed, self.client.clock.venue_time());
        if self.client.settings.clock_from_date {
            self.client.clock.learn_from_date(&response.headers);
        }
        let Request { operation, rpc_id, signable, .. } = self.request;
        let sent = operation.batch.and_then(|batch| element_counts::sent(batch, &signable.body));
        match classify(self.client.venue, operation, response, *rpc_id, sent) {
            Ok(success) => Ok(SuccessResponse { latency, explanation, ..success }),
            Err(error) => {
                Err(error.with_retry_after_header(self.client.clock.venue_time()).with_explanation(explanation))
            }
        }
    }

    /// Reads the body of a response that is not handed on piece by piece.
    async fn opened(&self, response: TransportResponse, deadline: Instant) -> TransportResponse {
        let (venue, operation) = (self.client.venue, self.request.operation);
        let TransportResponse { status, headers, body, end, source } = response;
        let Some(source) = source else { return TransportResponse { status, headers, body, end, source } };
        let is_success = status.is_success() || operation.success(status).is_some();
        // JSON may state a failure, which the conditions of the spec find only in the whole body.
        let has_conditions =
            !operation.failed_when.is_empty() || !venue.failed_when.is_empty() || operation.batch.is_some();
        if self.options.streams_response && is_success && !(has_conditions && is_json(&headers)) {
            return TransportResponse { status, headers, body, end, source: Some(source) };
        }
        let limits = ReadLimits { deadline, silence: None, max_bytes: self.client.settings.max_response_bytes };
        let (body, end) = read_whole(source, limits).await;
        TransportResponse::new(status, headers, body).with_end(end)
    }

    /// Returns the body to be sent. A stream is taken, so this is the last step of getting ready.
    fn body(&self, signed: Bytes) -> Result<RequestBody, Error> {
        if self.request.uploads.is_empty() {
            return Ok(signed.into());
        }
        let pieces: Option<Vec<_>> = self.request.uploads.iter().map(Upload::to_piece).collect();
        let pieces = pieces.ok_or_else(|| {
            Error::request("the stream of the body was sent already; help: make a new stream for each call")
        })?;
        Ok(RequestBody::of_pieces(pieces))
    }

    /// Waits until an attempt may go, then stamps and signs it. Returns `None` if a limit was
    /// closed meanwhile, so that the attempt has to wait again.
    async fn ready(&mut self) -> Result<Option<Ready<'a>>, Error> {
        let settings = &self.client.settings;
        let Admission { permit, turn, in_flight } = self.admission().await?;
        let mut request = self.request.signable.for_attempt();
        let nonce = turn.as_ref().and_then(Turn::nonce).or_else(|| permit.as_ref().and_then(Permit::nonce));
        self.sign(&mut request, nonce, turn.is_some()).await?;
        let explanation = request.explanation.take().and_then(|Explanation(text)| text);
        self.options.append_headers(&mut request.headers)?;
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
            body: self.body(request.body)?,
            streams_response: self.options.streams_response,
            timeout: settings.attempt_timeout.map_or(self.left(), |most| most.min(self.left())),
            max_response_bytes: settings.max_response_bytes,
            response_signal: ResponseSignal::new(turn, place.as_ref().map(InFlight::notice)),
            departure: self.client.departure(self.deadline),
            needs_login: self.request.operation.security == Security::Login,
            fails_when_throttled: settings.throttle == Throttle::Fail,
            #[cfg(feature = "ws")]
            secrets: crate::ws::message_log::is_on().then(|| self.secrets.clone()),
        };
        Ok(Some(Ready { request, place, explanation, _in_flight: in_flight }))
    }

    /// Waits for all permits that an attempt must have before it is stamped.
    async fn admission(&self) -> Result<Admission<'a>, Error> {
        loop {
            let permit = self.permit().await?;
            // The turn comes before the place in flight: a request that waits for its turn is not
            // in flight yet, and must not hold back others.
            let turn = self.turn().await?;
            let in_flight = self.in_flight().await?;
            // Meanwhile the venue may have closed a limit, or other requests may have used it up.
            if permit.as_ref().is_none_or(Permit::is_sound) {
                return Ok(Admission { permit, turn, in_flight });
            }
        }
    }

    /// Waits for a place in the venue's rate limits.
    async fn permit(&self) -> Result<Option<Permit>, Error> {
        let until = match self.client.settings.throttle {
            Throttle::Off => None,
            Throttle::Wait => Some(self.deadline),
            Throttle::Fail => Some(self.started),
        };
        let (operation, weight) = (self.request.operation, self.request.weight);
        // If the request waits for its turn, its nonce is drawn with the turn.
        let nonce_above = if self.needs_turn() { None } else { self.client.nonce_above(operation) };
        let call = Call { operation, weight, until, deadline: self.deadline, nonce_above };
        self.client.limits.admit(call).await.map_err(|error| self.not_reserved(error))
    }

    fn not_reserved(&self, error: NotReserved) -> Error {
        match error {
            NotReserved::NoRoom(NoRoom { limit, is_closed, is_recovering, wait }) => {
                let message = if is_recovering {
                    let help = "wait, or open it with reopen_limit(..)";
                    format!("the shared state lost the count of the rate limit `{limit}`; help: {help}")
                } else if is_closed {
                    format!("the venue closed the rate limit `{limit}`")
                } else {
                    format!("the rate limit `{limit}` is used up")
                };
                Error::new(ErrorKind::Throttled, Outcome::NotSent).with_message(message).with_retry_after(wait)
            }
            NotReserved::Away(cause) => {
                Error::new(ErrorKind::State, Outcome::NotSent).with_message(cause.to_string()).with_source(cause)
            }
            NotReserved::TooLate | NotReserved::NoPlace { .. } => {
                self.too_late("waiting for other requests of the key")
            }
        }
    }

    /// Waits for a place among the requests in flight.
    async fn in_flight(&self) -> Result<Option<SemaphorePermit<'a>>, Error> {
        let Some(places) = &self.client.in_flight else { return Ok(None) };
        // The semaphore is never closed. If it were, the number in flight would be unlimited.
        let place = until(self.deadline, places.acquire()).await;
        place.map(Result::ok).ok_or_else(|| self.too_late("waiting for other requests"))
    }

    /// Waits for the turn of this request, if signed requests of the same key are sent one after
    /// the other.
    async fn turn(&self) -> Result<Option<Turn>, Error> {
        if !self.needs_turn() {
            return Ok(None);
        }
        let Some(in_process) = until(self.deadline, self.client.nonces().turn()).await else {
            return Err(self.too_late("waiting for other requests of the key"));
        };
        let Some(in_process) = in_process else { return Ok(None) };
        let lease = match self.client.limits.shared() {
            None => None,
            Some(shared) => {
                let (nonce_above, grace) =
                    (self.client.nonce_above(self.request.operation), self.client.limits.grace());
                shared.turn(nonce_above, self.deadline, grace).await.map_err(|error| self.not_reserved(error))?
            }
        };
        Ok(Some(Turn::new(in_process, lease)))
    }

    /// Returns whether the request waits until no other signed request of its key is in flight.
    fn needs_turn(&self) -> bool {
        self.client.settings.one_at_a_time && self.request.operation.security == Security::Signed
    }

    /// Stamps and signs. `nonce`: the nonce that the shared state drew, if it draws nonces.
    async fn sign(&mut self, request: &mut SignableRequest, nonce: Option<u64>, in_turn: bool) -> Result<(), Error> {
        let needs_signer = matches!(self.request.operation.security, Security::Key | Security::Signed);
        let Some(signer) = self.client.signer.as_deref().filter(|_| needs_signer) else {
            return Ok(());
        };
        if self.client.settings.explain {
            request.explanation = Some(Explanation::default());
        }
        let mut stamp = self.client.stamp(nonce)?;
        stamp.recv_window = self.options.recv_window.or(self.client.settings.recv_window);
        let latest = if in_turn { self.deadline.min(Instant::now() + SIGNING_IN_TURN) } else { self.deadline };
        let signed = until(latest, signer.sign(request, stamp)).await;
        self.secrets.absorb(std::mem::take(&mut request.secrets), stamp);
        let signed = signed.ok_or_else(|| self.too_late("signing"))?;
        signed.map_err(|error| {
            Error::new(ErrorKind::Sign, Outcome::NotSent).with_message(error.to_string()).with_source(error)
        })
    }

    /// Closes limits after a 429 or 418, and returns the time of the closing; `None` if none was
    /// closed.
    pub(super) fn close_limits(&self, error: &Error) -> Option<Duration> {
        if self.client.settings.throttle == Throttle::Off {
            return None;
        }
        let observed = self.observed(error.status()?, error.headers()?);
        // If the spec gives the code a meaning, the code is the reason of the refusal, whatever the
        // status. A time that the venue states closes the limits in any case: a request before it
        // may make the venue close them for longer.
        let means_something_else = error.code_meaning().is_some();
        self.client.limits.refused(&observed, error.retry_after(), means_something_else)
    }

    fn observed<'r>(&self, status: StatusCode, headers: &'r HeaderMap) -> Observed<'r> {
        Observed { operation: self.request.operation, status, headers, sent_at: self.sent_at }
    }

    fn too_late(&self, doing: &str) -> Error {
        Error::new(ErrorKind::Timeout, Outcome::NotSent).with_message(format!("the time ran out while {doing}"))
    }

    /// Returns the time left for the call.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Prevents the attempt in flight from being sent, if it is not sent yet. Returns the outcome
    /// of the attempt.
    pub(super) fn abandon(&mut self) -> Outcome {
        match self.underway.take() {
            Some(departure) if !departure.abandon() => Outcome::Unknown,
            Some(_) => {
                self.sent -= 1;
                Outcome::NotSent
            }
            None => Outcome::NotSent,
        }
    }
}

/// Checks that a request that needs credentials has them, and that they cannot be read in transit.
/// A client without credentials can call an operation whose credentials are optional.
pub(crate) fn authorise(client: &ClientState, request: &Request) -> Result<(), Error> {
    let need = match request.operation.security {
        Security::Public => return Ok(()),
        Security::Key => "needs a key",
        Security::Signed => "has to be signed",
        Security::Login if client.venue.socket.is_none() => {
            let message = "this operation needs a connection that is logged in, and the venue is called over HTTP";
            return Err(Error::request(message));
        }
        Security::Login => "needs a login",
    };
    let error = |message: String| Error::new(ErrorKind::Credentials, Outcome::NotSent).with_message(message);
    let Some(signer) = &client.signer else {
        if request.operation.has_optional_credentials() {
            return Ok(());
        }
        return Err(error(format!("this operation {need}, and the client was built without credentials")));
    };
    let security = request.operation.security;
    if !request.uploads.is_empty() && signer.covers_body(security) {
        let rule = "the signature covers the body, so the body cannot come from a stream";
        return Err(Error::request(format!("{rule}; help: read the stream, and give its bytes")));
    }
    signer.check(security).map_err(|found| error(found.to_string()).with_source(found))?;
    if !client.settings.allow_credentials_over_http && !request.signable.is_private() {
        let rule = "a request with credentials goes to https or to this machine only";
        let unless = "unless the client was built with allow_credentials_over_http(true)";
        return Err(error(format!("{rule}, {unless}")));
    }
    Ok(())
}

/// Returns whether the headers of a response state that its body is JSON.
fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).map(|media_type| media_type.as_bytes().to_ascii_lowercase());
    let name = media_type.as_deref().and_then(|media_type| media_type.split(|byte| *byte == b';').next());
    name.map(<[u8]>::trim_ascii).is_some_and(|name| name.ends_with(b"/json") || name.ends_with(b"+json"))
}

/// Returns the error of an attempt without a response.
fn no_response(error: TransportError) -> Error {
    let stage = error.stage;
    let (kind, outcome) = match stage {
        Stage::Unsendable => (ErrorKind::Request, Outcome::NotSent),
        Stage::NotConnected | Stage::ConnectTimedOut => (ErrorKind::Connect, Outcome::NotSent),
        Stage::Throttled { .. } => (ErrorKind::Throttled, Outcome::NotSent),
        Stage::NotLoggedIn => (ErrorKind::Credentials, Outcome::NotSent),
        Stage::MaybeSent => (ErrorKind::Transport, Outcome::Unknown),
        Stage::TimedOut => (ErrorKind::Timeout, Outcome::Unknown),
    };
    let source: BoxError = error.into();
    let error = Error::new(kind, outcome).with_message(source.to_string()).with_source(source);
    match stage {
        Stage::ConnectTimedOut => error.with_timed_out(),
        Stage::Throttled { wait } => error.with_retry_after(wait),
        _ => error,
    }
}
