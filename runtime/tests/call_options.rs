//! The options of a call, and its results.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{Script, TIME, book, builder, client, respond};
use venuekit::codegen::RequestBuilder;
use venuekit::{Call, Client, ErrorKind, Outcome};

/// Returns an unsigned call.
fn time(client: &Client) -> Call<Value> {
    RequestBuilder::new(client, &TIME).send()
}

#[tokio::test(start_paused = true)]
async fn a_call_gives_the_value_or_the_whole_response() {
    let script = Script::new([respond(200, " 7 "), respond(200, " 7 ")]);
    let client = client(&script);
    assert_eq!(book(&client).send::<i64>().await.unwrap(), 7);
    let response = book(&client).send::<i64>().with_response().await.unwrap();
    assert_eq!((*response.value(), response.status().as_u16(), &response.body()[..]), (7, 200, &b" 7 "[..]));
    let doubled = response.map(|value| 2 * value);
    assert_eq!((doubled.status().as_u16(), doubled.into_value()), (200, 14));
}

#[tokio::test(start_paused = true)]
async fn headers_of_the_caller_are_sent_beside_those_that_are_signed() {
    let script = Script::new([respond(200, "1")]);
    let client = client(&script);
    book(&client).send::<Value>().header("X-Trace-Id", "a-7").header("x-tag", "1").header("x-tag", "2").await.unwrap();
    time(&client).header("x-trace-id", "a-8").await.unwrap();
    let sent = script.sent();
    assert_eq!((sent[0].header("x-trace-id"), sent[1].header("x-trace-id")), ("a-7", "a-8"));
    assert_eq!(sent[0].headers.get_all("x-tag").iter().collect::<Vec<_>>(), ["1", "2"]);
    assert!(!sent[0].header("x-sign").is_empty());
}

#[tokio::test(start_paused = true)]
async fn headers_that_a_caller_cannot_set_are_refused_before_anything_is_sent() {
    let script = Script::new([]);
    let client = client(&script);
    for (name, value, reason) in [
        ("Host", "evil.example", "`host` cannot be set by the caller"),
        ("content-length", "1", "`content-length` cannot be set by the caller"),
        ("Transfer-Encoding", "chunked", "`transfer-encoding` cannot be set by the caller"),
        ("connection", "close", "`connection` cannot be set by the caller"),
        ("Authorization", "Bearer x", "`authorization` cannot be set by the caller"),
        ("cookie", "a=b", "`cookie` cannot be set by the caller"),
        ("Accept-Encoding", "gzip", "`accept-encoding` cannot be set by the caller"),
        ("X-Sign", "forged", "`x-sign` is set by the client already"),
        ("user-agent", "mine", "`user-agent` is set by the client already"),
        ("not a name", "1", "`not a name` is not a valid header name"),
        ("x-trace-id", "a\r\nx-sign: b", "the value given for the header `x-trace-id` is not valid"),
    ] {
        let error = book(&client).send::<Value>().header(name, value).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{name}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.to_string().contains("forged"), "{error}");
    }
    assert!(script.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_recv_window_of_a_request_that_has_none_is_refused_before_anything_is_sent() {
    let script = Script::new([]);
    let client = client(&script);
    for (call, reason) in [
        (time(&client), "belongs to requests that are signed"),
        (book(&client).send(), "test-venue have no recv window"),
    ] {
        let error = call.recv_window(Duration::from_secs(1)).await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent));
        assert!(error.to_string().contains(reason), "{error}");
    }
    assert!(script.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_has_ended_is_an_error_when_it_is_polled_again() {
    let script = Script::new([respond(200, "1")]);
    let client = builder(&script).build().unwrap();
    let mut call = book(&client).send::<i64>();
    assert_eq!((&mut call).await.unwrap(), 1);
    let error = (&mut call).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(script.sent().len(), 1);
}
