//! The parts of HTTP/1.1 that a mock venue needs: requests of limited size, keep-alive, and bodies
//! with a length or in chunks.
//!
//! This server does not use `hyper`, because faults need the connection itself. A fault can reset
//! the connection before the request is read, send a body that is shorter than its length, or send
//! a response byte by byte. `httparse` reads the head of a request.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const MAX_HEAD: usize = 64 * 1024;
const MAX_BODY: usize = 1024 * 1024;
const MAX_HEADERS: usize = 128;
/// The maximum time to wait for the head of a request, and again for its body.
const PATIENCE: Duration = Duration::from_secs(60);

/// The head of a request.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) peer: IpAddr,
    pub(crate) method: String,
    /// The path as sent, percent-encoded.
    pub(crate) path: String,
    /// The query as sent, without the question mark.
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, String)>,
    keeps_alive: bool,
}

impl Head {
    #[cfg(test)]
    pub(crate) fn new(peer: IpAddr, method: &str, path: &str, query: &str) -> Self {
        Self {
            peer,
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
            keeps_alive: true,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn keeps_alive(&self) -> bool {
        self.keeps_alive
    }
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) head: Head,
    pub(crate) body: Vec<u8>,
}

/// A response. [`Response::head`] adds the header `Content-Length`.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let typed = !body.is_empty();
        let headers = if typed { vec![("Content-Type".to_owned(), content_type.to_owned())] } else { Vec::new() };
        Self { status, headers, body }
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
    }

    /// Returns the bytes of the head, for a body of this length.
    pub(crate) fn head(&self, length: usize) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            // A line break in the value would begin a second header.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// The reason why a request could not be read.
#[derive(Debug)]
pub(crate) enum ReadError {
    /// The connection is closed, or the request did not arrive in time.
    Closed,
    /// The request is malformed or too large. Holds the status of the response and the reason.
    Refused(u16, &'static str),
}

impl From<io::Error> for ReadError {
    fn from(_: io::Error) -> Self {
        Self::Closed
    }
}

/// A connection, and the bytes that were read ahead.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    peer: IpAddr,
    ahead: Vec<u8>,
}

/// The length of a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Length {
    Known(usize),
    Chunked,
}

impl Connection {
    pub(crate) fn new(stream: TcpStream, peer: IpAddr) -> Self {
        Self { stream, peer, ahead: Vec::new() }
    }

    /// Returns the stream, and the bytes that were read ahead.
    pub(crate) fn into_parts(self) -> (TcpStream, Vec<u8>) {
        (self.stream, self.ahead)
    }

    /// Reads the head of the next request.
    pub(crate) async fn head(&mut self) -> Result<(Head, Length), ReadError> {
        match timeout(PATIENCE, self.read_head()).await {
            Ok(head) => head,
            Err(_) => Err(ReadError::Closed),
        }
    }

    async fn read_head(&mut self) -> Result<(Head, Length), ReadError> {
        loop {
            if let Some((head, length, size)) = self.parse_head()? {
                self.ahead.drain(..size);
                return Ok((head, length));
            }
            if self.ahead.len() >= MAX_HEAD {
                return Err(ReadError::Refused(431, "the head of the request is too large"));
            }
            self.more().await?;
        }
    }

    fn parse_head(&self) -> Result<Option<(Head, Length, usize)>, ReadError> {
        // A head is parsed only when its end may have arrived. To parse a slow head again after
        // every byte would take long.
        if !self.ahead.windows(2).any(|two| two == b"\n\n" || two == b"\n\r") && self.ahead.len() < MAX_HEAD {
            let starts_well =
                self.ahead.iter().take(16).all(|byte| byte.is_ascii() && (*byte >= b' ' || b"\r\n".contains(byte)));
            return if starts_well { Ok(None) } else { Err(ReadError::Refused(400, "this is not an HTTP request")) };
        }
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let size = match request.parse(&self.ahead) {
            Ok(httparse::Status::Complete(size)) => size,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(httparse::Error::TooManyHeaders) => return Err(ReadError::Refused(431, "there are too many headers")),
            Err(_) => return Err(ReadError::Refused(400, "this is not an HTTP request")),
        };
        let target = request.path.unwrap_or("/");
        // A client that takes the mock for a proxy sends the whole URL.
        let target = match target.split_once("://") {
            Some((scheme, rest)) if !scheme.contains(['/', '?']) => {
                rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
            }
            _ => target,
        };
        let target = target.split('#').next().unwrap_or(target);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut head = Head {
            peer: self.peer,
            method: request.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: request
                .headers
                .iter()
                .map(|header| (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned()))
                .collect(),
            keeps_alive: false,
        };
        let connection = head.header("connection").unwrap_or_default().to_ascii_lowercase();
        head.keeps_alive = match request.version {
            Some(1) => !connection.contains("close"),
            _ => connection.contains("keep-alive"),
        };
        let length = length(&head)?;
        Ok(Some((head, length, size)))
    }

    /// Reads the body of the request whose head was read last.
    pub(crate) async fn body(&mut self, head: &Head, length: Length) -> Result<Vec<u8>, ReadError> {
        if let Length::Known(length) = length
            && length > MAX_BODY
        {
            return Err(ReadError::Refused(413, "the body is too large"));
        }
        if head.header("expect").is_some_and(|expect| expect.eq_ignore_ascii_case("100-continue")) {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let read = async {
            match length {
                Length::Known(length) => self.take(length).await,
                Length::Chunked => self.chunks().await,
            }
        };
        timeout(PATIENCE, read).await.unwrap_or(Err(ReadError::Closed))
    }

    async fn take(&mut self, length: usize) -> Result<Vec<u8>, ReadError> {
        while self.ahead.len() < length {
            self.more().await?;
        }
        Ok(self.ahead.drain(..length).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>, ReadError> {
        const BAD: ReadError = ReadError::Refused(400, "the chunks of the body are broken");
        let mut body = Vec::new();
        loop {
            let (start, size) = loop {
                match httparse::parse_chunk_size(&self.ahead) {
                    Ok(httparse::Status::Complete(found)) => break found,
                    Ok(httparse::Status::Partial) if self.ahead.len() < 1024 => self.more().await?,
                    _ => return Err(BAD),
                }
            };
            let size = usize::try_from(size).ok().filter(|size| *size <= MAX_BODY - body.len());
            let Some(size) = size else { return Err(ReadError::Refused(413, "the body is too large")) };
            self.take(start).await?;
            if size == 0 {
                break;
            }
            body.extend(self.take(size).await?);
            if self.take(2).await? != b"\r\n" {
                return Err(BAD);
            }
        }
        // Trailers follow, up to the empty line.
        let mut trailers = 0;
        loop {
            let Some(end) = self.ahead.windows(2).position(|two| two == b"\r\n") else {
                if self.ahead.len() > MAX_HEAD {
                    return Err(BAD);
                }
                self.more().await?;
                continue;
            };
            self.take(end + 2).await?;
            trailers += end + 2;
            if end == 0 {
                return Ok(body);
            }
            if trailers > MAX_HEAD {
                return Err(BAD);
            }
        }
    }

    async fn more(&mut self) -> Result<(), ReadError> {
        match self.stream.read_buf(&mut self.ahead).await? {
            0 => Err(ReadError::Closed),
            _ => Ok(()),
        }
    }

    /// Waits until the other side closes the connection.
    pub(crate) async fn closed(&mut self) {
        let mut discarded = [0; 1024];
        while self.stream.read(&mut discarded).await.is_ok_and(|read| read > 0) {}
    }

    /// Resets the connection instead of closing it.
    pub(crate) fn reset(self) {
        // If this fails, the connection closes in the usual way.
        let _ = self.stream.set_zero_linger();
    }
}

fn length(head: &Head) -> Result<Length, ReadError> {
    const AMBIGUOUS: ReadError = ReadError::Refused(400, "the length of the body is ambiguous");
    let all = |name: &'static str| head.headers.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name));
    if let Some((_, coding)) = all("transfer-encoding").next() {
        let plain = coding.trim().eq_ignore_ascii_case("chunked") && all("transfer-encoding").count() == 1;
        return if plain && all("content-length").next().is_none() { Ok(Length::Chunked) } else { Err(AMBIGUOUS) };
    }
    let Some((_, first)) = all("content-length").next() else { return Ok(Length::Known(0)) };
    let digits = first.bytes().all(|byte| byte.is_ascii_digit());
    match first.parse() {
        Ok(length) if digits && all("content-length").all(|(_, other)| other == first) => Ok(Length::Known(length)),
        _ => Err(AMBIGUOUS),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        307 => "Temporary Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}
