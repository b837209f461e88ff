//! Tests of the mock over a socket: it behaves as the open source core, and has faults.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use venuekit::ws::{Event, Reason};
use venuekit::{Error, Outcome};
use venuekit_mock::{Fault, MockVenue};
use venuekit_test_support::LONG;
use venuekit_venues::venuekit_excore_ws::{Client, ClientBuilder, Credentials, types};

const TICK: Duration = Duration::from_millis(5);

async fn mock(faults: &[&str]) -> MockVenue {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
    let mock = MockVenue::builder("excore-ws").stream_interval(TICK).limits(false).faults(faults);
    mock.start().await.unwrap()
}

fn builder(mock: &MockVenue) -> ClientBuilder {
    Client::builder().base_url(mock.url()).timeout(LONG)
}

fn client(mock: &MockVenue) -> Client {
    builder(mock).credentials(Credentials::new(mock.key(), mock.secret()).unwrap()).build().unwrap()
}

/// A connection without a client.
struct Raw(TcpStream);

impl Raw {
    async fn open(mock: &MockVenue) -> Self {
        let address = mock.url().strip_prefix("ws://").unwrap().split('/').next().unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                       Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(String::from_utf8(head).unwrap().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        Self(stream)
    }

    /// Sends a frame with a mask of zeros.
    async fn send(&mut self, opcode: u8, payload: &[u8]) {
        let length = u8::try_from(payload.len()).unwrap();
        let frame = [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat();
        self.0.write_all(&frame).await.unwrap();
    }

    /// Returns the opcode and the payload of the next frame; `None` if the connection is closed.
    async fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let opcode = self.0.read_u8().await.ok()? & 0x0f;
        let length = match self.0.read_u8().await.ok()? {
            126 => usize::from(self.0.read_u16().await.ok()?),
            127 => usize::try_from(self.0.read_u64().await.ok()?).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await.ok()?;
        Some((opcode, payload))
    }

    async fn call(&mut self, text: &str) -> Value {
        self.send(1, text.as_bytes()).await;
        serde_json::from_slice(&self.next().await.unwrap().1).unwrap()
    }
}

#[tokio::test]
async fn a_pong_has_no_payload() {
    let mock = mock(&[]).await;
    let mut raw = Raw::open(&mock).await;
    raw.send(9, b"payload").await;
    assert_eq!(raw.next().await, Some((10, Vec::new())));
}

#[tokio::test]
async fn a_message_that_is_not_a_call_closes_the_connection() {
    let mock = mock(&[]).await;
    for text in [
        "not JSON",
        "[]",
        r#"{"id":"1","method":"server.time","params":[]}"#,
        r#"{"id":7.5,"method":"server.time","params":[]}"#,
        r#"{"method":"server.time","params":[]}"#,
        r#"{"id":1,"method":"server.time","params":null}"#,
        r#"{"id":1,"method":"server.time","params":{}}"#,
    ] {
        let mut raw = Raw::open(&mock).await;
        raw.send(1, text.as_bytes()).await;
        assert_eq!(raw.next().await, None, "{text}");
    }
}

#[tokio::test]
async fn a_method_that_does_not_exist_gets_no_response() {
    let mock = mock(&[]).await;
    let mut raw = Raw::open(&mock).await;
    raw.send(1, br#"{"id":1,"method":"order.put_limit","params":[]}"#).await;
    let pong = raw.call(r#"{"id":-2,"method":"server.ping","params":[]}"#).await;
    assert_eq!((&pong["id"], &pong["result"]), (&Value::from(-2), &Value::from("pong")));
}

#[tokio::test]
async fn a_private_call_without_a_login_has_code_6_and_a_wrong_signature_code_11() {
    let mock = mock(&[]).await;
    let mut raw = Raw::open(&mock).await;
    let refused = raw.call(r#"{"id":1,"method":"order.subscribe","params":["A_B"]}"#).await;
    assert_eq!(refused["error"]["code"], 6);
    let refused = raw.call(r#"{"id":2,"method":"asset.query","params":[]}"#).await;
    assert_eq!(refused["error"]["code"], 6);
    let refused = raw.call(r#"{"id":3,"method":"server.sign","params":["mock-key","x",1]}"#).await;
    assert_eq!(refused["error"]["code"], 11);
}

#[tokio::test]
async fn a_client_logs_in_and_calls() {
    let mock = mock(&[]).await;
    let client = client(&mock);
    let orders = client.order_query().market("LTC_USDT").offset(0).limit(50).send().await.unwrap();
    assert_eq!(orders.records.len(), 1);
    assert_eq!(client.server_ping().send().await.unwrap(), "pong");
}

#[tokio::test]
async fn a_refused_login_is_an_error_with_the_code_of_the_venue() {
    let mock = mock(&["refuse-login"]).await;
    let error: Error = client(&mock).asset_query().send().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error:?}");
    assert!(error.to_string().contains("code 11"), "{error}");
}

#[tokio::test]
async fn a_book_begins_with_a_snapshot_and_goes_on_with_changes() {
    let mock = mock(&[]).await;
    let client = client(&mock);
    let mut book = client.depth_subscribe().market("BTC_USDT").limit(20).interval("0").send().await.unwrap();
    let first = book.next().await.unwrap().unwrap();
    let Event::Snapshot(types::DepthUpdate { clean: true, book: levels, market, .. }) = first else {
        panic!("{first:?}");
    };
    assert_eq!((market.as_str(), levels.asks.unwrap().len(), levels.bids.unwrap().len()), ("BTC_USDT", 20, 20));
    for _ in 0..20 {
        let next = book.next().await.unwrap().unwrap();
        assert!(matches!(next, Event::Update(types::DepthUpdate { clean: false, .. })), "{next:?}");
    }
}

#[tokio::test]
async fn the_lists_of_two_subscriptions_are_merged_and_split_again() {
    let mock = mock(&[]).await;
    let client = client(&mock);
    let mut first = client.deals_subscribe().markets(["A_B"]).send().await.unwrap();
    let mut second = client.deals_subscribe().markets(["C_D"]).send().await.unwrap();
    for (subscription, market) in [(&mut first, "A_B"), (&mut second, "C_D")] {
        for _ in 0..5 {
            let event = subscription.next().await.unwrap().unwrap();
            assert_eq!(event.value().map(|update| update.market.as_str()), Some(market), "{event:?}");
        }
    }
}

#[tokio::test]
async fn each_public_family_has_events_of_its_type() {
    let mock = mock(&[]).await;
    let client = client(&mock);
    macro_rules! has_events {
        ($($subscribe:expr),* $(,)?) => {
            $({
                let mut events = $subscribe.send().await.unwrap();
                let event = events.next().await.unwrap();
                assert!(event.as_ref().is_ok_and(|event| event.value().is_some()), "{event:?}");
            })*
        };
    }
    has_events!(
        client.state_subscribe().markets(["A_B"]),
        client.ticker_subscribe().markets(["A_B"]),
        client.today_subscribe().markets(["A_B"]),
        client.price_subscribe().markets(["A_B"]),
        client.deals_subscribe().markets(["A_B"]),
        client.trades_subscribe().markets(["A_B"]),
        client.kline_subscribe().market("A_B").interval(60),
        client.order_subscribe().markets(["A_B"]),
        client.asset_subscribe().assets(["USDT"]),
        client.balance_subscribe().assets(["USDT"]),
    );
}

#[tokio::test]
async fn a_connection_that_is_dropped_is_an_interruption_and_the_book_comes_back() {
    for fault in ["drop,share=0.2", "cut-frame,share=0.2"] {
        let mock = mock(&[fault]).await;
        let client = client(&mock);
        let mut book = client.depth_subscribe().market("BTC_USDT").limit(5).interval("0").send().await.unwrap();
        let mut came_back = false;
        let mut is_interrupted = false;
        while !came_back {
            match book.next().await.unwrap().unwrap() {
                Event::Interrupted(interrupted) => {
                    assert_eq!(interrupted.reason(), Reason::Disconnected);
                    is_interrupted = true;
                }
                Event::Snapshot(_) => came_back = is_interrupted,
                Event::Update(_) => assert!(!is_interrupted, "{fault}: an update before the snapshot"),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn trades_that_come_twice_are_given_once() {
    let mock = mock(&["duplicate"]).await;
    let client = client(&mock);
    let mut trades = client.trades_subscribe().markets(["A_B"]).send().await.unwrap();
    let mut seen = std::collections::BTreeSet::new();
    while seen.len() < 20 {
        let event = trades.next().await.unwrap().unwrap();
        for trade in &event.value().unwrap().trades {
            assert!(seen.insert(trade.id), "{} came twice", trade.id);
        }
    }
}

#[tokio::test]
async fn faults_aim_at_notifications_at_subscriptions_and_at_logins() {
    // Notifications stop, and responses still come.
    let silent = mock(&["stall,on=notifications"]).await;
    let by_silent = client(&silent);
    let mut prices = by_silent.price_subscribe().markets(["A_B"]).send().await.unwrap();
    assert!(tokio::time::timeout(20 * TICK, prices.next()).await.is_err());
    assert_eq!(by_silent.server_ping().send().await.unwrap(), "pong");
    // The subscription is made at the venue, and its response is lost.
    let lost = mock(&["close,on=price.subscribe,times=1"]).await;
    let _ = client(&lost).price_subscribe().markets(["A_B"]).send().await;
    assert_eq!(lost.faults(), [""; 0], "{:?}", lost.log());
    // One login is refused, and the next one is not.
    let once = mock(&["refuse-login,times=1"]).await;
    assert!(client(&once).asset_query().send().await.is_err());
    assert!(client(&once).asset_query().send().await.is_ok());
}

#[tokio::test]
async fn a_fault_of_a_socket_is_refused_where_there_is_none() {
    let fault = || "drop".parse::<Fault>().unwrap();
    let refused = MockVenue::builder("btse-spot").faults([fault()]).start().await.unwrap_err();
    assert!(refused.to_string().contains("`drop` is for a WebSocket"), "{refused}");
    let refused = MockVenue::start("btse-spot").await.unwrap().add_fault(fault()).unwrap_err();
    assert!(refused.to_string().contains("btse-spot is called over HTTP"), "{refused}");
    let mock = mock(&[]).await;
    mock.add_fault(fault().at_most(1).on("notifications")).unwrap();
    assert_eq!(mock.faults(), ["drop,on=notifications,times=1"]);
    let client = client(&mock);
    let mut prices = client.price_subscribe().markets(["A_B"]).send().await.unwrap();
    while !matches!(prices.next().await.unwrap().unwrap(), Event::Interrupted(_)) {}
    assert_eq!(mock.faults(), [""; 0]);
}
