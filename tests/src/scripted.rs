//! A transport without a network: it keeps what is sent and answers by a script.

use std::fmt;
use std::sync::{Arc, Mutex};

use venuekit::BoxFuture;
use venuekit::reqwest::header::HeaderMap;
use venuekit::reqwest::{StatusCode, Url};
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};

type Script = dyn Fn(&TransportRequest) -> Result<TransportResponse, TransportError> + Send + Sync;

/// The transport. Clones share what was sent.
#[derive(Clone)]
pub struct Scripted {
    script: Arc<Script>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// Where to.
    pub url: Url,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: String,
}

impl Scripted {
    /// Answers as `script` says.
    pub fn new(
        script: impl Fn(&TransportRequest) -> Result<TransportResponse, TransportError> + Send + Sync + 'static,
    ) -> Self {
        Self { script: Arc::new(script), sent: Arc::default() }
    }

    /// Answers everything with this body.
    pub fn answering(body: &str) -> Self {
        let body = body.to_owned();
        Self::new(move |_| Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), body.clone())))
    }

    /// What was sent so far.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Scripted {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        let body = String::from_utf8(request.body.to_vec()).unwrap();
        self.sent.lock().unwrap().push(Sent {
            method: request.method.to_string(),
            url: request.url.clone(),
            headers: request.headers.clone(),
            body,
        });
        Box::pin(std::future::ready((self.script)(&request)))
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted").finish_non_exhaustive()
    }
}
