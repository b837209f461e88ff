//! A signed order without the network, against clients written by hand that send the same bytes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use reqwest::Request;
use venuekit::transport::{Transport, TransportError, TransportRequest, TransportResponse};
use venuekit::{BoxFuture, Clock, Retry, Throttle, dec};
use venuekit_btse_spot::types as btse;
use venuekit_excore::types as excore;
use venuekit_jex_spot::types as jex;

use crate::calls::{Canned, runtime};
use crate::hand;
use crate::measure::{Contestant, Row};

pub const KEY: &str = "5f2c1a9d8e7b46309c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60718293a4b5c6d7";
pub const SECRET: &str = "9a8b7c6d5e4f30211203f4e5d6c7b8a99a8b7c6d5e4f30211203f4e5d6c7b8a9";
pub const AGENT: &str = "benches";
/// The time of each request, in milliseconds.
pub const NOW: u64 = 1_706_451_300_123;

const BTSE_RESPONSE: &str = r#"{"id":"00000000-0000-4000-8000-000000000007"}"#;
const JEX_RESPONSE: &str = r#"{"symbol":"JEXBTC","orderId":2208,"transactTime":1551184078060,"price":"0.00001464","origQty":"1","executedQty":"0","cummulativeQuoteQty":"0.00000000","status":"NEW","timeInForce":"GTC","type":"LIMIT","side":"BUY"}"#;
const EXCORE_PLACED: &str = r#""market":"BTCBCH","source":"api.v1","type":1,"side":1,"user":1,"ctime":1535544362.168106,"mtime":1535544362.168106,"price":"8000","amount":"10","taker_fee":"0.002","maker_fee":"0.001","left":"9.5","deal_stock":"0.5","deal_money":"0.0000900000","deal_fee":"0.0000001800"}"#;

/// A clock that always returns the same time.
#[derive(Debug)]
pub struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(NOW)
    }
}

/// Returns a client of one of the generated crates.
macro_rules! client {
    ($venue:ident, $transport:expr $(, $set:ident($value:expr))*) => {{
        let credentials = $venue::Credentials::new(KEY, SECRET).unwrap();
        $venue::Client::builder()
            .transport($transport)
            .credentials(credentials)
            .clock(Stopped)
            .user_agent(AGENT)
            .retry(Retry::never())
            // A limit per second would stop the measurement. The requests are counted in any case.
            .throttle(Throttle::Off)
            $(.$set($value))*
            .build()
            .unwrap()
    }};
}

fn btse_order(client: &venuekit_btse_spot::Client) -> venuekit::Call<btse::PlacedOrder> {
    let order = btse::OrderRequest::builder()
        .symbol("BTC-USD")
        .side("BUY")
        .type_("LIMIT")
        .price(dec!(8500.5))
        .amount(dec!(0.002))
        .client_oid(9_070_001)
        .post_only(false)
        .tag("grid-7");
    client.place_order().body(order.build()).send()
}

fn btse_order_by_hand(client: &hand::Btse) -> Request {
    client.order(&hand::BtseOrder {
        amount: 0.002,
        client_oid: 9_070_001,
        post_only: false,
        price: 8500.5,
        symbol: "BTC-USD",
        side: "BUY",
        tag: "grid-7",
        kind: "LIMIT",
    })
}

fn jex_order(client: &venuekit_jex_spot::Client) -> venuekit::Call<jex::PlacedOrder> {
    client
        .place_order()
        .symbol("JEXBTC")
        .side(jex::OrderSide::Buy)
        .type_(jex::SpotOrderType::Limit)
        .quantity(dec!(1))
        .price(dec!(0.00001464))
        .new_order_resp_type(jex::OrderResponseType::Result)
        .send()
}

fn jex_order_by_hand(client: &hand::Jex) -> Request {
    client.order(&hand::JexOrder {
        symbol: "JEXBTC",
        side: "BUY",
        kind: "LIMIT",
        quantity: "1",
        price: "0.00001464",
        response: "RESULT",
    })
}

fn excore_order(client: &venuekit_excore::Client) -> venuekit::Call<excore::PlacedOrder> {
    client
        .order_put_limit()
        .user(1)
        .market("BTCBCH")
        .side(excore::Side::Sell)
        .amount(dec!(10))
        .price(dec!(8000))
        .taker_fee(dec!(0.002))
        .maker_fee(dec!(0.001))
        .source("api.v1")
        .send()
}

fn excore_order_by_hand(client: &hand::Excore) -> Request {
    client.order((1, "BTCBCH", 1, "10", "8000", "0.002", "0.001", "api.v1"))
}

/// A transport that responds with the id of the request, as JSON-RPC needs it.
#[derive(Debug)]
struct Echo;

/// Returns the response to the request with this id.
fn excore_response(request: &[u8]) -> String {
    let digits = request.iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
    let id: String = digits.map(|byte| char::from(*byte)).collect();
    format!("{{\"error\":null,\"result\":{{\"id\":9,{EXCORE_PLACED},\"id\":{id}}}")
}

impl Transport for Echo {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        let body = excore_response(request.body.as_bytes().unwrap());
        Box::pin(async move { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), body)) })
    }
}

/// A transport that keeps a request, and returns an empty response.
#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Option<TransportRequest>>>);

impl Transport for Recorder {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, TransportError>> {
        *self.0.lock().unwrap() = Some(request);
        Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), Bytes::new())) })
    }
}

/// Panics unless both requests have the same bytes.
fn assert_same(recorder: &Recorder, by_hand: &Request) {
    let ours = recorder.0.lock().unwrap().take().unwrap();
    assert_eq!((ours.method, ours.url), (by_hand.method().clone(), by_hand.url().clone()));
    assert_eq!(ours.headers, *by_hand.headers());
    let body = by_hand.body().and_then(reqwest::Body::as_bytes).unwrap_or_default();
    assert_eq!(&ours.body.as_bytes().unwrap()[..], body);
}

/// Panics unless venuekit and the clients written by hand send the same bytes.
fn assert_all_same() {
    let (runtime, recorder) = (runtime(), Recorder::default());
    let client = client!(venuekit_btse_spot, recorder.clone());
    drop(runtime.block_on(btse_order(&client)));
    assert_same(&recorder, &btse_order_by_hand(&hand::Btse::new()));
    let client = client!(venuekit_jex_spot, recorder.clone());
    drop(runtime.block_on(jex_order(&client)));
    assert_same(&recorder, &jex_order_by_hand(&hand::Jex::new()));
    let client = client!(venuekit_excore, recorder.clone(), base_url("https://private.example/v3sign/"));
    drop(runtime.block_on(excore_order(&client)));
    assert_same(&recorder, &excore_order_by_hand(&hand::Excore::new()));
}

pub fn rows() -> Vec<Row> {
    assert_all_same();
    const BY_HAND: &str = "by hand: reqwest, hmac, floats";
    let row = |name, venue: &str, by_hand: Contestant, ours: Contestant| Row {
        name,
        title: format!("a signed order of {venue} without the network"),
        contestants: vec![by_hand, ours],
    };
    let hand_btse = hand::Btse::new();
    let by_hand_runtime = runtime();
    let btse_by_hand = Contestant::new(BY_HAND, move || {
        by_hand_runtime.block_on(async {
            drop(std::hint::black_box(btse_order_by_hand(&hand_btse)));
            let body = Bytes::from_static(BTSE_RESPONSE.as_bytes());
            serde_json::from_slice::<hand::BtsePlaced>(&body).unwrap()
        })
    });
    let (client, ours_runtime) = (client!(venuekit_btse_spot, Canned(BTSE_RESPONSE.into())), runtime());
    let btse = Contestant::new("venuekit", move || ours_runtime.block_on(btse_order(&client)).unwrap());

    let (hand_jex, by_hand_runtime) = (hand::Jex::new(), runtime());
    let jex_by_hand = Contestant::new(BY_HAND, move || {
        by_hand_runtime.block_on(async {
            drop(std::hint::black_box(jex_order_by_hand(&hand_jex)));
            let body = Bytes::from_static(JEX_RESPONSE.as_bytes());
            serde_json::from_slice::<hand::JexPlaced>(&body).unwrap()
        })
    });
    let (client, ours_runtime) = (client!(venuekit_jex_spot, Canned(JEX_RESPONSE.into())), runtime());
    let jex = Contestant::new("venuekit", move || ours_runtime.block_on(jex_order(&client)).unwrap());

    let (hand_excore, by_hand_runtime) = (hand::Excore::new(), runtime());
    let excore_by_hand = Contestant::new(BY_HAND, move || {
        by_hand_runtime.block_on(async {
            let request = std::hint::black_box(excore_order_by_hand(&hand_excore));
            let body = excore_response(request.body().and_then(reqwest::Body::as_bytes).unwrap());
            let response: hand::RpcResponse<hand::ExcorePlaced> = serde_json::from_slice(body.as_bytes()).unwrap();
            assert!(response.error.is_none() && response.id > 0);
            response.result.unwrap()
        })
    });
    let client = client!(venuekit_excore, Echo, base_url("https://private.example/v3sign/"));
    let ours_runtime = runtime();
    let excore = Contestant::new("venuekit", move || ours_runtime.block_on(excore_order(&client)).unwrap());
    vec![
        row("order-btse", "BTSE", btse_by_hand, btse),
        row("order-jex", "JEX", jex_by_hand, jex),
        row("order-excore", "Excore", excore_by_hand, excore),
    ]
}
