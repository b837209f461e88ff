//! The mock of a venue without a profile checks that a call carries credentials.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use support::{last_refusal, request};
use venuekit::Client;
use venuekit::meta::{
    AnyCall, AnyClient, ArgumentError, Arguments, Example, ExampleOf, OperationMeta, ParameterMeta, SchemeMeta,
    VenueMeta,
};
use venuekit::operation::{Method, Operation, Parameter, ParameterIn, Security, Venue};
use venuekit::wire::{Json, Same};
use venuekit_mock::{MockVenue, Refusal};

const fn signed(operation: Operation, schemes: &'static [&'static [&'static str]]) -> Operation {
    operation.with_security(Security::Signed).with_schemes(schemes)
}

static VENUE: Venue = Venue::new("acme", "venuekit-acme", "0.1.0").with_errors_at(&["/error/id"], &["/error/text"]);
static TIME: Operation = Operation::http("getTime", Method::Get, "/time");
static ORDERS: Operation = signed(Operation::http("getOrders", Method::Get, "/orders"), &[&["key", "sign"]]);
static FILLED: Operation = signed(Operation::http("place", Method::Post, "/orders"), &[&["query"]]);
static EITHER: Operation =
    signed(Operation::http("getAccount", Method::Get, "/account"), &[&["login"], &["token"], &["session"]]);
static META: VenueMeta = VenueMeta::new(&VENUE, "acme.yaml", connect)
    .with_operations(&[
        OperationMeta::new(&TIME, "get_time"),
        OperationMeta::new(&ORDERS, "get_orders"),
        OperationMeta::new(&FILLED, "place"),
        OperationMeta::new(&EITHER, "get_account").with_statuses(&[("403", "No credentials."), ("404", "Unknown.")]),
    ])
    .with_security_schemes(&[
        SchemeMeta::header("key", "X-Key"),
        SchemeMeta::header("sign", "X-Sign").with_signature(),
        SchemeMeta::query("query", "signature").with_signature().with_fills(&["timestamp"]),
        SchemeMeta::basic("login"),
        SchemeMeta::bearer("token"),
        SchemeMeta::cookie("session", "sid"),
    ])
    .with_examples(&[Example::new::<Json, Same>(
        "/example",
        ExampleOf::response("getAccount", "403"),
        r#"{"error":{"id":"E7","text":"No credentials."}}"#,
    )]);

static RPC: Venue = Venue::new("acme-rpc", "venuekit-acme-rpc", "0.1.0").with_base_path("/rpc");
static BY_NAME: Operation = signed(Operation::json_rpc("named", "named"), &[&["sign"]])
    .with_parameters(&[Parameter::optional("a", ParameterIn::Name)]);
static BY_POSITION: Operation = signed(Operation::json_rpc("listed", "listed"), &[&["sign"]])
    .with_parameters(&[Parameter::required("a", ParameterIn::Position)]);
static RPC_META: VenueMeta = VenueMeta::new(&RPC, "acme-rpc.yaml", connect)
    .with_operations(&[
        OperationMeta::new(&BY_NAME, "named").with_parameters(&[ParameterMeta::new("a", "a", r#"{"type":"string"}"#)]),
        OperationMeta::new(&BY_POSITION, "listed").with_parameters(&[ParameterMeta::new(
            "a",
            "a",
            r#"{"type":"string"}"#,
        )]),
    ])
    .with_security_schemes(&[SchemeMeta::query("sign", "signature").with_signature().with_fills(&["timestamp"])]);

#[derive(Debug)]
struct NoClient;

impl AnyClient for NoClient {
    fn meta(&self) -> &'static VenueMeta {
        &META
    }

    fn call(&self, operation: &str, _: Arguments) -> Result<AnyCall, ArgumentError> {
        Err(ArgumentError::unknown_operation(&VENUE, operation))
    }
}

fn connect(_: Client) -> Box<dyn AnyClient> {
    Box::new(NoClient)
}

#[tokio::test]
async fn a_call_without_credentials_is_refused_in_the_form_of_the_document() {
    let mock = MockVenue::builder_for(&META).start().await.unwrap();
    let (status, body) = request(&mock, "GET", "/orders", "", "").await;
    let why = "the call carries no credentials (expected the header `X-Key` or the header `X-Sign`)";
    assert_eq!((status, body), (401, format!(r#"{{"error":{{"id":401,"text":"{why}"}}}}"#)));
    assert_eq!(last_refusal(&mock), Some((Refusal::MissingKey, why.to_owned(), None)));
    // The status and the example of the document come first.
    let documented = r#"{"error":{"id":"E7","text":"No credentials."}}"#;
    assert_eq!(request(&mock, "GET", "/account", "", "").await, (403, documented.to_owned()));
}

#[tokio::test]
async fn a_call_with_anything_that_its_schemes_add_is_carried_out() {
    let mock = MockVenue::builder_for(&META).start().await.unwrap();
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    for (method, target, headers, body) in [
        ("GET", "/time", "", ""),
        ("GET", "/orders", "x-key: abc\r\n", ""),
        ("GET", "/orders", "X-Sign: abc\r\n", ""),
        ("POST", "/orders?signature=abc", "", ""),
        ("POST", "/orders?timestamp=1", "", ""),
        ("POST", "/orders", "timestamp: 1\r\n", ""),
        ("GET", "/account", "Authorization: Basic YTpi\r\n", ""),
        ("GET", "/account", "authorization: bearer abc\r\n", ""),
        ("GET", "/account", "Cookie: other=1; sid=abc\r\n", ""),
    ] {
        let (status, response) = request(&mock, method, target, headers, body).await;
        assert_eq!(status, 204, "{method} {target} {headers}: {response}");
    }
    for (target, headers, body) in [
        ("/orders", form, "signature=abc"),
        ("/orders", "Content-Type: application/json\r\n", r#"{"signature":"abc"}"#),
    ] {
        // The operation has no body, so only its credentials are in question.
        let _ = request(&mock, "POST", target, headers, body).await;
        assert_eq!(last_refusal(&mock).map(|(refusal, ..)| refusal), Some(Refusal::BadBody), "{body}");
    }
}

#[tokio::test]
async fn an_empty_or_another_credential_is_none() {
    let mock = MockVenue::builder_for(&META).start().await.unwrap();
    for (method, target, headers) in [
        ("GET", "/orders", "X-Key: \r\n"),
        ("GET", "/orders?X-Key=abc", ""),
        ("POST", "/orders?signature=", "X-Key: abc\r\n"),
        ("GET", "/account", "Authorization: Digest abc\r\n"),
        ("GET", "/account", "Authorization: Basic \r\n"),
        ("GET", "/account?sid=abc", ""),
    ] {
        let _ = request(&mock, method, target, headers, "").await;
        assert_eq!(last_refusal(&mock).map(|(refusal, ..)| refusal), Some(Refusal::MissingKey), "{target} {headers}");
    }
}

#[tokio::test]
async fn a_signer_adds_parameters_to_calls_of_json_rpc() {
    let mock = MockVenue::builder_for(&RPC_META).start().await.unwrap();
    for (method, params, is_accepted) in [
        ("named", r#"{"a":"b"}"#, false),
        ("named", r#"{"a":"b","timestamp":1,"signature":"c"}"#, true),
        ("named", r#"{"a":"b","signature":"c","color":"d"}"#, false),
        ("listed", r#"["a"]"#, false),
        ("listed", r#"["a",1,"b"]"#, true),
        ("listed", r#"["a",1,"b","c"]"#, false),
    ] {
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#);
        let (status, response) = request(&mock, "POST", "/rpc", "", &body).await;
        assert_eq!(last_refusal(&mock).is_none(), is_accepted, "{method} {params}: {status} {response}");
    }
    let (_, body) =
        request(&mock, "POST", "/rpc", "", r#"{"jsonrpc":"2.0","id":1,"method":"named","params":{}}"#).await;
    assert!(
        body.starts_with(r#"{"jsonrpc":"2.0","error":{"code":401,"message":"the call carries no credentials"#),
        "{body}"
    );
}

#[tokio::test]
async fn the_log_of_a_mock_without_a_profile_begins_with_what_it_does_not_check() {
    let mock = MockVenue::builder_for(&META).start().await.unwrap();
    let first = mock.log().into_iter().next().unwrap();
    assert!(
        first.starts_with("acme: no profile of this venue") && first.contains("no signature is checked"),
        "{first}"
    );
    let known = MockVenue::builder("jex-spot").start().await.unwrap();
    assert_eq!(known.log(), Vec::<String>::new());
}
