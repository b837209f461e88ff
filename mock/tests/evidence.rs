//! Tests that the mock responds as the evidence in the specs says, even where a client would not
//! expect it. Each test repeats a statement of a spec.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use serde_json::Value;
use support::{call, call_example, client, start, start_as};
use venuekit::{Error, Outcome};
use venuekit_mock::{Fault, MockVenue};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Returns the status, the body and the outcome of a failed call.
fn response(error: &Error) -> (u16, Value, Outcome) {
    let body = error.body().and_then(|body| serde_json::from_slice(body).ok()).unwrap_or_default();
    (error.status().unwrap().as_u16(), body, error.outcome())
}

async fn failing(venue: &str, fault: &str) -> MockVenue {
    start_as(MockVenue::builder(venue).faults([fault.parse::<Fault>().unwrap()])).await
}

#[tokio::test]
async fn btse_responds_to_an_unknown_order_with_429_and_code_minus_1() {
    let mock = start("btse-spot").await;
    let cancel = r#"{"symbol":"BTC-USD","order_id":"there-is-none"}"#;
    let error = call(&*client(&mock), "cancelOrder", "{}", cancel).await.unwrap_err();
    let (status, body, outcome) = response(&error);
    assert_eq!((status, &body["code"], &body["success"]), (429, &json("-1"), &json("false")));
    assert_eq!((outcome, error.retry_after()), (Outcome::Refused, None));
}

#[tokio::test]
async fn a_cancel_at_btse_fails_with_status_200_and_may_leave_the_outcome_open() {
    let mock = failing("btse-spot", "rejected").await;
    let (status, body, outcome) = response(&call_example(&*client(&mock), "cancelOrder").await.unwrap_err());
    assert_eq!((status, &body[0]["success"]), (200, &json("false")));
    assert_eq!(outcome, Outcome::Refused);

    let mock = failing("btse-spot", "unsure").await;
    let (status, body, outcome) = response(&call_example(&*client(&mock), "cancelOrder").await.unwrap_err());
    assert_eq!((status, &body[0]["code"], outcome), (200, &json("4"), Outcome::Unknown));
    let (status, _, outcome) = response(&call_example(&*client(&mock), "placeOrder").await.unwrap_err());
    assert_eq!((status, outcome), (408, Outcome::Unknown));
    assert_eq!(mock.orders().len(), 1);
}

#[tokio::test]
async fn pending_orders_of_btse_have_numbers_for_side_and_type() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    for (side, number) in [("BUY", 66), ("SELL", 83)] {
        mock.reset();
        let order = format!(r#"{{"symbol":"LTC-BTC","side":"{side}","type":"LIMIT","amount":1,"price":0.001}}"#);
        call(&*client, "placeOrder", "{}", &order).await.unwrap();
        let pending = json(&call(&*client, "getPendingOrders", "{}", "").await.unwrap());
        assert_eq!((&pending[0]["side"], &pending[0]["type"]), (&number.into(), &76.into()), "{pending}");
    }
}

#[tokio::test]
async fn trades_and_fills_of_btse_have_their_side_in_lower_case() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let trades = json(&call_example(&*client, "getTrades").await.unwrap());
    assert_eq!((&trades[0]["type"], &trades[1]["type"]), (&json(r#""buy""#), &json(r#""sell""#)));
    for (side, expected) in [("BUY", r#""buy""#), ("sell", r#""sell""#)] {
        mock.reset();
        let order = format!(r#"{{"symbol":"BTC-USD","side":"{side}","type":"MARKET","amount":0.5}}"#);
        call(&*client, "placeOrder", "{}", &order).await.unwrap();
        let fills = json(&call(&*client, "getFills", "{}", r#"{"symbol":"BTC-USD"}"#).await.unwrap());
        assert_eq!(fills[0]["side"], json(expected), "{fills}");
    }
}

#[tokio::test]
async fn public_requests_at_btse_are_counted_per_address_and_not_against_the_limit_of_a_key() {
    let mock = start("btse-spot").await;
    let client = client(&mock);
    let mut outcomes = Vec::new();
    for operation in ["getTicker", "getAccount"] {
        let mut passed = 0;
        for _ in 0..16 {
            passed += u32::from(call_example(&*client, operation).await.is_ok());
        }
        outcomes.push(passed);
    }
    assert_eq!(outcomes, [15, 15]);
}

#[tokio::test]
async fn an_order_that_is_not_there_is_null_at_excore_and_code_23_for_its_cancel() {
    let mock = start("excore").await;
    let client = client(&mock);
    for (operation, parameters) in [
        ("order.pending_detail", r#"{"market":"BTCBCH","order_id":1}"#),
        ("order.finished_detail", r#"{"order_id":1}"#),
    ] {
        assert_eq!(call(&*client, operation, parameters, "").await.unwrap(), "null", "{operation}");
    }
    let cancel = r#"{"user_id":1,"market":"BTCBCH","order_id":1}"#;
    let (status, body, outcome) = response(&call(&*client, "order.cancel", cancel, "").await.unwrap_err());
    assert_eq!((status, &body["error"]["code"], &body["result"]), (200, &json("23"), &Value::Null));
    assert_eq!(outcome, Outcome::Refused);
}

#[tokio::test]
async fn excore_lists_traded_orders_only_and_the_newest_first() {
    let mock = start("excore").await;
    let client = client(&mock);
    let limit = r#"{"user":1,"market":"BTCBCH","side":1,"amount":"2","price":"9.5","taker_fee":"0","maker_fee":"0","source":"x"}"#;
    let market = r#"{"user_id":1,"market":"BTCBCH","side":1,"amount":"2","taker_fee_rate":"0","source":"x"}"#;
    let id = |order: &str| json(order)["id"].clone();
    let cancelled = id(&call(&*client, "order.put_limit", limit, "").await.unwrap());
    let cancel = format!(r#"{{"user_id":1,"market":"BTCBCH","order_id":{cancelled}}}"#);
    call(&*client, "order.cancel", &cancel, "").await.unwrap();
    let mut traded = Vec::new();
    let mut pending = Vec::new();
    for _ in 0..2 {
        traded.push(id(&call(&*client, "order.put_market", market, "").await.unwrap()));
        pending.push(id(&call(&*client, "order.put_limit", limit, "").await.unwrap()));
    }
    let listed = |json: Value| -> Vec<Value> {
        json["records"].as_array().unwrap().iter().map(|order| order["id"].clone()).collect()
    };
    let page = r#"{"user_id":1,"market":"BTCBCH","start_time":0,"end_time":0,"offset":0,"limit":10,"side":0}"#;
    let finished = listed(json(&call(&*client, "order.finished", page, "").await.unwrap()));
    assert_eq!(finished, [traded[1].clone(), traded[0].clone()]);
    let page = r#"{"user_id":1,"market":"BTCBCH","offset":0,"limit":10}"#;
    let open = listed(json(&call(&*client, "order.pending", page, "").await.unwrap()));
    assert_eq!(open, [pending[1].clone(), pending[0].clone()]);
    let detail = format!(r#"{{"order_id":{cancelled}}}"#);
    assert_eq!(call(&*client, "order.finished_detail", &detail, "").await.unwrap(), "null");
}

/// The amount of a market order to buy is money. A program that takes the amount for stock must
/// find its fault with the mock.
#[tokio::test]
async fn the_amount_of_a_market_order_to_buy_is_money_at_excore() {
    let mock = start("excore").await;
    let client = client(&mock);
    let members = ["amount", "left", "deal_stock", "deal_money", "deal_fee"];
    for (side, amount, expected) in [
        (1, "10", ["10", "0", "10", "11.7433988", "0.0234867976"]),
        (1, "3", ["3", "0", "3", "3.52301964", "0.00704603928"]),
        // The asks are 1.151 at 1.5158, and 1.218 at 1.53. The second order takes both.
        (2, "0.7579", ["0.7579", "0", "0.5", "0.7579", "0.001"]),
        (2, "1", ["1", "0.0000000031", "0.65963673", "0.9999999969", "0.00131927346"]),
    ] {
        let order = format!(
            r#"{{"user_id":1,"market":"BTCBCH","side":{side},"amount":"{amount}","taker_fee_rate":"0.002","source":"x"}}"#
        );
        let placed = json(&call(&*client, "order.put_market", &order, "").await.unwrap());
        assert_eq!(members.map(|name| placed[name].as_str().unwrap()), expected, "{placed}");
        let detail = format!(r#"{{"order_id":{}}}"#, placed["id"]);
        let finished = json(&call(&*client, "order.finished_detail", &detail, "").await.unwrap());
        for name in ["amount", "deal_stock", "deal_money", "deal_fee"] {
            assert_eq!(finished[name], placed[name], "{name}: {finished}");
        }
    }
    // A limit order below the asks stays open, so nothing of it is traded.
    let limit = r#"{"user":1,"market":"BTCBCH","side":2,"amount":"2","price":"1.3","taker_fee":"0.002","maker_fee":"0","source":"x"}"#;
    let placed = json(&call(&*client, "order.put_limit", limit, "").await.unwrap());
    assert_eq!(members.map(|name| placed[name].as_str().unwrap()), ["2", "2", "0", "0", "0"], "{placed}");
}

#[tokio::test]
async fn a_core_of_excore_that_does_not_respond_in_time_is_code_5_with_504() {
    let mock = failing("excore", "unsure").await;
    let (status, body, outcome) = response(&call_example(&*client(&mock), "order.put_limit").await.unwrap_err());
    assert_eq!((status, &body["error"]["code"], outcome), (504, &json("5"), Outcome::Unknown));
}

#[tokio::test]
async fn jex_tells_an_order_that_is_done_from_one_that_never_was() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let order = r#"{"symbol":"JEXBTC","side":"SELL","type":"LIMIT","quantity":12.5,"price":0.00002}"#;
    let id = json(&call(&*client, "placeOrder", order, "").await.unwrap())["orderId"].clone();
    let named = |id: &str| format!(r#"{{"symbol":"JEXBTC","orderId":{id}}}"#);
    call(&*client, "cancelOrder", &named(&id.to_string()), "").await.unwrap();
    for (operation, id, code, message) in [
        ("cancelOrder", id.to_string(), -2011, "Unknown order sent."),
        ("cancelOrder", "999999".to_owned(), -2012, "Order does not exist."),
        ("getOrder", "999999".to_owned(), -2013, "Order does not exist."),
    ] {
        let (status, body, _) = response(&call(&*client, operation, &named(&id), "").await.unwrap_err());
        assert_eq!((status, body), (400, serde_json::json!({"code": code, "msg": message})), "{operation}");
    }
}

#[tokio::test]
async fn jex_finds_no_order_in_another_symbol_and_lists_at_most_the_limit_after_an_id() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let mut ids = Vec::new();
    for symbol in ["JEXBTC", "JEXBTC", "JEXBTC", "LTCBTC"] {
        let order = format!(r#"{{"symbol":"{symbol}","side":"BUY","type":"LIMIT","quantity":1,"price":0.00001}}"#);
        ids.push(json(&call(&*client, "placeOrder", &order, "").await.unwrap())["orderId"].clone());
    }
    let other = format!(r#"{{"symbol":"JEXBTC","orderId":{}}}"#, ids[3]);
    for (operation, code) in [("getOrder", -2013), ("cancelOrder", -2011)] {
        let (_, body, _) = response(&call(&*client, operation, &other, "").await.unwrap_err());
        assert_eq!(body["code"], code, "{operation}");
    }
    let open = async |more: &str| -> Vec<String> {
        let orders =
            json(&call(&*client, "getOpenOrders", &format!(r#"{{"symbol":"JEXBTC"{more}}}"#), "").await.unwrap());
        orders.as_array().unwrap().iter().map(|order| order["orderId"].as_str().unwrap().to_owned()).collect()
    };
    let listed = |range: std::ops::Range<usize>| ids[range].iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(open("").await, listed(0..3));
    assert_eq!(open(r#","limit":2"#).await, listed(0..2));
    assert_eq!(open(&format!(r#","orderId":{}"#, ids[0])).await, listed(1..3));
    // An open order is not in the history.
    assert_eq!(call(&*client, "getOrderHistory", r#"{"symbol":"JEXBTC"}"#, "").await.unwrap(), "[]");
}

#[tokio::test]
async fn a_page_after_the_last_order_of_altmarket_is_empty() {
    let mock = start("altmarket").await;
    let client = client(&mock);
    let order = r#"{"order":{"instrument":"btc_usdt","type":"sell","amount":0.001,"isLimit":false}}"#;
    for _ in 0..3 {
        call(&*client, "placeOrder", "{}", order).await.unwrap();
    }
    for (page, on_it) in [(1, 2), (2, 1), (3, 0)] {
        let page = format!(r#"{{"Page":{page},"PerPage":2}}"#);
        let found = json(&call(&*client, "getOrderHistory", &page, "").await.unwrap());
        assert_eq!(found["data"].as_array().unwrap().len(), on_it, "{page}");
        assert_eq!((&found["paging"]["per_page"], &found["paging"]["total"]), (&2.into(), &3.into()), "{page}");
    }
    let all = json(&call(&*client, "getOrderHistory", "{}", "").await.unwrap());
    assert_eq!((&all["paging"]["page"], &all["paging"]["per_page"]), (&1.into(), &15.into()));
}

#[tokio::test]
async fn an_order_id_of_jex_is_a_number_when_placed_and_text_when_read() {
    let mock = start("jex-spot").await;
    let client = client(&mock);
    let order = r#"{"symbol":"JEXBTC","side":"SELL","type":"LIMIT","quantity":12.5,"price":0.00002}"#;
    let placed = json(&call(&*client, "placeOrder", order, "").await.unwrap());
    assert!(placed["orderId"].is_number(), "{placed}");
    let named = format!(r#"{{"symbol":"JEXBTC","orderId":{}}}"#, placed["orderId"]);
    let read = json(&call(&*client, "getOrder", &named, "").await.unwrap());
    assert_eq!(read["orderId"].as_str().unwrap(), placed["orderId"].to_string());
    let cancelled = json(&call(&*client, "cancelOrder", &named, "").await.unwrap());
    assert_eq!(cancelled["orderId"], placed["orderId"]);
}

#[tokio::test]
async fn an_order_of_anboto_is_refused_with_201_and_may_have_no_code() {
    let mock = failing("anboto", "rejected").await;
    let (status, body, outcome) = response(&call_example(&*client(&mock), "createOrder").await.unwrap_err());
    assert_eq!((status, &body["status"], &body["errorCode"]), (201, &json("\"REJECTED\""), &Value::Null));
    assert_eq!(outcome, Outcome::Refused);
    let (status, body, outcome) = response(&call_example(&*client(&mock), "createBatchOrders").await.unwrap_err());
    // The example has two orders, and there is a summary for each of them.
    for (index, id) in ["rebalance-7", "rebalance-9"].into_iter().enumerate() {
        let summary = &body["responses"][index];
        assert_eq!((status, &summary["status"]), (201, &json("\"REJECTED\"")));
        assert_eq!(summary["clientOrderId"], id);
    }
    assert_eq!(outcome, Outcome::Refused);
    assert!(mock.orders().is_empty());
}

#[tokio::test]
async fn a_refused_cancel_of_anboto_has_the_status_cancel_rejected() {
    let mock = failing("anboto", "rejected").await;
    let (status, body, outcome) = response(&call_example(&*client(&mock), "cancelOrder").await.unwrap_err());
    assert_eq!((status, &body["status"], outcome), (200, &"CANCEL_REJECTED".into(), Outcome::Refused));
}

#[tokio::test]
async fn a_pending_status_beside_a_code_of_anboto_leaves_the_outcome_open() {
    let mock = failing("anboto", "unsure").await;
    for (operation, status, order) in [
        ("createOrder", 201, "PENDING_NEW"),
        ("cancelOrder", 200, "PENDING_CANCEL"),
        ("cancelMany", 200, "PENDING_CANCEL"),
    ] {
        let (found, body, outcome) = response(&call_example(&*client(&mock), operation).await.unwrap_err());
        assert_eq!((found, &body["status"], &body["errorCode"]), (status, &order.into(), &"NETWORK_ERROR".into()));
        assert_eq!(outcome, Outcome::Unknown, "{operation}");
        mock.reset();
    }
}

#[tokio::test]
async fn altmarket_writes_the_status_of_a_cancelled_order_in_lower_case_and_its_id_as_text() {
    let mock = start("altmarket").await;
    let client = client(&mock);
    let order = r#"{"order":{"instrument":"btc_usdt","type":"buy","amount":0.001,"price":1000,"isLimit":true}}"#;
    let placed = json(&call(&*client, "placeOrder", "{}", order).await.unwrap());
    let id = placed["order"]["orderId"].as_str().unwrap();
    let gone = json(&call(&*client, "cancelOrder", &format!(r#"{{"orderId":{id}}}"#), "").await.unwrap());
    // The client reads `cancelled` as the documented `Cancelled`.
    assert_eq!((&gone["order"]["status"], &gone["order"]["orderId"]), (&"Cancelled".into(), &id.into()));
    let error = call(&*client, "cancelOrder", &format!(r#"{{"orderId":{id}}}"#), "").await.unwrap_err();
    let (status, body, outcome) = response(&error);
    assert_eq!((status, outcome), (400, Outcome::Refused));
    assert!(body["errors"][0]["code"].is_string(), "{body}");
}
