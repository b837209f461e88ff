//! Forms on a socket, decoded by other libraries than the one that writes them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use serde_json::json;
use support::{Request, ScriptedResponse, Server, TestClock, TestSigner};
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    BodyContent, FormStyle, Idempotent, Method, Operation, Parameter, ParameterIn, Security, Venue,
};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::wire::{DecimalNumber, DecimalString};
use venuekit::{BoxError, BoxFuture, Client, ClientBuilder, Decimal, File, Outcome, Retry};

static VENUE: Venue = Venue::new("test-venue", "venuekit-test-venue", "0.1.0");

const fn field(name: &'static str, style: FormStyle) -> Parameter {
    Parameter::optional(name, ParameterIn::Form).with_form_style(style)
}

static FORM: Operation = Operation::http("form", Method::Post, "/form")
    .with_parameters(&[
        Parameter::optional("q", ParameterIn::Query),
        field("price", FormStyle::Plain),
        field("ids", FormStyle::Plain),
        field("joined", FormStyle::Joined(",")),
        field("filter", FormStyle::Brackets),
        field("spread", FormStyle::Members),
        field("json", FormStyle::Json),
        field("reserved", FormStyle::Plain).with_reserved(),
    ])
    .with_content(BodyContent::Form)
    .with_security(Security::Signed);

static PARTS: Operation = Operation::http("parts", Method::Post, "/parts")
    .with_parameters(&[
        field("price", FormStyle::Plain),
        field("ids", FormStyle::Plain),
        field("about", FormStyle::Plain),
        field("file", FormStyle::File("text/csv")),
        field("files", FormStyle::File("application/octet-stream")),
    ])
    .with_content(BodyContent::Multipart)
    .with_idempotent(Idempotent::Always)
    .with_security(Security::Signed);

fn client(server: &Server, signer: impl Signer + 'static, retry: Retry) -> Client {
    let builder = ClientBuilder::for_venue(&VENUE).base_url(server.url()).http(support::http());
    builder.signer(signer).clock(TestClock::right()).retry(retry).build().unwrap()
}

/// Decodes a multipart form: the name, the file name, the media type and the content of each part.
async fn parts(request: &Request) -> Vec<(String, Option<String>, Option<String>, Bytes)> {
    let boundary = multer::parse_boundary(request.header("content-type").unwrap()).unwrap();
    let mut form = multer::Multipart::with_reader(&request.bytes[..], boundary);
    let mut parts = Vec::new();
    while let Some(part) = form.next_field().await.unwrap() {
        let (name, file) = (part.name().unwrap().to_owned(), part.file_name().map(str::to_owned));
        let media_type = part.content_type().map(ToString::to_string);
        parts.push((name, file, media_type, part.bytes().await.unwrap()));
    }
    parts
}

#[tokio::test]
async fn a_form_is_read_back_by_another_decoder_with_each_digit() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, TestSigner::new(), Retry::never());
    let price: Decimal = "10106854.1032393852063200".parse().unwrap();
    let call = RequestBuilder::new(&client, &FORM)
        .set(0, "a b")
        .set_as::<_, DecimalString>(1, &price)
        .set_as::<_, Vec<DecimalNumber>>(2, &vec![price, Decimal::ONE])
        .set(3, &["x", "é&="])
        .set(4, &json!({"side": "BUY", "range": [1, {"to": null, "from": "a+b"}]}))
        .set(5, &json!({"left": 1, "right": "[2]"}))
        .set(6, &json!({"a": [1]}));
    call.send_unit().await.unwrap();
    let request = server.take_request();
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert!(request.line.starts_with("POST /form?q=a%20b HTTP"), "{}", request.line);
    let fields: Vec<_> = form_urlencoded::parse(&request.bytes).into_owned().collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        fields,
        [
            ("price", "10106854.1032393852063200"),
            ("ids", "10106854.1032393852063200"),
            ("ids", "1"),
            ("joined", "x,é&="),
            ("filter[range][0]", "1"),
            ("filter[range][1][from]", "a+b"),
            ("filter[side]", "BUY"),
            ("left", "1"),
            ("right", "[2]"),
            ("json", r#"{"a":[1]}"#),
        ]
    );
    // A form without a value is not sent, and an empty list cannot be sent.
    RequestBuilder::new(&client, &FORM).send_unit().await.unwrap();
    let request = server.take_request();
    assert_eq!((request.bytes, request.headers.iter().any(|(name, _)| name == "content-type")), (Vec::new(), false));
    let error = RequestBuilder::new(&client, &FORM).set(2, &[0_i64; 0]).send_unit().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("`ids` is empty, which a form cannot express"), "{error}");
}

#[tokio::test]
async fn parts_are_read_back_by_another_decoder_byte_for_byte() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, TestSigner::new(), Retry::never());
    let binary = b"\xff\x00\r\n--venuekit-\r\n".to_vec();
    let call = RequestBuilder::new(&client, &PARTS)
        .set_as::<_, DecimalNumber>(0, &"1.50".parse::<Decimal>().unwrap())
        .set(1, &[1, 2])
        .set(2, &json!({"text": "é\r\n"}))
        .set_file(3, b"a,b".to_vec())
        .set_files(4, [File::new(binary.clone()).with_name("a\"\r\nb.bin").with_content_type("image/png")]);
    call.send_unit().await.unwrap();
    let text = |text: &str| Some(text.to_owned());
    let field = |name: &str, media: Option<&str>, value: &str| {
        (name.to_owned(), None, media.map(str::to_owned), Bytes::copy_from_slice(value.as_bytes()))
    };
    assert_eq!(
        parts(&server.take_request()).await,
        [
            field("price", None, "1.50"),
            field("ids", None, "1"),
            field("ids", None, "2"),
            field("about", Some("application/json"), r#"{"text":"é\r\n"}"#),
            ("file".to_owned(), text("file"), text("text/csv"), Bytes::from_static(b"a,b")),
            ("files".to_owned(), text("a%22%0D%0Ab.bin"), text("image/png"), binary.into()),
        ]
    );
    let file = File::new("x").with_header("X-Part", "7");
    RequestBuilder::new(&client, &PARTS).set_file(3, file).send_unit().await.unwrap();
    let request = server.take_request();
    let mut form = multer::Multipart::with_reader(
        &request.bytes[..],
        multer::parse_boundary(request.header("content-type").unwrap()).unwrap(),
    );
    assert_eq!(form.next_field().await.unwrap().unwrap().headers()["x-part"], "7");
    for (name, value) in [("a b", "1"), ("x", "1\r\ny: 2"), ("Content-Type", "text/html")] {
        let file = File::new("x").with_header(name, value);
        let error = RequestBuilder::new(&client, &PARTS).set_file(3, file).send_unit().await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains(&format!("the file `file` cannot have the header `{name}`")), "{error}");
    }
    let file = File::new("x").with_content_type("text/plain\r\nx-more: 1");
    let error = RequestBuilder::new(&client, &PARTS).set_file(3, file).send_unit().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("the media type of the file `file` is not valid"), "{error}");
}

/// A signer that keeps the body and the media type that it signs.
#[derive(Clone, Debug, Default)]
struct Keeper(Arc<Mutex<Vec<(Vec<u8>, String)>>>);

impl Signer for Keeper {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        let media_type = request.headers()["content-type"].to_str().unwrap().to_owned();
        self.0.lock().unwrap().push((request.body().to_vec(), media_type));
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn reserved_characters_stay_in_a_field_that_allows_them() {
    let server = Server::start(ScriptedResponse::json(200, "1")).await;
    let client = client(&server, TestSigner::new(), Retry::never());
    RequestBuilder::new(&client, &FORM).set(7, "a/b:c&d e").set(6, "a/b").send_unit().await.unwrap();
    let request = server.take_request();
    assert_eq!(request.body, "json=%22a%2Fb%22&reserved=a/b:c%26d%20e");
    let fields: Vec<_> = form_urlencoded::parse(request.body.as_bytes()).into_owned().collect();
    assert_eq!(fields[1], ("reserved".to_owned(), "a/b:c&d e".to_owned()));
}

#[tokio::test]
async fn the_boundary_is_made_before_signing_and_stays_in_each_attempt() {
    let fault = ScriptedResponse::json(500, "");
    let server = Server::scripted([fault, ScriptedResponse::json(200, "1")]).await;
    let keeper = Keeper::default();
    let client = client(&server, keeper.clone(), Retry::default());
    let call = || RequestBuilder::new(&client, &PARTS).set_file(3, b"a,b".to_vec()).send_unit();
    call().await.unwrap();
    let sent = server.take_requests();
    let sent: Vec<(Vec<u8>, String)> = sent
        .iter()
        .map(|request| (request.bytes.clone(), request.header("content-type").unwrap().to_owned()))
        .collect();
    assert_eq!(sent.len(), 2);
    assert_eq!(sent, *keeper.0.lock().unwrap());
    assert_eq!(sent[0], sent[1]);
    call().await.unwrap();
    assert_ne!(server.take_request().bytes, sent[0].0);
}
