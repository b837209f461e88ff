//! Tests that orders meet: fills, balances, books and trades in the form of each venue.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use support::{builder, call, call_example, client, connect, last_refusal, request, start, start_as, with_credentials};
use venuekit::Error;
use venuekit::meta::AnyClient;
use venuekit_mock::{MockVenue, Refusal};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

async fn got(client: &dyn AnyClient, operation: &str, parameters: Value, body: Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    json(&call(client, operation, &parameters.to_string(), &body).await.unwrap())
}

fn code(error: &Error) -> (u16, String) {
    (error.status().unwrap().as_u16(), error.api_error().unwrap().code().unwrap().to_string())
}

/// Returns the texts of some members, without quotes.
fn texts(value: &Value, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| value[*name].to_string().trim_matches('"').to_owned()).collect()
}

#[tokio::test]
async fn two_accounts_of_btse_trade_and_their_fills_balances_and_the_book_agree() {
    let builder_ = MockVenue::builder("btse-spot").key("one", "1").key("two", "2").limits(false);
    let mock = start_as(builder_).await;
    let (one, two) = (connect(&mock, builder(&mock)), connect(&mock, with_credentials(&mock, "two", "2")));
    let order = |side: &str, amount: Value, price: Value| json!({"symbol": "BTC-USD", "side": side, "type": "LIMIT", "amount": amount, "price": price});
    let market = json!({"symbol": "BTC-USD"});
    let sold = got(&*one, "placeOrder", json!({}), order("SELL", json!(0.1), json!(9523.5))).await;
    let bought = got(&*two, "placeOrder", json!({}), order("BUY", json!(0.25), json!(9524))).await;

    // The sale is filled; the purchase is filled in part, at the price of the sale.
    assert_eq!(got(&*one, "getPendingOrders", json!({}), Value::Null).await, json!([]));
    let open = got(&*two, "getPendingOrders", json!({}), Value::Null).await;
    assert_eq!(texts(&open[0], &["id", "amount", "price"]), [bought["id"].as_str().unwrap(), "0.15", "9524"]);
    let sale = got(&*one, "getFills", json!({}), market.clone()).await;
    let purchase = got(&*two, "getFills", json!({}), market.clone()).await;
    for (fills, id) in [(&sale, &sold["id"]), (&purchase, &bought["id"])] {
        assert_eq!(fills.as_array().unwrap().len(), 1);
        let expected = [id.as_str().unwrap(), "0.1", "9523.5", "0"];
        assert_eq!(texts(&fills[0], &["order_id", "amount", "price", "fee"]), expected);
    }
    let rows = |rows: &Value| -> Vec<Vec<String>> {
        rows.as_array().unwrap().iter().map(|row| texts(row, &["currency", "available", "total"])).collect()
    };
    let balances = got(&*one, "getAccount", json!({}), Value::Null).await;
    assert_eq!(rows(&balances), [["BTC", "0.62400001", "1.12400001"], ["USD", "16193.1", "20954.85"]]);
    // 0.15 at 9524 is reserved.
    let balances = got(&*two, "getAccount", json!({}), Value::Null).await;
    assert_eq!(rows(&balances), [["BTC", "0.82400001", "1.32400001"], ["USD", "12859.8", "19050.15"]]);

    let book = got(&*one, "getOrderBook", market.clone(), Value::Null).await;
    assert_eq!(texts(&book["buyQuote"][0], &["price", "size"]), ["9524", "0.15"]);
    assert_eq!(texts(&book["buyQuote"][1], &["price", "size"]), ["9523", "0.724"]);
    assert_eq!(texts(&book["sellQuote"][1], &["price", "size"]), ["9524.5", "0.00000001"]);
    let short = json!({"symbol": "BTC-USD", "limit_bids": 1, "limit_asks": 1});
    let book = got(&*one, "getOrderBook", short, Value::Null).await;
    assert_eq!(["buyQuote", "sellQuote"].map(|side| book[side].as_array().unwrap().len()), [1, 1]);
    assert_eq!(texts(&book["sellQuote"][0], &["price"]), ["9524.5"]);
    let ticker = got(&*one, "getTicker", market.clone(), Value::Null).await;
    assert_eq!(texts(&ticker, &["bid", "ask", "price", "size"]), ["9524", "9524.5", "9523.5", "0.1"]);
    let trades = got(&*one, "getTrades", market.clone(), Value::Null).await;
    assert_eq!(trades.as_array().unwrap().len(), 1);
    assert_eq!(texts(&trades[0], &["price", "amount", "type"]), ["9523.5", "0.1", "buy"]);
    let summary = got(&*one, "getMarketSummary", json!({}), Value::Null).await;
    assert_eq!(texts(&summary["BTC-USD"], &["highest_bid", "last"]), ["9524", "9523.5"]);
    assert_eq!(texts(&summary["LTC-BTC"], &["highest_bid", "last"]), ["0.00587100", "0.00587200"]);

    // A filled order cannot be cancelled. What is left of the other one can.
    let cancel = |id: &Value| json!({"symbol": "BTC-USD", "order_id": id}).to_string();
    let error = call(&*one, "cancelOrder", "{}", &cancel(&sold["id"])).await.unwrap_err();
    assert_eq!(code(&error), (429, "-1".to_owned()));
    call(&*two, "cancelOrder", "{}", &cancel(&bought["id"])).await.unwrap();
    let balances = got(&*two, "getAccount", json!({}), Value::Null).await;
    assert_eq!(rows(&balances)[1], ["USD", "14288.4", "19050.15"]);
    assert_eq!(mock.orders().iter().map(|order| order.filled.as_str()).collect::<Vec<_>>(), ["0.1", "0.1"]);
}

#[tokio::test]
async fn a_market_order_walks_the_book_of_btse_and_another_market_has_a_book_of_its_own() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let sell = json!({"symbol": "BTC-USD", "side": "SELL", "type": "MARKET", "amount": 0.7240});
    got(&*client, "placeOrder", json!({}), sell).await;
    let buy = json!({"symbol": "BTC-USD", "side": "BUY", "type": "MARKET", "amount": 0.5});
    got(&*client, "placeOrder", json!({}), buy).await;
    let fills = got(&*client, "getFills", json!({}), json!({"symbol": "BTC-USD"})).await;
    let rows: Vec<_> = fills.as_array().unwrap().iter().map(|row| texts(row, &["price", "amount"])).collect();
    assert_eq!(rows, [["9523", "0.724"], ["9524.5", "1e-8"], ["9525", "0.49999999"]]);
    let book = got(&*client, "getOrderBook", json!({"symbol": "LTC-BTC"}), Value::Null).await;
    assert_eq!((&book["symbol"], &book["buyQuote"], &book["sellQuote"]), (&json!("LTC-BTC"), &json!([]), &json!([])));
    mock.reset();
    let book = got(&*client, "getOrderBook", json!({"symbol": "BTC-USD"}), Value::Null).await;
    assert_eq!(texts(&book["buyQuote"][0], &["price", "size"]), ["9523.0", "0.72400000"]);
}

#[tokio::test]
async fn an_order_of_jex_is_filled_in_part_and_then_cancelled() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let order = |quantity: u32| {
        json!({"symbol": "LTCBTC", "side": "BUY", "type": "LIMIT", "quantity": quantity, "price": 4.000002,
            "newOrderRespType": "RESULT"})
    };
    let first = got(&*client, "placeOrder", order(5), Value::Null).await;
    let names = ["status", "executedQty", "cummulativeQuoteQty"];
    assert_eq!(texts(&first, &names), ["FILLED", "5", "20.00001"]);
    // Of 12, 7 are left.
    let second = got(&*client, "placeOrder", order(10), Value::Null).await;
    assert_eq!(texts(&second, &names), ["PARTIALLY_FILLED", "7", "28.000014"]);
    let depth = got(&*client, "getDepth", json!({"symbol": "LTCBTC"}), Value::Null).await;
    assert_eq!((&depth["bids"][0][0], &depth["bids"][0][1]), (&json!("4.000002"), &json!("3")));
    assert_eq!(depth["asks"], json!([]));
    let ticker = got(&*client, "getBookTicker", json!({"symbol": "LTCBTC"}), Value::Null).await;
    assert_eq!(texts(&ticker, &["symbol", "bidPrice", "bidQty"]), ["LTCBTC", "4.000002", "3"]);
    let all = got(&*client, "getPriceTicker", json!({}), Value::Null).await;
    assert_eq!((&all[0]["price"], &all[1]["price"]), (&json!("4.000002"), &json!("0.07946600")));
    let trades = got(&*client, "getHistoricalTrades", json!({"symbol": "LTCBTC"}), Value::Null).await;
    assert_eq!(texts(&trades[0], &["price", "qty", "buyerMaker"]), ["4.000002", "7", "false"]);
    assert_eq!(trades.as_array().unwrap().len(), 2);

    let named = |order: &Value| json!({"symbol": "LTCBTC", "orderId": order["orderId"]});
    let gone = got(&*client, "cancelOrder", named(&second), Value::Null).await;
    assert_eq!(texts(&gone, &names), ["CANCELED", "7", "28.000014"]);
    for order in [&first, &second] {
        let error = call(&*client, "cancelOrder", &named(order).to_string(), "").await.unwrap_err();
        assert_eq!(code(&error), (400, "-2011".to_owned()));
    }
    let account = got(&*client, "getAccount", json!({}), Value::Null).await;
    let rows: Vec<_> = account["spotBalances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| texts(row, &["asset", "free", "locked"]))
        .collect();
    assert_eq!(rows, [["BTC", "999568.136276", "0.7219"], ["LTC", "12", "0"]]);
}

#[tokio::test]
async fn users_of_excore_trade_with_fees_and_roles() {
    let mock = start("excore").await;
    let client = client(&mock);
    let call_ = async |operation: &str, parameters: Value| got(&*client, operation, parameters, Value::Null).await;
    let limit = json!({"user": 1, "market": "BTCBCH", "side": 1, "amount": "2", "price": "1.5", "taker_fee": "0.002",
        "maker_fee": "0.001", "source": "x"});
    let sold = call_("order.put_limit", limit).await;
    let money = |money: &str, market: &str| json!({"user_id": 2, "market": market, "side": 2, "amount": money, "taker_fee_rate": "0.002", "source": "x"});
    let bought = call_("order.put_market", money("1.5", "BTCBCH")).await;
    let names = ["left", "deal_stock", "deal_money", "deal_fee"];
    assert_eq!(texts(&bought, &names), ["0", "1", "1.5", "0.002"]);
    let detail = json!({"market": "BTCBCH", "order_id": sold["id"]});
    assert_eq!(texts(&call_("order.pending_detail", detail).await, &names), ["1", "1", "1.5", "0.0015"]);
    let page = |user: u32| json!({"user_id": user, "market": "BTCBCH", "offset": 0, "limit": 10});
    for (user, role, fee, other) in [(1, "1", "0.0015", &bought), (2, "2", "0.002", &sold)] {
        let deals = call_("market.user_deals", page(user)).await;
        let expected = [role, "1.5", "1", "1.5", fee, &other["id"].to_string()];
        assert_eq!(texts(&deals["records"][0], &["role", "price", "amount", "deal", "fee", "deal_order_id"]), expected);
    }
    let deals = call_("order.deals", json!({"order_id": sold["id"], "offset": 0, "limit": 10})).await;
    assert_eq!(texts(&deals["records"][0], &["user", "role"]), ["1", "1"]);
    let balance = async |user: u32, asset: &str| {
        let balance = call_("balance.query", json!({"user_id": user, "asset": asset})).await;
        texts(&balance[asset], &["available", "freeze"])
    };
    assert_eq!(balance(1, "BTC").await, ["213833172.077851", "30716.848"]);
    assert_eq!(balance(1, "BCH").await, ["1.4985", "0"]);
    assert_eq!(balance(2, "BTC").await, ["213833175.075851", "30715.848"]);
    // The mock deposited what the order needed.
    assert_eq!(balance(2, "BCH").await, ["0", "0"]);

    let depth = call_("order.depth", json!({"market": "BTCBCH", "limit": 2, "interval": "0.01"})).await;
    assert_eq!(
        depth,
        json!({"asks": [["1.5", "1"], ["1.52", "1.151"]], "bids": [["1.17", "201.863"], ["1.16", "725.464"]]})
    );
    let asks = call_("order.book", json!({"market": "BTCBCH", "side": 1, "offset": 0, "limit": 2})).await;
    assert_eq!(texts(&asks, &["total", "limit"]), ["3", "2"]);
    let rows = [0, 1].map(|index| texts(&asks["orders"][index], &["user", "side", "price", "amount", "left"]));
    assert_eq!(rows, [["1", "1", "1.5", "2", "1"], ["0", "1", "1.5158", "1.151", "1.151"]]);
    assert_eq!(asks["orders"][0]["id"], sold["id"]);
    assert_eq!(call_("market.status_today", json!({"market": "BTCBCH"})).await["last"], "1.5");
    assert_eq!(call_("market.last", json!({"market": "BTCBCH"})).await["price"], "1.5");
    let deals = call_("market.deals", json!({"market": "BTCBCH", "limit": 10, "last_id": 0})).await;
    assert_eq!(texts(&deals[0], &["price", "amount", "type"]), ["1.5", "1", "buy"]);

    // An order that trades at once needs another one, and money for the smallest amount.
    let parameters = money("1", "COIN1_COIN2").to_string();
    let error = call(&*client, "order.put_market", &parameters, "").await.unwrap_err();
    assert_eq!((code(&error), last_refusal(&mock).unwrap().0), ((200, "22".to_owned()), Refusal::NoTrader));
    let ask = json!({"user": 1, "market": "COIN1_COIN2", "side": 1, "amount": "1", "price": "10", "taker_fee": "0",
        "maker_fee": "0", "source": "x"});
    call_("order.put_limit", ask.clone()).await;
    let parameters = money("0.0099", "COIN1_COIN2").to_string();
    let error = call(&*client, "order.put_market", &parameters, "").await.unwrap_err();
    assert_eq!(code(&error), (200, "21".to_owned()));
    call_("order.put_market", money("0.01", "COIN1_COIN2")).await;
    // A rate is from 0 to below 1.
    for rate in ["-0.1", "1"] {
        let mut order = ask.clone();
        order["taker_fee"] = rate.into();
        let error = call(&*client, "order.put_limit", &order.to_string(), "").await.unwrap_err();
        assert_eq!(code(&error), (200, "1".to_owned()), "{rate}");
    }
}

#[tokio::test]
async fn a_market_order_of_altmarket_pays_the_fee_of_the_market() {
    let mock = start("altmarket").await;
    let client = client(&mock);
    let order =
        |amount: f64| json!({"order": {"instrument": "btc_usdt", "type": "buy", "amount": amount, "isLimit": false}});
    // The ask is 31250, and the balance 3.11 USDT.
    let error = call(&*client, "placeOrder", "{}", &order(0.0001).to_string()).await.unwrap_err();
    assert_eq!(code(&error), (400, "not_enough_funds".to_owned()));
    let placed = got(&*client, "placeOrder", json!({}), order(0.00005)).await;
    let names = ["status", "unitsFilled", "total", "commission"];
    assert_eq!(texts(&placed["order"], &names), ["Completed", "0.00005", "1.5625", "5e-8"]);
    let trades = got(&*client, "getTradeHistory", json!({"Market": "btc_usdt"}), Value::Null).await;
    assert_eq!(trades["paging"]["total"], 1);
    let row = &trades["data"][0];
    assert_eq!(texts(row, &["amount", "executionPrice", "commission"]), ["0.00005", "31250", "5e-8"]);
    let balances = call(&*client, "getBalances", "{}", "").await.unwrap();
    assert!(balances.contains(r#""availableBalance":1.00004995"#), "{balances}");
    assert!(balances.contains(r#""availableBalance":1.5537801269730005"#), "{balances}");
    // What does not trade of a market order is cancelled.
    let sell = json!({"order": {"instrument": "btc_usdt", "type": "sell", "amount": 1, "isLimit": false}});
    got(&*client, "placeOrder", json!({}), sell).await;
    let sell = json!({"order": {"instrument": "btc_usdt", "type": "sell", "amount": 0.00004995, "isLimit": false}});
    let placed = got(&*client, "placeOrder", json!({}), sell).await;
    assert_eq!(texts(&placed["order"], &["status", "unitsFilled", "total"]), ["Cancelled", "0", "0"]);
}

#[tokio::test]
async fn an_order_of_anboto_with_a_price_is_filled_in_part() {
    let mock = start("anboto").await;
    let client = client(&mock);
    let order = json!({"clientOrderId": "c", "exchange": "BINANCE", "symbol": "BTC/USDT", "assetClass": "SPOT",
        "side": "BUY", "quantity": 3, "strategy": "LIMIT", "limitPrice": 42300});
    got(&*client, "createOrder", json!({}), order).await;
    let shown = got(&*client, "getOrder", json!({"clientOrderId": "c"}), Value::Null).await;
    let names = ["status", "filledQuantity", "leavesQuantity", "averagePrice", "lastPrice"];
    assert_eq!(texts(&shown, &names), ["PARTIALLY_FILLED", "2", "1", "42250.5", "42250.5"]);
}

/// Returns the order book and the trades after some requests.
async fn moved(seed: u64) -> Vec<Value> {
    let mock = start_as(MockVenue::builder("btse-spot").limits(false).counterparty(seed)).await;
    let client = client(&mock);
    let mut seen = Vec::new();
    for _ in 0..20 {
        let order = json!({"symbol": "BTC-USD", "side": "BUY", "type": "LIMIT", "amount": 0.01, "price": 9522});
        got(&*client, "placeOrder", json!({}), order).await;
        let book = got(&*client, "getOrderBook", json!({"symbol": "BTC-USD"}), Value::Null).await;
        let best = |side: &str, index: usize| -> f64 { book[side][index]["price"].as_str().unwrap().parse().unwrap() };
        let asks = book["sellQuote"].as_array().unwrap().len();
        assert!(best("buyQuote", 0) < best("sellQuote", asks - 1), "the book is crossed: {book}");
        seen.push(json!([book["buyQuote"], book["sellQuote"]]));
    }
    mock.step();
    let trades = got(&*client, "getTrades", json!({"symbol": "BTC-USD"}), Value::Null).await;
    seen.push(
        trades.as_array().unwrap().iter().map(|trade| json!(texts(trade, &["price", "amount", "type"]))).collect(),
    );
    seen
}

#[tokio::test]
async fn books_move_with_a_counterparty_and_the_same_seed_moves_them_in_the_same_way() {
    let (one, again, other) = (moved(7).await, moved(7).await, moved(8).await);
    assert_eq!(one, again);
    assert_ne!(one, other);
    assert!(one[..20].windows(2).all(|pair| pair[0] != pair[1]), "a book did not move");
    assert!(one[20].as_array().unwrap().len() > 3, "{}", one[20]);
}

#[tokio::test]
async fn a_step_without_a_counterparty_changes_nothing() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let book = async || got(&*client, "getOrderBook", json!({"symbol": "BTC-USD"}), Value::Null).await;
    let before = book().await;
    mock.step();
    assert_eq!(book().await, before);
}

#[tokio::test]
async fn an_order_with_more_digits_than_a_decimal_has_is_refused_and_changes_nothing() {
    let mock = start_as(MockVenue::builder("btse-spot").market("ETH-EUR")).await;
    let client = client(&mock);
    let order =
        r#"{"symbol":"ETH-EUR","side":"buy","type":"limit","amount":0.000000000000001,"price":1.000000000000001}"#;
    call(&*client, "placeOrder", "{}", order).await.unwrap_err();
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter);
    assert!(mock.orders().is_empty());
}

#[tokio::test]
async fn a_cancel_whose_balance_would_have_too_many_digits_is_refused_and_the_order_stays_open() {
    let mock = start("excore").await;
    let client = client(&mock);
    let limit = |price: &str| {
        json!({"user": 9, "market": "COIN1_COIN2", "side": 2, "amount": "1000000", "price": price,
            "taker_fee": "0", "maker_fee": "0", "source": "x"})
    };
    let order = got(&*client, "order.put_limit", limit("1000000"), Value::Null).await;
    let other = got(&*client, "order.put_limit", limit("1"), Value::Null).await;
    let change = |id: u32, change: &str| {
        json!({"user_id": 9, "asset": "COIN2", "business": "deposit", "business_id": id, "change": change,
            "detail": {}})
    };
    got(&*client, "balance.update", change(1, "0.0000000000000000000001"), Value::Null).await;
    let named = json!({"user_id": 9, "market": "COIN1_COIN2", "order_id": order["id"]});
    let open = json!({"user_id": 9, "market": "COIN1_COIN2", "offset": 0, "limit": 10});
    call(&*client, "order.cancel", &named.to_string(), "").await.unwrap_err();
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::Rejected);
    let listed = got(&*client, "order.pending", open.clone(), Value::Null).await;
    assert_eq!(listed["total"], 2);
    let bids = got(&*client, "order.depth", json!({"market": "COIN1_COIN2", "limit": 5, "interval": "0"}), Value::Null);
    assert_eq!(bids.await["bids"], json!([["1000000", "1000000"], ["1", "1000000"]]));

    got(&*client, "balance.update", change(2, "-0.0000000000000000000001"), Value::Null).await;
    got(&*client, "order.cancel", named, Value::Null).await;
    let listed = got(&*client, "order.pending", open, Value::Null).await;
    assert_eq!((&listed["total"], &listed["records"][0]["id"]), (&json!(1), &other["id"]));
}

/// Sends a request of excore again, with another number in its body.
async fn sent_again(mock: &MockVenue, number: &str, other: &str) {
    let sent = mock.requests().pop().unwrap();
    let body = String::from_utf8(sent.body).unwrap();
    assert_eq!(body.matches(number).count(), 1, "{body}");
    let body = body.replace(number, other);
    let mut mac = Hmac::<sha2::Sha512>::new_from_slice(mock.secret().as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let headers = format!("KEY: {}\r\nSIGN: {signature}\r\nContent-Type: application/json\r\n", mock.key());
    request(mock, "POST", &sent.path, &headers, &body).await;
}

#[tokio::test]
async fn a_number_with_more_digits_than_a_decimal_has_is_refused_and_not_rounded() {
    let mock = start("excore").await;
    let client = client(&mock);
    let order = json!({"user": 9, "market": "COIN1_COIN2", "side": 1, "amount": "7.25", "price": "8.25",
        "taker_fee": "0.125", "maker_fee": "0", "source": "x"});
    let long = "0.123456789012345678901234567891";
    for (number, long) in [("8.25", long), ("7.25", long), ("0.125", long), ("8.25", "1.00000000000000000000000000001")]
    {
        got(&*client, "order.put_limit", order.clone(), Value::Null).await;
        let before = mock.orders().len();
        sent_again(&mock, number, long).await;
        assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter, "{number} {long}");
        assert_eq!(mock.orders().len(), before);
    }
    // Zeros at the end are no more digits.
    got(&*client, "order.put_limit", order, Value::Null).await;
    sent_again(&mock, "8.25", "8.2500000000000000000000000000000000").await;
    assert_eq!((last_refusal(&mock), mock.orders().len()), (None, 6));

    let change = json!({"user_id": 9, "asset": "COIN2", "business": "deposit", "business_id": 1, "change": "7.25",
        "detail": {}});
    got(&*client, "balance.update", change, Value::Null).await;
    let sent = mock.requests().pop().unwrap();
    sent_again(&mock, "7.25", long).await;
    let (refusal, why, _) = last_refusal(&mock).unwrap();
    assert_eq!((sent.operation, refusal), (Some("balance.update"), Refusal::BadParameter));
    assert!(why.contains("too many digits"), "{why}");
}

#[tokio::test]
async fn new_trades_have_larger_ids_than_those_of_the_examples() {
    let number = |row: &Value| row.as_str().map_or_else(|| row.as_u64(), |text| text.parse().ok()).unwrap();
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let market = json!({"symbol": "BTC-USD"});
    let shown = got(&*client, "getTrades", market.clone(), Value::Null).await;
    let last = shown.as_array().unwrap().iter().map(|row| number(&row["serial_id"])).max().unwrap();
    let order = json!({"symbol": "BTC-USD", "side": "BUY", "type": "LIMIT", "amount": 0.25, "price": 9524.5});
    got(&*client, "placeOrder", json!({}), order).await;
    let trades = got(&*client, "getTrades", market, Value::Null).await;
    let trades = trades.as_array().unwrap();
    assert!(!trades.is_empty() && trades.iter().all(|row| number(&row["serial_id"]) > last), "{last} {trades:?}");

    let mock = start("excore").await;
    let client = support::client(&mock);
    let deals = async |last: u64| {
        got(&*client, "market.deals", json!({"market": "BTCBCH", "limit": 10, "last_id": last}), Value::Null).await
    };
    let shown = call_example(&*client, "market.deals").await.unwrap();
    let last = json(&shown).as_array().unwrap().iter().map(|row| number(&row["id"])).max().unwrap();
    for count in 1..=2 {
        let order = json!({"user": 1, "market": "BTCBCH", "side": 2, "amount": "0.5", "price": "1.5158",
            "taker_fee": "0", "maker_fee": "0", "source": "x"});
        got(&*client, "order.put_limit", order, Value::Null).await;
        let new = deals(last).await;
        assert_eq!(new.as_array().unwrap().len(), count);
        assert_eq!(number(&new[0]["id"]), number(&new[count - 1]["id"]) + count as u64 - 1);
    }
}

#[tokio::test]
async fn a_list_of_jex_has_as_many_rows_as_the_default_of_its_limit() {
    let mock = start_as(MockVenue::builder("jex-spot").limits(false)).await;
    let client = client(&mock);
    let order = async |side: &str, price: f64| {
        let order = json!({"symbol": "LTCBTC", "side": side, "type": "LIMIT", "quantity": 1, "price": price});
        got(&*client, "placeOrder", order, Value::Null).await;
    };
    // Sales at 61 prices; then 201 trades.
    for step in 1..=61 {
        order("SELL", f64::from(5_000_000 + step) / 1_000_000.0).await;
    }
    for _ in 0..201 {
        order("SELL", 4.000001).await;
        order("BUY", 4.000001).await;
    }
    let count = async |operation: &str, limit: Option<u32>| {
        let mut parameters = json!({"symbol": "LTCBTC"});
        if let Some(limit) = limit {
            parameters["limit"] = limit.into();
        }
        let rows = got(&*client, operation, parameters, Value::Null).await;
        rows.get("asks").unwrap_or(&rows).as_array().unwrap().len()
    };
    assert_eq!((count("getDepth", None).await, count("getDepth", Some(20)).await), (60, 20));
    assert_eq!((count("getRecentTrades", None).await, count("getRecentTrades", Some(7)).await), (60, 7));
    assert_eq!((count("getHistoricalTrades", None).await, count("getHistoricalTrades", Some(201)).await), (200, 201));
}

#[tokio::test]
async fn a_venue_full_of_touched_accounts_refuses_another_one_and_keeps_them() {
    let mock = start_as(MockVenue::builder("excore").limits(false).record(1).counterparty(7)).await;
    let client = client(&mock);
    let order = |user: u32| {
        json!({"user": user, "market": "COIN1_COIN2", "side": 1, "amount": "1", "price": "10", "taker_fee": "0",
            "maker_fee": "0", "source": "x"})
    };
    let first = got(&*client, "order.put_limit", order(1), Value::Null).await;
    // A refused cancel touches no account. The balances of these accounts are made once only.
    for user in 2..=1_100 {
        let cancel = json!({"user_id": user, "market": "COIN1_COIN2", "order_id": 1});
        call(&*client, "order.cancel", &cancel.to_string(), "").await.unwrap_err();
        assert_eq!(last_refusal(&mock).unwrap().0, Refusal::OrderNotFound);
    }
    for user in 2..=1_000 {
        got(&*client, "order.put_limit", order(user), Value::Null).await;
    }
    assert_eq!(mock.orders().len(), 1_000);
    let balance = got(&*client, "balance.query", json!({"user_id": 2, "asset": "BTC"}), Value::Null).await;
    assert_eq!(texts(&balance["BTC"], &["available"]), ["213833174.077851"]);

    call(&*client, "order.put_limit", &order(1_001).to_string(), "").await.unwrap_err();
    let (refusal, why, _) = last_refusal(&mock).unwrap();
    assert_eq!(refusal, Refusal::Rejected);
    assert!(why.contains("1000 touched accounts") && why.contains("reset()"), "{why}");
    assert_eq!(mock.orders().len(), 1_000);
    // The accounts that are there are as before.
    let named = json!({"user_id": 1, "market": "COIN1_COIN2", "order_id": first["id"]});
    got(&*client, "order.cancel", named, Value::Null).await;
    got(&*client, "order.put_limit", order(1_000), Value::Null).await;
    mock.reset();
    got(&*client, "order.put_limit", order(1_001), Value::Null).await;
}

#[tokio::test]
async fn the_latest_thousand_fills_of_an_order_are_kept_and_all_of_them_count() {
    let mock = start_as(MockVenue::builder("excore").limits(false).record(1)).await;
    let client = client(&mock);
    let order = |side: u32, amount: u32| {
        json!({"user": side, "market": "COIN1_COIN2", "side": side, "amount": amount.to_string(), "price": "10",
            "taker_fee": "0", "maker_fee": "0", "source": "x"})
    };
    let large = got(&*client, "order.put_limit", order(1, 2_000), Value::Null).await;
    for _ in 0..1_001 {
        got(&*client, "order.put_limit", order(2, 1), Value::Null).await;
    }
    let page = |offset: u32| json!({"order_id": large["id"], "offset": offset, "limit": 100});
    assert_eq!(got(&*client, "order.deals", page(900), Value::Null).await["records"].as_array().unwrap().len(), 100);
    assert_eq!(got(&*client, "order.deals", page(1_000), Value::Null).await["records"], json!([]));
    let detail = json!({"market": "COIN1_COIN2", "order_id": large["id"]});
    let shown = got(&*client, "order.pending_detail", detail, Value::Null).await;
    assert_eq!(texts(&shown, &["left", "deal_stock", "deal_money"]), ["999", "1001", "10010"]);
}

#[tokio::test]
async fn a_test_order_of_jex_is_refused_if_the_order_would_be() {
    let mock = start_as(MockVenue::builder("jex-spot").market("JEXEUR")).await;
    let client = client(&mock);
    let order = |quantity: &str, price: &str| {
        format!(r#"{{"symbol":"JEXEUR","side":"BUY","type":"LIMIT","quantity":{quantity},"price":{price}}}"#)
    };
    call(&*client, "placeOrder", &order("10000000000000", "1000000000000000"), "").await.unwrap();
    // The money that both orders reserve together has too many digits.
    let small = order("1", "0.5");
    for operation in ["testOrder", "placeOrder"] {
        call(&*client, operation, &small, "").await.unwrap_err();
        assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter, "{operation}");
    }
    let fits = order("1", "1");
    call(&*client, "testOrder", &fits, "").await.unwrap();
    assert_eq!(mock.orders().len(), 1);
    call(&*client, "placeOrder", &fits, "").await.unwrap();
}

#[tokio::test]
async fn btse_keeps_post_only_and_the_time_in_force() {
    let mock = MockVenue::builder("btse-spot").market("ETH-EUR").key("one", "1").key("two", "2").limits(false);
    let mock = start_as(mock).await;
    let (client, other) = (client(&mock), connect(&mock, with_credentials(&mock, "two", "2")));
    let order = |side: &str, amount: i64, price: i64, more: Value| {
        let mut order = json!({"symbol": "ETH-EUR", "side": side, "type": "LIMIT", "amount": amount, "price": price});
        order.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        order
    };
    for (amount, price) in [(1, 10), (2, 11)] {
        got(&*other, "placeOrder", json!({}), order("SELL", amount, price, json!({}))).await;
    }
    let buys = |amount: i64, price: i64, more: Value| order("BUY", amount, price, more);
    let open = || got(&*client, "getPendingOrders", json!({}), Value::Null);
    let place = |order: Value| got(&*client, "placeOrder", json!({}), order);
    let fills = async |order: &Value| -> Vec<Vec<String>> {
        let body = json!({"order_id": order["id"], "symbol": "ETH-EUR"});
        let fills = got(&*client, "getFills", json!({}), body).await;
        fills.as_array().unwrap().iter().map(|fill| texts(fill, &["amount", "price"])).collect()
    };
    // An order that only rests is refused if it would trade.
    let crosses = buys(1, 10, json!({"post_only": true}));
    let error = call(&*client, "placeOrder", "{}", &crosses.to_string()).await.unwrap_err();
    assert_eq!((code(&error).0, last_refusal(&mock).unwrap().0), (400, Refusal::WouldTrade));
    assert_eq!(mock.orders().len(), 2);
    let rests = place(buys(1, 9, json!({"post_only": true, "time_in_force": "gtc"}))).await;
    assert_eq!((open().await[0]["id"].clone(), fills(&rests).await.len()), (rests["id"].clone(), 0));
    // The whole order does not fit, so nothing trades.
    let whole = place(buys(4, 11, json!({"time_in_force": "FOK"}))).await;
    assert_eq!(fills(&whole).await.len(), 0);
    let whole = place(buys(2, 11, json!({"time_in_force": "fok"}))).await;
    assert_eq!(fills(&whole).await, [["1", "10"], ["1", "11"]]);
    // What does not trade at once is cancelled.
    let part = place(buys(3, 11, json!({"time_in_force": "IOC"}))).await;
    assert_eq!(fills(&part).await, [["1", "11"]]);
    assert_eq!(open().await.as_array().unwrap().len(), 1, "only the order that rests is open");
}

#[tokio::test]
async fn orders_of_kinds_that_are_not_simulated_are_refused_in_the_form_of_the_venue() {
    let mock = start_as(MockVenue::builder("btse-spot").limits(false)).await;
    let client = client(&mock);
    for (member, value) in [
        ("stop", json!("STOP")),
        ("stop_price", json!(9000)),
        ("type", json!("OCO")),
        ("time_in_force", json!("DAY")),
        ("time_in_force", json!("")),
    ] {
        let mut order = json!({"symbol": "BTC-USD", "side": "BUY", "type": "LIMIT", "amount": 1, "price": 9000});
        order[member] = value;
        let error = call(&*client, "placeOrder", "{}", &order.to_string()).await.unwrap_err();
        let (refusal, why, _) = last_refusal(&mock).unwrap();
        assert_eq!((code(&error).0, refusal), (400, Refusal::NotSimulated), "{order}");
        assert!(why.contains(&format!("does not simulate orders with `{member}`")), "{why}");
    }
    let both = json!({"symbol": "BTC-USD", "side": "BUY", "type": "LIMIT", "amount": 1, "price": 9000,
        "time_in_force": "IOC", "post_only": true});
    call(&*client, "placeOrder", "{}", &both.to_string()).await.unwrap_err();
    assert_eq!(last_refusal(&mock).unwrap().0, Refusal::BadParameter);
    assert!(mock.orders().is_empty());

    let mock = start("altmarket").await;
    let client = support::client(&mock);
    let stop = json!({"order": {"instrument": "btc_usdt", "type": "sell", "amount": 0.25, "price": 29405,
        "activationPrice": 29450.5, "isLimit": true, "isStop": true}});
    let error = call(&*client, "placeOrder", "{}", &stop.to_string()).await.unwrap_err();
    assert_eq!((code(&error), last_refusal(&mock).unwrap().0), ((500, "unexpected".to_owned()), Refusal::NotSimulated));
    assert_eq!(error.outcome(), venuekit::Outcome::Unknown);
    assert!(mock.orders().is_empty());
}

#[tokio::test]
async fn an_order_of_anboto_that_is_executed_in_slices_stays_open_and_does_not_trade() {
    let mock = start("anboto").await;
    let client = client(&mock);
    for strategy in ["TWAP", "VWAP", "ICEBERG", "STOP_LOSS", "LIMIT"] {
        let order = json!({"clientOrderId": strategy, "exchange": "BINANCE", "symbol": "BTC/USDT", "assetClass": "SPOT",
            "side": "BUY", "quantity": 1, "strategy": strategy, "limitPrice": 42250.5});
        got(&*client, "createOrder", json!({}), order).await;
        let shown = got(&*client, "getOrder", json!({"clientOrderId": strategy}), Value::Null).await;
        let expected = if strategy == "LIMIT" { ["FILLED", "1"] } else { ["ACCEPTED", "0"] };
        assert_eq!(texts(&shown, &["status", "filledQuantity"]), expected, "{strategy}");
    }
}
