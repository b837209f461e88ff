//! A server on a socket that answers as it is told and keeps what it received.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
    Closing,
    Cut,
    HangAfter,
    Hang,
    Close,
    ResetAtOnce,
    ResetWithinBody,
    Reset,
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

    /// Resets the connection as soon as there is one.
    pub(crate) fn reset_at_once() -> Self {
        Self { then: Then::ResetAtOnce, ..Self::json(200, "") }
    }

    /// Resets the connection when the head of the request is there, and not all of its body.
    pub(crate) fn reset_within_body() -> Self {
        Self { then: Then::ResetWithinBody, ..Self::json(200, "") }
    }

    /// Resets the connection instead of answering.
    pub(crate) fn reset() -> Self {
        Self { then: Then::Reset, ..Self::json(200, "") }
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

    /// Closes the connection after the answer, without having said so.
    pub(crate) fn closing(mut self) -> Self {
        self.then = Then::Closing;
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

    pub(crate) fn number(&self, header: &str) -> u64 {
        self.header(header).unwrap().parse().unwrap()
    }

    fn content_length(&self) -> usize {
        self.header("content-length").map_or(0, |length| length.parse().unwrap())
    }
}

pub(crate) struct Server {
    port: u16,
    received: Arc<Mutex<Received>>,
}

#[derive(Default)]
struct Received {
    connections: usize,
    /// Whatever had a head that was read to its end.
    requests: Vec<Request>,
    /// How many answers were given out.
    answers: usize,
}

impl Server {
    /// Answers every request alike.
    pub(crate) async fn start(answer: Answer) -> Self {
        Self::scripted([answer]).await
    }

    /// One answer after the other; the last one again and again.
    pub(crate) async fn scripted(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Arc<[Answer]> = answers.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::default();
        let log = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&log)));
            }
        });
        Self { port, received }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn connections(&self) -> usize {
        self.received.lock().unwrap().connections
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.received.lock().unwrap().requests.clone()
    }

    pub(crate) fn only_request(&self) -> Request {
        let [request] = self.requests().try_into().unwrap();
        request
    }

    /// Waits until so many requests have arrived.
    pub(crate) async fn arrived(&self, count: usize) {
        while self.requests().len() < count {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<[Answer]>, received: Arc<Mutex<Received>>) {
    received.lock().unwrap().connections += 1;
    let next = |is_taken: bool| {
        let mut received = received.lock().unwrap();
        let answer = answers[received.answers.min(answers.len() - 1)].clone();
        received.answers += usize::from(is_taken);
        answer
    };
    if next(false).then == Then::ResetAtOnce {
        next(true);
        stream.set_zero_linger().unwrap();
        return;
    }
    while let Some((head, mut bytes)) = read_head(&mut stream).await {
        let answer = next(true);
        let whole = if answer.then == Then::ResetWithinBody { 0 } else { head.content_length() };
        while bytes.len() < whole {
            if !matches!(stream.read_buf(&mut bytes).await, Ok(1..)) {
                return;
            }
        }
        let body = String::from_utf8_lossy(&bytes).into_owned();
        received.lock().unwrap().requests.push(Request { body, ..head });
        match answer.then {
            Then::Hang => std::future::pending::<()>().await,
            Then::Close => return,
            Then::ResetAtOnce | Then::ResetWithinBody | Then::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Then::Finish | Then::Closing | Then::Cut | Then::HangAfter => {}
        }
        let more = if matches!(answer.then, Then::Cut | Then::HangAfter) { 10 } else { 0 };
        let Answer { status, headers, body, .. } = &answer;
        let length = body.len() + more;
        let text = format!("HTTP/1.1 {status} Whatever\r\n{headers}content-length: {length}\r\n\r\n{body}");
        if stream.write_all(text.as_bytes()).await.is_err() || matches!(answer.then, Then::Cut | Then::Closing) {
            return;
        }
        if answer.then == Then::HangAfter {
            std::future::pending::<()>().await;
        }
    }
}

/// The head of a request, and what came of its body together with it.
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
    Some((Request { line, headers, body: String::new() }, body))
}

/// A reqwest builder that does not read the machine's certificates, which takes long.
pub(crate) fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([])
}
