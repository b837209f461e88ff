//! The transport of real use: reqwest over rustls.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::BytesMut;

use crate::error::Error;
use crate::transport::{BodyEnd, BoxFuture, Transport, TransportError, TransportRequest, TransportResponse};

/// How long an unused connection is kept. Servers close theirs after some more, and a request that meets a closing connection has an unknown outcome.
const POOL_IDLE: Duration = Duration::from_secs(15);

/// Sends by reqwest.
///
/// It is made from a [`reqwest::ClientBuilder`], never from a ready client, so that our settings come last: no redirect is followed (a 307 would carry body, key
/// and signature to another host), reqwest's own retries are off (they resend old signatures), its log of all bytes is off (it shows key and signature), no
/// proxy but the given one and none for plain http.
#[derive(Clone, Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport from `builder`, with what venuekit relies on set last.
    ///
    /// # Errors
    /// When reqwest cannot make a client of it.
    pub fn new(builder: reqwest::ClientBuilder, settings: HttpSettings) -> Result<Self, Error> {
        let mut builder = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connection_verbose(false)
            .pool_idle_timeout(POOL_IDLE)
            .connect_timeout(settings.connect_timeout)
            .no_proxy();
        if let Some(timeout) = settings.read_timeout {
            builder = builder.read_timeout(timeout);
        }
        if let Some(proxy) = settings.proxy {
            // What reqwest says of it would show it, and there may be a password in it.
            let proxy = reqwest::Proxy::https(proxy).map_err(|_| Error::settings("the proxy is no URL"))?;
            builder = builder.proxy(proxy);
        }
        let refused =
            |error: reqwest::Error| Error::settings("reqwest refuses the settings").with_source(error.without_url());
        Ok(Self { client: builder.build().map_err(refused)? })
    }
}

/// Settings of [`HttpTransport`].
#[derive(Clone)]
#[non_exhaustive]
pub struct HttpSettings {
    /// How long connecting may take, TLS included.
    pub connect_timeout: Duration,
    /// How long the venue may be silent once it began to answer; `None`: as long as the call may take.
    pub read_timeout: Option<Duration>,
    /// A proxy for https.
    pub proxy: Option<String>,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self { connect_timeout: Duration::from_secs(5), read_timeout: None, proxy: None }
    }
}

impl fmt::Debug for HttpSettings {
    /// Shows no proxy: there may be a password in its URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSettings")
            .field("connect_timeout", &self.connect_timeout)
            .field("read_timeout", &self.read_timeout)
            .field("proxy", &self.proxy.is_some())
            .finish()
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        Box::pin(async move {
            let mut outgoing =
                self.client.request(request.method, request.url).headers(request.headers).timeout(request.timeout);
            if !request.body.is_empty() {
                outgoing = outgoing.body(request.body);
            }
            let mut response = outgoing.send().await.map_err(not_answered)?;
            drop(request.answered);
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            let mut body = BytesMut::new();
            let end = loop {
                match response.chunk().await {
                    Ok(None) => break BodyEnd::Complete,
                    Ok(Some(chunk)) => {
                        let room = request.response_limit - body.len();
                        match chunk.get(..room) {
                            Some(fits) if chunk.len() > room => {
                                body.extend_from_slice(fits);
                                break BodyEnd::Limit;
                            }
                            _ => body.extend_from_slice(&chunk),
                        }
                    }
                    Err(error) if error.is_timeout() => break BodyEnd::Timeout,
                    Err(error) => break BodyEnd::Cut(error.without_url().into()),
                }
            };
            Ok(TransportResponse { status, headers, body: body.freeze(), end })
        })
    }
}

fn not_answered(error: reqwest::Error) -> TransportError {
    // reqwest prints URLs, and one venue has the signature in it.
    let error = error.without_url();
    if error.is_connect() || was_canceled(&error) {
        TransportError::not_sent(error)
    } else if error.is_timeout() {
        TransportError::timed_out(error)
    } else {
        TransportError::maybe_sent(error)
    }
}

/// Whether hyper gave the request back before any of it was written.
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
