//! A transport that follows a script, on tokio's clock.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::{Instant, sleep};
use url::Url;
use venuekit::BoxFuture;
use venuekit::transport::{BodyEnd, RequestBody, Transport, TransportError, TransportRequest, TransportResponse};
use venuekit_json::Tree;

/// The script's reaction to a request.
#[must_use]
#[derive(Clone, Debug)]
pub struct Step {
    pause: Duration,
    body_pause: Duration,
    end: End,
}

#[derive(Clone, Debug)]
enum End {
    Response { status: u16, headers: HeaderMap, body: Bytes, end: Body },
    NotSent,
    MaybeSent,
    TimedOut,
}

#[derive(Clone, Copy, Debug)]
enum Body {
    Complete,
    Cut,
    TimedOut,
    TooLong,
}

/// Returns a step that responds. In the body, `$id` stands for the id of the JSON-RPC request.
pub fn respond(status: u16, body: impl AsRef<[u8]>) -> Step {
    Step::new(End::Response {
        status,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_ref()),
        end: Body::Complete,
    })
}

/// Fails to connect.
pub fn no_connection() -> Step {
    Step::new(End::NotSent)
}

/// Breaks the connection after an unknown part of the request was sent.
pub fn reset() -> Step {
    Step::new(End::MaybeSent)
}

/// Fails at once with a timeout.
pub fn timed_out() -> Step {
    Step::new(End::TimedOut)
}

/// Sends no response until the timeout of the request.
pub fn hang() -> Step {
    timed_out().after(Duration::MAX)
}

impl Step {
    fn new(end: End) -> Self {
        Self { pause: Duration::ZERO, body_pause: Duration::ZERO, end }
    }

    /// Waits before the response; a request with a shorter timeout times out.
    pub fn after(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// Waits between the headers and the body.
    pub fn body_after(mut self, pause: Duration) -> Self {
        self.body_pause = pause;
        self
    }

    /// Adds a header.
    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        if let End::Response { headers, .. } = &mut self.end {
            headers.append(HeaderName::from_static(name), HeaderValue::try_from(value.to_string()).unwrap());
        }
        self
    }

    /// Adds headers.
    pub fn headers(mut self, more: HeaderMap) -> Self {
        if let End::Response { headers, .. } = &mut self.end {
            headers.extend(more);
        }
        self
    }

    /// Ends the connection within the body.
    pub fn cut(self) -> Self {
        self.ending(Body::Cut)
    }

    /// Times out within the body.
    pub fn timing_out(self) -> Self {
        self.ending(Body::TimedOut)
    }

    /// Reports that the body was longer than the limit.
    pub fn too_long(self) -> Self {
        self.ending(Body::TooLong)
    }

    fn ending(mut self, how: Body) -> Self {
        if let End::Response { end, .. } = &mut self.end {
            *end = how;
        }
        self
    }

    fn finish(self, sent: &Sent) -> Result<TransportResponse, TransportError> {
        match self.end {
            End::NotSent => Err(TransportError::not_sent("connection refused")),
            End::MaybeSent => Err(TransportError::maybe_sent("reset by peer")),
            End::TimedOut => Err(TransportError::timed_out("no response in time")),
            End::Response { status, headers, body, end } => {
                let status = StatusCode::from_u16(status).unwrap();
                let body = match std::str::from_utf8(&body) {
                    Ok(text) if text.contains("$id") => text.replace("$id", &sent.rpc_id()).into(),
                    _ => body,
                };
                Ok(TransportResponse::new(status, headers, body).with_end(match end {
                    Body::Complete => BodyEnd::Complete,
                    Body::Cut => BodyEnd::Cut("the connection was closed".into()),
                    Body::TimedOut => BodyEnd::Timeout,
                    Body::TooLong => BodyEnd::Limit,
                }))
            }
        }
    }
}

/// A request that the transport received.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The time of the request.
    pub at: Instant,
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body; see [`text`](Self::text).
    pub body: Bytes,
    /// The timeout of the exchange.
    pub timeout: Duration,
}

impl Sent {
    /// Returns the value of a header. The header must exist.
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Returns the nonce in the header `x-nonce`.
    pub fn nonce(&self) -> u64 {
        self.header("x-nonce").parse().unwrap()
    }

    /// Returns the time in the header `x-time`, in milliseconds since 1970.
    pub fn time_ms(&self) -> u64 {
        self.header("x-time").parse().unwrap()
    }

    /// Returns the body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Returns whether the path of the URL ends with `path`.
    pub fn is(&self, path: &str) -> bool {
        self.url.path().ends_with(path)
    }

    fn rpc_id(&self) -> String {
        let envelope = Tree::parse(&String::from_utf8_lossy(&self.body)).ok();
        envelope.as_ref().and_then(|envelope| envelope.get("id")).map_or_else(|| "$id".to_owned(), Tree::to_json)
    }
}

/// A transport that follows a script. Clones share one script.
#[derive(Clone)]
pub struct Script {
    inner: Arc<Inner>,
    is_silent: bool,
}

struct Inner {
    plan: Box<dyn Fn(&Sent, usize) -> Step + Send + Sync>,
    sent: Mutex<Vec<Sent>>,
    in_flight: AtomicUsize,
    max_in_flight: AtomicUsize,
}

impl Script {
    /// Returns a transport that takes one step for each request; the last step repeats.
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps: Vec<Step> = steps.into_iter().collect();
        Self::from_fn(move |_, number| steps[number.min(steps.len() - 1)].clone())
    }

    /// Returns a transport that chooses each step by the request and its index, from 0.
    pub fn from_fn(plan: impl Fn(&Sent, usize) -> Step + Send + Sync + 'static) -> Self {
        let inner = Inner {
            plan: Box::new(plan),
            sent: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            max_in_flight: AtomicUsize::new(0),
        };
        Self { inner: Arc::new(inner), is_silent: false }
    }

    /// Never reports that the head of a response has arrived, as a user's transport may do.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    /// Returns the requests received so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.inner.sent.lock().unwrap().clone()
    }

    /// Returns the number of requests received so far.
    pub fn count(&self) -> usize {
        self.inner.sent.lock().unwrap().len()
    }

    /// Returns the largest number of requests that were in flight at the same time.
    pub fn max_in_flight(&self) -> usize {
        self.inner.max_in_flight.load(Ordering::Relaxed)
    }
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Transport for Script {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            let sent = Sent {
                at: Instant::now(),
                method: request.method,
                url: request.url,
                headers: request.headers,
                body: read(request.body).await,
                timeout: request.timeout,
            };
            let number = {
                let mut log = self.inner.sent.lock().unwrap();
                log.push(sent.clone());
                log.len() - 1
            };
            let step = (self.inner.plan)(&sent, number);
            let _in_flight = InFlight::enter(&self.inner);
            if step.pause >= request.timeout {
                sleep(request.timeout).await;
                return timed_out().finish(&sent);
            }
            pause(step.pause).await;
            if matches!(step.end, End::Response { .. }) && !self.is_silent {
                request.response_signal.response_began();
            } else {
                drop(request.response_signal);
            }
            pause(step.body_pause).await;
            step.finish(&sent)
        })
    }
}

/// Reads the body of a request. A stream that fails is read up to its error.
async fn read(mut body: RequestBody) -> Bytes {
    let mut bytes = Vec::new();
    while let Some(Ok(piece)) = poll_fn(|context| Pin::new(&mut body).poll_next(context)).await {
        bytes.extend_from_slice(&piece);
    }
    bytes.into()
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// A request that is counted as in flight until this is dropped.
struct InFlight<'a>(&'a Inner);

impl<'a> InFlight<'a> {
    fn enter(inner: &'a Inner) -> Self {
        let now = inner.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        inner.max_in_flight.fetch_max(now, Ordering::Relaxed);
        Self(inner)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
