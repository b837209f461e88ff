//! JSON, text and bytes as bodies and as responses, over a socket.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use bytes::Bytes;
use serde_json::{Value, json};
use support::{ScriptedResponse, Server, TestClock, TestSigner};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{BodyContent, ErrorType, Method, Operation, ResponseContent, Security};
use venuekit::wire::{Base64, DecimalNumber, Json, Same};
use venuekit::{Client, ClientBuilder, Decimal, ErrorKind, Outcome, Retry};

const fn post(id: &'static str) -> Operation {
    Operation::http(id, Method::Post, "/it").with_body(false).with_security(Security::Signed)
}

static PATCH: Operation = post("patch").with_content(BodyContent::Json("application/merge-patch+json"));
static BYTES: Operation = post("bytes")
    .with_content(BodyContent::Bytes("application/octet-stream"))
    .with_response(ResponseContent::Bytes, "image/png");
static TEXT: Operation =
    post("text").with_content(BodyContent::Text("text/plain")).with_response(ResponseContent::Text, "text/csv");
static SEVERAL: Operation = post("several")
    .with_successes(&[("200", true), ("201", true), ("202", true), ("204", false), ("2XX", true)])
    .with_error_types(&[ErrorType::new::<Value>("404"), ErrorType::new::<Fault>("4XX")]);
static MAYBE: Operation = post("maybe").with_successes(&[("200", true), ("204", false)]);
static MOVED: Operation = post("moved").with_successes(&[("302", false)]);

#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(remote = "Self")]
struct Note {
    key: Base64,
    #[serde(skip)]
    others: BTreeMap<String, Json>,
}

venuekit::impl_object!(Note, others = others: Same);

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Fault {
    code: i64,
}

venuekit::by_status! {
    /// The responses.
    pub enum Several {
        /// Filled.
        "200" => Status200: json(Vec<Decimal> as Vec<DecimalNumber>),
        /// Placed.
        "201" => Status201: text,
        /// A file.
        "202" => Status202: bytes,
        /// Nothing.
        "204" => Status204,
        /// Anything else.
        "2XX" => Status2xx: json(i64 as Same),
    }
}

fn client(server: &Server) -> Client {
    static VENUE: venuekit::operation::Venue =
        venuekit::operation::Venue::new("test-venue", "venuekit-test-venue", "0.1.0").with_errors_at(&["/code"], &[]);
    ClientBuilder::for_venue(&VENUE)
        .base_url(server.url())
        .http(support::http())
        .signer(TestSigner::new())
        .clock(TestClock::right())
        .retry(Retry::never())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_body_goes_out_as_it_is_with_its_media_type() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server);
    let bytes = b"\xff\x00{}\r\n--x".to_vec();
    RequestBuilder::new(&client, &PATCH).set_body(&json!({"a": 1})).send_unit().await.unwrap();
    let request = server.take_request();
    assert_eq!(request.header("content-type"), Some("application/merge-patch+json"));
    assert_eq!(request.body, r#"{"a":1}"#);
    assert_eq!(request.header("accept"), Some("application/json"));

    RequestBuilder::new(&client, &BYTES).set_bytes_body(bytes.clone()).send_bytes().await.unwrap();
    let request = server.take_request();
    assert_eq!((&request.bytes, request.header("content-type")), (&bytes, Some("application/octet-stream")));
    assert_eq!(request.header("accept"), Some("image/png"));

    RequestBuilder::new(&client, &TEXT).set_text_body("{é}").send_text().await.unwrap();
    let request = server.take_request();
    assert_eq!((request.body.as_str(), request.header("content-type")), ("{é}", Some("text/plain")));

    // An empty body is sent with its media type. Without a body, no media type is sent.
    RequestBuilder::new(&client, &TEXT).set_text_body("").send_text().await.unwrap();
    assert_eq!(server.take_request().header("content-type"), Some("text/plain"));
    RequestBuilder::new(&client, &TEXT).set_optional_text_body(None::<String>).send_text().await.unwrap();
    assert_eq!(server.take_request().header("content-type"), None);
}

#[tokio::test]
async fn members_of_other_names_go_over_the_wire_and_come_back_as_they_were_sent() {
    let json = r#"{"key":"+//+AA","a":1.2345678901234567e-15,"b":{ "c": 1.10 },"d":null}"#;
    let server = Server::start(ScriptedResponse::json(200, json)).await;
    let client = client(&server);
    let note = Note {
        key: Base64::from(b"hi"),
        others: BTreeMap::from([("n".to_owned(), Json::parse("1e400").unwrap()), ("a b".to_owned(), Json::null())]),
    };
    let call = || RequestBuilder::new(&client, &PATCH);
    let read = call().set_body(&note).send_as::<Note, Same>().await.unwrap();
    assert_eq!(server.take_request().body, r#"{"key":"aGk=","a b":null,"n":1e400}"#);
    assert_eq!(&read.key.to_bytes().unwrap()[..], b"\xfb\xff\xfe\x00");
    call().set_body(&read).send_unit().await.unwrap();
    assert_eq!(server.take_request().body, json);
    // The object would have two members of one name.
    let twice = Note { others: BTreeMap::from([("key".to_owned(), Json::null())]), ..note };
    let error = call().set_body(&twice).send_unit().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("`key` is among the properties of other names"), "{error}");
}

#[tokio::test]
async fn text_and_bytes_are_read_as_they_come() {
    let server = Server::start(ScriptedResponse::new(200, "\"é\",1\n")).await;
    let client = client(&server);
    let text = RequestBuilder::new(&client, &TEXT).send_text().await.unwrap();
    assert_eq!(text, "\"é\",1\n");
    server.respond_with(ScriptedResponse::new(200, b"\xef\xbb\xbf\xff\x00".to_vec()));
    let bytes = RequestBuilder::new(&client, &BYTES).send_bytes().await.unwrap();
    assert_eq!(bytes, Bytes::from_static(b"\xef\xbb\xbf\xff\x00"));
    let error = RequestBuilder::new(&client, &TEXT).send_text().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown));
    assert!(error.to_string().contains("the text is not UTF-8 from byte 0 on"), "{error}");
}

#[tokio::test]
async fn several_successes_are_read_by_their_status() {
    let server = Server::start(ScriptedResponse::json(200, "[1.50]")).await;
    let client = client(&server);
    let prices = vec!["1.50".parse::<Decimal>().unwrap()];
    for (response, expected, json) in [
        (ScriptedResponse::json(200, "[1.50]"), Several::Status200(prices.clone()), "[1.50]"),
        (ScriptedResponse::new(201, "[1.50]"), Several::Status201("[1.50]".to_owned()), r#""[1.50]""#),
        (ScriptedResponse::new(202, "[1.50]"), Several::Status202(Bytes::from_static(b"[1.50]")), r#""[1.50]""#),
        (ScriptedResponse::new(204, ""), Several::Status204, "null"),
        (ScriptedResponse::json(207, "7"), Several::Status2xx(7), "7"),
    ] {
        server.respond_with(response);
        let value = RequestBuilder::new(&client, &SEVERAL).send_by_status::<Several>().await.unwrap();
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(value, expected);
    }
    server.respond_with(ScriptedResponse::json(200, r#"["a"]"#));
    let error = RequestBuilder::new(&client, &SEVERAL).send_by_status::<Several>().await.unwrap_err();
    assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("[0]")));

    server.respond_with(ScriptedResponse::new(204, ""));
    let maybe = || RequestBuilder::new(&client, &MAYBE).send_optional::<Vec<Decimal>, Vec<DecimalNumber>>();
    assert_eq!(maybe().await.unwrap(), None);
    server.respond_with(ScriptedResponse::json(200, "[1.50]"));
    assert_eq!(maybe().await.unwrap(), Some(prices));
    server.respond_with(ScriptedResponse::json(200, ""));
    assert_eq!(maybe().await.unwrap_err().kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn a_2xx_that_the_spec_does_not_describe_is_a_decode_error() {
    static ONE: Operation = post("one").with_successes(&[("200", true), ("204", false)]);
    let server = Server::start(ScriptedResponse::new(206, "x")).await;
    let error = RequestBuilder::new(&client(&server), &ONE).send_by_status::<Several>().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Decode, Outcome::Unknown));
    assert!(error.to_string().contains("the spec describes no response of status 206"), "{error}");
}

#[tokio::test]
async fn a_redirect_is_a_success_if_the_spec_lists_it_and_it_is_not_followed() {
    let elsewhere = || ScriptedResponse::new(302, "").header("location", "/elsewhere");
    let server = Server::start(elsewhere()).await;
    let client = client(&server);
    let response = RequestBuilder::new(&client, &MOVED).send_unit().with_response().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["location"]), (302, &"/elsewhere".parse().unwrap()));
    server.respond_with(ScriptedResponse::new(307, "").header("location", "/elsewhere"));
    let error = RequestBuilder::new(&client, &MOVED).send_unit().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    server.respond_with(elsewhere());
    let error = RequestBuilder::new(&client, &TEXT).send_text().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn an_error_decodes_as_the_type_that_is_documented_for_its_status() {
    let server = Server::start(ScriptedResponse::json(400, r#"{"code":7}"#)).await;
    let client = client(&server);
    let failed = || RequestBuilder::new(&client, &SEVERAL).send_unit();
    let error = failed().await.unwrap_err();
    assert_eq!(error.decode::<Fault>(), Ok(Fault { code: 7 }));
    assert_eq!(&error.body().unwrap()[..], br#"{"code":7}"#);
    let other = error.decode::<Value>().unwrap_err().to_string();
    assert!(other.contains("Fault`, not a `serde_json::value::Value`"), "{other}");

    server.respond_with(ScriptedResponse::json(404, r#"{"code":7}"#));
    assert_eq!(failed().await.unwrap_err().decode::<Value>(), Ok(json!({"code": 7})));

    server.respond_with(ScriptedResponse::json(400, r#"{"code":"test-key-of-the-caller"}"#));
    let unfit = failed().await.unwrap_err().decode::<Fault>().unwrap_err().to_string();
    assert_eq!(unfit, "the body of status 400 differs from the spec");

    server.respond_with(ScriptedResponse::json(500, r#"{"code":7}"#));
    let undocumented = failed().await.unwrap_err().decode::<Fault>().unwrap_err().to_string();
    assert_eq!(undocumented, "the spec documents no JSON body of status 500");
    server.respond_with(ScriptedResponse::close());
    assert!(failed().await.unwrap_err().decode::<Fault>().is_err());
}

#[tokio::test]
async fn the_response_to_a_head_has_headers_and_no_body() {
    static HEAD: Operation = Operation::http("head", Method::Head, "/it");
    // The headers describe the body of a GET, whatever its coding.
    let found = ScriptedResponse::new(200, "").header("content-encoding", "gzip").header("x-count", "7");
    let server = Server::start(found).await;
    let client = client(&server);
    let response = RequestBuilder::new(&client, &HEAD).send_unit().with_response().await.unwrap();
    assert_eq!(response.headers()["x-count"], "7");
    assert!(server.take_request().line.starts_with("HEAD /it "));
    server.respond_with(ScriptedResponse::new(404, ""));
    let error = RequestBuilder::new(&client, &HEAD).send_unit().await.unwrap_err();
    assert_eq!((error.outcome(), error.status().unwrap().as_u16()), (Outcome::Refused, 404));
}
