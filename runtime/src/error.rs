//! The one error type of all calls, HTTP and JSON-RPC alike.

use std::error::Error as StdError;
use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::operation::{Operation, Venue};
use crate::printable::Line;
use crate::redact::Blotter;
use crate::retry_after;

/// What an error was caused by.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// What became of a request that failed: the question to ask before doing anything else about it.
///
/// ```
/// # use venuekit::{Error, Outcome};
/// # fn reconcile() {}
/// fn handle(error: &Error) {
///     match error.outcome() {
///         Outcome::NotSent => {}            // nothing happened; mend the cause and call again
///         Outcome::Refused => {}            // the venue said no; nothing happened
///         Outcome::Unknown => reconcile(),  // it may have happened: ask the venue for open orders before acting
///         _ => reconcile(),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// The request did not leave: a value was refused here, credentials are missing, or no connection came about.
    NotSent,
    /// The venue answered that it did not carry it out.
    Refused,
    /// It had been carried out: an attempt of unknown outcome was followed by one whose response proves it, such as "repeat update" for a
    /// change of a balance.
    Applied,
    /// There is nothing to cancel, and nobody knows why: an attempt of unknown outcome was followed by a "not found". The order may have
    /// been cancelled by the earlier attempt, filled before it, or never placed. Look it up before you act on it.
    Gone,
    /// It may have been carried out: no answer, a cut or unreadable one, a server error, or a code that says so.
    Unknown,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not sent",
            Self::Refused => "refused",
            Self::Applied => "applied",
            Self::Gone => "gone, nobody knows why",
            Self::Unknown => "outcome unknown",
        })
    }
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A client could not be built from its settings.
    Settings,
    /// A value cannot go where it has to go, such as an empty text as a segment of a path.
    Request,
    /// The operation needs credentials, and the client has none.
    Credentials,
    /// The signer failed.
    Sign,
    /// A limit of the venue is used up, and the client is not to wait, or not so long.
    Throttled,
    /// No connection came about.
    Connect,
    /// No complete answer within the time allowed.
    Timeout,
    /// The connection failed after the request may have been sent, before an answer came.
    Transport,
    /// The answer broke off.
    Cut,
    /// The answer is longer than the client's limit.
    TooLarge,
    /// The venue answered with an error.
    Venue,
    /// The answer is not what the spec says: not JSON, of another shape, or a JSON-RPC reply to another request.
    Decode,
    /// The call was given up by [`abort_calls`](crate::Client::abort_calls).
    Aborted,
    /// The venue's time is further from ours than the client believes ([`max_clock_offset`](crate::ClientBuilder::max_clock_offset)).
    Clock,
}

/// A call that failed.
///
/// What is known stays with it: [`status`](Self::status), [`headers`](Self::headers) and [`body`](Self::body) of the answer as far as one
/// came, the venue's own [`code and message`](Self::api_error), and above all the [`outcome`](Self::outcome).
///
/// `Display` is one line of less than a kilobyte, without control characters. It names the cause.
/// Neither `Display` nor `Debug` nor the texts that the methods return show the key, the secret or a
/// signature of the request, also when the venue repeats them: `***` stands in their place. Only
/// [`body`](Self::body) and [`headers`](Self::headers) are as they came.
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
    code_meaning: Option<CodeMeaning>,
    timed_out: bool,
    retry_after: Option<Duration>,
    json_path: Option<String>,
    attempts: u32,
    explanation: Option<String>,
    source: Option<BoxError>,
}

/// A response as it came: status, headers, and the bytes of the body.
#[derive(Clone)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) is_truncated: bool,
    /// The beginning of the body without secrets, once they are known.
    pub(crate) excerpt: Option<Box<str>>,
}

impl RawResponse {
    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the body as far as it came and was kept.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns whether [`body`](Self::body) is only the beginning: the response broke off, or was longer than what is kept.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// Returns the beginning of the body as text, for people: about half a kilobyte, without what the
    /// request carried as key, signature or secret. `None` for a response without a body.
    ///
    /// It may have control characters and line breaks.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref().filter(|text| !text.is_empty())
    }

    fn redact(&mut self, blotter: &Blotter) {
        const SHOWN: usize = 512;
        // More than is shown: a secret that begins within it is to be seen as a whole.
        const SEEN: usize = 64 << 10;
        let seen = self.body.get(..SEEN).unwrap_or(&self.body);
        self.excerpt = Some(blotter.blot(&String::from_utf8_lossy(seen), SHOWN).into());
    }

    /// Shortens the body to at most `bytes`, and frees the rest.
    fn truncate(&mut self, bytes: usize) {
        if let Some(kept) = self.body.get(..bytes).filter(|kept| kept.len() < self.body.len()) {
            self.body = Bytes::copy_from_slice(kept);
            self.is_truncated = true;
        }
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .field("body", &self.excerpt().map(|text| Line(text, usize::MAX)))
            .field("is_truncated", &self.is_truncated)
            .finish_non_exhaustive()
    }
}

/// The responses of the attempts before the last one, bounded in total.
#[derive(Debug, Default)]
pub(crate) struct EarlierResponses(Vec<RawResponse>);

impl EarlierResponses {
    /// How much of the bodies is kept. Errors of venues are short; a longer one is the page of a proxy.
    const BYTES: usize = 64 << 10;
    /// How many responses are kept.
    const RESPONSES: usize = 32;

    /// Adds a response; the oldest ones make room for it.
    pub(crate) fn push(&mut self, response: RawResponse) {
        self.0.push(response);
        self.0.drain(..self.0.len().saturating_sub(Self::RESPONSES));
        let mut room = Self::BYTES;
        for response in self.0.iter_mut().rev() {
            response.truncate(room);
            room -= response.body.len();
        }
    }

    /// Drops the last response, which stands elsewhere.
    pub(crate) fn without_last(mut self) -> Self {
        self.0.pop();
        self
    }
}

/// The meaning that the specification gives to the code of an error, for the outcome of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeMeaning {
    /// An earlier attempt was carried out.
    Done,
    /// There is nothing to cancel.
    Gone,
    /// Nobody knows whether the request was carried out.
    Open,
    /// The time that the request states is off.
    Clock,
    /// The request is refused for another reason than a rate limit.
    Refused,
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
            code_meaning: None,
            timed_out: kind == ErrorKind::Timeout,
            retry_after: None,
            json_path: None,
            attempts: 0,
            explanation: None,
            source: None,
        }))
    }

    /// Settings from which no client can be built, such as credentials that are no credentials; `message` must not contain a secret.
    pub fn settings(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Settings, Outcome::NotSent).with_message(message)
    }

    /// A request that cannot be sent as it is; `message` must not contain a secret.
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
        self.0.earlier = responses.0;
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

    /// Takes outcome and response over from an earlier attempt of the call. The kind stays that of the last failure.
    pub(crate) fn with_response_of(mut self, earlier: Error) -> Self {
        let earlier = *earlier.0;
        self.0.outcome = earlier.outcome;
        self.0.response = earlier.response;
        self.0.venue = earlier.venue;
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

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.0.outcome = outcome;
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Reads the answer's `Retry-After`; `now`: the venue's time, which a timestamp or a date counts from.
    pub(crate) fn with_retry_after_header(mut self, now: SystemTime) -> Self {
        self.0.retry_after = self.headers().and_then(|headers| retry_after::from_headers(headers, now));
        self
    }

    pub(crate) fn with_explanation(mut self, text: Option<String>) -> Self {
        self.0.explanation = text;
        self
    }

    /// Takes the secrets of the request out of all that may be printed, and bounds it.
    pub(crate) fn redacted(mut self, blotter: &Blotter) -> Self {
        const PATH_BYTES: usize = 1 << 10;
        const MESSAGE_BYTES: usize = 2 << 10;
        let inner = &mut *self.0;
        inner.venue = inner.venue.take().map(|venue| venue.redacted(blotter));
        inner.message = inner.message.take().map(|text| blotter.blot(&text, MESSAGE_BYTES));
        inner.json_path = inner.json_path.take().map(|text| blotter.blot(&text, PATH_BYTES));
        inner.explanation = inner.explanation.take().map(|text| blotter.blot(&text, usize::MAX));
        inner.source = inner.source.take().map(|source| redacted_source(source, blotter));
        inner.earlier.iter_mut().chain(&mut inner.response).for_each(|response| response.redact(blotter));
        self
    }

    pub(crate) fn of(mut self, venue: &'static Venue, operation: &'static Operation) -> Self {
        self.0.venue_name = Some(venue.name);
        self.0.operation = Some(operation);
        self
    }

    /// What became of the request, all attempts taken together: once nobody knows what became of one, a later refusal to connect does not change that.
    pub fn outcome(&self) -> Outcome {
        self.0.outcome
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed; `None` for an error of building a client.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// Returns the status of the last attempt that was answered, if one was.
    ///
    /// With an answer the request did arrive, but a 5xx or 408 does not say whether it was carried out: see [`outcome`](Self::outcome).
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.as_ref().map(|response| response.status)
    }

    /// Returns the headers of the last attempt that was answered, if one was.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.0.response.as_ref().map(|response| &response.headers)
    }

    /// Returns the body of the last attempt that was answered as far as it came (see [`is_truncated`](Self::is_truncated)), if one was.
    pub fn body(&self) -> Option<&Bytes> {
        self.0.response.as_ref().map(|response| &response.body)
    }

    /// Returns the beginning of [`body`](Self::body) as text, for people: about half a kilobyte, without
    /// what the request carried as key, signature or secret. It may have control characters.
    pub fn excerpt(&self) -> Option<&str> {
        self.0.response.as_ref().and_then(RawResponse::excerpt)
    }

    /// Whether [`body`](Self::body) is only the beginning: the answer broke off, or was longer than the client's limit.
    pub fn is_truncated(&self) -> bool {
        self.0.response.as_ref().is_some_and(|response| response.is_truncated)
    }

    /// Returns the responses of all attempts that got one, in their order. The last one is that of [`status`](Self::status) and
    /// [`body`](Self::body).
    ///
    /// Bodies of earlier attempts are kept up to 64 KiB in total, the latest first.
    pub fn responses(&self) -> impl Iterator<Item = &RawResponse> {
        self.0.earlier.iter().chain(&self.0.response)
    }

    /// Returns what the venue said: its code and message, where the response has them at the places that the
    /// spec states.
    ///
    /// Present for refusals and also for answers of unknown outcome: see [`outcome`](Self::outcome).
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.venue.as_ref()
    }

    /// How long to wait: by the venue's `Retry-After` (seconds, a timestamp or an HTTP date), from when the answer came; or until a limit that
    /// is used up has room again ([`Throttled`](ErrorKind::Throttled)).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Returns whether a time ran out: that of the call, of the attempt, or of connecting (then the kind is
    /// [`Connect`](ErrorKind::Connect), and nothing was sent).
    pub fn is_timeout(&self) -> bool {
        self.0.timed_out
    }

    /// Returns whether the venue refused the request for the time that it states.
    ///
    /// The client learns the venue's time from the refusal: see
    /// [`clock_offset`](crate::Client::clock_offset).
    pub fn is_clock_refusal(&self) -> bool {
        self.0.code_meaning == Some(CodeMeaning::Clock)
    }

    /// Returns whether the venue refused the request for a rate limit: by 429 or 418, with no code
    /// to which the specification gives another meaning.
    ///
    /// Some venues answer other refusals with 429 too. For those it is `false`: waiting does not
    /// help, no rate limit is closed, and the call is not sent again.
    pub fn is_rate_limit_refusal(&self) -> bool {
        let is_limit = matches!(self.status(), Some(StatusCode::TOO_MANY_REQUESTS | StatusCode::IM_A_TEAPOT));
        is_limit && self.0.outcome == Outcome::Refused && self.0.code_meaning.is_none()
    }

    /// Whether no connection came about: the request was not sent.
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Whether the answer could not be read as what the spec says. The request did arrive; for an order this is [`Outcome::Unknown`].
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    /// Where in the body a [`Decode`](ErrorKind::Decode) error is: `buyQuote[3].price`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// The string that was signed for the attempt that failed, key and secret hidden, if the client was built with
    /// [`explain`](crate::ClientBuilder::explain): to compare, when a venue says that a signature is wrong.
    pub fn explanation(&self) -> Option<&str> {
        self.0.explanation.as_deref()
    }

    /// How many times the request was sent, or may have been.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }
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
            ErrorKind::Credentials => "credentials are needed",
            ErrorKind::Sign => "signing failed",
            ErrorKind::Throttled => "too many requests",
            ErrorKind::Connect => "no connection",
            ErrorKind::Timeout => "no complete answer in time",
            ErrorKind::Transport => "the connection failed before an answer came",
            ErrorKind::Cut => "the answer broke off",
            ErrorKind::TooLarge => "the answer is longer than the limit",
            ErrorKind::Venue => "the venue answered with an error",
            ErrorKind::Decode => "the answer is not what the spec says",
            ErrorKind::Clock => "the venue's time is not believed",
            ErrorKind::Aborted => "the call was given up",
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

/// Returns a source without what must not be printed.
///
/// It stays what it is, to be told apart by its type, unless something of it or of its own sources
/// cannot be shown. Then a chain of the same texts takes its place.
fn redacted_source(source: BoxError, blotter: &Blotter) -> BoxError {
    const MOST: usize = 2 << 10;
    const DEEPEST: usize = 16;
    let causes =
        || std::iter::successors(Some(&*source as &(dyn StdError + 'static)), |error| StdError::source(*error));
    let shown = |text: &str| Line(&blotter.blot(text, MOST), MOST).to_string();
    let can_be_shown = |text: String| shown(&text) == text;
    let is_harmless =
        causes().take(DEEPEST).all(|error| can_be_shown(error.to_string()) && can_be_shown(format!("{error:?}")));
    if is_harmless {
        return source;
    }
    let texts: Vec<String> = causes().take(DEEPEST).map(|error| shown(&error.to_string())).collect();
    let chain = texts.into_iter().rev().fold(None, |source, text| Some(Box::new(RedactedSource { text, source })));
    chain.map_or(source, |chain| chain as BoxError)
}

/// The text of an error that cannot be shown as it is.
struct RedactedSource {
    text: String,
    source: Option<Box<Self>>,
}

impl fmt::Display for RedactedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for RedactedSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", Line(&self.text, usize::MAX))
    }
}

impl StdError for RedactedSource {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// The error that a venue states: its code and message.
///
/// What the request carried as key, signature or secret is replaced by `***`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    code: Option<String>,
    message: Option<String>,
}

impl ApiError {
    pub(crate) fn new(code: Option<String>, message: Option<String>) -> Option<Self> {
        (code.is_some() || message.is_some()).then_some(Self { code, message })
    }

    fn redacted(self, blotter: &Blotter) -> Self {
        const CODE_BYTES: usize = 256;
        const MESSAGE_BYTES: usize = 4 << 10;
        let Self { code, message } = self;
        Self {
            code: code.map(|text| blotter.blot(&text, CODE_BYTES)),
            message: message.map(|text| blotter.blot(&text, MESSAGE_BYTES)),
        }
    }

    /// The code as text, whether the venue sends numbers or texts: `-1121`.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the venue's message: its first 4 KiB, and `..` for the rest.
    ///
    /// It may have control characters and line breaks; `Display` has neither.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl fmt::Display for ApiError {
    /// Writes code and message on one line, the message up to 400 bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (code, message) = (self.code(), self.message());
        if let Some(code) = code {
            write!(f, "code {}", Line(code, 60))?;
        }
        match (code, message) {
            (_, None) => Ok(()),
            (None, Some(message)) => Line(message, 400).fmt(f),
            (Some(_), Some(message)) => write!(f, ": {}", Line(message, 400)),
        }
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 512;
        f.debug_struct("ApiError")
            .field("code", &self.code().map(|text| Line(text, SHOWN)))
            .field("message", &self.message().map(|text| Line(text, SHOWN)))
            .finish()
    }
}
