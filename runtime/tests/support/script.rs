//! A transport that does as it is told, on tokio's clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use tokio::time::{Instant, sleep};
use url::Url;
use venuekit::BoxFuture;
use venuekit::transport::{BodyEnd, Transport, TransportError, TransportRequest, TransportResponse};

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pause: Duration,
    body_pause: Duration,
    end: End,
}

#[derive(Clone, Debug)]
enum End {
    Answer { status: u16, headers: Vec<(&'static str, String)>, body: String, end: Body },
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

/// An answer. In its body, `$id` stands for the id of a JSON-RPC request.
pub(crate) fn answer(status: u16, body: impl Into<String>) -> Step {
    Step::new(End::Answer { status, headers: Vec::new(), body: body.into(), end: Body::Complete })
}

/// No connection comes about.
pub(crate) fn no_connection() -> Step {
    Step::new(End::NotSent)
}

/// The connection breaks, nobody knows when.
pub(crate) fn reset() -> Step {
    Step::new(End::MaybeSent)
}

/// The transport says that the time ran out.
pub(crate) fn timed_out() -> Step {
    Step::new(End::TimedOut)
}

/// No answer, as long as the request may take.
pub(crate) fn hang() -> Step {
    timed_out().after(Duration::MAX)
}

impl Step {
    fn new(end: End) -> Self {
        Self { pause: Duration::ZERO, body_pause: Duration::ZERO, end }
    }

    /// After so long; a request that may not take so long times out.
    pub(crate) fn after(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// The body comes so much later than the headers.
    pub(crate) fn body_after(mut self, pause: Duration) -> Self {
        self.body_pause = pause;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        if let End::Answer { headers, .. } = &mut self.end {
            headers.push((name, value.to_string()));
        }
        self
    }

    /// The body breaks off.
    pub(crate) fn cut(self) -> Self {
        self.ending(Body::Cut)
    }

    /// The time runs out within the body.
    pub(crate) fn timing_out(self) -> Self {
        self.ending(Body::TimedOut)
    }

    /// The body is longer than the limit.
    pub(crate) fn too_long(self) -> Self {
        self.ending(Body::TooLong)
    }

    fn ending(mut self, how: Body) -> Self {
        if let End::Answer { end, .. } = &mut self.end {
            *end = how;
        }
        self
    }

    fn finish(self, sent: &Sent) -> Result<TransportResponse, TransportError> {
        match self.end {
            End::NotSent => Err(TransportError::not_sent("nobody listens")),
            End::MaybeSent => Err(TransportError::maybe_sent("reset by peer")),
            End::TimedOut => Err(TransportError::timed_out("nobody answers")),
            End::Answer { status, headers, body, end } => {
                let header = |(name, value): (&'static str, String)| {
                    (HeaderName::from_static(name), HeaderValue::try_from(value).unwrap())
                };
                let (status, headers) = (StatusCode::from_u16(status).unwrap(), headers.into_iter().map(header));
                let body = body.replace("$id", &sent.rpc_id());
                Ok(TransportResponse::new(status, headers.collect(), body).with_end(match end {
                    Body::Complete => BodyEnd::Complete,
                    Body::Cut => BodyEnd::Cut("the connection was closed".into()),
                    Body::TimedOut => BodyEnd::Timeout,
                    Body::TooLong => BodyEnd::Limit,
                }))
            }
        }
    }
}

/// A request as the transport got it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) at: Instant,
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) timeout: Duration,
}

impl Sent {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn nonce(&self) -> u64 {
        self.header("x-nonce").parse().unwrap()
    }

    pub(crate) fn time_ms(&self) -> u64 {
        self.header("x-time").parse().unwrap()
    }

    pub(crate) fn is(&self, path: &str) -> bool {
        self.url.path().ends_with(path)
    }

    fn rpc_id(&self) -> String {
        let envelope: serde_json::Value = serde_json::from_slice(&self.body).unwrap_or_default();
        envelope.get("id").map_or_else(|| "$id".to_owned(), ToString::to_string)
    }
}

/// The transport. Clones are one.
#[derive(Clone)]
pub(crate) struct Script {
    inner: Arc<Inner>,
    is_silent: bool,
}

struct Inner {
    plan: Box<dyn Fn(&Sent, usize) -> Step + Send + Sync>,
    sent: Mutex<Vec<Sent>>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

impl Script {
    /// One step after the other; the last one again and again.
    pub(crate) fn of(steps: impl IntoIterator<Item = Step>) -> Self {
        let steps: Vec<Step> = steps.into_iter().collect();
        Self::by(move |_, number| steps[number.min(steps.len() - 1)].clone())
    }

    /// A step for each request; requests are counted from 0.
    pub(crate) fn by(plan: impl Fn(&Sent, usize) -> Step + Send + Sync + 'static) -> Self {
        let inner = Inner {
            plan: Box::new(plan),
            sent: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_under_way: AtomicUsize::new(0),
        };
        Self { inner: Arc::new(inner), is_silent: false }
    }

    /// Never tells that the head of a response is in, as a transport of the user's own may do.
    pub(crate) fn silent(mut self) -> Self {
        self.is_silent = true;
        self
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.inner.sent.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.inner.sent.lock().unwrap().len()
    }

    /// How many requests were under way at once, at most.
    pub(crate) fn most_under_way(&self) -> usize {
        self.inner.most_under_way.load(Ordering::Relaxed)
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
                body: request.body,
                timeout: request.timeout,
            };
            let number = {
                let mut log = self.inner.sent.lock().unwrap();
                log.push(sent.clone());
                log.len() - 1
            };
            let step = (self.inner.plan)(&sent, number);
            let _under_way = UnderWay::enter(&self.inner);
            if step.pause >= request.timeout {
                sleep(request.timeout).await;
                return timed_out().finish(&sent);
            }
            pause(step.pause).await;
            if matches!(step.end, End::Answer { .. }) && !self.is_silent {
                request.response_signal.response_began();
            } else {
                drop(request.response_signal);
            }
            pause(step.body_pause).await;
            step.finish(&sent)
        })
    }
}

async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

/// Counts a request for as long as it is under way.
struct UnderWay<'a>(&'a Inner);

impl<'a> UnderWay<'a> {
    fn enter(inner: &'a Inner) -> Self {
        let now = inner.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        inner.most_under_way.fetch_max(now, Ordering::Relaxed);
        Self(inner)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}
