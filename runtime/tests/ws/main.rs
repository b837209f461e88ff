//! Calls and subscriptions over real sockets, against a venue whose messages the test writes.

#![cfg(feature = "ws")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::indexing_slicing, clippy::result_large_err, reason = "a test fails by panicking, and types are given")]

mod calls;
mod ids;
mod login;
mod lost;
mod second_server;
mod server;
mod subscriptions;
mod tls;

use std::time::Duration;

use serde_json::Value;
use venuekit::codegen::RequestBuilder;
use venuekit::operation::{
    CodeRule, Content, Entity, Idempotent, Limit, Operation, Parameter, ParameterIn, Recovery, Security, Socket,
    SubscriptionFamily, Topics, Venue,
};
use venuekit::signing::{SignableRequest, Signer, Stamp};
use venuekit::ws::{Event, Subscribe, Subscription};
use venuekit::{BoxError, BoxFuture, Call, Client, ClientBuilder, Error, Retry};
pub(crate) use venuekit_test_support::LONG;

pub(crate) static VENUE: Venue = Venue::new("sock", "venuekit-sock", "0.1.0")
    .with_unknown_codes(&[CodeRule::new("2"), CodeRule::new("3"), CodeRule::new("5")])
    .with_socket(&SOCKET);

/// The venue with a limit per connection.
pub(crate) static SLOW: Venue = Venue::new("slow", "venuekit-slow", "0.1.0")
    .with_limits(&[Limit::new("connection", 3, 1).per_connection()])
    .with_socket(&SOCKET);

static SOCKET: Socket = Socket::new()
    .with_login(&SIGN)
    .with_other_logins(&[&AUTH])
    .with_ping(&PING)
    .with_ping_interval(20)
    .with_families(&[&STATE, &DEALS, &DEPTH, &KLINE, &ORDER, &ASSET, &BOOKS, &CANDLES, &MULTI]);

/// A venue without a login and a ping.
pub(crate) static BARE: Venue = Venue::new("bare", "venuekit-bare", "0.1.0").with_socket(&BARE_SOCKET);
static BARE_SOCKET: Socket = Socket::new().with_ping_interval(1);

const fn at(name: &'static str) -> Parameter {
    Parameter::required(name, ParameterIn::Position)
}

const REST: Parameter = Parameter::optional("names", ParameterIn::Rest);

pub(crate) static SIGN: Operation = Operation::rpc("server.sign", "server.sign").with_security(Security::Signed);
pub(crate) static AUTH: Operation = Operation::rpc("server.auth", "server.auth");
pub(crate) static PING: Operation = Operation::rpc("server.ping", "server.ping");
pub(crate) static READ: Operation =
    Operation::rpc("read", "read").with_parameters(&[at("value")]).with_idempotent(Idempotent::Always);
pub(crate) static PLACE: Operation = Operation::rpc("place", "place").with_parameters(&[at("value")]);
pub(crate) static PRIVATE: Operation = Operation::rpc("private", "private")
    .with_parameters(&[at("value")])
    .with_security(Security::Login)
    .with_idempotent(Idempotent::Always);

static STATE_SUBSCRIBE: Operation = Operation::rpc("state.subscribe", "state.subscribe").with_parameters(&[REST]);
static STATE_UNSUBSCRIBE: Operation = Operation::rpc("state.unsubscribe", "state.unsubscribe");
pub(crate) static STATE: SubscriptionFamily =
    SubscriptionFamily::new("state", &STATE_SUBSCRIBE, &STATE_UNSUBSCRIBE, &["state.update"])
        .with_topics(Topics::List)
        .with_content(Content::States)
        .with_topic_at("/0");

static DEALS_SUBSCRIBE: Operation = Operation::rpc("deals.subscribe", "deals.subscribe").with_parameters(&[REST]);
static DEALS_UNSUBSCRIBE: Operation = Operation::rpc("deals.unsubscribe", "deals.unsubscribe");
static DEALS_QUERY: Operation =
    Operation::rpc("deals.query", "deals.query").with_parameters(&[at("market"), at("limit"), at("last_id")]);
pub(crate) static DEALS: SubscriptionFamily =
    SubscriptionFamily::new("deals", &DEALS_SUBSCRIBE, &DEALS_UNSUBSCRIBE, &["deals.update"])
        .with_topics(Topics::List)
        .with_topic_at("/0")
        .with_first_is_snapshot()
        .with_elements("/1", "/id")
        .with_recovery(
            Recovery::new(&DEALS_QUERY, "[$topic,[$elements]]")
                .with_topic(0)
                .with_value(1, "3")
                .with_last_id(2)
                .with_full_at(3),
        );

static DEPTH_SUBSCRIBE: Operation =
    Operation::rpc("depth.subscribe", "depth.subscribe").with_parameters(&[at("market"), at("limit")]);
static DEPTH_UNSUBSCRIBE: Operation = Operation::rpc("depth.unsubscribe", "depth.unsubscribe");
pub(crate) static DEPTH: SubscriptionFamily =
    SubscriptionFamily::new("depth", &DEPTH_SUBSCRIBE, &DEPTH_UNSUBSCRIBE, &["depth.update"])
        .with_content(Content::Deltas { snapshot_flag: Some("/0") })
        .with_topic_at("/2");

static BOOKS_SUBSCRIBE: Operation =
    Operation::rpc("books.subscribe", "books.subscribe").with_parameters(&[at("market"), at("limit")]);
static BOOKS_UNSUBSCRIBE: Operation = Operation::rpc("books.unsubscribe", "books.unsubscribe");
pub(crate) static BOOKS: SubscriptionFamily =
    SubscriptionFamily::new("books", &BOOKS_SUBSCRIBE, &BOOKS_UNSUBSCRIBE, &["books.update"])
        .with_topics(Topics::Rows)
        .with_content(Content::Deltas { snapshot_flag: Some("/0") })
        .with_topic_at("/2");

static KLINE_SUBSCRIBE: Operation =
    Operation::rpc("kline.subscribe", "kline.subscribe").with_parameters(&[at("market"), at("interval")]);
static KLINE_UNSUBSCRIBE: Operation = Operation::rpc("kline.unsubscribe", "kline.unsubscribe");
pub(crate) static KLINE: SubscriptionFamily =
    SubscriptionFamily::new("kline", &KLINE_SUBSCRIBE, &KLINE_UNSUBSCRIBE, &["kline.update"]).with_topic_at("/0/7");

static CANDLES_SUBSCRIBE: Operation =
    Operation::rpc("candles.subscribe", "candles.subscribe").with_parameters(&[at("market"), at("interval")]);
static CANDLES_UNSUBSCRIBE: Operation = Operation::rpc("candles.unsubscribe", "candles.unsubscribe");
static CANDLES_QUERY: Operation = Operation::rpc("candles.query", "candles.query").with_parameters(&[
    at("market"),
    at("start"),
    at("end"),
    at("interval"),
]);
/// Candles that a query shows. Their notifications name no topic.
pub(crate) static CANDLES: SubscriptionFamily =
    SubscriptionFamily::new("candles", &CANDLES_SUBSCRIBE, &CANDLES_UNSUBSCRIBE, &["candles.update"])
        .with_changing_elements("", "/0")
        .with_recovery(
            Recovery::new(&CANDLES_QUERY, "[$elements]").with_topic(0).with_last_id(1).with_times(2, 1).with_own(3, 1),
        );

static MULTI_SUBSCRIBE: Operation =
    Operation::rpc("multi.subscribe", "multi.subscribe").with_parameters(&[at("market"), at("limit")]);
static MULTI_UNSUBSCRIBE: Operation = Operation::rpc("multi.unsubscribe", "multi.unsubscribe");
/// Books of which some hosts carry several on a connection.
pub(crate) static MULTI: SubscriptionFamily =
    SubscriptionFamily::new("multi", &MULTI_SUBSCRIBE, &MULTI_UNSUBSCRIBE, &["multi.update"])
        .with_topics(Topics::RowsOrSingle)
        .with_content(Content::Deltas { snapshot_flag: Some("/0") })
        .with_topic_at("/2");

/// A node of a chain, whose subscriptions have ids.
pub(crate) static CHAIN: Venue = Venue::new("chain", "venuekit-chain", "0.1.0").with_socket(&CHAIN_SOCKET);
static CHAIN_SOCKET: Socket = Socket::new().with_families(&[&HEADS]);
static ETH_SUBSCRIBE: Operation =
    Operation::json_rpc("eth_subscribe", "eth_subscribe").with_parameters(&[at("kind"), at("filter")]);
static ETH_UNSUBSCRIBE: Operation = Operation::json_rpc("eth_unsubscribe", "eth_unsubscribe");
pub(crate) static HEADS: SubscriptionFamily =
    SubscriptionFamily::new("heads", &ETH_SUBSCRIBE, &ETH_UNSUBSCRIBE, &["eth_subscription"])
        .with_topics(Topics::Ids)
        .with_topic_at("/subscription");

static ORDER_SUBSCRIBE: Operation =
    Operation::rpc("order.subscribe", "order.subscribe").with_parameters(&[REST]).with_security(Security::Login);
static ORDER_UNSUBSCRIBE: Operation =
    Operation::rpc("order.unsubscribe", "order.unsubscribe").with_security(Security::Login);
static ORDER_QUERY: Operation = Operation::rpc("order.query", "order.query")
    .with_parameters(&[at("market"), at("offset"), at("limit")])
    .with_security(Security::Login);
pub(crate) static ORDER: SubscriptionFamily =
    SubscriptionFamily::new("order", &ORDER_SUBSCRIBE, &ORDER_UNSUBSCRIBE, &["order.update"])
        .with_topics(Topics::List)
        .with_topic_at("/1/market")
        .with_entity(Entity::new("/1", "/id").done_when("/0", "3"))
        .with_recovery(
            Recovery::new(&ORDER_QUERY, "[2,$element]").with_topic(0).with_pages(1, 2, 2).with_elements_at("/records"),
        );

static ASSET_SUBSCRIBE: Operation =
    Operation::rpc("asset.subscribe", "asset.subscribe").with_parameters(&[REST]).with_security(Security::Login);
static ASSET_UNSUBSCRIBE: Operation =
    Operation::rpc("asset.unsubscribe", "asset.unsubscribe").with_security(Security::Login);
static ASSET_QUERY: Operation =
    Operation::rpc("asset.query", "asset.query").with_parameters(&[REST]).with_security(Security::Login);
pub(crate) static ASSET: SubscriptionFamily =
    SubscriptionFamily::new("asset", &ASSET_SUBSCRIBE, &ASSET_UNSUBSCRIBE, &["asset.update"])
        .with_topics(Topics::List)
        .with_topic_keys_at("/0")
        .with_entity(Entity::members("/0"))
        .with_recovery(Recovery::new(&ASSET_QUERY, "[{$key:$element}]").with_topic_list());

/// A signer that appends its key, a signature and the nonce to the login.
#[derive(Clone, Debug)]
pub(crate) struct LoginSigner;

pub(crate) const KEY: &str = "AK-77-key-of-the-test";
pub(crate) const SECRET: &str = "very-secret-secret";

impl Signer for LoginSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, stamp: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            request.conceal(SECRET.to_owned());
            request.conceal(KEY.to_owned());
            request.append_position(&format!("\"{KEY}\""))?;
            request.append_position(&format!("\"{SECRET}-signature\""))?;
            request.append_position(&stamp.nonce.to_string())
        })
    }
}

/// A signer of a token, which names one of the other logins.
#[derive(Debug)]
pub(crate) struct TokenSigner(pub(crate) &'static str);

impl Signer for TokenSigner {
    fn sign<'a>(&'a self, request: &'a mut SignableRequest, _: Stamp) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move { request.append_position(&format!("\"{SECRET}\"")) })
    }

    fn login(&self) -> Option<&str> {
        Some(self.0)
    }
}

/// Returns a builder with short waits.
pub(crate) fn builder(venue: &'static Venue, server: &server::Venue) -> ClientBuilder {
    let quick = |settings: &mut venuekit::ws::SocketSettings| {
        settings.reconnect = settings.reconnect.backoff(Duration::from_millis(5), Duration::from_millis(20));
        settings.request_timeout = LONG;
        settings.silence_timeout = Some(LONG);
    };
    ClientBuilder::for_venue(venue)
        .base_url(&server.url)
        .timeout(LONG)
        .retry(Retry::default().backoff(Duration::from_millis(1), Duration::from_millis(1)))
        .socket(quick)
}

pub(crate) fn client(server: &server::Venue) -> Client {
    builder(&VENUE, server).signer(LoginSigner).build().unwrap()
}

/// Returns the call of an operation with one parameter.
pub(crate) fn call(client: &Client, operation: &'static Operation, value: i64) -> Call<Value> {
    RequestBuilder::new(client, operation).set(0, &value).send()
}

/// Returns a subscription to topics.
pub(crate) fn list(client: &Client, family: &'static SubscriptionFamily, topics: &[&str]) -> Subscribe<Value> {
    RequestBuilder::new(client, family.subscribe()).set(0, &topics).subscribe(family)
}

/// Returns a subscription to a market with a number.
pub(crate) fn row(client: &Client, family: &'static SubscriptionFamily, market: &str, number: i64) -> Subscribe<Value> {
    RequestBuilder::new(client, family.subscribe()).set(0, market).set(1, &number).subscribe(family)
}

/// Starts a subscription in the background.
pub(crate) fn started(subscribe: Subscribe<Value>) -> tokio::task::JoinHandle<Result<Subscription<Value>, Error>> {
    tokio::spawn(subscribe)
}

/// Returns the next event as text.
pub(crate) async fn next(subscription: &mut Subscription<Value>) -> String {
    let event = tokio::time::timeout(LONG, subscription.next()).await.expect("an event comes");
    match event {
        None => "end".to_owned(),
        Some(Err(error)) => format!("error: {error}"),
        Some(Ok(event)) => shown(&event),
    }
}

fn shown(event: &Event<Value>) -> String {
    match event {
        Event::Snapshot(value) => format!("snapshot {value}"),
        Event::Update(value) => format!("update {value}"),
        Event::Recovered(value) => format!("recovered {value}"),
        Event::Interrupted(interrupted) => format!("interrupted: {}", interrupted.reason()),
        Event::Resumed(resumed) => {
            let missing = resumed.missing().join(",");
            let hole = if resumed.may_have_hole() { " with a hole" } else { "" };
            let failed = resumed.recovery_failed().map(|message| format!(" {message}")).unwrap_or_default();
            format!("resumed{hole} missing [{missing}]{failed}")
        }
        Event::Stale(_) => "stale".to_owned(),
        other => format!("{other:?}"),
    }
}
