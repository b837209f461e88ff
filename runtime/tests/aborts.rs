//! Aborted calls. Each ends with an error that has the outcome of the call.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{
    LONG, Script, ScriptedResponse, Server, TestSigner, VENUE, book, builder, call, client, hang, http, order, respond,
};
use venuekit::codegen::RequestBuilder;
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome, Retry};

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Makes a call, and aborts all calls of the client as soon as `is_time` returns true.
async fn aborted(client: &Client, request_builder: RequestBuilder, is_time: impl Fn() -> bool) -> Error {
    let wait = async {
        while !is_time() {
            tokio::task::yield_now().await;
        }
        client.abort_calls();
        std::future::pending::<Result<Value, Error>>().await
    };
    tokio::select! {
        biased;
        result = call(request_builder) => result.unwrap_err(),
        result = wait => result.unwrap_err(),
    }
}

fn assert_aborted(error: &Error, outcome: Outcome, attempts: u32) {
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Aborted, outcome, attempts), "{error:?}");
    assert!(error.to_string().contains("the call was aborted"), "{error}");
    assert!(error.operation().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_was_not_polled_is_not_sent_and_later_calls_are() {
    let script = Script::new([respond(200, "1")]);
    let client = client(&script);
    let made = order(&client).send::<Value>();
    client.clone().abort_calls();
    assert_aborted(&made.await.unwrap_err(), Outcome::NotSent, 0);
    assert_eq!(script.count(), 0);
    assert_eq!(call(order(&client)).await.unwrap(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_abort_ends_the_calls_of_all_clones_and_requests_in_flight_are_unknown() {
    let script = Script::new([hang()]);
    let client = client(&script);
    let (first, second, ()) = tokio::join!(call(order(&client)), call(book(&client)), async {
        while script.count() < 2 {
            tokio::task::yield_now().await;
        }
        client.clone().abort_calls();
    });
    for result in [first, second] {
        assert_aborted(&result.unwrap_err(), Outcome::Unknown, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_aborted_before_it_is_sent_has_the_outcome_not_sent() {
    let script = Script::new([respond(200, "1")]);
    let signing = builder(&script).signer(TestSigner::new().taking(ms(5_000))).build().unwrap();
    assert_aborted(&aborted(&signing, order(&signing), || true).await, Outcome::NotSent, 0);
    let waiting = builder(&Script::new([hang()])).max_in_flight(1).build().unwrap();
    let first = tokio::spawn(call(order(&waiting)));
    tokio::task::yield_now().await;
    assert_aborted(&aborted(&waiting, order(&waiting), || true).await, Outcome::NotSent, 0);
    assert_aborted(&first.await.unwrap().unwrap_err(), Outcome::Unknown, 1);
    assert_eq!(script.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_aborted_between_two_attempts_has_the_outcome_of_its_last_response() {
    for (status, outcome) in [(503, Outcome::Unknown), (429, Outcome::Refused)] {
        let script = Script::new([respond(status, r#"{"code":-1003,"msg":"no"}"#)]);
        let patient = Retry::default().attempts(9).backoff(ms(60_000), ms(60_000));
        let client = builder(&script).retry(patient).timeout(ms(600_000)).build().unwrap();
        let error = aborted(&client, book(&client), || script.count() > 0).await;
        assert_aborted(&error, outcome, 1);
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.api_error().unwrap().code(), Some("-1003"));
    }
}

fn of(url: String) -> Client {
    let builder = ClientBuilder::for_venue(&VENUE).base_url(url).http(http()).signer(TestSigner::new());
    builder.timeout(LONG).connect_timeout(LONG).build().unwrap()
}

#[tokio::test]
async fn over_a_socket_a_request_that_still_waits_for_its_connection_is_not_sent() {
    // The listener accepts connections and never sends, so a TLS handshake with it does not end.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = of(format!("https://{}", listener.local_addr().unwrap()));
    let (error, ()) = tokio::join!(call(order(&client)), async {
        listener.accept().await.unwrap();
        client.abort_calls();
    });
    assert_aborted(&error.unwrap_err(), Outcome::NotSent, 0);
}

#[tokio::test]
async fn over_a_socket_a_request_that_left_is_unknown() {
    for response in [ScriptedResponse::hang(), ScriptedResponse::json(200, "[1").hang_after()] {
        let server = Server::start(response).await;
        let client = of(server.url());
        let error = aborted(&client, order(&client), || !server.requests().is_empty()).await;
        assert_aborted(&error, Outcome::Unknown, 1);
        assert_eq!(server.requests().len(), 1);
    }
}
