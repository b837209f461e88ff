//! A hand-written client in the form that the generator writes, over a real socket. It has three
//! operations: one GET, one POST with a body, one JSON-RPC call.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use support::{LONG, RefusingPort, ScriptedResponse, Server, patiently};
use venuekit::codegen::Blank;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{CodeRule, Method, Operation, Parameter, ParameterIn, Security, Server as Host, Venue};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::{BoxError, BoxFuture, Call, Client, Decimal, Environment, ErrorKind, Outcome};

/// Marks a value that was set.
type Given = venuekit::setters::Given;

#[allow(non_camel_case_types, reason = "they are named after the values they stand for")]
mod missing {
    #[derive(Debug)]
    pub(super) struct symbol;
    #[derive(Debug)]
    pub(super) struct body;
    #[derive(Debug)]
    pub(super) struct price;
}

#[allow(non_camel_case_types, reason = "they are named after the values they stand for")]
mod given {
    pub(super) trait symbol {}
    impl symbol for super::Given {}
    pub(super) trait body {}
    impl body for super::Given {}
    pub(super) trait price {}
    impl price for super::Given {}
}

static VENUE: Venue = Venue::new("hand-made", "venuekit-hand-made", "0.1.0")
    .with_servers(&[Host::new(Environment::Test, "https://test.invalid/spot")])
    .with_errors_at(&["/errorCode", "/code"], &["/message"])
    .with_failed_when(&[venuekit::operation::Condition::equals("/success", "false")])
    .with_unknown_codes(&[CodeRule::new("-1006")]);

#[derive(Clone, Debug)]
struct Hand(Client);

impl From<Client> for Hand {
    fn from(client: Client) -> Self {
        Self(client)
    }
}

venuekit::codegen::client_builder! {
    /// A builder of [`Hand`].
    pub(crate) struct HandBuilder for Hand, signed by venuekit::signing::NoCredentials, venue VENUE;
}

impl Hand {
    fn builder() -> HandBuilder {
        HandBuilder::new()
    }

    fn get_book(&self) -> GetBook<missing::symbol> {
        GetBook::of(RequestBuilder::new(&self.0, &GET_BOOK))
    }

    fn place_order(&self) -> PlaceOrder<missing::body> {
        PlaceOrder::of(RequestBuilder::new(&self.0, &PLACE_ORDER))
    }

    fn secret(&self) -> Call<Vec<i64>> {
        RequestBuilder::new(&self.0, &SECRET).send()
    }

    fn market_last(&self) -> MarketLast<missing::symbol> {
        MarketLast::of(RequestBuilder::new(&self.0, &MARKET_LAST))
    }
}

static GET_BOOK: Operation = Operation::http("getBook", Method::Get, "/v2/book/{symbol}").with_parameters(&[
    Parameter::optional("limit", ParameterIn::Query),
    Parameter::required("symbol", ParameterIn::Path),
    Parameter::optional("ids", ParameterIn::QueryJoined),
    Parameter::optional("tag", ParameterIn::Query),
]);
static PLACE_ORDER: Operation = Operation::http("placeOrder", Method::Post, "/v2/order").with_body(true);
static SECRET: Operation = Operation::http("secret", Method::Get, "/v2/secret").with_security(Security::Signed);
static MARKET_LAST: Operation = Operation::rpc("market.last", "market.last").with_parameters(&[
    Parameter::required("symbol", ParameterIn::Position),
    Parameter::optional("user", ParameterIn::Position),
    Parameter::optional("names", ParameterIn::Rest),
]);

#[derive(Clone, Debug)]
struct GetBook<Symbol = Given> {
    request_builder: RequestBuilder,
    given: PhantomData<Symbol>,
}

impl<Symbol> GetBook<Symbol> {
    fn of(request_builder: RequestBuilder) -> Self {
        Self { request_builder, given: PhantomData }
    }

    fn limit(self, value: i32) -> Self {
        Self::of(self.request_builder.set(0, &value))
    }

    fn ids(self, value: Vec<String>) -> Self {
        Self::of(self.request_builder.set(2, &value))
    }

    fn tag(self, value: Vec<String>) -> Self {
        Self::of(self.request_builder.set(3, &value))
    }

    #[inline]
    fn send(self) -> Call<Book>
    where
        Symbol: given::symbol,
    {
        self.request_builder.send()
    }
}

impl GetBook<missing::symbol> {
    fn symbol(self, value: impl AsRef<str>) -> GetBook {
        GetBook::of(self.request_builder.set(1, value.as_ref()))
    }
}

#[derive(Clone, Debug)]
struct PlaceOrder<Body = Given> {
    request_builder: RequestBuilder,
    given: PhantomData<Body>,
}

impl<Body> PlaceOrder<Body> {
    fn of(request_builder: RequestBuilder) -> Self {
        Self { request_builder, given: PhantomData }
    }

    #[inline]
    fn send(self) -> Call<Placed>
    where
        Body: given::body,
    {
        self.request_builder.send()
    }
}

impl PlaceOrder<missing::body> {
    fn body(self, value: NewOrder) -> PlaceOrder {
        PlaceOrder::of(self.request_builder.set_body(&value))
    }
}

#[derive(Clone, Debug)]
struct MarketLast<Symbol = Given> {
    request_builder: RequestBuilder,
    given: PhantomData<Symbol>,
}

impl<Symbol> MarketLast<Symbol> {
    fn of(request_builder: RequestBuilder) -> Self {
        Self { request_builder, given: PhantomData }
    }

    fn names(self, value: Vec<String>) -> Self {
        Self::of(self.request_builder.set(2, &value))
    }

    #[inline]
    fn send(self) -> Call<Placed>
    where
        Symbol: given::symbol,
    {
        self.request_builder.send()
    }
}

impl MarketLast<missing::symbol> {
    fn symbol(self, value: impl AsRef<str>) -> MarketLast {
        MarketLast::of(self.request_builder.set(0, value.as_ref()))
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Book {
    bids: Vec<Level>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Level {
    #[serde(with = "venuekit::wire::As::<venuekit::wire::DecimalString>")]
    price: Decimal,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Placed {
    id: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct NewOrder {
    #[serde(with = "venuekit::wire::As::<venuekit::wire::DecimalNumber>")]
    price: Decimal,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
}

struct NewOrderBuilder<Price = Given> {
    value: NewOrder,
    given: PhantomData<Price>,
}

impl NewOrder {
    fn builder() -> NewOrderBuilder<missing::price> {
        NewOrderBuilder { value: NewOrder { price: Blank::blank(), tag: None }, given: PhantomData }
    }
}

impl<Price> NewOrderBuilder<Price> {
    fn tag(mut self, value: impl Into<String>) -> Self {
        self.value.tag = Some(value.into());
        self
    }

    fn build(self) -> NewOrder
    where
        Price: given::price,
    {
        self.value
    }
}

impl NewOrderBuilder<missing::price> {
    fn price(mut self, value: Decimal) -> NewOrderBuilder {
        self.value.price = value;
        NewOrderBuilder { value: self.value, given: PhantomData }
    }
}

fn order() -> NewOrder {
    NewOrder::builder().price("9500.10".parse().unwrap()).tag("a").build()
}

async fn client(response: ScriptedResponse) -> (Hand, Server) {
    let server = Server::start(response).await;
    let client = Hand::builder().base_url(format!("{}/spot/", server.url())).timeout(LONG).build().unwrap();
    (client, server)
}

const BOOK: &str = r#"{"bids":[{"price":"0.00000001000000000000"}]}"#;

#[tokio::test]
async fn a_get_sends_its_parameters_in_the_order_of_the_spec_and_encoded() {
    let (client, server) = client(ScriptedResponse::json(200, BOOK)).await;
    let response = client
        .get_book()
        .tag(vec!["a b".into(), "é+&=".into()])
        .ids(vec!["1".into(), "2/3".into()])
        .symbol("BTC/USDT")
        .limit(5)
        .send()
        .with_response()
        .await
        .unwrap();
    assert_eq!(response.value().bids[0].price.to_string(), "0.00000001000000000000");
    assert_eq!((response.status().as_u16(), &response.body()[..]), (200, BOOK.as_bytes()));
    let request = server.only_request();
    assert_eq!(request.line, "GET /spot/v2/book/BTC%2FUSDT?limit=5&ids=1,2%2F3&tag=a%20b&tag=%C3%A9%2B%26%3D HTTP/1.1");
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(request.header("user-agent").unwrap().starts_with("venuekit-hand-made/0.1.0 venuekit/"));
    assert_eq!((request.header("content-type"), request.header("referer")), (None, None));
}

#[tokio::test]
async fn a_post_sends_its_body_once_with_exact_digits() {
    let (client, server) = client(ScriptedResponse::json(201, r#"{"id":7,"new":"member"}"#)).await;
    assert_eq!(client.place_order().body(order()).send().await.unwrap().id, 7);
    let request = server.only_request();
    assert_eq!(
        (request.line.as_str(), request.body.as_str()),
        ("POST /spot/v2/order HTTP/1.1", r#"{"price":9500.10,"tag":"a"}"#)
    );
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_json_rpc_call_posts_an_envelope_to_the_base_url_as_given() {
    let (client, server) = client(ScriptedResponse::json(200, r#"{"error":null,"result":{"id":9},"id":1}"#)).await;
    let call = client.market_last().symbol("a\"b").names(vec!["x".into(), "y".into()]);
    assert_eq!(call.send().await.unwrap().id, 9);
    let request = server.only_request();
    assert_eq!(request.line, "POST /spot/ HTTP/1.1");
    assert_eq!(request.body, r#"{"id":1,"method":"market.last","params":["a\"b",null,"x","y"]}"#);
}

#[tokio::test]
async fn positions_at_the_end_without_a_value_are_omitted() {
    let (client, server) = client(ScriptedResponse::json(200, r#"{"error":null,"result":{"id":9},"id":1}"#)).await;
    client.market_last().symbol("x").send().await.unwrap();
    assert_eq!(server.only_request().body, r#"{"id":1,"method":"market.last","params":["x"]}"#);
}

#[tokio::test]
async fn an_error_in_the_envelope_is_an_error_of_the_venue_whatever_the_status() {
    for (status, outcome, code) in
        [(200, Outcome::Refused, "11"), (504, Outcome::Unknown, "5"), (404, Outcome::Refused, "4")]
    {
        let body = format!(r#"{{"error":{{"code":{code},"message":"no"}},"result":null,"id":1}}"#);
        let (client, _server) = client(ScriptedResponse::json(status, &body)).await;
        let error = client.market_last().symbol("x").send().await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (outcome, ErrorKind::Venue));
        assert_eq!(error.api_error().unwrap().code(), Some(code));
        assert_eq!(error.api_error().unwrap().message(), Some("no"));
        assert_eq!(error.body().unwrap(), body.as_bytes());
    }
}

#[tokio::test]
async fn a_response_without_a_valid_result_of_this_call_has_an_unknown_outcome() {
    for body in [
        r#"{"error":null,"result":{"id":9},"id":2}"#,
        r#"{"error":null,"result":{"id":9}}"#,
        r#"{"id":1}"#,
        "[]",
        "",
        r#"{"error":null,"result":{"id":"x"},"id":1}"#,
    ] {
        let (client, _server) = client(ScriptedResponse::json(200, body)).await;
        let error = client.market_last().symbol("x").send().await.unwrap_err();
        assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Decode), "{body}");
        assert_eq!(error.body().unwrap(), body.as_bytes());
    }
}

#[tokio::test]
async fn an_error_keeps_status_headers_and_body_of_any_shape() {
    for (status, body, outcome, code) in [
        (400, r#"{"code":400,"errorCode":-1121,"message":"bad symbol"}"#, Outcome::Refused, Some("-1121")),
        (400, r#"{"code":"X1"}"#, Outcome::Refused, Some("X1")),
        (400, "", Outcome::Refused, None),
        (400, "[1,2", Outcome::Unknown, None),
        (429, r#"{"code":-1006}"#, Outcome::Unknown, Some("-1006")),
        (408, "", Outcome::Unknown, None),
        (502, "<html>Bad Gateway</html>", Outcome::Unknown, None),
        (307, "", Outcome::Unknown, None),
        (200, r#"{"success":false,"code":3,"message":"no"}"#, Outcome::Refused, Some("3")),
    ] {
        let (client, _server) =
            client(ScriptedResponse::json(status, body).header("retry-after", "7").header("x-used", "12")).await;
        let error = client.place_order().body(order()).send().await.unwrap_err();
        assert_eq!((error.status().unwrap().as_u16(), error.outcome()), (status, outcome), "{body}");
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert_eq!(error.headers().unwrap()["x-used"], "12");
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.api_error().and_then(|venue| venue.code()), code);
        assert!(!error.is_truncated());
    }
}

#[tokio::test]
async fn a_response_of_another_type_is_an_error_with_its_path() {
    let (client, _server) = client(ScriptedResponse::json(200, r#"{"bids":[{"price":"1"},{"price":"1_000"}]}"#)).await;
    let error = client.get_book().symbol("x").send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome(), error.json_path()),
        (ErrorKind::Decode, Outcome::Unknown, Some("bids[1].price"))
    );
    assert!(
        error
            .to_string()
            .starts_with("hand-made getBook: the response does not match the spec, status 200, at bids[1].price: "),
        "{error}"
    );
}

#[tokio::test]
async fn a_cut_response_keeps_the_received_bytes() {
    let (client, _server) = client(ScriptedResponse::json(200, r#"{"bids":["#).cut()).await;
    let error = client.get_book().symbol("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.is_truncated()), (ErrorKind::Cut, Outcome::Unknown, true));
    assert_eq!(error.body().unwrap(), r#"{"bids":["#.as_bytes());
    assert_eq!(error.status().unwrap().as_u16(), 200);
}

#[tokio::test]
async fn a_response_over_the_limit_keeps_as_many_bytes_as_the_limit() {
    for status in [200, 500] {
        let server = Server::start(ScriptedResponse::json(status, &"x".repeat(100_000))).await;
        let client = Hand::builder().base_url(server.url()).timeout(LONG).max_response_bytes(1_000).build().unwrap();
        let error = client.get_book().symbol("x").send().await.unwrap_err();
        assert_eq!((error.outcome(), error.is_truncated()), (Outcome::Unknown, true));
        assert_eq!(error.body().unwrap().len(), 1_000);
        assert_eq!(error.kind() == ErrorKind::TooLarge, status == 200);
    }
}

#[tokio::test]
async fn a_hang_ends_at_the_timeout_before_and_within_the_response() {
    for response in [ScriptedResponse::hang(), ScriptedResponse::json(200, r#"{"bids":["#).hang_after()] {
        let error = patiently(async |timeout| {
            let (client, server) = client(response.clone()).await;
            let error = client.get_book().symbol("x").send().timeout(timeout).await.unwrap_err();
            assert!(error.is_timeout(), "{error:?}");
            (server.requests().len() == 1).then_some(error)
        })
        .await;
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[tokio::test]
async fn a_connection_that_closes_without_a_response_is_unknown_and_a_failed_connection_is_not_sent() {
    let (client, server) = client(ScriptedResponse::close()).await;
    let error = client.place_order().body(order()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Transport, Outcome::Unknown, 1));
    assert_eq!(server.requests().len(), 1, "an order is sent once");
    let refusing_port = RefusingPort::new();
    let client = Hand::builder().base_url(refusing_port.url()).build().unwrap();
    let error = client.place_order().body(order()).send().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome(), error.attempts()), (ErrorKind::Connect, Outcome::NotSent, 0));
}

#[tokio::test]
async fn empty_and_dot_segments_are_refused_before_anything_is_sent() {
    let (client, server) = client(ScriptedResponse::json(200, BOOK)).await;
    for symbol in ["", ".", ".."] {
        let error = client.get_book().symbol(symbol).send().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Request, Outcome::NotSent));
    }
    assert!(server.requests().is_empty());
    client.get_book().symbol("...").send().await.unwrap();
    assert_eq!(server.only_request().line, "GET /spot/v2/book/... HTTP/1.1");
}

#[tokio::test]
async fn without_credentials_a_signed_operation_fails_and_nothing_is_sent() {
    let (client, server) = client(ScriptedResponse::json(200, "[]")).await;
    let error = client.secret().await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotSent));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn insufficient_credentials_fail_before_signing_and_nothing_is_sent() {
    #[derive(Debug)]
    struct KeyAlone;
    impl Signer for KeyAlone {
        fn sign<'a>(&'a self, _: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
            Box::pin(async { Err("asked to sign".into()) })
        }

        fn check(&self, security: Security) -> Result<(), BoxError> {
            if security == Security::Signed { Err("there is no secret".into()) } else { Ok(()) }
        }
    }
    let server = Server::start(ScriptedResponse::json(200, "[]")).await;
    // A client keeps its signer as an `Arc`. A program may pass an `Arc` as well.
    let shared: Arc<dyn Signer> = Arc::new(KeyAlone);
    for builder in [Hand::builder().signer(KeyAlone), Hand::builder().signer(shared)] {
        let client = builder.base_url(server.url()).timeout(LONG).build().unwrap();
        let error = client.secret().await.unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Credentials, Outcome::NotSent));
        assert_eq!(error.attempts(), 0);
        assert!(error.to_string().contains("credentials are needed: there is no secret"), "{error}");
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(ScriptedResponse::json(200, BOOK)).await;
    let (client, _server) = client(ScriptedResponse::json(307, "").header("location", &elsewhere.url())).await;
    let error = client.get_book().symbol("x").send().await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_finished_operation_can_be_kept_and_sent_again() {
    let (client, server) = client(ScriptedResponse::json(200, BOOK)).await;
    let operation: GetBook = client.get_book().symbol("x");
    operation.clone().send().await.unwrap();
    operation.limit(1).send().await.unwrap();
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_call_can_be_created_without_a_runtime_and_can_be_spawned() {
    fn spawnable<T: Send + 'static>(_: &T) {}
    let client = Hand::builder().environment(Environment::Test).build().unwrap();
    assert_eq!(client.0.base_url(), "https://test.invalid/spot");
    spawnable(&client.get_book().symbol("x").send());
}

#[tokio::test]
async fn nothing_is_sent_before_a_call_is_polled() {
    let (client, server) = client(ScriptedResponse::json(200, BOOK)).await;
    let (kept, dropped) = (client.get_book().symbol("x").send(), client.get_book().symbol("x").send());
    // A call of its own shows that requests of this client arrive.
    client.get_book().symbol("y").send().await.unwrap();
    drop(dropped);
    client.get_book().symbol("y").send().await.unwrap();
    assert_eq!(server.requests().len(), 2);
    kept.await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn settings_that_cannot_be_used_are_refused_when_building() {
    let refused = |builder: HandBuilder| builder.build().unwrap_err().to_string();
    assert_eq!(
        refused(Hand::builder()),
        "the client cannot be built: hand-made has no public production host: give its URL by base_url(..)"
    );
    for url in ["", "ftp://x", "https://", "https://u:p@x", "https://x?a", "https://x#a", "x.com"] {
        assert!(refused(Hand::builder().base_url(url)).starts_with("the client cannot be built: "), "{url}");
    }
    assert!(!refused(Hand::builder().base_url("https://u:hunter2@x")).contains("hunter2"));
    refused(Hand::builder().base_url("https://x").user_agent("a\nb"));
}
