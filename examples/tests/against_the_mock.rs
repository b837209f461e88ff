//! Tests of both programs against mock venues, with and without faults.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use venuekit_btse_spot::venuekit::market::OrderRules;
use venuekit_btse_spot::{Client, ClientBuilder, Credentials, Decimal};
use venuekit_examples::{books, collector, quoter, rebalancer};
use venuekit_mock::{Fault, MockVenue};
use venuekit_test_support::{LONG, Script, patiently, respond};

fn plan() -> quoter::Plan {
    let mut rules = OrderRules::default();
    rules.price.step = Some(Decimal::new(5, 1));
    quoter::Plan {
        symbol: "BTC-USD".to_owned(),
        size: Decimal::new(1, 2),
        distance: Decimal::from(25),
        rules,
        rounds: 3,
        tag: "run-1".to_owned(),
    }
}

fn trader(mock: &MockVenue) -> ClientBuilder {
    let credentials = Credentials::new(mock.key(), mock.secret()).unwrap();
    let builder = Client::builder().base_url(mock.url()).credentials(credentials);
    builder.timeout(LONG)
}

async fn collected(faults: &[&str], attempt_timeout: Duration) -> (MockVenue, collector::Tally, String) {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
    let mock = MockVenue::builder("jex-spot").seed(7).faults(faults).start().await.unwrap();
    let client = venuekit_jex_spot::Client::builder()
        .base_url(mock.url())
        .timeout(3 * LONG)
        .attempt_timeout(attempt_timeout)
        .build()
        .unwrap();
    let symbols = vec!["JEXBTC".to_owned(), "DASHUSDT".to_owned()];
    let plan = collector::Plan { symbols, rounds: 3, pause: Duration::from_millis(5) };
    let mut lines = Vec::new();
    let tally = collector::collect(&client, &plan, &mut lines).await.unwrap();
    (mock, tally, String::from_utf8(lines).unwrap())
}

#[tokio::test]
async fn the_collector_writes_every_book_exactly() {
    let (_, tally, lines) = collected(&[], LONG).await;
    assert_eq!((tally.collected, tally.failed), (6, 0));
    assert_eq!(lines.lines().count(), 7);
    assert!(lines.contains("JEXBTC,1027024,4.00000000,4.00000200,0.00000200"), "{lines}");
}

/// A recorded response of the venue has this form.
#[tokio::test]
async fn the_collector_writes_a_book_without_a_number() {
    let body = r#"{"bids":[["0.007294","2.16630000"]],"asks":[["0.007375","4.62800000"]]}"#;
    let builder = venuekit_jex_spot::Client::builder().base_url("https://venue.test");
    let client = builder.transport(Script::new([respond(200, body)])).build().unwrap();
    let plan = collector::Plan { symbols: vec!["LTCBTC".to_owned()], rounds: 1, pause: Duration::ZERO };
    let mut lines = Vec::new();
    let tally = collector::collect(&client, &plan, &mut lines).await.unwrap();
    assert_eq!((tally.collected, tally.failed), (1, 0));
    assert!(String::from_utf8(lines).unwrap().contains("\nLTCBTC,,0.007294,0.007375,0.000081\n"));
}

#[tokio::test]
async fn the_collector_survives_faults_by_retrying() {
    let faults = ["503,share=0.2", "cut,share=0.1", "hang,share=0.2"];
    let tally = patiently(async |attempt_timeout| {
        let (mock, tally, _) = collected(&faults, attempt_timeout).await;
        let requests = mock.requests();
        assert!(requests.iter().any(|request| request.faults.contains(&"hang".to_owned())), "{requests:?}");
        // Each request without a fault yields a collected book, unless its response came too late.
        let without_fault = requests.iter().filter(|request| request.faults.is_empty()).count();
        (tally.collected == without_fault).then_some(tally)
    })
    .await;
    assert!(tally.collected >= 5, "{tally:?}");
    assert_eq!(tally.collected + tally.failed, 6);
}

#[tokio::test]
async fn the_quoter_leaves_no_order_open() {
    let mock = MockVenue::start("btse-spot").await.unwrap();
    let tally = quoter::quote(&trader(&mock).build().unwrap(), &plan()).await.unwrap();
    assert_eq!(tally, quoter::Tally { placed: 6, ..Default::default() });
    assert!(mock.orders().iter().all(|order| !order.is_open), "{:?}", mock.orders());
}

#[tokio::test]
async fn the_quoter_cancels_an_order_that_arrived_late() {
    let mock = MockVenue::start("btse-spot").await.unwrap();
    let client = trader(&mock).build().unwrap();
    let order = venuekit_btse_spot::types::OrderRequest::builder().symbol("BTC-USD").side("BUY").type_("LIMIT");
    let order = order.price(Decimal::from(9000)).amount(Decimal::new(1, 2)).tag("run-1-left-over").build();
    client.place_order().body(order).send().await.unwrap();
    quoter::quote(&client, &plan()).await.unwrap();
    assert!(mock.orders().iter().all(|order| !order.is_open), "{:?}", mock.orders());
}

#[tokio::test]
async fn the_quoter_finds_orders_of_unknown_outcome_and_places_none_twice() {
    let mock =
        MockVenue::builder("btse-spot").seed(3).faults(["cut,share=0.3".parse().unwrap()]).start().await.unwrap();
    let retry =
        venuekit_btse_spot::Retry::default().attempts(8).backoff(Duration::from_millis(1), Duration::from_millis(5));
    let client = trader(&mock).retry(retry).build().unwrap();
    let tally = quoter::quote(&client, &plan()).await.unwrap();
    assert!(tally.found > 0, "{tally:?}");
    assert_eq!((tally.placed + tally.found, tally.lost, tally.refused), (6, 0, 0));
    let orders = mock.requests().iter().filter(|request| request.path.ends_with("/v2/order")).count();
    assert_eq!(orders, 6, "each order is sent once");
    assert!(mock.orders().iter().all(|order| !order.is_open), "{:?}", mock.orders());
}

/// Returns the script of a venue on which one of the orders was filled before it was cancelled.
/// `first` and `second` are its responses to the first and second attempt of each cancel.
fn filled_before_it_was_cancelled(first: (u16, &'static str), second: (u16, &'static str)) -> Script {
    let (placed, cancels) = (AtomicU32::new(0), AtomicU32::new(0));
    Script::from_fn(move |request, _| {
        let asked = request.text();
        let fill = |id: u32, amount: &str| {
            format!(
                r#"{{"amount":{amount},"fee":0,"id":{id},"order_id":"order-0","price":9500,"side":"buy","symbol":"BTC-USD"}}"#
            )
        };
        let (status, body) = match request.url.path() {
            path if path.contains("orderbook") => {
                let level = |price| format!(r#"[{{"price":"{price}","size":"1"}}]"#);
                let (bids, asks) = (level(9500), level(9501));
                (200, format!(r#"{{"buyQuote":{bids},"sellQuote":{asks},"symbol":"BTC-USD","timestamp":1}}"#))
            }
            path if path.ends_with("/order") => {
                (200, format!(r#"{{"id":"order-{}"}}"#, placed.fetch_add(1, Ordering::Relaxed)))
            }
            path if path.ends_with("/deleteOrder") => match cancels.fetch_add(1, Ordering::Relaxed) % 2 {
                0 => (first.0, first.1.to_owned()),
                _ => (second.0, second.1.to_owned()),
            },
            path if path.ends_with("/fills") && asked.contains("order-0") => {
                (200, format!("[{},{}]", fill(1, "0.004"), fill(2, "0.006")))
            }
            _ => (200, "[]".to_owned()),
        };
        respond(status, body)
    })
}

/// The response to a cancel of an order that does not exist.
const NOT_FOUND: (u16, &str) = (429, r#"{"code":-1,"msg":"Not found"}"#);

#[tokio::test]
async fn the_quoter_looks_up_the_fills_of_orders_that_are_gone() {
    for (first, second) in [
        // The venue loses its response to the first attempt.
        ((503, ""), NOT_FOUND),
        // The order was filled before the first attempt.
        (NOT_FOUND, NOT_FOUND),
        // The response does not say whether an order was cancelled.
        ((200, "[]"), (200, r#"{"code":0}"#)),
    ] {
        let venue = filled_before_it_was_cancelled(first, second);
        let retry = venuekit_btse_spot::Retry::default().backoff(Duration::from_millis(1), Duration::from_millis(1));
        let credentials = Credentials::new("fixture-key", "fixture-secret").unwrap();
        let client = Client::builder().credentials(credentials).transport(venue.clone()).retry(retry).timeout(LONG);
        let plan = quoter::Plan { rounds: 1, ..plan() };
        let tally = quoter::quote(&client.build().unwrap(), &plan).await.unwrap();
        let fills = venue.sent().iter().filter(|sent| sent.url.path().ends_with("/fills")).count();
        assert_eq!((tally.gone, tally.filled_at_most, fills), (2, Decimal::new(1, 2), 2), "{first:?}: {tally:?}");
        assert_eq!(tally.left_open, Vec::<String>::new());
        assert_eq!(tally.placed, 2);
    }
}

/// An order that crosses the book is filled at once, and never among the open orders.
#[tokio::test]
async fn the_quoter_finds_an_order_of_unknown_outcome_that_was_filled_at_once() {
    let venue = Script::from_fn(|request, _| {
        let asked = request.text();
        let (status, body) = match request.url.path() {
            path if path.contains("orderbook") => {
                (200, r#"{"buyQuote":[{"price":"9500","size":"1"}],"sellQuote":[{"price":"9501","size":"1"}]}"#)
            }
            // The venue loses each of its responses to orders.
            path if path.ends_with("/order") => (503, ""),
            path if path.ends_with("/fills") && asked.contains("order_id") && asked.contains("symbol") => (400, "{}"),
            path if path.ends_with("/fills") => (
                200,
                r#"[{"amount":0.01,"id":1,"order_id":"a","price":9500,"side":"BUY","symbol":"BTC-USD","tag":"run-1-0-BUY"}]"#,
            ),
            _ => (200, "[]"),
        };
        respond(status, body)
    });
    let credentials = Credentials::new("fixture-key", "fixture-secret").unwrap();
    let client = Client::builder().credentials(credentials).transport(venue.clone()).timeout(LONG).build().unwrap();
    let tally = quoter::quote(&client, &quoter::Plan { rounds: 1, ..plan() }).await.unwrap();
    let expected =
        quoter::Tally { found: 1, lost: 1, gone: 1, filled_at_most: Decimal::new(1, 2), ..Default::default() };
    assert_eq!(tally, expected);
    let orders = venue.sent().iter().filter(|sent| sent.url.path().ends_with("/order")).count();
    assert_eq!(orders, 2, "each order is sent once");
}

#[tokio::test]
async fn the_quoter_counts_no_more_fills_than_it_ordered() {
    let venue = filled_before_it_was_cancelled(NOT_FOUND, NOT_FOUND);
    let credentials = Credentials::new("fixture-key", "fixture-secret").unwrap();
    let client = Client::builder().credentials(credentials).transport(venue).timeout(LONG).build().unwrap();
    let plan = quoter::Plan { rounds: 1, size: Decimal::new(7, 3), ..plan() };
    let tally = quoter::quote(&client, &plan).await.unwrap();
    assert_eq!((tally.gone, tally.filled_at_most), (2, Decimal::new(7, 3)));
}

#[tokio::test]
async fn the_quoter_places_no_order_if_a_side_of_the_book_is_empty() {
    let quote = r#"[{"price":"9500","size":"1"}]"#;
    for (bids, asks) in [(quote, "[]"), ("[]", quote), ("[]", "[]")] {
        let venue = Script::from_fn(move |request, _| match request.url.path() {
            path if path.contains("orderbook") => respond(200, format!(r#"{{"buyQuote":{bids},"sellQuote":{asks}}}"#)),
            _ => respond(200, "[]"),
        });
        let credentials = Credentials::new("fixture-key", "fixture-secret").unwrap();
        let client = Client::builder().credentials(credentials).transport(venue.clone()).timeout(LONG).build().unwrap();
        let tally = quoter::quote(&client, &plan()).await.unwrap();
        assert_eq!(tally, quoter::Tally { skipped: plan().rounds, ..Default::default() }, "{bids} {asks}");
        assert!(!venue.sent().iter().any(|sent| sent.url.path().ends_with("/order")), "{bids} {asks}");
    }
}

/// A venue that keeps orders, and returns no tags. `cancel` decides on its response to a cancel,
/// and on whether the order is cancelled then. It gets the id, and the number of cancels of the
/// order so far.
fn keeper(cancel: impl Fn(&str, u32) -> (u16, &'static str, bool) + Send + Sync + 'static) -> Script {
    let orders: Mutex<Vec<(String, u32, bool)>> = Mutex::new(vec![("of-another".to_owned(), 0, true)]);
    Script::from_fn(move |request, _| {
        let asked = request.text();
        let mut orders = orders.lock().unwrap();
        let open = |orders: &[(String, u32, bool)]| {
            let open = orders.iter().filter(|(_, _, is_open)| *is_open);
            let tag = |id: &str| if id == "of-another" { r#","tag":"run-10-0-BUY""# } else { "" };
            let open = open.map(|(id, ..)| format!(r#"{{"id":"{id}","symbol":"BTC-USD"{}}}"#, tag(id)));
            format!("[{}]", open.collect::<Vec<_>>().join(","))
        };
        match request.url.path() {
            path if path.contains("orderbook") => {
                let book = r#"{"buyQuote":[{"price":"9500","size":"1"}],"sellQuote":[{"price":"9501","size":"1"}]}"#;
                respond(200, book)
            }
            path if path.ends_with("/order") => {
                let id = format!("order-{}", orders.len() - 1);
                orders.push((id.clone(), 0, true));
                respond(200, format!(r#"{{"id":"{id}"}}"#))
            }
            path if path.ends_with("/deleteOrder") => {
                let (id, cancels, is_open) = orders.iter_mut().find(|(id, ..)| asked.contains(id.as_str())).unwrap();
                let (status, body, is_cancelled) = cancel(id, *cancels);
                *cancels += 1;
                *is_open &= !is_cancelled;
                respond(status, body)
            }
            path if path.ends_with("/fills") && asked.contains("order-0") => respond(
                200,
                r#"[{"amount":0.004,"id":1,"order_id":"order-0","price":9500,"side":"buy","symbol":"BTC-USD"}]"#,
            ),
            path if path.ends_with("/pending") => respond(200, open(&orders)),
            _ => respond(200, "[]"),
        }
    })
}

async fn quoted(venue: &Script, rounds: u32) -> Result<quoter::Tally, venuekit_btse_spot::Error> {
    let credentials = Credentials::new("fixture-key", "fixture-secret").unwrap();
    let client = Client::builder().credentials(credentials).transport(venue.clone()).timeout(LONG).build().unwrap();
    quoter::quote(&client, &quoter::Plan { rounds, ..plan() }).await
}

const CANCELLED: &str = r#"{"success":true}"#;

#[tokio::test]
async fn the_quoter_cancels_by_id_what_is_open_in_spite_of_a_success() {
    let venue = keeper(|_, cancels| (200, CANCELLED, cancels > 0));
    let tally = quoted(&venue, 2).await.unwrap();
    let expected = quoter::Tally { placed: 4, filled_at_most: Decimal::new(4, 3), ..Default::default() };
    assert_eq!(tally, expected, "the order that was cancelled had been filled in part");
    let cancels = venue.sent().iter().filter(|sent| sent.url.path().ends_with("/deleteOrder")).count();
    assert_eq!(cancels, 8);
}

#[tokio::test]
async fn the_quoter_reports_the_orders_that_stay_open_and_touches_no_order_of_another_run() {
    let venue = keeper(|id, _| (200, CANCELLED, id != "order-1"));
    let tally = quoted(&venue, 1).await.unwrap();
    assert_eq!((tally.placed, tally.left_open), (2, vec!["order-1".to_owned()]));
    assert!(!venue.sent().iter().any(|sent| sent.text().contains("of-another")));
}

#[tokio::test]
async fn a_cancel_that_fails_does_not_keep_the_quoter_from_the_other_orders() {
    let refused = r#"{"code":400,"errorCode":400,"message":"no"}"#;
    // The first cancel of each order changes nothing, and the order with the lowest id cannot be
    // cancelled at all.
    let venue = keeper(move |id, cancels| match (id, cancels) {
        ("order-0", 1..) => (400, refused, false),
        _ => (200, CANCELLED, cancels > 0),
    });
    let error = quoted(&venue, 1).await.unwrap_err();
    assert_eq!(error.outcome(), venuekit_btse_spot::Outcome::Refused);
    let of_other = venue.sent().iter().filter(|sent| sent.text().contains(r#""order_id":"order-1""#)).count();
    assert_eq!(of_other, 3, "two cancels, and a look at its fills");
}

/// The response to the first bid is lost, and the order arrives late: the venue shows it when
/// `shown_from` asks have been placed.
fn late(shown_from: usize) -> Script {
    let (placed, asks, is_open) = (AtomicU32::new(0), AtomicU32::new(0), Mutex::new(true));
    Script::from_fn(move |request, _| {
        let asked = request.text();
        match request.url.path() {
            path if path.contains("orderbook") => {
                let book = r#"{"buyQuote":[{"price":"9500","size":"1"}],"sellQuote":[{"price":"9500.5","size":"1"}]}"#;
                respond(200, book)
            }
            path if path.ends_with("/order") && asked.contains("run-1-0-BUY") => respond(503, ""),
            path if path.ends_with("/order") => {
                asks.fetch_add(u32::from(asked.contains("SELL")), Ordering::Relaxed);
                respond(200, format!(r#"{{"id":"order-{}"}}"#, placed.fetch_add(1, Ordering::Relaxed)))
            }
            path if path.ends_with("/deleteOrder") => {
                *is_open.lock().unwrap() &= !asked.contains("late");
                respond(200, CANCELLED)
            }
            path if path.ends_with("/pending")
                && asks.load(Ordering::Relaxed) as usize >= shown_from
                && *is_open.lock().unwrap() =>
            {
                respond(200, r#"[{"id":"late","symbol":"BTC-USD","tag":"run-1-0-BUY"}]"#)
            }
            _ => respond(200, "[]"),
        }
    })
}

/// Returns the tags of the orders that were sent.
fn tags(venue: &Script) -> Vec<String> {
    let orders = venue.sent().into_iter().filter(|sent| sent.url.path().ends_with("/order"));
    let tag = |body: &str| body.split_once(r#""tag":""#).unwrap().1.split('"').next().unwrap().to_owned();
    orders.map(|sent| tag(sent.text())).collect()
}

#[tokio::test]
async fn the_quoter_places_no_order_on_a_side_until_the_order_of_unknown_outcome_is_found() {
    let venue = late(2);
    let tally = quoted(&venue, 4).await.unwrap();
    let expected = quoter::Tally { placed: 6, found: 1, withheld: 1, ..Default::default() };
    assert_eq!(tally, expected);
    let sides = ["0-BUY", "0-SELL", "1-SELL", "2-BUY", "2-SELL", "3-BUY", "3-SELL"];
    assert_eq!(tags(&venue), sides.map(|side| format!("run-1-{side}")));
    let cancels = venue.sent().into_iter().filter(|sent| sent.url.path().ends_with("/deleteOrder"));
    assert_eq!(cancels.filter(|sent| sent.text().contains("late")).count(), 1);
}

#[tokio::test]
async fn an_order_that_is_never_found_is_lost_and_keeps_its_side_closed() {
    let venue = late(usize::MAX);
    let tally = quoted(&venue, 3).await.unwrap();
    assert_eq!(tally, quoter::Tally { placed: 3, lost: 1, withheld: 2, ..Default::default() });
    assert_eq!(tags(&venue), ["0-BUY", "0-SELL", "1-SELL", "2-SELL"].map(|side| format!("run-1-{side}")));
}

/// The middle is 9500.25, and the step 0.5.
#[tokio::test]
async fn the_quoter_sends_prices_on_the_steps_of_the_market() {
    let venue = late(1);
    quoted(&venue, 1).await.unwrap();
    let orders = venue.sent().into_iter().filter(|sent| sent.url.path().ends_with("/order"));
    let prices: Vec<bool> = orders
        .zip([r#""price":9475.0"#, r#""price":9525.5"#])
        .map(|(sent, price)| sent.text().contains(price))
        .collect();
    assert_eq!(prices, [true, true], "{:?}", venue.sent().iter().map(|sent| sent.text()).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_quoter_sends_no_order_that_breaks_a_rule_of_the_market() {
    let mock = MockVenue::builder("btse-spot").seed(7).start().await.unwrap();
    let client = trader(&mock).build().unwrap();
    let rules = quoter::rules_of(&client, "BTC-USD").await.unwrap().unwrap();
    assert_eq!((rules.price.step, rules.quantity.minimum), (Some(Decimal::new(5, 1)), Some(Decimal::new(1, 3))));
    let plan = quoter::Plan { rules, size: Decimal::new(5, 4), ..plan() };
    let tally = quoter::quote(&client, &plan).await.unwrap();
    assert_eq!(tally, quoter::Tally { refused: 6, ..Default::default() });
    assert_eq!(quoter::rules_of(&client, "NOPE-USD").await.unwrap(), None);
}

/// Collects this number of lines from ten markets.
async fn books(lines: usize, faults: &[&str]) -> (books::Tally, String) {
    let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
    let mock = MockVenue::builder("excore-ws").seed(7).stream_interval(Duration::from_millis(10));
    let mock = mock.faults(faults).start().await.unwrap();
    let client = venuekit_excore_ws::Client::builder().base_url(mock.url()).timeout(LONG).max_connections(10);
    let markets = (0..10).map(|number| format!("M{number}_USDT")).collect();
    let plan = books::Plan { markets, limit: 20, stale_after: LONG, lines: Some(lines) };
    let mut out = Vec::new();
    let tally = books::collect(&client.build().unwrap(), &plan, &mut out).await.unwrap();
    (tally, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn ten_books_are_kept_and_each_change_is_a_line() {
    let (tally, lines) = books(300, &[]).await;
    assert_eq!((tally.books, tally.interruptions), (300, 0), "{lines}");
    for number in 0..10 {
        let market = format!(",M{number}_USDT,");
        let first = lines.lines().find(|line| line.contains(&market)).unwrap();
        assert!(first.contains(",snapshot,"), "{first}");
    }
}

#[tokio::test]
async fn an_interruption_is_a_line_without_a_book_and_a_snapshot_follows() {
    let (tally, lines) = books(2000, &["drop,share=0.05"]).await;
    assert!(tally.interruptions > 0, "{lines}");
    let interrupted = lines.lines().filter(|line| line.contains(",interrupted,"));
    assert!(interrupted.into_iter().all(|line| line.ends_with(",,,,")), "{lines}");
    for number in 0..10 {
        let market = format!(",M{number}_USDT,");
        let mut is_valid = false;
        for line in lines.lines().filter(|line| line.contains(&market)) {
            match line.split(',').nth(2).unwrap() {
                "snapshot" => is_valid = true,
                "interrupted" => is_valid = false,
                "update" => assert!(is_valid, "{line}"),
                _ => {}
            }
        }
    }
}

#[tokio::test]
async fn a_book_of_which_nothing_is_heard_has_a_line_without_prices() {
    let fault: Fault = "stall,on=notifications,after=5".parse().unwrap();
    let mock = MockVenue::builder("excore-ws").seed(7).stream_interval(Duration::from_millis(10));
    let mock = mock.faults([fault]).start().await.unwrap();
    let client = venuekit_excore_ws::Client::builder().base_url(mock.url()).timeout(LONG).build().unwrap();
    let stale_after = Duration::from_millis(200);
    let plan = books::Plan { markets: vec!["BTC_USDT".to_owned()], limit: 20, stale_after, lines: None };
    let mut out = Vec::new();
    let collected = tokio::time::timeout(5 * stale_after, books::collect(&client, &plan, &mut out)).await;
    assert!(collected.is_err());
    let lines = String::from_utf8(out).unwrap();
    assert!(lines.contains(",snapshot,"), "{lines}");
    let last = lines.lines().last().unwrap();
    assert!(last.contains(",stale,") && last.ends_with(",,,,"), "{lines}");
}

fn rebalancing() -> rebalancer::Plan {
    rebalancer::Plan {
        btse_asset: "BTC".to_owned(),
        btse_market: "BTC-USD".to_owned(),
        altmarket_asset: "btc".to_owned(),
        altmarket_market: "btc_usdt".to_owned(),
        distance: Decimal::from(1_000),
        tolerance: Decimal::ZERO,
        known_orders: BTreeSet::new(),
        tag: "rebalancer-1".to_owned(),
    }
}

/// Returns mocks of BTSE and AltMarket with these faults, and their clients.
async fn two_venues(btse: &[&str], altmarket: &[&str]) -> (MockVenue, MockVenue, rebalancer::Venues) {
    let start = async |name: &str, faults: &[&str]| {
        let faults = faults.iter().map(|fault| fault.parse::<Fault>().unwrap());
        MockVenue::builder(name).faults(faults).start().await.unwrap()
    };
    let (btse, altmarket) = (start("btse-spot", btse).await, start("altmarket", altmarket).await);
    let credentials = venuekit_altmarket::Credentials::new(altmarket.key(), altmarket.secret()).unwrap();
    let client = venuekit_altmarket::Client::builder().base_url(altmarket.url()).credentials(credentials);
    let venues =
        rebalancer::Venues { btse: trader(&btse).build().unwrap(), altmarket: client.timeout(LONG).build().unwrap() };
    (btse, altmarket, venues)
}

/// Returns a plan that names the orders that are open at both venues.
async fn knowing(venues: &rebalancer::Venues) -> rebalancer::Plan {
    let plan = rebalancing();
    let open = venues.altmarket.get_open_orders().send().await.unwrap();
    let mut known_orders: BTreeSet<String> = open.iter().map(|order| order.order_id.to_string()).collect();
    let open = venues.btse.get_pending_orders().symbol(&plan.btse_market).send().await.unwrap();
    known_orders.extend(open.into_iter().map(|order| order.id));
    rebalancer::Plan { known_orders, ..plan }
}

/// Returns the number of orders that a mock was asked to place.
fn placing(mock: &MockVenue) -> usize {
    mock.requests().iter().filter(|seen| seen.operation == Some("placeOrder")).count()
}

#[tokio::test]
async fn the_rebalancer_trades_the_same_exact_amount_at_both_venues() {
    let (btse, altmarket, venues) = two_venues(&[], &[]).await;
    let plan = knowing(&venues).await;
    let rebalanced = rebalancer::rebalance(&venues, &plan).await.unwrap();
    let rebalancer::Rebalanced::Placed { amount, sold_at, bought_at } = rebalanced else { panic!("{rebalanced:?}") };
    assert_ne!(sold_at.0, bought_at.0);
    // The balances are 1.22400001 and 1.25, and half of their difference is 0.012999995.
    assert!(amount > Decimal::ZERO && amount <= Decimal::new(12_999_995, 9), "{amount}");
    for mock in [&btse, &altmarket] {
        let orders = mock.orders();
        let amounts = orders.iter().filter_map(|order| order.amount.parse::<Decimal>().ok());
        assert!(amounts.into_iter().any(|placed| placed == amount), "{amount}: {orders:?}");
    }
}

#[tokio::test]
async fn the_rebalancer_does_nothing_within_its_tolerance() {
    let (btse, altmarket, venues) = two_venues(&[], &[]).await;
    let plan = rebalancer::Plan { tolerance: Decimal::MAX, ..knowing(&venues).await };
    let rebalanced = rebalancer::rebalance(&venues, &plan).await.unwrap();
    assert!(matches!(rebalanced, rebalancer::Rebalanced::Balanced { .. }), "{rebalanced:?}");
    assert_eq!(placing(&btse) + placing(&altmarket), 0);
}

#[tokio::test]
async fn an_order_of_unknown_outcome_ends_the_rebalancer_and_is_named() {
    let lost = ["cut,on=placeOrder"];
    // The venue that sells follows from the balances, so each venue loses an order once.
    let mut ends = Vec::new();
    for (at_btse, at_altmarket) in [(&lost[..], &[][..]), (&[], &lost)] {
        let (btse, altmarket, venues) = two_venues(at_btse, at_altmarket).await;
        let failure = rebalancer::rebalance(&venues, &knowing(&venues).await).await.unwrap_err();
        let sent = placing(&btse) + placing(&altmarket);
        match failure {
            rebalancer::Failure::Unknown { .. } => assert_eq!(sent, 1),
            rebalancer::Failure::HalfDone { error, .. } => {
                assert!(matches!(*error, rebalancer::Failure::Unknown { .. }), "{error}");
                assert_eq!(sent, 2);
            }
            other => panic!("{other}"),
        }
        ends.push(sent);
    }
    ends.sort_unstable();
    assert_eq!(ends, [1, 2]);
}

#[tokio::test]
async fn after_a_refusal_of_the_first_order_the_rebalancer_does_not_place_the_second() {
    let refused = ["rejected,on=placeOrder"];
    let (btse, altmarket, venues) = two_venues(&refused, &refused).await;
    let failure = rebalancer::rebalance(&venues, &knowing(&venues).await).await.unwrap_err();
    assert!(matches!(failure, rebalancer::Failure::Call(_)), "{failure}");
    assert_eq!(placing(&btse) + placing(&altmarket), 1);
}

#[tokio::test]
async fn an_open_order_that_the_plan_does_not_name_keeps_the_rebalancer_from_trading() {
    let (btse, altmarket, venues) = two_venues(&[], &[]).await;
    // The mock of AltMarket has the open orders of its document.
    let failure = rebalancer::rebalance(&venues, &rebalancing()).await.unwrap_err();
    let rebalancer::Failure::OpenOrders(venue, ids) = failure else { panic!("{failure}") };
    assert_eq!(venue, rebalancer::Venue::Altmarket);
    assert!(!ids.is_empty());
    assert_eq!(placing(&btse) + placing(&altmarket), 0);
}
