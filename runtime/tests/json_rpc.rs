//! Calls of JSON-RPC 2.0 over a real socket. `serde_json` decodes the requests.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use serde_json::{Value, json};
use support::{LONG, ScriptedResponse, Server};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Operation, Parameter, ParameterIn, Venue};
use venuekit::{Client, ClientBuilder, Error, ErrorKind, Outcome};

static VENUE: Venue = Venue::new("rpc", "venuekit-rpc", "0.1.0").with_refused_codes(&[CodeRule::new("-32001")]);

static BY_POSITION: Operation = Operation::json_rpc("transfer", "acct_transfer").with_parameters(&[
    Parameter::required("to", ParameterIn::Position),
    Parameter::optional("memo", ParameterIn::Position),
    Parameter::optional("at", ParameterIn::Position),
]);
static BY_NAME: Operation = Operation::json_rpc("list", "pet.list").with_parameters(&[
    Parameter::optional("tag \"x\"", ParameterIn::Name),
    Parameter::optional("limit", ParameterIn::Name),
]);
static PLAIN: Operation = Operation::json_rpc("chainId", "eth_chainId");
static BARE: Operation = Operation::rpc("last", "market.last");
static NOTE: Operation = Operation::notification("clicked", "link_clicked")
    .with_parameters(&[Parameter::optional("href", ParameterIn::Position)]);

async fn start(response: ScriptedResponse) -> (Client, Server) {
    let server = Server::start(response).await;
    let client = ClientBuilder::for_venue(&VENUE).base_url(server.url()).timeout(LONG).build().unwrap();
    (client, server)
}

/// Sends a call, and returns the body of its request.
async fn sent(build: impl Fn(&Client) -> RequestBuilder) -> Value {
    let (client, server) = start(ScriptedResponse::json(200, r#"{"jsonrpc":"2.0","result":1,"id":1}"#)).await;
    assert_eq!(build(&client).send::<u32>().await.unwrap(), 1);
    let request = server.only_request();
    assert!(request.line.starts_with("POST "), "{}", request.line);
    assert_eq!(request.header("content-type"), Some("application/json"));
    serde_json::from_str(&request.body).unwrap()
}

async fn error(operation: &'static Operation, status: u16, body: &str) -> Error {
    let (client, _server) = start(ScriptedResponse::json(status, body)).await;
    RequestBuilder::new(&client, operation).send::<u32>().await.unwrap_err()
}

#[tokio::test]
async fn positions_that_are_left_out_are_null_in_the_middle_and_omitted_at_the_end() {
    let call = |client: &Client| RequestBuilder::new(client, &BY_POSITION).set(0, "0xa");
    let envelope = |params: Value| json!({"jsonrpc": "2.0", "id": 1, "method": "acct_transfer", "params": params});
    assert_eq!(sent(call).await, envelope(json!(["0xa"])));
    assert_eq!(sent(|client| call(client).set(2, &5)).await, envelope(json!(["0xa", null, 5])));
    assert_eq!(sent(|client| call(client).set(1, "")).await, envelope(json!(["0xa", ""])));
}

#[tokio::test]
async fn names_that_are_left_out_are_omitted_and_others_are_escaped() {
    let call = |client: &Client| RequestBuilder::new(client, &BY_NAME);
    let envelope = |params: Value| json!({"jsonrpc": "2.0", "id": 1, "method": "pet.list", "params": params});
    assert_eq!(sent(call).await, envelope(json!({})));
    assert_eq!(sent(|client| call(client).set(1, &10)).await, envelope(json!({"limit": 10})));
    let both = sent(|client| call(client).set(0, "ü\n").set(1, &Value::Null)).await;
    assert_eq!(both, envelope(json!({"tag \"x\"": "ü\n", "limit": null})));
}

#[tokio::test]
async fn a_method_without_parameters_has_an_empty_list() {
    let envelope = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []});
    assert_eq!(sent(|client| RequestBuilder::new(client, &PLAIN)).await, envelope);
    let envelope = json!({"id": 1, "method": "market.last", "params": []});
    assert_eq!(sent(|client| RequestBuilder::new(client, &BARE)).await, envelope);
}

#[tokio::test]
async fn a_notification_has_no_id_and_needs_no_response() {
    for response in [
        ScriptedResponse::new(204, ""),
        ScriptedResponse::new(200, ""),
        ScriptedResponse::new(202, "accepted"),
        ScriptedResponse::json(200, r#"{"jsonrpc":"2.0","result":null,"id":null}"#),
    ] {
        let (client, server) = start(response).await;
        RequestBuilder::new(&client, &NOTE).set(0, "https://a").send_unit().await.unwrap();
        let body: Value = serde_json::from_str(&server.only_request().body).unwrap();
        assert_eq!(body, json!({"jsonrpc": "2.0", "method": "link_clicked", "params": ["https://a"]}));
    }
}

#[tokio::test]
async fn an_error_in_response_to_a_notification_is_an_error() {
    for (status, body, outcome) in [
        (200, r#"{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":null}"#, Outcome::Refused),
        (200, r#"{"jsonrpc":"2.0","error":{"code":-32603,"message":"no"},"id":null}"#, Outcome::Unknown),
        (200, r#"{"error":"no"}"#, Outcome::Unknown),
        (404, "", Outcome::Refused),
        (500, "", Outcome::Unknown),
    ] {
        let (client, _server) = start(ScriptedResponse::json(status, body)).await;
        let error = RequestBuilder::new(&client, &NOTE).send_unit().await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{status} {body}");
    }
}

#[tokio::test]
async fn an_error_keeps_its_code_message_and_data() {
    let data = r#"{"reason":"0x08c3","price":1.230000000000000000000001}"#;
    let body = format!(r#"{{"jsonrpc":"2.0","error":{{"code":3,"message":"reverted","data":{data}}},"id":1}}"#);
    let error = error(&PLAIN, 200, &body).await;
    let found = error.api_error().unwrap();
    assert_eq!((found.code(), found.message(), found.data()), (Some("3"), Some("reverted"), Some(data)));
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Venue, Outcome::Refused));
}

#[tokio::test]
async fn an_error_without_data_has_none() {
    for rest in ["", r#","data":null"#] {
        let body = format!(r#"{{"jsonrpc":"2.0","error":{{"code":3,"message":"no"{rest}}},"id":1}}"#);
        assert_eq!(error(&PLAIN, 200, &body).await.api_error().unwrap().data(), None);
    }
}

#[tokio::test]
async fn an_error_inside_the_server_leaves_the_outcome_unknown_unless_the_spec_calls_it_a_refusal() {
    for (code, outcome) in [
        (-32700, Outcome::Refused),
        (-32600, Outcome::Refused),
        (-32601, Outcome::Refused),
        (-32602, Outcome::Refused),
        (-32603, Outcome::Unknown),
        (-32000, Outcome::Unknown),
        (-32099, Outcome::Unknown),
        (-32001, Outcome::Refused),
        (-32100, Outcome::Refused),
        (-31999, Outcome::Refused),
        (24, Outcome::Refused),
    ] {
        let body = format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"no"}},"id":1}}"#);
        assert_eq!(error(&PLAIN, 200, &body).await.outcome(), outcome, "{code}");
    }
    // Before version 2.0 the standard reserves no codes.
    let body = r#"{"error":{"code":-32000,"message":"no"},"result":null,"id":1}"#;
    assert_eq!(error(&BARE, 200, body).await.outcome(), Outcome::Refused);
}

#[tokio::test]
async fn a_response_to_another_request_and_one_without_a_result_are_errors_that_say_so() {
    for (body, message) in [
        (r#"{"jsonrpc":"2.0","result":1,"id":2}"#, "the response is to a request of another id"),
        (r#"{"jsonrpc":"2.0","result":1,"id":"1"}"#, "the response is to a request of another id"),
        (r#"{"jsonrpc":"2.0","id":1}"#, "the response has neither a result nor an error"),
        (r#"{"jsonrpc":"2.0","result":1}"#, "the response does not name its request"),
        ("[]", "the response is not a JSON-RPC envelope"),
        ("", "the response is not a JSON-RPC envelope"),
    ] {
        let error = error(&PLAIN, 200, body).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown), "{body}");
        assert!(error.to_string().contains(message), "{error}");
    }
}
