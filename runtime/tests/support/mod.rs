//! A server that answers every request alike and keeps what it received.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What the server does with a request.
#[derive(Clone)]
pub(crate) struct Answer {
    status: u16,
    headers: String,
    body: String,
    then: Then,
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    Finish,
    Cut,
    HangAfter,
    Hang,
    Close,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self {
            status,
            headers: "content-type: application/json\r\n".to_owned(),
            body: body.to_owned(),
            then: Then::Finish,
        }
    }

    /// No answer at all.
    pub(crate) fn hang() -> Self {
        Self { then: Then::Hang, ..Self::json(200, "") }
    }

    /// Closes the connection instead of answering.
    pub(crate) fn close() -> Self {
        Self { then: Then::Close, ..Self::json(200, "") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Announces more than it sends, and closes.
    pub(crate) fn cut(mut self) -> Self {
        self.then = Then::Cut;
        self
    }

    /// Announces more than it sends, and waits.
    pub(crate) fn hang_after(mut self) -> Self {
        self.then = Then::HangAfter;
        self
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

pub(crate) struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), Arc::clone(&log)));
            }
        });
        Self { port, requests, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn only_request(&self) -> Request {
        let [request] = self.requests().try_into().unwrap();
        request
    }

    /// Stops listening; the port that is free now.
    pub(crate) fn stop(self) -> u16 {
        self.task.abort();
        self.port
    }
}

async fn serve(mut stream: TcpStream, answer: Answer, log: Arc<Mutex<Vec<Request>>>) {
    while let Some(request) = read(&mut stream).await {
        log.lock().unwrap().push(request);
        if answer.then == Then::Hang {
            std::future::pending::<()>().await;
        }
        if answer.then == Then::Close {
            return;
        }
        let more = if answer.then == Then::Finish { 0 } else { 10 };
        let Answer { status, headers, body, .. } = &answer;
        let length = body.len() + more;
        let text = format!("HTTP/1.1 {status} Whatever\r\n{headers}content-length: {length}\r\n\r\n{body}");
        if stream.write_all(text.as_bytes()).await.is_err() || answer.then == Then::Cut {
            return;
        }
        if answer.then == Then::HangAfter {
            std::future::pending::<()>().await;
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
    let mut lines = head.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> =
        lines.map(|line| line.split_once(": ").map(|(n, v)| (n.to_owned(), v.to_owned())).unwrap()).collect();
    let length = headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    while received.len() < head_end + 4 + length {
        if stream.read_buf(&mut received).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(received[head_end + 4..][..length].to_vec()).unwrap();
    Some(Request { line, headers, body })
}
