//! A server on a socket that misbehaves on request and keeps the requests it received.
//!
//! It is written by hand, because the tests need behavior that an HTTP library forbids. Examples
//! are a body that is shorter than its length, and a connection that is reset within a request.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The server's response to a request, or its failure to respond.
#[derive(Clone, Debug)]
pub struct ScriptedResponse {
    status: u16,
    headers: String,
    body: Vec<u8>,
    then: AfterRequest,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum AfterRequest {
    Finish,
    Closing,
    Cut,
    HangAfter,
    Hang,
    Close,
    ResetAtOnce,
    ResetWithinBody,
    Reset,
}

impl ScriptedResponse {
    /// Returns a complete response.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: String::new(), body: body.into(), then: AfterRequest::Finish }
    }

    /// Returns a complete response with the content type of JSON.
    pub fn json(status: u16, body: &str) -> Self {
        Self::new(status, body).header("content-type", "application/json")
    }

    /// Never responds.
    pub fn hang() -> Self {
        Self { then: AfterRequest::Hang, ..Self::json(200, "") }
    }

    /// Closes the connection without a response.
    pub fn close() -> Self {
        Self { then: AfterRequest::Close, ..Self::json(200, "") }
    }

    /// Resets the connection as soon as it is open.
    pub fn reset_at_once() -> Self {
        Self { then: AfterRequest::ResetAtOnce, ..Self::json(200, "") }
    }

    /// Resets the connection after the head of the request, without waiting for its body.
    pub fn reset_within_body() -> Self {
        Self { then: AfterRequest::ResetWithinBody, ..Self::json(200, "") }
    }

    /// Resets the connection without a response.
    pub fn reset() -> Self {
        Self { then: AfterRequest::Reset, ..Self::json(200, "") }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Announces more bytes than it sends, and closes the connection.
    #[must_use]
    pub fn cut(mut self) -> Self {
        self.then = AfterRequest::Cut;
        self
    }

    fn bytes(&self, missing: usize) -> Vec<u8> {
        let Self { status, headers, body, .. } = self;
        // A 204 has no body and no content length.
        let length = match status {
            204 => String::new(),
            _ => format!("content-length: {}\r\n", body.len() + missing),
        };
        let head = format!("HTTP/1.1 {status} Whatever\r\n{headers}{length}\r\n");
        [head.as_bytes(), body].concat()
    }

    /// Closes the connection after the response without announcing it.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.then = AfterRequest::Closing;
        self
    }

    /// Announces more bytes than it sends, and waits.
    #[must_use]
    pub fn hang_after(mut self) -> Self {
        self.then = AfterRequest::HangAfter;
        self
    }
}

/// A request that the server received.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET /path?query HTTP/1.1`.
    pub line: String,
    /// The headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Request {
    /// Returns the value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the number in a header. The header must exist.
    pub fn number(&self, header: &str) -> u64 {
        self.header(header).unwrap().parse().unwrap()
    }

    fn content_length(&self) -> usize {
        self.header("content-length").map_or(0, |length| length.parse().unwrap())
    }
}

/// The server. It stops with the tokio runtime of its test.
#[derive(Debug)]
pub struct Server {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The responses to send. The last response repeats.
    responses: VecDeque<ScriptedResponse>,
    connections: usize,
    /// The requests that were read and not taken yet. Their bodies are complete, except for
    /// [`AfterRequest::ResetWithinBody`].
    requests: Vec<Request>,
}

impl Server {
    /// Starts a server that sends the same response to every request.
    pub async fn start(response: ScriptedResponse) -> Self {
        Self::scripted([response]).await
    }

    /// Starts a server with one response for each request. The last response repeats.
    pub async fn scripted(responses: impl IntoIterator<Item = ScriptedResponse>) -> Self {
        let state = State { responses: responses.into_iter().collect(), ..State::default() };
        assert!(!state.responses.is_empty(), "a server needs a response");
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&served)));
            }
        });
        Self { port, state }
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Replaces the responses that are still to be sent with one response, which repeats.
    pub fn respond_with(&self, response: ScriptedResponse) {
        self.state.lock().unwrap().responses = [response].into();
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.state.lock().unwrap().connections
    }

    /// Returns the requests that were not taken yet.
    pub fn requests(&self) -> Vec<Request> {
        self.state.lock().unwrap().requests.clone()
    }

    /// Returns the requests that were not taken yet, and takes them.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.state.lock().unwrap().requests)
    }

    /// Returns the only request that was not taken yet, and takes it. Panics if there is not
    /// exactly one.
    pub fn take_request(&self) -> Request {
        let [request] =
            self.take_requests().try_into().unwrap_or_else(|all| panic!("expected one request, found {all:?}"));
        request
    }

    /// Returns the only request that was not taken yet. Panics if there is not exactly one.
    pub fn only_request(&self) -> Request {
        let [request] = self.requests().try_into().unwrap();
        request
    }

    /// Waits until there are this many requests that were not taken yet.
    pub async fn arrived(&self, count: usize) {
        while self.requests().len() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl State {
    /// Returns the response to the next request, and removes it unless it is the last.
    fn next(&mut self) -> ScriptedResponse {
        if self.responses.len() > 1 { self.responses.pop_front().unwrap() } else { self.responses[0].clone() }
    }
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    let resets_at_once = {
        let mut state = state.lock().unwrap();
        state.connections += 1;
        state.responses[0].then == AfterRequest::ResetAtOnce && state.next().then == AfterRequest::ResetAtOnce
    };
    if resets_at_once {
        stream.set_zero_linger().unwrap();
        return;
    }
    while let Some((head, mut bytes)) = read_head(&mut stream).await {
        let response = state.lock().unwrap().next();
        let whole = if response.then == AfterRequest::ResetWithinBody { 0 } else { head.content_length() };
        while bytes.len() < whole {
            if !matches!(stream.read_buf(&mut bytes).await, Ok(1..)) {
                return;
            }
        }
        let body = String::from_utf8_lossy(&bytes).into_owned();
        state.lock().unwrap().requests.push(Request { body, bytes, ..head });
        match response.then {
            AfterRequest::Hang => std::future::pending::<()>().await,
            AfterRequest::Close => return,
            AfterRequest::ResetAtOnce | AfterRequest::ResetWithinBody | AfterRequest::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            AfterRequest::Finish | AfterRequest::Closing | AfterRequest::Cut | AfterRequest::HangAfter => {}
        }
        let more = if matches!(response.then, AfterRequest::Cut | AfterRequest::HangAfter) { 10 } else { 0 };
        if stream.write_all(&response.bytes(more)).await.is_err()
            || matches!(response.then, AfterRequest::Cut | AfterRequest::Closing)
        {
            return;
        }
        if response.then == AfterRequest::HangAfter {
            std::future::pending::<()>().await;
        }
    }
}

/// Reads the head of a request, and the part of its body that arrived with it. Returns `None` if
/// the connection ends first.
async fn read_head(stream: &mut TcpStream) -> Option<(Request, Vec<u8>)> {
    let mut received = Vec::new();
    let end = loop {
        if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    };
    let body = received.split_off(end + 4);
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers = lines.map(|line| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap()).collect();
    Some((Request { line, headers, body: String::new(), bytes: Vec::new() }, body))
}

/// Returns a reqwest builder that does not read the machine's certificates, because that is slow.
pub fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([])
}
