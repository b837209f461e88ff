//! The one error type of all calls, HTTP and JSON-RPC alike.

pub(crate) mod api_error;
pub(crate) mod documented;
pub(crate) mod earlier;
pub(crate) mod outcome;
mod source;

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::operation::operation::Operation;
use crate::operation::venue::Venue;
use crate::printable::Line;
use crate::redact::Blotter;
use crate::response::element_counts::ElementCounts;
use crate::response::failed_element::FailedElement;
use crate::response::raw::RawResponse;
use crate::response::retry_after;
use crate::transport::error::TransportError;
use api_error::ApiError;
use earlier::EarlierResponses;
use outcome::{BoxError, CodeMeaning, ErrorKind, Outcome};
use source::redacted_source;

/// A call that failed.
///
/// The error keeps the [`outcome`](Self::outcome) of the request. It keeps the
/// [`status`](Self::status), [`headers`](Self::headers) and [`body`](Self::body) of the response as
/// far as it came, and the venue's [`code and message`](Self::api_error).
///
/// `Display` is one line of less than a kilobyte, without control characters, that names the cause.
/// `Display`, `Debug` and the texts that the methods return show `***` for the key, the secret and
/// the signature of the request, also when the venue repeats them. Only [`body`](Self::body) and
/// [`headers`](Self::headers) are unchanged.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    outcome: Outcome,
    venue_name: Option<&'static str>,
    operation: Option<&'static Operation>,
    message: Option<String>,
    response: Option<RawResponse>,
    earlier: Vec<RawResponse>,
    venue: Option<ApiError>,
    failed_elements: Vec<FailedElement>,
    element_counts: Option<ElementCounts>,
    code_meaning: Option<CodeMeaning>,
    timed_out: bool,
    retry_after: Option<Duration>,
    json_path: Option<String>,
    attempts: u32,
    explanation: Option<String>,
    source: Option<BoxError>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, outcome: Outcome) -> Self {
        Self(Box::new(Inner {
            kind,
            outcome,
            venue_name: None,
            operation: None,
            message: None,
            response: None,
            earlier: Vec::new(),
            venue: None,
            failed_elements: Vec::new(),
            element_counts: None,
            code_meaning: None,
            timed_out: kind == ErrorKind::Timeout,
            retry_after: None,
            json_path: None,
            attempts: 0,
            explanation: None,
            source: None,
        }))
    }

    /// Creates the error for settings that are not valid, such as malformed credentials. `message`
    /// must not contain a secret.
    pub fn settings(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Settings, Outcome::NotSent).with_message(message)
    }

    /// Creates the error for a request that is not valid. `message` must not contain a secret.
    pub fn request(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Request, Outcome::NotSent).with_message(message)
    }

    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.message = Some(message.into());
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_json_path(mut self, path: String) -> Self {
        self.0.json_path = Some(path);
        self
    }

    pub(crate) fn with_response(mut self, response: RawResponse) -> Self {
        self.0.response = Some(response);
        self
    }

    pub(crate) fn with_earlier(mut self, responses: EarlierResponses) -> Self {
        self.0.earlier = responses.into_vec();
        self
    }

    pub(crate) fn with_code_meaning(mut self, meaning: Option<CodeMeaning>) -> Self {
        self.0.code_meaning = meaning;
        self
    }

    pub(crate) fn with_timed_out(mut self) -> Self {
        self.0.timed_out = true;
        self
    }

    /// Takes over the outcome and the response of an earlier attempt of the call. The kind stays
    /// the kind of the last failure.
    pub(crate) fn with_response_of(mut self, earlier: Error) -> Self {
        let earlier = *earlier.0;
        self.0.outcome = earlier.outcome;
        self.0.response = earlier.response;
        self.0.venue = earlier.venue;
        self.0.failed_elements = earlier.failed_elements;
        self.0.element_counts = earlier.element_counts;
        self.0.code_meaning = earlier.code_meaning;
        self.0.retry_after = self.0.retry_after.or(earlier.retry_after);
        self
    }

    pub(crate) fn code_meaning(&self) -> Option<CodeMeaning> {
        self.0.code_meaning
    }

    pub(crate) fn response(&self) -> Option<&RawResponse> {
        self.0.response.as_ref()
    }

    pub(crate) fn with_venue(mut self, error: ApiError) -> Self {
        self.0.venue = Some(error);
        self
    }

    pub(crate) fn with_failed_elements(mut self, elements: Vec<FailedElement>) -> Self {
        self.0.failed_elements = elements;
        self
    }

    pub(crate) fn with_element_counts(mut self, counts: Option<ElementCounts>) -> Self {
        self.0.element_counts = counts;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Sets the outcomes of the call and of the elements of a batch to those that hold after an
    /// earlier attempt with an unknown outcome.
    pub(crate) fn after_unknown(mut self, is_read: bool) -> Self {
        let inner = &mut *self.0;
        inner.outcome = inner.outcome.after_unknown(inner.code_meaning, is_read);
        inner.failed_elements.iter_mut().for_each(|element| element.set_after_unknown(is_read));
        self
    }

    /// Sets the outcome of the call, and of the elements of a batch.
    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self.0.failed_elements.iter_mut().for_each(|element| element.set_outcome(outcome));
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Reads `Retry-After` from the response. `now` is the venue's time, against which a timestamp
    /// or a date is compared.
    pub(crate) fn with_retry_after_header(mut self, now: SystemTime) -> Self {
        self.0.retry_after = self.headers().and_then(|headers| retry_after::from_headers(headers, now));
        self
    }

    pub(crate) fn with_explanation(mut self, text: Option<String>) -> Self {
        self.0.explanation = text;
        self
    }

    /// Redacts the secrets of the request from all texts that may be printed, and limits their
    /// length.
    pub(crate) fn redacted(mut self, blotter: &Blotter) -> Self {
        const PATH_BYTES: usize = 1 << 10;
        const MESSAGE_BYTES: usize = 2 << 10;
        let inner = &mut *self.0;
        inner.venue = inner.venue.take().map(|venue| venue.redacted(blotter));
        let elements = std::mem::take(&mut inner.failed_elements);
        inner.failed_elements = elements.into_iter().map(|element| element.redacted(blotter)).collect();
        inner.message = inner.message.take().map(|text| blotter.blot(&text, MESSAGE_BYTES));
        inner.json_path = inner.json_path.take().map(|text| blotter.blot(&text, PATH_BYTES));
        inner.explanation = inner.explanation.take().map(|text| blotter.blot(&text, usize::MAX));
        inner.source = inner.source.take().map(|source| redacted_source(source, blotter));
        inner.earlier.iter_mut().chain(&mut inner.response).for_each(|response| response.redact(blotter));
        self
    }

    pub(crate) fn with_operation(mut self, venue: &'static Venue, operation: &'static Operation) -> Self {
        self.0.venue_name = Some(venue.name);
        self.0.operation = Some(operation);
        self
    }

    /// Returns the outcome of the request over all attempts. Once an attempt has an unknown
    /// outcome, a later attempt that is not sent does not change it.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation that failed; `None` for an error that belongs to no call, such as that
    /// of a client that could not be built.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Returns the status of the last attempt that got a response; `None` if none did.
    ///
    /// A response proves that the request arrived. After a 5xx or 408 it is unknown whether it was
    /// executed: see [`outcome`](Self::outcome).
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the last attempt that got a response; `None` if none did.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the body of the last attempt that got a response, as far as it came (see
    /// [`is_truncated`](Self::is_truncated)); `None` if none did.
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// Returns the beginning of [`body`](Self::body) as text for people: about half a kilobyte,
    /// without the key, signature and secret of the request. It may have control characters.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.response.as_ref().and_then(RawResponse::excerpt)
    }

    /// Returns whether [`body`](Self::body) is incomplete: the response broke off, or was longer
    /// than the client's limit.
    pub fn is_truncated(&self) -> bool {
        self.0.response.as_ref().is_some_and(|response| response.is_truncated)
    }

    /// Returns the responses of the attempts, in the order of the attempts. The last response has
    /// the [`status`](Self::status) and the [`body`](Self::body).
    ///
    /// Of the responses before the last one, the latest 32 are kept, and 64 KiB of their bodies in
    /// total. The bodies of the oldest of them are cut first.
    pub fn responses(&self) -> impl Iterator<Item = &RawResponse> {
        self.0.earlier.iter().chain(&self.0.response)
    }

    /// Returns the venue's error code and message, if the response has them at the places that the
    /// spec states.
    ///
    /// It is present for refusals, and also for responses with an unknown outcome: see
    /// [`outcome`](Self::outcome).
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.venue.as_ref()
    }

    /// Returns the elements of a batch that failed. A call is an error if every element failed; see
    /// [`Response::failed_elements`](crate::Response::failed_elements).
    pub fn failed_elements(&self) -> &[FailedElement] {
        &self.0.failed_elements
    }

    /// Returns the number of elements that a batch sent, and the number in the response. If they
    /// differ, the outcome is [`Outcome::Unknown`]: it is not known what became of the elements
    /// that the response lacks. See [`Response::element_counts`](crate::Response::element_counts).
    pub fn element_counts(&self) -> Option<ElementCounts> {
        self.0.element_counts
    }

    /// Returns the time to wait before the next call. It is the venue's `Retry-After` (seconds, a
    /// timestamp or an HTTP date), counted from the response. For
    /// [`Throttled`](ErrorKind::Throttled) it is the time until the used-up limit has room again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns whether a timeout elapsed: of the call, of the attempt, or of connecting. If
    /// connecting timed out, the kind is [`Connect`](ErrorKind::Connect), and nothing was sent.
    pub fn is_timeout(&self) -> bool {
        self.0.timed_out
    }

    /// Returns whether the venue refused the request because the time in the request differs too
    /// much from the venue's time.
    ///
    /// The client learns the venue's time from the refusal: see
    /// [`clock_offset`](crate::Client::clock_offset).
    pub fn is_clock_refusal(&self) -> bool {
        self.0.code_meaning == Some(CodeMeaning::Clock)
    }

    /// Returns whether the venue refused the request because of a rate limit: by 429 or 418,
    /// without a code to which the specification gives another meaning.
    ///
    /// Some venues use 429 for other refusals too. For such a refusal this is `false`: waiting does
    /// not help, and the call is not sent again. It closes rate limits only if it has a
    /// `Retry-After`.
    pub fn is_rate_limit_refusal(&self) -> bool {
        let is_limit = matches!(self.status(), Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::IM_A_TEAPOT));
        is_limit && self.0.outcome == Outcome::Refused && self.0.code_meaning.is_none()
    }

    /// Returns whether no connection was established, so that the request was not sent.
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether the response did not match the spec. The request did arrive, and its outcome
    /// is [`Outcome::Unknown`].
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Returns the place of a [`Decode`](ErrorKind::Decode) error in the body: `buyQuote[3].price`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns the string that was signed for the attempt that failed, without key and secret, if
    /// the client was built with [`explain`](crate::ClientBuilder::explain). Compare it when a
    /// venue rejects a signature.
    pub fn explanation(&self) -> Option<&str> {
        self.0.explanation.as_deref()
    }

    /// Returns the number of times that the request was sent, or may have been sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }
}

/// Returns whether a connection could not be logged in, with credentials that were given.
fn is_refused_login(inner: &Inner) -> bool {
    let source = inner.source.as_ref().and_then(|source| source.downcast_ref::<TransportError>());
    source.is_some_and(TransportError::is_not_logged_in)
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let (Some(venue), Some(operation)) = (inner.venue_name, inner.operation) {
            write!(f, "{venue} {}: ", operation.id)?;
        }
        f.write_str(match inner.kind {
            ErrorKind::Settings => "the client cannot be built",
            ErrorKind::Request => "the request cannot be sent as it is",
            ErrorKind::Credentials if is_refused_login(inner) => "the login was not accepted",
            ErrorKind::Credentials => "credentials are needed",
            ErrorKind::Sign => "signing failed",
            ErrorKind::Throttled => "too many requests",
            ErrorKind::State => "the shared state cannot be used",
            ErrorKind::Connect => "no connection",
            ErrorKind::Timeout => "no complete response in time",
            ErrorKind::Transport => "the connection failed before a response came",
            ErrorKind::Cut => "the response broke off",
            ErrorKind::TooLarge => "the response is longer than the limit",
            ErrorKind::Venue => "the venue responded with an error",
            ErrorKind::Decode => "the response does not match the spec",
            ErrorKind::Clock => "the venue's time differs too much from this machine's",
            ErrorKind::Aborted => "the call was aborted",
        })?;
        if let Some(status) = self.status() {
            write!(f, ", status {}", status.as_u16())?;
        }
        if let Some(venue) = &inner.venue {
            write!(f, ", {venue}")?;
        }
        if let Some(path) = &inner.json_path {
            write!(f, ", at {}", Line(path, 120))?;
        }
        if let Some(message) = &inner.message {
            write!(f, ": {}", Line(message, 280))?;
        }
        if inner.operation.is_some() && matches!(inner.outcome, Outcome::Unknown | Outcome::Applied | Outcome::Gone) {
            write!(f, " ({})", inner.outcome)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 512;
        let inner = &*self.0;
        let mut debug = f.debug_struct("Error");
        debug.field("kind", &inner.kind).field("outcome", &inner.outcome);
        if let Some(operation) = inner.operation {
            debug
                .field("venue", &inner.venue_name)
                .field("operation", &operation.id)
                .field("path", &operation.route.template());
        }
        if let Some(message) = &inner.message {
            debug.field("message", &Line(message, SHOWN));
        }
        if let Some(response) = &inner.response {
            debug.field("response", response);
        }
        if !inner.earlier.is_empty() {
            debug.field("earlier", &inner.earlier);
        }
        if let Some(venue) = &inner.venue {
            debug.field("venue_error", venue);
        }
        if !inner.failed_elements.is_empty() {
            debug.field("failed_elements", &inner.failed_elements);
        }
        if let Some(counts) = inner.element_counts.filter(|counts| !counts.are_equal()) {
            debug.field("element_counts", &counts);
        }
        if let Some(path) = &inner.json_path {
            debug.field("json_path", &Line(path, SHOWN));
        }
        debug.field("attempts", &inner.attempts);
        if let Some(source) = &inner.source {
            debug.field("source", source);
        }
        debug.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
