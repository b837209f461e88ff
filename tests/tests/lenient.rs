//! Tests lenient calls of the generated clients, which drop the elements of lists that cannot be
//! read.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use venuekit::Decimal;
use venuekit_test_support::{Script, respond};
use venuekit_venues::{venuekit_altmarket, venuekit_anboto, venuekit_btse_spot, venuekit_excore, venuekit_jex_spot};

/// Returns a client whose calls get this response.
macro_rules! client {
    ($venue:ident, $body:expr) => {
        $venue::Client::builder()
            .base_url(&format!("https://venue.test{}", $venue::VENUE.base_path()))
            .transport(Script::new([respond(200, $body)]))
            .credentials($venue::Credentials::new("key", "0123456789abcdef0123456789abcdef").unwrap())
            .build()
            .unwrap()
    };
}

/// Asserts the pointers of the elements that were dropped.
macro_rules! assert_dropped {
    ($read:expr, $pointers:expr) => {
        let pointers: Vec<&str> = $read.errors().iter().map(|error| error.pointer()).collect();
        assert_eq!(pointers, $pointers, "{:?}", $read.errors());
    };
}

#[tokio::test]
async fn bad_records_of_a_page_and_bad_balances_are_dropped_at_excore() {
    let page = r#"{"error":null,"result":{"limit":10,"offset":0,"records":[{"name":"BTC","prec":8},{"name":"X","prec":1.5},
        {"name":"USDT","prec":2}]},"id":$id}"#;
    let read = client!(venuekit_excore, page).asset_list().offset(0).limit(10).send().lenient().await.unwrap();
    assert_dropped!(read, ["/records/1"]);
    assert_eq!(read.errors()[0].path(), Some("prec"));
    assert_eq!(read.errors()[0].json().get(), r#"{"name":"X","prec":1.5}"#);
    let names: Vec<String> = read.into_value().records.into_iter().map(|asset| asset.name).collect();
    assert_eq!(names, ["BTC", "USDT"]);

    let balances = r#"{"error":null,"result":{"BTC":{"available":"1","freeze":"x"},"USDT":{"available":"2","freeze":"0"}},
        "id":$id}"#;
    let read = client!(venuekit_excore, balances).balance_query().user_id(1).send().lenient().await.unwrap();
    assert_dropped!(read, ["/BTC"]);
    assert_eq!(read.value().keys().collect::<Vec<_>>(), ["USDT"]);
}

#[tokio::test]
async fn bad_levels_of_a_book_are_dropped_at_btse() {
    let book = r#"{"symbol":"BTC-USD","timestamp":1,"buyQuote":[{"price":"1","size":"2"},{"price":"a","size":"2"}],
        "sellQuote":[7]}"#;
    let call = client!(venuekit_btse_spot, book).get_order_book().symbol("BTC-USD").send();
    let read = call.lenient().await.unwrap();
    assert_dropped!(read, ["/buyQuote/1", "/sellQuote/0"]);
    assert_eq!((read.value().buy_quote.len(), read.value().sell_quote.len()), (1, 0));
}

#[tokio::test]
async fn bad_rows_and_bad_tickers_are_dropped_at_jex() {
    let klines = r#"[[1,"1","2","1","2","5",2,"5",3,"1","1"],[1,"1"],[2,"x","2","1","2","5",2,"5",3,"1","1"]]"#;
    let call = client!(venuekit_jex_spot, klines)
        .get_klines()
        .symbol("BTCUSDT")
        .interval(venuekit_jex_spot::types::KlineInterval::from("1m"))
        .send();
    let read = call.lenient().await.unwrap();
    assert_dropped!(read, ["/1", "/2"]);

    let tickers = r#"[{"symbol":"A","price":"1.50"},{"symbol":"B","price":[]}]"#;
    let read = client!(venuekit_jex_spot, tickers).get_price_ticker().send().lenient().await.unwrap();
    assert_dropped!(read, ["/1"]);
    assert_eq!(read.value().as_slice()[0].price, Decimal::new(150, 2));
}

#[tokio::test]
async fn bad_balances_at_altmarket_and_bad_orders_at_anboto_are_dropped() {
    let balances = r#"[{"asset":"btc","balance":1,"locked":0},{"asset":7,"balance":{},"locked":0}]"#;
    let read = client!(venuekit_altmarket, balances).get_balances().send().lenient().await.unwrap();
    assert_dropped!(read, ["/1"]);
    assert_eq!(read.value().len(), 1);

    let orders = r#"{"responses":[7,{"status":{}}]}"#;
    let read = client!(venuekit_anboto, orders).get_open_orders().send().lenient().await.unwrap();
    assert_dropped!(read, ["/responses/0", "/responses/1"]);
    // Without `lenient`, the whole call fails.
    assert!(client!(venuekit_anboto, orders).get_open_orders().send().await.unwrap_err().is_decode());
}

#[tokio::test]
async fn failed_elements_of_a_batch_come_with_the_response() {
    let batch = r#"{"responses":[{"orderId":7,"status":"PENDING_NEW","createdAt":null},
        {"status":"REJECTED","createdAt":null,"errorCode":"NETWORK_ERROR","message":"no"}]}"#;
    let client = client!(venuekit_anboto, batch);
    let orders = venuekit_anboto::types::CreateBatchOrdersRequest::builder().orders([]).all_or_none(false).build();
    let response = client.create_batch_orders().body(orders).send().with_response().await.unwrap();
    let [failed] = response.failed_elements() else { panic!("{response:?}") };
    assert_eq!((failed.index(), failed.pointer(), failed.code()), (1, "/responses/1", Some("NETWORK_ERROR")));
    assert_eq!((failed.outcome(), failed.message()), (venuekit::Outcome::Unknown, Some("no")));
}
