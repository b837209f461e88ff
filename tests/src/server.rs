//! A server on a real socket: it keeps what it receives and answers every request alike.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: String,
    body: Vec<u8>,
    then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Finish,
    Cut,
    Hang,
    HangBefore,
    CloseBefore,
}

impl Answer {
    /// A whole answer.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: String::new(), body: body.into(), then: Then::Finish }
    }

    /// With a header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Announces more than it sends, and closes.
    #[must_use]
    pub fn cut(self) -> Self {
        Self { then: Then::Cut, ..self }
    }

    /// Announces more than it sends, and waits.
    #[must_use]
    pub fn hanging(self) -> Self {
        Self { then: Then::Hang, ..self }
    }

    /// Never comes.
    pub fn never() -> Self {
        Self { then: Then::HangBefore, ..Self::new(200, "") }
    }

    /// The connection closes in its place.
    pub fn closed() -> Self {
        Self { then: Then::CloseBefore, ..Self::new(200, "") }
    }

    fn bytes(&self) -> Vec<u8> {
        let missing = if self.then == Then::Finish { 0 } else { 100 };
        // A 204 has no body, and says nothing of its length.
        let length = if self.status == 204 {
            String::new()
        } else {
            format!("content-length: {}\r\n", self.body.len() + missing)
        };
        let mut bytes = format!("HTTP/1.1 {} Whatever\r\n{}{length}\r\n", self.status, self.headers).into_bytes();
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// `GET /path?query HTTP/1.1`.
    pub line: String,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// The server; it is gone with the runtime of its test.
#[derive(Debug)]
pub struct Server {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    answer: Mutex<Answer>,
    requests: Mutex<Vec<Request>>,
}

impl Server {
    /// Listens, on a port of its own.
    pub async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { answer: Mutex::new(answer), requests: Mutex::default() });
        let served = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&served)));
            }
        });
        Self { port, shared }
    }

    /// `http://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Answers differently from now on.
    pub fn answer(&self, answer: Answer) {
        *self.shared.answer.lock().unwrap() = answer;
    }

    /// What came since the last time of asking.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut self.shared.requests.lock().unwrap())
    }

    /// The one request that came since the last time of asking.
    pub fn take_request(&self) -> Request {
        let requests = self.take_requests();
        let [request] = requests.try_into().unwrap_or_else(|all| panic!("not one request: {all:?}"));
        request
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    while let Some(request) = read(&mut stream).await {
        shared.requests.lock().unwrap().push(request);
        let answer = shared.answer.lock().unwrap().clone();
        match answer.then {
            Then::CloseBefore => return,
            Then::HangBefore => std::future::pending().await,
            Then::Finish | Then::Cut | Then::Hang => {}
        }
        // A client that has read enough closes: no fault of the test.
        if stream.write_all(&answer.bytes()).await.is_err() || answer.then == Then::Cut {
            return;
        }
        if answer.then == Then::Hang {
            std::future::pending().await
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut received = Vec::new();
    let head_end = loop {
        if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(received[..head_end].to_vec()).unwrap();
    let (line, headers) = head.split_once("\r\n").unwrap();
    let header = |line: &str| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    let mut request =
        Request { line: line.to_owned(), headers: headers.split("\r\n").map(header).collect(), body: String::new() };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while received.len() < head_end + 4 + length {
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(received[head_end + 4..][..length].to_vec()).unwrap();
    Some(request)
}
