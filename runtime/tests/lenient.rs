//! Lenient calls, which drop bad elements of lists and maps.

#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use support::{Script, builder, client, respond};
use venuekit::codegen::{RequestBuilder, of_kind};
use venuekit::operation::{Idempotent, Method, Operation, Reads, Security};
use venuekit::wire::{As, DecimalNumber, DecimalString, Json, List, Map, OneOrMany, Same};
use venuekit::{Call, ErrorKind, Lenient};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Order {
    id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Option<DecimalString>>")]
    price: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "As::<Option<List<Same>>>")]
    trades: Option<Vec<Trade>>,
}
venuekit::impl_object!(Order);

#[derive(Clone, Debug, PartialEq)]
struct Trade {
    time: i64,
    amounts: Vec<Decimal>,
}
venuekit::impl_row!(Trade, required = 2, { time: Same, amounts: List<DecimalNumber> });

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
struct Page {
    total: i64,
    #[serde(with = "As::<List<Same>>")]
    records: Vec<Order>,
    #[serde(default, with = "As::<Map<Map<DecimalString>>>")]
    balances: BTreeMap<String, BTreeMap<String, Decimal>>,
    #[serde(default)]
    rest: Option<Json>,
}
venuekit::impl_object!(Page);

venuekit::either! {
    enum Levels {
        number => One(Decimal as DecimalNumber),
        array => Many(Vec<Decimal> as List<DecimalNumber>),
    }
}

static LIST: Operation = Operation::http("getOrders", Method::Get, "/orders").with_security(Security::Signed);
static RPC: Operation = Operation::rpc("orders", "orders").with_idempotent(Idempotent::Always);

fn call<T: DeserializeOwned>(operation: &'static Operation, body: impl AsRef<[u8]>) -> Call<T, Reads> {
    of_kind(RequestBuilder::new(&client(&Script::new([respond(200, body)])), operation).send::<T>())
}

async fn lenient<T: DeserializeOwned>(body: &str) -> Result<Lenient<T>, venuekit::Error> {
    call(&LIST, body).lenient().await
}

/// Returns the pointer, the path and the JSON of each error.
fn errors<T>(read: &Lenient<T>) -> Vec<(&str, Option<&str>, &str)> {
    read.errors().iter().map(|error| (error.pointer(), error.path(), error.json().get())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_innermost_bad_element_is_dropped_and_its_error_has_its_pointer_path_and_json() {
    let body = r#"{"total":3,"records":[
        {"id":1,"price":"x"},
        {"id":"2","trades":[[1,[1.5,"bad",2]],[2],[3,[{}]], 7 ]},
        null,
        {"id":3,"price":"1.50"},
        {"id":{},"trades":[[1,["bad"]],[2]]}
    ],"rest":[{"id":{}}]}"#;
    let read = lenient::<Page>(body).await.unwrap();
    assert_eq!(
        errors(&read),
        [
            ("/records/0", Some("price"), r#"{"id":1,"price":"x"}"#),
            ("/records/1/trades/0/1/1", None, r#""bad""#),
            ("/records/1/trades/1", None, "[2]"),
            ("/records/1/trades/2/1/0", None, "{}"),
            ("/records/1/trades/3", None, "7"),
            ("/records/2", None, "null"),
            ("/records/4", Some("id"), r#"{"id":{},"trades":[[1,["bad"]],[2]]}"#),
        ]
    );
    assert_eq!(read.errors()[0].message(), r#""x" is not a decimal: unexpected 'x' at byte 0"#);
    assert_eq!(
        read.errors()[0].to_string(),
        r#"/records/0 was dropped, at price: "x" is not a decimal: unexpected 'x' at byte 0"#
    );
    let page = read.value();
    assert_eq!(page.records.iter().map(|order| order.id).collect::<Vec<_>>(), [2, 3]);
    let trades = page.records[0].trades.as_ref().unwrap();
    assert_eq!(trades[0].amounts, [Decimal::new(15, 1), Decimal::from(2)]);
    assert_eq!((trades.len(), trades[1].time, trades[1].amounts.len()), (2, 3, 0));
    assert_eq!(page.rest.as_ref().unwrap().get(), r#"[{"id":{}}]"#);
    assert_eq!(read.response().status(), 200);
    assert_eq!(read.response().body(), body.as_bytes());
}

#[tokio::test(start_paused = true)]
async fn a_bad_entry_of_a_map_is_dropped_with_its_key() {
    let body = r#"{"total":0,"records":[],"balances":{"a/b":{"free":"1","used":[]},"c":"x","d":{"free":"2"},
        "d":7,"e":7,"e":{"free":"3"}}}"#;
    let read = lenient::<Page>(body).await.unwrap();
    let dropped: Vec<&str> = read.errors().iter().map(|error| error.pointer()).collect();
    assert_eq!(dropped, ["/balances/a~1b/used", "/balances/c", "/balances/d", "/balances/e"]);
    let keys: Vec<&str> = read.value().balances.keys().map(String::as_str).collect();
    // The last value of `d` is bad, so the map has no `d`.
    assert_eq!(keys, ["a/b", "e"]);
    assert_eq!(read.value().balances["a/b"].len(), 1);
}

#[tokio::test(start_paused = true)]
async fn bad_elements_are_dropped_from_lists_in_unions_and_from_bare_lists() {
    let read = lenient::<OneOrMany<Order>>(r#" [{"id":1},{"id":[]}]"#).await.unwrap();
    assert_eq!((read.value().len(), errors(&read)[0].0), (1, "/1"));
    assert!(lenient::<OneOrMany<Order>>(r#"{"id":[]}"#).await.is_err());

    let script = Script::new([respond(200, r#"[[1.10,"x"],[],2.50,{}]"#)]);
    let builder = RequestBuilder::new(&client(&script), &LIST);
    let call: Call<_, Reads> = of_kind(builder.send_as::<Vec<Levels>, List<Same>>());
    let read = call.lenient().await.unwrap();
    assert_eq!(errors(&read).iter().map(|error| error.0).collect::<Vec<_>>(), ["/0/1", "/3"]);
    let levels = [vec![Decimal::new(110, 2)], vec![]].map(Levels::Many);
    assert_eq!(read.value(), &[levels[0].clone(), levels[1].clone(), Levels::One(Decimal::new(250, 2))]);
}

#[tokio::test(start_paused = true)]
async fn pointers_stay_right_in_a_body_with_bytes_that_are_not_read_and_not_utf8() {
    let body = b"{\"other\":\"\xff\xfe\",\"total\":2,\"records\":[{\"id\":1},{\"id\":\"x\"}]}";
    let read = call::<Page>(&LIST, body).lenient().await.unwrap();
    assert_eq!(read.value().records.len(), 1);
    assert_eq!(errors(&read), [("/records/1", Some("id"), r#"{"id":"x"}"#)]);
}

#[tokio::test(start_paused = true)]
async fn a_fault_outside_of_a_list_is_an_error_as_in_a_strict_call() {
    for body in [
        r#"{"total":"x","records":[{"id":{}}]}"#,
        r#"{"total":1}"#,
        r#"{"total":1,"records":{}}"#,
        r#"{"total":1,"records":[{"id":{}}]"#,
        r#"{"total":1,"records":[{"id":{}]}"#,
        r#"{"total":1,"records":[{"id":{}}]} x"#,
        r#"{"total":1,"records":[{"id":{}},]}"#,
        r#"{"records":[{"id":{}}],"total":[]}"#,
        "[]",
        "",
    ] {
        let (strict, lenient) =
            (call::<Page>(&LIST, body).await.unwrap_err(), lenient::<Page>(body).await.unwrap_err());
        assert_eq!(lenient.kind(), ErrorKind::Decode, "{body}");
        assert_eq!(lenient.body().unwrap(), body.as_bytes());
        if !body.contains("{}") {
            assert_eq!(lenient.to_string(), strict.to_string());
        }
    }
    let error = lenient::<Page>(r#"{"records":[{"id":{}}],"total":[]}"#).await.unwrap_err();
    assert_eq!(error.json_path(), Some("total"));
}

#[tokio::test(start_paused = true)]
async fn a_list_without_bad_elements_is_read_as_in_a_strict_call() {
    let body = r#"{"total":1,"records":[{"id":"1","trades":[[1,[1.50]]]}],"balances":{"a":{"b":"1"}},"rest":{}}"#;
    let (strict, lenient) = (call::<Page>(&LIST, body).await.unwrap(), lenient::<Page>(body).await.unwrap());
    assert!(lenient.errors().is_empty());
    assert_eq!(lenient.into_value(), strict);
}

#[tokio::test(start_paused = true)]
async fn a_lenient_call_does_not_change_how_later_strict_calls_read() {
    let body = r#"{"total":1,"records":[{"id":1,"trades":[[1,[{}]]]}]}"#;
    assert_eq!(lenient::<Page>(body).await.unwrap().errors().len(), 1);
    let error = call::<Page>(&LIST, body).await.unwrap_err();
    assert_eq!(error.json_path(), Some("records[0].trades[0][1][0]"));
    assert!(lenient::<Page>(r#"{"total":{},"records":[7]}"#).await.is_err());
    assert!(call::<Page>(&LIST, body).await.is_err());
}

/// A type that panics when it is read, as a type of a program may do.
#[derive(Debug)]
struct Panicking;

impl<'de> Deserialize<'de> for Panicking {
    #[allow(clippy::panic, reason = "this is what is tested")]
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("on purpose")
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_panic_in_a_lenient_call_other_calls_are_strict() {
    let builder = RequestBuilder::new(&client(&Script::new([respond(200, "[7]")])), &LIST);
    let call: Call<_, Reads> = of_kind(builder.send_as::<Vec<Panicking>, List<Same>>());
    // The task runs on this thread.
    assert!(tokio::spawn(call.lenient()).await.unwrap_err().is_panic());
    assert!(self::call::<Page>(&LIST, r#"{"total":1,"records":[7]}"#).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn pointers_of_json_rpc_lead_into_the_result() {
    let body = r#"{"error":null,"result":{"total":1,"records":[{"id":1},7]},"id":$id}"#;
    let read = call::<Page>(&RPC, body).lenient().await.unwrap();
    assert_eq!(errors(&read), [("/records/1", None, "7")]);
}

#[tokio::test(start_paused = true)]
async fn no_text_of_an_error_shows_a_secret() {
    const KEY: &str = "key-0123456789";
    let script = Script::new([respond(
        200,
        format!(r#"{{"total":1,"records":[{{"id":"{KEY}"}}],"balances":{{"{KEY}":{{"{KEY}":"{KEY}"}},"{KEY}x":7}}}}"#),
    )]);
    let client = builder(&script).signer(support::TestSigner::of(KEY, "secret")).build().unwrap();
    let call: Call<Page, Reads> = of_kind(RequestBuilder::new(&client, &LIST).send());
    let read = call.lenient().await.unwrap();
    assert_eq!(read.errors().len(), 3);
    for error in read.errors() {
        let texts = format!("{error} {error:?} {} {:?} {}", error.pointer(), error.path(), error.message());
        assert!(!texts.contains("0123456789"), "{texts}");
        assert!(texts.contains("***"), "{texts}");
    }
    assert_eq!(read.errors()[0].json().get(), format!(r#"{{"id":"{KEY}"}}"#));
}

/// Each list is read by its own reader, so a reader's depth limit does not apply to all lists
/// together.
#[tokio::test(start_paused = true)]
async fn lists_nested_too_deeply_are_dropped_as_one_bad_element() {
    #[derive(Debug, Serialize, Deserialize)]
    #[serde(remote = "Self")]
    struct Node {
        #[serde(default, with = "As::<List<Same>>")]
        nodes: Vec<Node>,
    }
    venuekit::impl_object!(Node);
    let nested = |depth: usize| format!("{}{}", r#"{"nodes":["#.repeat(depth), "]}".repeat(depth));
    assert!(lenient::<Node>(&nested(50)).await.unwrap().errors().is_empty());
    let read = lenient::<Node>(&nested(20_000)).await.unwrap();
    assert_eq!(read.errors().len(), 1);
    assert_eq!(read.errors()[0].message(), "too many lists are inside each other");
    // The path to a fault in the innermost list is searched once per level. If each level doubled
    // the work, this would not end.
    let bad = format!("{}7{}", r#"{"nodes":["#.repeat(40), r#"],"nodes":7}"#.repeat(40));
    assert!(lenient::<Node>(&bad).await.is_err());
}

/// If the time grew faster than the length of the response, this test would take too long.
#[tokio::test(start_paused = true)]
async fn any_number_of_elements_can_be_bad() {
    for bad in [1, 100_000] {
        let elements = (0..100_000).map(|index| if index < bad { r#"{"id":{}}"# } else { r#"{"id":1}"# });
        let body = format!(r#"{{"total":1,"records":[{}]}}"#, elements.collect::<Vec<_>>().join(","));
        let read = lenient::<Page>(&body).await.unwrap();
        assert_eq!((read.value().records.len(), read.errors().len()), (100_000 - bad, bad));
        assert_eq!(read.errors()[bad - 1].pointer(), format!("/records/{}", bad - 1));
    }
}
