//! Tests responses in gzip (the feature `gzip` of the runtime) over a real socket.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::value::RawValue;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Method, Operation, Venue};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome};
use venuekit_test_support::{LONG, ScriptedResponse, Server};

static VENUE: Venue = Venue::new("zipped", "venuekit-zipped", "0.1.0")
    .with_errors_at(&["/code"], &["/msg"])
    .with_unknown_codes(&[CodeRule::new("-1007")]);
static ORDER: Operation = Operation::http("placeOrder", Method::Post, "/order");

fn zipped(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn in_gzip(status: u16, body: impl Into<Vec<u8>>) -> ScriptedResponse {
    ScriptedResponse::new(status, body).header("content-encoding", "gzip")
}

fn builder(server: &Server) -> ClientBuilder {
    ClientBuilder::for_venue(&VENUE).base_url(server.url()).timeout(LONG).max_response_bytes(1_000)
}

async fn order(client: &Client) -> Result<String, Error> {
    let response = RequestBuilder::new(client, &ORDER).send::<Box<RawValue>>().await?;
    Ok(response.get().to_owned())
}

#[tokio::test]
async fn with_gzip_on_compressed_and_plain_responses_are_read_exactly() {
    let body = r#"{"price":0.10000000000000000000001,"size":"1.50"}"#;
    let server = Server::start(in_gzip(200, zipped(body))).await;
    let client = builder(&server).gzip(true).build().unwrap();
    assert_eq!(order(&client).await.unwrap(), body);
    assert_eq!(server.take_requests()[0].header("accept-encoding"), Some("gzip"));
    // A server may also send an uncompressed response.
    server.respond_with(ScriptedResponse::new(200, body));
    assert_eq!(order(&client).await.unwrap(), body);
}

#[tokio::test]
async fn a_stream_in_gzip_is_decoded_and_one_that_is_cut_is_an_error() {
    let text = "0.10000000000000000000001\n".repeat(100_000);
    let server = Server::start(in_gzip(200, zipped(&text))).await;
    let client = builder(&server).gzip(true).build().unwrap();
    let stream = || RequestBuilder::new(&client, &ORDER).send_bytes().stream();
    assert_eq!(stream().await.unwrap().into_bytes(text.len()).await.unwrap(), text);
    let mut half = zipped(&text);
    half.truncate(half.len() / 2);
    server.respond_with(in_gzip(200, half));
    let error = stream().await.unwrap().into_bytes(text.len()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Cut, Outcome::Unknown));
}

#[tokio::test]
async fn an_unexpected_response_in_gzip_is_an_error_that_names_the_coding() {
    let server = Server::start(in_gzip(200, zipped("{}"))).await;
    let error = order(&builder(&server).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown));
    assert!(error.to_string().contains("`gzip`, which was not requested"), "{error}");
    assert_eq!(server.take_requests()[0].header("accept-encoding"), Some("identity"));
}

#[tokio::test]
async fn the_limit_on_a_response_counts_decoded_bytes() {
    let small = zipped(&format!("\"{}\"", "x".repeat(100_000)));
    assert!(small.len() < 1_000);
    let server = Server::start(in_gzip(200, small)).await;
    let error = order(&builder(&server).gzip(true).build().unwrap()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::TooLarge, Outcome::Unknown));
    assert_eq!(error.body().unwrap().len(), 1_000);
}

#[tokio::test]
async fn an_error_in_gzip_is_refused_by_its_code_and_unknown_if_it_cannot_be_decoded() {
    let whole = zipped(r#"{"code":-1121,"msg":"Invalid symbol."}"#);
    for (body, outcome) in [
        (whole.clone(), Outcome::Refused),
        (zipped(r#"{"code":-1007}"#), Outcome::Unknown),
        (whole[..whole.len() - 9].to_vec(), Outcome::Unknown),
        (b"not gzip at all".to_vec(), Outcome::Unknown),
    ] {
        let server = Server::start(in_gzip(400, body)).await;
        let error = order(&builder(&server).gzip(true).build().unwrap()).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{error:?}");
    }
}
