//! Tests that the generated clients check values against the bounds in the specs.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use venuekit::meta::{Arguments, VenueMeta};
use venuekit::wire::Json;
use venuekit::{ClientBuilder, Outcome};
use venuekit_test_support::{Script, respond};
use venuekit_tests::examples::{ExampleCall, Values, base_url, is_over_socket, operations, unsigned};
use venuekit_venues::{VENUES, venuekit_excore as excore, venuekit_jex_spot as jex};

fn over(script: &Script, venue: &VenueMeta) -> impl FnOnce(ClientBuilder) -> ClientBuilder {
    let (script, url) = (script.clone(), base_url(venue, "http://127.0.0.1:1"));
    move |builder| builder.base_url(url).transport(script).check_bounds(true)
}

#[tokio::test]
async fn the_examples_of_every_request_are_within_the_bounds_of_its_spec() {
    for (venue, operation) in operations(VENUES) {
        let script = Script::new([respond(200, "null")]);
        let client = (venue.connect)(over(&script, venue)(unsigned(venue)).build().unwrap());
        let call = ExampleCall::of(operation, Values::All);
        let result = client.call(operation.operation.id(), call.arguments()).unwrap().await;
        let context = format!("{} {}: {result:?}", venue.venue.name(), operation.operation.id());
        assert_eq!(script.sent().len(), 1, "{context}");
    }
}

#[tokio::test]
async fn a_text_is_checked_by_its_length_in_bytes_if_the_spec_counts_bytes() {
    let script = Script::new([respond(200, "null")]);
    let client = excore::Client::builder()
        .apply(over(&script, &excore::meta::META))
        .signer(venuekit_tests::examples::AddsNothing);
    let client = client.build().unwrap();
    let order = |source: &str| {
        let order = client.order_put_limit().user(1).market("BTCBCH").side(excore::types::Side::Buy);
        let order = order.amount(1).price(8000).taker_fee(0).maker_fee(0);
        order.source(source).send()
    };
    // 16 characters, 32 bytes.
    let error = order(&"é".repeat(16)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("with 32 bytes (expected at most 30 bytes)"), "{error}");
    assert!(script.sent().is_empty());
    let _ = order(&"é".repeat(15)).await;
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_typed_call_and_a_call_by_name_are_checked_alike() {
    let script = Script::new([]);
    let client = jex::Client::builder().apply(over(&script, &jex::meta::META)).build().unwrap();
    let error = client.get_recent_trades().symbol("JEXBTC").limit(61).send().await.unwrap_err();
    assert!(error.to_string().contains("`limit` is 61 (expected at most 60)"), "{error}");
    let client =
        (jex::meta::META.connect)(over(&script, &jex::meta::META)(unsigned(&jex::meta::META)).build().unwrap());
    let json = |text: &str| Json::parse(text).unwrap();
    let arguments = Arguments::new().set("symbol", json("\"JEXBTC\"")).set("limit", json("61"));
    let error = client.call("getRecentTrades", arguments).unwrap().await.unwrap_err();
    assert!(error.to_string().contains("`limit` is 61 (expected at most 60)"), "{error}");
    assert!(script.sent().is_empty());
}

#[test]
fn each_operation_with_cancel_in_its_id_counts_as_a_cancel() {
    for venue in VENUES {
        let ids = venue.operations.iter().map(|meta| meta.operation);
        let named: Vec<_> = ids.filter(|operation| operation.id().to_lowercase().contains("cancel")).collect();
        assert!(
            !named.is_empty() || is_over_socket(venue),
            "{} has no operation with `cancel` in its id",
            venue.venue.name()
        );
        for operation in named {
            assert!(operation.cancels(), "{} {}", venue.venue.name(), operation.id());
        }
    }
}

#[test]
fn no_operation_that_only_reads_or_places_counts_as_a_cancel() {
    for (venue, operation) in operations(VENUES) {
        let operation = operation.operation;
        let is_delete = operation.route().http().is_some_and(|(method, _)| method.as_str() == "DELETE");
        let is_named = operation.id().to_lowercase().contains("cancel");
        assert_eq!(operation.cancels(), is_delete || is_named, "{} {}", venue.venue.name(), operation.id());
    }
}
