//! Failed elements of a batch. Their outcomes follow the rules for a whole response.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::{Script, Step, TestSigner, builder_of, respond};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Batch, CodeRule, Condition, Idempotent, Method, Operation, Security, Venue};
use venuekit::{Error, FailedElement, Outcome, Response, Retry};

static VENUE: Venue = Venue::new("batches", "venuekit-batches", "0.1.0")
    .with_errors_at(&["/code", "/responses/*/code", "/*/code"], &["/msg", "/responses/*/msg", "/*/msg"])
    .with_failed_when(&[Condition::equals("/*/success", "false")])
    .with_unknown_codes(&[CodeRule::new("NETWORK_ERROR")]);

static PLACE: Operation = Operation::http("placeOrders", Method::Post, "/orders").with_failed_when(&[
    Condition::equals("/responses/*/status", r#""REJECTED""#),
    Condition::present("/responses/*/code").leaves_open(),
    Condition::present("/code").leaves_open(),
]);
static CANCEL: Operation = Operation::http("cancelOrders", Method::Delete, "/orders")
    .with_security(Security::Signed)
    .with_idempotent(Idempotent::Always)
    .with_gone_codes(&[CodeRule::new("-2")])
    .with_done_codes(&[CodeRule::new("-3").with_pointer("/*/code")]);
static RPC: Operation = Operation::rpc("orders", "orders");

async fn send(
    operation: &'static Operation,
    steps: impl IntoIterator<Item = Step>,
) -> (Result<Response<Value>, Error>, TestSigner) {
    let (script, signer) = (Script::new(steps), TestSigner::of("key-0123456789", "secret"));
    let retry = Retry::default().attempts(2).backoff(Duration::ZERO, Duration::ZERO);
    let client = builder_of(&VENUE, &script).signer(signer.clone()).retry(retry).build().unwrap();
    (RequestBuilder::new(&client, operation).send::<Value>().with_response().await, signer)
}

async fn place(body: &'static str) -> Result<Response<Value>, Error> {
    send(&PLACE, [respond(200, body)]).await.0
}

fn outcomes(elements: &[FailedElement]) -> Vec<(usize, Outcome)> {
    elements.iter().map(|element| (element.index(), element.outcome())).collect()
}

#[tokio::test(start_paused = true)]
async fn a_batch_with_some_successes_is_a_success_that_states_the_failed_elements() {
    let body = r#"{"responses":[{"status":"NEW","code":null},{"status":"REJECTED","code":"FUNDS","msg":"not\nenough"},
        {"status":"REJECTED","code":"NETWORK_ERROR"},{"status":"NEW","code":"ODD"}, {"status" : "REJECTED"}]}"#;
    let response = place(body).await.unwrap();
    let failed = response.failed_elements();
    use Outcome::{Refused, Unknown};
    assert_eq!(outcomes(failed), [(1, Refused), (2, Unknown), (3, Unknown), (4, Refused)]);
    assert_eq!(failed[0].pointer(), "/responses/1");
    assert_eq!((failed[0].code(), failed[0].message()), (Some("FUNDS"), Some("not\nenough")));
    assert_eq!((failed[3].code(), failed[3].message()), (None, None));
    assert_eq!(failed[3].json().get(), r#"{"status" : "REJECTED"}"#);
    assert_eq!(failed[0].to_string(), r"element 1: refused, code FUNDS: not\nenough");
    assert_eq!(failed[1].to_string(), "element 2: outcome unknown, code NETWORK_ERROR");
    assert_eq!(failed[3].to_string(), "element 4: refused");
    assert!(format!("{response:?}").contains("failed_elements: [FailedElement { index: 1,"), "{response:?}");
    assert_eq!(response.map(|_| ()).failed_elements().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_failed_as_a_whole_is_an_error_that_states_the_elements() {
    use Outcome::{Refused, Unknown};
    for (body, whole, elements) in [
        (r#"{"responses":[{"status":"REJECTED"},{"status":"REJECTED","code":"A"}]}"#, Refused, [Refused, Refused]),
        (r#"{"responses":[{"status":"REJECTED"},{"code":"A"}]}"#, Unknown, [Refused, Unknown]),
        (r#"{"responses":[{"status":"REJECTED","code":{}},{"status":"REJECTED"}]}"#, Unknown, [Unknown, Refused]),
        (r#"{"code":"X","responses":[{"status":"REJECTED"},{"code":"A"},{}]}"#, Unknown, [Refused, Unknown]),
        // The conditions of the venue apply to each operation.
        (r#"[{"success":false},{"success":false,"code":"NETWORK_ERROR"}]"#, Unknown, [Refused, Unknown]),
    ] {
        let error = place(body).await.unwrap_err();
        assert_eq!(error.outcome(), whole, "{body}");
        assert_eq!(outcomes(error.failed_elements()), [(0, elements[0]), (1, elements[1])], "{body}");
        assert!(format!("{error:?}").contains("failed_elements"), "{error:?}");
    }
    let response = place(r#"[{"success":true},{"success":false}]"#).await.unwrap();
    assert_eq!(response.failed_elements()[0].pointer(), "/1");
}

#[tokio::test(start_paused = true)]
async fn a_response_without_failed_elements_states_none() {
    for body in ["[]", "{}", "7", r#"{"responses":[]}"#, r#"{"responses":{"a":1}}"#, r#"[[],1,{"success":true}]"#] {
        assert!(place(body).await.unwrap().failed_elements().is_empty(), "{body}");
    }
    let rpc = r#"{"error":null,"result":[{"success":false}],"id":$id}"#;
    assert!(send(&RPC, [respond(200, rpc)]).await.0.unwrap().failed_elements().is_empty());
    let refused = send(&PLACE, [respond(400, r#"{"responses":[{"status":"REJECTED"}]}"#)]).await.0.unwrap_err();
    assert!(refused.failed_elements().is_empty());
}

/// An earlier attempt may have cancelled the orders that the last attempt did not find.
#[tokio::test(start_paused = true)]
async fn after_an_attempt_of_unknown_outcome_no_element_is_refused() {
    use Outcome::{Applied, Gone, Refused, Unknown};
    let some =
        r#"[{"success":false,"code":-1},{"success":false,"code":-2},{"success":false,"code":-3},{"success":true}]"#;
    let first = send(&CANCEL, [respond(200, some)]).await.0.unwrap();
    assert_eq!(outcomes(first.failed_elements()), [(0, Refused), (1, Refused), (2, Refused)]);
    let later = send(&CANCEL, [respond(503, ""), respond(200, some)]).await.0.unwrap();
    assert_eq!(outcomes(later.failed_elements()), [(0, Unknown), (1, Gone), (2, Applied)]);

    let all = r#"[{"success":false,"code":-1},{"success":false,"code":-2}]"#;
    let error = send(&CANCEL, [respond(503, ""), respond(200, all)]).await.0.unwrap_err();
    assert_eq!((error.outcome(), outcomes(error.failed_elements())), (Unknown, vec![(0, Unknown), (1, Gone)]));
}

#[tokio::test(start_paused = true)]
async fn no_text_of_an_element_shows_a_secret() {
    const LEAK: &str = r#"{"success":false,"code":"key-0123456789","msg":"no such key: key-0123456789"}"#;
    let some = format!(r#"[{LEAK},{{"success":true}}]"#);
    let all = format!("[{LEAK}]");
    let response = send(&CANCEL, [respond(200, some)]).await.0.unwrap();
    let error = send(&CANCEL, [respond(200, all)]).await.0.unwrap_err();
    for element in response.failed_elements().iter().chain(error.failed_elements()) {
        let texts = [format!("{element} {element:?} {:?} {:?}", element.code(), element.message())];
        assert!(!texts[0].contains("0123456789"), "{texts:?}");
        assert_eq!((element.code(), element.message()), (Some("***"), Some("no such key: ***")));
        assert_eq!(element.json().get(), LEAK);
    }
}

static ALL_OF: Operation = Operation::http("placeAllOrders", Method::Post, "/orders")
    .with_body(true)
    .with_idempotent(Idempotent::Always)
    .with_gone_codes(&[CodeRule::new("-2")])
    .with_batch(Batch::new("/orders", "/responses"))
    .with_failed_when(&[
        Condition::equals("/responses/*/status", r#""REJECTED""#),
        Condition::equals("/refused", "true"),
    ]);

async fn place_two(steps: impl IntoIterator<Item = Step>) -> Result<Response<Value>, Error> {
    let script = Script::new(steps);
    let retry = Retry::default().attempts(2).backoff(Duration::ZERO, Duration::ZERO);
    let client = builder_of(&VENUE, &script).retry(retry).build().unwrap();
    let body = serde_json::json!({"orders": [{"id": "a"}, {"id": "b"}]});
    RequestBuilder::new(&client, &ALL_OF).set_body(&body).send::<Value>().with_response().await
}

/// The venue may have placed an order about which it says nothing.
#[tokio::test(start_paused = true)]
async fn an_order_that_the_response_lacks_is_not_refused() {
    use Outcome::{Refused, Unknown};
    const NO: &str = r#"{"status":"REJECTED"}"#;
    for (count, expected) in [(0, Unknown), (1, Unknown), (2, Refused), (3, Unknown)] {
        let body = format!(r#"{{"responses":[{}]}}"#, vec![NO; count].join(","));
        // An attempt of unknown outcome is repeated, with the same result.
        let error = place_two([respond(200, body.clone()), respond(200, body)]).await.unwrap_err();
        assert_eq!(error.outcome(), expected, "{error}");
        let counts = error.element_counts().unwrap();
        assert_eq!((counts.sent(), counts.received(), counts.are_equal()), (2, count, count == 2));
        assert!(error.failed_elements().iter().all(|element| element.index() < count));
        assert_eq!(error.to_string().contains("for the 2 of the request"), count != 2, "{error}");
        assert_eq!(format!("{error:?}").contains("element_counts"), count != 2, "{error:?}");
    }
    for missing in ["{}", r#"{"responses":null}"#] {
        let error = place_two([respond(200, missing), respond(200, missing)]).await.unwrap_err();
        assert_eq!(error.outcome(), Unknown, "{error}");
        assert!(error.is_decode() && error.to_string().contains("the response has 0 elements"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_in_the_elements_that_came_does_not_speak_for_those_that_are_missing() {
    let gone = r#"{"responses":[{"status":"REJECTED","code":-2}]}"#;
    let error = place_two([respond(503, ""), respond(200, gone)]).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert_eq!(outcomes(error.failed_elements()), [(0, Outcome::Gone)]);
    let both = r#"{"responses":[{"status":"REJECTED","code":-2},{"status":"REJECTED","code":-2}]}"#;
    let error = place_two([respond(503, ""), respond(200, both)]).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Gone, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_the_whole_request_has_no_elements_to_count() {
    for body in [r#"{"refused":true}"#, r#"{"refused":true,"responses":[]}"#] {
        let error = place_two([respond(200, body)]).await.unwrap_err();
        assert_eq!((error.outcome(), error.element_counts()), (Outcome::Refused, None), "{error}");
    }
    let error = place_two([respond(400, r#"{"responses":[]}"#)]).await.unwrap_err();
    assert_eq!((error.outcome(), error.element_counts()), (Outcome::Refused, None), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_success_says_how_many_elements_were_sent_and_received() {
    for count in 1..4 {
        let good = vec![r#"{"status":"NEW"}"#; count].join(",");
        let response = place_two([respond(200, format!(r#"{{"responses":[{good}]}}"#))]).await.unwrap();
        let counts = response.element_counts().unwrap();
        assert_eq!((counts.sent(), counts.received(), counts.are_equal()), (2, count, count == 2));
        assert!(response.failed_elements().is_empty());
        assert_eq!(format!("{response:?}").contains("element_counts"), count != 2, "{response:?}");
        assert_eq!(response.map(|_| ()).element_counts(), Some(counts));
    }
    // Without the statement of the spec, nothing is counted.
    let response = place(r#"{"responses":[{"status":"NEW"}]}"#).await.unwrap();
    assert_eq!(response.element_counts(), None);
}
