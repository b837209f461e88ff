//! Tests that a mock refuses the orders and the markets that its venue refuses by its own market
//! data, with the status and the code of the venue.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use support::{call, client, last_refusal, start, start_as};
use venuekit::{Error, Outcome};
use venuekit_mock::Refusal::{MarketClosed, MissingParameter, NotPositive, OffStep, TooLarge, TooSmall, UnknownMarket};
use venuekit_mock::{MockVenue, Refusal};

/// Returns the status, the code and the message of a refusal.
fn seen(error: &Error) -> (u16, String, String) {
    let stated = error.api_error();
    let code = stated.and_then(|venue| venue.code()).unwrap_or_default();
    let message = stated.and_then(|venue| venue.message()).unwrap_or_default();
    (error.status().map_or(0, |status| status.as_u16()), code.to_string(), message.to_owned())
}

/// An order that the venue accepts, with its placeholders, and what it refuses: the changed
/// placeholder, its value, the refusal, the status, the code, and a part of the message.
struct Venue {
    name: &'static str,
    operation: &'static str,
    parameters: &'static str,
    body: &'static str,
    good: &'static [(&'static str, &'static str)],
    bad: &'static [(&'static str, &'static str, Refusal, u16, &'static str, &'static str)],
}

const VENUES: &[Venue] = &[
    Venue {
        name: "btse-spot",
        operation: "placeOrder",
        parameters: "{}",
        body: r#"{"symbol":"MARKET","side":"buy","type":"limit" AMOUNT PRICE}"#,
        good: &[("MARKET", "BTC-USD"), ("AMOUNT", r#","amount":0.001"#), ("PRICE", r#","price":8500.5"#)],
        bad: &[
            ("MARKET", "NOPE-USD", UnknownMarket, 400, "400", "BADREQUEST: symbol is invalid"),
            ("MARKET", "btc-usd", UnknownMarket, 400, "400", "BADREQUEST: symbol is invalid"),
            ("AMOUNT", r#","amount":-5"#, NotPositive, 400, "400", "`amount` is not above zero: -5"),
            ("AMOUNT", r#","amount":0"#, NotPositive, 400, "400", "`amount` is not above zero: 0"),
            ("AMOUNT", "", MissingParameter, 400, "400", "`amount` is missing"),
            ("AMOUNT", r#","amount":0.001000001"#, OffStep, 400, "400", "is not a multiple of 0.00000001"),
            ("AMOUNT", r#","amount":0.0009"#, TooSmall, 400, "400", "is below 0.001: 0.0009"),
            ("AMOUNT", r#","amount":2000.5"#, TooLarge, 400, "400", "is above 2000: 2000.5"),
            ("PRICE", "", MissingParameter, 400, "400", "`price` is missing"),
            ("PRICE", r#","price":-1"#, NotPositive, 400, "400", "`price` is not above zero: -1"),
            ("PRICE", r#","price":8500.3"#, OffStep, 400, "400", "is not a multiple of 0.5: 8500.3"),
        ],
    },
    Venue {
        name: "jex-spot",
        operation: "placeOrder",
        parameters: r#"{"symbol":"MARKET","side":"BUY","type":"LIMIT","quantity":AMOUNT,"price":PRICE}"#,
        body: "",
        good: &[("MARKET", "DASHUSDT"), ("AMOUNT", "1"), ("PRICE", "80.5")],
        bad: &[
            ("MARKET", "NOPEBTC", UnknownMarket, 400, "-1121", "Invalid symbol."),
            ("MARKET", "dashusdt", UnknownMarket, 400, "-1121", "Invalid symbol."),
            // It is a market of options.
            ("MARKET", "BTCCALLM", UnknownMarket, 400, "-1121", "Invalid symbol."),
            ("AMOUNT", "-5", NotPositive, 400, "-9000", "Filter failure: LOT_SIZE"),
            ("AMOUNT", "0", NotPositive, 400, "-9000", "Filter failure: LOT_SIZE"),
            ("AMOUNT", "0.99", TooSmall, 400, "-9000", "Filter failure: LOT_SIZE"),
            ("PRICE", "0", NotPositive, 400, "-9000", "Filter failure: PRICE_FILTER"),
            ("PRICE", "100000.01", TooLarge, 400, "-9000", "Filter failure: PRICE_FILTER"),
        ],
    },
    Venue {
        name: "altmarket",
        operation: "placeOrder",
        parameters: "{}",
        body: r#"{"order":{"instrument":"MARKET","type":"buy","amount":AMOUNT,"isLimit":true PRICE}}"#,
        good: &[("MARKET", "btc_usdt"), ("AMOUNT", "0.00001"), ("PRICE", r#","price":1000"#)],
        bad: &[
            ("MARKET", "nope_xxx", UnknownMarket, 400, "validation", "there is no market `nope_xxx`."),
            ("MARKET", "BTC_USDT", UnknownMarket, 400, "validation", "the venue writes `btc_usdt`."),
            ("MARKET", "zec_eth", MarketClosed, 400, "validation", "the market `zec_eth` is not open."),
            ("AMOUNT", "-1", NotPositive, 400, "validation", "`amount` is not above zero: -1."),
            ("AMOUNT", "0.000009", TooSmall, 400, "validation", "is below 0.00001: 0.000009."),
            ("AMOUNT", "0.000010001", OffStep, 400, "validation", "has more than 8 decimals: 0.000010001."),
            ("PRICE", r#","price":0"#, NotPositive, 400, "validation", "`price` is not above zero: 0."),
            ("PRICE", r#","price":0.009"#, TooSmall, 400, "validation", "is below 0.01: 0.009."),
            ("PRICE", r#","price":1000001"#, TooLarge, 400, "validation", "is above 1000000: 1000001."),
            ("PRICE", r#","price":1000.123456789"#, OffStep, 400, "validation", "has more than 8 decimals"),
        ],
    },
    Venue {
        name: "excore",
        operation: "order.put_limit",
        parameters: r#"{"user":1,"market":"MARKET","side":2,"amount":"AMOUNT","price":"PRICE","taker_fee":"0","maker_fee":"0","source":"x"}"#,
        body: "",
        good: &[("MARKET", "COIN1_COIN2"), ("AMOUNT", "0.001"), ("PRICE", "1.5")],
        bad: &[
            ("MARKET", "NOPE_USD", UnknownMarket, 200, "25", "market not found"),
            ("MARKET", "Coin1_Coin2", UnknownMarket, 200, "25", "market not found"),
            ("AMOUNT", "-1", NotPositive, 200, "1", "invalid argument"),
            ("AMOUNT", "0", NotPositive, 200, "1", "invalid argument"),
            ("AMOUNT", "0.0009", TooSmall, 200, "21", "amount too small"),
            ("AMOUNT", "0.0010000001", OffStep, 200, "1", "invalid argument"),
            ("PRICE", "0", NotPositive, 200, "1", "invalid argument"),
            ("PRICE", "-1", NotPositive, 200, "1", "invalid argument"),
            ("PRICE", "1.123456789", OffStep, 200, "1", "invalid argument"),
        ],
    },
    Venue {
        name: "anboto",
        operation: "createOrder",
        parameters: "{}",
        body: r#"{"exchange":"BINANCE","symbol":"MARKET","assetClass":"SPOT","side":"BUY","quantity":AMOUNT,"strategy":"LIMIT" PRICE}"#,
        // Its document lists no markets, and does not say which orders need a price.
        good: &[("MARKET", "ANY/THING"), ("AMOUNT", "1"), ("PRICE", "")],
        bad: &[
            ("AMOUNT", "-5", NotPositive, 201, "INVALID_ORDER", "a number of the order is not above zero"),
            ("AMOUNT", "0", NotPositive, 201, "INVALID_ORDER", "a number of the order is not above zero"),
            ("PRICE", r#","limitPrice":0"#, NotPositive, 201, "INVALID_ORDER", "is not above zero"),
        ],
    },
];

#[tokio::test]
async fn an_order_that_breaks_the_rules_of_its_market_is_refused_as_the_venue_refuses_it() {
    for venue in VENUES {
        let mock = start_as(MockVenue::builder(venue.name).limits(false)).await;
        let client = client(&mock);
        let filled = |changed: &str, value: &str| {
            let mut texts = [venue.parameters.to_owned(), venue.body.to_owned()];
            for (name, good) in venue.good {
                let value = if *name == changed { value } else { good };
                texts = texts.map(|text| text.replace(name, value));
            }
            texts
        };
        for (changed, value, refusal, status, code, message) in venue.bad {
            let at = format!("{} {changed} {value}", venue.name);
            let [parameters, body] = filled(changed, value);
            let error = call(&*client, venue.operation, &parameters, &body).await.expect_err(&at);
            let (found, found_code, said) = seen(&error);
            assert_eq!(
                (found, found_code.as_str(), error.outcome()),
                (*status, *code, Outcome::Refused),
                "{at}: {said}"
            );
            assert!(said.contains(message), "{at}: {said}");
            assert_eq!(last_refusal(&mock).unwrap().0, *refusal, "{at}");
            assert!(mock.orders().is_empty(), "{at}");
        }
        let [parameters, body] = filled("", "");
        call(&*client, venue.operation, &parameters, &body).await.unwrap();
        assert_eq!(mock.orders().len(), 1, "{}", venue.name);
    }
}

#[tokio::test]
async fn market_data_and_lists_of_an_unknown_market_are_refused() {
    for (venue, operation, parameters, body, status, code) in [
        ("btse-spot", "getOrderBook", r#"{"symbol":"NOPE-USD"}"#, "", 400, "400"),
        ("btse-spot", "getTicker", r#"{"symbol":"btc-usd"}"#, "", 400, "400"),
        ("btse-spot", "getMarketStats", r#"{"symbol":"NOPE-USD"}"#, "", 400, "400"),
        ("btse-spot", "getTrades", r#"{"symbol":"NOPE-USD"}"#, "", 400, "400"),
        ("btse-spot", "getPendingOrders", r#"{"symbol":"NOPE-USD"}"#, "", 400, "400"),
        ("btse-spot", "getFills", "{}", r#"{"symbol":"NOPE-USD"}"#, 400, "400"),
        ("btse-spot", "cancelAllOrders", "{}", r#"{"symbol":"NOPE-USD"}"#, 400, "400"),
        ("jex-spot", "getDepth", r#"{"symbol":"ltcbtc"}"#, "", 400, "-1121"),
        ("jex-spot", "getRecentTrades", r#"{"symbol":"NOPE"}"#, "", 400, "-1121"),
        ("jex-spot", "getKlines", r#"{"symbol":"NOPE","interval":"1h"}"#, "", 400, "-1121"),
        ("jex-spot", "getDayTicker", r#"{"symbol":"NOPE"}"#, "", 400, "-1121"),
        ("jex-spot", "getOpenOrders", r#"{"symbol":"NOPE"}"#, "", 400, "-1121"),
        (
            "jex-spot",
            "testOrder",
            r#"{"symbol":"NOPE","side":"BUY","type":"LIMIT","quantity":1,"price":1}"#,
            "",
            400,
            "-1121",
        ),
        ("altmarket", "getOrderHistory", r#"{"Market":"nope_xxx"}"#, "", 400, "validation"),
        ("excore", "order.depth", r#"{"market":"NOPE","limit":2,"interval":"0"}"#, "", 200, "25"),
        ("excore", "order.book", r#"{"market":"NOPE","side":1,"offset":0,"limit":2}"#, "", 200, "25"),
        ("excore", "market.last", r#"{"market":"btc_usdt"}"#, "", 200, "25"),
        ("excore", "market.summary", r#"{"market_list":["BTCBCH","NOPE"]}"#, "", 200, "25"),
        ("excore", "order.cancel", r#"{"user_id":1,"market":"NOPE","order_id":1}"#, "", 200, "25"),
    ] {
        let mock = start(venue).await;
        let error = call(&*client(&mock), operation, parameters, body).await.expect_err(operation);
        let (found, found_code, _) = seen(&error);
        assert_eq!((found, found_code.as_str()), (status, code), "{venue} {operation}");
        assert_eq!(last_refusal(&mock).unwrap().0, UnknownMarket, "{venue} {operation}");
    }
}

#[tokio::test]
async fn an_order_that_is_only_tested_is_checked_as_one_that_is_placed() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let order = |quantity: &str| {
        format!(r#"{{"symbol":"DASHUSDT","side":"BUY","type":"LIMIT","quantity":{quantity},"price":80.5}}"#)
    };
    assert_eq!(seen(&call(&*client, "testOrder", &order("0.5"), "").await.unwrap_err()).1, "-9000");
    call(&*client, "testOrder", &order("1.5"), "").await.unwrap();
    assert!(mock.orders().is_empty());
}

#[tokio::test]
async fn a_market_that_is_added_has_no_rules_but_those_of_every_order() {
    let mock = start_as(MockVenue::builder("btse-spot").market("ETH-EUR")).await;
    let client = client(&mock);
    let order = |symbol: &str, amount: &str| {
        format!(r#"{{"symbol":"{symbol}","side":"buy","type":"limit","amount":{amount},"price":0.123456789}}"#)
    };
    call(&*client, "placeOrder", "{}", &order("ETH-EUR", "0.00000000001")).await.unwrap();
    for (symbol, amount, refusal) in [("ETH-EUR", "0", NotPositive), ("ETH-USD", "1", UnknownMarket)] {
        call(&*client, "placeOrder", "{}", &order(symbol, amount)).await.unwrap_err();
        assert_eq!(last_refusal(&mock).unwrap().0, refusal);
    }
}
