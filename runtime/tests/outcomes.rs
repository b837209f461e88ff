//! The outcome of a request, as decided by its response. Only a response that was read completely
//! can be a refusal.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{Script, builder, client, respond, rpc_order};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Condition, Method, Operation, Venue};
use venuekit::{Call, Client, Error, ErrorKind, Outcome, RawResponse};

static VENUE: Venue = Venue::new("codes", "venuekit-codes", "0.1.0")
    .with_errors_at(&["/errorCode", "/code", "/*/code"], &["/message", "/*/msg"])
    .with_failed_when(&[Condition::equals("/success", "false"), Condition::present("/errorCode")])
    .with_unknown_codes(&[CodeRule::new("-1007"), CodeRule::new("NETWORK_ERROR"), CodeRule::new("2")]);

static ORDER: Operation = Operation::http("placeOrder", Method::Post, "/order")
    .with_failed_when(&[Condition::equals("/status", r#""REJECTED""#), Condition::present("/reason").leaves_open()]);
static CANCEL: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
    .with_idempotent(venuekit::operation::Idempotent::Always)
    .with_gone_codes(&[
        CodeRule::new("-1").with_status(429),
        CodeRule::new("-2011").with_message("Unknown order sent."),
        CodeRule::new("16").with_pointer("/code"),
    ])
    .with_unknown_codes(&[CodeRule::new("4").with_status(200), CodeRule::new("5").with_pointer("/*/code")])
    .with_failed_when(&[
        Condition::equals("/*/code", "-1"),
        Condition::equals("/*/code", "4").leaves_open(),
        Condition::equals("/*/code", "5"),
        Condition::equals("/*/success", "false"),
    ]);

async fn place(step: support::Step) -> Result<Value, Error> {
    let script = Script::new([step]);
    RequestBuilder::new(&venue_client(&script), &ORDER).send::<Value>().await
}

fn venue_client(script: &Script) -> Client {
    venuekit::ClientBuilder::for_venue(&VENUE).base_url("https://venue.test").transport(script.clone()).build().unwrap()
}

fn outcome(result: &Result<Value, Error>) -> Outcome {
    result.as_ref().unwrap_err().outcome()
}

#[tokio::test(start_paused = true)]
async fn a_4xx_is_a_refusal_if_it_was_read_whole_and_no_code_leaves_the_outcome_open() {
    use Outcome::{Refused, Unknown};
    let cases = [
        (r#"{"code":-1121,"msg":"Invalid symbol."}"#, Refused),
        (r#"{"code":"-1121"}"#, Refused),
        (r#"{"code":-1007}"#, Unknown),
        (r#"{"code":-1007.0}"#, Unknown),
        (r#"{"code":-10.07e2}"#, Unknown),
        (r#"{"code":2e0}"#, Unknown),
        (r#"{"code":"-1007"}"#, Unknown),
        (r#"{"code":"NETWORK_ERROR"}"#, Unknown),
        (r#"{"code":"\u004eETWORK_ERROR"}"#, Unknown),
        (r#"{"code":-10070}"#, Refused),
        (r#"{"errorCode":400,"code":-1007}"#, Unknown),
        ("\u{feff}{\"code\":-1007}", Unknown),
        ("\u{feff}{\"code\":-1121}", Refused),
        (r#"{"code":-1121,"code":-1121}"#, Unknown),
        (r#"{"code":{"value":-1121}}"#, Unknown),
        (r#"{"code":[-1121]}"#, Unknown),
        (r#"{"code":-1121"#, Unknown),
        (r#"{"code":-1121}}"#, Unknown),
        (r#"{"code":-1121} <!-- served by proxy -->"#, Unknown),
        ("  {", Unknown),
        ("[", Unknown),
        (r#""oops"#, Unknown),
        (r#""oops""#, Refused),
        (r#"{"code":null,"msg":"no"}"#, Refused),
        (r#"{"error":"no such thing"}"#, Refused),
        ("{}", Refused),
        ("[]", Refused),
        ("", Refused),
        ("<html>403 Forbidden</html>", Refused),
        ("404 page not found", Refused),
        ("not found", Refused),
    ];
    for (body, expected) in cases {
        for status in [400, 401, 403, 404, 418, 422] {
            let error = place(respond(status, body)).await.unwrap_err();
            assert_eq!((error.kind(), error.outcome()), (ErrorKind::Venue, expected), "{status} {body}");
        }
        for status in [408, 500, 503, 302] {
            assert_eq!(outcome(&place(respond(status, body)).await), Unknown, "{status} {body}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_cut_at_any_byte_has_an_unknown_outcome() {
    let whole = r#"{"code":-1007,"msg":"Timeout waiting for response from backend server."}"#;
    for end in 1..whole.len() {
        assert_eq!(outcome(&place(respond(400, &whole[..end])).await), Outcome::Unknown, "{}", &whole[..end]);
        assert_eq!(outcome(&place(respond(400, &whole[..end]).cut()).await), Outcome::Unknown, "{}", &whole[..end]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_shows_as_it_was_sent() {
    for (sent, shown) in [("-1121.0", "-1121.0"), ("2e0", "2e0"), (r#""A\u0042""#, "AB")] {
        let error = place(respond(400, format!(r#"{{"code":{sent}}}"#))).await.unwrap_err();
        assert_eq!(error.api_error().unwrap().code(), Some(shown));
    }
}

#[tokio::test(start_paused = true)]
async fn an_unexpected_content_coding_is_named() {
    for status in [200, 400] {
        let error = place(respond(status, "\u{1f}...").header("content-encoding", "gzip")).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("`gzip`, which was not requested"), "{error}");
    }
    let response = place(respond(200, r#"{"id":1}"#).header("content-encoding", "Identity")).await;
    assert_eq!(response.unwrap()["id"], 1);
}

#[tokio::test(start_paused = true)]
async fn requests_ask_for_no_content_coding() {
    let script = Script::new([respond(200, "{}")]);
    RequestBuilder::new(&venue_client(&script), &ORDER).send::<Value>().await.unwrap();
    assert_eq!(script.sent()[0].header("accept-encoding"), "identity");
}

#[tokio::test(start_paused = true)]
async fn a_byte_order_mark_in_a_response_is_skipped() {
    let response = place(respond(200, "\u{feff}{\"id\":7}")).await.unwrap();
    assert_eq!(response["id"], 7);
    let script = Script::new([respond(200, "\u{feff}{\"error\":null,\"result\":8,\"id\":$id}")]);
    let response: Call<u32> = rpc_order(&client(&script)).send();
    assert_eq!(response.await.unwrap(), 8);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_states_a_failure_is_an_error_for_its_operation_and_its_venue() {
    use Outcome::{Refused, Unknown};
    for (body, expected) in [
        (r#"{"status":"REJECTED"}"#, Some(Refused)),
        (r#"{"status":"REJECTED","reason":"x"}"#, Some(Refused)),
        (r#"{"status":"REJECTED","errorCode":"NETWORK_ERROR"}"#, Some(Unknown)),
        (r#"{"status":"PENDING_NEW","reason":"x"}"#, Some(Unknown)),
        (r#"{"status":"NEW","errorCode":400}"#, Some(Refused)),
        (r#"{"success":false,"code":1}"#, Some(Refused)),
        (r#"{"success":false,"code":-1007}"#, Some(Unknown)),
        (r#"{"success":false,"code":{}}"#, Some(Unknown)),
        (r#"{"status":"NEW","errorCode":null,"reason":"","success":true}"#, None),
    ] {
        let result = place(respond(200, body)).await;
        assert_eq!(result.as_ref().err().map(Error::outcome), expected, "{body}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_can_be_limited_to_a_status_a_place_and_a_message() {
    use Outcome::{Gone, Refused, Unknown};
    for (status, body, first, later) in [
        // Code -1 means gone only with status 429. In a success response it means a failed cancel.
        (429, r#"{"code":-1}"#, Refused, Gone),
        (400, r#"{"code":-1}"#, Refused, Unknown),
        (200, r#"[{"code":-1,"success":false}]"#, Refused, Unknown),
        (400, r#"{"code":-2011,"message":"Unknown order sent."}"#, Refused, Gone),
        (400, r#"{"code":-2011,"message":"Filter failure."}"#, Refused, Unknown),
        (400, r#"{"errorCode":400,"code":16}"#, Refused, Gone),
        (400, r#"{"errorCode":16}"#, Refused, Unknown),
        // Code 4 with status 200, and code 5 in an element, leave the outcome unknown.
        (200, r#"[{"code":4}]"#, Unknown, Unknown),
        (400, r#"{"code":4}"#, Refused, Unknown),
        (200, r#"[{"code":-1},{"code":5}]"#, Unknown, Unknown),
        (400, r#"{"code":5}"#, Refused, Unknown),
    ] {
        let script = Script::new([respond(status, body)]);
        let error = RequestBuilder::new(&venue_client(&script), &CANCEL).send::<Value>().await.unwrap_err();
        assert_eq!(error.outcome(), first, "{status} {body}: {error:?}");
        let script = Script::new([support::reset(), respond(status, body)]);
        let error = RequestBuilder::new(&venue_client(&script), &CANCEL).send::<Value>().await.unwrap_err();
        assert_eq!(error.outcome(), later, "{status} {body} after an unknown attempt: {error:?}");
    }
    let script = Script::new([respond(200, r#"[{"code":-1},{"code":0,"success":true}]"#)]);
    let response = RequestBuilder::new(&venue_client(&script), &CANCEL).send::<Value>().await;
    assert!(response.is_ok(), "some elements succeeded: {response:?}");
}

#[tokio::test(start_paused = true)]
async fn a_status_that_the_spec_lists_leaves_the_outcome_open_and_is_not_sent_again() {
    use Outcome::{Applied, Gone, Refused, Unknown};
    static SHARED: Venue = Venue::new("statuses", "venuekit-statuses", "0.1.0")
        .with_errors_at(&["/code"], &["/message"])
        .with_unknown_codes(&[CodeRule::new("3")])
        .with_clock_codes(&[CodeRule::new("4")])
        .with_refused_codes(&[CodeRule::new("5")]);
    const BATCH: Operation = Operation::http("cancelMany", Method::Post, "/orders/cancel")
        .with_idempotent(venuekit::operation::Idempotent::Always)
        .with_done_codes(&[CodeRule::new("1")])
        .with_gone_codes(&[CodeRule::new("2")]);
    static LISTED: Operation = BATCH.with_unknown_statuses(&[400, 429]);
    static PLAIN: Operation = BATCH;

    // The outcome of a first attempt, the outcome after an attempt of unknown outcome, and the
    // number of requests if the response is always the same.
    let cases: [(&'static Operation, u16, &str, Outcome, Outcome, usize); 14] = [
        (&PLAIN, 400, "", Refused, Unknown, 1),
        (&LISTED, 400, "", Unknown, Unknown, 1),
        (&LISTED, 400, r#"{"message":"one order is not valid"}"#, Unknown, Unknown, 1),
        (&LISTED, 400, r#"{"code":9}"#, Unknown, Unknown, 1),
        (&LISTED, 401, "", Refused, Unknown, 1),
        (&LISTED, 422, r#"{"code":9}"#, Refused, Unknown, 1),
        // A code with a meaning of its own is more exact. Codes of refusals change no outcome.
        (&LISTED, 400, r#"{"code":1}"#, Refused, Applied, 1),
        (&LISTED, 400, r#"{"code":2}"#, Refused, Gone, 1),
        (&LISTED, 400, r#"{"code":3}"#, Unknown, Unknown, 3),
        (&LISTED, 400, r#"{"code":4}"#, Refused, Unknown, 1),
        (&LISTED, 400, r#"{"code":5}"#, Unknown, Unknown, 1),
        // Throttling is sent again after a wait, as without the list.
        (&PLAIN, 429, "", Refused, Unknown, 3),
        (&LISTED, 429, "", Unknown, Unknown, 3),
        (&LISTED, 429, r#"{"code":5}"#, Unknown, Unknown, 1),
    ];
    for (operation, status, body, first, later, sent) in cases {
        let client = |script: &Script| {
            let builder = venuekit::ClientBuilder::for_venue(&SHARED).base_url("https://venue.test");
            builder.transport(script.clone()).build().unwrap()
        };
        let script = Script::new([respond(status, body)]);
        let error = RequestBuilder::new(&client(&script), operation).send::<Value>().await.unwrap_err();
        assert_eq!((error.outcome(), script.count()), (first, sent), "{status} {body}: {error:?}");
        let script = Script::new([support::reset(), respond(status, body)]);
        let error = RequestBuilder::new(&client(&script), operation).send::<Value>().await.unwrap_err();
        assert_eq!(error.outcome(), later, "{status} {body} after an unknown attempt: {error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_code_counts_only_if_no_code_has_another_meaning() {
    use Outcome::{Gone, Refused, Unknown};
    const CODES: &[CodeRule] = &[CodeRule::new("1"), CodeRule::new("2").with_status(429)];
    static SHARED: Venue = Venue::new("shared", "venuekit-shared", "0.1.0")
        .with_errors_at(&["/errorCode", "/code", "/*/code"], &["/message"])
        .with_unknown_codes(&[CodeRule::new("3")])
        .with_clock_codes(&[CodeRule::new("4")])
        .with_refused_codes(&[CodeRule::new("1"), CodeRule::new("3"), CodeRule::new("4")]);
    const CANCEL: Operation = Operation::http("cancelOrder", Method::Delete, "/order")
        .with_idempotent(venuekit::operation::Idempotent::Always);
    static PLAIN: Operation = CANCEL;
    static GONE: Operation = CANCEL.with_gone_codes(CODES).with_refused_codes(CODES);
    static OPEN: Operation = CANCEL.with_unknown_codes(CODES).with_refused_codes(CODES);
    static OWN: Operation = CANCEL.with_refused_codes(&[CodeRule::new("3"), CodeRule::new("5")]);

    // Each case has the outcome after an earlier attempt of unknown outcome, and the number of
    // requests of a call whose response is always the same. The number is one if the code means a
    // refusal, and three if the 429 is throttling or the outcome is unknown.
    let cases: [(&'static Operation, &str, Outcome, usize); 16] = [
        (&PLAIN, r#"{"code":1}"#, Unknown, 1),
        (&PLAIN, r#"{"code":1.0}"#, Unknown, 1),
        (&PLAIN, r#"{"code":2}"#, Unknown, 3),
        (&PLAIN, r#"{"code":3}"#, Unknown, 3),
        (&PLAIN, r#"{"errorCode":1,"code":2}"#, Unknown, 1),
        (&PLAIN, r#"{"errorCode":2,"code":1}"#, Unknown, 3),
        (&PLAIN, r#"{"errorCode":1,"code":3}"#, Unknown, 3),
        (&PLAIN, r#"[{"code":1},{"code":1}]"#, Unknown, 1),
        (&PLAIN, r#"[{"code":1},{"code":2}]"#, Unknown, 3),
        (&GONE, r#"{"code":1}"#, Gone, 1),
        (&GONE, r#"{"code":2}"#, Gone, 1),
        (&OPEN, r#"{"code":1}"#, Unknown, 3),
        (&OWN, r#"{"code":1}"#, Unknown, 1),
        (&OWN, r#"{"code":3}"#, Unknown, 3),
        (&OWN, r#"{"code":5}"#, Unknown, 1),
        (&OWN, r#"[{"code":1},{"code":5}]"#, Unknown, 1),
    ];
    for (operation, body, later, sent) in cases {
        let client = |script: &Script| {
            let builder = venuekit::ClientBuilder::for_venue(&SHARED).base_url("https://venue.test");
            builder.transport(script.clone()).build().unwrap()
        };
        let script = Script::new([respond(429, body)]);
        let first = RequestBuilder::new(&client(&script), operation).send::<Value>().await.unwrap_err();
        assert_eq!(script.count(), sent, "{body}: {first:?}");
        let is_open = std::ptr::eq(operation, &OPEN) || body.contains('3');
        assert_eq!(first.outcome(), if is_open { Unknown } else { Refused }, "{body}: {first:?}");
        let script = Script::new([support::reset(), respond(429, body)]);
        let error = RequestBuilder::new(&client(&script), operation).send::<Value>().await.unwrap_err();
        assert_eq!(error.outcome(), later, "{body} after an unknown attempt: {error:?}");
    }
    let script = Script::new([respond(429, r#"{"code":4}"#)]);
    let client = venuekit::ClientBuilder::for_venue(&SHARED).base_url("https://venue.test");
    let error =
        RequestBuilder::new(&client.transport(script).build().unwrap(), &PLAIN).send::<Value>().await.unwrap_err();
    assert!(error.is_clock_refusal(), "{error:?}");
}

async fn rpc<T: serde::de::DeserializeOwned>(status: u16, body: &str) -> Result<T, Error> {
    let script = Script::new([respond(status, body)]);
    rpc_order(&client(&script)).send::<T>().await
}

#[tokio::test(start_paused = true)]
async fn an_envelope_is_an_object_with_either_a_result_or_an_error() {
    use Outcome::{Refused, Unknown};
    for (body, expected) in [
        (r#"{"error":null,"result":{"a":1},"id":$id}"#, None),
        (r#"{"result":{"a":1},"id":$id}"#, None),
        (r#"{"jsonrpc":"2.0","result":{"a":1},"id":$id}"#, None),
        (r#"{"error":null,"result":null,"id":$id}"#, None),
        (r#"[$id,null,{"status":"success"}]"#, Some(Unknown)),
        (r#"[null,{"code":1},null]"#, Some(Unknown)),
        (r#"{"error":{"code":11,"message":"x"},"result":null,"id":$id}"#, Some(Refused)),
        (r#"{"error":{"code":11,"message":"x"},"id":$id}"#, Some(Refused)),
        (r#"{"error":{"code":1,"message":"parse error"},"id":null}"#, Some(Refused)),
        (r#"{"error":{"code":-1006,"message":"x"},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":-1006.0,"message":"x"},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":11},"result":{"a":1},"id":$id}"#, Some(Unknown)),
        (r#"{"error":false,"result":{"a":1},"id":$id}"#, Some(Unknown)),
        (r#"{"error":false,"result":null,"id":$id}"#, Some(Unknown)),
        (r#"{"error":"","result":null,"id":$id}"#, Some(Unknown)),
        (r#"{"error":"no","id":$id}"#, Some(Unknown)),
        (r#"{"error":{},"result":null,"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"message":"x"},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":null},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":{}},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":11,"code":12},"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":11},"error":{"code":11},"id":$id}"#, Some(Unknown)),
        (r#"{"error":null,"result":1,"result":1,"id":$id}"#, Some(Unknown)),
        (r#"{"error":null,"result":1,"id":$id,"id":$id}"#, Some(Unknown)),
        (r#"{"error":{"code":11},"id":9999}"#, Some(Unknown)),
        (r#"{"error":null,"result":1,"id":null}"#, Some(Unknown)),
        (r#"{"error":null,"result":1}"#, Some(Unknown)),
        (r#"{"error":null,"id":$id}"#, Some(Unknown)),
        (r#"{"id":$id}"#, Some(Unknown)),
        ("{}", Some(Unknown)),
        ("null", Some(Unknown)),
        ("", Some(Unknown)),
        (r#"{"error":null,"result":1,"id":$id} x"#, Some(Unknown)),
    ] {
        let result = rpc::<Value>(200, body).await;
        assert_eq!(result.as_ref().err().map(Error::outcome), expected, "{body}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_of_null_is_a_success_only_where_the_result_may_be_null() {
    let null = r#"{"error":null,"result":null,"id":$id}"#;
    assert_eq!(rpc::<Option<u32>>(200, null).await.unwrap(), None);
    let error = rpc::<u32>(200, null).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown));
}

#[tokio::test(start_paused = true)]
async fn an_envelope_with_an_error_status_is_refused_unless_it_leaves_the_outcome_open() {
    use Outcome::{Refused, Unknown};
    for (status, body, expected) in [
        (400, r#"{"error":{"code":1,"message":"x"},"result":null,"id":$id}"#, Refused),
        (404, r#"{"error":{"code":4,"message":"x"},"result":null,"id":$id}"#, Refused),
        (400, r#"{"error":{"code":-1006,"message":"x"},"id":$id}"#, Unknown),
        (400, r#"{"error":{"code":1,"message":"x"},"id":9999}"#, Unknown),
        (400, r#"{"error":{"code":1},"result":{},"id":$id}"#, Unknown),
        // The envelope says that the request succeeded, and the status that it was refused.
        (400, r#"{"error":null,"result":{"id":7},"id":$id}"#, Unknown),
        (404, r#"{"result":{"id":7},"id":$id}"#, Unknown),
        (400, r#"{"error":null,"result":null,"id":$id}"#, Refused),
        (400, r#"{"error":{"code":1,"code":1},"id":$id}"#, Unknown),
        (400, r#"{"error":{"code":1"#, Unknown),
        (400, "", Refused),
        (403, "<html>", Refused),
        (401, r#"{"message":"no such key"}"#, Refused),
        (504, r#"{"error":{"code":5,"message":"x"},"id":$id}"#, Unknown),
        (500, "", Unknown),
    ] {
        assert_eq!(rpc::<Value>(status, body).await.unwrap_err().outcome(), expected, "{status} {body}");
    }
}

#[tokio::test(start_paused = true)]
async fn timeouts_and_waits_of_the_maximum_duration_do_not_panic() {
    let script = Script::new([respond(503, "")]);
    let client = builder(&script)
        .timeout(Duration::MAX)
        .attempt_timeout(Duration::MAX)
        .connect_timeout(Duration::MAX)
        .read_timeout(Duration::MAX)
        .retry(venuekit::Retry::default().attempts(2).backoff(Duration::MAX, Duration::MAX))
        .build()
        .unwrap();
    let error = support::book(&client).send::<Value>().timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
    let error = support::book(&client).send::<Value>().timeout(Duration::MAX).await.unwrap_err();
    assert_eq!(error.responses().map(RawResponse::status).count(), 2);
}
