//! Stands between a client and a venue, and records their exchanges.

use std::fmt;
use std::io;
use std::sync::Arc;

use venuekit::BoxFuture;
use venuekit::meta::VenueMeta;
use venuekit::signing::Redactor;

use super::exchange::Exchange;
use super::serving::Serving;
use crate::http::{Request, Response};

/// A request to send on to the venue, as the client signed it.
#[derive(Clone)]
#[non_exhaustive]
pub struct ForwardedRequest {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub target: String,
    /// The headers, without those of the connection.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl fmt::Debug for ForwardedRequest {
    /// Hides query, headers and body: each of them may contain a signature.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ForwardedRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// The response of a venue.
#[derive(Clone, Debug)]
pub struct ForwardedResponse {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body, without a content coding.
    pub body: Vec<u8>,
}

/// Sends a request to the venue. An error is a text without secrets.
pub type Forward = Arc<dyn Fn(ForwardedRequest) -> BoxFuture<'static, Result<ForwardedResponse, String>> + Send + Sync>;

/// Takes an exchange.
type Sink = Arc<dyn Fn(Exchange) -> io::Result<()> + Send + Sync>;

/// The headers of a connection, which the sender makes itself.
const OF_CONNECTION: [&str; 7] =
    ["connection", "content-length", "expect", "host", "keep-alive", "transfer-encoding", "upgrade"];

/// Stands between a client and a venue, and records their exchanges, until it is dropped.
///
/// A request goes on byte for byte, so its signature stays valid, and the response comes back as it
/// is. An exchange is recorded before the client gets the response, without its secrets: no header
/// of the request, no parameter of the query and no member of the body that the venue's document
/// does not name, and none of the texts that were left out, or of `secrets`, anywhere else. A
/// request without a response is not recorded.
pub struct Recorder {
    serving: Serving,
    prefix: String,
    base_path: &'static str,
}

impl Recorder {
    /// Starts a recorder on a port of this machine; 0 is a free one. `prefix` is the path that the
    /// URL of the venue has before its base path, such as `/btse-spot` for a mock; it is empty for
    /// the hosts of venues. The recorder serves the same path, because many venues have it signed.
    /// It is not recorded. `secrets` are the key and the secret, as far as they are known. `take`
    /// gets each exchange.
    ///
    /// # Errors
    ///
    /// When the port cannot be bound.
    pub async fn start(
        venue: &'static VenueMeta,
        port: u16,
        prefix: String,
        secrets: Vec<String>,
        forward: Forward,
        take: impl Fn(Exchange) -> io::Result<()> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let (secrets, take): (Arc<Vec<String>>, Sink) = (Arc::new(secrets), Arc::new(take));
        let before: Arc<str> = prefix.as_str().into();
        let respond = move |request: Request| {
            let (secrets, forward, take) = (Arc::clone(&secrets), Arc::clone(&forward), Arc::clone(&take));
            let before = Arc::clone(&before);
            async move { exchange(venue, &before, &secrets, &forward, &take, request).await }
        };
        let serving = Serving::start(port, respond).await?;
        Ok(Self { serving, prefix, base_path: venue.venue.base_path() })
    }

    /// Returns the base URL for the client.
    pub fn url(&self) -> String {
        format!("http://{}{}{}", self.serving.address, self.prefix, self.base_path)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("address", &self.serving.address).finish_non_exhaustive()
    }
}

async fn exchange(
    venue: &'static VenueMeta,
    prefix: &str,
    secrets: &[String],
    forward: &Forward,
    take: &Sink,
    mut request: Request,
) -> Response {
    let target = request.head.path.clone();
    let Some(path) = target.strip_prefix(prefix) else {
        let base_path = venue.venue.base_path();
        return Response::new(
            404,
            "text/plain",
            format!("the base URL of the recorder ends with {prefix}{base_path}\n"),
        );
    };
    path.clone_into(&mut request.head.path);
    let (recorded, cut) = Exchange::of_request(venue, &request);
    let head = request.head;
    let query = if head.query.is_empty() { String::new() } else { format!("?{}", head.query) };
    let is_own = |name: &str| OF_CONNECTION.iter().any(|own| own.eq_ignore_ascii_case(name));
    let sent = ForwardedRequest {
        method: head.method,
        target: format!("{target}{query}"),
        headers: head.headers.into_iter().filter(|(name, _)| !is_own(name)).collect(),
        body: request.body,
    };
    match forward(sent).await {
        Ok(ForwardedResponse { status, headers, body }) => {
            let redactor = Redactor::new(secrets.iter().chain(&cut).map(String::as_str));
            let recorded = recorded.with_response(status, &headers, &body, &redactor);
            if let Err(error) = take(recorded) {
                // The request was carried out, so the client gets the response all the same.
                let mut response = response(status, headers, body, &is_own);
                response.set("x-mock-recorded", format!("no: {error}"));
                return response;
            }
            response(status, headers, body, &is_own)
        }
        // It is not known whether the venue got the request.
        Err(error) => Response::new(504, "text/plain", format!("no response of the venue: {error}\n")),
    }
}

fn response(status: u16, headers: Vec<(String, String)>, body: Vec<u8>, is_own: &dyn Fn(&str) -> bool) -> Response {
    Response { status, headers: headers.into_iter().filter(|(name, _)| !is_own(name)).collect(), body }
}
