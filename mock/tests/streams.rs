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
use venuekit::book::Book;
use venuekit::ws::{Event, Reason, Subscription};
use venuekit::{Error, Outcome};
use venuekit_mock::{Fault, MockVenue, Server};
use venuekit_test_support::LONG;
use venuekit_venues::venuekit_excore;
use venuekit_venues::venuekit_excore_ws::{Client, ClientBuilder, Credentials, Decimal, dec, types};

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
async fn a_client_logs_in_with_a_token_and_a_wrong_token_has_code_11() {
    let mock = mock(&[]).await;
    let by = |token: &str| {
        let credentials = Credentials::from_token(token, "web").unwrap();
        builder(&mock).credentials(credentials).build().unwrap()
    };
    let (by_token, by_key) = (by(mock.secret()), client(&mock));
    assert!(by_token.asset_query().send().await.is_ok());
    let logins = mock.requests().into_iter().filter(|request| request.body.windows(11).any(|at| at == b"server.auth"));
    assert_eq!(logins.count(), 1);
    // Both are the same user.
    let mut orders = by_token.order_subscribe().markets(["A_B"]).send().await.unwrap();
    let types::OrderUpdate { order, .. } = value(&mut orders).await;
    let history = by_key.order_query().market("A_B").offset(0).limit(100).send().await.unwrap();
    assert!(order.user == 88 && history.records.iter().all(|other| other.user == order.user));
    let wrong = "a-token-that-is-wrong";
    let error = by(wrong).asset_query().send().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("code 11") && !format!("{error:?}").contains(wrong), "{error:?}");
    let mut raw = Raw::open(&mock).await;
    let long = "s".repeat(32);
    for (params, code) in [(r#"["mock-secret"]"#.to_owned(), 1), (format!(r#"["mock-secret","{long}"]"#), 1)] {
        let refused = raw.call(&format!(r#"{{"id":1,"method":"server.auth","params":{params}}}"#)).await;
        assert_eq!(refused["error"]["code"], code, "{refused}");
    }
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

/// Returns the next value of a subscription.
async fn value<T: std::fmt::Debug>(events: &mut Subscription<T>) -> T {
    match events.next().await.unwrap().unwrap() {
        Event::Snapshot(value) | Event::Update(value) | Event::Recovered(value) => value,
        other => panic!("{other:?}"),
    }
}

/// Returns the best prices of a side with the amounts.
fn levels(side: Option<Vec<types::Level>>) -> Vec<(Decimal, Decimal)> {
    side.unwrap_or_default().into_iter().map(|level| (level.price, level.amount)).collect()
}

/// Returns a server with both venues of the core, and a client of each: over the socket and over
/// HTTP.
async fn both() -> (Server, Client, venuekit_excore::Client) {
    let server = Server::builder(&["excore-ws", "excore"]).stream_interval(TICK).limits(false).start().await.unwrap();
    let (socket, http) = (server.venue("excore-ws").unwrap(), server.venue("excore").unwrap());
    let streams = client(socket);
    let credentials = venuekit_excore::Credentials::new(http.key(), http.secret()).unwrap();
    let trader = venuekit_excore::Client::builder().base_url(http.url()).credentials(credentials).timeout(LONG);
    let trader = trader.build().unwrap();
    (server, streams, trader)
}

/// Places a limit order over HTTP, for the user 7 and without fees. Returns its id.
async fn place(trader: &venuekit_excore::Client, market: &str, buys: bool, amount: Decimal, price: Decimal) -> i64 {
    let side = if buys { venuekit_excore::types::Side::Buy } else { venuekit_excore::types::Side::Sell };
    let place = trader.order_put_limit().user(7).market(market).side(side).amount(amount).price(price);
    place.taker_fee(dec!(0)).maker_fee(dec!(0)).source("test").send().await.unwrap().id
}

#[tokio::test]
async fn markets_that_only_the_document_of_the_socket_names_exist_over_http_too() {
    let (_server, streams, trader) = both().await;
    let query = || streams.depth_query().market("LTC_USDT").limit(5).interval("0").send();
    let http = || trader.order_depth().market("LTC_USDT").limit(5).interval(dec!(0)).send();
    let bids = |book: types::OrderBook| levels(Some(book.bids));
    assert_eq!(bids(query().await.unwrap()), [(dec!(82), dec!(1.5)), (dec!(81.97), dec!(7))]);
    assert_eq!(http().await.unwrap().bids[1].price, dec!(81.97));
    // It has no book, and exists.
    assert!(trader.order_depth().market("EOS_BTC").limit(5).interval(dec!(0)).send().await.unwrap().bids.is_empty());
    let none = streams.state_query().market("EOS_BTC").period(86_400).send().await.unwrap();
    assert_eq!((none.last, none.volume), (dec!(0), dec!(0)));
    place(&trader, "LTC_USDT", true, dec!(1), dec!(82.01)).await;
    let best = (dec!(82.01), dec!(1));
    assert_eq!(bids(query().await.unwrap())[0], best);
    assert_eq!(http().await.unwrap().bids[0].price, best.0);
    // Alone, `excore` has the markets of its own document only.
    let alone = MockVenue::start("excore").await.unwrap();
    let credentials = venuekit_excore::Credentials::new(alone.key(), alone.secret()).unwrap();
    let alone = venuekit_excore::Client::builder().base_url(alone.url()).credentials(credentials).build().unwrap();
    assert!(alone.order_depth().market("LTC_USDT").limit(5).interval(dec!(0)).send().await.is_err());
}

#[tokio::test]
async fn orders_that_are_placed_over_http_are_seen_on_the_socket_of_the_same_server() {
    let (_server, streams, trader) = both().await;
    let mut orders = streams.order_subscribe().markets(["BTCBCH"]).send().await.unwrap();
    let mut balances = streams.asset_subscribe().assets(["BTC"]).send().await.unwrap();
    let mut trades = streams.deals_subscribe().markets(["BTCBCH"]).send().await.unwrap();
    let mut book = streams.depth_subscribe().market("BTCBCH").limit(5).interval("0").send().await.unwrap();
    let first = value(&mut book).await;
    assert!(first.clean);
    assert_eq!(levels(first.book.asks), [(dec!(1.5158), dec!(1.151)), (dec!(1.53), dec!(1.218))]);

    let id = place(&trader, "BTCBCH", true, dec!(2), dec!(1.5158)).await;
    let update = value(&mut orders).await;
    // A part of it traded, and the rest is on the book.
    assert_eq!((update.event, update.order.id, update.order.user), (types::OrderEvent::Put, id, 7));
    assert_eq!((update.order.left, update.order.deal_stock), (dec!(0.849), dec!(1.151)));
    let traded = value(&mut trades).await;
    assert_eq!((traded.trades[0].price, traded.trades[0].amount), (dec!(1.5158), dec!(1.151)));
    let change = value(&mut book).await;
    assert_eq!(levels(change.book.bids), [(dec!(1.5158), dec!(0.849))]);
    assert_eq!(levels(change.book.asks)[0], (dec!(1.5158), dec!(0)));
    let balance = value(&mut balances).await.remove(0)["BTC"].clone();

    // The queries answer from the same state.
    let open = streams.order_query().market("BTCBCH").offset(0).limit(50).send().await.unwrap();
    assert_eq!(open.records, std::slice::from_ref(&update.order));
    let depth = streams.depth_query().market("BTCBCH").limit(1).interval("0").send().await.unwrap();
    assert_eq!(depth.bids[0].amount, dec!(0.849));
    let deals = streams.deals_query().market("BTCBCH").limit(10).last_id(0).send().await.unwrap();
    assert_eq!(deals, traded.trades);
    let asked = streams.asset_query().assets(["BTC"]).send().await.unwrap();
    assert_eq!(asked["BTC"], balance);
    let over_http = trader.balance_query().user_id(7).asset("BTC").send().await.unwrap();
    assert_eq!(over_http["BTC"].available, balance.available);

    trader.order_cancel().user_id(7).market("BTCBCH").order_id(id).send().await.unwrap();
    let ended = value(&mut orders).await;
    // A cancelled order is one that finished and has something left.
    assert_eq!((ended.event, ended.order.left), (types::OrderEvent::Finish, dec!(0.849)));
    let history = streams.order_history().market("BTCBCH").start_time(0).end_time(0).offset(0).limit(10);
    let history = history.side(types::SideFilter::Both).send().await.unwrap();
    assert_eq!(history.records[0].id, id);
    // A market that `excore` does not have is silent, and unknown to queries.
    assert!(streams.depth_query().market("A_B").limit(1).interval("0").send().await.is_err());
}

#[tokio::test]
async fn the_history_of_balances_has_what_moved_over_http_and_on_the_socket() {
    let (_server, streams, trader) = both().await;
    let page = |offset, limit| {
        let query = streams.asset_history().asset("").business("").start_time(0).end_time(0);
        query.offset(offset).limit(limit).send()
    };
    // Nothing moved so far, so it is the example, in pages.
    assert_eq!(page(0, 10).await.unwrap().records.len(), 1);
    assert!(page(1, 10).await.unwrap().records.is_empty());

    let change = trader.balance_update().user_id(7).asset("USDT").business("deposit").business_id(9);
    change.change(dec!(10.5)).detail(r#"{"from":"x","id":1}"#.parse().unwrap()).send().await.unwrap();
    let place = trader.order_put_limit().user(7).market("BTCBCH").side(venuekit_excore::types::Side::Buy);
    let place = place.amount(dec!(2)).price(dec!(1.53)).taker_fee(dec!(0.001)).maker_fee(dec!(0)).source("test");
    let order = place.send().await.unwrap();
    let all = page(0, 100).await.unwrap();
    let shown: Vec<_> = all.records.iter().map(|it| (&*it.asset, &*it.business, it.change)).collect();
    // The newest first. What the order needs of an asset without an example is deposited.
    let expected = [
        ("BTC", "trade", dec!(-0.000849)),
        ("BTC", "trade", dec!(0.849)),
        ("BCH", "trade", dec!(-1.29897)),
        ("BTC", "trade", dec!(-0.001151)),
        ("BTC", "trade", dec!(1.151)),
        ("BCH", "trade", dec!(-1.7446858)),
        ("BCH", "deposit", dec!(3.06)),
        ("USDT", "deposit", dec!(10.5)),
    ];
    assert_eq!(shown, expected);
    let detail = |at: usize| serde_json::from_str::<Value>(all.records[at].detail.as_ref()).unwrap();
    let fee = serde_json::json!({"a": "0.849", "f": "0.001", "id": order.id, "m": "BTCBCH", "p": "1.53"});
    assert_eq!((detail(0), detail(7)), (fee, serde_json::json!({"from": "x", "id": 9})));
    // Each balance is the one before it with the change, and the last ones are those of now.
    let now = trader.balance_query().user_id(7).send().await.unwrap();
    for asset in ["BTC", "BCH", "USDT"] {
        let own: Vec<_> = all.records.iter().filter(|it| it.asset == asset).collect();
        assert_eq!(own[0].balance, now[asset].available + now[asset].freeze, "{asset}");
        assert!(own.windows(2).all(|two| two[1].balance + two[0].change == two[0].balance), "{own:?}");
    }

    let part = page(2, 3).await.unwrap();
    assert_eq!((part.offset, part.limit, &part.records[..]), (2, 3, &all.records[2..5]));
    let over_http = |asset: &str, business: &str, end: i64| {
        let query = trader.balance_history().user_id(7).asset(asset).business(business).start_time(1);
        query.end_time(end).offset(0).limit(100).send()
    };
    let same = over_http("", "", 0).await.unwrap().records;
    assert_eq!(
        same.iter().map(|it| it.balance).collect::<Vec<_>>(),
        all.records.iter().map(|it| it.balance).collect::<Vec<_>>()
    );
    assert_eq!(over_http("BCH", "trade", 0).await.unwrap().records.len(), 2);
    assert!(over_http("", "", 1).await.unwrap().records.is_empty());
    let others = trader.balance_history().user_id(8).asset("").business("").start_time(0).end_time(0);
    assert_eq!(others.offset(0).limit(1).send().await.unwrap().records.len(), 1, "the example of an untouched user");
}

#[tokio::test]
async fn statistics_counts_and_candles_follow_the_trades_of_a_market() {
    let (_server, streams, trader) = both().await;
    place(&trader, "BTCBCH", true, dec!(2), dec!(1.53)).await;
    place(&trader, "LTC_USDT", false, dec!(1), dec!(90)).await;
    let status = trader.market_status().market("BTCBCH").period(60).send().await.unwrap();
    assert_eq!((status.open, status.high, status.last, status.volume), (dec!(1.5158), dec!(1.53), dec!(1.53), dec!(2)));
    let today = trader.market_status_today().market("BTCBCH").send().await.unwrap();
    let over_socket = streams.today_query().market("BTCBCH").send().await.unwrap();
    assert_eq!((today.volume, today.deal), (over_socket.volume, over_socket.deal));
    assert_eq!(today.deal, dec!(3.0436558));
    let now = i64::MAX / 4_000;
    let klines = trader.market_kline().market(Some("BTCBCH".to_owned())).start(1).end(now).interval(86_400);
    let klines = klines.send().await.unwrap();
    let candles = streams.kline_query().market("BTCBCH").start(1).end(now).interval(86_400).send().await.unwrap();
    let volume = klines.iter().map(|it| it.volume).sum::<Decimal>();
    assert_eq!((volume, klines[0].open, klines[0].highest), (dec!(2), candles[0].open, candles[0].high));
    let counts = trader.market_summary().market_list(["BTCBCH", "LTC_USDT", "EOS_BTC"]).send().await.unwrap();
    let counts: Vec<_> = counts.iter().map(|it| (&*it.name, it.ask_count, it.bid_count)).collect();
    assert_eq!(counts, [("BTCBCH", 1, 2), ("LTC_USDT", 3, 2), ("EOS_BTC", 0, 0)]);
    let open = trader.order_pending_list().user_id(7).offset(0).limit(10).send().await.unwrap().markets;
    assert_eq!((open.len(), &*open[0].name, open[0].total), (1, "LTC_USDT", 1));
}

#[tokio::test]
async fn a_user_without_another_venue_trades_by_itself_and_its_queries_agree_with_its_orders() {
    let mock = mock(&[]).await;
    let client = client(&mock);
    let mut orders = client.order_subscribe().markets(["A_B"]).send().await.unwrap();
    let ended = loop {
        let types::OrderUpdate { event, order, .. } = value(&mut orders).await;
        assert_eq!((&*order.market, order.user), ("A_B", 88));
        assert!(order.left <= order.amount && order.deal_stock + order.left == order.amount, "{order:?}");
        if event == types::OrderEvent::Finish && order.deal_stock > dec!(0) {
            break order;
        }
    };
    let history = client.order_history().market("A_B").start_time(0).end_time(0).offset(0).limit(100);
    let history = history.side(types::SideFilter::Both).send().await.unwrap();
    let found = history.records.iter().find(|order| order.id == ended.id).unwrap();
    assert_eq!((found.price, found.deal_stock, found.deal_money), (ended.price, ended.deal_stock, ended.deal_money));
    let open = client.order_query().market("A_B").offset(0).limit(100).send().await.unwrap();
    assert!(open.records.iter().all(|order| order.id != ended.id));
}

#[tokio::test]
async fn a_half_open_connection_is_given_up_and_its_subscriptions_come_back() {
    let mock = mock(&["half-open,on=notifications,after=3,times=1"]).await;
    let client = builder(&mock).socket(|settings| {
        settings.ping_interval = Some(10 * TICK);
        settings.silence_timeout = Some(200 * TICK);
    });
    let client = client.build().unwrap();
    let mut prices = client.price_subscribe().markets(["A_B"]).send().await.unwrap();
    let mut seen = Vec::new();
    while !seen.ends_with(&["resumed", "value"]) {
        seen.push(match prices.next().await.unwrap().unwrap() {
            Event::Interrupted(interrupted) => {
                assert_eq!(interrupted.reason(), Reason::Disconnected);
                "interrupted"
            }
            Event::Resumed(_) => "resumed",
            _ => "value",
        });
    }
    assert!(seen.contains(&"interrupted"), "{seen:?}");
    assert!(client.connections()[0].connects >= 2);
}

#[tokio::test]
async fn messages_of_a_round_in_another_order_lose_and_repeat_no_trade() {
    let mock = mock(&["reorder"]).await;
    let client = client(&mock);
    let mut first = client.deals_subscribe().markets(["A_B"]).send().await.unwrap();
    let mut second = client.deals_subscribe().markets(["C_D"]).send().await.unwrap();
    for (events, market) in [(&mut first, "A_B"), (&mut second, "C_D")] {
        let mut ids = std::collections::BTreeSet::new();
        while ids.len() < 20 {
            let (Event::Snapshot(update) | Event::Update(update)) = events.next().await.unwrap().unwrap() else {
                continue;
            };
            assert_eq!(update.market, market);
            assert!(update.trades.iter().all(|trade| ids.insert(trade.id)), "{update:?}");
        }
    }
}

#[tokio::test]
async fn a_gap_in_a_book_that_nobody_can_see_ends_with_a_renewed_subscription() {
    // The venue numbers nothing. So a missing change shows only when the book does not fit.
    let mock = mock(&["gap,share=0.3"]).await;
    let client = client(&mock);
    let mut events = client.depth_subscribe().market("A_B").limit(5).interval("0").send().await.unwrap();
    let mut book = Book::new(5);
    for _ in 0..50 {
        let event = events.next().await.unwrap().unwrap();
        let is_snapshot = matches!(event, Event::Snapshot(_));
        if let Event::Snapshot(it) | Event::Update(it) = event {
            let (asks, bids) = (levels(it.book.asks), levels(it.book.bids));
            let _ = if is_snapshot { book.set(asks, bids) } else { book.change(asks, bids) };
        }
    }
    mock.clear_faults();
    events.renew();
    while !matches!(events.next().await.unwrap().unwrap(), Event::Interrupted(it) if it.reason() == Reason::Renewed) {}
    let snapshot = loop {
        match events.next().await.unwrap().unwrap() {
            Event::Snapshot(it) => break it,
            Event::Resumed(_) => {}
            other => panic!("{other:?}"),
        }
    };
    let (asks, bids) = (levels(snapshot.book.asks), levels(snapshot.book.bids));
    assert!(snapshot.clean && asks.len() == 5 && bids.len() == 5);
    book.set(asks, bids).unwrap();
}

#[tokio::test]
async fn frames_that_arrive_byte_by_byte_are_read_whole() {
    let mock = mock(&["slow=1,on=notifications,times=3"]).await;
    let client = client(&mock);
    let mut prices = client.price_subscribe().markets(["A_B"]).send().await.unwrap();
    for _ in 0..3 {
        assert_eq!(value(&mut prices).await.market, "A_B");
    }
    assert_eq!(client.connections()[0].unreadable_messages, 0);
}

#[tokio::test]
async fn a_frame_that_is_too_long_ends_the_connection_and_is_not_kept() {
    let mock = mock(&["huge-frame=100000,on=notifications,after=2,times=1"]).await;
    let client = builder(&mock).max_response_bytes(50_000).build().unwrap();
    let mut prices = client.price_subscribe().markets(["A_B"]).send().await.unwrap();
    loop {
        if let Event::Interrupted(interrupted) = prices.next().await.unwrap().unwrap() {
            assert_eq!(interrupted.reason(), Reason::Disconnected);
            break;
        }
    }
    while !matches!(prices.next().await.unwrap().unwrap(), Event::Snapshot(_)) {}
    assert_eq!(client.connections()[0].connects, 2);
}

#[tokio::test]
async fn a_flood_is_told_to_a_slow_consumer_and_no_more_waits_than_its_buffer() {
    const BUFFER: usize = 64;
    let mock = mock(&["flood=2000,on=notifications,after=3,times=1"]).await;
    let client = client(&mock);
    // Nobody reads until the flood is over. The ping after it shows that.
    let mut trades = client.deals_subscribe().markets(["A_B"]).send().buffer(BUFFER).await.unwrap();
    let mut states = client.price_subscribe().markets(["A_B"]).send().buffer(BUFFER).await.unwrap();
    while !mock.faults().is_empty() {
        tokio::time::sleep(TICK).await;
    }
    client.server_ping().send().await.unwrap();
    let (mut waiting, mut ids) = (0, std::collections::BTreeSet::new());
    loop {
        match trades.next().await.unwrap().unwrap() {
            Event::Interrupted(interrupted) => {
                assert_eq!(interrupted.reason(), Reason::Overflow);
                break;
            }
            event => {
                waiting += 1;
                ids.extend(event.value().unwrap().trades.iter().map(|trade| trade.id));
            }
        }
    }
    assert!(waiting <= BUFFER, "{waiting}");
    // The client asks for the missed trades.
    loop {
        match trades.next().await.unwrap().unwrap() {
            Event::Recovered(update) => assert!(update.trades.iter().all(|trade| ids.insert(trade.id))),
            Event::Interrupted(_) => {}
            Event::Resumed(_) => break,
            other => panic!("{other:?}"),
        }
    }
    // Of whole states, only the latest waits.
    let latest = value(&mut states).await;
    assert_eq!(latest.market, "A_B");
}
