//! Tests the arguments of setters: a value, an option, or a type that converts to the value.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use venuekit::time::UnixMillis;
use venuekit::wire::Maybe;
use venuekit_test_support::{Script, respond};
use venuekit_venues::venuekit_altmarket::types::{NewOrder, OrderDirection, OrderStatus};
use venuekit_venues::venuekit_anboto::types::CancelOrderRequest;
use venuekit_venues::venuekit_btse_spot::operations::GetOrderBook;
use venuekit_venues::venuekit_btse_spot::types::OrderRequest;
use venuekit_venues::venuekit_jex_spot::dec;
use venuekit_venues::venuekit_jex_spot::types::{DepthLimit, KlineInterval, OrderId};
use venuekit_venues::{venuekit_altmarket, venuekit_anboto, venuekit_btse_spot, venuekit_excore, venuekit_jex_spot};

#[tokio::test]
async fn an_optional_parameter_takes_a_value_an_option_or_a_form_that_converts() {
    let venue = Script::new([respond(200, r#"{"lastUpdateId":1,"bids":[],"asks":[]}"#)]);
    let client = venuekit_jex_spot::Client::builder().transport(venue.clone()).build().unwrap();
    let depth = || client.get_depth().symbol("A");
    let limit_if_any = Some(DepthLimit::Top20);
    for call in [
        depth().limit(5),
        depth().limit(DepthLimit::Top10),
        depth().limit(limit_if_any.clone()),
        depth().limit(&DepthLimit::Top50),
        depth().limit(None),
        depth(),
    ] {
        call.send().await.unwrap();
    }
    let queries: Vec<String> = venue.sent().iter().map(|sent| sent.url.query().unwrap().to_owned()).collect();
    assert_eq!(
        queries,
        ["symbol=A&limit=5", "symbol=A&limit=10", "symbol=A&limit=20", "symbol=A&limit=50", "symbol=A", "symbol=A"]
    );
}

#[tokio::test]
async fn a_time_is_given_as_a_number_or_as_a_time() {
    let venue = Script::new([respond(200, "[]")]);
    let client = venuekit_jex_spot::Client::builder().transport(venue.clone()).build().unwrap();
    let klines = || client.get_klines().symbol("A").interval(KlineInterval::OneMinute);
    let time = UnixMillis::from_millis(1_700_000_000_000);
    for call in [
        klines().start_time(1_700_000_000_000),
        klines().start_time(&time),
        klines().start_time(UnixMillis::try_from(time.to_system_time().unwrap()).unwrap()),
        klines().start_time(Some(time)),
        klines().start_time(None),
    ] {
        call.send().await.unwrap();
    }
    let queries: Vec<String> = venue.sent().iter().map(|sent| sent.url.query().unwrap().to_owned()).collect();
    let query = "symbol=A&interval=1m";
    let with_time = format!("{query}&startTime=1700000000000");
    assert_eq!(queries, [&*with_time, &*with_time, &*with_time, &*with_time, query]);
}

#[test]
fn text_is_given_borrowed_or_owned() {
    let client = venuekit_btse_spot::Client::builder().build().unwrap();
    let symbol = "BTC-USD".to_owned();
    let orders = || client.get_pending_orders();
    let _ = [
        orders().symbol("BTC-USD"),
        orders().symbol(&symbol),
        orders().symbol(Some(symbol.clone())),
        orders().symbol(symbol),
        orders().symbol(None),
    ];
}

#[test]
fn an_optional_property_takes_a_value_an_option_or_a_form_that_converts() {
    let order = || NewOrder::builder().instrument("btc_usdt").type_(OrderDirection::Buy).amount(1).is_limit(true);
    let price = Some(dec!(0.10));
    assert_eq!(order().price(dec!(0.10)).build(), order().price(price).is_stop(None).build());
    assert_eq!(order().price(price).build().price.unwrap().to_string(), "0.10");
    assert_eq!(order().price(3).build().price, Some(dec!(3)));
    assert_eq!(order().price(None).build().price, None);

    let order = OrderRequest::builder().symbol("BTC-USD").side("buy").type_("limit");
    let tag = String::from("mine");
    let tagged = order.clone().tag(&tag).build();
    assert_eq!(tagged.tag.as_deref(), Some("mine"));
    assert_eq!(tagged, order.clone().tag(tag.as_str()).build());
    assert_eq!(tagged, order.clone().tag(Some(tag.clone())).build());
    assert_eq!(tagged, order.clone().tag(tag).build());
    assert_eq!(order.clone().tag(None).build(), order.build());
}

#[test]
fn a_property_that_can_be_null_takes_a_value_an_option_or_maybe() {
    let cancel = CancelOrderRequest::builder;
    let json = |request: &CancelOrderRequest| serde_json::to_string(request).unwrap();
    assert_eq!(json(&cancel().order_id(7).build()), r#"{"orderId":7}"#);
    assert_eq!(json(&cancel().order_id(Some(7)).client_order_id(None).build()), r#"{"orderId":7}"#);
    assert_eq!(
        json(&cancel().order_id(Maybe::Null).client_order_id("a").build()),
        r#"{"orderId":null,"clientOrderId":"a"}"#
    );
    assert_eq!(json(&cancel().order_id(Maybe::Absent).build()), "{}");
}

#[test]
fn an_id_is_an_integer_or_text() {
    assert_eq!(OrderId::from(28), OrderId::from("28"));
    let client = venuekit_jex_spot::Client::builder().build().unwrap();
    let orders = || client.get_order_history().symbol("A");
    let _ = [
        orders().after_order_id(28),
        orders().after_order_id("28"),
        orders().after_order_id(OrderId::from(28)),
        orders().after_order_id(Some(OrderId::from(28))),
        orders().after_order_id(None),
    ];
}

#[tokio::test]
async fn an_id_of_a_response_goes_into_a_path_a_query_and_a_list_by_value_and_by_reference() {
    let order = r#"{"order":{"orderId":"-72057594037927935","createdAt":"2022-05-10T20:27:34Z","unitsFilled":0,"status":"working","type":"sell","amount":1,"instrument":"btc_usdt","side":1}}"#;
    let venue = Script::new([respond(200, order)]);
    let client = venuekit_altmarket::Client::builder()
        .transport(venue.clone())
        .credentials(venuekit_altmarket::Credentials::new("key", "secret").unwrap())
        .build()
        .unwrap();
    let id: venuekit_altmarket::types::OrderId = "-72057594037927935".into();
    let cancelled = client.cancel_order().order_id(&id).send().await.unwrap().order;
    assert_eq!((&cancelled.order_id, cancelled.status.clone()), (&id, OrderStatus::Working));
    assert_eq!(cancelled.order_id, -72_057_594_037_927_935_i64);
    client.cancel_order().order_id(cancelled.order_id).send().await.unwrap();
    client.cancel_order().order_id(-72_057_594_037_927_935_i64).send().await.unwrap();
    let paths: Vec<String> = venue.sent().iter().map(|sent| sent.url.path().to_owned()).collect();
    assert_eq!(paths, ["/api/orders/-72057594037927935"; 3]);

    let client = venuekit_anboto::Client::builder().build().unwrap();
    let (id, text) = (venuekit_anboto::types::OrderId::from(912_345), "912346".to_owned());
    let orders = || client.get_order();
    let _ = [
        orders().order_id(&id),
        orders().order_id(Some(id.clone())),
        orders().order_id(912_345_i64),
        orders().order_id(&text),
        orders().order_id("912345"),
        orders().order_id(text.clone()),
    ];
    let lists = || client.get_orders();
    let _ = [
        lists().order_ids([912_345, 912_346]),
        lists().order_ids(["912345"]),
        lists().order_ids([id.clone(), text.into()]),
        lists().order_ids(vec![id.clone()]),
        lists().order_ids(&[id][..]),
    ];
}

#[test]
fn a_list_is_given_as_an_array_a_slice_or_a_vector() {
    let client = venuekit_excore::Client::builder().base_url("https://venue.test/v3sign/").build().unwrap();
    let assets = vec!["BTC".to_owned(), "USDT".to_owned()];
    let _ = [
        client.asset_summary().asset_list(["BTC", "USDT"]),
        client.asset_summary().asset_list(&assets[..1]),
        client.asset_summary().asset_list(&assets),
        client.asset_summary().asset_list(Some(assets.clone())),
        client.asset_summary().asset_list(assets),
        client.asset_summary().asset_list(None),
    ];
}

/// The type of a complete operation is written without type parameters, so a struct can hold it.
struct Watch {
    book: GetOrderBook,
}

#[tokio::test]
async fn a_complete_operation_can_be_held_cloned_and_sent_again() {
    let venue = Script::new([respond(200, r#"{"symbol":"BTC-USD","timestamp":1,"buyQuote":[],"sellQuote":[]}"#)]);
    let client = venuekit_btse_spot::Client::builder().transport(venue.clone()).build().unwrap();
    // The setters may be called in any order, and optional values may be left out.
    let watch = Watch { book: client.get_order_book().limit_asks(Some(5)).symbol("BTC-USD").group(None) };
    watch.book.clone().send().await.unwrap();
    watch.book.limit_bids(1).send().await.unwrap();
    let queries: Vec<_> = venue.sent().into_iter().map(|sent| sent.url.query().unwrap().to_owned()).collect();
    assert_eq!(queries, ["limit_asks=5", "limit_asks=5&limit_bids=1"]);
}
