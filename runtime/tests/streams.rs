//! Responses that are read piece by piece, and bodies that are sent from a stream.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use support::{LONG, RefusingPort, Script, ScriptedResponse, Server, TestClock, TestSigner, respond};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use venuekit::codegen::RequestBuilder;
#[cfg(feature = "meta")]
use venuekit::meta::Arguments;
use venuekit::operation::{
    BodyContent, Condition, FormStyle, Idempotent, Method, Operation, Parameter, ParameterIn, ResponseContent,
    Security, Venue,
};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxError, BoxFuture, ByteStream, Client, ClientBuilder, ErrorKind, File, Outcome, Retry, Upload};

static VENUE: Venue =
    Venue::new("test-venue", "venuekit-test-venue", "0.1.0").with_errors_at(&["/code"], &["/message"]);

static EVENTS: Operation =
    Operation::http("events", Method::Get, "/events").with_response(ResponseContent::Bytes, "text/event-stream");
static DOWNLOAD: Operation = Operation::http("download", Method::Get, "/trades.csv.gz")
    .with_response(ResponseContent::Bytes, "application/octet-stream")
    .with_failed_when(&[Condition::present("/code")]);
static UPLOAD: Operation = Operation::http("upload", Method::Put, "/archive")
    .with_body(false)
    .with_content(BodyContent::Bytes("application/octet-stream"))
    .with_idempotent(Idempotent::Always);
static SIGNED_UPLOAD: Operation = Operation::http("signedUpload", Method::Put, "/archive")
    .with_body(false)
    .with_content(BodyContent::Bytes("application/octet-stream"))
    .with_security(Security::Signed);
static KEYED_UPLOAD: Operation = Operation::http("keyedUpload", Method::Put, "/archive")
    .with_body(false)
    .with_content(BodyContent::Bytes("application/octet-stream"))
    .with_security(Security::Key);
static PARTS: Operation = Operation::http("parts", Method::Post, "/parts")
    .with_parameters(&[
        Parameter::optional("about", ParameterIn::Form).with_form_style(FormStyle::Plain),
        Parameter::optional("file", ParameterIn::Form).with_form_style(FormStyle::File("text/csv")),
        Parameter::optional("files", ParameterIn::Form).with_form_style(FormStyle::File("application/octet-stream")),
    ])
    .with_content(BodyContent::Multipart);

fn builder() -> ClientBuilder {
    ClientBuilder::for_venue(&VENUE).http(support::http()).clock(TestClock::right()).signer(TestSigner::new())
}

fn client(url: impl Into<String>) -> Client {
    builder().base_url(url).timeout(LONG).retry(Retry::never()).build().unwrap()
}

fn get(client: &Client, operation: &'static Operation) -> venuekit::Call<Bytes> {
    RequestBuilder::new(client, operation).send_bytes()
}

/// A stream of the items that a test sends.
struct Channel<E>(mpsc::UnboundedReceiver<Result<Bytes, E>>);

impl<E> Stream for Channel<E> {
    type Item = Result<Bytes, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}

fn channel<E>() -> (mpsc::UnboundedSender<Result<Bytes, E>>, Channel<E>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (sender, Channel(receiver))
}

/// Returns a stream of these pieces.
fn pieces(all: &[&'static str]) -> Channel<std::io::Error> {
    let (sender, stream) = channel();
    all.iter().for_each(|piece| sender.send(Ok(Bytes::from_static(piece.as_bytes()))).unwrap());
    stream
}

/// Reads a stream to its end: the bytes, and the error at the end.
async fn read(mut stream: ByteStream) -> (Vec<u8>, Option<venuekit::Error>) {
    let mut bytes = Vec::new();
    loop {
        match stream.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return (bytes, None),
            Err(error) => {
                assert!(stream.chunk().await.unwrap().is_none(), "it has ended");
                return (bytes, Some(error));
            }
        }
    }
}

/// A request on a socket, whose response the test writes.
struct Exchange {
    socket: TcpStream,
    head: String,
    body: Vec<u8>,
    /// False if the connection ended within the body.
    is_complete: bool,
}

impl Exchange {
    /// Reads a request, with a length or in chunks.
    async fn accept(listener: &TcpListener) -> Self {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut received = Vec::new();
        let end = loop {
            if let Some(at) = received.windows(4).position(|window| window == b"\r\n\r\n") {
                break at;
            }
            if !matches!(socket.read_buf(&mut received).await, Ok(1..)) {
                return Self { socket, head: String::new(), body: received, is_complete: false };
            }
        };
        let mut body = received.split_off(end + 4);
        let head = String::from_utf8(received).unwrap().to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).map(|rest| rest.split("\r\n").next().unwrap());
        let length: Option<usize> = length.map(|length| length.parse().unwrap());
        let is_chunked = head.contains("transfer-encoding: chunked");
        let is_whole = |body: &[u8]| match length {
            Some(length) => body.len() >= length,
            None => !is_chunked || body.ends_with(b"0\r\n\r\n"),
        };
        let mut is_complete = true;
        while is_complete && !is_whole(&body) {
            is_complete = matches!(socket.read_buf(&mut body).await, Ok(1..));
        }
        let body = if is_chunked { chunks(&body) } else { body };
        Self { socket, head, body, is_complete }
    }

    async fn write(&mut self, text: &str) {
        self.socket.write_all(text.as_bytes()).await.unwrap();
    }
}

/// Joins the chunks of a body, as far as they are whole.
fn chunks(mut body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    while let Some(at) = body.windows(2).position(|window| window == b"\r\n") {
        let (length, rest) = body.split_at(at);
        let length = usize::from_str_radix(std::str::from_utf8(length).unwrap(), 16).unwrap();
        let Some(chunk) = rest.get(2..2 + length) else { break };
        joined.extend_from_slice(chunk);
        body = rest.get(4 + length..).unwrap_or_default();
    }
    joined
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn each_piece_comes_as_it_arrives() {
    let (listener, url) = listen().await;
    let client = client(url);
    let call = get(&client, &EVENTS).stream();
    let (stream, mut exchange) = tokio::join!(call, async {
        let mut exchange = Exchange::accept(&listener).await;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        exchange.write(head).await;
        exchange
    });
    let mut stream = stream.unwrap();
    assert!(exchange.head.contains("accept: text/event-stream\r\n"), "{}", exchange.head);
    assert_eq!(stream.status().as_u16(), 200);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    for event in ["data: 1\n\n", "data: 2\n\n"] {
        exchange.write(&format!("{:x}\r\n{event}\r\n", event.len())).await;
        assert_eq!(stream.chunk().await.unwrap().unwrap(), event, "the next one is not sent yet");
    }
    exchange.write("0\r\n\r\n").await;
    // The same as a `Stream`.
    assert!(poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await.is_none());
    assert_eq!(stream.bytes_read(), 18);
}

#[tokio::test]
async fn a_stream_has_no_limit_of_length_and_a_whole_body_has_one() {
    let body = vec![7_u8; 3 << 20];
    let server = Server::start(ScriptedResponse::new(200, body.clone())).await;
    let builder = builder().base_url(server.url()).timeout(LONG).retry(Retry::never());
    let client = builder.max_response_bytes(1_000).build().unwrap();
    let (bytes, error) = read(get(&client, &EVENTS).stream().await.unwrap()).await;
    assert!(error.is_none() && bytes == body);
    assert_eq!(get(&client, &EVENTS).await.unwrap_err().kind(), ErrorKind::TooLarge);
    let stream = || async { get(&client, &EVENTS).stream().await.unwrap() };
    assert_eq!(stream().await.into_bytes(3 << 20).await.unwrap(), body);
    let error = stream().await.into_bytes(1_000).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome(), error.status().unwrap().as_u16()),
        (ErrorKind::TooLarge, Outcome::Unknown, 200)
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error_with_its_place_and_not_an_end() {
    let (listener, url) = listen().await;
    for head in ["content-length: 9", "transfer-encoding: chunked"] {
        let client = client(&url);
        let (stream, ()) = tokio::join!(get(&client, &EVENTS).stream(), async {
            let mut exchange = Exchange::accept(&listener).await;
            let piece = if head.starts_with("content") { "01234" } else { "5\r\n01234\r\n" };
            exchange.write(&format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{piece}")).await;
        });
        let (bytes, error) = read(stream.unwrap()).await;
        let error = error.unwrap();
        assert_eq!(bytes, b"01234");
        assert_eq!((error.kind(), error.outcome(), error.is_truncated()), (ErrorKind::Cut, Outcome::Unknown, true));
        let text = error.to_string();
        assert!(text.contains("the body broke off after 5 bytes: ") && text.contains("events"), "{text}");
    }
}

/// A transport whose responses are the streams of a channel.
#[derive(Clone, Debug)]
struct Streaming(Arc<Mutex<Option<Channel<BoxError>>>>, u16);

impl std::fmt::Debug for Channel<BoxError> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Channel")
    }
}

impl Transport for Streaming {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        assert_eq!(request.timeout, Duration::from_secs(10));
        let body = self.0.lock().unwrap().take().unwrap();
        let response = TransportResponse::streamed(self.1.try_into().unwrap(), http::HeaderMap::new(), body);
        Box::pin(async { Ok(response) })
    }
}

fn streaming(status: u16) -> (Client, mpsc::UnboundedSender<Result<Bytes, BoxError>>) {
    let (sender, body) = channel();
    let transport = Streaming(Arc::new(Mutex::new(Some(body))), status);
    let builder = ClientBuilder::for_venue(&VENUE).base_url("https://api.acme.example").transport(transport);
    (builder.retry(Retry::never()).build().unwrap(), sender)
}

#[tokio::test(start_paused = true)]
async fn a_stream_fails_after_a_silence_and_not_after_the_timeout_of_the_call() {
    let second = Duration::from_secs(1);
    for (idle, message) in
        [(None, "no data came for 60s, after 4 bytes of the body"), (Some(55), "no data came for 55s, after 4 bytes")]
    {
        let (client, sender) = streaming(200);
        let mut stream = get(&client, &EVENTS).stream().await.unwrap();
        if let Some(idle) = idle {
            stream = stream.with_idle_timeout(idle * second);
        }
        let started = Instant::now();
        let _writer = tokio::spawn(async move {
            for _ in 0..4 {
                tokio::time::sleep(50 * second).await;
                sender.send(Ok(Bytes::from_static(b"x"))).unwrap();
            }
            std::future::pending::<()>().await;
        });
        let (bytes, error) = read(stream).await;
        let error = error.unwrap();
        assert_eq!(bytes, b"xxxx");
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::Unknown));
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(started.elapsed(), 200 * second + idle.unwrap_or(60) * second);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_slow_or_cancelled_loses_no_bytes_and_no_time() {
    let (client, sender) = streaming(200);
    let mut stream = get(&client, &EVENTS).stream().await.unwrap();
    assert!(timeout(Duration::from_secs(1), stream.chunk()).await.is_err());
    sender.send(Ok(Bytes::from_static(b"a"))).unwrap();
    tokio::time::sleep(Duration::from_secs(600)).await;
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "a");
    drop(sender);
    assert!(stream.chunk().await.unwrap().is_none());
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_streams_and_the_end_of_the_client_does_not() {
    let (client, sender) = streaming(200);
    let mut stream = get(&client, &EVENTS).stream().await.unwrap();
    sender.send(Ok(Bytes::from_static(b"a"))).unwrap();
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "a");
    client.abort_calls();
    let error = stream.chunk().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Aborted, Outcome::Unknown));
    assert!(sender.is_closed(), "the connection is closed with the error");

    let (client, sender) = streaming(200);
    let mut stream = get(&client, &EVENTS).stream().await.unwrap();
    drop(client);
    sender.send(Ok(Bytes::from_static(b"a"))).unwrap();
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "a");
}

#[tokio::test]
async fn an_error_is_read_whole_and_has_its_code() {
    let server = Server::start(ScriptedResponse::json(400, r#"{"code":-7,"message":"no such day"}"#)).await;
    let error = get(&client(server.url()), &EVENTS).stream().await.unwrap_err();
    assert_eq!((error.outcome(), error.api_error().unwrap().code()), (Outcome::Refused, Some("-7")));
}

#[tokio::test(start_paused = true)]
async fn an_error_in_pieces_is_read_whole_and_has_its_code() {
    let (client, sender) = streaming(400);
    sender.send(Ok(Bytes::from_static(br#"{"code":"#))).unwrap();
    sender.send(Ok(Bytes::from_static(b"-7}"))).unwrap();
    drop(sender);
    let error = get(&client, &EVENTS).stream().await.unwrap_err();
    assert_eq!((error.outcome(), error.api_error().unwrap().code()), (Outcome::Refused, Some("-7")));
    assert_eq!(error.body().unwrap(), r#"{"code":-7}"#);
}

#[tokio::test(start_paused = true)]
async fn an_error_whose_body_does_not_end_is_read_until_the_timeout() {
    let (client, sender) = streaming(400);
    sender.send(Ok(Bytes::from_static(br#"{"code":"#))).unwrap();
    let error = get(&client, &EVENTS).stream().await.unwrap_err();
    assert_eq!((error.outcome(), error.is_truncated()), (Outcome::Unknown, true));
    assert_eq!(error.body().unwrap(), r#"{"code":"#);
}

#[tokio::test]
async fn a_failure_that_json_states_is_found_before_the_stream_begins() {
    let server = Server::start(ScriptedResponse::json(200, r#"{"code":-7}"#)).await;
    let client = client(server.url());
    let error = get(&client, &DOWNLOAD).stream().await.unwrap_err();
    assert_eq!((error.outcome(), error.api_error().unwrap().code()), (Outcome::Refused, Some("-7")));
    server.respond_with(ScriptedResponse::json(200, "{}"));
    assert_eq!(read(get(&client, &DOWNLOAD).stream().await.unwrap()).await.0, b"{}");
    // Other content has no places of codes.
    server.respond_with(ScriptedResponse::new(200, r#"{"code":-7}"#).header("content-type", "text/csv"));
    assert_eq!(read(get(&client, &DOWNLOAD).stream().await.unwrap()).await.0, br#"{"code":-7}"#);
}

#[tokio::test]
async fn a_coding_that_was_not_requested_is_an_error_of_a_stream_too() {
    let server = Server::start(ScriptedResponse::new(200, "x").header("content-encoding", "br")).await;
    let error = get(&client(server.url()), &EVENTS).stream().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_transport_that_returns_whole_bodies_serves_streams_as_well() {
    let script = Script::new([respond(200, "abc"), respond(200, "")]);
    let builder = ClientBuilder::for_venue(&VENUE).base_url("https://api.acme.example").transport(script);
    let client = builder.retry(Retry::never()).build().unwrap();
    let response = get(&client, &EVENTS).stream().with_response().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(read(response.into_value()).await.0, b"abc");
    assert!(read(get(&client, &EVENTS).stream().await.unwrap()).await.1.is_none());
}

fn put(client: &Client, operation: &'static Operation, body: impl Into<Upload>) -> venuekit::Call<()> {
    RequestBuilder::new(client, operation).set_bytes_body(body).send_unit()
}

#[tokio::test]
async fn a_stream_is_sent_piece_by_piece_with_its_length_or_in_chunks() {
    let (listener, url) = listen().await;
    let client = client(url);
    for length in [None, Some(6)] {
        let (sender, stream) = channel::<std::io::Error>();
        let upload = Upload::from_stream(stream);
        let upload = match length {
            Some(length) => upload.with_length(length),
            None => upload,
        };
        let (result, exchange) = tokio::join!(put(&client, &UPLOAD, upload), async {
            for piece in ["ab", "", "cdef"] {
                sender.send(Ok(Bytes::from_static(piece.as_bytes()))).unwrap();
                tokio::task::yield_now().await;
            }
            drop(sender);
            let mut exchange = Exchange::accept(&listener).await;
            exchange.write("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            exchange
        });
        result.unwrap();
        assert_eq!((&exchange.body[..], exchange.is_complete), (&b"abcdef"[..], true));
        assert!(exchange.head.contains("content-type: application/octet-stream\r\n"), "{}", exchange.head);
        let expected = if length.is_some() { "content-length: 6\r\n" } else { "transfer-encoding: chunked\r\n" };
        assert!(exchange.head.contains(expected), "{}", exchange.head);
    }
}

#[tokio::test]
async fn files_of_streams_are_parts_beside_files_of_bytes() {
    let (listener, url) = listen().await;
    let client = client(url);
    for length in [None, Some(4)] {
        let stream = Upload::from_stream(pieces(&["a,", "b\n"]));
        let stream = match length {
            Some(length) => stream.with_length(length),
            None => stream,
        };
        let file = File::new(stream).with_name("trades.csv");
        let call = RequestBuilder::new(&client, &PARTS)
            .set(0, "1.50")
            .set_file(1, file)
            .set_files(2, [File::from(b"\x00\xff".to_vec()), File::new(Upload::from_stream(pieces(&[])))]);
        let (result, exchange) = tokio::join!(call.send_unit(), async {
            let mut exchange = Exchange::accept(&listener).await;
            exchange.write("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n").await;
            exchange
        });
        result.unwrap();
        // The last file has no length, so the whole body has none.
        assert!(exchange.head.contains("transfer-encoding: chunked\r\n"), "{}", exchange.head);
        let media_type = exchange.head.split("content-type: ").nth(1).unwrap().split("\r\n").next().unwrap();
        let mut form = multer::Multipart::with_reader(&exchange.body[..], multer::parse_boundary(media_type).unwrap());
        let mut parts = Vec::new();
        while let Some(part) = form.next_field().await.unwrap() {
            let (name, file) = (part.name().unwrap().to_owned(), part.file_name().map(str::to_owned));
            parts.push((name, file, part.bytes().await.unwrap()));
        }
        let part = |name: &str, file: Option<&str>, content: &'static [u8]| {
            (name.to_owned(), file.map(str::to_owned), Bytes::from_static(content))
        };
        let expected = [
            part("about", None, b"1.50"),
            part("file", Some("trades.csv"), b"a,b\n"),
            part("files", Some("files"), b"\x00\xff"),
            part("files", Some("files"), b""),
        ];
        assert_eq!(parts, expected);
    }
}

#[tokio::test]
async fn a_stream_is_sent_once_and_never_again() {
    let server = Server::start(ScriptedResponse::json(500, "")).await;
    let client = |url: String| builder().base_url(url).timeout(LONG).retry(Retry::default()).build().unwrap();
    // With bytes, the operation is sent three times.
    let upload = Upload::from_stream(pieces(&["ab"])).with_length(2);
    let error = put(&client(server.url()), &UPLOAD, upload.clone()).await.unwrap_err();
    assert_eq!((error.attempts(), error.outcome(), server.take_requests().len()), (1, Outcome::Unknown, 1));
    let error = put(&client(server.url()), &UPLOAD, upload).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("the stream of the body was sent already"), "{error}");
    assert!(server.take_requests().is_empty());

    let port = RefusingPort::new();
    let error = put(&client(port.url()), &UPLOAD, Upload::from_stream(pieces(&["ab"]))).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotSent, 0));
}

#[tokio::test]
async fn a_stream_that_fails_or_has_another_length_is_no_complete_request() {
    let (listener, url) = listen().await;
    let client = client(url);
    let failing = || {
        let (sender, stream) = channel::<std::io::Error>();
        sender.send(Ok(Bytes::from_static(b"ab"))).unwrap();
        sender.send(Err(std::io::Error::other("the disk is gone"))).unwrap();
        Upload::from_stream(stream)
    };
    for (upload, message) in [
        (failing(), "the disk is gone"),
        (failing().with_length(10), "the disk is gone"),
        (Upload::from_stream(pieces(&["ab"])).with_length(3), "the stream ended before the length that was given"),
        (Upload::from_stream(pieces(&["ab", "cd"])).with_length(3), "the stream has more bytes than the length"),
    ] {
        let (result, exchange) = tokio::join!(put(&client, &UPLOAD, upload), Exchange::accept(&listener));
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Transport, Outcome::Unknown));
        assert!(error.to_string().contains(message), "{error}");
        assert!(!exchange.is_complete, "{message}");
    }
}

/// A signer whose signature covers the body of operations that are signed.
#[derive(Debug)]
struct Covering;

impl Signer for Covering {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async { request.set_header("x-key", "the-key") })
    }
}

/// A signer whose signature never covers the body.
#[derive(Debug)]
struct Uncovering;

impl Signer for Uncovering {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        assert!(request.body().is_empty());
        Covering.sign(request, stamp)
    }

    fn covers_body(&self, _: Security) -> bool {
        false
    }
}

#[tokio::test]
async fn a_signature_over_the_body_refuses_a_stream_before_anything_is_sent() {
    let script = Script::new([respond(200, "")]);
    let client = |signer: Arc<dyn Signer>| {
        let builder = ClientBuilder::for_venue(&VENUE).base_url("https://api.acme.example").transport(script.clone());
        builder.signer(signer).retry(Retry::never()).build().unwrap()
    };
    let upload = || Upload::from_stream(pieces(&["ab"]));
    let error = put(&client(Arc::new(Covering)), &SIGNED_UPLOAD, upload()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), script.count()), (ErrorKind::Request, Outcome::NotSent, 0));
    let text = error.to_string();
    assert!(text.contains("the signature covers the body, so the body cannot come from a stream"), "{text}");
    // Bytes can be signed; a key alone and other signatures do not cover the body.
    put(&client(Arc::new(Covering)), &SIGNED_UPLOAD, "ab").await.unwrap();
    put(&client(Arc::new(Covering)), &KEYED_UPLOAD, upload()).await.unwrap();
    put(&client(Arc::new(Uncovering)), &SIGNED_UPLOAD, upload()).await.unwrap();
    let sent = script.sent();
    assert!(sent.iter().all(|sent| sent.text() == "ab" && sent.header("x-key") == "the-key"), "{sent:?}");
}

#[cfg(feature = "meta")]
#[tokio::test(start_paused = true)]
async fn a_call_by_name_hands_on_each_piece_of_a_stream_and_ends_when_told_to() {
    for (is_closed_early, taken) in [(false, "onetwothree"), (true, "onetwo")] {
        let (client, sender) = streaming(200);
        let pieces = Arc::new(Mutex::new(String::new()));
        let seen = Arc::clone(&pieces);
        let arguments = Arguments::new().on_stream(move |_, piece| {
            let mut seen = seen.lock().unwrap();
            seen.push_str(std::str::from_utf8(piece).unwrap());
            !(is_closed_early && *seen == "onetwo")
        });
        let call = arguments.call_stream(get(&client, &EVENTS).stream());
        let send = async {
            for piece in ["one", "two", "three"] {
                tokio::time::sleep(Duration::from_secs(40)).await;
                // The stream may be closed already.
                let _ = sender.send(Ok(Bytes::from_static(piece.as_bytes())));
                tokio::task::yield_now().await;
            }
            drop(sender);
        };
        let (response, ()) = tokio::join!(call, send);
        assert_eq!(response.unwrap().value().get(), "null");
        assert_eq!(*pieces.lock().unwrap(), taken);
    }
}

#[cfg(feature = "meta")]
#[tokio::test(start_paused = true)]
async fn a_call_by_name_of_a_stream_fails_after_a_silence() {
    let (client, sender) = streaming(200);
    sender.send(Ok(Bytes::from_static(b"one"))).unwrap();
    let arguments = Arguments::new().on_stream(|_, _| true);
    let error = arguments.call_stream(get(&client, &EVENTS).stream()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}
