//! The setting `check_bounds`: values outside the bounds of the spec are refused before sending.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::{Value, json};
use support::{Script, builder, respond};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{Bounds, Method, Operation, Parameter, ParameterIn};
use venuekit::wire::Json;
use venuekit::{Client, Error, ErrorKind, Outcome};

static TAG: Bounds = Bounds::new().with_min_length(1).with_max_length(5).with_max_bytes(6);
static IDS: Bounds = Bounds::new().with_min_items(1).with_max_items(2).with_elements(&ID);
static ID: Bounds = Bounds::new().with_minimum("1");
static RATE: Bounds = Bounds::new().with_exclusive_minimum("0").with_exclusive_maximum("0.3").with_multiple_of("0.05");
static LIMIT: Bounds = Bounds::new().with_minimum("1").with_maximum("9007199254740992").with_default("5");
static EITHER: Bounds = Bounds::new().with_minimum("5").with_max_length(3);
static ORDERS: Bounds = Bounds::new().with_max_items(2).with_elements(&ORDER);
static ORDER: Bounds = Bounds::new().with_members(&[
    ("price", &RATE),
    ("tag", &TAG),
    ("legs", &ORDERS),
    ("notes", &Bounds::new().with_values(&TAG)),
    ("level", &Bounds::new().with_columns(&[(1, &RATE)])),
]);

const PARAMETERS: &[Parameter] = &[
    Parameter::optional("limit", ParameterIn::Query).with_bounds(&LIMIT),
    Parameter::optional("tag", ParameterIn::Header).with_bounds(&TAG),
    Parameter::optional("ids", ParameterIn::Query).with_bounds(&IDS),
    Parameter::optional("rate", ParameterIn::QueryJoined).with_bounds(&RATE),
    Parameter::optional("either", ParameterIn::Query).with_bounds(&EITHER),
    Parameter::optional("free", ParameterIn::Query),
];
const POSITIONS: &[Parameter] = &[
    Parameter::optional("order", ParameterIn::Position).with_bounds(&ORDER),
    Parameter::optional("ids", ParameterIn::Rest).with_bounds(&IDS),
];

static GET: Operation = Operation::http("getOrders", Method::Get, "/orders").with_parameters(PARAMETERS);
static PLACE: Operation =
    Operation::http("placeOrders", Method::Post, "/orders").with_body(true).with_body_bounds(&ORDERS);
static RPC: Operation = Operation::rpc("order.put", "order.put").with_parameters(POSITIONS);
static CANCEL: Operation = Operation::http("cancelOrders", Method::Delete, "/orders")
    .with_parameters(PARAMETERS)
    .with_body(false)
    .with_body_bounds(&ORDERS)
    .with_cancels();

fn client(script: &Script, checks: bool) -> Client {
    builder(script).check_bounds(checks).build().unwrap()
}

/// Returns a request of an operation with some values by name.
fn request(client: &Client, operation: &'static Operation, values: &Value) -> RequestBuilder {
    let mut request = RequestBuilder::new(client, operation);
    for (name, value) in values.as_object().unwrap() {
        let position = operation.parameters().iter().position(|parameter| parameter.name() == name);
        let value = Json::parse(value.to_string()).unwrap();
        request = match position {
            Some(position) => request.set(position, &value),
            None => request.set_body(&value),
        };
    }
    request
}

/// Returns the error of a call that is refused before it is sent.
async fn refused(operation: &'static Operation, values: Value) -> Error {
    let script = Script::new([]);
    let error = request(&client(&script, true), operation, &values).send::<Value>().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent), "{values}: {error}");
    assert!(script.sent().is_empty());
    error
}

#[tokio::test(start_paused = true)]
async fn a_value_outside_its_bounds_is_not_sent_and_the_error_names_value_and_bound() {
    for (values, reason) in [
        (json!({"limit": 0}), "`limit` is 0 (expected at least 1)"),
        (
            json!({"limit": 9_007_199_254_740_993_u64}),
            "`limit` is 9007199254740993 (expected at most 9007199254740992)",
        ),
        (json!({"tag": ""}), "`tag` is \"\" with 0 characters (expected at least 1 character)"),
        (json!({"tag": "abcdef"}), "`tag` is \"abcdef\" with 6 characters (expected at most 5 characters)"),
        (json!({"tag": "€€€"}), "`tag` is \"€€€\" with 9 bytes (expected at most 6 bytes)"),
        (json!({"ids": []}), "`ids` is a list of 0 elements (expected at least 1 element)"),
        (json!({"ids": [1, 2, 3]}), "`ids` is a list of 3 elements (expected at most 2 elements)"),
        (json!({"ids": [1, 0]}), "`/1` in `ids` is 0 (expected at least 1)"),
        (json!({"rate": 0}), "`rate` is 0 (expected more than 0)"),
        (json!({"rate": 0.3}), "`rate` is 0.3 (expected less than 0.3)"),
        (json!({"rate": 0.11}), "`rate` is 0.11 (expected a multiple of 0.05)"),
        (json!({"either": 4}), "`either` is 4 (expected at least 5)"),
        (json!({"either": "abcd"}), "`either` is \"abcd\" with 4 characters (expected at most 3 characters)"),
    ] {
        let error = refused(&GET, values).await.to_string();
        assert!(error.contains(reason), "{error}");
        assert!(error.contains("; help: change it, or turn `check_bounds` off"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_value_in_a_body_or_a_position_is_named_by_its_json_pointer() {
    for (operation, values, reason) in [
        (&PLACE, json!({"body": [{"price": 0.4}]}), "`/0/price` in the body is 0.4 (expected less than 0.3)"),
        (&PLACE, json!({"body": [{}, {}, {}]}), "the body is a list of 3 elements"),
        (&PLACE, json!({"body": [{"legs": [{"tag": "abcdef"}]}]}), "`/0/legs/0/tag` in the body is \"abcdef\""),
        (&PLACE, json!({"body": [{"notes": {"a/b": ""}}]}), "`/0/notes/a~1b` in the body is \"\""),
        (&PLACE, json!({"body": [{"level": [9, 9]}]}), "`/0/level/1` in the body is 9"),
        (&RPC, json!({"order": {"price": 0}}), "`/price` in `order` is 0 (expected more than 0)"),
        (&RPC, json!({"ids": [1, 2, 3]}), "`ids` is a list of 3 elements"),
        (&RPC, json!({"ids": [0]}), "`/0` in `ids` is 0"),
    ] {
        let error = refused(operation, values).await.to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_error_names_several_violations_and_counts_the_others() {
    let tag = "x".repeat(5000);
    let values = json!({"limit": 0, "tag": tag, "ids": [0, 0, 0], "rate": 7.01});
    let error = refused(&GET, values).await.to_string();
    assert!(error.contains("`limit` is 0") && error.contains("`tag` is \"xxx"), "{error}");
    assert!(error.contains("; and 4 more; help: change it, or turn `check_bounds` off"), "{error}");
    assert!(!error.contains(&"x".repeat(25)), "{error}");
}

#[tokio::test(start_paused = true)]
async fn values_within_their_bounds_and_values_that_the_spec_does_not_bound_are_sent() {
    for (operation, values) in [
        (&GET, json!({"limit": 1, "tag": "é€", "ids": [1, 2], "rate": 0.25, "either": "12", "free": "x".repeat(99)})),
        (&GET, json!({"limit": 9_007_199_254_740_992_u64, "either": "abc", "rate": 0.05})),
        (&GET, json!({})),
        (&PLACE, json!({"body": [{"price": 0.1, "tag": null, "other": -1}, {"legs": []}]})),
        (&RPC, json!({"order": {"price": 0.1}, "ids": [1]})),
    ] {
        // In a query, the text "12" looks like a number, and is checked as a number.
        let rpc = r#"{"id":1,"result":1,"error":null}"#;
        let script = Script::new([respond(200, if operation.route().rpc_method().is_some() { rpc } else { "1" })]);
        let result = request(&client(&script, true), operation, &values).send::<Value>().await;
        assert!(result.is_ok(), "{values}: {result:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancel_with_values_outside_their_bounds_is_sent() {
    let script = Script::new([respond(200, "1")]);
    let values = json!({"limit": 0, "tag": "abcdefgh", "body": [{"price": 9}]});
    request(&client(&script, true), &CANCEL, &values).send::<Value>().await.unwrap();
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn bounds_are_not_checked_by_default() {
    let script = Script::new([respond(200, "1"), respond(200, "1")]);
    let values = json!({"limit": 0});
    request(&builder(&script).build().unwrap(), &GET, &values).send::<Value>().await.unwrap();
    request(&client(&script, false), &GET, &values).send::<Value>().await.unwrap();
}
