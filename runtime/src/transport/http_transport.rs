//! The transport for production: reqwest over rustls.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

use super::body::{ReadLimits, RequestBody, read_whole};
use super::departure::Departure;
use super::error::TransportError;
use super::transport::{Transport, TransportRequest, TransportResponse};
use crate::bounded::bounded;
use crate::error::Error;
use crate::error::outcome::BoxError;
use crate::future::BoxFuture;

/// The time for which an unused connection is kept. It is shorter than the time of most servers,
/// because a request on a connection that the server is closing has an unknown outcome.
const POOL_IDLE: Duration = Duration::from_secs(15);

/// A transport that sends with reqwest.
///
/// It is created from a [`reqwest::ClientBuilder`], never from a finished client, so that these
/// settings are applied last:
///
/// - No redirect is followed: a 307 would carry body, key and signature to another host.
/// - reqwest's own retries are off: they resend old signatures.
/// - reqwest's log of all bytes is off: it shows key and signature.
/// - There is no proxy except the given one, and none for plain http.
/// - There is no content coding unless it is requested.
/// - The timeouts of [`HttpSettings`] and of the request apply.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    read_timeout: Option<Duration>,
}

impl HttpTransport {
    /// Creates a transport from `builder`. The settings that venuekit relies on are applied last,
    /// so they override those of `builder`.
    ///
    /// # Errors
    ///
    /// When the proxy is not a URL, or when reqwest cannot create a client from the settings.
    pub fn new(builder: reqwest::ClientBuilder, settings: HttpSettings) -> Result<Self, Error> {
        // The builder may have timeouts. reqwest cannot unset a timeout, and panics if its clock
        // cannot hold one. So both are set to a year here.
        let builder = builder.timeout(bounded(Duration::MAX)).read_timeout(bounded(Duration::MAX));
        Self::without_timeouts(builder, settings)
    }

    /// Creates a transport with the default settings of reqwest.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub(crate) fn with_settings(settings: HttpSettings) -> Result<Self, Error> {
        // reqwest has no timeouts by default. Each timeout would be a timer per request.
        Self::without_timeouts(reqwest::Client::builder(), settings)
    }

    /// Creates a transport from a builder whose timeouts do not matter: `send` enforces the timeout
    /// of the request, and knows whether the request had left when the time ran out.
    fn without_timeouts(builder: reqwest::ClientBuilder, settings: HttpSettings) -> Result<Self, Error> {
        let mut builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .pool_idle_timeout(POOL_IDLE)
            .connect_timeout(bounded(settings.connect_timeout))
            // Any crate of the program can turn reqwest's codings on.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_proxy();
        #[cfg(feature = "gzip")]
        {
            builder = builder.gzip(settings.gzip);
        }
        if let Some(proxy) = settings.proxy {
            // reqwest's own message would show the URL, which may hold a password.
            let proxy = reqwest::Proxy::https(proxy).map_err(|_| Error::settings("the proxy is not a URL"))?;
            builder = builder.proxy(proxy);
        }
        let refused =
            |error: reqwest::Error| Error::settings("reqwest refuses the settings").with_source(error.without_url());
        let client = builder.build().map_err(refused)?;
        Ok(Self { client, read_timeout: settings.read_timeout })
    }
}

/// Settings of [`HttpTransport`].
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpSettings {
    /// The timeout of connecting, TLS included.
    pub connect_timeout: Duration,
    /// The longest time without data once the response has begun; `None`: the timeout of the call.
    pub read_timeout: Option<Duration>,
    /// A proxy for https.
    pub proxy: Option<String>,
    /// True to decode responses in gzip. Needs the feature `gzip`.
    pub gzip: bool,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), read_timeout: None, proxy: None, gzip: false }
    }
}

impl fmt::Debug for HttpSettings {
    /// Hides the proxy: its URL may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("proxy", &self.proxy.is_some())
            .field("gzip", &self.gzip)
            .finish()
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            let deadline = Instant::now() + bounded(request.timeout);
            let departure = request.departure;
            departure.wait();
            let body = OutgoingBody { body: request.body, has_ended: false, departure: departure.clone() };
            let mut outgoing = reqwest::Request::new(request.method, request.url);
            *outgoing.headers_mut() = request.headers;
            *outgoing.body_mut() = Some(reqwest::Body::wrap(body));
            let outgoing = self.client.execute(outgoing);
            let mut response = match timeout_at(deadline, outgoing).await {
                Ok(Ok(response)) => response,
                Ok(Err(error)) => return Err(no_response(error, &departure)),
                Err(_) if departure.abandon() => {
                    return Err(TransportError::connect_timed_out("timed out while connecting"));
                }
                Err(_) => return Err(TransportError::timed_out("the time ran out before a response came")),
            };
            request.response_signal.response_began();
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let body = IncomingBody(response.into());
            if request.streams_response {
                return Ok(TransportResponse::streamed(status, headers, body));
            }
            let limits = ReadLimits { deadline, silence: self.read_timeout, max_bytes: request.max_response_bytes };
            let (body, end) = read_whole(Box::pin(body), limits).await;
            Ok(TransportResponse::new(status, headers, body).with_end(end))
        })
    }
}

fn no_response(error: reqwest::Error, departure: &Departure) -> TransportError {
    // reqwest prints URLs, and one venue has the signature in it.
    let error = error.without_url();
    let is_timeout = error.is_timeout();
    let at_stage = if error.is_builder() {
        TransportError::unsendable
    } else if departure.abandon() || error.is_connect() || was_canceled(&error) {
        // hyper returns a request whose connection closed before any of it was written.
        if is_timeout { TransportError::connect_timed_out } else { TransportError::not_sent }
    } else if is_timeout {
        TransportError::timed_out
    } else {
        TransportError::maybe_sent
    };
    at_stage(Cause::from_error(error))
}

/// The cause of a failed request, named for the person who has to fix it.
///
/// reqwest says "error sending request" for most failures. The reason is further down in the chain
/// of sources.
#[derive(Debug)]
struct Cause {
    text: String,
    error: reqwest::Error,
}

impl Cause {
    fn from_error(error: reqwest::Error) -> Self {
        let causes =
            || std::iter::successors(Some(&error as &(dyn StdError + 'static)), |error| StdError::source(*error));
        let io = causes().filter_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind).last();
        let texts: Vec<String> = causes().map(ToString::to_string).collect();
        let innermost = texts.last().map_or("", String::as_str);
        let text = if error.is_timeout() && error.is_connect() {
            "timed out while connecting".to_owned()
        } else if io == Some(std::io::ErrorKind::ConnectionRefused) {
            "connection refused".to_owned()
        } else if texts.iter().any(|text| text == "dns error") {
            format!("unknown host: {innermost}")
        } else if let Some(text) = texts.iter().find(|text| text.contains("certificate")) {
            text.clone()
        } else {
            // The outer two errors are generic: `error sending request`, `client error
            // (SendRequest)`.
            let mut parts: Vec<&str> = Vec::new();
            for text in texts.iter().skip(if texts.len() > 2 { 2 } else { 0 }) {
                if !parts.iter().any(|part| part.contains(text.as_str())) {
                    parts.push(text);
                }
            }
            parts.join(": ")
        };
        Self { text, error }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.error)
    }
}

/// Returns whether hyper returned the request before any of it was written.
fn was_canceled(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The body of a request, which shows when hyper begins to write the request.
///
/// hyper polls for the end of the body right before it writes the head, on HTTP/1 and on HTTP/2. An
/// abandoned request then claims one more byte than it has and fails at once. So the venue never
/// gets a complete request.
///
/// Between the caller and the socket are a pool, a connection that may still be opening, and one
/// task per connection. If a timeout elapses on the caller's side, the caller must know whether
/// that task has taken the request. The task must not take it later.
struct OutgoingBody {
    body: RequestBody,
    /// True if the stream of the body has ended.
    has_ended: bool,
    departure: Departure,
}

impl Body for OutgoingBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if !self.departure.leave() {
            return Poll::Ready(Some(Err(Abandoned.into())));
        }
        let item = ready!(Pin::new(&mut self.body).poll_next(context));
        self.has_ended = item.is_none();
        Poll::Ready(item.map(|bytes| bytes.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        let is_empty = self.has_ended || self.body.as_bytes().is_some_and(Bytes::is_empty);
        self.departure.leave() && is_empty
    }

    fn size_hint(&self) -> SizeHint {
        let is_abandoned = self.departure.is_abandoned();
        match self.body.length() {
            Some(length) => SizeHint::with_exact(length.saturating_add(u64::from(is_abandoned))),
            // It is sent in chunks. Without the last chunk, the request is not complete.
            None => SizeHint::default(),
        }
    }
}

/// The body of a response, as reqwest reads it.
struct IncomingBody(reqwest::Body);

impl Stream for IncomingBody {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                    // Trailers are not used.
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(Cause::from_error(error.without_url()).into()))),
            }
        }
    }
}

/// The error of a request that was abandoned before it left.
#[derive(Debug)]
struct Abandoned;

impl fmt::Display for Abandoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was aborted before it was sent")
    }
}

impl StdError for Abandoned {}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(bytes: &'static str) -> (OutgoingBody, Departure) {
        let departure = Departure::default();
        departure.wait();
        let body = RequestBody::from(Bytes::from_static(bytes.as_bytes()));
        (OutgoingBody { body, has_ended: false, departure: departure.clone() }, departure)
    }

    #[test]
    fn an_abandoned_request_never_becomes_complete() {
        for bytes in ["", "order"] {
            let (mut body, departure) = body(bytes);
            assert!(departure.abandon());
            assert!(!body.is_end_stream());
            assert_eq!(body.size_hint().exact(), Some(bytes.len() as u64 + 1));
            let mut context = Context::from_waker(std::task::Waker::noop());
            let frame = Pin::new(&mut body).poll_frame(&mut context);
            assert!(matches!(frame, Poll::Ready(Some(Err(error))) if error.is::<Abandoned>()));
            assert!(departure.abandon(), "it stays abandoned");
        }
    }

    #[test]
    fn a_request_that_is_leaving_cannot_be_abandoned() {
        let (body, departure) = body("");
        assert_eq!(body.size_hint().exact(), Some(0), "reading the length does not mark the request as leaving");
        assert!(body.is_end_stream());
        assert!(!departure.abandon());
    }
}
