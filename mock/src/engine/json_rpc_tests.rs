//! Tests of a JSON-RPC 2.0 venue without a profile.
#![allow(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::net::{IpAddr, Ipv4Addr};

use serde_json::{Value, json};
use venuekit::meta::{AnyCall, AnyClient, ArgumentError, Arguments, OperationMeta, ParameterMeta};
use venuekit::operation::{Operation, Parameter, ParameterIn, Venue};
use venuekit::{Client, SystemClock};

use super::*;

const INTEGER: &str = r#"{"type":"integer"}"#;

static VENUE: Venue = Venue::new("tiny-rpc", "venuekit-tiny-rpc", "0.1.0").with_base_path("/rpc");
static LIST: Operation = Operation::json_rpc("pet.list", "pet.list").with_parameters(&[
    Parameter::required("owner", ParameterIn::Name),
    Parameter::optional("limit", ParameterIn::Name),
]);
static BLOCK: Operation = Operation::json_rpc("block", "eth_getBlock").with_parameters(&[
    Parameter::required("number", ParameterIn::Position),
    Parameter::optional("full", ParameterIn::Position),
]);
static CLICKED: Operation = Operation::notification("clicked", "link_clicked");
static META: VenueMeta = VenueMeta::new(&VENUE, "specs/tiny-rpc.yaml", connect).with_operations(&[
    OperationMeta::new(&LIST, "pet_list")
        .with_parameters(&[
            ParameterMeta::new("owner", "owner", r#"{"type":"string"}"#),
            ParameterMeta::new("limit", "limit", INTEGER),
        ])
        .with_response_schema(INTEGER),
    OperationMeta::new(&BLOCK, "block")
        .with_parameters(&[
            ParameterMeta::new("number", "number", INTEGER),
            ParameterMeta::new("full", "full", r#"{"type":"boolean"}"#),
        ])
        .with_response_schema(INTEGER),
    OperationMeta::new(&CLICKED, "clicked"),
]);

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

/// Returns the status and the body of the response to a request.
fn respond(body: &Value) -> (u16, Value) {
    let setup = Setup {
        prefix: String::new(),
        keys: Keys::new(),
        seed: 0,
        clock: Arc::new(SystemClock),
        offset: 0,
        live_time: false,
        counterparty: None,
        shares: None,
        sockets: Vec::new(),
        markets: Vec::new(),
        limits: true,
        capacity: 10,
        log: Arc::new(Log::new(None)),
    };
    let engine = Engine::new(&META, setup);
    let head = Head::new(IpAddr::V4(Ipv4Addr::LOCALHOST), "POST", "/rpc", "");
    let response = engine.respond(&Request { head, body: body.to_string().into_bytes() }, &[]);
    (response.status, serde_json::from_slice(&response.body).unwrap_or(Value::Null))
}

#[test]
fn calls_by_name_and_by_position_get_a_result_with_their_id() {
    for (method, params) in [
        ("pet.list", json!({"owner": "a"})),
        ("pet.list", json!({"limit": 5, "owner": "a"})),
        ("eth_getBlock", json!([1])),
        ("eth_getBlock", json!([1, true])),
    ] {
        for id in [json!(7), json!("x")] {
            let (status, body) = respond(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
            assert_eq!((status, &body["jsonrpc"], &body["id"]), (200, &json!("2.0"), &id), "{method} {params}");
            assert!(body["result"].is_i64() && body.get("error").is_none(), "{body}");
        }
    }
}

#[test]
fn parameters_that_do_not_fit_are_refused_with_the_code_of_the_standard() {
    for (method, params, code) in [
        ("pet.list", json!(["a"]), -32602),
        ("pet.list", json!({"limit": 5}), -32602),
        ("pet.list", json!({"owner": "a", "color": "b"}), -32602),
        ("pet.list", json!({"owner": 5}), -32602),
        ("eth_getBlock", json!({"number": 1}), -32602),
        ("eth_getBlock", json!([]), -32602),
        ("eth_getBlock", json!(["a"]), -32602),
        ("eth_getNothing", json!([]), -32601),
    ] {
        let (_, body) = respond(&json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params}));
        assert_eq!((&body["error"]["code"], &body["id"]), (&json!(code), &json!(7)), "{method} {params}: {body}");
    }
}

#[test]
fn a_notification_has_no_id_and_gets_no_content() {
    assert_eq!(respond(&json!({"jsonrpc": "2.0", "method": "link_clicked", "params": []})), (204, Value::Null));
    assert_eq!(respond(&json!({"jsonrpc": "2.0", "method": "link_clicked"})), (204, Value::Null));
    for body in [
        json!({"jsonrpc": "2.0", "id": 1, "method": "link_clicked", "params": []}),
        json!({"jsonrpc": "2.0", "method": "eth_getBlock", "params": [1]}),
        json!({"id": 1, "method": "eth_getBlock", "params": [1]}),
    ] {
        assert_eq!(respond(&body).1["error"]["code"], json!(-32600), "{body}");
    }
}
