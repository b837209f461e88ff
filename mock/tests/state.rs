//! Tests orders and balances: a placed order is open until it is cancelled, and an untouched
//! account is as in the examples.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::Value;
use support::{builder, call, call_example, client, connect, start, start_as, with_credentials};
use venuekit::Error;
use venuekit_mock::{MockVenue, Refusal};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn code(error: &Error) -> (u16, String) {
    (error.status().unwrap().as_u16(), error.api_error().unwrap().code().unwrap().to_string())
}

#[tokio::test]
async fn an_order_is_open_until_it_is_cancelled_on_btse() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let order = r#"{"symbol":"LTC-BTC","side":"sell","type":"limit","amount":2.50,"price":0.0061,"tag":"t"}"#;
    let placed = json(&call(&*client, "placeOrder", "{}", order).await.unwrap());
    let id = placed["id"].as_str().unwrap();

    let open = json(&call(&*client, "getPendingOrders", r#"{"symbol":"LTC-BTC"}"#, "").await.unwrap());
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(
        (&open[0]["id"], &open[0]["symbol"], &open[0]["side"], &open[0]["tag"]),
        (&placed["id"], &json("\"LTC-BTC\""), &json("83"), &json("\"t\""))
    );
    assert_eq!(open[0]["amount"].to_string(), "2.5");
    let elsewhere = call(&*client, "getPendingOrders", r#"{"symbol":"BTC-USD"}"#, "").await.unwrap();
    assert_eq!(elsewhere, "[]");

    let cancel = format!(r#"{{"symbol":"LTC-BTC","order_id":"{id}"}}"#);
    call(&*client, "cancelOrder", "{}", &cancel).await.unwrap();
    assert_eq!(call(&*client, "getPendingOrders", "{}", "").await.unwrap(), "[]");
    let error = call(&*client, "cancelOrder", "{}", &cancel).await.unwrap_err();
    assert_eq!(code(&error), (429, "-1".to_owned()));
    assert_eq!(error.retry_after(), None);
}

#[tokio::test]
async fn a_market_order_on_btse_is_in_the_fills_of_its_account_and_the_fill_of_the_example_is_not() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let fills = async |query: &str| json(&call(&*client, "getFills", "{}", query).await.unwrap());
    assert_eq!(fills(r#"{"symbol":"BTC-USD"}"#).await[0]["tag"], "grid-6", "an untouched account has the example");

    let order = r#"{"symbol":"BTC-USD","side":"BUY","type":"LIMIT","amount":0.002,"price":8500.5,"tag":"rests"}"#;
    call(&*client, "placeOrder", "{}", order).await.unwrap();
    assert_eq!(fills(r#"{"symbol":"BTC-USD"}"#).await, json("[]"));

    let mut ids = Vec::new();
    for tag in ["one", "two"] {
        let order = format!(r#"{{"symbol":"BTC-USD","side":"SELL","type":"MARKET","amount":0.003,"tag":"{tag}"}}"#);
        ids.push(json(&call(&*client, "placeOrder", "{}", &order).await.unwrap())["id"].clone());
    }
    let all = fills(r#"{"symbol":"BTC-USD"}"#).await;
    assert_eq!(all.as_array().unwrap().len(), 2, "{all}");
    for (fill, (id, tag)) in all.as_array().unwrap().iter().zip(ids.iter().zip(["one", "two"])) {
        assert_eq!((&fill["order_id"], &fill["tag"], &fill["side"]), (id, &tag.into(), &"sell".into()), "{fill}");
        let numbers = ["amount", "price", "fee"].map(|name| fill[name].to_string());
        assert_eq!(numbers, ["0.003", "9523", "0"], "{fill}");
    }
    assert_ne!(all[0]["id"], all[1]["id"]);
    assert_eq!(fills(&format!(r#"{{"order_id":{}}}"#, ids[1])).await, json(&format!("[{}]", all[1])));
    assert_eq!(fills(r#"{"symbol":"LTC-BTC"}"#).await, json("[]"));
    assert_eq!(fills(r#"{"symbol":"BTC-USD","limit":1}"#).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn ids_are_unique_and_rise() {
    for (venue, operation, pointer) in [
        ("btse-spot", "placeOrder", "/id"),
        ("jex-spot", "placeOrder", "/orderId"),
        ("altmarket", "placeOrder", "/order/orderId"),
        ("anboto", "createOrder", "/orderId"),
        ("excore", "order.put_limit", "/id"),
    ] {
        let mock = start(venue).await;
        let client = client(&mock);
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..5 {
            let placed = json(&call_example(&*client, operation).await.unwrap());
            ids.push(placed.pointer(pointer).unwrap().to_string());
        }
        let numbers: Option<Vec<i64>> = ids.iter().map(|id| id.trim_matches('"').parse().ok()).collect();
        match numbers {
            Some(numbers) => assert!(numbers.is_sorted_by(|a, b| a < b), "{venue}: {ids:?}"),
            None => assert!(ids.is_sorted_by(|a, b| a < b), "{venue}: {ids:?}"),
        }
        assert_eq!(mock.orders().len(), 5);
    }
}

#[tokio::test]
async fn an_order_is_open_until_it_is_cancelled_on_jex() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let order = r#"{"symbol":"JEXBTC","side":"SELL","type":"LIMIT","quantity":12.5,"price":0.00002}"#;
    let ack = json(&call(&*client, "placeOrder", order, "").await.unwrap());
    assert_eq!(ack.as_object().unwrap().len(), 3);
    let id = ack["orderId"].as_i64().unwrap();
    let named = format!(r#"{{"symbol":"JEXBTC","orderId":{id}}}"#);
    let shown = json(&call(&*client, "getOrder", &named, "").await.unwrap());
    assert_eq!(
        (shown["status"].as_str(), shown["side"].as_str(), shown["origQty"].as_str()),
        (Some("NEW"), Some("SELL"), Some("12.5"))
    );
    let open = json(&call(&*client, "getOpenOrders", r#"{"symbol":"JEXBTC"}"#, "").await.unwrap());
    assert_eq!(open[0]["orderId"], Value::from(id.to_string()));
    let gone = json(&call(&*client, "cancelOrder", &named, "").await.unwrap());
    assert_eq!((gone["status"].as_str(), gone["price"].as_str()), (Some("CANCELED"), Some("0.00002")));
    assert_eq!(call(&*client, "getOpenOrders", r#"{"symbol":"JEXBTC"}"#, "").await.unwrap(), "[]");
    let shown = json(&call(&*client, "getOrder", &named, "").await.unwrap());
    assert_eq!(shown["status"].as_str(), Some("CANCELED"));

    for (operation, expected) in [("cancelOrder", "-2012"), ("getOrder", "-2013")] {
        let error = call(&*client, operation, r#"{"symbol":"JEXBTC","orderId":999999}"#, "").await.unwrap_err();
        assert_eq!(code(&error), (400, expected.to_owned()));
    }
}

#[tokio::test]
async fn an_order_is_open_until_it_is_cancelled_on_altmarket() {
    let mock = start("altmarket").await;
    let client = client(&mock);
    let order = r#"{"order":{"instrument":"btc_usdt","type":"buy","amount":0.001,"price":1000,"isLimit":true}}"#;
    let placed = json(&call(&*client, "placeOrder", "{}", order).await.unwrap());
    let id = placed["order"]["orderId"].as_str().unwrap().to_owned();
    assert_eq!(placed["order"]["side"].as_str(), Some("Buy"));
    let open = json(&call(&*client, "getOpenOrders", "{}", "").await.unwrap());
    assert_eq!((open.as_array().unwrap().len(), open[0]["orderId"].as_str()), (1, Some(id.as_str())));
    // One USDT of about three is reserved.
    let balances = call(&*client, "getBalances", "{}", "").await.unwrap();
    assert_eq!(json(&balances)[1]["inOrder"].as_f64(), Some(1.0));
    assert!(balances.contains(r#""availableBalance":2.1162801269730005"#), "{balances}");
    let gone = json(&call(&*client, "cancelOrder", &format!(r#"{{"orderId":{id}}}"#), "").await.unwrap());
    assert_eq!(
        (gone["order"]["status"].as_str(), gone["order"]["isPending"].as_bool()),
        (Some("Cancelled"), Some(false))
    );
    let error = call(&*client, "cancelOrder", &format!(r#"{{"orderId":{id}}}"#), "").await.unwrap_err();
    assert_eq!(code(&error), (400, "order_not_found".to_owned()));
    let balances = call(&*client, "getBalances", "{}", "").await.unwrap();
    assert!(balances.contains(r#""availableBalance":3.1162801269730005"#), "{balances}");
    // A market order is filled at once.
    let order = r#"{"order":{"instrument":"btc_usdt","type":"sell","amount":0.001,"isLimit":false}}"#;
    let placed = json(&call(&*client, "placeOrder", "{}", order).await.unwrap());
    assert_eq!(
        (placed["order"]["status"].as_str(), placed["order"]["orderType"].as_str()),
        (Some("Completed"), Some("Market"))
    );
    assert_eq!(call(&*client, "getOpenOrders", "{}", "").await.unwrap(), "[]");
}

#[tokio::test]
async fn a_cancel_of_all_orders_returns_their_number() {
    let mock = start("altmarket").await;
    let client = client(&mock);
    for _ in 0..4 {
        call_example(&*client, "placeOrder").await.unwrap();
    }
    assert_eq!(call(&*client, "cancelAllOrders", "{}", "").await.unwrap(), r#"{"data":4}"#);
    assert_eq!(call(&*client, "cancelAllOrders", "{}", "").await.unwrap(), r#"{"data":0}"#);
    assert!(mock.orders().iter().all(|order| !order.is_open));

    let mock = start("btse-spot").await;
    let client = support::client(&mock);
    call_example(&*client, "placeOrder").await.unwrap();
    let other = r#"{"symbol":"LTC-BTC","side":"buy","type":"limit","amount":1,"price":0.001}"#;
    call(&*client, "placeOrder", "{}", other).await.unwrap();
    call(&*client, "cancelAllOrders", "{}", r#"{"symbol":"BTC-USD"}"#).await.unwrap();
    let open: Vec<_> = mock.orders().into_iter().filter(|order| order.is_open).collect();
    assert_eq!((open.len(), open[0].market.as_str()), (1, "LTC-BTC"));
}

/// BTSE cancels one order and all orders of a market at the same path; only the body differs.
#[tokio::test]
async fn the_values_of_a_request_tell_operations_of_one_path_apart() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    for (operation, body) in [
        ("cancelOrder", r#"{"symbol":"BTC-USD","order_id":"00000000-0000-4000-8000-000000000007"}"#),
        ("cancelAllOrders", r#"{"symbol":"BTC-USD"}"#),
        ("cancelAllOrders", r#"{"symbol":"BTC-USD","coin_name":"BTC"}"#),
    ] {
        call(&*client, operation, "{}", body).await.unwrap();
        assert_eq!(mock.requests().pop().unwrap().operation, Some(operation), "{body}");
    }
    // Neither operation accepts these values. The request counts as one of the operation that fits
    // better.
    for (operation, body) in [
        ("cancelOrder", r#"{"order_id":"a"}"#),
        ("cancelAllOrders", r#"{"symbol":"BTC-USD","id":"a"}"#),
        ("cancelAllOrders", "{}"),
        ("cancelOrder", r#"{"symbol":"BTC-USD","order_id":null}"#),
    ] {
        let head = "btse-api: a\r\nbtse-nonce: 1\r\nbtse-sign: b\r\n";
        support::request(&mock, "POST", "/spot/v2/deleteOrder", head, body).await;
        assert_eq!(mock.requests().pop().unwrap().operation, Some(operation), "{body}");
    }
}

#[tokio::test]
async fn anboto_finds_orders_by_either_id() {
    let mock = start("anboto").await;
    let client = client(&mock);
    let order = |own: &str| {
        format!(
            r#"{{"clientOrderId":"{own}","exchange":"BYBIT","symbol":"ETH/USDT","assetClass":"SPOT","side":"SHORT_SELL","quantity":3,"strategy":"TWAP"}}"#
        )
    };
    let batch = format!(r#"{{"orders":[{},{}],"allOrNone":false}}"#, order("a"), order("b"));
    let placed = json(&call(&*client, "createBatchOrders", "{}", &batch).await.unwrap());
    assert_eq!(placed["responses"][1]["clientOrderId"].as_str(), Some("b"));
    let shown = json(&call(&*client, "getOrder", r#"{"clientOrderId":"b"}"#, "").await.unwrap());
    assert_eq!(
        (shown["side"].as_str(), shown["orderId"].as_i64()),
        (Some("SHORT_SELL"), placed["responses"][1]["orderId"].as_i64())
    );
    call(&*client, "cancelOrder", "{}", r#"{"clientOrderId":"a"}"#).await.unwrap();
    let open = json(&call(&*client, "getOpenOrders", "{}", "").await.unwrap());
    assert_eq!(
        (open["responses"].as_array().unwrap().len(), open["responses"][0]["clientOrderId"].as_str()),
        (1, Some("b"))
    );
    let several = json(&call(&*client, "getOrders", r#"{"clientOrderIds":["a","b","c"]}"#, "").await.unwrap());
    assert_eq!(several["responses"].as_array().unwrap().len(), 2);
    let error = call(&*client, "cancelOrder", "{}", r#"{"clientOrderId":"a"}"#).await.unwrap_err();
    assert_eq!(code(&error), (200, "INVALID_ORDER".to_owned()));
}

#[tokio::test]
async fn users_of_excore_have_separate_orders_and_balances() {
    let mock = start("excore").await;
    let client = client(&mock);
    let order = |user: u32| {
        format!(
            r#"{{"user":{user},"market":"BTCBCH","side":1,"amount":"2","price":"9.5","taker_fee":"0","maker_fee":"0","source":"x"}}"#
        )
    };
    let first = json(&call(&*client, "order.put_limit", &order(5), "").await.unwrap());
    call(&*client, "order.put_limit", &order(6), "").await.unwrap();
    assert_eq!(
        (first["user"].as_i64(), first["left"].as_str(), first["price"].as_str()),
        (Some(5), Some("2"), Some("9.5"))
    );
    let page = r#"{"user_id":5,"market":"BTCBCH","offset":0,"limit":10}"#;
    let pending = json(&call(&*client, "order.pending", page, "").await.unwrap());
    assert_eq!((pending["total"].as_i64(), &pending["records"][0]["id"]), (Some(1), &first["id"]));
    let detail = format!(r#"{{"market":"BTCBCH","order_id":{}}}"#, first["id"]);
    call(&*client, "order.pending_detail", &detail, "").await.unwrap();
    let balance = json(&call(&*client, "balance.query", r#"{"user_id":5,"asset":"BTC"}"#, "").await.unwrap());
    assert_eq!(
        (balance["BTC"]["available"].as_str(), balance["BTC"]["freeze"].as_str()),
        (Some("213833172.077851"), Some("30717.848"))
    );
    let cancel = format!(r#"{{"user_id":5,"market":"BTCBCH","order_id":{}}}"#, first["id"]);
    call(&*client, "order.cancel", &cancel, "").await.unwrap();
    let error = call(&*client, "order.cancel", &cancel, "").await.unwrap_err();
    assert_eq!(code(&error), (200, "23".to_owned()));
    // For an unknown order, the venue returns null instead of an error.
    assert_eq!(call(&*client, "order.pending_detail", &detail, "").await.unwrap(), "null");
    assert_eq!(call(&*client, "order.finished_detail", r#"{"order_id":1}"#, "").await.unwrap(), "null");
    let finished = r#"{"user_id":5,"market":"BTCBCH","start_time":0,"end_time":0,"offset":0,"limit":1,"side":0}"#;
    let history = json(&call(&*client, "order.finished", finished, "").await.unwrap());
    // An order that was cancelled without a trade is in no history.
    assert_eq!(history["records"], json("[]"));
    assert_eq!(
        call(&*client, "order.finished_detail", &format!(r#"{{"order_id":{}}}"#, first["id"]), "").await.unwrap(),
        "null"
    );
    let market = r#"{"user_id":5,"market":"BTCBCH","side":1,"amount":"2","taker_fee_rate":"0","source":"y"}"#;
    let traded = json(&call(&*client, "order.put_market", market, "").await.unwrap());
    let history = json(&call(&*client, "order.finished", finished, "").await.unwrap());
    assert_eq!((&history["records"][0]["id"], history["records"][0]["type"].as_i64()), (&traded["id"], Some(2)));
    let pending = json(&call(&*client, "order.pending", &page.replace('5', "6"), "").await.unwrap());
    assert_eq!(pending["total"].as_i64(), Some(1));
}

#[tokio::test]
async fn a_balance_is_changed_once_for_a_business_id() {
    let mock = start("excore").await;
    let client = client(&mock);
    let change = |id: u32, change: &str| {
        format!(
            r#"{{"user_id":1,"asset":"USDT","business":"deposit","business_id":{id},"change":"{change}","detail":{{}}}}"#
        )
    };
    call(&*client, "balance.update", &change(1, "10.5"), "").await.unwrap();
    let error = call(&*client, "balance.update", &change(1, "10.5"), "").await.unwrap_err();
    assert_eq!(code(&error), (200, "10".to_owned()));
    call(&*client, "balance.update", &change(2, "-10"), "").await.unwrap();
    let error = call(&*client, "balance.update", &change(3, "-10"), "").await.unwrap_err();
    assert_eq!(code(&error), (200, "11".to_owned()));
    let balance = call(&*client, "balance.query", r#"{"user_id":1,"asset":"USDT"}"#, "").await.unwrap();
    assert_eq!(balance, r#"{"USDT":{"available":"0.5","freeze":"0"}}"#);
}

#[tokio::test]
async fn a_balance_cannot_become_negative() {
    for (venue, operation, parameters, body, expected) in [
        (
            "btse-spot",
            "placeOrder",
            "{}",
            r#"{"symbol":"BTC-USD","side":"sell","type":"limit","amount":0.8,"price":1}"#,
            (400, "51523"),
        ),
        (
            "jex-spot",
            "placeOrder",
            r#"{"symbol":"JEXBTC","side":"BUY","type":"LIMIT","quantity":1000000,"price":1}"#,
            "",
            (400, "-2010"),
        ),
        (
            "altmarket",
            "placeOrder",
            "{}",
            r#"{"order":{"instrument":"btc_usdt","type":"sell","amount":1.1,"price":1,"isLimit":true}}"#,
            (400, "not_enough_funds"),
        ),
        (
            "excore",
            "order.put_limit",
            r#"{"user":1,"market":"BTC_USDT","side":1,"amount":"999999999","price":"1","taker_fee":"0","maker_fee":"0","source":"x"}"#,
            "",
            (200, "11"),
        ),
        // The cost of these market orders is known before they trade.
        (
            "btse-spot",
            "placeOrder",
            "{}",
            r#"{"symbol":"BTC-USD","side":"sell","type":"market","amount":0.8}"#,
            (400, "51523"),
        ),
        (
            "altmarket",
            "placeOrder",
            "{}",
            r#"{"order":{"instrument":"btc_usdt","type":"sell","amount":1.1,"isLimit":false}}"#,
            (400, "not_enough_funds"),
        ),
        (
            "excore",
            "order.put_market",
            r#"{"user_id":1,"market":"BTCBCH","side":1,"amount":"999999999","taker_fee_rate":"0","source":"x"}"#,
            "",
            (200, "11"),
        ),
        (
            "jex-spot",
            "testOrder",
            r#"{"symbol":"LTCBTC","side":"BUY","type":"LIMIT","quantity":1000000,"price":1}"#,
            "",
            (400, "-2010"),
        ),
    ] {
        let mock = start(venue).await;
        let error = call(&*client(&mock), operation, parameters, body).await.unwrap_err();
        assert_eq!(code(&error), (expected.0, expected.1.to_owned()), "{venue}");
        assert!(mock.orders().is_empty());
        assert_eq!(support::last_refusal(&mock).unwrap().0, Refusal::InsufficientBalance);
    }
}

#[tokio::test]
async fn keys_have_separate_orders() {
    let mock = start_as(MockVenue::builder("btse-spot").key("one", "1").key("two", "2")).await;
    let one = connect(&mock, builder(&mock));
    let two = connect(&mock, with_credentials(&mock, "two", "2"));
    call(&*one, "placeOrder", "{}", r#"{"symbol":"BTC-USD","side":"buy","type":"limit","amount":1,"price":7}"#)
        .await
        .unwrap();
    let shown = call(&*one, "getPendingOrders", "{}", "").await.unwrap();
    assert!(shown.contains(r#""price":7"#), "{shown}");
    let example = call(&*two, "getPendingOrders", "{}", "").await.unwrap();
    assert!(example.contains(r#""price":8500.5"#), "{example}");
}

#[tokio::test]
async fn the_examples_orders_can_be_cancelled_once() {
    for (venue, operation) in [
        ("btse-spot", "cancelOrder"),
        ("jex-spot", "cancelOrder"),
        ("altmarket", "cancelOrder"),
        ("anboto", "cancelOrder"),
        ("excore", "order.cancel"),
    ] {
        let mock = start(venue).await;
        let client = client(&mock);
        call_example(&*client, operation).await.unwrap();
        call_example(&*client, operation).await.unwrap_err();
        assert_eq!(support::last_refusal(&mock).unwrap().0, Refusal::OrderNotFound, "{venue}");
        mock.reset();
        call_example(&*client, operation).await.unwrap();
    }
}

#[tokio::test]
async fn the_response_to_a_withdrawal_repeats_its_values() {
    let mock = start("altmarket").await;
    let body = r#"{"transferId":"mine","assetId":"usdt","amount":1.50,"address":"there"}"#;
    let transfer = json(&call(&*client(&mock), "withdraw", "{}", body).await.unwrap());
    let texts =
        ["transferId", "asset", "amount", "targetAddress"].map(|name| transfer[name].as_str().unwrap().to_owned());
    assert_eq!((&texts[0][..], &texts[1][..], &texts[3][..]), ("mine", "usdt", "there"));
    assert!(texts[2].starts_with("1.5"));
}

#[tokio::test]
async fn the_time_is_that_of_the_example_unless_the_clock_is_set_or_live() {
    let mock = start_as(MockVenue::builder("btse-spot").limits(false)).await;
    let client = client(&mock);
    assert!(call_example(&*client, "getServerTime").await.unwrap().contains("2019-10-14"));
    mock.set_clock_offset(0);
    assert!(!call_example(&*client, "getServerTime").await.unwrap().contains("2019-10-14"));
    let live = start_as(MockVenue::builder("jex-spot").live_time(true)).await;
    assert!(!call_example(&*support::client(&live), "getServerTime").await.unwrap().contains("1499827319595"));
}
